//! The leader's private page: who is coming, and changing that.

use askama::Template;
use chrono::{DateTime, Utc};

use super::words;
pub use super::{
    history::Happened,
    words::{Room, StateWords},
};
use crate::{
    domain::{
        contact::EmailAddress,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
        wording,
    },
    web::{form::FormState, page::Chrome},
};

/// The booking, under the leader's private link.
#[derive(Template)]
#[template(path = "leader/manage.html")]
pub struct ManagePage {
    /// The frame.
    pub chrome: Chrome,
    /// What is booked.
    pub session: Session,
    /// The booking.
    pub registration: Registration,
    /// Where it stands in the queue, if some of its places wait.
    pub position: Option<usize>,
    /// Whether people whose offer ended can wait again.
    pub can_wait_again: bool,
    /// What became of it so far.
    pub history: Vec<Happened>,
    /// What has just happened, such as `Saved. Leila Haddad is coming instead of Kwame Mensah.`
    pub notice: Option<String>,
    /// The private link's path, `/r/<token>`.
    pub base: String,
    /// The moment the page is made.
    pub now: DateTime<Utc>,
}

/// One person of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// The place's number, in links.
    pub number: u32,
    /// The name, or `Name to follow`.
    pub name: String,
    /// What links call the person, so that no two read the same.
    pub called: String,
    /// Whether the leader comes herself.
    pub is_leader: bool,
    /// The needs given, on one line.
    pub needs: String,
    /// Where the place stands, unless it is theirs.
    pub state: Option<StateWords>,
    /// Whether it can be changed and cancelled.
    pub can_change: bool,
}

impl ManagePage {
    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }

    /// Whether nothing is left of it because its places were given up or taken back.
    pub fn is_all_cancelled(&self) -> bool {
        let mut places = self.registration.places.iter();
        self.freed_places() > 0 && places.all(|place| !place.state.status().is_open())
    }

    fn freed_places(&self) -> usize {
        self.registration.places_in(PlaceStatus::Cancelled).count()
    }

    /// `All 3 places`, once everything is cancelled.
    pub fn freed(&self) -> String {
        match self.freed_places() {
            1 => "The place".to_owned(),
            2 => "Both places".to_owned(),
            count => format!("All {count} places"),
        }
    }

    /// The verb after [`Self::freed`].
    pub fn freed_verb(&self) -> &'static str {
        if self.freed_places() == 1 { "is" } else { "are" }
    }

    /// Whom we wrote to about the end of the booking.
    pub fn told(&self) -> Option<String> {
        told(&self.registration, self.registration.places_in(PlaceStatus::Cancelled))
    }

    /// How many are coming, or what they wait for.
    pub fn heading(&self) -> String {
        let count = |status| self.registration.places_in(status).count();
        let (coming, asked) = (count(PlaceStatus::Confirmed), count(PlaceStatus::Requested));
        let waiting = count(PlaceStatus::Waiting) + count(PlaceStatus::Offered);
        let is_over = self.session.ends_at().is_some_and(|end| end <= self.now);
        match (coming, asked, waiting) {
            (0, 0, 0) => "No places".to_owned(),
            (0, 0, waiting) => {
                format!("{} waiting", wording::count(waiting, "person is", "people are"))
            }
            (0, asked, _) => format!("You asked for {}", wording::count(asked, "place", "places")),
            (coming, ..) if is_over => {
                format!("{} booked", wording::count(coming, "person was", "people were"))
            }
            (coming, ..) => {
                format!("{} coming", wording::count(coming, "person is", "people are"))
            }
        }
    }

    /// Everybody of the booking, by number.
    pub fn people(&self) -> Vec<PersonLine> {
        self.registration.places.iter().map(|place| self.person(place)).collect()
    }

    fn person(&self, place: &Place) -> PersonLine {
        let is_open = place.state.status().is_open();
        let attendee = place.attendee.as_ref();
        let name = attendee.map(|attendee| attendee.name.to_string());
        PersonLine {
            number: place.number,
            is_leader: name.as_deref() == Some(self.registration.leader.name.as_str()),
            name: name.unwrap_or_else(|| "Name to follow".to_owned()),
            called: words::called(place),
            needs: match attendee {
                _ if !is_open => String::new(),
                Some(attendee) => words::needs(attendee),
                None => "Tell us who is coming".to_owned(),
            },
            state: words::state(place.state, self.session.zone()),
            can_change: self.can_change() && is_open,
        }
    }

    /// Until when places are kept, if an offer waits for an answer.
    pub fn offered_until(&self) -> Option<String> {
        let until = self.registration.offered_until().filter(|until| *until > self.now)?;
        Some(wording::moment(until, self.session.zone()))
    }

    /// Where the offer is answered.
    pub fn offer_href(&self) -> String {
        self.base.replacen("/r/", "/offers/", 1)
    }

    /// The rule of the list, for whoever waits.
    pub fn waiting_rule(&self) -> String {
        let waiting = self.registration.places_in(PlaceStatus::Waiting).count();
        wording::waiting_rule(self.registration.team, waiting)
    }

    /// Whether anybody still waits for an answer.
    pub fn has_waiting(&self) -> bool {
        self.registration.places.iter().any(|place| {
            let status = place.state.status();
            status.is_open() && status != PlaceStatus::Confirmed
        })
    }

    /// Whether somebody has a place for certain.
    pub fn has_confirmed(&self) -> bool {
        self.registration.confirmed().next().is_some()
    }

    /// Whether people can still be changed and cancelled.
    pub fn can_change(&self) -> bool {
        words::accepts_changes(&self.session, self.now)
    }

    /// The online room, as soon as somebody has a place for certain (C5).
    pub fn room(&self) -> Option<Room> {
        if self.has_confirmed() { words::room(&self.session) } else { None }
    }

    /// The words of the calendar link.
    pub fn calendar_words(&self) -> String {
        match self.session.sittings.len() {
            0 | 1 => "Add it to my calendar".to_owned(),
            2 => "Add both days to my calendar".to_owned(),
            days => format!("Add all {days} days to my calendar"),
        }
    }
}

