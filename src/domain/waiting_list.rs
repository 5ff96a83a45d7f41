//! The queue anyone can understand: who is offered what comes free, and for how long.
//!
//! First come, first served, by queue number. A team that wants to come together is passed only
//! while it does not fit, and keeps its number (W1, W2).

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};

use super::{
    id::{InstitutionCode, RegistrationId},
    occupancy::TeamPolicy,
    reserve::Seating,
};

/// A registration that waits for places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiter {
    /// The team that waits; it waits as a whole or person by person.
    pub registration: RegistrationId,
    /// Its number in the queue of the session; lower is earlier. Gaps mean nothing.
    pub queue: i64,
    /// How many of its places wait.
    pub places: u32,
    /// Whether they come together or not at all.
    pub team: TeamPolicy,
    /// Whose limit counts, if the institution is on the list (B2).
    pub institution: Option<InstitutionCode>,
    /// Until when it is not asked again, because it passed a place on or let an offer lapse.
    pub rests_until: Option<DateTime<Utc>>,
}

/// Shares free places out among `waiters`, who stand in queue order: how many each is offered.
///
/// `room` says how many places an institution may still take where that is limited (B2). Whoever
/// passed a place on or let an offer lapse is left in peace for a while, so that a place nobody
/// else wants is not offered to her again and again.
pub fn share_out(
    free: impl Into<Seating>,
    waiters: &[Waiter],
    mut room: HashMap<InstitutionCode, u32>,
    now: DateTime<Utc>,
) -> Vec<(RegistrationId, u32)> {
    let mut seating: Seating = free.into();
    let mut offers = Vec::new();
    let rests = |waiter: &Waiter| waiter.rests_until.is_some_and(|until| now < until);
    for waiter in waiters.iter().filter(|waiter| !rests(waiter)) {
        let code = waiter.institution.as_ref();
        let limit = code.and_then(|code| room.get_mut(code));
        let free = seating.room(code, waiter.places);
        let most = limit.as_ref().map_or(free, |limit| free.min(**limit));
        let given = match waiter.team {
            TeamPolicy::Together if waiter.places > most => 0,
            _ => waiter.places.min(most),
        };
        if given > 0 {
            seating.sit(code, given);
            if let Some(limit) = limit {
                *limit -= given;
            }
            offers.push((waiter.registration, given));
        }
    }
    offers
}

/// Why somebody who waits is passed while others are offered what comes free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// She passed a place on, or let an offer lapse: she is asked again after a rest.
    Rests(DateTime<Utc>),
    /// Her institution has all the places it can have.
    InstitutionFull,
    /// What is free is kept for groups to which she does not belong.
    KeptForOthers,
    /// The team comes together or not at all, and does not fit into what is free.
    TooMany,
}

/// Why each of `waiters` is passed just now, by the rules of [`share_out`]; `None` for whoever would be
/// offered the next place that comes free in her turn.
pub fn passed(
    free: impl Into<Seating>,
    waiters: &[Waiter],
    room: &HashMap<InstitutionCode, u32>,
    now: DateTime<Utc>,
) -> Vec<Option<Passed>> {
    let seating: Seating = free.into();
    let why = |waiter: &Waiter| {
        let fits = seating.room(waiter.institution.as_ref(), waiter.places);
        let needs = if waiter.team == TeamPolicy::Together { waiter.places } else { 1 };
        let most = waiter.institution.as_ref().and_then(|code| room.get(code));
        match waiter.rests_until.filter(|until| now < *until) {
            Some(until) => Some(Passed::Rests(until)),
            None if most == Some(&0) => Some(Passed::InstitutionFull),
            None if waiter.team == TeamPolicy::Together
                && most.is_some_and(|most| waiter.places > *most) =>
            {
                Some(Passed::InstitutionFull)
            }
            None if fits < needs && seating.free() >= needs => Some(Passed::KeptForOthers),
            // One place is the least that can come free.
            None if waiter.team == TeamPolicy::Together && waiter.places > fits.max(1) => {
                Some(Passed::TooMany)
            }
            None => None,
        }
    };
    waiters.iter().map(why).collect()
}

