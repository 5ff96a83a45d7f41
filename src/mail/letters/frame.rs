//! The facts that most letters state.

use super::super::{Sender, plain};
use crate::domain::{
    contact::EmailAddress,
    letter::{OWN_CALENDAR, REFERENCE, STOP},
    location::Location,
    registration::Registration,
    session::Session,
    sitting::Sitting,
    wording,
};

/// How much of a course's title a subject takes, so that the dates after it are never cut off.
const TITLE_IN_SUBJECT: usize = 140;

/// What stands around every letter.
pub(super) struct Frame {
    pub(super) to_name: String,
    pub(super) phone: String,
    pub(super) phone_digits: String,
    pub(super) site: String,
    /// The site as people say it: `turnout.example.org`.
    pub(super) site_name: String,
    pub(super) signed: Vec<String>,
    /// The alliance's own address: whoever organises answers, not a machine.
    pub(super) reply_to: Option<EmailAddress>,
    /// Where the letter says what it tells the reader's own calendar, if it may.
    pub(super) own_calendar: &'static str,
    /// Where it says the reference of a booking, if no other part of it does.
    pub(super) reference: &'static str,
    /// Where it says how to stop letters like it.
    pub(super) stop: &'static str,
}

impl Frame {
    /// A letter from us, to somebody whose name may be unknown.
    pub(super) fn from_us(sender: &Sender, to_name: &str) -> Self {
        let site = site(sender);
        // People write +44 (0)20; the zero in brackets is not dialled after the country.
        let phone_digits = sender.phone.replace("(0)", "");
        Self {
            to_name: plain::one_line(to_name),
            phone: plain::one_line(&sender.phone),
            phone_digits: phone_digits
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect(),
            site: site.to_owned(),
            site_name: site.split_once("://").map_or(site, |(_, name)| name).to_owned(),
            signed: vec![plain::one_line(&sender.name)],
            reply_to: None,
            own_calendar: "",
            reference: "",
            stop: "",
        }
    }

    /// A letter about a session: from its trainers, and the alliance.
    pub(super) fn about(sender: &Sender, session: &Session, to_name: &str) -> Self {
        let trainers: Vec<&str> = session.trainers.iter().map(|one| one.name.as_str()).collect();
        let signed = [wording::list(&trainers), session.alliance.name.clone()];
        let signed = signed.iter().filter(|line| !line.is_empty());
        Self {
            signed: signed.map(|line| plain::one_line(line)).collect(),
            reply_to: Some(session.alliance.contact_email.clone()),
            reference: REFERENCE,
            stop: STOP,
            ..Self::from_us(sender, to_name)
        }
    }

    /// A letter about a booking to its leader, who may have a place on it herself.
    pub(super) fn to_leader(
        sender: &Sender,
        session: &Session,
        registration: &Registration,
    ) -> Self {
        let comes = registration.places.iter().any(|place| registration.is_leaders(place));
        Self {
            own_calendar: if comes { OWN_CALENDAR } else { "" },
            reference: "",
            ..Self::about(sender, session, registration.leader.name.as_str())
        }
    }

    /// A letter about a session to its trainers, who do not write to themselves.
    pub(super) fn from_the_alliance(sender: &Sender, session: &Session, to_name: &str) -> Self {
        let signed = vec![plain::one_line(&session.alliance.name)];
        Self { signed, reference: "", stop: "", ..Self::about(sender, session, to_name) }
    }
}

/// Where the site is, without a slash at the end.
fn site(sender: &Sender) -> &str {
    sender.base_url.trim_end_matches('/')
}

/// `Sat 5 September 2026, 9.30am to 4.30pm (London time)`.
pub(super) fn when(sitting: &Sitting) -> String {
    format!("{} ({})", wording::sitting(sitting), wording::zone(sitting.zone))
}

/// How the reader of a letter comes to the link of an online session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    /// Not by this letter.
    Unsaid,
    /// The link is in it, for her alone.
    ByYourself,
    /// The link is in it, for people we cannot write to.
    PassItOn,
    /// Each person has it in a letter of their own.
    InEachLetter,
}

