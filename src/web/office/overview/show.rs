//! The organiser's overview: what needs her, and how full sessions are.

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    actions::notice::has_unknown_proxy,
    domain::{
        alliance::Alliance,
        fill::Fill,
        id::{AllianceSlug, SessionCode},
        permission::{Permission, allows_somewhere},
        support::pounds,
        thing::ThingKind,
        wording,
    },
    store::{Conn, catalogue, overview_marks, supports, watch},
    web::{
        Desk,
        asked::{self, Unusable},
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::{
            filling::{Filling, watched},
            overview::{
                sorted::{self, Group, Shown, heading, look_for_help},
                task::Board,
                tasks::tasks,
            },
        },
        page::{Area, Chrome, Page},
        paging::{self, Pager},
        paths::{self, Href},
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
    notice: Option<&'static str>,
    /// Which alliances it is about: `London and Leeds`.
    scope: String,
    /// Whether there is anything to plan with: an alliance and a course.
    can_plan: bool,
    looking: Looking,
    groups: Vec<Group>,
    /// Names of those whose things they may be, by login.
    names: Vec<(String, String)>,
    sessions: Vec<Filling>,
    stats: Vec<(String, String)>,
    /// How many sessions are to come in all.
    coming: usize,
    /// Whether requests come through a proxy that nobody told us of.
    has_unknown_proxy: bool,
}

/// Which things are looked at, and which others could be.
struct Looking {
    shown: Shown,
    kind: Option<ThingKind>,
    alliance: Option<AllianceSlug>,
    /// How many things there are.
    total: usize,
    /// The ways of looking: where each leads, its name with the number of things, whether it is this one.
    ways: Vec<(Href, String, bool)>,
    /// The alliances to narrow it to, if there are several.
    alliances: Vec<Alliance>,
    /// Of a page that shows one kind.
    pager: Option<Pager>,
}

impl Looking {
    fn heading(&self) -> String {
        let things = wording::count(self.total, "thing", "things");
        match (self.shown, self.total) {
            (Shown::Everybody, 0) => "Nothing needs you today".to_owned(),
            (Shown::Everybody, 1) => "1 thing needs you".to_owned(),
            (Shown::Everybody, count) => format!("{count} things need you"),
            (Shown::Mine, 0) => "Nothing is given to you".to_owned(),
            (Shown::Mine, _) => format!("{things} given to you"),
            (Shown::Snoozed, 0) => "Nothing is left for another day".to_owned(),
            (Shown::Snoozed, _) => format!("{things} left for another day"),
            (Shown::Later, 0) => "Nothing to come after this week".to_owned(),
            (Shown::Later, _) => format!("{things} to come after this week"),
            (Shown::Done, 0) => "Nothing is marked as done".to_owned(),
            (Shown::Done, _) => format!("{things} marked as done"),
        }
    }

    fn kind_words(&self) -> Option<&'static str> {
        self.kind.map(heading)
    }

    /// Whether one press says that a thing is done.
    fn is_open(&self) -> bool {
        matches!(self.shown, Shown::Everybody | Shown::Mine | Shown::Later)
    }

    fn shows_alliance(&self, one: &Alliance) -> bool {
        self.alliance.as_ref() == Some(&one.slug)
    }
}

/// What is asked for.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    show: Option<&'r str>,
    kind: Option<&'r str>,
    alliance: Option<&'r str>,
    page: Option<&'r str>,
    done: Option<&'r str>,
}

/// As the address has it.
struct Read {
    shown: Shown,
    kind: Option<ThingKind>,
    alliance: Option<AllianceSlug>,
    page: i64,
}

impl Asked<'_> {
    fn read(&self, who: &Who) -> Result<Read, Failure> {
        let shown = asked::is("show", self.show, &sorted::ALL.map(|one| one.1))?;
        let kinds: Vec<_> = ThingKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let kind = asked::one("kind", self.kind, &format!("it is {}", kinds.join(" or ")))?;
        let would = "it is one of your alliances";
        let alliance: Option<AllianceSlug> = asked::one("alliance", self.alliance, would)?;
        if let Some(slug) = alliance.as_ref().filter(|slug| !who.reaches(slug)) {
            return Err(Unusable::new("alliance", slug.as_str(), would).into());
        }
        let page = paging::asked(self.page)?;
        let shown = shown.map_or(Shown::default(), |at| sorted::ALL[at].0);
        Ok(Read { shown, kind, alliance, page })
    }
}

fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "done" => "Done. It comes back if something about it is new.",
        "assigned" => "Saved. They find it under Mine.",
        "snoozed" => "Left for another day. It comes back then.",
        "opened" => "It waits again.",
        "gone" => "That needs nobody any more.",
        _ => return None,
    })
}

