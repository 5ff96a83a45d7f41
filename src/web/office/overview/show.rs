//! The organiser's overview: what needs her, and how full sessions are.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::notice::has_unknown_proxy,
    domain::{
        alliance::Alliance,
        fill::Fill,
        permission::{Permission, allows_somewhere},
        wording,
    },
    store::{catalogue, watch},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::{
            filling::{Filling, watched},
            overview::tasks::{Task, tasks},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![overview]
}

type Who = Granted<WatchSessions>;

/// How many sessions the overview shows; the list has them all.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "office/overview/show.html")]
struct OverviewPage {
    chrome: Chrome,
    /// Which alliances it is about: `London and Leeds`.
    scope: String,
    /// Whether there is anything to plan with: an alliance and a course.
    can_plan: bool,
    tasks: Vec<Task>,
    sessions: Vec<Filling>,
    stats: Vec<(i64, String)>,
    /// How many sessions are to come in all.
    coming: usize,
    /// Whether requests come through a proxy that nobody told us of.
    has_unknown_proxy: bool,
}

impl OverviewPage {
    fn heading(&self) -> String {
        match self.tasks.len() {
            0 => "Nothing needs you today".to_owned(),
            1 => "1 thing needs you".to_owned(),
            count => format!("{count} things need you"),
        }
    }
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
        figure(i64::try_from(coming.len()).unwrap_or(i64::MAX), ["session", "sessions"], "to come"),
        figure(sum(|fill| fill.confirmed), ["place", "places"], "booked"),
        figure(sum(|fill| fill.waiting), ["person", "people"], "waiting"),
        figure(institutions, ["institution", "institutions"], "taking part"),
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
        has_unknown_proxy: who.reaches_everything() && has_unknown_proxy(&desk.ctx).await?,
    }))
}

/// A number, and what stands under it.
fn figure(count: i64, [one, many]: [&str; 2], more: &str) -> (i64, String) {
    (count, format!("{} {more}", if count == 1 { one } else { many }))
}

/// `London and Leeds`, or `All alliances`.
fn scope(who: &Who, alliances: &[Alliance]) -> String {
    if who.reaches_everything() {
        return "All alliances".to_owned();
    }
    let own = alliances.iter().filter(|alliance| who.reaches(&alliance.slug));
    wording::list(&own.map(|alliance| alliance.name.as_str()).collect::<Vec<_>>())
}
