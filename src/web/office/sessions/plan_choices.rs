//! What can be chosen on the form of a session, in words.

use crate::{
    actions::sessions::copy_belongings::belongings,
    domain::{admission::Admission, course::Course, session::BookingMode},
    store::{Conn, catalogue},
    web::failure::Failure,
};

/// A word, what it is called, and what follows from it.
pub type Choice = (&'static str, &'static str, &'static str);

/// How people take part.
pub const WAYS: [(&str, &str); 2] = [("venue", "In a room"), ("online", "By video call")];

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

/// The courses a session can be planned of.
pub(super) async fn offered_courses(conn: &mut Conn) -> Result<Vec<Course>, Failure> {
    let archived = catalogue::archived_courses(conn).await?;
    let mut courses = catalogue::courses(conn).await?;
    courses.retain(|course| !archived.contains(&course.slug));
    Ok(courses)
}

/// What a copy of a session gets beside what its form says, in words.
pub(super) async fn copied(conn: &mut Conn, like: &str) -> Result<Option<String>, Failure> {
    let Ok(code) = like.parse() else { return Ok(None) };
    Ok(belongings(conn, &code).await?.in_words(1))
}
