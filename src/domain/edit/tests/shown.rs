//! How values are told to whoever edits them, and what of that the log keeps.

use chrono_tz::Europe::London;

use crate::domain::{
    admission::Admission,
    attendee::Guardian,
    contact::{EmailAddress, PhoneNumber},
    edit::Shown,
    location::Location,
    page_words::DayWords,
    path::{Hours, PathCourse},
    plan::PlannedSitting,
    question::{Asked, QuestionKind},
    samples::name,
    session::BookingMode,
    sitting::DayPlace,
    staff::Role,
    text::Need,
};

/// What an editor reads of a value, and what the log says of it.
fn told(value: &impl Shown) -> (String, Option<String>) {
    (value.shown(London), value.logged(London))
}

/// Both read the same.
fn assert_told_to_both<const COUNT: usize>(all: [((String, Option<String>), &str); COUNT]) {
    for ((shown, logged), words) in all {
        assert_eq!((shown.as_str(), logged.as_deref()), (words, Some(words)));
    }
}

#[test]
fn what_is_chosen_is_told_in_words_and_not_as_it_is_stored() {
    assert_told_to_both([
        (told(&Admission::Public), "everybody"),
        (told(&Admission::Unlisted), "whoever has its address"),
        (told(&Admission::Closed), "only people you book"),
        (told(&BookingMode::Instant), "booked at once"),
        (told(&BookingMode::Approval), "the organiser decides"),
        (told(&QuestionKind::Several), "Any of several answers"),
        (told(&Asked::Booking), "whoever books, once"),
        (told(&Asked::Person), "each person"),
        (told(&Role::Administrator), "administrator"),
        (told(&Role::Organiser), "organiser"),
        (told(&Role::Trainer), "trainer"),
        (told(&true), "yes"),
        (told(&false), "no"),
    ]);
}

#[test]
fn a_moment_is_told_by_the_clock_of_its_alliance_and_a_day_with_its_weekday() {
    let at = |text: &str| text.parse().expect("a wall time");
    let (starts, ends) = (at("2027-03-01T09:00:00"), at("2027-03-01T16:30:00"));
    let summer = "2027-06-05T08:30:00Z".parse::<chrono::DateTime<chrono::Utc>>();
    let day = "2027-03-01".parse::<chrono::NaiveDate>();
    assert_told_to_both([
        (told(&summer.expect("a moment")), "9.30am on Sat 5 June 2027, London time"),
        (told(&day.expect("a date")), "Mon 1 March 2027"),
        (told(&PlannedSitting { starts, ends }), "Mon 1 March 2027, 9am to 4.30pm"),
    ]);
}

#[test]
fn what_has_several_parts_is_told_on_one_line() {
    let words = |title: Option<&str>, note: Option<&str>| DayWords {
        title: title.map(str::to_owned),
        note: note.map(str::to_owned),
    };
    let course = |slug: &str, title: &str, is_required| PathCourse {
        slug: slug.parse().expect("a slug"),
        title: title.to_owned(),
        is_required,
    };
    let courses = vec![course("listening", "Listening", true), course("power", "Power", false)];
    let place = |address: &str| DayPlace {
        venue: None,
        name: "Holbeck Club".to_owned(),
        address: address.to_owned(),
    };
    assert_told_to_both([
        (told(&vec!["step-free".to_owned(), "loop".to_owned()]), "step-free; loop"),
        (told(&words(Some("Power"), Some("We begin with tea"))), "Power: We begin with tea"),
        (told(&words(None, Some("We begin with tea"))), "We begin with tea"),
        (told(&words(None, None)), ""),
        (told(&courses), "Listening (required); Power"),
        (told(&Hours(90)), "1.5"),
        (told(&place("Leeds LS11 0XX")), "Holbeck Club, Leeds LS11 0XX"),
        (told(&place("")), "Holbeck Club"),
    ]);
}

/// So that erasing somebody leaves the log true (P5).
#[test]
fn names_needs_and_addresses_are_told_to_the_editor_and_never_to_the_log() {
    let guardian = Guardian { name: name("Ruth Obi"), contact: name("020 7946 0000") };
    let email: EmailAddress = "ada@example.org".parse().expect("an address");
    let phone: PhoneNumber = "020 7946 0000".parse().expect("a number");
    let need = Need::parse("No sesame").expect("a need");
    for ((shown, logged), words) in [
        (told(&name("Ada Obi")), "Ada Obi"),
        (told(&Some(need)), "No sesame"),
        (told(&guardian), "Ruth Obi, 020 7946 0000"),
        (told(&email), "ada@example.org"),
        (told(&phone), "020 7946 0000"),
    ] {
        assert_eq!((shown.as_str(), logged), (words, None));
    }
    // That nothing was said of her names nobody.
    assert_eq!(told(&None::<Need>), (String::new(), Some(String::new())));
}

/// C5.
#[test]
fn the_room_of_a_call_is_told_to_whoever_plans_and_never_stands_in_the_log() {
    let call = Location::Online { room: "https://meet.example/r/Intro".to_owned() };
    let logged = Some("Online, by video call".to_owned());
    assert_eq!(told(&call), ("Online: https://meet.example/r/Intro".to_owned(), logged));
    let hall = Location::venue("Town Hall", "1 Square, Leeds").expect("a venue");
    assert_told_to_both([(told(&hall), "Town Hall, 1 Square, Leeds")]);
}