#[get("/office?<asked..>")]
async fn overview(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<OverviewPage>, Failure> {
    let now = desk.ctx.now();
    let read = asked.read(&who)?;
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let can_plan = allows_somewhere(&who.member, Permission::PlanSessions)
        && !alliances.is_empty()
        && !catalogue::courses(&mut conn).await?.is_empty();
    let mut coming = watched(&mut conn, &who, now).await?;
    let board = Board { who: &who, coming: &coming, alliances: &alliances, now };
    let (looking, groups) = look(&mut conn, &board, read).await?;
    let stats = stats(&mut conn, &board).await?;
    let names = overview_marks::everybody(&mut conn).await?;
    let total = coming.len();
    coming.truncate(SHOWN);
    Ok(Page::ok(OverviewPage {
        chrome: desk.signed_in_chrome(Area::Overview, &who.member),
        notice: asked.done.and_then(notice),
        scope: scope(&who, &alliances),
        can_plan,
        looking,
        groups,
        names,
        sessions: coming,
        stats,
        coming: total,
        has_unknown_proxy: who.reaches_everything() && has_unknown_proxy(&desk.ctx).await?,
    }))
}

/// The things that are asked for.
async fn look(
    conn: &mut Conn,
    board: &Board<'_>,
    read: Read,
) -> Result<(Looking, Vec<Group>), Failure> {
    let Read { shown, kind, alliance, page } = read;
    let mut all = {
        let tasks = tasks(conn, board).await?;
        sorted::sorted(conn, tasks, board.now).await?
    };
    if let Some(slug) = &alliance {
        all.retain(|one| one.task.seen.alliance.as_ref() == Some(slug));
    }
    let (mut all, counts) = sorted::asked_for(all, shown, board.who);
    let slug = alliance.as_ref().map_or("", |slug| slug.as_str());
    let narrowed = |list: Href| if slug.is_empty() { list } else { list.with("alliance", slug) };
    let mut pager = None;
    let mut total = all.len();
    if let Some(kind) = kind {
        all.retain(|one| heading(one.task.seen.key.kind) == heading(kind));
        total = all.len();
        let narrowed = [("kind", kind.as_str()), ("alliance", slug)];
        let length = i64::try_from(total).unwrap_or(i64::MAX);
        pager = Some(Pager::of(page, length, sorted::list(shown), &narrowed)?);
        let window = paging::window(page);
        let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        all = all.into_iter().skip(place(window.offset)).take(place(window.limit)).collect();
    }
    let most = if kind.is_some() { usize::MAX } else { sorted::SHOWN };
    let mut groups = sorted::groups(all, &narrowed(sorted::list(shown)), most);
    look_for_help(conn, &mut groups, board.coming).await?;
    let way = |((way, _, name), count): ((Shown, &str, &str), usize)| {
        (narrowed(sorted::list(way)), format!("{name} ({count})"), way == shown)
    };
    let own = board.alliances.iter().filter(|one| board.who.reaches(&one.slug)).cloned();
    let looking = Looking {
        shown,
        kind,
        total,
        ways: sorted::ALL.into_iter().zip(counts).map(way).collect(),
        alliances: own.collect(),
        alliance,
        pager,
    };
    Ok((looking, groups))
}

/// The numbers of what is coming.
async fn stats(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<(String, String)>, Failure> {
    let Board { who, coming, now, .. } = *board;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let institutions = watch::institutions_taking_part(conn, now, within).await?;
    let sum = |part: fn(Fill) -> u32| coming.iter().map(|one| i64::from(part(one.fill))).sum();
    let mut stats = vec![
        figure(i64::try_from(coming.len()).unwrap_or(i64::MAX), ["session", "sessions"], "to come"),
        figure(sum(|fill| fill.confirmed), ["place", "places"], "booked"),
        figure(sum(|fill| fill.waiting), ["person", "people"], "waiting"),
        figure(institutions, ["institution", "institutions"], "taking part"),
    ];
    let own = |code: &SessionCode| coming.iter().any(|one| one.session.code == *code);
    let arranged = supports::to_come(conn, now).await?;
    let costs = arranged.iter().filter(|one| own(&one.session)).filter_map(|one| one.cost);
    let pence: i64 = costs.map(i64::from).sum();
    if pence > 0 {
        stats.push((pounds(pence), "for interpreters and other support".to_owned()));
    }
    Ok(stats)
}

/// A number, and what stands under it.
fn figure(count: i64, [one, many]: [&str; 2], more: &str) -> (String, String) {
    (count.to_string(), format!("{} {more}", if count == 1 { one } else { many }))
}

/// `London and Leeds`, or `All alliances`.
fn scope(who: &Who, alliances: &[Alliance]) -> String {
    if who.reaches_everything() {
        return "All alliances".to_owned();
    }
    let own = alliances.iter().filter(|alliance| who.reaches(&alliance.slug));
    wording::list(&own.map(|alliance| alliance.name.as_str()).collect::<Vec<_>>())
}
