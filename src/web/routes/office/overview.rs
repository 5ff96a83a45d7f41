//! The overview, put together from what waits for somebody to act.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        alliance::Alliance,
        fill::{Fill, INTERPRETER_DAYS, asks_for_interpreter, fills_slowly},
        id::SessionCode,
        permission::{Permission, allows_somewhere},
        session::{Publication, Session},
        wording,
    },
    store::{Conn, StoreError, catalogue, letter_search, letter_search::Progress, sessions, watch},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::overview::{Filling, OverviewPage, Task},
        page::{Area, Page},
    },
};

type Who = Granted<WatchSessions>;

/// How many sessions the overview shows; the list has them all.
const SHOWN: usize = 20;

/// The published sessions somebody watches, soonest first, with how they fill.
pub(super) async fn watched(
    conn: &mut Conn,
    who: &Who,
    now: DateTime<Utc>,
) -> Result<Vec<Filling>, StoreError> {
    let levels: HashMap<SessionCode, Fill> = watch::fill_levels(conn, now).await?;
    let mut all = sessions::ending_after(conn, now).await?;
    all.retain(|session| {
        session.publication == Publication::Published && who.reaches(&session.alliance.slug)
    });
    let fill = |session: &Session| levels.get(&session.code).copied().unwrap_or_default();
    Ok(all.into_iter().map(|session| Filling { fill: fill(&session), session }).collect())
}

#[get("/office")]
async fn overview(desk: &State<Desk>, who: Who) -> Result<Page<OverviewPage>, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let can_plan = allows_somewhere(&who.member, Permission::PlanSessions)
        && !alliances.is_empty()
        && !catalogue::courses(&mut conn).await?.is_empty();
    let mut coming = watched(&mut conn, &who, now).await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let institutions = watch::institutions_taking_part(&mut conn, now, within).await?;
    let sum = |part: fn(Fill) -> u32| coming.iter().map(|one| i64::from(part(one.fill))).sum();
    let stats = vec![
        (i64::try_from(coming.len()).unwrap_or(i64::MAX), "sessions to come"),
        (sum(|fill| fill.confirmed), "places booked"),
        (sum(|fill| fill.waiting), "people waiting"),
        (institutions, "institutions taking part"),
    ];
    let tasks = tasks(&mut conn, &who, &coming, now).await?;
    let total = coming.len();
    coming.truncate(SHOWN);
    Ok(Page::ok(OverviewPage {
        chrome: desk.signed_in_chrome(Area::Overview, &who.member),
        scope: scope(&who, &alliances),
        can_plan,
        tasks,
        sessions: coming,
        stats,
        coming: total,
        now,
    }))
}

/// `London and Leeds`, or `All alliances`.
fn scope(who: &Who, alliances: &[Alliance]) -> String {
    if who.reaches_everything() {
        return "All alliances".to_owned();
    }
    let own = alliances.iter().filter(|alliance| who.reaches(&alliance.slug));
    wording::list(&own.map(|alliance| alliance.name.as_str()).collect::<Vec<_>>())
}

fn about(session: &Session) -> String {
    format!("{}, {}", session.alliance.name, wording::days(session))
}

fn number(count: u32, one: &str, many: &str) -> String {
    wording::count(count as usize, one, many)
}

