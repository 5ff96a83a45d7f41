//! A session's page.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{
    Route, State, get,
    http::{CookieJar, uri::Origin},
    routes,
};

use crate::{
    actions::booking::hold_places::held_until,
    domain::{
        help_request::HelpOffer,
        id::SessionCode,
        location::Location,
        page_words::DayWords,
        series::Bookable,
        session::{BookingMode, BookingStatus, Publication, Session},
        sitting::Sitting,
        wording,
    },
    store::{
        Concern, Matter, help_offers,
        introductions::{self, Introduction},
        session_changes, sessions,
    },
    web::{
        Desk,
        booking::{
            hold::{HOLD_COOKIE, own_hold},
            steps::Steps,
        },
        failure::Failure,
        kept::{Head, Kept},
        page::{Area, Chrome, render},
        paths::{self, Href},
        public::{
            add_links::AddLinks,
            elsewhere::Elsewhere,
            json_ld::JsonLd,
            listed::{can_book, listed},
            places_words::PlacesWords,
        },
    },
};

/// Places this browser holds, so that its own hold never says "full" to it.
#[derive(Debug, Clone)]
struct OwnHold {
    /// How many.
    pub places: u32,
    /// Until when, such as `10.42am`.
    pub until_words: String,
    /// Where to go on.
    pub href: Href,
}

impl OwnHold {
    fn words(&self) -> String {
        wording::count(self.places as usize, "place", "places")
    }
}

/// A session's page.
#[derive(Debug, Template)]
#[template(path = "public/session.html")]
struct SessionPage {
    chrome: Chrome,
    session: Session,
    /// Where else to go, if it cannot be booked.
    elsewhere: Elsewhere,
    /// Whoever leads it.
    trainers: Vec<Introduction>,
    /// With what whoever booked can be helped.
    help: Vec<HelpOffer>,
    /// What this browser holds.
    held: Option<OwnHold>,
    /// What search engines and other programs read.
    json_ld: JsonLd,
    url: String,
    now: DateTime<Utc>,
}

impl SessionPage {
    /// One sentence for whoever the page is sent to.
    fn preview(&self) -> String {
        let (days, hours) = (wording::days(&self.session), wording::hours(&self.session));
        format!("{days}, {hours}, {}", self.session.location.public_line())
    }

    /// The picture beside a link to the page.
    fn picture(&self) -> String {
        format!("{}/preview.png", self.url)
    }

    /// What other sites ask about a link to the page.
    fn oembed(&self) -> String {
        let path = paths::public::session(&self.session.code);
        let base = self.url.strip_suffix(path.as_str()).unwrap_or_default();
        format!("{base}{}", paths::public::oembed(&self.url))
    }

    /// What she sends to somebody else: what, when and where to look.
    fn shared(&self) -> String {
        format!("{}. {}. {}", self.session.course.title, self.preview(), self.url)
    }

    fn by_email(&self) -> String {
        let quoted = |text: &str| {
            let quoted: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            quoted.replace('+', "%20")
        };
        let (subject, body) = (quoted(&self.session.course.title), quoted(&self.shared()));
        format!("mailto:?subject={subject}&body={body}")
    }

    fn by_whatsapp(&self) -> String {
        let text: String = form_urlencoded::byte_serialize(self.shared().as_bytes()).collect();
        format!("https://wa.me/?text={text}")
    }

    fn add_links(&self) -> Vec<(String, AddLinks)> {
        let links = |sitting: &Sitting| AddLinks::to(&self.session, sitting, &self.url);
        self.session
            .sittings
            .iter()
            .map(|one| (wording::date(one.starts.date()), links(one)))
            .collect()
    }

    fn places(&self, session: &Session) -> PlacesWords {
        PlacesWords::of(session, self.now)
    }

    /// Where OpenStreetMap shows the venue; `None` where there is no address to look for.
    fn map(&self) -> Option<String> {
        let Location::Venue { name: _, address } = &self.session.location else { return None };
        if address.is_empty() {
            return None;
        }
        let quoted: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        Some(format!("https://www.openstreetmap.org/search?query={quoted}"))
    }

    /// What a day is called and what more there is to say, where anything is.
    fn about_day(&self, sitting: &Sitting) -> DayWords {
        self.session.words.day(sitting).cloned().unwrap_or_default()
    }

    /// Whether it is over.
    fn is_finished(&self) -> bool {
        self.session.booking_status(self.now) == BookingStatus::Finished
    }

