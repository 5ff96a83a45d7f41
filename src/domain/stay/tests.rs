use uuid::Uuid;

use super::*;
use crate::domain::id::SittingId;

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
