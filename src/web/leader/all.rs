//! Everything of one leader on one page: her bookings, and what her institutions pledged.
//!
//! Whose bookings they are is decided by the address, and only for whoever was sent a link to it: anybody may book
//! under any address, and sees the link of that booking on the page. Whoever gave only a number has a link for each
//! booking and nothing that joins them, since nothing shows whose a number is.

use std::collections::HashMap;

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::recover_links::{open_another, recover_links},
    domain::{
        id::{RegistrationId, SessionCode},
        place::PlaceStatus,
        reference::Reference,
        registration::Registration,
        session::{Publication, Session},
        wording,
    },
    store::{Conn, StoreError, links, pledges, registrations, sessions},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        guard::SameOrigin,
        leader::{opened::booked, words::when},
        limits::LinkPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Everything of one leader.
#[derive(Template)]
#[template(path = "leader/all.html")]
struct AllPage {
    chrome: Chrome,
    /// The booking whose link it is.
    own: Registration,
    /// Whether the link was sent to her address; else only this booking is shown.
    is_proven: bool,
    /// By what became of them, those with any.
    groups: Vec<Group>,
    pledges: Vec<PledgeLine>,
    notice: Option<&'static str>,
    /// Their private link.
    token: Token,
}

impl AllPage {
    fn is_own(&self, line: &Line) -> bool {
        line.reference == self.own.reference
    }
}

/// Bookings under one heading.
struct Group {
    heading: &'static str,
    id: &'static str,
    lines: Vec<Line>,
}

/// One booking.
struct Line {
    reference: Reference,
    title: String,
    when: String,
    place: String,
    /// `3 people are coming`.
    standing: String,
    /// Whether a link to it still opens it (P6).
    opens: bool,
}

/// What an institution promised to bring.
struct PledgeLine {
    institution: String,
    title: String,
    days: String,
    people: u32,
}

/// What became of a booking, in the order of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Waiting,
    ToCome,
    Past,
    Cancelled,
}

const KINDS: [(Kind, &str, &str); 4] = [
    (Kind::ToCome, "To come", "to-come"),
    (Kind::Waiting, "Waiting for an answer", "waiting"),
    (Kind::Past, "Past", "past"),
    (Kind::Cancelled, "Cancelled, or not given", "cancelled"),
];

fn kind(session: &Session, booking: &Registration, now: DateTime<Utc>) -> Kind {
    let count = |status| booking.places_in(status).count();
    let waits = [PlaceStatus::Waiting, PlaceStatus::Offered, PlaceStatus::Requested];
    let is_open = booking.places.iter().any(|place| place.state.status().is_open());
    if !is_open || matches!(session.publication, Publication::Cancelled { .. }) {
        Kind::Cancelled
    } else if session.is_over(now) {
        Kind::Past
    } else if count(PlaceStatus::Confirmed) > 0 {
        Kind::ToCome
    } else if waits.into_iter().any(|status| count(status) > 0) {
        Kind::Waiting
    } else {
        Kind::Cancelled
    }
}

fn standing(session: &Session, booking: &Registration, now: DateTime<Utc>) -> String {
    let said = [
        (PlaceStatus::Confirmed, "person has a place", "people have a place"),
        (
            PlaceStatus::Offered,
            "place is kept for you: answer soon",
            "places are kept for you: answer soon",
        ),
        (PlaceStatus::Requested, "person is asked for", "people are asked for"),
        (PlaceStatus::Waiting, "person waits", "people wait"),
    ];
    let counts = said.into_iter().filter_map(|(status, one, many)| {
        let count = booking.places_in(status).count();
        (count > 0).then(|| wording::count(count, one, many))
    });
    let counts: Vec<_> = counts.collect();
    match &session.publication {
        Publication::Cancelled { .. } => "The session was cancelled".to_owned(),
        _ if counts.is_empty() => "Nobody has a place".to_owned(),
        _ if session.is_over(now) => {
            let had = booking.confirmed().count();
            wording::count(had, "person had a place", "people had a place")
        }
        _ => wording::list(&counts),
    }
}

/// The sessions of some bookings.
async fn sessions_of(
    conn: &mut Conn,
    codes: impl IntoIterator<Item = SessionCode>,
) -> Result<HashMap<SessionCode, Session>, StoreError> {
    let mut found = HashMap::new();
    for code in codes {
        if !found.contains_key(&code)
            && let Some(session) = sessions::find(conn, &code).await?
        {
            found.insert(code, session);
        }
    }
    Ok(found)
}

