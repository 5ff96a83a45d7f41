use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::*;
use crate::domain::id::{OnPathId, PathRecordId, PersonId};

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date") + chrono::Days::new(number.into())
}

fn course(number: u32) -> CourseSlug {
    format!("course-{number}").parse().expect("a slug")
}

fn rules(repeats: bool) -> PathRules {
    let of = |number| PathCourse {
        slug: course(number),
        title: format!("Course {number}"),
        is_required: number < 2,
    };
    PathRules {
        training: Hours(3000),
        action: Hours(3000),
        courses: (0..3).map(of).collect(),
        in_order: true,
        repeats,
        actions: Vec::new(),
    }
}

fn session(number: u32, days: usize, came: &[u32], code: u32) -> AttendedSession {
    AttendedSession {
        course: course(number),
        title: format!("Course {number}"),
        worth: 600 + number * 60,
        session: format!("S{code}").parse().expect("a code"),
        days,
        came: came.iter().map(|one| (*one, day(code * 7 + one))).collect(),
    }
}

fn record(
    kind: RecordKind,
    (title, on): (u32, u32),
    minutes: u32,
    state: RecordState,
) -> PathRecord {
    PathRecord {
        id: PathRecordId::new(Uuid::from_u128((title * 1000 + on).into())),
        person: PersonId::new(Uuid::nil()),
        kind,
        title: format!("Elsewhere {title}"),
        by_whom: None,
        sort: None,
        done_on: day(on),
        minutes,
        state,
        by: RecordedBy::Office,
        reason: None,
        asked_at: DateTime::UNIX_EPOCH,
        decided: None,
    }
}

fn sessions() -> impl Strategy<Value = Vec<AttendedSession>> {
    let one = (0..4_u32, 1..5_usize, vec(any::<bool>(), 4), 0..30_u32);
    vec(one, 0..8).prop_map(|all| {
        let of = |(number, days, there, code): (u32, usize, Vec<bool>, u32)| {
            let came: Vec<u32> =
                (1..).zip(&there).take(days).filter(|(_, is)| **is).map(|(day, _)| day).collect();
            session(number, days, &came, code)
        };
        all.into_iter().map(of).collect()
    })
}

fn records() -> impl Strategy<Value = Vec<PathRecord>> {
    let kind = prop_oneof![Just(RecordKind::Course), Just(RecordKind::Action)];
    let state = prop_oneof![
        Just(RecordState::Asked),
        Just(RecordState::Confirmed),
        Just(RecordState::Refused)
    ];
    let one = (kind, (0..3_u32, 0..5_u32), 1..900_u32, state);
    vec(one, 0..8).prop_map(|all| {
        all.into_iter()
            .map(|(kind, what, minutes, state)| record(kind, what, minutes, state))
            .collect()
    })
}

proptest! {
    #[test]
    fn no_course_counts_more_than_it_is_worth(attended in sessions(), records in records()) {
        let confirmed = |kind| {
            let hers = records.iter().filter(move |one: &&PathRecord| {
                one.kind == kind && one.state == RecordState::Confirmed
            });
            hers.map(|one| one.minutes).sum::<u32>()
        };
        let most = 600 + 660 + 720 + confirmed(RecordKind::Course);
        let most_action = confirmed(RecordKind::Action);
        let found = tally(&rules(false), &Learning { attended, written: vec![], records });
        prop_assert!(found.training <= most, "{} of {most}", found.training);
        prop_assert!(found.action <= most_action);
        let sum: u32 = found.lines.iter().map(|line| line.minutes).sum();
        prop_assert_eq!(sum, found.training + found.action, "the lines are what is told");
    }

    #[test]
    fn everything_a_second_time_brings_nothing(attended in sessions(), records in records()) {
        let once = Learning { attended, written: vec![], records };
        let mut twice = once.clone();
        let again = once.attended.iter().map(|one| AttendedSession {
            session: format!("T{}", one.session).parse().expect("a code"),
            ..one.clone()
        });
        twice.attended.extend(again);
        let again = once.records.iter().map(|one| PathRecord {
            id: PathRecordId::new(Uuid::from_u128(one.id.uuid().as_u128() + 7_000_000)),
            ..one.clone()
        });
        twice.records.extend(again);
        let (one, two) = (tally(&rules(false), &once), tally(&rules(false), &twice));
        prop_assert_eq!((one.training, one.action), (two.training, two.action));
        prop_assert_eq!(one.done, two.done);
    }

    #[test]
    fn coming_to_more_never_takes_anything_away(attended in sessions()) {
        for repeats in [false, true] {
            let mut before = 0;
            for some in 0..=attended.len() {
                let hers = Learning { attended: attended[..some].to_vec(), ..Learning::default() };
                let now = tally(&rules(repeats), &hers).training;
                prop_assert!(now >= before, "{now} after {before}");
                before = now;
            }
        }
    }

    #[test]
    fn what_nobody_confirmed_counts_nothing(attended in sessions(), records in records()) {
        let with = Learning { attended: attended.clone(), written: vec![], records: records.clone() };
        let confirmed = records.into_iter().filter(|one| one.state == RecordState::Confirmed).collect();
        let without = Learning { attended, written: vec![], records: confirmed };
        let (with, without) = (tally(&rules(false), &with), tally(&rules(false), &without));
        prop_assert_eq!((with.training, with.action), (without.training, without.action));
        prop_assert_eq!(with.last, without.last);
    }
}

