//! Two people who turn out to be one: which places stand twice then, and for how long it can be taken back.

use chrono::Duration;

use super::{
    id::{AllianceSlug, PlaceId, RegistrationId, SessionCode},
    place::{PlaceState, PlaceStatus},
    reference::Reference,
    text::Name,
};

/// How long a merge can be taken back.
pub const TAKEN_BACK_WITHIN: Duration = Duration::days(1);

/// What somebody lacked and was given by whoever became part of her.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// An address.
    pub email: bool,
    /// A number.
    pub phone: bool,
    /// An institution.
    pub institution: bool,
}

/// One of the places that one person has on a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedSeat {
    /// Which.
    pub place: PlaceId,
    /// Of which booking.
    pub registration: RegistrationId,
    /// As people name the booking.
    pub reference: Reference,
    /// Where it stands.
    pub status: PlaceStatus,
    /// Whether it is the place of the one who is kept.
    pub is_kepts: bool,
    /// The name that stands there.
    pub name: Option<Name>,
    /// On how many days she was seen there.
    pub attended: u32,
}

/// A session on which both have a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    /// Which.
    pub session: SessionCode,
    /// Whose it is.
    pub alliance: AllianceSlug,
    /// What it is called.
    pub title: String,
    /// The places, those of the one who is kept first.
    pub seats: Vec<MergedSeat>,
}

impl Double {
    /// The place she keeps where nobody chose: one on which she was seen, else the one that is surest, else
    /// that of the one who is kept.
    pub fn best(&self) -> Option<PlaceId> {
        let rank = |status: PlaceStatus| match status {
            PlaceStatus::Confirmed => 0,
            PlaceStatus::Offered => 1,
            PlaceStatus::Requested => 2,
            _ => 3,
        };
        let best = self
            .seats
            .iter()
            .min_by_key(|seat| (seat.attended == 0, rank(seat.status), !seat.is_kepts));
        best.map(|seat| seat.place)
    }

    /// The place she keeps of those that were chosen.
    pub fn kept(&self, chosen: &[PlaceId]) -> Option<PlaceId> {
        let is_chosen = |seat: &&MergedSeat| chosen.contains(&seat.place);
        self.seats.iter().find(is_chosen).map(|seat| seat.place).or_else(|| self.best())
    }

    /// The places she gives up then. A place on which she was seen says that she came: it stays.
    pub fn given_up(&self, chosen: &[PlaceId]) -> impl Iterator<Item = &MergedSeat> {
        let kept = self.kept(chosen);
        self.seats.iter().filter(move |seat| Some(seat.place) != kept && seat.attended == 0)
    }
}

/// What is to become of places that stand twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settling<'a> {
    /// The places that are kept, where somebody chose.
    pub chosen: &'a [PlaceId],
    /// Sessions that whoever merges does not look after: what stands there stays.
    pub left: &'a [SessionCode],
}

/// A place that was given up because of a merge, and what it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenUpPlace {
    /// Which.
    pub place: PlaceId,
    /// Where it stood.
    pub state: PlaceState,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn seat(number: u128, status: PlaceStatus, is_kepts: bool, attended: u32) -> MergedSeat {
        MergedSeat {
            place: PlaceId::new(Uuid::from_u128(number)),
            registration: RegistrationId::new(Uuid::from_u128(number)),
            reference: Reference::from_random([7; 8]),
            status,
            is_kepts,
            name: None,
            attended,
        }
    }

    fn double(seats: Vec<MergedSeat>) -> Double {
        Double {
            session: "S1".parse().expect("a code"),
            alliance: "oxford".parse().expect("a slug"),
            title: "First".to_owned(),
            seats,
        }
    }

    fn place(number: u128) -> PlaceId {
        PlaceId::new(Uuid::from_u128(number))
    }

    #[test]
    fn the_surer_place_is_kept_unless_another_is_chosen() {
        use PlaceStatus::{Confirmed, Waiting};
        let one = double(vec![seat(1, Waiting, true, 0), seat(2, Confirmed, false, 0)]);
        assert_eq!(one.best(), Some(place(2)));
        let given_up: Vec<_> = one.given_up(&[place(1)]).map(|seat| seat.place).collect();
        assert_eq!(given_up, [place(2)], "whoever chooses decides");
        let equal = double(vec![seat(1, Confirmed, true, 0), seat(2, Confirmed, false, 0)]);
        assert_eq!(equal.best(), Some(place(1)));
        assert_eq!(
            equal.kept(&[place(9)]),
            Some(place(1)),
            "what is no place of hers is no choice"
        );
    }

    #[test]
    fn no_place_on_which_she_was_seen_is_given_up() {
        use PlaceStatus::Confirmed;
        let seen = double(vec![seat(1, Confirmed, true, 0), seat(2, Confirmed, false, 1)]);
        assert_eq!(seen.best(), Some(place(2)));
        assert_eq!(seen.given_up(&[place(1)]).count(), 0);
        let both = double(vec![seat(1, Confirmed, true, 1), seat(2, Confirmed, false, 1)]);
        assert_eq!(both.given_up(&[]).count(), 0);
    }

    #[test]
    fn an_offer_is_surer_than_a_request_and_a_request_than_waiting() {
        use PlaceStatus::{Confirmed, Offered, Requested, Waiting};
        for (surer, other) in [(Confirmed, Offered), (Offered, Requested), (Requested, Waiting)] {
            let one = double(vec![seat(1, other, true, 0), seat(2, surer, false, 0)]);
            assert_eq!(one.best(), Some(place(2)), "{surer} before {other}");
        }
    }
}
