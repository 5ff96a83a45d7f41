//! The pages on which somebody makes, replaces and ends a calendar of her own: its address is a
//! secret, shown once.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::calendars::keep_feed::{attendee_owner, make_feed, stop_feed},
    domain::{
        audit::Actor,
        person::recognition_key,
        private_feed::{FeedOwner, PrivateFeed},
        wording,
    },
    store::{people, private_feeds},
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, opened},
        failure::Failure,
        guard::{SameOrigin, SignedIn},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        qr,
    },
};

/// The ways to a feed that was just made.
#[derive(Debug, Clone)]
pub struct PrivateLinks {
    /// Its address.
    pub https: String,
    /// The same for apps that open it by themselves: `webcals:`. `webcal:` starts unencrypted, so it is
    /// only for a site that is so anyway, such as the demo.
    pub webcal: String,
    /// The same as a code for a phone's camera, in SVG.
    pub code: Option<String>,
}

impl PrivateLinks {
    /// The ways to the feed at `url`.
    pub fn to(url: &str) -> Self {
        let webcal = match url.split_once("://") {
            Some(("https", rest)) => format!("webcals://{rest}"),
            Some((_, rest)) => format!("webcal://{rest}"),
            None => url.to_owned(),
        };
        Self { https: url.to_owned(), code: qr::svg(&webcal), webcal }
    }
}

/// Making, replacing and ending a calendar of one's own.
#[derive(Debug, Template)]
#[template(path = "private_calendar/page.html")]
struct PrivateCalendarPage {
    chrome: Chrome,
    /// Whether it is about sessions somebody leads, not places somebody has.
    for_trainer: bool,
    /// Where the reader came from.
    back: Href,
    /// The address of this page.
    here: Href,
    /// Where the calendar is ended.
    stop: Href,
    feed: Option<PrivateFeed>,
    /// The address, if it has just been made.
    made: Option<PrivateLinks>,
}

impl PrivateCalendarPage {
    fn made_on(&self, feed: &PrivateFeed) -> String {
        wording::long_date(feed.created_at.date_naive())
    }

    /// What is in it, as a sentence.
    fn contents(&self) -> &'static str {
        if self.for_trainer {
            "Every session you lead, with how many people are coming. It names nobody."
        } else {
            "Every place booked for you, also after your name or address is corrected. It names nobody else."
        }
    }
}

/// The page, with the address where it has just been made.
async fn page(
    desk: &Desk,
    chrome: Chrome,
    owner: Option<&FeedOwner>,
    (back, here, stop): (Href, Href, Href),
    made: Option<&Token>,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let feed = match owner {
        Some(owner) => private_feeds::of_owner(&mut conn, owner).await?,
        None => None,
    };
    let base_url = &desk.ctx.letterhead.base_url;
    let url = |token: &Token| format!("{base_url}{}", paths::public::private_feed(token));
    Ok(Page::ok(PrivateCalendarPage {
        chrome,
        for_trainer: matches!(owner, Some(FeedOwner::Trainer(_))),
        back,
        here,
        stop,
        feed,
        made: made.map(|token| PrivateLinks::to(&url(token))),
    }))
}

/// The person on a place, if we know her by now, and whose feed it would be.
async fn known(desk: &Desk, token: &Token) -> Result<(Opened, Option<FeedOwner>), Failure> {
    let opened = opened(desk, token).await?;
    let attendee = opened.place.attendee.as_ref().ok_or(Failure::NotFound)?;
    let (name, email) = (attendee.name.clone(), attendee.email.clone().ok_or(Failure::NotFound)?);
    let mut conn = desk.ctx.store.read().await?;
    let person = match people::of_place(&mut conn, opened.place.id).await? {
        Some(person) => Some(person),
        None => {
            let key = recognition_key(&name, Some(&email), None);
            people::recognised(&mut conn, &key).await?
        }
    };
    let owner = person.map(|person| FeedOwner::Attendee { person, email, name });
    Ok((opened, owner))
}

/// Where an attendee's page leads: back, to itself, and to its end.
fn attendee_links(token: &Token) -> (Href, Href, Href) {
    use paths::attendee::{calendar, calendar_stop, place};
    (place(token), calendar(token), calendar_stop(token))
}

#[get("/p/<token>/calendar")]
async fn attendee_page(
    desk: &State<Desk>,
    token: Token,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let (_, owner) = known(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    page(desk, chrome, owner.as_ref(), attendee_links(&token), None).await
}

#[post("/p/<token>/calendar")]
async fn attendee_make(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let (opened, _) = known(desk, &token).await?;
    let (place, institution) = (&opened.place, opened.registration.sender.code());
    let who = place.attendee.as_ref().ok_or(Failure::NotFound)?;
    let owner = attendee_owner(&desk.ctx, (place.id, who), institution).await?;
    let owner = owner.ok_or(Failure::NotFound)?;
    let made = make_feed(&desk.ctx, &Actor::Attendee, &owner).await?;
    let chrome = desk.private_chrome(Area::Booking);
    page(desk, chrome, Some(&owner), attendee_links(&token), Some(&made)).await
}

#[post("/p/<token>/calendar/stop")]
async fn attendee_stop(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
) -> Result<Redirect, Failure> {
    if let (_, Some(owner)) = known(desk, &token).await? {
        stop_feed(&desk.ctx, &Actor::Attendee, &owner).await?;
    }
    Ok(Redirect::to(paths::attendee::calendar(&token)))
}

/// The same of a trainer's.
fn trainer_links() -> (Href, Href, Href) {
    use paths::trainer::{calendar, calendar_stop, sessions};
    (sessions(), calendar(), calendar_stop())
}

fn trainer(who: &SignedIn) -> FeedOwner {
    FeedOwner::Trainer(who.member.login.clone())
}

#[get("/trainer/calendar")]
async fn trainer_page(
    desk: &State<Desk>,
    who: SignedIn,
) -> Result<Page<PrivateCalendarPage>, Failure> {
    let chrome = desk.staff_chrome(&who.member);
    page(desk, chrome, Some(&trainer(&who)), trainer_links(), None).await
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
    page(desk, chrome, Some(&owner), trainer_links(), Some(&made)).await
}

#[post("/trainer/calendar/stop")]
async fn trainer_stop(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
) -> Result<Redirect, Failure> {
    let actor = Actor::Staff(who.member.login.clone());
    stop_feed(&desk.ctx, &actor, &trainer(&who)).await?;
    Ok(Redirect::to(paths::trainer::calendar()))
}

pub fn routes() -> Vec<Route> {
    routes![attendee_page, attendee_make, attendee_stop, trainer_page, trainer_make, trainer_stop]
}
