//! A session and all that follow it, at another time of day, elsewhere, or with other trainers: a look at each first.

use askama::Template;
use chrono::NaiveTime;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{
    change::{Who, own_words},
    plan_read::location,
};
use crate::{
    actions::sessions::{
        change_series::{
            ChangeSeriesError, ChangedOne, Meant, SeriesChange, change_series, look_at_series,
        },
        change_session::may_change,
    },
    domain::{
        id::{SessionCode, StaffLogin},
        plan::SessionPlan,
        session::{Publication, Session},
        venue::VenueChoice,
        wording,
    },
    store::{session_plans, sessions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::SameOrigin,
        next::Next,
        office::{
            addressed::session_for,
            session_fields::{SessionField as Field, is_ticked, tick_trainers},
            venues::{self, VenueOption},
        },
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, change]
}

/// One that may change with it.
struct Follower {
    session: Session,
    is_ticked: bool,
    /// What it was drawn from, so that nothing is changed that nobody has seen.
    drawn: String,
}

/// What is asked beside which sessions change, and who leads them then.
const ASKED: &[Field] = &[
    Field::Starts,
    Field::Ends,
    Field::Where,
    Field::VenueId,
    Field::Venue,
    Field::Address,
    Field::Room,
    Field::Trainers,
];

/// What changes, and of which sessions.
#[derive(Template)]
#[template(path = "office/sessions/series.html")]
struct SeriesPage {
    chrome: Chrome,
    session: Session,
    followers: Vec<Follower>,
    /// Who can lead it: login and name.
    trainers: Vec<(String, String)>,
    form: FormState<Field>,
    /// The venues of the list.
    venues: Vec<VenueOption>,
    /// What would become of each.
    look: Option<Vec<ChangedOne>>,
}

impl SeriesPage {
    fn when(&self, session: &Session) -> String {
        format!("{}, {}", wording::days(session), wording::hours(session))
    }

    fn is_draft(&self, session: &Session) -> bool {
        session.publication == Publication::Draft
    }

    fn drawn_name(&self, session: &Session) -> String {
        drawn_name(&session.code)
    }

    fn is_ticked(&self, login: &str) -> bool {
        is_ticked(&self.form, login)
    }

    fn people(&self, one: &ChangedOne) -> String {
        match self.is_draft(&one.before) {
            true => "Nobody: it is a draft".to_owned(),
            false => wording::count(one.people, "person", "people"),
        }
    }

    fn differences(&self, one: &ChangedOne) -> Vec<String> {
        one.changes.iter().map(ToString::to_string).collect()
    }

    /// What is to be asked about its venue.
    fn questions(&self, one: &ChangedOne) -> Vec<String> {
        one.questions.iter().map(venues::words).collect()
    }

    fn words(&self, look: &[ChangedOne]) -> String {
        let changed = look.iter().filter(|one| !one.changes.is_empty()).count();
        let people = look.iter().map(|one| one.people).sum();
        let sessions = wording::count(changed, "session", "sessions");
        format!("Change {sessions} and tell {}", wording::count(people, "person", "people"))
    }
}

fn drawn_name(code: &SessionCode) -> String {
    format!("drawn-{code}")
}

/// Whether it differs in nothing but its week.
fn is_alike(one: &Session, other: &Session) -> bool {
    use chrono::Datelike;
    let day = |session: &Session| {
        let first = session.sittings.first();
        first.map(|day| (day.starts.weekday(), day.starts.time(), day.ends.time()))
    };
    one.location == other.location && day(one) == day(other)
}

/// The session and those of its course and alliance that come after it, which are not over or cancelled.
async fn followers(desk: &Desk, session: &Session) -> Result<Vec<Session>, Failure> {
    let now = desk.ctx.now();
    let mut all = sessions::ending_after(&mut desk.ctx.store.read().await?, now).await?;
    all.retain(|one| {
        one.course.slug == session.course.slug
            && one.alliance.slug == session.alliance.slug
            && !matches!(one.publication, Publication::Cancelled { .. })
            && (one.code == session.code || one.starts_at() > session.starts_at())
    });
    all.sort_by_key(Session::starts_at);
    Ok(all)
}

async fn page(
    desk: &Desk,
    who: &Who,
    (session, all): (Session, Vec<Session>),
    form: FormState<Field>,
    ticked: Option<&[SessionCode]>,
) -> Result<SeriesPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let trainers = session_plans::possible_trainers(&mut conn).await?;
    let chosen = form.value(Field::VenueId);
    let venues = venues::options(&mut conn, who, Some(&session), chosen).await?;
    drop(conn);
    let followers = all.into_iter().map(|one| Follower {
        is_ticked: match ticked {
            Some(ticked) => ticked.contains(&one.code),
            None => is_alike(&session, &one),
        },
        drawn: edited::field(Some(&SessionPlan::of(&one))),
        session: one,
    });
    let followers = followers.collect();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(SeriesPage { chrome, session, followers, trainers, venues, form, look: None })
}