fn trained(attended: Vec<AttendedSession>) -> Tally {
    tally(&rules(false), &Learning { attended, ..Learning::default() })
}

#[test]
fn of_a_two_day_course_with_one_day_half_counts() {
    assert_eq!(trained(vec![session(0, 2, &[1], 1)]).training, 300);
    assert!(trained(vec![session(0, 2, &[1], 1)]).done.is_empty());
}

#[test]
fn a_day_that_was_missed_is_made_up_for_on_another_session_and_the_same_day_is_not() {
    let both = trained(vec![session(0, 2, &[1], 1), session(0, 2, &[2], 2)]);
    assert_eq!((both.training, both.done.len()), (600, 1));
    let same = trained(vec![session(0, 2, &[1], 1), session(0, 2, &[1], 2)]);
    assert_eq!(same.training, 300);
    assert_eq!(same.lines[1].why_not, Some(WhyNot::CountedAlready));
}

#[test]
fn a_course_that_is_written_down_and_attended_counts_once() {
    let written =
        WrittenDown { course: course(0), title: "Course 0".to_owned(), worth: 600, on: day(9) };
    let hers = Learning {
        attended: vec![session(0, 2, &[1, 2], 1)],
        written: vec![written],
        records: vec![],
    };
    assert_eq!(tally(&rules(false), &hers).training, 600);
    assert_eq!(tally(&rules(true), &hers).training, 600, "it is the same days");
}

#[test]
fn a_course_of_ours_that_is_claimed_as_anothers_counts_once() {
    let mut elsewhere = record(RecordKind::Course, (0, 30), 600, RecordState::Confirmed);
    elsewhere.title = "course  0".to_owned();
    let hers = Learning {
        attended: vec![session(0, 1, &[1], 1)],
        written: vec![],
        records: vec![elsewhere],
    };
    assert_eq!(tally(&rules(false), &hers).training, 600);
}

#[test]
fn only_the_actions_of_the_path_count() {
    let mut some = rules(false);
    some.actions = vec!["Assembly".to_owned()];
    let mut one = record(RecordKind::Action, (0, 1), 120, RecordState::Confirmed);
    let count = |one: &PathRecord| {
        tally(&some, &Learning { records: vec![one.clone()], ..Learning::default() }).action
    };
    assert_eq!(count(&one), 0);
    one.sort = Some("assembly".to_owned());
    assert_eq!(count(&one), 120);
}

fn on(since: NaiveDate) -> OnPath {
    OnPath {
        id: OnPathId::new(Uuid::nil()),
        path: "first".parse().expect("a slug"),
        version: 1,
        person: PersonId::new(Uuid::nil()),
        since,
        ended: None,
        finished: None,
    }
}

