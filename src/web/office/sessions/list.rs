//! The list of sessions, whatever their publication.

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{
        alliance::Alliance,
        permission::{Permission, allows_somewhere},
        wording,
    },
    store::{
        Found, catalogue,
        session_search::{self, SessionFilter, Stage},
        watch,
    },
    web::{
        Desk,
        asked::{self, Unusable},
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::filling::Filling,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

/// The list, searched and narrowed.
#[derive(Template)]
#[template(path = "office/sessions/list.html")]
struct SessionsPage {
    chrome: Chrome,
    filter: SessionFilter,
    alliances: Vec<Alliance>,
    sessions: Listing<Filling>,
    notice: Option<String>,
    /// Whether the reader may publish and delete drafts.
    may_plan: bool,
}

impl SessionsPage {
    fn stages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let name = |stage: Stage| match stage {
            Stage::Coming => "To come",
            Stage::Draft => "Drafts",
            Stage::Past => "Past",
            Stage::Cancelled => "Cancelled",
            Stage::All => "All",
        };
        let line = |stage: &Stage| (stage.as_str(), name(*stage), *stage == self.filter.stage);
        Stage::ALL.iter().map(line).collect()
    }

    /// Whether drafts are listed, of which several can be published at once.
    fn shows_drafts(&self) -> bool {
        self.filter.stage == Stage::Draft && self.may_plan
    }

    fn is_alliance(&self, alliance: &Alliance) -> bool {
        self.filter.alliance.as_ref() == Some(&alliance.slug)
    }
}

/// What is looked for.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    q: Option<&'r str>,
    alliance: Option<&'r str>,
    stage: Option<&'r str>,
    page: Option<&'r str>,
    done: Option<&'r str>,
}

/// What became of drafts.
fn notice(done: &str) -> Option<String> {
    if done == "discarded" {
        return Some("The draft is deleted.".to_owned());
    }
    let (what, counts) = done.split_once('-')?;
    let (done, left) = counts.split_once('-')?;
    let (done, left): (usize, usize) = (done.parse().ok()?, left.parse().ok()?);
    let said = match what {
        "published" => format!("{} published.", wording::count(done, "draft is", "drafts are")),
        "deleted" => format!("{} deleted.", wording::count(done, "draft is", "drafts are")),
        "drafts" => return Some("No draft was ticked, so nothing was done.".to_owned()),
        _ => return None,
    };
    let stays = wording::count(left, "draft stays as it was", "drafts stay as they were");
    Some(match left {
        0 => said,
        _ => format!("{said} {stays}: somebody changed it meanwhile, or a day of it has begun."),
    })
}

const NO_ALLIANCE: &str = "it is one of your alliances";

fn stages() -> String {
    let words: Vec<_> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
    format!("it is {}", words.join(" or "))
}

#[get("/office/sessions?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    asked: Asked<'_>,
) -> Result<Page<SessionsPage>, Failure> {
    let filter = SessionFilter {
        words: asked.q.unwrap_or_default().trim().to_owned(),
        alliance: asked::one("alliance", asked.alliance, NO_ALLIANCE)?,
        stage: asked::one("stage", asked.stage, &stages())?.unwrap_or_default(),
        within: (!who.reaches_everything()).then(|| who.member.login.clone()),
    };
    let mut conn = desk.ctx.store.read().await?;
    let (page, now) = (paging::asked(asked.page)?, desk.ctx.now());
    let found = session_search::search(&mut conn, &filter, now, paging::window(page)).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for session in found.items {
        let fill = watch::fill_of(&mut conn, &session.code).await?;
        items.push(Filling { session, fill });
    }
    let found = Found { items, total: found.total };
    let mut alliances = catalogue::alliances(&mut conn).await?;
    alliances.retain(|alliance| who.reaches(&alliance.slug));
    if let Some(slug) = &filter.alliance
        && !alliances.iter().any(|one| one.slug == *slug)
    {
        return Err(Unusable::new("alliance", slug.as_str(), NO_ALLIANCE).into());
    }
    let slug = filter.alliance.as_ref().map_or("", |slug| slug.as_str());
    let narrowed =
        [("q", filter.words.as_str()), ("alliance", slug), ("stage", filter.stage.as_str())];
    let sessions = Listing::found(found, page, paths::office::sessions(), &narrowed)?;
    Ok(Page::ok(SessionsPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        sessions,
        filter,
        alliances,
        notice: asked.done.and_then(notice),
        may_plan: allows_somewhere(&who.member, Permission::PlanSessions),
    }))
}
