//! One seat, its state, and every legal move between states.

use chrono::{DateTime, Duration, Utc};

use super::{attendee::Attendee, id::PlaceId, vocabulary::words};

/// One seat on a session, for one attendee or with the name to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Hers: whoever comes in her stead gets a place of her own, with the same number.
    pub id: PlaceId,
    /// Its number within the registration, from 1.
    pub number: u32,
    /// Who sits there; `None` while the name is to follow.
    pub attendee: Option<Attendee>,
    /// Changed only by [`Place::becomes`].
    pub state: PlaceState,
}

/// Where a place stands, with what that state needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceState {
    /// Kept for a leader who is still typing (B10).
    Held {
        /// When the hold runs out.
        until: DateTime<Utc>,
    },
    /// Asked for; the organiser decides (B1).
    Requested,
    /// On the waiting list (W1).
    Waiting {
        /// The registration's place in the queue; lower is earlier.
        queue: i64,
    },
    /// Freed and promised until a deadline (W3).
    Offered {
        /// When the offer lapses.
        until: DateTime<Utc>,
        /// The place in the queue it was offered from.
        queue: i64,
    },
    /// Theirs.
    Confirmed,
    /// The hold ran out.
    Expired,
    /// The offer ran out.
    Lapsed,
    /// The offer was declined.
    Declined,
    /// The organiser said no.
    Refused,
    /// Given up, or taken back.
    Cancelled,
}

/// The name of a state, without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceStatus {
    /// See [`PlaceState::Held`].
    Held,
    /// See [`PlaceState::Requested`].
    Requested,
    /// See [`PlaceState::Waiting`].
    Waiting,
    /// See [`PlaceState::Offered`].
    Offered,
    /// See [`PlaceState::Confirmed`].
    Confirmed,
    /// See [`PlaceState::Expired`].
    Expired,
    /// See [`PlaceState::Lapsed`].
    Lapsed,
    /// See [`PlaceState::Declined`].
    Declined,
    /// See [`PlaceState::Refused`].
    Refused,
    /// See [`PlaceState::Cancelled`].
    Cancelled,
}

words!(PlaceStatus {
    Held => "held",
    Requested => "requested",
    Waiting => "waiting",
    Offered => "offered",
    Confirmed => "confirmed",
    Expired => "expired",
    Lapsed => "lapsed",
    Declined => "declined",
    Refused => "refused",
    Cancelled => "cancelled",
});

impl PlaceStatus {
    /// Whether a place in this state holds capacity.
    pub const fn is_occupied(self) -> bool {
        matches!(self, Self::Held | Self::Offered | Self::Confirmed)
    }

    /// Whether a place in this state can still move.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Held | Self::Requested | Self::Waiting | Self::Offered | Self::Confirmed
        )
    }

    /// Whether the rules let a place go from this state to `next`: the one state machine.
    pub const fn may_become(self, next: Self) -> bool {
        use PlaceStatus as S;
        match (self, next) {
            (S::Held, S::Confirmed | S::Waiting | S::Requested | S::Expired) => true,
            (S::Requested, S::Confirmed | S::Waiting | S::Refused) => true,
            (S::Waiting, S::Offered) => true,
            (S::Offered, S::Confirmed | S::Lapsed | S::Declined) => true,
            (open, S::Cancelled) => open.is_open(),
            _ => false,
        }
    }
}

/// A move that the state machine does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a {from} place cannot become {to}")]
pub struct InvalidMove {
    /// The state the place is in.
    pub from: PlaceStatus,
    /// The state it was asked to take.
    pub to: PlaceStatus,
}

/// A move the rules allow, of one place. Only [`Place::becomes`], [`Place::asks_again`],
/// [`Place::comes_back`], [`Place::stays_held`] and [`Place::waits_at`] make one, and the store writes no state but the end of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a move that is not written never happened"]
pub struct Move {
    place: PlaceId,
    from: PlaceStatus,
    to: PlaceState,
}

impl Move {
    /// The place that moves.
    pub const fn place(&self) -> PlaceId {
        self.place
    }

    /// The state it leaves.
    pub const fn from(&self) -> PlaceStatus {
        self.from
    }

