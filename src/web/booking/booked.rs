//! Booked, asked for, or on the waiting list.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::{letters::spare_strangers::uninvited, places::standing::standing},
    domain::{
        contact::EmailAddress,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    store::help_offers,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        leader::{
            self,
            together::{self, Evening},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        qr,
    },
};

/// Booked, asked for, or on the waiting list.
#[derive(Debug, Template)]
#[template(path = "booking/booked.html")]
struct Booked {
    chrome: Chrome,
    session: Session,
    /// What was booked.
    registration: Registration,
    /// Where it stands in the queue, if some of its places wait.
    position: Option<usize>,
    /// The evenings that were booked together.
    evenings: Vec<Evening>,
    /// With what the session helps: where it is asked for, and in which words.
    help: Option<(Href, String)>,
    /// To which addresses no invite has gone yet.
    uninvited: Vec<String>,
    /// How many a day go to such an address.
    most_invites: u32,
    /// The session's calendar file.
    ics_href: Href,
    /// The leader's private page.
    manage_href: Href,
    /// Where she makes messages and slips for her people.
    share_href: Href,
    /// Where she says how they stay overnight.
    stay_href: Href,
    /// The same as she would type it, where no letter brings it to her.
    private_link: String,
}

impl Booked {
    fn people(&self) -> Vec<&Place> {
        self.registration.places.iter().filter(|place| place.state.status().is_open()).collect()
    }

    /// The addresses to which no invite has gone yet, in words; empty: there is none.
    pub fn no_invite(&self) -> String {
        wording::list(&self.uninvited)
    }

    /// `3 invites`, which go there in a day.
    pub fn invites_a_day(&self) -> String {
        wording::count(self.most_invites as usize, "invite", "invites")
    }

    /// Whether the leader's own letter has left, or leaves now.
    fn is_leader_told(&self) -> bool {
        let email = self.registration.leader.email.as_ref().map(EmailAddress::as_str);
        email.is_some_and(|email| self.uninvited.iter().all(|one| one != email))
    }

    fn is_request(&self) -> bool {
        !self.is_booked() && self.count(PlaceStatus::Requested) > 0
    }

    fn is_booked(&self) -> bool {
        self.count(PlaceStatus::Confirmed) > 0
    }

    /// Whether everybody who comes has an invite in a letter of her own.
    fn all_invited(&self) -> bool {
        self.registration.reachable().count() == self.count(PlaceStatus::Confirmed)
    }

    /// How the leader's own days come by letter.
    fn invite_words(&self) -> &'static str {
        leader::words::invite_words(&self.session)
    }

    /// Whether the leader has one, whose events she can add here as well.
    fn is_invited(&self) -> bool {
        self.registration.own_place().is_some()
    }

    /// The link as a code for a phone's camera, in SVG.
    fn code(&self) -> Option<String> {
        qr::svg(&self.private_link)
    }

    fn count(&self, status: PlaceStatus) -> usize {
        self.registration.places_in(status).count()
    }

    fn heading(&self) -> String {
        match self.position {
            _ if self.is_booked() => "You\u{2019}re booked".to_owned(),
            _ if self.is_request() => "We have your request".to_owned(),
            Some(position) => format!("You\u{2019}re number {position}"),
            None => "Your booking".to_owned(),
        }
    }

    /// `1 place on Two-day leadership for St Brigid's. 1 person is on the waiting list.`
    fn lede(&self) -> String {
        let title = match self.evenings.len() {
            0 | 1 => self.session.course.title.clone(),
            many => format!("{}, {many} evenings", self.session.course.title),
        };
        let sender = self.registration.sender.name();
        let whom = sender.map_or_else(String::new, |name| format!(" for {name}"));
        let (confirmed, waiting) =
            (self.count(PlaceStatus::Confirmed), self.count(PlaceStatus::Waiting));
        let requested = self.count(PlaceStatus::Requested);
        if confirmed == 0 && waiting > 0 {
            return format!("You are on the waiting list for {title}{whom}.");
        }
        let places = wording::count(confirmed.max(requested), "place", "places");
        let mut lede = format!("{places} on {title}{whom}.");
        if confirmed > 0 && waiting > 0 {
            let people = wording::count(waiting, "person is", "people are");
            lede += &format!(" {people} on the waiting list.");
        }
        if confirmed > 0 && requested > 0 {
            let people = wording::count(requested, "person waits", "people wait");
            lede += &format!(" {people} for the organiser\u{2019}s answer.");
        }
        lede
    }

    fn waiting_rule(&self) -> String {
        wording::waiting_rule(self.registration.team, self.count(PlaceStatus::Waiting))
    }

    /// When whoever waits stops hoping: the close of booking.
    fn closes(&self) -> String {
        let closes = self.session.closes_at();
        closes.map_or_else(String::new, |at| wording::moment(at, self.session.zone()))
    }

    fn names(&self, with_email: bool) -> String {
        let leader = &self.registration.leader.name;
        let names: Vec<&str> = self
            .registration
            .confirmed()
            .filter_map(|place| place.attendee.as_ref())
            .filter(|who| who.email.is_some() == with_email && who.name != *leader)
            .map(|who| who.name.as_str())
            .collect();
        wording::list(&names)
    }

    /// Whose addresses are missing, after "You did not give us".
    fn missing_addresses(&self) -> &'static str {
        if self.names(false).contains(" and ") {
            "their email addresses"
        } else {
            "an email address"
        }
    }

    fn everybody(&self) -> String {
        let name = |place: &&Place| {
            place.attendee.as_ref().map_or("name to follow", |who| who.name.as_str()).to_owned()
        };
        wording::list(&self.people().iter().map(name).collect::<Vec<_>>())
    }
}

/// Where help is asked for: for the one person of a booking, or on the page with all of them.
fn help_href(token: &Token, registration: &Registration) -> Href {
    match registration.places.as_slice() {
        [one] if one.attendee.is_some() => paths::help_requests::for_person(token, &one.number),
        _ => paths::leader::booking(token),
    }
}

#[get("/r/<token>/booked")]
async fn booked(desk: &State<Desk>, token: Token) -> Result<Page<Booked>, Failure> {
    let (session, registration) = leader::opened::booked(desk, &token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let position = standing(&mut conn, &registration).await?;
    let offers = help_offers::of_session(&mut conn, &session.code).await?.offers;
    drop(conn);
    let helps: Vec<_> = offers.iter().map(|one| one.kind.asked()).collect();
    let help =
        (!helps.is_empty()).then(|| (help_href(&token, &registration), wording::list(&helps)));
    Ok(Page::ok(Booked {
        evenings: together::booked(desk, registration.id).await?,
        position,
        help,
        uninvited: uninvited(&desk.ctx, registration.id).await?,
        most_invites: desk.ctx.invites_a_day.unwrap_or_default(),
        chrome: desk.private_chrome(Area::Find),
        session,
        registration,
        ics_href: paths::leader::calendar_ics(&token),
        manage_href: paths::leader::booking(&token),
        share_href: paths::leader::share(&token),
        stay_href: paths::stay::of_booking(&token),
        private_link: desk.ctx.manage_url(&token),
    }))
}

pub fn routes() -> Vec<Route> {
    routes![booked]
}
