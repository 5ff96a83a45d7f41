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
        fields::Fields,
        form::FormState,
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

#[derive(Template)]
#[template(path = "office/sessions/reserves.html")]
struct ReservesPage {
    chrome: Chrome,
    session: Session,
    notice: Option<&'static str>,
    alliances: Vec<Alliance>,
    institutions: Vec<Institution>,
    form: FormState,
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
        self.form.value("whom") == format!("{word}:{key}")
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    notice: Option<&'static str>,
    form: FormState,
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
    let mut form = FormState::default();
    for name in ["whom", "places", "date", "time"] {
        form.keep(name, fields.get(name));
    }
    let group = form.value("whom").parse();
    if group.is_err() {
        form.fault("whom", "Choose a group from the list");
    }
    let places = form.value("places").trim().parse::<u32>().ok();
    let places = places.filter(|places| (1..=MOST_PLACES).contains(places));
    if places.is_none() {
        form.fault("places", "Enter how many places, from 1");
    }
    let until = until(&mut form, &session);
    if let (Ok(group), Some(places), Some(until)) = (group, places, until) {
        let by = &who.member.login;
        match reserve_places(&desk.ctx, by, &code, (group, places), until).await {
            Ok(()) => return to("kept"),
            Err(ReserveError::Store(error)) => return Err(error.into()),
            Err(ReserveError::NoSuchSession) => return Err(Failure::NotFound),
            Err(error) => {
                let field = match error {
                    ReserveError::TooMany { .. } => "places",
                    ReserveError::Until | ReserveError::TooLate => "date",
                    _ => "whom",
                };
                form.fault(field, in_words(&error.to_string()));
            }
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, session, None, form).await?)))
}

/// The moment that is typed, by the clock of the session; without an hour the day's beginning.
fn until(form: &mut FormState, session: &Session) -> Option<chrono::DateTime<chrono::Utc>> {
    let date = form.value("date").trim().parse::<NaiveDate>().ok();
    if date.is_none() {
        form.fault("date", "Enter a day, such as 2027-03-03");
    }
    let typed = form.value("time").trim().to_owned();
    let time = match typed.as_str() {
        "" => Some(NaiveTime::MIN),
        typed => ["%H:%M", "%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(typed, format).ok()),
    };
    if time.is_none() {
        form.fault("time", "Enter an hour, such as 12:00");
    }
    let local = date?.and_time(time?);
    let until = instant(local, session.zone()).ok();
    if until.is_none() {
        form.fault("time", "The clocks change then. Choose another hour");
    }
    until
}