/// Whom we write to: the leader as `you`, then everybody else with an address.
pub(super) fn told<'a>(
    registration: &Registration,
    places: impl Iterator<Item = &'a Place>,
) -> Option<String> {
    let leader = registration.leader.email.as_ref();
    let is_new = |email: &EmailAddress| Some(email) != leader;
    let mut people: Vec<String> = leader.iter().map(|_| "you".to_owned()).collect();
    let attendees = places.filter_map(|place| place.attendee.as_ref());
    people.extend(
        attendees
            .filter(|attendee| attendee.email.as_ref().is_some_and(is_new))
            .map(|attendee| attendee.name.to_string()),
    );
    if people.is_empty() { None } else { Some(wording::list(&people)) }
}

/// Naming, replacing or correcting one person.
#[derive(Template)]
#[template(path = "leader/change.html")]
pub struct ChangePlacePage {
    /// The frame.
    pub chrome: Chrome,
    /// What is booked.
    pub session: Session,
    /// The place as it stands.
    pub place: Place,
    /// Fields `name`, `email`, `diet` and `access`; see [`Self::filled`].
    pub form: FormState,
    /// The private link's path, `/r/<token>`.
    pub base: String,
}

impl ChangePlacePage {
    /// The form as it is first shown: what we know of the person.
    pub fn filled(place: &Place) -> FormState {
        let mut form = words::needs_form(place);
        if let Some(attendee) = &place.attendee {
            form.keep("name", attendee.name.as_str());
            form.keep("email", attendee.email.as_ref().map_or("", EmailAddress::as_str));
        }
        form
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }

    /// `Change Kwame Mensah’s place`, or a question while the name is to follow.
    pub fn heading(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!("Change {}\u{2019}s place", attendee.name),
            None => format!("Who is person {}?", self.place.number),
        }
    }

    /// What saving does.
    pub fn advice(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!(
                "If someone else is coming, type over the name. We will email the new person the \
                 details if you give an address, and let {} know.",
                attendee.name
            ),
            None => "Tell us who is coming. If you give an address, we will email them the \
                     details."
                .to_owned(),
        }
    }
}
