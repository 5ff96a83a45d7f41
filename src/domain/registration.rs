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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{attendee, booking, place};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn confirmed(number: u32, name: &str, email: &str) -> Place {
        place(number, Some(attendee(name, email)), PlaceState::Confirmed)
    }

    fn numbers<'a>(places: impl Iterator<Item = &'a Place>) -> Vec<u32> {
        places.map(|place| place.number).collect()
    }

    #[test]
    fn places_are_for_an_institution_on_the_list_one_as_typed_or_for_none() {
        let code: InstitutionCode = "I0001".parse().expect("a code");
        let listed = Sender::Listed { code: code.clone(), name: "St Mary".to_owned() };
        assert_eq!((listed.name(), listed.code()), (Some("St Mary"), Some(&code)));
        let typed = Sender::NotListed(Name::parse("St Brigid").expect("a name"));
        assert_eq!((typed.name(), typed.code()), (Some("St Brigid"), None));
        assert_eq!((Sender::Herself.name(), Sender::Herself.code()), (None, None));
    }

    #[test]
    fn somebody_with_a_place_gets_a_booking_of_her_own_unless_it_is_the_leaders_or_the_last() {
        let ada = confirmed(1, "Ada Obi", "");
        let ruth = confirmed(2, "Ruth Okafor", "");
        let unnamed = place(3, None, PlaceState::Confirmed);
        let waits = place(4, Some(attendee("Ben Low", "")), PlaceState::Waiting { queue: 1 });
        let gone = place(5, Some(attendee("Ben Low", "")), PlaceState::Cancelled);
        let all = [ada.clone(), ruth.clone(), unnamed.clone(), waits.clone(), gone.clone()];
        let full = booking(all.to_vec());
        assert_eq!(full.apart(&ada), Ok(attendee("Ada Obi", "")));
        assert_eq!(full.apart(&ruth), Err(NotApart::Leader));
        assert_eq!(full.apart(&unnamed), Err(NotApart::Unnamed));
        assert_eq!(full.apart(&waits), Err(NotApart::NoPlace));
        assert_eq!(full.apart(&gone), Err(NotApart::NoPlace));
        // Whoever waits is left behind with the booking; what was given up is nobody.
        assert!(booking(vec![ada.clone(), waits]).apart(&ada).is_ok());
        assert_eq!(booking(vec![ada.clone(), gone]).apart(&ada), Err(NotApart::Last));
        assert_eq!(booking(vec![ada.clone()]).apart(&ada), Err(NotApart::Last));
    }

    #[test]
    fn a_booking_stands_in_the_queue_by_its_earliest_place_and_its_offer_ends_with_the_first() {
        let (soon, late) = (at("2027-01-02T10:00:00Z"), at("2027-01-03T10:00:00Z"));
        let offered =
            |number, queue, until| place(number, None, PlaceState::Offered { until, queue });
        let waits = place(1, None, PlaceState::Waiting { queue: 7 });
        let none = booking(vec![place(1, None, PlaceState::Confirmed)]);
        assert_eq!((none.queue(), none.offered_until()), (None, None));
        let waiting = booking(vec![waits.clone()]);
        assert_eq!((waiting.queue(), waiting.offered_until()), (Some(7), None));
        let both = booking(vec![waits, offered(2, 9, late), offered(3, 5, soon)]);
        assert_eq!((both.queue(), both.offered_until()), (Some(5), Some(soon)));
    }

    #[test]
    fn places_are_found_by_where_they_stand() {
        let waits = place(2, None, PlaceState::Waiting { queue: 1 });
        let mut one = booking(vec![
            confirmed(1, "Ada Obi", "ada@example.org"),
            waits,
            confirmed(3, "Ben Low", ""),
        ]);
        assert_eq!(numbers(one.places_in(PlaceStatus::Waiting)), [2]);
        assert_eq!(numbers(one.confirmed()), [1, 3]);
        assert_eq!(numbers(one.reachable()), [1], "whom we can write to");
        let moves: Vec<_> = one
            .places_in_mut(PlaceStatus::Waiting)
            .map(|place| place.waits_at(5).expect("a move"))
            .collect();
        assert_eq!((one.queue(), moves.len()), (Some(5), 1));
    }

    #[test]
    fn only_the_places_that_a_move_made_theirs_are_confirmed_by_it() {
        let until = at("2027-01-02T10:00:00Z");
        let before = confirmed(1, "Ada Obi", "");
        let mut taken = place(2, None, PlaceState::Offered { until, queue: 1 });
        let mut declined = place(3, None, PlaceState::Offered { until, queue: 1 });
        let moves = [
            taken.becomes(PlaceState::Confirmed).expect("a move"),
            declined.becomes(PlaceState::Declined).expect("a move"),
        ];
        let one = booking(vec![before, taken, declined]);
        assert_eq!(numbers(one.confirmed_by(&moves)), [2]);
    }

    #[test]
    fn the_leaders_own_place_is_the_one_with_her_name_and_address() {
        let ruth = "ruth@example.org";
        let shares = confirmed(1, "Sam Okafor", ruth);
        let namesake = confirmed(2, "Ruth Okafor", "other@example.org");
        let own = confirmed(3, "Ruth Okafor", ruth);
        let gone = place(4, Some(attendee("Ruth Okafor", ruth)), PlaceState::Cancelled);
        let unnamed = place(5, None, PlaceState::Confirmed);
        let of = |places: &[&Place]| booking(places.iter().map(|one| (*one).clone()).collect());
        let number = |one: &Registration| one.own_place().map(|place| place.number);
        assert_eq!(number(&of(&[&gone, &shares, &namesake, &own])), Some(3));
        assert_eq!(number(&of(&[&gone, &shares, &namesake, &unnamed])), None);
        let one = of(&[&shares]);
        assert!(one.is_leaders(&shares) && one.is_leaders(&own), "it goes to her address");
        assert!(!one.is_leaders(&namesake) && !one.is_leaders(&unnamed));
        let mut no_address = one;
        no_address.leader.email = None;
        assert!(!no_address.is_leaders(&confirmed(1, "Ada Obi", "")), "nobody's is not hers");
    }
}