fn groups(
    bookings: &[Registration],
    sessions: &HashMap<SessionCode, Session>,
    now: DateTime<Utc>,
) -> Vec<Group> {
    let mut known: Vec<(&Session, &Registration)> =
        bookings.iter().filter_map(|one| Some((sessions.get(&one.session)?, one))).collect();
    known.sort_by_key(|(session, _)| session.starts_at());
    let line = |(session, booking): &(&Session, &Registration)| Line {
        reference: booking.reference.clone(),
        title: session.course.title.clone(),
        when: when(session),
        place: session.location.public_line(),
        standing: standing(session, booking, now),
        opens: session
            .ends_at()
            .is_some_and(|end| end > now - crate::domain::retention::LINKS_LAST),
    };
    let group = |(wanted, heading, id): (Kind, &'static str, &'static str)| {
        let mine = known.iter().filter(|(session, one)| kind(session, one, now) == wanted);
        let mut lines: Vec<Line> = mine.map(line).collect();
        if wanted == Kind::Past {
            lines.reverse();
        }
        Group { heading, id, lines }
    };
    KINDS.into_iter().map(group).filter(|group| !group.lines.is_empty()).collect()
}

/// What her institutions pledged: for sessions on which she booked for them, and for those about which the office
/// would ask her.
async fn pledged(
    conn: &mut Conn,
    bookings: &[Registration],
    now: DateTime<Utc>,
) -> Result<Vec<PledgeLine>, StoreError> {
    let mut lines = Vec::new();
    let mut seen = Vec::new();
    for booking in bookings {
        let (Some(code), Some(name)) = (booking.sender.code(), booking.sender.name()) else {
            continue;
        };
        if seen.contains(&code) {
            continue;
        }
        seen.push(code);
        for (session, people) in pledges::to_come(conn, code, now).await? {
            let hers =
                |one: &Registration| one.session == session && one.sender.code() == Some(code);
            let asked: Option<RegistrationId> = pledges::contact(conn, &session, code).await?;
            let is_asked = bookings.iter().any(|one| Some(one.id) == asked);
            if !is_asked && !bookings.iter().any(hers) {
                continue;
            }
            let Some(session) = sessions::find(conn, &session).await? else { continue };
            lines.push(PledgeLine {
                institution: name.to_owned(),
                title: session.course.title.clone(),
                days: wording::days(&session),
                people,
            });
        }
    }
    Ok(lines)
}

#[get("/r/<token>/all?<done>")]
async fn all(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<AllPage>, Failure> {
    let (_, own) = booked(desk, &token).await?;
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let is_proven = links::proves_address(&mut conn, token.hash()).await?;
    let bookings = match &own.leader.email {
        Some(email) if is_proven => registrations::all_led_by(&mut conn, email).await?,
        _ => vec![own.clone()],
    };
    let codes = bookings.iter().map(|one| one.session.clone()).collect::<Vec<_>>();
    let sessions = sessions_of(&mut conn, codes).await?;
    let pledges = pledged(&mut conn, &bookings, now).await?;
    let notice = match done {
        Some("sent") => Some("We have emailed you a link to one page with everything."),
        Some("not-sent") => Some(
            "We sent no letter: nothing is to come under your address, or several went there within the hour.",
        ),
        _ => None,
    };
    let chrome = desk.private_chrome(Area::Booking);
    let groups = groups(&bookings, &sessions, now);
    Ok(Page::ok(AllPage { chrome, own, is_proven, groups, pledges, notice, token }))
}

/// The link to all of it goes to the address itself.
#[post("/r/<token>/all")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    token: Token,
) -> Result<Redirect, Failure> {
    let (_, own) = booked(desk, &token).await?;
    let is_sent = match &own.leader.email {
        Some(email) => recover_links(&desk.ctx, email).await?,
        None => false,
    };
    let done = if is_sent { "sent" } else { "not-sent" };
    Ok(Redirect::to(paths::leader::all(&token).done(done)))
}

#[post("/r/<token>/all/<reference>")]
async fn open(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    reference: Reference,
) -> Result<Redirect, Failure> {
    let (_, own) = booked(desk, &token).await?;
    if own.reference == reference {
        return Ok(Redirect::to(paths::leader::booking(&token)));
    }
    let other = open_another(&desk.ctx, &token, (&own, &reference)).await?;
    let other = other.ok_or(Failure::NotFound)?;
    Ok(Redirect::to(paths::leader::booking(&other)))
}

pub fn routes() -> Vec<Route> {
    routes![all, send, open]
}
