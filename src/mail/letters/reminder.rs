//! Reminders, some days before each day of a session. How many days, is filled in as they leave.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{
    near_day::{LEAD, WHEN},
    session::Session,
    sitting::Sitting,
    wording,
};

struct Reminder {
    frame: Frame,
    session: About,
    date: String,
    /// `Tomorrow`, and `tomorrow`, as the day will be counted when the letter leaves.
    lead: &'static str,
    when: &'static str,
    /// What helps at the venue.
    access: String,
    url: String,
}

/// To an attendee, before one day: when, where, and how to give the place up.
pub fn reminder(
    letterhead: &Letterhead,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    place_url: &str,
) -> Content {
    let letter = Reminder {
        frame: Frame::about(letterhead, session, name),
        session: About::sitting(letterhead, session, sitting),
        date: wording::long_date(sitting.starts.date()),
        lead: LEAD,
        when: WHEN,
        access: plain::one_line(&session.access.join(", ")),
        url: place_url.to_owned(),
    };
    content!(
        &letter,
        Reminder,
        "letters/reminder/subject.txt",
        "letters/reminder/body.txt",
        "letters/reminder/body.html"
    )
}

struct ReminderToPassOn {
    frame: Frame,
    session: About,
    date: String,
    /// `Tomorrow`, and `tomorrow`, as the day will be counted when the letter leaves.
    lead: &'static str,
    when: &'static str,
    /// Whether she has a place herself.
    comes: bool,
    /// Whom we cannot write to.
    people: String,
    access: String,
    url: String,
}

/// To the leader, before one day: the people we cannot write to, for her to remind; and that she comes
/// herself, if she does.
pub fn reminder_to_pass_on(
    letterhead: &Letterhead,
    session: &Session,
    sitting: &Sitting,
    leader: (&str, &[String], bool),
    manage_url: &str,
) -> Content {
    let (name, people, comes) = leader;
    let people: Vec<String> = people.iter().map(|name| plain::one_line(name)).collect();
    let letter = ReminderToPassOn {
        frame: Frame::about(letterhead, session, name),
        session: if comes {
            About::sitting(letterhead, session, sitting)
        } else {
            About::session(letterhead, session)
        },
        comes,
        date: wording::long_date(sitting.starts.date()),
        lead: LEAD,
        when: WHEN,
        people: wording::list(&people),
        access: plain::one_line(&session.access.join(", ")),
        url: manage_url.to_owned(),
    };
    content!(
        &letter,
        ReminderToPassOn,
        "letters/reminder-to-pass-on/subject.txt",
        "letters/reminder-to-pass-on/body.txt",
        "letters/reminder-to-pass-on/body.html"
    )
}
