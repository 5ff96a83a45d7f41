//! Booking, step by step.

use askama::Template;

use super::super::{form::FormState, page::Chrome};
use crate::domain::{
    institution::Institution,
    place::{Place, PlaceStatus},
    registration::Registration,
    session::{BookingMode, Session},
    wording,
};

/// Step 1: how many places, and who is booking.
#[derive(Debug, Template)]
#[template(path = "public/book.html")]
pub struct BookingStart {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The institutions to choose from, by alliance.
    pub groups: Vec<(String, Vec<Institution>)>,
    /// What the form is for.
    pub kind: StartKind,
    /// What was typed.
    pub form: FormState,
}

/// What the first step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartKind {
    /// Places are held.
    Hold {
        /// Whether fewer were left than were asked for, so that waiting is offered.
        short: bool,
    },
    /// The waiting list.
    Wait {
        /// How many registrations wait already.
        ahead: usize,
        /// How long an offer usually lasts, in hours.
        hours: i64,
    },
    /// A request, though every place is taken: the organiser decides.
    Ask,
}

impl BookingStart {
    fn title(&self) -> &'static str {
        match self.kind {
            StartKind::Hold { .. } => "How many places, and who are you?",
            StartKind::Wait { .. } => "Join the waiting list",
            StartKind::Ask => "Ask for places",
        }
    }

    fn is_hold(&self) -> bool {
        matches!(self.kind, StartKind::Hold { .. })
    }

    fn offers_list(&self) -> bool {
        self.kind == StartKind::Hold { short: true }
    }

    fn action(&self) -> String {
        let step = if self.is_hold() { "register" } else { "waiting-list" };
        format!("/sessions/{}/{step}", self.session.code)
    }

    /// What somebody who joins the list should know first.
    fn rule(&self) -> Option<String> {
        match self.kind {
            StartKind::Wait { ahead, hours } => {
                let ahead = match ahead {
                    0 => "Nobody is ahead of you.".to_owned(),
                    1 => "1 booking is ahead of you.".to_owned(),
                    many => format!("{many} bookings are ahead of you."),
                };
                Some(format!(
                    "{ahead} If a place comes free we email the first on the list it is enough \
                     for. They have {hours} hours to take it, less when the day is near, then we \
                     offer it to the next."
                ))
            }
            StartKind::Ask => Some(
                "Every place is taken for now. The organiser reads each request and answers by \
                 email."
                    .to_owned(),
            ),
            StartKind::Hold { .. } => None,
        }
    }

    /// Whether a team might have to be split, so that its leader is asked beforehand (B4).
    fn asks_team(&self) -> bool {
        let session = &self.session;
        session.waiting_list
            && session.mode == BookingMode::Instant
            && session.places_per_booking > 1
            && (!self.is_hold()
                || session.places_per_institution.is_some()
                || session.occupancy.open_to_all() < 2 * session.places_per_booking)
    }

    fn asks_nomination(&self) -> bool {
        !self.is_hold() && !self.session.course.prerequisites.is_empty()
    }

    fn numbers(&self) -> Vec<String> {
        (1..=self.session.places_per_booking).map(|number| number.to_string()).collect()
    }
}

/// Step 2: who is coming, while the places are held.
#[derive(Debug, Template)]
#[template(path = "public/book_people.html")]
pub struct BookingPeople {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// What is held.
    pub registration: Registration,
    /// What happened to the hold, if it ran out.
    pub notice: Option<String>,
    /// Until when the places are held; empty if they are not.
    pub until_words: String,
    /// Step 1.
    pub start_href: String,
    /// This step.
    pub people_href: String,
    /// Where the hold is made longer.
    pub hold_href: String,
    /// By how many minutes.
    pub hold_minutes: i64,
    /// What was typed.
    pub form: FormState,
}

impl BookingPeople {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn is_leader(&self, place: &Place) -> bool {
        let leader = &self.registration.leader;
        place.attendee.as_ref().is_some_and(|who| who.name == leader.name) && place.number == 1
    }

    fn last(&self) -> u32 {
        self.held().last().map_or(1, |place| place.number)
    }
}

/// Step 3: check, then book.
#[derive(Debug, Template)]
#[template(path = "public/book_check.html")]
pub struct BookingCheck {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// What is held.
    pub registration: Registration,
    /// Until when.
    pub until_words: String,
    /// Step 1.
    pub start_href: String,
    /// Step 2.
    pub people_href: String,
    /// This step.
    pub check_href: String,
    /// Who, as far as we know, has not done the course that comes before (B7).
    pub nominated: Vec<String>,
    /// Whether the box was ticked, and what is said for those who lack a course.
    pub form: FormState,
}

impl BookingCheck {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn count(&self) -> String {
        wording::count(self.held().len(), "place", "places")
    }

    /// How many people will wait because fewer places could be held (B4).
    fn will_wait(&self) -> usize {
        (self.registration.asked as usize).saturating_sub(self.held().len())
    }

    /// What the button does: `Book 2 places`, or `Ask for 2 places` where the organiser decides.
    fn button(&self) -> String {
        let is_request =
            self.session.mode == BookingMode::Approval || self.nominated.len() == self.held().len();
        let verb = if is_request { "Ask for" } else { "Book" };
        format!("{verb} {}", self.count())
    }

    fn prerequisites(&self) -> String {
        let titles: Vec<&str> =
            self.session.course.prerequisites.iter().map(|one| one.title.as_str()).collect();
        wording::list(&titles)
    }
}

/// Booked, asked for, or on the waiting list.
#[derive(Debug, Template)]
#[template(path = "public/booked.html")]
pub struct Booked {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// What was booked.
    pub registration: Registration,
    /// Where it stands in the queue, if some of its places wait.
    pub position: Option<usize>,
    /// The session's calendar file.
    pub ics_href: String,
    /// The leader's private page.
    pub manage_href: String,
}

impl Booked {
    fn people(&self) -> Vec<&Place> {
        self.registration.places.iter().filter(|place| place.state.status().is_open()).collect()
    }

    fn is_request(&self) -> bool {
        !self.is_booked() && self.count(PlaceStatus::Requested) > 0
    }

    fn is_booked(&self) -> bool {
        self.count(PlaceStatus::Confirmed) > 0
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
        let title = &self.session.course.title;
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
            .people()
            .into_iter()
            .filter_map(|place| place.attendee.as_ref())
            .filter(|who| who.email.is_some() == with_email && who.name != *leader)
            .map(|who| who.name.as_str())
            .collect();
        wording::list(&names)
    }

    fn everybody(&self) -> String {
        let name = |place: &&Place| {
            place.attendee.as_ref().map_or("name to follow", |who| who.name.as_str()).to_owned()
        };
        wording::list(&self.people().iter().map(name).collect::<Vec<_>>())
    }
}