/// What needs somebody, most urgent first.
async fn tasks(
    conn: &mut Conn,
    who: &Who,
    coming: &[Filling],
    now: DateTime<Utc>,
) -> Result<Vec<Task>, StoreError> {
    let mut tasks = interpreters(conn, coming, now).await?;
    tasks.extend(coming.iter().filter(|one| one.fill.requested > 0).map(requests));
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let failed = letter_search::count(conn, Progress::Failed, within).await?;
    if failed > 0 {
        let count = usize::try_from(failed).unwrap_or(usize::MAX);
        tasks.push(Task {
            class: "t-danger",
            icon: "mail",
            href: "/office/letters?progress=failed".to_owned(),
            title: format!("{} did not arrive", wording::count(count, "email", "emails")),
            detail: "Check the addresses, or send them again.".to_owned(),
            tag: "Not sent".to_owned(),
        });
    }
    let returned = letter_search::returned_since(conn, now - Duration::days(14), within).await?;
    if returned > 0 {
        let count = usize::try_from(returned).unwrap_or(usize::MAX);
        tasks.push(Task {
            class: "t-danger",
            icon: "mail",
            href: "/office/letters?progress=returned".to_owned(),
            title: format!("{} came back", wording::count(count, "email", "emails")),
            detail: "The address does not take our letters. Ask for another by phone.".to_owned(),
            tag: "Came back".to_owned(),
        });
    }
    for (code, count, first) in watch::offers_ending(conn, now, now + Duration::days(1)).await? {
        let Some(one) = coming.iter().find(|one| one.session.code == code) else { continue };
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let offers = wording::count(count, "offer ends", "offers end");
        tasks.push(Task {
            class: "t-warn",
            icon: "clock",
            href: one.href(),
            title: format!("{offers} soon: {}", one.session.course.title),
            detail: format!("{}. Then the next people are offered.", about(&one.session)),
            tag: format!("By {}", wording::moment(first, one.session.zone())),
        });
    }
    let slow = coming.iter().filter(|one| fills_slowly(&one.session, one.fill, now));
    tasks.extend(slow.map(|one| fills_slowly_task(one, now)));
    Ok(tasks)
}

fn fills_slowly_task(one: &Filling, now: DateTime<Utc>) -> Task {
    let occupancy = one.session.occupancy;
    let left = number(occupancy.free(), "place", "places");
    let days = one.session.starts_at().map_or(0, |starts| (starts - now).num_days());
    let days = wording::count(usize::try_from(days).unwrap_or(0), "day", "days");
    Task {
        class: "t-warn",
        icon: "people",
        href: one.href(),
        title: format!("{} has {left} left", one.session.course.title),
        detail: format!(
            "{}. {} of {} taken with {days} to go.",
            about(&one.session),
            one.fill.confirmed,
            occupancy.capacity
        ),
        tag: "Filling slowly".to_owned(),
    }
}

fn requests(one: &Filling) -> Task {
    Task {
        class: "t-danger",
        icon: "person",
        href: format!("{}/requests", one.href()),
        title: format!(
            "{} for a place: {}",
            number(one.fill.requested, "person asks", "people ask"),
            one.session.course.title
        ),
        detail: format!("{}. They wait for your answer.", about(&one.session)),
        tag: "To decide".to_owned(),
    }
}

async fn interpreters(
    conn: &mut Conn,
    coming: &[Filling],
    now: DateTime<Utc>,
) -> Result<Vec<Task>, StoreError> {
    let mut asked: HashMap<SessionCode, usize> = HashMap::new();
    for (code, need) in watch::access_needs(conn, now).await? {
        if asks_for_interpreter(&need) {
            *asked.entry(code).or_default() += 1;
        }
    }
    let tasks = coming.iter().filter_map(|one| {
        let people = wording::count(*asked.get(&one.session.code)?, "person", "people");
        let by = one.session.starts_at()? - Duration::days(INTERPRETER_DAYS);
        let day = by.with_timezone(&one.session.zone()).date_naive();
        let tag = if by <= now {
            "At once".to_owned()
        } else {
            format!("By {}", wording::short_date(day))
        };
        Some(Task {
            class: "t-danger",
            icon: "access",
            href: format!("/trainer/sessions/{}/roster", one.session.code),
            title: format!("Book an interpreter: {}", one.session.course.title),
            detail: format!(
                "{}. Asked for by {people}. Most interpreters need {INTERPRETER_DAYS} days.",
                about(&one.session)
            ),
            tag,
        })
    });
    Ok(tasks.collect())
}

pub fn routes() -> Vec<Route> {
    routes![overview]
}