    /// The state it takes.
    pub const fn to(&self) -> PlaceState {
        self.to
    }
}

impl Place {
    /// Moves to `next`, if the rules let it; the move is still to be written.
    ///
    /// # Errors
    /// [`InvalidMove`], naming both states; the place is as it was.
    pub fn becomes(&mut self, next: PlaceState) -> Result<Move, InvalidMove> {
        let (from, to) = (self.state.status(), next.status());
        if !from.may_become(to) {
            return Err(InvalidMove { from, to });
        }
        self.state = next;
        Ok(Move { place: self.id, from, to: next })
    }

    /// Waits on under another number.
    ///
    /// # Errors
    /// [`InvalidMove`] when it does not wait; the place is as it was.
    pub fn waits_at(&mut self, queue: i64) -> Result<Move, InvalidMove> {
        let from = self.state.status();
        if from != PlaceStatus::Waiting {
            return Err(InvalidMove { from, to: PlaceStatus::Waiting });
        }
        self.state = PlaceState::Waiting { queue };
        Ok(Move { place: self.id, from, to: self.state })
    }

    /// Asks again, as before an answer that is taken back before anybody was told of it.
    ///
    /// # Errors
    /// [`InvalidMove`] when no answer left it so; the place is as it was.
    pub fn asks_again(&mut self) -> Result<Move, InvalidMove> {
        let from = self.state.status();
        if !PlaceStatus::Requested.may_become(from) || from == PlaceStatus::Cancelled {
            return Err(InvalidMove { from, to: PlaceStatus::Requested });
        }
        self.state = PlaceState::Requested;
        Ok(Move { place: self.id, from, to: self.state })
    }

    /// Is what it was again: it was given up because two people were taken for one.
    ///
    /// # Errors
    /// [`InvalidMove`] when it was not given up, or comes back as something that needs an answer at once; the
    /// place is as it was.
    pub fn comes_back(&mut self, as_it_was: PlaceState) -> Result<Move, InvalidMove> {
        let (from, to) = (self.state.status(), as_it_was.status());
        let may =
            matches!(to, PlaceStatus::Confirmed | PlaceStatus::Waiting | PlaceStatus::Requested);
        if from != PlaceStatus::Cancelled || !may {
            return Err(InvalidMove { from, to });
        }
        self.state = as_it_was;
        Ok(Move { place: self.id, from, to: as_it_was })
    }

    /// Makes a hold longer (B10).
    ///
    /// # Errors
    /// [`InvalidMove`] when nothing is held; the place is as it was.
    pub fn stays_held(&mut self, longer: Duration) -> Result<Move, InvalidMove> {
        let from = self.state.status();
        let PlaceState::Held { until } = self.state else {
            return Err(InvalidMove { from, to: PlaceStatus::Held });
        };
        self.state = PlaceState::Held { until: until + longer };
        Ok(Move { place: self.id, from, to: self.state })
    }
}