#[get("/office/sessions/<code>/series")]
async fn ask(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Page<SeriesPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    if session.publication != Publication::Draft
        && let Err(refused) = may_change(&session, desk.ctx.now())
    {
        let back = paths::office::session(&code);
        return Err(Failure::from(refused).leads(back, "Back to the session"));
    }
    let all = followers(desk, &session).await?;
    Ok(Page::ok(page(desk, &who, (session, all), FormState::default(), None).await?))
}

/// What was typed; else what is wrong stands in `form`.
async fn read(
    desk: &Desk,
    who: &Who,
    (fields, form): (&Fields, &mut FormState<Field>),
) -> Result<Option<SeriesChange>, Failure> {
    let mut change = SeriesChange::default();
    let time = |typed: &str| {
        ["%H:%M", "%H:%M:%S"].iter().find_map(|f| NaiveTime::parse_from_str(typed.trim(), f).ok())
    };
    match (form.value(Field::Starts).trim(), form.value(Field::Ends).trim()) {
        ("", "") => {}
        (start, end) => {
            let times = (time(start), time(end));
            if times.0.is_none() {
                form.fault(Field::Starts, "Enter when it starts, such as 09:30");
            }
            if times.1.is_none() {
                form.fault(Field::Ends, "Enter when it ends, such as 12:00");
            }
            change.times = times.0.zip(times.1);
        }
    }
    if !matches!(form.value(Field::Where), "" | "same") {
        let mut conn = desk.ctx.store.read().await?;
        let chosen = venues::choose(&mut conn, who, (fields, form), None).await?;
        let typed = if fields.was_sent_for(Field::VenueId) {
            VenueChoice::None
        } else {
            VenueChoice::Unsaid
        };
        let venue = chosen.map_or(typed, VenueChoice::Chosen);
        change.location = location(form).map(|location| (location, venue));
    }
    let logins = fields.all_of(Field::Trainer);
    tick_trainers(form, logins.iter().map(String::as_str));
    let is_said = fields.was_sent_for(Field::Trainers);
    if form.is(Field::Trainers, "these") || (!is_said && !logins.is_empty()) {
        let logins: Result<Vec<StaffLogin>, _> = logins.iter().map(|login| login.parse()).collect();
        match logins {
            Ok(logins) => change.trainers = Some(logins),
            Err(_) => form.fault(Field::Trainer, "Choose trainers from the list"),
        }
    }
    if form.is_valid() && change.is_empty() {
        form.fault(
            Field::Starts,
            "Choose what changes: the time of day, the place or the trainers",
        );
    }
    Ok(Some(change).filter(|_| form.is_valid()))
}

#[post("/office/sessions/<code>/series", data = "<fields>")]
async fn change(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Next<SeriesPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let all = followers(desk, &session).await?;
    let mut form = FormState::sent_for(&fields, ASKED);
    let words = own_words(&fields, &mut form);
    let sent: Vec<SessionCode> =
        fields.all_of(Field::Tick).iter().filter_map(|one| one.parse().ok()).collect();
    let ticked: Vec<SessionCode> = all
        .iter()
        .filter(|one| match fields.was_sent_for(Field::Tick) {
            true => sent.contains(&one.code),
            false => is_alike(&session, one),
        })
        .map(|one| one.code.clone())
        .collect();
    let change = read(desk, &who, (&fields, &mut form)).await?;
    if ticked.is_empty() {
        form.fault(Field::Tick, "Choose which sessions change");
    }
    let show = |page| Ok(Next::Show(Box::new(page)));
    let Some(change) = change.filter(|_| form.is_valid()) else {
        let page = page(desk, &who, (session, all), form, Some(&ticked)).await?;
        return show(Page::unprocessable(page));
    };
    let drawn = |code: &SessionCode| fields.get(&drawn_name(code)).parse().ok();
    let meant: Vec<Meant> = ticked.iter().map(|code| (code.clone(), drawn(code))).collect();
    let actor = who.actor();
    let done = if fields.is("sure", "yes") {
        match change_series(&desk.ctx, &actor, &meant, &change, words.as_ref()).await {
            Ok(all) => {
                let people: usize = all.iter().map(|one| one.people).sum();
                let back = paths::office::session(&code).done(format_args!("moved-{people}"));
                return Ok(Next::Go(Box::new(Redirect::to(back))));
            }
            Err(error) => Err(error),
        }
    } else {
        look_at_series(&desk.ctx, &actor, &meant, &change).await
    };
    let look = match done {
        Ok(look) => Some(look),
        Err(ChangeSeriesError::Store(error)) => {
            let back = paths::office::session(&code);
            return Err(Failure::from(error).leads(back, "Back to the session"));
        }
        Err(ChangeSeriesError::Refused { code, why }) => {
            let one = all.iter().find(|one| one.code == code);
            let day = one.map_or_else(|| code.to_string(), wording::days);
            form.fault(Field::Tick, format!("{day}: {}. Nothing was changed", in_words(&why)));
            None
        }
    };
    let is_valid = form.is_valid();
    let page = page(desk, &who, (session, all), form, Some(&ticked)).await?;
    let page = SeriesPage { look, ..page };
    show(if is_valid { Page::ok(page) } else { Page::unprocessable(page) })
}
