//! A private feed (C3): what a calendar app gets.

use std::io::Cursor;

use rocket::{
    Request, Response, Route, State, get,
    http::{ContentType, Header, Status},
    response::{self, Responder},
    routes,
};

use crate::{
    actions::calendars::keep_feed::open_feed,
    calendar::{
        feed::{Feed, FeedHead},
        private_feed::{Led, OwnPlace, attendee_feed, season_feed, trainer_feed},
    },
    domain::{
        id::StaffLogin,
        permission::{Permission, allows, allows_somewhere},
        private_feed::{FeedOwner, SeasonFeed},
        session::{Publication, Session},
    },
    store::{invitations, private_feeds, removed_days, sessions, staff, stamps, watch},
    token::Token,
    web::{Desk, failure::Failure, ics::calendar_head, kept::Kept, param::Ics},
};

/// What a calendar app gets: never a page, and never a way elsewhere.
enum Answer {
    Feed(Kept),
    Unknown,
    Busy(u64),
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let plain = |status, text: &'static str| {
            let mut answer = Response::build();
            answer.status(status).header(ContentType::Plain);
            answer.sized_body(text.len(), Cursor::new(text));
            answer
        };
        match self {
            Self::Feed(kept) => kept.respond_to(request),
            Self::Unknown => plain(Status::NotFound, "There is no such calendar.\n").ok(),
            Self::Busy(seconds) => {
                let mut answer = plain(Status::TooManyRequests, "Too often. Please wait.\n");
                answer.header(Header::new("Retry-After", seconds.to_string())).ok()
            }
        }
    }
}

#[get("/feeds/p/<name>", rank = 1)]
async fn feed(desk: &State<Desk>, name: Result<Ics<Token>, ()>) -> Result<Answer, Failure> {
    let Ok(Ics(token)) = name else { return Ok(Answer::Unknown) };
    let Some(owner) = open_feed(&desk.ctx, &token).await? else { return Ok(Answer::Unknown) };
    if let Some(limits) = &desk.limits
        && let Err(seconds) = limits.count_feed(token.hash())
    {
        return Ok(Answer::Busy(seconds));
    }
    let drawn = match &owner {
        FeedOwner::Attendee { .. } => of_attendee(desk, &owner).await?,
        FeedOwner::Trainer(login) => of_trainer(desk, login).await?,
        FeedOwner::Season(season) => match of_season(desk, season).await? {
            Some(feed) => feed,
            None => return Ok(Answer::Unknown),
        },
    };
    let disposition = "inline; filename=\"my-training.ics\"".to_owned();
    let headers = vec![("Cache-Control", "private, no-cache".to_owned())];
    // What changed within this second may change again in it; then only the ETag tells.
    let settled = desk.ctx.now() - chrono::Duration::seconds(2);
    let modified = drawn.last_modified.filter(|at| *at < settled);
    Ok(Answer::Feed(Kept::once(calendar_head(modified, disposition, headers), drawn.body)))
}

fn head<'a>(name: &'a str, description: &'a str, first: Option<&Session>) -> FeedHead<'a> {
    let zone = first.map_or(chrono_tz::Europe::London, Session::zone);
    FeedHead { name, description, source: None, zone, renamed: None }
}

async fn of_attendee(desk: &Desk, owner: &FeedOwner) -> Result<Feed, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut places = Vec::new();
    for (id, code) in private_feeds::places_of(&mut conn, owner).await? {
        let invitations = invitations::all_of(&mut conn, id).await?;
        if invitations.is_empty() {
            continue;
        }
        let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
        let removed = removed_days::of_session(&mut conn, &code).await?;
        places.push(OwnPlace { session, invitations, removed });
    }
    drop(conn);
    let head =
        head("My training", "Places booked for me", places.first().map(|place| &place.session));
    let mut feed = attendee_feed(&desk.ctx.publisher, &head, &places, desk.ctx.now());
    // What she gave up is gone at once: that it went is a change as well.
    let told = places.iter().flat_map(|place| &place.invitations).map(|one| one.stamp).max();
    feed.last_modified = feed.last_modified.max(told);
    Ok(feed)
}

async fn of_trainer(desk: &Desk, login: &StaffLogin) -> Result<Feed, Failure> {
    let led = with_fill(desk, |one| one.publication != Publication::Draft && one.is_led_by(login));
    let led = led.await?;
    let head = head("Sessions I lead", "Training I lead", led.first().map(|one| &one.session));
    Ok(trainer_feed(&desk.ctx.publisher, &head, &led, desk.ctx.now()))
}

/// What she may see at this moment; `None` if she looks after no season any more.
async fn of_season(desk: &Desk, season: &SeasonFeed) -> Result<Option<Feed>, Failure> {
    let found = staff::find(&mut desk.ctx.store.read().await?, &season.login).await?;
    let may = Permission::WatchSessions;
    let Some(member) = found.filter(|member| allows_somewhere(member, may)) else {
        return Ok(None);
    };
    let is_asked = |one: &Session| {
        let slug = &one.alliance.slug;
        season.alliance.as_ref().is_none_or(|asked| asked == slug) && allows(&member, may, one)
    };
    let sessions = with_fill(desk, is_asked).await?;
    let first = sessions.first().map(|one| &one.session);
    let head = head("Our season", "The sessions we look after", first);
    let shown = (sessions.as_slice(), season.drafts);
    Ok(Some(season_feed(&desk.ctx.publisher, &head, shown, desk.ctx.now())))
}

/// The sessions that feeds show, with how full they are.
async fn with_fill(desk: &Desk, is_shown: impl Fn(&Session) -> bool) -> Result<Vec<Led>, Failure> {
    let since = desk.ctx.now() - chrono::Duration::days(61);
    let mut conn = desk.ctx.store.read().await?;
    let mut fills = watch::fill_levels(&mut conn, since).await?;
    let mut shown = sessions::ending_after(&mut conn, since).await?;
    let mut heads = stamps::heads(&mut conn, since).await?;
    let mut removed = removed_days::since(&mut conn, since).await?;
    drop(conn);
    shown.retain(is_shown);
    let with_fill = |session: Session| {
        let fill = fills.remove(&session.code).unwrap_or_default();
        let removed = removed.remove(&session.code).unwrap_or_default();
        let heads = heads.remove(&session.code).unwrap_or_default();
        Led { session, fill, heads, removed }
    };
    Ok(shown.into_iter().map(with_fill).collect())
}

pub fn routes() -> Vec<Route> {
    routes![feed]
}