    fn is_cancelled(&self) -> Option<&str> {
        match &self.session.publication {
            Publication::Cancelled { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether every place is taken while it could still be booked.
    fn is_full(&self) -> bool {
        matches!(self.session.booking_status(self.now), BookingStatus::Open { .. })
            && self.session.occupancy.free() == 0
    }

    fn by_application(&self) -> bool {
        self.session.mode == BookingMode::Approval
    }

    /// The courses that come before, where whoever lacks one can only ask.
    fn comes_after(&self) -> Option<String> {
        let before = &self.session.course.prerequisites;
        let titles: Vec<_> = before.iter().map(|one| one.title.as_str()).collect();
        (!titles.is_empty()).then(|| wording::list(&titles))
    }

    fn button(&self) -> &'static str {
        if self.by_application() || self.comes_after().is_some() {
            "Ask for places"
        } else {
            "Book places"
        }
    }

    fn closes(&self) -> String {
        let closes = self.session.closes_at();
        closes.map_or_else(String::new, |at| wording::moment(at, self.session.zone()))
    }

    /// Whether a phrase about access says what is missing.
    fn is_barrier(&self, phrase: &str) -> bool {
        phrase.starts_with("no ") || (phrase.contains("step") && !phrase.contains("step-free"))
    }

    /// `a bursary (up to £30 each) and childcare`.
    fn helps_with(&self) -> String {
        let one = |offer: &HelpOffer| match &offer.words {
            Some(words) => format!("{} ({words})", offer.kind.asked()),
            None => offer.kind.asked().to_owned(),
        };
        let all: Vec<String> = self.help.iter().map(one).collect();
        wording::list(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn initials(&self, name: &str) -> String {
        name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
    }
}

#[get("/sessions/<code>", rank = 2)]
pub async fn session(
    desk: &State<Desk>,
    code: SessionCode,
    cookies: &CookieJar<'_>,
    address: &Origin<'_>,
) -> Result<Kept, Failure> {
    // Whoever holds places sees a page of her own.
    if cookies.get(HOLD_COOKIE).is_some() {
        let page = session_page(desk, &code, Some(cookies)).await?;
        return Ok(Kept::once(Head::page().about(&page.session), render(&page)?));
    }
    let draw = async || {
        let page = session_page(desk, &code, None).await?;
        let concern = concern(&page.session, page.now);
        let head = Head::page().about(&page.session);
        Ok::<_, Failure>((head, render(&page)?, concern))
    };
    desk.kept(address.path().as_str(), draw).await
}

/// What a session's page concerns: itself, and where it cannot be booked whatever else there is.
fn concern(session: &Session, now: DateTime<Utc>) -> Concern {
    let mut of = vec![Matter::Session(session.code.clone())];
    if !can_book(session, now) {
        of.push(Matter::Everything);
    }
    Concern::all(of)
}

async fn session_page(
    desk: &Desk,
    code: &SessionCode,
    cookies: Option<&CookieJar<'_>>,
) -> Result<SessionPage, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
    if !session.has_page() {
        return Err(Failure::NotFound);
    }
    let previous = session_changes::previous_starts(&mut conn, code).await?;
    let help = help_offers::of_session(&mut conn, code).await?.offers;
    let trainers = introductions::of_session(&mut conn, code).await?;
    // Other dates stand there only where this one cannot be booked.
    let elsewhere = match can_book(&session, now) {
        true => Elsewhere::default(),
        false => Elsewhere::than(&session, listed(desk, &mut conn).await?, now),
    };
    drop(conn);
    let own = match cookies {
        Some(cookies) => own_hold(desk, cookies, code).await,
        None => None,
    };
    let held = own.map(|(token, registration)| {
        let until = held_until(&registration).unwrap_or(now).with_timezone(&session.zone());
        let open = registration.places.iter().filter(|place| place.state.status().is_open());
        OwnHold {
            places: u32::try_from(open.count()).unwrap_or(0),
            until_words: wording::time(until.time()),
            href: Steps::of(code, &token).people,
        }
    });
    let url = format!("{}{}", desk.ctx.letterhead.base_url, paths::public::session(&session.code));
    let json_ld = JsonLd::event(&session, &url, now, &previous);
    let chrome = desk.chrome(Area::Find);
    Ok(SessionPage { chrome, json_ld, url, session, elsewhere, trainers, help, held, now })
}

pub fn routes() -> Vec<Route> {
    routes![session]
}
