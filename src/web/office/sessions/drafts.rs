//! Several drafts at once: ticked in their list, looked at once more, then published or deleted.

use askama::Template;
use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::sessions::{
        discard_session::discard_session, plan_session::PlanError, publish_session::publish_session,
    },
    domain::{
        clash::{Clash, VenueUse, clashes, venue_questions},
        id::SessionCode,
        plan::SessionPlan,
        session::{Publication, Session},
        wording,
    },
    store::{sessions, venues},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        next::Next,
        office::{addressed::session_for, venues::words},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![several]
}

/// A draft that was ticked.
struct Ticked {
    session: Session,
    /// What it was drawn from, so that nothing is published that nobody has seen.
    drawn: String,
    /// Trainers who lead something else at the same time.
    clashes: Vec<Clash>,
    /// What is asked about its venue.
    questions: Vec<String>,
    /// A day of it has begun, so that it cannot be published.
    is_late: bool,
}

/// The last look at several drafts.
#[derive(Template)]
#[template(path = "office/sessions/drafts.html")]
struct DraftsPage {
    chrome: Chrome,
    ticked: Vec<Ticked>,
    /// Whether they are to be deleted rather than published.
    deletes: bool,
}

impl DraftsPage {
    /// `Publish 8 drafts`; drafts that cannot be published are not counted.
    fn words(&self) -> String {
        let can = self.ticked.iter().filter(|one| self.deletes || !one.is_late).count();
        let verb = if self.deletes { "Delete" } else { "Publish" };
        format!("{verb} {}", wording::count(can, "draft", "drafts"))
    }

    fn can_go_on(&self) -> bool {
        self.ticked.iter().any(|one| self.deletes || !one.is_late)
    }

    fn href(&self, one: &Ticked) -> Href {
        paths::office::session(&one.session.code)
    }

    /// `Listening well, Sat 5 September, Oxford Citizens`.
    fn about(&self, one: &Ticked) -> String {
        format!("{}, {}", wording::days(&one.session), one.session.alliance.name)
    }

    fn clashes<'a>(&self, one: &'a Ticked) -> &'a [Clash] {
        &one.clashes
    }

    fn questions<'a>(&self, one: &'a Ticked) -> &'a [String] {
        &one.questions
    }

    fn drawn_name(&self, one: &Ticked) -> String {
        drawn_name(&one.session.code)
    }
}

fn drawn_name(code: &SessionCode) -> String {
    format!("drawn-{code}")
}

#[post("/office/drafts", data = "<fields>")]
async fn several(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<PlanSessions>,
    fields: Fields,
) -> Result<Next<DraftsPage>, Failure> {
    let back = |done: String| Next::Go(Box::new(Redirect::to(paths::office::drafts().done(done))));
    let deletes = match fields.get("do") {
        "publish" => false,
        "delete" => true,
        _ => return Ok(back("drafts-0-0".to_owned())),
    };
    let mut drafts = Vec::new();
    let mut conn = desk.ctx.store.read().await?;
    for code in fields.all("tick").iter().filter_map(|code| code.parse::<SessionCode>().ok()) {
        let session = session_for(&mut conn, &who, &code).await?;
        drafts.extend(Some(session).filter(|one| one.publication == Publication::Draft));
    }
    if drafts.is_empty() {
        return Ok(back("drafts-0-0".to_owned()));
    }
    if fields.is("sure", "yes") {
        drop(conn);
        return settle(desk, &who, &fields, (&drafts, deletes)).await.map(back);
    }
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let venues = venues::all(&mut conn).await?;
    let venues: Vec<_> = venues.into_iter().map(|(venue, _)| venue).collect();
    drop(conn);
    let together: Vec<Session> = coming.into_iter().chain(drafts.iter().cloned()).collect();
    let ticked = drafts.into_iter().map(|session| Ticked {
        drawn: edited::field(Some(&SessionPlan::of(&session))),
        clashes: clashes(&session, &together),
        questions: venue_questions(&VenueUse::of(&session), &venues, &together)
            .iter()
            .map(words)
            .collect(),
        is_late: session.starts_at().is_none_or(|starts| starts <= desk.ctx.now()),
        session,
    });
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let page = DraftsPage { chrome, ticked: ticked.collect(), deletes };
    Ok(Next::Show(Box::new(Page::ok(page))))
}

/// Publishes or deletes each by itself; what was done, for the list: how many, and how many were left,
/// since somebody changed them meanwhile or a day of theirs has begun.
async fn settle(
    desk: &Desk,
    who: &Granted<PlanSessions>,
    fields: &Fields,
    (drafts, deletes): (&[Session], bool),
) -> Result<String, Failure> {
    let (actor, mut done) = (who.actor(), 0);
    for one in drafts {
        let settled = if deletes {
            discard_session(&desk.ctx, &actor, &one.code).await
        } else {
            let drawn = fields.get(&drawn_name(&one.code)).parse().ok();
            publish_session(&desk.ctx, &actor, &one.code, drawn.as_ref()).await
        };
        match settled {
            Ok(()) => done += 1,
            Err(PlanError::Store(error)) => {
                let list = paths::office::drafts();
                return Err(Failure::from(error).leads(list, "Back to the drafts"));
            }
            Err(_) => {}
        }
    }
    let what = if deletes { "deleted" } else { "published" };
    Ok(format!("{what}-{done}-{}", drafts.len() - done))
}
