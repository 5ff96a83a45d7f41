//! Private feeds (C3), and the pages on which their owners make, replace and end them.

use std::io::Cursor;

use rocket::{
    Request, Response, Route, State, get,
    http::{ContentType, Header, Status},
    post,
    response::{self, Redirect, Responder},
    routes,
};

use crate::{
    actions::calendars::keep_feed::{make_feed, open_feed, stop_feed},
    calendar::{
        feed::{Feed, FeedHead},
        private_feed::{OwnPlace, attendee_feed, trainer_feed},
    },
    domain::{
        audit::Actor,
        id::StaffLogin,
        private_feed::FeedOwner,
        session::{Publication, Session},
    },
    store::{invitations, private_feeds, sessions, watch},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        guard::{SameOrigin, SignedIn},
        kept::Kept,
        page::{Area, Chrome, Page},
        param::Ics,
        public::private_calendar::{PrivateCalendarPage, PrivateLinks},
        routes::{feeds, place},
    },
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
    };
    // Without a date: the head count changes without one, and the ETag knows.
    let disposition = "inline; filename=\"my-training.ics\"".to_owned();
    Ok(Answer::Feed(Kept::once(feeds::head(None, disposition, vec![]), drawn.body)))
}

fn head<'a>(name: &'a str, description: &'a str, first: Option<&Session>) -> FeedHead<'a> {
    let zone = first.map_or(chrono_tz::Europe::London, Session::zone);
    FeedHead { name, description, source: None, zone }
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
        places.push(OwnPlace { session, invitations });
    }
    drop(conn);
    let head =
        head("My training", "Places booked for me", places.first().map(|place| &place.session));
    Ok(attendee_feed(&desk.ctx.publisher, &head, &places, desk.ctx.now()))
}

async fn of_trainer(desk: &Desk, login: &StaffLogin) -> Result<Feed, Failure> {
    let now = desk.ctx.now();
    let since = now - chrono::Duration::days(61);
    let mut conn = desk.ctx.store.read().await?;
    let mut fills = watch::fill_levels(&mut conn, since).await?;
    let mut led = sessions::ending_after(&mut conn, since).await?;
    drop(conn);
    led.retain(|one| one.publication != Publication::Draft && one.is_led_by(login));
    let with_fill = |session: Session| {
        let fill = fills.remove(&session.code).unwrap_or_default();
        (session, fill)
    };
    let led: Vec<_> = led.into_iter().map(with_fill).collect();
    let head = head("Sessions I lead", "Training I lead", led.first().map(|(one, _)| one));
    Ok(trainer_feed(&desk.ctx.publisher, &head, &led, now))
}

/// The page, with the address where it has just been made.
async fn page(
    desk: &Desk,
    chrome: Chrome,
    owner: &FeedOwner,
    base: String,
    made: Option<&Token>,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let feed = private_feeds::of_owner(&mut conn, owner).await?;
    let url =
        |token: &Token| format!("{}/feeds/p/{}.ics", desk.ctx.sender.base_url, token.secret());
    Ok(Page::ok(PrivateCalendarPage {
        chrome,
        for_trainer: matches!(owner, FeedOwner::Trainer(_)),
        back: base.trim_end_matches("/calendar").to_owned(),
        base,
        feed,
        made: made.map(|token| PrivateLinks::to(&url(token))),
    }))
}

async fn attendee(desk: &Desk, token: &Token) -> Result<FeedOwner, Failure> {
    let opened = place::open(desk, token).await?;
    let attendee = opened.place.attendee.ok_or(Failure::NotFound)?;
    let email = attendee.email.ok_or(Failure::NotFound)?;
    Ok(FeedOwner::Attendee { email, name: attendee.name })
}

fn attendee_base(token: &Token) -> String {
    format!("/p/{}/calendar", token.secret())
}

#[get("/p/<token>/calendar")]
async fn attendee_page(
    desk: &State<Desk>,
    token: Token,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let owner = attendee(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    page(desk, chrome, &owner, attendee_base(&token), None).await
}

#[post("/p/<token>/calendar")]
async fn attendee_make(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let owner = attendee(desk, &token).await?;
    let made = make_feed(&desk.ctx, &Actor::Attendee, &owner).await?;
    let chrome = desk.private_chrome(Area::Booking);
    page(desk, chrome, &owner, attendee_base(&token), Some(&made)).await
}

#[post("/p/<token>/calendar/stop")]
async fn attendee_stop(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Redirect, Failure> {
    let owner = attendee(desk, &token).await?;
    stop_feed(&desk.ctx, &Actor::Attendee, &owner).await?;
    Ok(Redirect::to(attendee_base(&token)))
}

const TRAINER_BASE: &str = "/trainer/calendar";

fn trainer(who: &SignedIn) -> FeedOwner {
    FeedOwner::Trainer(who.member.login.clone())
}

#[get("/trainer/calendar")]
async fn trainer_page(
    desk: &State<Desk>,
    who: SignedIn,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let chrome = desk.staff_chrome(&who.member);
    page(desk, chrome, &trainer(&who), TRAINER_BASE.to_owned(), None).await
}

#[post("/trainer/calendar")]
async fn trainer_make(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let owner = trainer(&who);
    let made = make_feed(&desk.ctx, &Actor::Staff(who.member.login.clone()), &owner).await?;
    let chrome = desk.staff_chrome(&who.member);
    page(desk, chrome, &owner, TRAINER_BASE.to_owned(), Some(&made)).await
}

#[post("/trainer/calendar/stop")]
async fn trainer_stop(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
) -> Result<Redirect, Failure> {
    let actor = Actor::Staff(who.member.login.clone());
    stop_feed(&desk.ctx, &actor, &trainer(&who)).await?;
    Ok(Redirect::to(TRAINER_BASE))
}

pub fn routes() -> Vec<Route> {
    routes![
        feed,
        attendee_page,
        attendee_make,
        attendee_stop,
        trainer_page,
        trainer_make,
        trainer_stop
    ]
}