#[test]
fn who_misses_one_required_course_is_one_short_and_who_was_not_seen_has_stopped() {
    let here = trained(vec![session(0, 1, &[1], 1)]);
    let standing = PathStanding::of((&rules(false), 6), (&on(day(0)), &here), day(30));
    assert_eq!(standing.one_short.map(|one| one.slug), Some(course(1)));
    assert!(!standing.has_stopped && !standing.is_reached);
    let later = PathStanding::of((&rules(false), 6), (&on(day(0)), &here), day(200));
    assert!(later.has_stopped, "last seen on {}", later.last);
    let new = PathStanding::of((&rules(false), 6), (&on(day(190)), &here), day(200));
    assert!(!new.has_stopped, "she has only begun");
}

#[test]
fn a_path_is_reached_with_both_hours_and_all_that_is_required() {
    let mut short = rules(false);
    (short.training, short.action) = (Hours(1200), Hours(60));
    let mut hers = Learning {
        attended: vec![session(0, 1, &[1], 1), session(1, 1, &[1], 2)],
        ..Learning::default()
    };
    let reached = |hers: &Learning| {
        PathStanding::of((&short, 6), (&on(day(0)), &tally(&short, hers)), day(30)).is_reached
    };
    assert!(!reached(&hers), "no action yet");
    hers.records = vec![record(RecordKind::Action, (0, 3), 60, RecordState::Confirmed)];
    assert!(reached(&hers));
    hers.attended.remove(1);
    hers.records.push(record(RecordKind::Course, (1, 4), 900, RecordState::Confirmed));
    assert!(!reached(&hers), "a required course is missing");
}

#[test]
fn in_order_the_next_is_the_first_required_one_that_is_not_done() {
    let some = rules(false);
    let none = Tally::default();
    assert_eq!(some.first_before(&course(1), &none).map(|one| &one.slug), Some(&course(0)));
    assert_eq!(some.first_before(&course(0), &none), None);
    let needed: Vec<_> = some.still_needed(&none).iter().map(|one| one.slug.clone()).collect();
    assert_eq!(needed, [course(0), course(1)]);
}

#[test]
fn a_published_version_is_never_changed() {
    let draft = PathVersion { number: 1, published_at: None, rules: rules(false) };
    let now = DateTime::UNIX_EPOCH;
    let changed = draft.changed(rules(true), now);
    assert_eq!((changed.number, changed.rules), (1, rules(true)));
    let published = PathVersion { published_at: Some(now), ..draft };
    let next = published.changed(rules(true), now);
    assert_eq!((next.number, next.published_at), (2, Some(now)));
}

#[test]
fn hours_are_read_as_people_type_them() {
    for (typed, minutes) in [("2", 120), (" 1.5 ", 90), ("0,75", 45), ("12.0", 720)] {
        assert_eq!(typed_hours(typed, 1), Ok(minutes), "{typed}");
    }
    for none in ["", "-2", "two", "1e3", "1001", "0", "0.001", "NaN", "inf", "1.2.3"] {
        assert_eq!(typed_hours(none, 1), Err(NoHours), "{none}");
    }
    assert_eq!(typed_hours("0", 0), Ok(0));
    for (minutes, words) in [(120, "2"), (90, "1.5"), (45, "0.75"), (20, "0.33"), (0, "0")] {
        assert_eq!(Hours(minutes).to_string(), words);
    }
}

#[test]
fn days_of_sessions_keep_their_dates() {
    let one = session(0, 2, &[1, 2], 1);
    let came: BTreeMap<_, _> = [(1, day(8)), (2, day(9))].into();
    assert_eq!((one.came.clone(), one.last()), (came, Some(day(9))));
    assert_eq!(one.words(), "2 of 2 days");
}

