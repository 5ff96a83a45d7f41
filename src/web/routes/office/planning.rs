//! Planning a session: new, copied, changed, repeated, published.

use chrono::Duration;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::{
        edit_session::edit_session,
        plan_session::{PlanError, plan_session, repeat_session, replan_session},
        publish_session::publish_session,
    },
    domain::{
        course::Course,
        id::SessionCode,
        plan::{PlannedSitting, clashes, instants_of},
        session::{Publication, Session},
        wording,
    },
    store::{Conn, catalogue, session_plans, sessions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            planning::{PublishPage, RepeatPage, Repetition},
            session_form::SessionFormPage,
        },
        page::{Area, Page},
        routes::office::{
            found,
            session_form::{days, filled, keep, read_details, read_plan, rearrange, refuse},
        },
    },
};

pub(super) type Who = Granted<PlanSessions>;

async fn form_page(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    session: Option<Session>,
    (form, days): (FormState, u32),
) -> Result<SessionFormPage, Failure> {
    let mut alliances = catalogue::alliances(conn).await?;
    alliances.retain(|alliance| who.reaches(&alliance.slug));
    let is_draft = session.as_ref().is_none_or(|session| session.publication == Publication::Draft);
    Ok(SessionFormPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        session,
        is_draft,
        form,
        days,
        courses: offered_courses(conn).await?,
        alliances,
        trainers: session_plans::possible_trainers(conn).await?,
    })
}

/// The courses a session can be planned of.
async fn offered_courses(conn: &mut Conn) -> Result<Vec<Course>, Failure> {
    let archived = catalogue::archived_courses(conn).await?;
    let mut courses = catalogue::courses(conn).await?;
    courses.retain(|course| !archived.contains(&course.slug));
    Ok(courses)
}

/// What a new session may start from.
#[derive(Debug, FromForm)]
struct From<'r> {
    copy: Option<&'r str>,
}

#[get("/office/new-session?<from..>")]
async fn new(
    desk: &State<Desk>,
    who: Who,
    from: From<'_>,
) -> Result<Page<SessionFormPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let start = match from.copy.and_then(|code| code.parse().ok()) {
        Some(code) => {
            let session = found(&mut conn, &who, &code).await?;
            let days = u32::try_from(session.sittings.len()).unwrap_or(1);
            (filled(&session, false), days)
        }
        None => {
            let mut form = FormState::default();
            for (field, value) in
                [("per_booking", "6"), ("mode", "instant"), ("waiting", "1"), ("where", "venue")]
            {
                form.keep(field, value);
            }
            (form, 1)
        }
    };
    Ok(Page::ok(form_page(desk, &mut conn, &who, None, start).await?))
}

type Saved = Result<Redirect, Page<SessionFormPage>>;

fn to(code: &SessionCode, done: &str) -> Redirect {
    Redirect::to(format!("/office/sessions/{code}?done={done}"))
}

#[post("/office/new-session", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut form = keep(&fields);
    if let Some(days) = rearrange(&fields, &mut form) {
        return Ok(Err(Page::ok(form_page(desk, &mut conn, &who, None, (form, days)).await?)));
    }
    let alliances = catalogue::alliances(&mut conn).await?;
    let plan = read_plan(&fields, &mut form, &alliances).filter(|_| form.is_valid());
    if let Some(plan) = plan {
        who.within(&plan.alliance)?;
        match plan_session(&desk.ctx, &who.actor(), &plan).await {
            Ok(code) => return Ok(Ok(to(&code, "planned"))),
            Err(error) => {
                let zone = alliances.iter().find(|one| one.slug == plan.alliance);
                refuse(&mut form, error, zone.map_or(chrono_tz::UTC, |one| one.time_zone))?;
            }
        }
    }
    let page = form_page(desk, &mut conn, &who, None, (form, days(&fields))).await?;
    Ok(Err(Page::unprocessable(page)))
}

#[get("/office/sessions/<code>/edit")]
async fn edit(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<SessionFormPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = found(&mut conn, &who, &code).await?;
    let days = u32::try_from(session.sittings.len()).unwrap_or(1).max(1);
    let form = filled(&session, true);
    Ok(Page::ok(form_page(desk, &mut conn, &who, Some(session), (form, days)).await?))
}

