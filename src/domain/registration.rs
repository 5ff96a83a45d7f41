//! One booking by one leader.

use chrono::{DateTime, Utc};

use super::{
    attendee::{Attendee, Ticks},
    contact::{EmailAddress, PhoneNumber},
    id::{InstitutionCode, RegistrationId, SessionCode},
    occupancy::TeamPolicy,
    place::{Move, Place, PlaceState, PlaceStatus},
    reference::Reference,
    text::{Name, Paragraph},
};

/// Who makes a booking, and how to reach her (B9: an address or a number).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leader {
    /// The full name, as her letters greet her.
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
            ticks: Ticks::default(),
            guardian: None,
        }
    }
}

/// Whom the places are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// An institution on the list.
    Listed {
        /// The public code, which never changes.
        code: InstitutionCode,
        /// The name at the time of reading.
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
    /// Our own identifier; people are told the reference.
    pub id: RegistrationId,
    /// What people read out on the telephone.
    pub reference: Reference,
    /// The session it is for.
    pub session: SessionCode,
    /// The one person with the private link to all of it.
    pub leader: Leader,
    /// Whom it is for.
    pub sender: Sender,
    /// What to do when not everybody fits.
    pub team: TeamPolicy,
    /// When it was sent off; `None` while its leader is still typing.
    pub booked_at: Option<DateTime<Utc>>,
    /// Whether its hold was already made longer once (B10).
    pub hold_extended: bool,
    /// How many places were asked for when fewer could be held; the others will wait (B4).
    pub asked: u32,
    /// Why people who lack a prerequisite should come all the same, in the leader's words (B7).
    pub nomination: Option<Paragraph>,
    /// Since when it stands without our having told its leader or anybody on it: it was loaded from
    /// files without letters.
    pub untold_since: Option<DateTime<Utc>>,
    /// Its places, by number; those that ran out while typing are left out.
    pub places: Vec<Place>,
}

/// Why a person of a booking cannot get one of her own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApart {
    /// She has no place for certain: a team waits, and is decided on, as a team (W1).
    #[error("only somebody who has a place can get a booking of their own")]
    NoPlace,
    /// Nobody is named yet.
    #[error("say who comes first: a booking needs a name")]
    Unnamed,
    /// It is the leader herself, whose booking it is.
    #[error("this is the place of whoever looks after the booking")]
    Leader,
    /// There would be nothing left.
    #[error("there is nobody else on this booking: change who looks after it instead")]
    Last,
}

impl Registration {
    /// Somebody of it who can get a booking of her own, with her place.
    ///
    /// # Errors
    /// [`NotApart`], where she cannot.
    pub fn apart(&self, place: &Place) -> Result<Attendee, NotApart> {
        if place.state.status() != PlaceStatus::Confirmed {
            return Err(NotApart::NoPlace);
        }
        let attendee = place.attendee.as_ref().ok_or(NotApart::Unnamed)?;
        if attendee.name == self.leader.name {
            return Err(NotApart::Leader);
        }
        let others = self.places.iter().filter(|one| one.id != place.id);
        if others.filter(|one| one.state.status().is_open()).count() == 0 {
            return Err(NotApart::Last);
        }
        Ok(attendee.clone())
    }

    /// The places whose state is `status`.
    pub fn places_in(&self, status: PlaceStatus) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.state.status() == status)
    }

    /// The same, to move them.
    pub fn places_in_mut(&mut self, status: PlaceStatus) -> impl Iterator<Item = &mut Place> {
        self.places.iter_mut().filter(move |place| place.state.status() == status)
    }

    /// Its number in the queue, if any of its places wait or are offered (W1).
    pub fn queue(&self) -> Option<i64> {
        let number = |place: &Place| match place.state {
            PlaceState::Waiting { queue } | PlaceState::Offered { queue, .. } => Some(queue),
            _ => None,
        };
        self.places.iter().filter_map(number).min()
    }

    /// Until when places are offered to it, if any are (W3).
    pub fn offered_until(&self) -> Option<DateTime<Utc>> {
        let until = |place: &Place| match place.state {
            PlaceState::Offered { until, .. } => Some(until),
            _ => None,
        };
        self.places.iter().filter_map(until).min()
    }

    /// The places that these moves made theirs.
    pub fn confirmed_by(&self, moves: &[Move]) -> impl Iterator<Item = &Place> {
        self.confirmed().filter(|place| moves.iter().any(|one| one.place() == place.id))
    }

    /// Whether what is told of a place goes to the leader's own address: to herself, mostly.
    pub fn is_leaders(&self, place: &Place) -> bool {
        let address = place.attendee.as_ref().and_then(|attendee| attendee.email.as_ref());
        address.is_some() && address == self.leader.email.as_ref()
    }

    /// The leader's own place, if she comes and gets an invite.
    pub fn own_place(&self) -> Option<&Place> {
        let is_hers = |place: &&Place| {
            place.attendee.as_ref().is_some_and(|attendee| {
                attendee.name == self.leader.name && attendee.email == self.leader.email
            })
        };
        self.reachable().find(is_hers)
    }

    /// The places of those who come and whom we can write to.
    pub fn reachable(&self) -> impl Iterator<Item = &Place> {
        let has_address = |place: &&Place| {
            place.attendee.as_ref().is_some_and(|attendee| attendee.email.is_some())
        };
        self.confirmed().filter(has_address)
    }

    /// The places that are theirs.
    pub fn confirmed(&self) -> impl Iterator<Item = &Place> {
        self.places_in(PlaceStatus::Confirmed)
    }
}