impl Joining {
    pub(super) fn is_said(self) -> bool {
        self != Self::Unsaid
    }
}

/// When and where, with what everybody should know.
pub(super) struct About {
    pub(super) title: String,
    /// The title, short enough to leave room in a subject.
    pub(super) short_title: String,
    /// All its days: `Sat 5 and Sat 12 September 2026`.
    pub(super) days: String,
    /// Which day of how many the letter is about, if it is about one of several.
    pub(super) day: Option<(usize, usize)>,
    pub(super) when: Vec<String>,
    pub(super) place: String,
    pub(super) online: bool,
    /// The online room, only in letters to people who may have it.
    pub(super) room: String,
    pub(super) joining: Joining,
    /// The session's page, where it has one for whoever knows its address.
    pub(super) page: Option<String>,
    /// What that page says of getting in, where there is none.
    pub(super) access: Vec<String>,
    pub(super) note: String,
}

impl About {
    /// All the days of a session, without the room.
    pub(super) fn session(sender: &Sender, session: &Session) -> Self {
        let page = session.admission.has_page();
        Self {
            title: plain::one_line(&session.course.title),
            short_title: plain::shortened(&session.course.title, TITLE_IN_SUBJECT),
            days: wording::days(session),
            day: None,
            when: session.sittings.iter().map(when).collect(),
            place: plain::one_line(&session.location.public_line()),
            online: session.location.is_online(),
            room: String::new(),
            joining: Joining::Unsaid,
            page: page.then(|| format!("{}/sessions/{}", site(sender), session.code)),
            access: if page { Vec::new() } else { access(session) },
            note: plain::one_line(session.note.as_deref().unwrap_or_default()),
        }
    }

    /// One day of a session, with the room: for somebody who has a place.
    pub(super) fn sitting(sender: &Sender, session: &Session, sitting: &Sitting) -> Self {
        let days = session.sittings.len();
        let at = session.sittings.iter().position(|one| one.id == sitting.id);
        let about = Self {
            day: at.filter(|_| days > 1).map(|at| (at + 1, days)),
            when: vec![when(sitting)],
            ..Self::session(sender, session)
        };
        about.with_room(session, Joining::ByYourself)
    }

    /// Adds the room of an online session, and what to do with it.
    pub(super) fn with_room(mut self, session: &Session, joining: Joining) -> Self {
        if let Location::Online { room } = &session.location {
            self.room = plain::one_line(room);
            self.joining = joining;
        }
        self
    }
}

/// What a leader must do about somebody on her booking.
pub(super) enum Remark {
    /// Nothing: they have a letter of their own.
    Nothing,
    /// We have no address to write to.
    TellThem,
    /// Nobody is named yet.
    TellUsWho,
}

/// Somebody on a booking.
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) remark: Remark,
}

impl Person {
    /// Somebody with nothing to do about.
    pub(super) fn named(name: &str) -> Self {
        Self { name: Some(plain::one_line(name)), remark: Remark::Nothing }
    }

    /// Somebody whose own letter went to `email`, or whom the leader must tell.
    pub(super) fn told_by(name: &str, email: Option<&EmailAddress>) -> Self {
        let remark = if email.is_some() { Remark::Nothing } else { Remark::TellThem };
        Self { remark, ..Self::named(name) }
    }

    /// Somebody whose name is to follow.
    pub(super) fn to_follow() -> Self {
        Self { name: None, remark: Remark::TellUsWho }
    }
}

/// How the places of some people on a booking stand.
pub(super) enum Heading {
    Cancelled,
    Coming,
    Offered,
    Requested,
    Waiting,
    Lapsed,
    Refused,
}

/// People under one heading.
pub(super) struct Group {
    pub(super) heading: Heading,
    pub(super) people: Vec<Person>,
}

/// How to get to a session, and in.
fn access(session: &Session) -> Vec<String> {
    let words = &session.words;
    let phrases = (!session.access.is_empty()).then(|| session.access.join(", "));
    let parts = [words.directions.clone(), phrases, words.access_words.clone()];
    parts.into_iter().flatten().map(|part| plain::one_line(&part)).collect()
}
