//! What letters have in common: the frame around them and the facts most of them state.

use super::super::{Sender, plain};
use crate::domain::{
    contact::EmailAddress, location::Location, session::Session, sitting::Sitting, wording,
};

/// How much of a course's title a subject takes, so that the dates after it are never cut off.
const TITLE_IN_SUBJECT: usize = 140;

/// What differs between one letter's frame and another's.
pub(super) struct Opening<'a> {
    pub(super) subject: String,
    pub(super) heading: &'a str,
    pub(super) lead: String,
    pub(super) to_name: &'a str,
    pub(super) why: String,
    pub(super) signed: Vec<String>,
}

/// What stands around every letter.
pub(super) struct Frame {
    pub(super) subject: String,
    /// What mail clients show beside the subject.
    pub(super) preview: String,
    pub(super) heading: String,
    pub(super) lead: String,
    pub(super) to_name: String,
    pub(super) phone: String,
    pub(super) phone_digits: String,
    pub(super) site: String,
    pub(super) why: String,
    pub(super) signed: Vec<String>,
}

impl Frame {
    pub(super) fn new(sender: &Sender, opening: &Opening<'_>) -> Self {
        let lead = plain::one_line(&opening.lead);
        // People write +44 (0)20; the zero in brackets is not dialled after the country.
        let phone_digits = sender.phone.replace("(0)", "");
        Self {
            subject: plain::subject(&opening.subject),
            preview: lead.clone(),
            heading: plain::one_line(opening.heading),
            lead,
            to_name: plain::one_line(opening.to_name),
            phone: plain::one_line(&sender.phone),
            phone_digits: phone_digits
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect(),
            site: site(sender).to_owned(),
            why: plain::one_line(&opening.why),
            signed: opening.signed.iter().map(|line| plain::one_line(line)).collect(),
        }
    }
}

/// Where the site is, without a slash at the end.
fn site(sender: &Sender) -> &str {
    sender.base_url.trim_end_matches('/')
}

/// The site as people say it: `turnout.example.org`.
pub(super) fn site_name(sender: &Sender) -> &str {
    let site = site(sender);
    site.split_once("://").map_or(site, |(_, name)| name)
}

/// A course's title, short enough to leave room in a subject.
pub(super) fn short_title(session: &Session) -> String {
    plain::shortened(&session.course.title, TITLE_IN_SUBJECT)
}

/// Who a letter about a session is from: its trainers, and the alliance.
pub(super) fn signed(session: &Session) -> Vec<String> {
    let trainers: Vec<&str> = session.trainers.iter().map(|one| one.name.as_str()).collect();
    let mut lines = vec![wording::list(&trainers), session.alliance.name.clone()];
    lines.retain(|line| !line.is_empty());
    lines
}

/// `Sat 5 September 2026, 9.30am to 4.30pm (London time)`.
pub(super) fn when(sitting: &Sitting) -> String {
    format!("{} ({})", wording::sitting(sitting), wording::zone(sitting.zone))
}

/// When and where, with what everybody should know.
pub(super) struct Details {
    pub(super) when: Vec<String>,
    pub(super) place: String,
    pub(super) online: bool,
    /// The online room, only in letters to people who may have it.
    pub(super) room: String,
    pub(super) how_to_join: String,
    /// The session's page.
    pub(super) page: String,
    pub(super) note: String,
}

impl Details {
    /// All the days of a session, without the room.
    pub(super) fn of_session(sender: &Sender, session: &Session) -> Self {
        Self::new(sender, session, session.sittings.iter().map(when).collect())
    }

    /// One day of a session, with the room: for somebody who has a place.
    pub(super) fn of_sitting(sender: &Sender, session: &Session, sitting: &Sitting) -> Self {
        let day = match day_of(session, sitting) {
            Some(day) => format!("{day}: {}", when(sitting)),
            None => when(sitting),
        };
        let details = Self::new(sender, session, vec![day]);
        details.with_room(session, "This link is for you only, so do not pass it on.")
    }

    fn new(sender: &Sender, session: &Session, when: Vec<String>) -> Self {
        Self {
            when,
            place: plain::one_line(&session.location.public_line()),
            online: session.location.is_online(),
            room: String::new(),
            how_to_join: String::new(),
            page: format!("{}/sessions/{}", site(sender), session.code),
            note: plain::one_line(session.note.as_deref().unwrap_or_default()),
        }
    }

    /// Adds the room of an online session, and what to do with it.
    pub(super) fn with_room(mut self, session: &Session, how_to_join: &str) -> Self {
        if let Location::Online { room } = &session.location {
            self.room = plain::one_line(room);
            self.how_to_join = how_to_join.to_owned();
        }
        self
    }
}

/// `Day 1 of 2`, for a session of more than one day.
pub(super) fn day_of(session: &Session, sitting: &Sitting) -> Option<String> {
    let days = session.sittings.len();
    let at = session.sittings.iter().position(|one| one.id == sitting.id)?;
    (days > 1).then(|| format!("Day {} of {days}", at + 1))
}

/// The one thing a letter offers to press.
pub(super) struct Button {
    pub(super) url: String,
    pub(super) label: &'static str,
    pub(super) caution: String,
}

/// What happens next, or what to do, under a heading.
pub(super) struct Step {
    pub(super) title: &'static str,
    pub(super) words: String,
}

/// Somebody in a list, with a word about them.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) remark: &'static str,
}

/// People under one heading.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) people: Vec<Person>,
}

impl Person {
    /// Somebody with nothing to add.
    pub(super) fn named(name: &str) -> Self {
        Self { name: plain::one_line(name), remark: "" }
    }

    /// Somebody whose own letter went to `email`, or whom the leader must tell.
    pub(super) fn told_by(name: &str, email: Option<&EmailAddress>) -> Self {
        let remark = if email.is_some() { "" } else { "no email given: please tell them" };
        Self { remark, ..Self::named(name) }
    }
}
