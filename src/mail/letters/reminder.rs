//! Reminders, some days before each day of a session.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{session::Session, sitting::Sitting, wording};

struct Reminder {
    frame: Frame,
    session: About,
    date: String,
    days_before: u32,
    /// What helps at the venue.
    access: String,
    url: String,
}

/// To an attendee, before one day: when, where, and how to give the place up.
pub fn reminder(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    days_before: u32,
    place_url: &str,
) -> Content {
    let letter = Reminder {
        frame: Frame::about(sender, session, name),
        session: About::sitting(sender, session, sitting),
        date: wording::long_date(sitting.starts.date()),
        days_before,
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
    days_before: u32,
    /// Whom we cannot write to.
    people: String,
    access: String,
    url: String,
}

/// To the leader, before one day: the people we cannot write to, for her to remind.
pub fn reminder_to_pass_on(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    leader: (&str, &[String]),
    days_before: u32,
    manage_url: &str,
) -> Content {
    let (name, people) = leader;
    let people: Vec<String> = people.iter().map(|name| plain::one_line(name)).collect();
    let letter = ReminderToPassOn {
        frame: Frame::about(sender, session, name),
        session: About::session(sender, session),
        date: wording::long_date(sitting.starts.date()),
        days_before,
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
