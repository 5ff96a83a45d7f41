use uuid::Uuid;

use super::*;
use crate::domain::{
    edit::{Change, Drawn, Shown, changes, merge},
    id::SittingId,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Days of a session, each from nine to six, or as typed.
fn sittings(days: &[(&str, &str)]) -> Vec<Sitting> {
    let one = |(number, (starts, ends)): (u32, &(&str, &str))| {
        let at = |text: &str| text.parse::<chrono::NaiveDateTime>().expect("a wall time");
        let (starts, ends) = (at(starts), at(ends));
        Sitting {
            id: SittingId::new(Uuid::from_u128(number.into())),
            number,
            starts,
            ends,
            zone: Tz::UTC,
            starts_at: starts.and_utc(),
            ends_at: ends.and_utc(),
            uid: String::new(),
            sequence: 0,
            created_at: starts.and_utc(),
            changed_at: starts.and_utc(),
            place: None,
        }
    };
    (1..).zip(days).map(one).collect()
}

fn week() -> Vec<Sitting> {
    let days: Vec<(String, String)> = (14..20)
        .map(|d| (format!("2027-02-{d}T09:00:00"), format!("2027-02-{d}T18:00:00")))
        .collect();
    sittings(&days.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect::<Vec<_>>())
}

#[test]
fn a_night_lies_between_days_that_follow_one_another() {
    let nights = nights_between(&week());
    assert_eq!(nights.len(), 5);
    assert_eq!(spans(&nights), "Sun 14 to Fri 19 February 2027");
    // A free day is stayed over; a week between two weekends is not.
    let of = |days: &[&str]| {
        let days: Vec<_> =
            days.iter().map(|d| (format!("{d}T09:00:00"), format!("{d}T17:00:00"))).collect();
        let days: Vec<_> = days.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        nights_between(&sittings(&days)).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of(&["2027-02-14", "2027-02-16"]), ["2027-02-14", "2027-02-15"]);
    assert_eq!(
        of(&["2027-02-13", "2027-02-14", "2027-02-20", "2027-02-21"]),
        ["2027-02-13", "2027-02-20"]
    );
    assert!(of(&["2027-02-14"]).is_empty());
    // A day that lasts over midnight is a night.
    let over = sittings(&[("2027-02-27T20:00:00", "2027-02-28T08:00:00")]);
    assert_eq!(nights_between(&over), [day("2027-02-27")]);
}

#[test]
fn nights_are_told_as_the_days_they_lie_between() {
    let apart = [day("2027-02-13"), day("2027-02-27"), day("2027-02-28")];
    assert_eq!(
        spans(&apart),
        "Sat 13 to Sun 14 February 2027 and Sat 27 February to Mon 1 March 2027"
    );
    for written in ["", "none", "2027-02-13 2027-02-14"] {
        assert_eq!(written.parse::<Nights>().expect("nights").written(), written);
    }
    assert!("2027-02-31".parse::<Nights>().is_err());
}

#[test]
fn a_stay_lies_within_its_session() {
    let faults = |nights: &str, comes: &str, goes: &str| {
        let journey = |on: &str| Journey { on: on.parse().ok(), ..Journey::default() };
        let nights = nights.parse().expect("nights");
        let stay =
            Stay { nights, arrival: journey(comes), departure: journey(goes), ..Stay::default() };
        stay.faults(&week())
    };
    use StayFault as F;
    assert_eq!(faults("", "2027-02-13", "2027-02-19"), []);
    assert_eq!(faults("2027-02-15 2027-02-16", "2027-02-15", "2027-02-17"), []);
    assert_eq!(
        faults("2027-02-19", "", ""),
        [F::OtherNight],
        "that is the day everybody goes home"
    );
    assert_eq!(faults("", "2027-02-12", "2027-02-21"), [F::ArrivalOutside, F::DepartureOutside]);
    assert_eq!(faults("", "2027-02-15", ""), [F::ArrivesTooLate]);
    assert_eq!(faults("", "", "2027-02-18"), [F::LeavesTooEarly]);
    assert_eq!(faults("none", "2027-02-16", "2027-02-15"), [F::LeavesFirst]);
    assert_eq!(faults("none", "2027-02-16", "2027-02-16"), []);
}

#[test]
fn a_journey_reads_as_a_sentence() {
    let journey = Journey {
        on: Some(day("2027-02-14")),
        at: NaiveTime::from_hms_opt(8, 30, 0),
        by: Some(Way::Train),
        from: Line::parse("Dorking").ok(),
        lift: Some(Lift::Met),
    };
    assert_eq!(journey.words(), "Sun 14 Feb at 8.30am, by train, Dorking, to be met");
    let by = Journey { by: Some(Way::Car), lift: Some(Lift::Offers), ..Journey::default() };
    assert_eq!(by.words(), "By car, offers a lift");
    assert_eq!(Journey::default().words(), "");
}

fn residential(rooms_on: Option<&str>) -> Session {
    let mut session = crate::domain::samples::session();
    session.sittings = week();
    session.overnight.is_residential = true;
    session.overnight.rooms_on = rooms_on.map(day);
    session
}

#[test]
fn rooms_are_given_out_by_the_first_day_and_only_where_people_stay() {
    let first = Some(day("2027-02-14"));
    let check = |is_residential, rooms_on: Option<&str>| {
        let rooms_on = rooms_on.map(day);
        Overnight { is_residential, rooms_on, ..Overnight::default() }.checked(first)
    };
    assert_eq!(check(true, Some("2027-02-14")), Ok(()));
    assert_eq!(check(true, Some("2027-02-15")), Err(OvernightFault::TooLate));
    assert_eq!(check(false, Some("2027-02-10")), Err(OvernightFault::NobodyStays));
    assert_eq!((check(false, None), check(true, None)), (Ok(()), Ok(())));
    let whenever = Overnight {
        is_residential: true,
        rooms_on: Some(day("2027-02-15")),
        ..Overnight::default()
    };
    assert_eq!(whenever.checked(None), Ok(()), "it has no first day yet");
}

#[test]
fn a_session_says_which_nights_people_stay_and_by_when_to_say_what_they_wish() {
    let mut session = residential(Some("2027-02-11"));
    let words = session.nights_in_words();
    assert_eq!(words.as_deref(), Some("You stay 5 nights: Sun 14 to Fri 19 February 2027"));
    assert_eq!(session.asks_stays_by().as_deref(), Some("Wed 10 February 2027"));
    assert_eq!(session.gives_rooms_on().as_deref(), Some("Thu 11 February 2027"));
    session.overnight = Overnight::default();
    assert_eq!((session.nights(), session.nights_in_words()), (Vec::new(), None));
    assert_eq!((session.asks_stays_by(), session.gives_rooms_on()), (None, None));
}

#[test]
fn people_say_how_they_stay_until_the_day_on_which_rooms_are_given_out() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
    let session = residential(Some("2027-02-11"));
    let before = at("2027-02-10T23:59:00Z");
    assert!(session.takes_stays_at(before));
    assert!(!session.takes_stays_at(at("2027-02-11T00:00:00Z")));
    assert!(!session.takes_stays_at(at("2027-02-12T00:00:00Z")));
    let open = residential(None);
    assert!(open.takes_stays_at(at("2027-02-12T00:00:00Z")));
    assert!(!open.takes_stays_at(at("2027-02-19T18:00:00Z")), "it is over");
    let draft = Session { publication: Publication::Draft, ..session.clone() };
    assert!(!draft.takes_stays_at(before));
    assert!(!Session { changes_close: Some(before), ..session.clone() }.takes_stays_at(before));
    let overnight = Overnight::default();
    assert!(!Session { overnight, ..session }.takes_stays_at(before), "nobody stays");
}

