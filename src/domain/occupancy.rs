//! How full a session is, and how many of the places asked for it can give.

/// The most places a session, a booking or an institution may have.
pub const MOST_PLACES: u32 = 100_000;

/// How full a session is. Occupied places are confirmed, offered or held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occupancy {
    /// The most places that may be occupied at once.
    pub capacity: u32,
    /// Places that are confirmed, offered or held; never more than `capacity`.
    pub occupied: u32,
    /// People on the waiting list.
    pub waiting: u32,
    /// Free places that are kept for a group; never more than are free.
    pub kept: u32,
    /// Places that are promised to applicants who are told later; nobody else can take them.
    pub promised: u32,
}

impl Occupancy {
    /// Places that are neither confirmed nor offered nor held, nor promised to anybody.
    pub fn free(self) -> u32 {
        self.capacity.saturating_sub(self.occupied).saturating_sub(self.promised)
    }

    /// Places the public may take: those that are not kept for a group. What comes free is offered to the waiting list in the same
    /// transaction (B3), so a place that is free while people wait fits none of them (W2).
    pub fn open_to_all(self) -> u32 {
        self.free().saturating_sub(self.kept)
    }

    /// How full to draw it, in percent: rounded to 5, at least 5 if anybody booked, 95 unless
    /// full, 100 only when full.
    pub fn meter_percent(self) -> u32 {
        if self.open_to_all() == 0 {
            return 100;
        }
        if self.occupied == 0 {
            return 0;
        }
        let percent = (self.occupied * 100 + self.capacity / 2) / self.capacity.max(1);
        ((percent + 2) / 5 * 5).clamp(5, 95)
    }

    /// Whether at most a fifth of the places is left.
    pub fn is_low(self) -> bool {
        self.open_to_all() > 0 && self.free() * 5 <= self.capacity
    }
}

/// What the leader chose for when there are fewer places than people (B4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TeamPolicy {
    /// All together, or the whole team waits.
    #[default]
    Together,
    /// As many as possible now; the others wait.
    AsManyAsPossible,
}

super::vocabulary::words!(TeamPolicy {
    Together => "together",
    AsManyAsPossible => "as-many-as-possible",
});

/// How a request for places is met: `now` are given at once, `later` would have to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    /// Places to give now.
    pub now: u32,
    /// Places that do not fit.
    pub later: u32,
}

/// Shares out `asked` places of a session with `free` places for whoever asks, where the institution may
/// still take `institution_room` more, if it is limited (B2, B3, B4).
pub fn allocate(
    asked: u32,
    free: u32,
    institution_room: Option<u32>,
    policy: TeamPolicy,
) -> Allocation {
    let room = free.min(institution_room.unwrap_or(u32::MAX));
    let now = match policy {
        _ if room >= asked => asked,
        TeamPolicy::Together => 0,
        TeamPolicy::AsManyAsPossible => room,
    };
    Allocation { now, later: asked - now }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(capacity: u32, occupied: u32) -> Occupancy {
        Occupancy { capacity, occupied, ..Occupancy::default() }
    }

    #[test]
    fn a_team_that_does_not_fit_waits_together_or_is_split_as_its_leader_chose() {
        let two_left = full(30, 28).open_to_all();
        let ask = |policy| allocate(3, two_left, None, policy);
        assert_eq!(ask(TeamPolicy::Together), Allocation { now: 0, later: 3 });
        assert_eq!(ask(TeamPolicy::AsManyAsPossible), Allocation { now: 2, later: 1 });
    }

    #[test]
    fn an_institution_takes_no_more_than_its_limit_leaves() {
        let empty = full(30, 0).open_to_all();
        let got = allocate(4, empty, Some(1), TeamPolicy::AsManyAsPossible);
        assert_eq!(got, Allocation { now: 1, later: 3 });
    }

    #[test]
    fn the_meter_is_full_only_when_there_is_no_place_and_never_empty_once_somebody_booked() {
        assert_eq!(full(200, 1).meter_percent(), 5);
        assert_eq!(full(200, 199).meter_percent(), 95);
        assert_eq!(full(30, 30).meter_percent(), 100);
        assert_eq!(full(30, 24).meter_percent(), 80);
        assert_eq!(full(30, 0).meter_percent(), 0);
        assert!(full(30, 24).is_low() && !full(30, 23).is_low());
    }

    #[test]
    fn a_team_that_fits_comes_whole_whatever_its_leader_chose() {
        for policy in [TeamPolicy::Together, TeamPolicy::AsManyAsPossible] {
            for free in [3, 4] {
                let all = Allocation { now: 3, later: 0 };
                assert_eq!(allocate(3, free, None, policy), all, "{policy}, {free} free");
            }
        }
    }

    #[test]
    fn the_meter_is_rounded_and_a_session_without_a_place_is_not_one_with_few() {
        for (capacity, occupied, percent) in [(40, 9, 25), (8, 1, 15), (100, 11, 10), (100, 13, 15)]
        {
            assert_eq!(full(capacity, occupied).meter_percent(), percent, "{occupied}/{capacity}");
        }
        assert!(!full(30, 30).is_low());
    }
}
