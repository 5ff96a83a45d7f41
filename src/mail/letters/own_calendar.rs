//! A leader who comes herself gets one letter for one change (T3): about her booking, with what her
//! own calendar is told.

use askama::Template;

use crate::domain::letter::{CalendarMethod, Letter, OWN_CALENDAR};

#[derive(Template)]
#[template(path = "letters/parts/own-calendar.txt")]
struct Text<'a> {
    method: CalendarMethod,
    /// What opens her own place.
    url: Option<&'a str>,
    /// Whether other days come in letters of their own.
    more: bool,
}

#[derive(Template)]
#[template(path = "letters/parts/own-calendar.html")]
struct Html<'a> {
    method: CalendarMethod,
    url: Option<&'a str>,
    more: bool,
}

/// Puts the calendar part of a leader's letter as an attendee into the one about her booking. A
/// machine reads the answers to it. `url` opens her own place; `more` says whether other days come in letters of their own.
pub fn with_own_calendar(
    mut letter: Letter,
    attendees: Letter,
    url: Option<&str>,
    more: bool,
) -> Letter {
    let Some(part) = attendees.calendar else { return letter };
    let method = part.method;
    let text = super::words(&Text { method, url, more });
    let html = super::words(&Html { method, url, more });
    letter.text = letter.text.replace(OWN_CALENDAR, text.trim_end());
    letter.html = letter.html.replace(OWN_CALENDAR, html.trim_end());
    letter.calendar = Some(part);
    letter.thread = attendees.thread;
    letter.reply_to = None;
    letter
}