#[test]
fn whoever_was_taken_off_or_has_finished_is_short_of_nothing_and_has_not_stopped() {
    let here = trained(vec![session(0, 1, &[1], 1)]);
    let standing =
        |on: &OnPath, today| PathStanding::of((&rules(false), 6), (on, &here), day(today));
    let still = on(day(0));
    assert!(still.is_on() && standing(&still, 200).has_stopped);
    let off = OnPath { ended: Some((DateTime::UNIX_EPOCH, None)), ..still.clone() };
    assert!(!off.is_on() && !standing(&off, 200).has_stopped);
    let number = "3f2a91bc0d4e77a0b1c2".parse().expect("a number");
    let done = Finished { at: DateTime::UNIX_EPOCH, number };
    let finished = standing(&OnPath { finished: Some(done), ..still.clone() }, 200);
    assert_eq!((finished.is_finished, finished.has_stopped), (true, false));
    assert_eq!((finished.one_short, finished.missing.len()), (None, 1));
    // She was last seen on 9 January, and six months are over on 9 July.
    assert!(!standing(&still, 189).has_stopped);
    assert!(standing(&still, 190).has_stopped);
}

#[test]
fn how_far_somebody_is_fits_into_a_few_words() {
    let none = || PathStanding {
        is_finished: false,
        is_reached: false,
        missing: vec![],
        one_short: None,
        has_stopped: false,
        last: day(0),
    };
    let only = rules(false).courses.first().cloned();
    for (standing, words) in [
        (PathStanding { is_finished: true, ..none() }, "Finished"),
        (PathStanding { is_reached: true, ..none() }, "Everything is there"),
        (PathStanding { one_short: only, ..none() }, "One course short: Course 0"),
        (PathStanding { has_stopped: true, ..none() }, "Has stopped coming"),
        (none(), "On the way"),
    ] {
        assert_eq!(standing.words(), words);
    }
    for (minutes, words) in [(60, "1 hour"), (90, "1.5 hours"), (0, "0 hours")] {
        assert_eq!(Hours(minutes).words(), words);
    }
}

#[test]
fn once_all_that_is_required_is_done_other_courses_are_needed_for_hours_alone() {
    let both = trained(vec![session(0, 1, &[1], 1), session(1, 1, &[1], 2)]);
    for (training, needed) in [(1261, vec![course(2)]), (1260, vec![]), (1259, vec![])] {
        let rules = PathRules { training: Hours(training), ..rules(false) };
        let still = rules.still_needed(&both).into_iter().map(|one| one.slug.clone());
        assert_eq!(still.collect::<Vec<_>>(), needed, "{training}");
    }
}

fn written(number: u32, on: u32) -> WrittenDown {
    WrittenDown {
        course: course(number),
        title: format!("Earlier {number}"),
        worth: 600,
        on: day(on),
    }
}

#[test]
fn a_course_that_was_written_down_is_done() {
    let hers = Learning { written: vec![written(0, 3)], ..Learning::default() };
    let found = tally(&rules(false), &hers);
    assert_eq!((found.training, found.done.contains(&course(0))), (600, true));
    assert_eq!(found.lines[0].why_not, None);
}

#[test]
fn where_repeats_count_only_the_same_days_are_one() {
    for (one, training) in
        [(written(0, 9), 600), (written(0, 8), 600), (written(0, 30), 1200), (written(1, 9), 1200)]
    {
        let attended = vec![session(0, 2, &[1, 2], 1)];
        let hers = Learning { attended, written: vec![one], records: vec![] };
        assert_eq!(tally(&rules(true), &hers).training, training, "{:?}", hers.written);
    }
}

#[test]
fn a_line_says_what_it_was_and_when_and_an_action_may_be_called_like_a_course() {
    let elsewhere = record(RecordKind::Course, (3, 4), 60, RecordState::Confirmed);
    let mut action = record(RecordKind::Action, (5, 30), 90, RecordState::Confirmed);
    action.title = "Course 0".to_owned();
    let attended = vec![session(0, 1, &[1], 1)];
    let hers =
        Learning { attended, written: vec![written(1, 20)], records: vec![elsewhere, action] };
    let found = tally(&rules(false), &hers);
    let line = |one: &'_ Counted| (one.title().to_owned(), one.on(), one.minutes, one.why_not);
    let expected = [
        ("Elsewhere 3", 4, 60),
        ("Course 0", 8, 600),
        ("Earlier 1", 20, 600),
        ("Course 0", 30, 90),
    ];
    let expected =
        expected.map(|(title, on, minutes)| (title.to_owned(), Some(day(on)), minutes, None));
    assert_eq!(found.lines.iter().map(line).collect::<Vec<_>>(), expected);
}
