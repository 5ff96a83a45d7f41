//! One booking by one leader.

use chrono::{DateTime, Utc};

use super::{
    attendee::Attendee,
    contact::{EmailAddress, PhoneNumber},
    id::{InstitutionCode, RegistrationId, SessionCode},
    occupancy::TeamPolicy,
    place::{Place, PlaceStatus},
    reference::Reference,
    text::Name,
};

/// Who makes a booking, and how to reach her (B9: an address or a number).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// Her full name.
    pub name: Name,
    /// Where her letters go.
    pub email: Option<EmailAddress>,
    /// For late changes, such as a locked hall.
    pub phone: Option<PhoneNumber>,
}

impl Leader {
    /// The leader as an attendee, before she has said what she needs.
    pub fn attends(&self) -> Attendee {
        Attendee {
            name: self.name.clone(),
            email: self.email.clone(),
            dietary: None,
            access: None,
            guardian: None,
        }
    }
}

/// Whom the places are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// An institution on the list.
    Listed {
        /// Its code.
        code: InstitutionCode,
        /// Its name.
        name: String,
    },
    /// One that is not on the list, as typed.
    NotListed(Name),
    /// Nobody: she comes for herself.
    Herself,
}

impl Sender {
    /// The institution's name, if there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Listed { name, .. } => Some(name),
            Self::NotListed(name) => Some(name.as_str()),
            Self::Herself => None,
        }
    }

    /// The institution's code, if it is on the list.
    pub fn code(&self) -> Option<&InstitutionCode> {
        match self {
            Self::Listed { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// One booking by one leader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Which registration.
    pub id: RegistrationId,
    /// What people read out on the telephone.
    pub reference: Reference,
    /// The session it is for.
    pub session: SessionCode,
    /// Who made it.
    pub leader: Leader,
    /// Whom it is for.
    pub sender: Sender,
    /// What to do when not everybody fits.
    pub team: TeamPolicy,
    /// When it was sent off; `None` while its leader is still typing.
    pub booked_at: Option<DateTime<Utc>>,
    /// Whether its hold was already made longer once (B10).
    pub hold_extended: bool,
    /// Its places, by number; those that ran out while typing are left out.
    pub places: Vec<Place>,
}

impl Registration {
    /// The places whose state is `status`.
    pub fn places_in(&self, status: PlaceStatus) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.state.status() == status)
    }

    /// The places that are theirs.
    pub fn confirmed(&self) -> impl Iterator<Item = &Place> {
        self.places_in(PlaceStatus::Confirmed)
    }
}
