//! The attendee's own page: her place and her needs, never the team she comes with.

use askama::Template;
use chrono::{DateTime, Utc};

use super::words;
pub use super::words::{Room, needs_form};
use crate::{
    domain::{
        place::{Place, PlaceStatus},
        session::{Publication, Session},
        wording,
    },
    web::{certificate::Attended, form::FormState, page::Chrome},
};

/// One place, under the attendee's own link.
#[derive(Template)]
#[template(path = "leader/own_place.html")]
pub struct OwnPlacePage {
    /// The frame.
    pub chrome: Chrome,
    /// What is booked.
    pub session: Session,
    /// Her place.
    pub place: Place,
    /// Who booked it for her.
    pub leader_name: String,
    /// The private link's path, `/p/<token>`.
    pub base: String,
    /// Fields `diet` and `access`; see [`needs_form`].
    pub form: FormState,
    /// What has just happened, such as `Saved.`
    pub notice: Option<String>,
    /// When the place goes to somebody else, because her calendar said no.
    pub release_at: Option<DateTime<Utc>>,
    /// What she attended, once anything is known.
    pub attended: Option<Attended>,
    /// The moment the page is made.
    pub now: DateTime<Utc>,
}

impl OwnPlacePage {
    /// Whether the last day is over.
    pub fn is_over(&self) -> bool {
        self.session.ends_at().is_some_and(|end| end <= self.now)
    }

    /// Until when she can keep a place that her calendar declined.
    pub fn release(&self) -> Option<String> {
        let at = self.release_at.filter(|_| self.is_confirmed())?;
        Some(wording::deadline(at, self.session.zone()))
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }

    /// Whose page it is.
    pub fn greeting(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!("{}, this is your place", attendee.name),
            None => "Your place".to_owned(),
        }
    }

    /// Whether somebody else booked it for her.
    pub fn is_booked_for_her(&self) -> bool {
        self.place.attendee.as_ref().is_none_or(|her| her.name.as_str() != self.leader_name)
    }

    /// Where the place stands, as a heading.
    pub fn standing(&self) -> String {
        match words::state(self.place.state, self.session.zone()) {
            None => "You have a place".to_owned(),
            Some(_) if self.place.state.status() == PlaceStatus::Cancelled => {
                "Your place is cancelled".to_owned()
            }
            Some(state) => state.words,
        }
    }

    /// Whether the place is hers.
    pub fn is_confirmed(&self) -> bool {
        self.place.state.status() == PlaceStatus::Confirmed
    }

    /// Whether there is an address that says which places are hers.
    pub fn has_address(&self) -> bool {
        self.place.attendee.as_ref().is_some_and(|her| her.email.is_some())
    }

    /// Whether it can still move.
    pub fn is_open(&self) -> bool {
        self.place.state.status().is_open()
    }

    /// Whether needs can still be given and the place given up.
    pub fn can_change(&self) -> bool {
        self.is_open() && words::accepts_changes(&self.session, self.now)
    }

    /// The online room, for somebody whose place is hers (C5).
    pub fn room(&self) -> Option<Room> {
        if self.is_confirmed() { words::room(&self.session) } else { None }
    }
}

/// Asking before she gives up her place. The form has one field, `why`.
#[derive(Template)]
#[template(path = "leader/give_up.html")]
pub struct GiveUpPage {
    /// The frame.
    pub chrome: Chrome,
    /// What is booked.
    pub session: Session,
    /// Who booked it for her.
    pub leader_name: String,
    /// The private link's path, `/p/<token>`.
    pub base: String,
}

impl GiveUpPage {
    /// When, on one line.
    pub fn when(&self) -> String {
        words::when(&self.session)
    }
}
