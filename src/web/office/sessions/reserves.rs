//! Places of a session that are kept for groups: for whom, until when, and how many are left.

use askama::Template;
use chrono::{NaiveDate, NaiveTime};
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::reserve_places::{ReserveError, release_places, reserve_places},
    domain::{
        alliance::Alliance,
        id::{ReserveId, SessionCode},
        institution::{Institution, InstitutionKind},
        occupancy::MOST_PLACES,
        reserve::Reserve,
        session::Session,
        sitting::instant,
        wording,
    },
    store::{catalogue, institutions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, PlanSessions, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, change]
}

type Who = Granted<PlanSessions>;

form_fields! {
    enum Field {
        Whom = "whom",
        Places = "places",
        Date = "date",
        Time = "time",
    }
}

#[derive(Template)]
#[template(path = "office/sessions/reserves.html")]
struct ReservesPage {
    chrome: Chrome,
    session: Session,
    notice: Option<&'static str>,
    alliances: Vec<Alliance>,
    institutions: Vec<Institution>,
    form: FormState<Field>,
}

impl ReservesPage {
    fn kinds(&self) -> Vec<(String, &'static str)> {
        InstitutionKind::ALL.iter().map(|kind| (format!("kind:{kind}"), kind.people())).collect()
    }

    fn free(&self) -> String {
        let occupancy = self.session.occupancy;
        let open = wording::count(occupancy.open_to_all() as usize, "place is", "places are");
        format!("{open} open to all, {} more kept", occupancy.kept)
    }

    /// `3 of 5 are left, until 9am on Monday 1 March, London time`.
    fn left(&self, one: &Reserve) -> String {
        let until = wording::deadline(one.until, self.session.zone());
        format!("{} of {} are left, until {until}", one.unused, one.places)
    }

    fn is(&self, word: &str, key: &str) -> bool {
        self.form.is(Field::Whom, &format!("{word}:{key}"))
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    notice: Option<&'static str>,
    form: FormState<Field>,
) -> Result<ReservesPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let institutions = institutions::all(&mut conn).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(ReservesPage { chrome, session, notice, alliances, institutions, form })
}

#[get("/office/sessions/<code>/reserves?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<ReservesPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let notice = match done {
        Some("kept") => Some("Saved. Others see only the rest."),
        Some("released") => Some("Released. The waiting list is offered them first."),
        Some("gone") => Some("Those places were released already."),
        _ => None,
    };
    Ok(Page::ok(page(desk, &who, session, notice, FormState::default()).await?))
}

#[post("/office/sessions/<code>/reserves", data = "<fields>")]
async fn change(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<ReservesPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let list = paths::desk::session_reserves(&code);
    let to = |done: &str| Ok(Either::Left(Redirect::to(list.clone().done(done))));
    if fields.was_sent("release") {
        let Ok(id) = fields.get("release").parse::<ReserveId>() else { return to("gone") };
        return match release_places(&desk.ctx, &who.member.login, &code, id).await {
            Ok(()) => to("released"),
            Err(ReserveError::Store(error)) => Err(error.into()),
            Err(_) => to("gone"),
        };
    }
    let mut form = FormState::sent(&fields);
    let group = form.choice(Field::Whom, "Choose a group from the list");
    let places = form.count(Field::Places, 1..=MOST_PLACES, "Enter how many places, from 1");
    let until = until(&mut form, &session);
    if let (Some(group), Some(places), Some(until)) = (group, places, until) {
        let by = &who.member.login;
        match reserve_places(&desk.ctx, by, &code, (group, places), until).await {
            Ok(()) => return to("kept"),
            Err(ReserveError::Store(error)) => return Err(error.into()),
            Err(ReserveError::NoSuchSession) => return Err(Failure::NotFound),
            Err(error) => {
                let field = match error {
                    ReserveError::TooMany { .. } => Field::Places,
                    ReserveError::Until | ReserveError::TooLate => Field::Date,
                    _ => Field::Whom,
                };
                form.fault(field, in_words(&error.to_string()));
            }
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, session, None, form).await?)))
}

/// The moment that is typed, by the clock of the session; without an hour the day's beginning.
fn until(form: &mut FormState<Field>, session: &Session) -> Option<chrono::DateTime<chrono::Utc>> {
    let date = form.value(Field::Date).trim().parse::<NaiveDate>();
    let date = form.take(Field::Date, date, |_| "Enter a day, such as 2027-03-03".to_owned());
    let time = match form.value(Field::Time).trim() {
        "" => Some(NaiveTime::MIN),
        typed => ["%H:%M", "%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(typed, format).ok()),
    };
    if time.is_none() {
        form.fault(Field::Time, "Enter an hour, such as 12:00");
    }
    let local = date?.and_time(time?);
    let until = instant(local, session.zone()).ok();
    if until.is_none() {
        form.fault(Field::Time, "The clocks change then. Choose another hour");
    }
    until
}