#[test]
fn what_somebody_said_of_her_nights_is_read_back() {
    let nights = nights_between(&week());
    let only = |days: &[&str]| Nights::Only(days.iter().map(|one| day(one)).collect());
    for (hers, words) in [
        (Nights::All, "All nights"),
        (only(&[]), "Goes home at night"),
        (only(&["2027-02-14", "2027-02-15"]), "Sun 14 to Tue 16 February 2027"),
    ] {
        assert_eq!(hers.words(&nights), words);
    }
}

#[test]
fn what_she_wishes_of_her_room_is_told_without_why() {
    let plain = Stay::default();
    assert!(plain.wishes().is_empty());
    let all = Stay { is_step_free: true, is_quiet: true, is_alone: true, ..plain.clone() };
    assert_eq!(all.wishes(), ["Step-free", "Quiet", "A room of her own"]);
    assert_eq!(Stay { is_quiet: true, ..plain }.wishes(), ["Quiet"]);
}

#[test]
fn a_journey_begins_and_ends_within_a_day_of_the_session() {
    let stay = |comes: &str, goes: &str| {
        let mut stay = Stay { nights: Nights::Only(BTreeSet::new()), ..Stay::default() };
        (stay.arrival.on, stay.departure.on) = (comes.parse().ok(), goes.parse().ok());
        stay
    };
    for (comes, goes, fault) in [
        ("2027-02-13", "2027-02-20", None),
        ("2027-02-12", "", Some(StayFault::ArrivalOutside)),
        ("2027-02-19", "", None),
        ("2027-02-20", "", Some(StayFault::ArrivalOutside)),
        ("", "2027-02-14", None),
        ("", "2027-02-13", Some(StayFault::DepartureOutside)),
        ("", "2027-02-21", Some(StayFault::DepartureOutside)),
        ("2027-02-16", "2027-02-15", Some(StayFault::LeavesFirst)),
        ("2027-02-16", "2027-02-16", None),
    ] {
        let one = stay(comes, goes);
        let faults = one.faults(&week());
        assert_eq!(faults, fault.into_iter().collect::<Vec<_>>(), "{comes} to {goes}");
        assert_eq!(one.fits(&week()), faults.is_empty());
    }
}

