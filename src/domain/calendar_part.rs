//! What a letter carries for a calendar.

use super::vocabulary::words;

/// Which iTIP method a calendar part carries (RFC 5546 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Put this in the calendar, or change it.
    Request,
    /// Take this out of the calendar.
    Cancel,
    /// Many days at once, in a file to open: a message that asks can carry only one.
    Publish,
}

words!(CalendarMethod { Request => "REQUEST", Cancel => "CANCEL", Publish => "PUBLISH" });

/// The calendar part of a letter: one VEVENT with one ATTENDEE, who is the letter's recipient; or a file
/// of many, which names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPart {
    /// Equal to the file's METHOD.
    pub method: CalendarMethod,
    /// The file, CRLF line ends.
    pub ics: String,
}
