//! A series of the same session: choosing its weeks.

use askama::Template;
use chrono::Duration;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::sessions::{
        copy_belongings::belongings,
        plan_session::{MOST_WEEKS, PlanError, repeat_session},
    },
    domain::{
        belongings::Belongings,
        clash::venue_questions,
        id::SessionCode,
        plan::{PlannedSitting, SessionPlan, instants_of},
        session::Session,
        wording,
    },
    store::{sessions, venues},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            venues::{plan_use, words},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_repeat, repeat]
}

type Who = Granted<PlanSessions>;

#[derive(Template)]
#[template(path = "office/sessions/repeat.html")]
struct RepeatPage {
    chrome: Chrome,
    session: Session,
    weeks: Option<u32>,
    series: Vec<Repetition>,
    /// What each draft gets beside the plan.
    belongings: Belongings,
    most: u32,
    /// Which attempt it is, so that sending it twice plans once.
    attempt: String,
}

/// One week of a series.
#[derive(Debug, Clone)]
struct Repetition {
    week: u32,
    days: String,
    /// Whether its times happen, and are to come.
    can_be: bool,
    /// What is asked about its venue.
    questions: Vec<String>,
}

/// How many weeks a series runs.
#[derive(Debug, FromForm)]
struct Weeks<'r> {
    weeks: Option<&'r str>,
}

fn to(code: &SessionCode, done: &str) -> Redirect {
    Redirect::to(paths::office::session(code).done(done))
}

#[get("/office/sessions/<code>/repeat?<asked..>")]
async fn ask_repeat(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: Weeks<'_>,
) -> Result<Page<RepeatPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let weeks = asked::given(asked.weeks).map(|typed| typed.parse().unwrap_or(0));
    if weeks.is_some_and(|weeks| !(1..=MOST_WEEKS).contains(&weeks)) {
        let again = paths::office::session_repeat(&code);
        return Err(Failure::from(PlanError::Weeks).leads(again, "Choose other dates"));
    }
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let venues = venues::all(&mut conn).await?;
    let venues: Vec<_> = venues.into_iter().map(|(venue, _)| venue).collect();
    let series = (1..=weeks.unwrap_or(0)).map(|week| {
        let later = Duration::weeks(i64::from(week));
        let days = session.sittings.iter().map(|sitting| PlannedSitting::later(sitting, later));
        let days: Vec<_> = days.collect();
        let names: Vec<_> = days.iter().map(|day| wording::long_date(day.starts.date())).collect();
        let can_be = instants_of(&days, session.zone(), desk.ctx.now()).is_ok();
        let plan = SessionPlan { sittings: days, ..SessionPlan::of(&session) };
        let used = plan_use(&plan, (None, 0), (session.zone(), desk.ctx.now()));
        let questions = venue_questions(&used, &venues, &coming).iter().map(words).collect();
        Repetition { week, days: wording::list(&names), can_be, questions }
    });
    let series = series.collect();
    let belongings = belongings(&mut conn, &code).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(RepeatPage {
        chrome,
        session,
        weeks,
        series,
        belongings,
        most: MOST_WEEKS,
        attempt: desk.attempt(),
    }))
}

#[post("/office/sessions/<code>/repeat", data = "<fields>")]
async fn repeat(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let chosen = fields.all("week").iter().map(|week| week.parse::<u32>());
    let mut weeks = chosen.collect::<Result<Vec<_>, _>>().map_err(|_| {
        let again = paths::office::session_repeat(&code);
        Failure::from(PlanError::Weeks).leads(again, "Choose other dates")
    })?;
    weeks.sort_unstable();
    weeks.dedup();
    match repeat_session(&desk.ctx, &who.actor(), &code, &weeks, fields.attempt().as_ref()).await {
        Ok(codes) if codes.is_empty() => Ok(Redirect::to(paths::office::session_repeat(&code))),
        Ok(codes) => Ok(to(&code, &format!("repeated-{}", codes.len()))),
        Err(error) => {
            let failure = Failure::from(error);
            Err(failure.leads(paths::office::session_repeat(&code), "Choose other dates"))
        }
    }
}
