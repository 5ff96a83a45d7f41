//! What can be chosen on the form of a session, in words.

use crate::domain::{admission::Admission, session::BookingMode};

/// A word, what it is called, and what follows from it.
pub type Choice = (&'static str, &'static str, &'static str);

/// How a booking is answered.
pub fn modes() -> [Choice; 2] {
    let word = BookingMode::as_str;
    [
        (word(BookingMode::Instant), "Booked at once", "The first to book get the places"),
        (word(BookingMode::Approval), "I decide", "People ask, and you say yes or no"),
    ]
}

/// Who can find it.
pub fn admissions() -> [Choice; 3] {
    let word = Admission::as_str;
    [
        (
            word(Admission::Public),
            "Everybody",
            "It stands in the list of trainings, in calendars and on your site",
        ),
        (
            word(Admission::Unlisted),
            "Whoever has its address",
            "No list shows it. Send the address to those you want; they may pass it on",
        ),
        (
            word(Admission::Closed),
            "Only people you book",
            "For everybody else there is no such page. Book for people on the session\u{2019}s page",
        ),
    ]
}