/// How long whoever passed a place on, or let an offer lapse, is not asked again.
pub const REST: Duration = Duration::hours(24);

/// Until when an offer made at `now` holds its places; `None` when it is too late for any (W3, W5).
///
/// It lasts `usual`; within 48 hours of the start half the time left, but at least an hour; never
/// beyond `closes`.
pub fn offer_deadline(
    now: DateTime<Utc>,
    starts: DateTime<Utc>,
    closes: DateTime<Utc>,
    usual: Duration,
) -> Option<DateTime<Utc>> {
    if closes <= now {
        return None;
    }
    let left = starts - now;
    let lasts = if left < Duration::hours(48) { (left / 2).max(Duration::hours(1)) } else { usual };
    Some((now + lasts).min(closes))
}

/// Where a queue number stands: 1 for the first. `queue` is a number of a waiter or of somebody
/// who is about to wait.
pub fn position(queue: i64, waiters: &[Waiter]) -> usize {
    waiters.iter().filter(|waiter| waiter.queue < queue).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> RegistrationId {
        RegistrationId::new(uuid::Uuid::from_u128(number))
    }

    fn waiter(number: u128, places: u32, team: TeamPolicy) -> Waiter {
        let queue = i64::try_from(number).expect("a small number");
        Waiter {
            registration: id(number),
            queue,
            places,
            team,
            institution: None,
            rests_until: None,
        }
    }

    fn now() -> DateTime<Utc> {
        "2027-01-02T10:00:00Z".parse().expect("a moment")
    }

    fn code() -> InstitutionCode {
        "I0001".parse().expect("a code")
    }

    use TeamPolicy::{AsManyAsPossible as Some_, Together};

    #[test]
    fn whoever_is_passed_knows_why() {
        let rests = Waiter { rests_until: Some(now() + REST), ..waiter(1, 1, Some_) };
        let full = Waiter { institution: Some(code()), ..waiter(2, 1, Some_) };
        let list = [rests, full, waiter(3, 3, Together), waiter(4, 3, Some_)];
        let room = HashMap::from([(code(), 0)]);
        let why = |free: u32| passed(free, &list, &room, now());
        let until = now() + REST;
        let before = [Some(Passed::Rests(until)), Some(Passed::InstitutionFull)];
        assert_eq!(why(0), [&before[..], &[Some(Passed::TooMany), None]].concat());
        assert_eq!(why(3), [&before[..], &[None, None]].concat());
    }

    #[test]
    fn a_freed_place_goes_to_the_first_whose_need_fits() {
        let list = [waiter(1, 3, Together), waiter(2, 1, Together), waiter(3, 2, Some_)];
        let offers = |free: u32| share_out(free, &list, HashMap::new(), now());
        assert_eq!(offers(0), []);
        assert_eq!(offers(1), [(id(2), 1)]);
        assert_eq!(offers(2), [(id(2), 1), (id(3), 1)]);
        assert_eq!(offers(3), [(id(1), 3)]);
        assert_eq!(offers(9), [(id(1), 3), (id(2), 1), (id(3), 2)]);
    }

    #[test]
    fn an_institution_at_its_limit_is_passed_until_it_has_room() {
        let list = [
            Waiter { institution: Some(code()), ..waiter(1, 2, Some_) },
            Waiter { institution: Some(code()), ..waiter(2, 1, Together) },
            waiter(3, 1, Together),
        ];
        let offers = |room| share_out(3_u32, &list, HashMap::from([(code(), room)]), now());
        assert_eq!(offers(0), [(id(3), 1)]);
        assert_eq!(offers(1), [(id(1), 1), (id(3), 1)]);
        assert_eq!(offers(2), [(id(1), 2), (id(3), 1)]);
    }

    #[test]
    fn whoever_let_a_place_go_is_asked_again_only_after_a_rest() {
        let rests = Waiter { rests_until: Some(now() + REST), ..waiter(1, 2, Some_) };
        let list = [rests, waiter(2, 1, Together)];
        assert_eq!(share_out(1_u32, &list, HashMap::new(), now()), [(id(2), 1)]);
        assert_eq!(share_out(1_u32, &list, HashMap::new(), now() + REST), [(id(1), 1)]);
    }

    #[test]
    fn an_offer_lasts_two_days_or_half_of_what_is_left_and_never_beyond_the_close() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let usual = Duration::hours(48);
        let start = at("2027-03-10T18:00:00Z");
        let until = |now, closes| offer_deadline(at(now), start, closes, usual);
        assert_eq!(until("2027-03-01T18:00:00Z", start), Some(at("2027-03-03T18:00:00Z")));
        assert_eq!(until("2027-03-09T18:00:00Z", start), Some(at("2027-03-10T06:00:00Z")));
        assert_eq!(until("2027-03-10T17:00:00Z", start), Some(start));
        assert_eq!(until("2027-03-10T16:30:00Z", start), Some(at("2027-03-10T17:30:00Z")));
        assert_eq!(until("2027-03-10T18:00:00Z", start), None);
        let closes = at("2027-03-02T12:00:00Z");
        assert_eq!(until("2027-03-01T18:00:00Z", closes), Some(closes));
        assert_eq!(until("2027-03-02T12:00:00Z", closes), None);
    }

    #[test]
    fn a_position_counts_teams_not_people() {
        let list = [waiter(3, 4, Together), waiter(7, 1, Together)];
        assert_eq!((position(3, &list), position(7, &list), position(9, &list)), (1, 2, 3));
    }

    #[test]
    fn a_team_larger_than_its_institution_may_still_send_is_told_so() {
        let listed = |places, team| Waiter { institution: Some(code()), ..waiter(1, places, team) };
        let why =
            |waiter, room| passed(9_u32, &[waiter], &HashMap::from([(code(), room)]), now())[0];
        let full = Some(Passed::InstitutionFull);
        assert_eq!(why(listed(3, Together), 2), full);
        assert_eq!(why(listed(3, Together), 3), None);
        assert_eq!(why(listed(3, Together), 4), None);
        assert_eq!(why(listed(3, Some_), 2), None, "some of them fit");
        assert_eq!(why(listed(3, Some_), 0), full);
    }

    #[test]
    fn whoever_belongs_to_no_group_is_told_that_what_is_free_is_kept_for_others() {
        let reserve = crate::domain::reserve::Reserve {
            id: crate::domain::id::ReserveId::new(uuid::Uuid::nil()),
            group: "kind:school".parse().expect("a group"),
            name: "Schools".to_owned(),
            places: 3,
            unused: 3,
            until: now(),
        };
        let why = |free, places, team| {
            let seating = Seating::new(free, [&reserve], Vec::new(), []);
            passed(seating, &[waiter(1, places, team)], &HashMap::new(), now())[0]
        };
        let kept = Some(Passed::KeptForOthers);
        assert_eq!(why(3, 2, Some_), kept);
        assert_eq!(why(4, 2, Some_), None, "one is open to all");
        assert_eq!(why(3, 3, Together), kept);
        assert_eq!(why(4, 2, Together), kept);
        assert_eq!(why(5, 2, Together), None);
        assert_eq!(why(1, 2, Together), Some(Passed::TooMany), "it would not fit if all were open");
    }

    #[test]
    fn whoever_rests_is_asked_again_from_the_moment_her_rest_ends() {
        let rests = [Waiter { rests_until: Some(now()), ..waiter(1, 1, Some_) }];
        assert_eq!(passed(1_u32, &rests, &HashMap::new(), now()), [None]);
        assert_eq!(share_out(1_u32, &rests, HashMap::new(), now()), [(id(1), 1)]);
    }

    #[test]
    fn an_offer_of_another_length_lasts_as_long_from_two_days_before_the_start() {
        let (start, day) = (now() + Duration::hours(48), Duration::hours(30));
        assert_eq!(offer_deadline(now(), start, start, day), Some(now() + day));
        let later = now() + Duration::seconds(1);
        let half = later + (start - later) / 2;
        assert_eq!(offer_deadline(later, start, start, day), Some(half));
    }
}