#[post("/office/sessions/<code>/edit", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = found(&mut conn, &who, &code).await?;
    let (mut form, zone, actor) = (keep(&fields), session.zone(), who.actor());
    let kept = if session.publication == Publication::Draft {
        if let Some(days) = rearrange(&fields, &mut form) {
            let page = form_page(desk, &mut conn, &who, Some(session), (form, days)).await?;
            return Ok(Err(Page::ok(page)));
        }
        let alliances = catalogue::alliances(&mut conn).await?;
        match read_plan(&fields, &mut form, &alliances).filter(|_| form.is_valid()) {
            Some(plan) => {
                who.within(&plan.alliance)?;
                Some(replan_session(&desk.ctx, &actor, &code, &plan).await)
            }
            None => None,
        }
    } else {
        match read_details(&fields, &mut form, zone) {
            Some(details) => Some(edit_session(&desk.ctx, &actor, &code, &details).await),
            None => None,
        }
    };
    match kept {
        Some(Ok(())) => return Ok(Ok(to(&code, "saved"))),
        Some(Err(error)) => refuse(&mut form, error, zone)?,
        None => {}
    }
    let start = (form, days(&fields));
    let page = form_page(desk, &mut conn, &who, Some(session), start).await?;
    Ok(Err(Page::unprocessable(page)))
}

#[get("/office/sessions/<code>/publish")]
async fn ask_publish(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<PublishPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = found(&mut conn, &who, &code).await?;
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let is_late = session.starts_at().is_none_or(|starts| starts <= desk.ctx.now());
    Ok(Page::ok(PublishPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        clashes: clashes(&session, &coming),
        is_late,
        session,
    }))
}

#[post("/office/sessions/<code>/publish")]
async fn publish(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
) -> Result<Redirect, Failure> {
    found(&mut desk.ctx.store.read().await?, &who, &code).await?;
    match publish_session(&desk.ctx, &who.actor(), &code).await {
        Ok(()) => Ok(to(&code, "published")),
        Err(PlanError::Days(_)) => Ok(Redirect::to(format!("/office/sessions/{code}/publish"))),
        Err(PlanError::NotADraft) => Ok(Redirect::to(format!("/office/sessions/{code}"))),
        Err(PlanError::Store(error)) => Err(error.into()),
        Err(_) => Err(Failure::NotFound),
    }
}

/// How many weeks a series runs.
#[derive(Debug, FromForm)]
struct Weeks {
    weeks: Option<u32>,
}

/// The most weeks a series runs.
const MOST_WEEKS: u32 = 52;

#[get("/office/sessions/<code>/repeat?<asked..>")]
async fn ask_repeat(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: Weeks,
) -> Result<Page<RepeatPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = found(&mut conn, &who, &code).await?;
    let weeks = asked.weeks.map(|weeks| weeks.clamp(1, MOST_WEEKS));
    let series = (1..=weeks.unwrap_or(0)).map(|week| {
        let later = Duration::weeks(i64::from(week));
        let days = session.sittings.iter().map(|sitting| PlannedSitting {
            starts: sitting.starts + later,
            ends: sitting.ends + later,
        });
        let days: Vec<_> = days.collect();
        let names: Vec<_> = days.iter().map(|day| wording::long_date(day.starts.date())).collect();
        let can_be = instants_of(&days, session.zone(), desk.ctx.now()).is_ok();
        Repetition { week, days: wording::list(&names), can_be }
    });
    let series = series.collect();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(RepeatPage { chrome, session, weeks, series, most: MOST_WEEKS }))
}

#[post("/office/sessions/<code>/repeat", data = "<fields>")]
async fn repeat(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    found(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let chosen = fields.all("week").iter().filter_map(|week| week.parse().ok());
    let mut weeks: Vec<u32> = chosen.filter(|week| (1..=MOST_WEEKS).contains(week)).collect();
    weeks.sort_unstable();
    weeks.dedup();
    match repeat_session(&desk.ctx, &who.actor(), &code, &weeks).await {
        Ok(codes) if codes.is_empty() => {
            Ok(Redirect::to(format!("/office/sessions/{code}/repeat")))
        }
        Ok(codes) => Ok(to(&code, &format!("repeated-{}", codes.len()))),
        Err(PlanError::Store(error)) => Err(error.into()),
        Err(PlanError::Days(_)) => Ok(Redirect::to(format!("/office/sessions/{code}/repeat"))),
        Err(_) => Err(Failure::NotFound),
    }
}

pub fn routes() -> Vec<Route> {
    routes![new, add, edit, save, ask_publish, publish, ask_repeat, repeat]
}
