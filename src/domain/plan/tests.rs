use chrono_tz::Europe::London;

use super::*;

fn day(starts: &str, ends: &str) -> PlannedSitting {
    PlannedSitting { starts: starts.parse().unwrap(), ends: ends.parse().unwrap() }
}

fn faults(days: &[PlannedSitting]) -> Vec<(u32, DayFault)> {
    let now = "2027-01-02T10:00:00Z".parse().unwrap();
    let faults = instants_of(days, London, now).err().unwrap_or_default();
    faults.into_iter().map(|one| (one.number, one.fault)).collect()
}

#[test]
fn a_time_the_clocks_skip_or_repeat_is_told_apart_and_named_by_its_day() {
    let good = day("2027-03-20T09:30:00", "2027-03-20T16:30:00");
    let skipped = day("2027-03-28T01:30:00", "2027-03-28T04:00:00");
    let repeated = day("2027-10-30T22:00:00", "2027-10-31T01:30:00");
    assert_eq!(
        faults(&[good, skipped, repeated]),
        [(2, DayFault::NeverHappens(Edge::Start)), (3, DayFault::HappensTwice(Edge::End))]
    );
    assert_eq!(faults(&[good]), []);
}

#[test]
fn an_end_before_the_start_is_on_the_next_day_unless_it_is_far_away() {
    let on = |starts: &str, ends: &str| {
        let [starts, ends] = [starts, ends].map(|time| time.parse().unwrap());
        PlannedSitting::on("2027-12-31".parse().unwrap(), starts, ends)
    };
    assert_eq!(on("22:00:00", "01:00:00"), day("2027-12-31T22:00:00", "2028-01-01T01:00:00"));
    assert_eq!(on("09:30:00", "16:30:00"), day("2027-12-31T09:30:00", "2027-12-31T16:30:00"));
    assert_eq!(faults(&[on("09:30:00", "04:30:00")]), [(1, DayFault::EndsBeforeStart)]);
    assert_eq!(faults(&[on("09:30:00", "09:30:00")]), [(1, DayFault::EndsBeforeStart)]);
}

/// A day that a session has already.
fn known(number: u32, planned: PlannedSitting) -> Sitting {
    let (starts_at, ends_at) = instants_of_day(&planned, London).unwrap();
    let PlannedSitting { starts, ends } = planned;
    let id = crate::domain::id::SittingId::new(uuid::Uuid::nil());
    let (created_at, changed_at) = (starts_at, starts_at);
    let uid = String::new();
    Sitting {
        id,
        number,
        starts,
        ends,
        zone: London,
        starts_at,
        ends_at,
        uid,
        sequence: 0,
        created_at,
        changed_at,
        place: None,
    }
}

#[test]
fn days_that_move_keep_their_order_with_those_that_stay() {
    let day = |starts: &str| {
        let starts: NaiveDateTime = starts.parse().unwrap();
        PlannedSitting { starts, ends: starts + Duration::hours(2) }
    };
    let (over, next) = (day("2027-01-01T09:30:00"), day("2027-03-20T09:30:00"));
    let there = [known(1, over), known(2, next)];
    let now = "2027-01-02T10:00:00Z".parse().unwrap();
    let faults = |first, second| {
        let days = [(1, first), (2, second)];
        let faults = lay_out(&days, &there, London, Some(now)).err().unwrap_or_default();
        faults.into_iter().map(|one| (one.number, one.fault)).collect::<Vec<_>>()
    };
    assert_eq!(faults(over, day("2027-03-21T09:30:00")), [], "a day that is over may stay");
    assert_eq!(faults(day("2027-03-20T10:00:00"), next), [(2, DayFault::Overlaps)]);
    assert_eq!(faults(day("2027-04-20T10:00:00"), next), [(2, DayFault::Overlaps)]);
    assert_eq!(faults(day("2026-04-20T10:00:00"), next), [(1, DayFault::InThePast)]);
}

#[test]
fn days_come_in_order_and_in_the_future() {
    let (first, second) = (
        day("2027-03-20T09:30:00", "2027-03-20T16:30:00"),
        day("2027-03-20T16:00:00", "2027-03-20T18:00:00"),
    );
    let past = day("2027-01-02T10:00:00", "2027-01-02T11:00:00");
    let backwards = day("2027-04-01T10:00:00", "2027-04-01T09:00:00");
    assert_eq!(faults(&[first, second]), [(2, DayFault::Overlaps)]);
    assert_eq!(faults(&[past]), [(1, DayFault::InThePast)]);
    assert_eq!(faults(&[backwards]), [(1, DayFault::EndsBeforeStart)]);
}

#[test]
fn faults_are_told_on_one_line_by_their_days() {
    let fault = |number, fault| NumberedFault { number, fault };
    let all = [fault(1, DayFault::InThePast), fault(3, DayFault::Overlaps)];
    let words = format!("day 1: {}; day 3: {}", DayFault::InThePast, DayFault::Overlaps);
    assert_eq!(faults_in_words(&all), words);
}

#[test]
fn a_day_may_begin_as_the_one_before_ends() {
    let first = day("2027-03-20T09:30:00", "2027-03-20T12:00:00");
    let next = day("2027-03-20T12:00:00", "2027-03-20T14:00:00");
    assert_eq!(faults(&[first, next]), []);
}

#[test]
fn a_day_comes_after_all_before_it_and_not_only_after_the_last() {
    let on = |starts: &str, ends: &str| {
        day(&format!("2027-03-20T{starts}:00"), &format!("2027-03-20T{ends}:00"))
    };
    let (morning, afternoon, evening) =
        (on("09:00", "12:00"), on("13:00", "17:00"), on("18:00", "20:00"));
    assert_eq!(faults(&[morning, afternoon, evening]), []);
    let early = on("16:00", "18:00");
    assert_eq!(faults(&[morning, afternoon, early]), [(3, DayFault::Overlaps)]);
    let (long, within) = (on("09:00", "17:00"), on("10:00", "11:00"));
    let both = [(2, DayFault::Overlaps), (3, DayFault::Overlaps)];
    assert_eq!(faults(&[long, within, early]), both);
}

#[test]
fn of_days_that_overlapped_before_only_the_one_that_moved_is_wrong() {
    let on = |starts: &str, ends: &str| {
        day(&format!("2027-03-20T{starts}:00"), &format!("2027-03-20T{ends}:00"))
    };
    let (first, last) = (on("09:00", "17:00"), on("16:00", "18:00"));
    let there = [known(1, first), known(2, on("12:00", "15:00")), known(3, last)];
    let days = [(1, first), (2, on("12:00", "17:00")), (3, last)];
    let fault = NumberedFault { number: 2, fault: DayFault::Overlaps };
    assert_eq!(lay_out(&days, &there, London, None), Err(vec![fault]));
}

#[test]
fn a_copy_of_a_day_is_so_much_later_by_the_clock_on_the_wall() {
    // The clocks go forward between them.
    let sitting = known(1, day("2027-03-20T09:30:00", "2027-03-20T16:30:00"));
    let later = PlannedSitting::later(&sitting, Duration::days(14));
    assert_eq!(later, day("2027-04-03T09:30:00", "2027-04-03T16:30:00"));
}