#[test]
fn whoever_comes_and_goes_on_one_day_leaves_after_she_arrives() {
    let time = |text: &str| text.parse::<NaiveTime>().ok();
    for (comes, goes, first) in [
        ("10:00:00", "10:00:00", true),
        ("10:00:00", "10:01:00", false),
        ("10:01:00", "10:00:00", true),
    ] {
        let mut stay = Stay { nights: Nights::Only(BTreeSet::new()), ..Stay::default() };
        let on = Some(day("2027-02-16"));
        (stay.arrival.on, stay.departure.on) = (on, on);
        (stay.arrival.at, stay.departure.at) = (time(comes), time(goes));
        let faults = stay.faults(&week());
        assert_eq!(faults.contains(&StayFault::LeavesFirst), first, "{comes} to {goes}");
        stay.departure.on = Some(day("2027-02-17"));
        assert_eq!(stay.faults(&week()), [], "the next day any hour will do");
    }
}

/// What somebody wishes of her room may say how she is: the log says only which field changed (P5).
#[test]
fn of_a_stay_the_log_says_only_what_changed_and_not_to_what() {
    let journey = Journey { by: Some(Way::Train), ..Journey::default() };
    let stay = Stay {
        nights: Nights::Only(BTreeSet::new()),
        with_whom: Line::parse("Bo Lee").ok(),
        is_step_free: true,
        is_quiet: true,
        is_alone: true,
        why_alone: Line::parse("I snore").ok(),
        arrival: journey.clone(),
        departure: journey.clone(),
    };
    let told: Vec<_> =
        changes(&Stay::default(), &stay, Tz::UTC).iter().map(Change::to_string).collect();
    assert_eq!(
        told,
        [
            "Nights: changed",
            "Sharing a room with: changed",
            "Step-free room: changed",
            "Quiet room: changed",
            "A room of her own: changed",
            "Why a room of her own: changed",
            "Arrival: changed",
            "Departure: changed",
        ]
    );
    assert_eq!((stay.nights.logged(Tz::UTC), journey.logged(Tz::UTC)), (None, None));
}

#[test]
fn what_an_editor_reads_of_a_stay_is_in_words() {
    let only = |days: &[&str]| Nights::Only(days.iter().map(|one| day(one)).collect());
    for (nights, words) in [
        (Nights::All, "all nights"),
        (only(&[]), "goes home at night"),
        (only(&["2027-02-14", "2027-02-15"]), "Sun 14 to Tue 16 February 2027"),
    ] {
        assert_eq!(nights.shown(Tz::UTC), words);
    }
    let by = Journey { by: Some(Way::Car), lift: Some(Lift::Offers), ..Journey::default() };
    assert_eq!(by.shown(Tz::UTC), "By car, offers a lift");
}

#[test]
fn two_who_say_different_things_of_a_stay_keep_both() {
    let drawn = Stay::default();
    let present = Stay { nights: Nights::Only(BTreeSet::new()), is_quiet: true, ..Stay::default() };
    let sent = Stay { with_whom: Line::parse("Bo Lee").ok(), ..Stay::default() };
    let merged = merge(Some(&Drawn::of(&drawn)), &present, &sent, Tz::UTC).expect("no conflict");
    assert_eq!(merged.record, Stay { with_whom: sent.with_whom, ..present });
}
