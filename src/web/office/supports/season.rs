//! What is arranged for the sessions of a season, and what it costs.

use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{session::Session, support::pounds, wording},
    store::{catalogue, sessions, supports},
    web::{
        Desk, asked,
        failure::Failure,
        guard::{Granted, PlanSessions},
        office::overview::arranging::Line,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Template)]
#[template(path = "office/supports/season.html")]
struct SeasonSupportsPage {
    chrome: Chrome,
    /// The year in which the season begins, in September.
    year: i32,
    lines: Vec<(Session, Line)>,
}

impl SeasonSupportsPage {
    fn season(&self) -> String {
        format!("September {} to August {}", self.year, self.year + 1)
    }

    fn costs(&self) -> String {
        let costs = self.lines.iter().filter_map(|(_, line)| line.kept.as_ref()?.cost);
        pounds(costs.map(i64::from).sum())
    }

    fn of(&self, year: i32) -> Href {
        paths::desk::supports().with("season", year)
    }

    fn link(&self, session: &Session, line: &Line) -> Href {
        paths::desk::session_support(&session.code, line.which())
    }
}

/// The first moment of September of a year.
fn september(year: i32, zone: Tz) -> Option<DateTime<Utc>> {
    let first = NaiveDate::from_ymd_opt(year, 9, 1)?.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&first).earliest().map(|at| at.to_utc())
}

#[get("/office/supports?<season>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<PlanSessions>,
    season: Option<&str>,
) -> Result<Page<SeasonSupportsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let zone = who.member.zone(&alliances);
    let today = desk.ctx.now().with_timezone(&zone).date_naive();
    let would = "it is the year in which the season begins";
    let year: Option<i32> = asked::one("season", season, would)?;
    let year = year.unwrap_or(today.year() - i32::from(today.month() < 9));
    let would_do = (2000..2100).contains(&year);
    let (Some(from), Some(to), true) = (september(year, zone), september(year + 1, zone), would_do)
    else {
        return Err(asked::Unusable::new("season", &year.to_string(), would).into());
    };
    let mut lines = Vec::new();
    let mut known: Option<Session> = None;
    for kept in supports::between(&mut conn, (from, to)).await? {
        if known.as_ref().is_none_or(|one| one.code != kept.session) {
            known = sessions::find(&mut conn, &kept.session).await?;
        }
        let Some(session) = known.clone().filter(|one| who.reaches(&one.alliance.slug)) else {
            continue;
        };
        lines.push((session, Line { kind: kept.kind, asking: kept.people, kept: Some(kept) }));
    }
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(SeasonSupportsPage { chrome, year, lines }))
}