impl PlaceState {
    /// The name of this state.
    pub const fn status(self) -> PlaceStatus {
        match self {
            Self::Held { .. } => PlaceStatus::Held,
            Self::Requested => PlaceStatus::Requested,
            Self::Waiting { .. } => PlaceStatus::Waiting,
            Self::Offered { .. } => PlaceStatus::Offered,
            Self::Confirmed => PlaceStatus::Confirmed,
            Self::Expired => PlaceStatus::Expired,
            Self::Lapsed => PlaceStatus::Lapsed,
            Self::Declined => PlaceStatus::Declined,
            Self::Refused => PlaceStatus::Refused,
            Self::Cancelled => PlaceStatus::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PlaceStatus as S, *};

    /// The chart of the states, row by row; every pair that is not listed is illegal.
    const LEGAL: &[(S, &[S])] = &[
        (S::Held, &[S::Confirmed, S::Waiting, S::Requested, S::Expired, S::Cancelled]),
        (S::Requested, &[S::Confirmed, S::Waiting, S::Refused, S::Cancelled]),
        (S::Waiting, &[S::Offered, S::Cancelled]),
        (S::Offered, &[S::Confirmed, S::Lapsed, S::Declined, S::Cancelled]),
        (S::Confirmed, &[S::Cancelled]),
        (S::Expired, &[]),
        (S::Lapsed, &[]),
        (S::Declined, &[]),
        (S::Refused, &[]),
        (S::Cancelled, &[]),
    ];

    fn place(state: PlaceState) -> Place {
        Place { id: PlaceId::new(uuid::Uuid::nil()), number: 1, attendee: None, state }
    }

    fn now() -> DateTime<Utc> {
        "2027-01-02T10:00:00Z".parse().expect("a moment")
    }

    fn state(status: S) -> PlaceState {
        let (until, queue) = (now(), 1);
        match status {
            S::Held => PlaceState::Held { until },
            S::Requested => PlaceState::Requested,
            S::Waiting => PlaceState::Waiting { queue },
            S::Offered => PlaceState::Offered { until, queue },
            S::Confirmed => PlaceState::Confirmed,
            S::Expired => PlaceState::Expired,
            S::Lapsed => PlaceState::Lapsed,
            S::Declined => PlaceState::Declined,
            S::Refused => PlaceState::Refused,
            S::Cancelled => PlaceState::Cancelled,
        }
    }

    #[test]
    fn every_pair_of_states_moves_exactly_as_the_chart_says() {
        assert_eq!(LEGAL.len(), S::ALL.len());
        for (from, allowed) in LEGAL {
            for to in S::ALL {
                let mut place = place(state(*from));
                match place.becomes(state(*to)) {
                    Ok(done) => {
                        assert!(allowed.contains(to), "{from} to {to}");
                        assert_eq!((done.from(), done.to()), (*from, state(*to)));
                        assert_eq!(place.state, state(*to), "the place in memory moves with it");
                    }
                    Err(refused) => {
                        assert!(!allowed.contains(to), "{from} to {to}");
                        assert_eq!(refused, InvalidMove { from: *from, to: *to });
                        assert_eq!(place.state, state(*from), "a refused move leaves it alone");
                    }
                }
            }
        }
    }

    #[test]
    fn a_hold_alone_may_be_made_longer() {
        for from in S::ALL {
            let longer = place(state(*from)).stays_held(Duration::minutes(15));
            let until = now() + Duration::minutes(15);
            let expected = (*from == S::Held).then_some(PlaceState::Held { until });
            assert_eq!(longer.ok().map(|done| done.to()), expected, "{from}");
        }
    }

    #[test]
    fn only_what_was_answered_asks_again() {
        for from in S::ALL {
            let mut place = place(state(*from));
            let again = place.asks_again();
            let answered = matches!(from, S::Confirmed | S::Waiting | S::Refused);
            assert_eq!(again.is_ok(), answered, "{from}");
            assert_eq!(place.state == PlaceState::Requested, answered || *from == S::Requested);
        }
    }

    #[test]
    fn only_what_was_given_up_comes_back() {
        for from in S::ALL {
            for to in S::ALL {
                let back = place(state(*from)).comes_back(state(*to));
                let may =
                    *from == S::Cancelled && matches!(to, S::Confirmed | S::Waiting | S::Requested);
                assert_eq!(back.is_ok(), may, "{from} to {to}");
            }
        }
    }

    #[test]
    fn an_illegal_move_names_both_states() {
        let refused = place(PlaceState::Cancelled).becomes(PlaceState::Confirmed);
        assert_eq!(
            refused.map_err(|e| e.to_string()),
            Err("a cancelled place cannot become confirmed".to_owned())
        );
    }

    #[test]
    fn whoever_waits_may_stand_elsewhere_in_the_queue_and_nobody_else() {
        for from in S::ALL {
            let mut place = place(state(*from));
            let moved = place.waits_at(9);
            let waits = PlaceState::Waiting { queue: 9 };
            assert_eq!(moved.is_ok(), *from == S::Waiting, "{from}");
            assert_eq!(place.state, if moved.is_ok() { waits } else { state(*from) });
        }
    }

    #[test]
    fn a_seat_is_taken_by_whoever_has_it_is_offered_it_or_is_typing() {
        let taken: Vec<_> = S::ALL.iter().filter(|status| status.is_occupied()).collect();
        assert_eq!(taken, [&S::Held, &S::Offered, &S::Confirmed]);
    }
}
