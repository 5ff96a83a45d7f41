//! The facts that most letters state.

use std::{collections::BTreeMap, sync::Arc};

use super::super::{Letterhead, plain};
use crate::domain::{
    alliance::Alliance,
    contact::EmailAddress,
    letter::{OWN_CALENDAR, REFERENCE, SAID, STOP},
    letter_wording::{LetterWording, WordedLetter},
    location::Location,
    near_day::LEAD,
    placeholder::{Placeholder, filled},
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
    /// Where it says what whoever changed something says of it.
    pub(super) said: &'static str,
    /// Whose words it may be in, and what they may name.
    pub(super) chosen: Option<Chosen>,
    /// The letter whose words it is in, if not its own.
    pub(super) worded_as: Option<WordedLetter>,
}

/// An alliance that chose words for some letters, and what those may name of this one.
pub(super) struct Chosen {
    alliance: Arc<Alliance>,
    values: BTreeMap<Placeholder, String>,
}

/// What an alliance says in a letter in its own words.
#[derive(Default)]
pub(super) struct Worded {
    /// Its subject, if not as the template has it.
    pub(super) subject: Option<String>,
    /// Lines before the facts.
    pub(super) opening: Vec<String>,
    /// Lines after them, instead of whom to ask.
    pub(super) closing: Option<Vec<String>>,
}

impl Frame {
    /// A letter from us, to somebody whose name may be unknown.
    pub(super) fn from_us(letterhead: &Letterhead, to_name: &str) -> Self {
        let site = site(letterhead);
        // People write +44 (0)20; the zero in brackets is not dialled after the country.
        let phone_digits = letterhead.phone.replace("(0)", "");
        Self {
            to_name: plain::one_line(to_name),
            phone: plain::one_line(&letterhead.phone),
            phone_digits: phone_digits
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect(),
            site: site.to_owned(),
            site_name: site.split_once("://").map_or(site, |(_, name)| name).to_owned(),
            signed: vec![plain::one_line(&letterhead.name)],
            reply_to: None,
            own_calendar: "",
            reference: "",
            stop: "",
            said: "",
            chosen: None,
            worded_as: None,
        }
    }

    /// A letter about a session: from its trainers, and the alliance.
    pub(super) fn about(letterhead: &Letterhead, session: &Session, to_name: &str) -> Self {
        let trainers: Vec<&str> = session.trainers.iter().map(|one| one.name.as_str()).collect();
        let signed = [wording::list(&trainers), session.alliance.name.clone()];
        let signed = signed.iter().filter(|line| !line.is_empty());
        let signed = signed.map(|line| plain::one_line(line)).collect();
        let letters = &session.alliance.words.letters;
        let reply_to = letters.reply_to.as_ref().unwrap_or(&session.alliance.contact_email);
        Self {
            signed: letters.signature.as_deref().map_or(signed, lines),
            reply_to: Some(reply_to.clone()),
            reference: REFERENCE,
            stop: STOP,
            said: SAID,
            chosen: (!letters.wordings.is_empty()).then(|| Chosen {
                alliance: Arc::clone(&session.alliance),
                values: values(letterhead, session, to_name),
            }),
            ..Self::from_us(letterhead, to_name)
        }
    }

    /// A letter about a booking to its leader, who may have a place on it herself.
    pub(super) fn to_leader(
        letterhead: &Letterhead,
        session: &Session,
        registration: &Registration,
    ) -> Self {
        let comes = registration.places.iter().any(|place| registration.is_leaders(place));
        let mut frame = Self {
            own_calendar: if comes { OWN_CALENDAR } else { "" },
            reference: "",
            ..Self::about(letterhead, session, registration.leader.name.as_str())
        };
        if let Some(chosen) = &mut frame.chosen {
            chosen.values.insert(Placeholder::Reference, registration.reference.to_string());
        }
        frame
    }

    /// A letter about a session to its trainers, who do not write to themselves.
    pub(super) fn from_the_alliance(
        letterhead: &Letterhead,
        session: &Session,
        to_name: &str,
    ) -> Self {
        let signed = vec![plain::one_line(&session.alliance.name)];
        let about = Self::about(letterhead, session, to_name);
        Self { signed, reference: "", stop: "", said: "", chosen: None, ..about }
    }

    /// What the alliance says in the letter whose templates stand beside `path`, and whose subject would
    /// be `own`.
    pub(super) fn worded(&self, path: &str, own: &str) -> Worded {
        let folder = path.split('/').nth(1).and_then(|folder| folder.parse().ok());
        let (Some(chosen), Some(letter)) = (&self.chosen, self.worded_as.or(folder)) else {
            return Worded::default();
        };
        let LetterWording { subject, opening, closing } = chosen.alliance.words.letters.of(letter);
        let value = |placeholder| chosen.value(placeholder, own);
        let said = |text: String| filled(&text, letter, value);
        Worded {
            subject: subject.map(|text| plain::one_line(&said(text))),
            opening: opening.map(|text| lines(&said(text))).unwrap_or_default(),
            closing: closing.map(|text| lines(&said(text))),
        }
    }
}

impl Chosen {
    /// What a placeholder stands for. What happened, and the day it is about, is as the letter's own subject
    /// says, before and after the title.
    fn value(&self, placeholder: Placeholder, own: &str) -> String {
        let known = |one| self.values.get(&one).cloned().unwrap_or_default();
        let course = known(Placeholder::Course);
        let around = own.split_once(&course);
        match placeholder {
            Placeholder::WhatHappened => {
                let before = around.map_or(own, |(before, _)| before);
                before.trim_end_matches([' ', ':']).to_owned()
            }
            Placeholder::Day => {
                let after = around.map_or("", |(_, after)| after).trim_start_matches([',', ' ']);
                if after.is_empty() { known(Placeholder::Days) } else { after.to_owned() }
            }
            other => known(other),
        }
    }
}

/// What a wording may name of a letter about a session.
fn values(
    letterhead: &Letterhead,
    session: &Session,
    to_name: &str,
) -> BTreeMap<Placeholder, String> {
    let first = session.sittings.first();
    let day = first.map(|one| wording::long_date(one.starts.date())).unwrap_or_default();
    let time = first.map(|one| wording::time_span(one.starts, one.ends)).unwrap_or_default();
    let trainers: Vec<&str> = session.trainers.iter().map(|one| one.name.as_str()).collect();
    let values = [
        (Placeholder::Course, plain::shortened(&session.course.title, TITLE_IN_SUBJECT)),
        (Placeholder::Days, wording::days(session)),
        (Placeholder::FirstDay, day),
        (Placeholder::Time, time),
        (Placeholder::Place, session.location.public_line()),
        (Placeholder::Alliance, session.alliance.name.clone()),
        (Placeholder::Trainers, wording::list(&trainers)),
        (Placeholder::Name, to_name.to_owned()),
        (Placeholder::Phone, letterhead.phone.clone()),
        (Placeholder::HowSoon, LEAD.to_owned()),
    ];
    let plain =
        |(placeholder, value): (Placeholder, String)| (placeholder, plain::one_line(&value));
    values.into_iter().map(plain).collect()
}

/// A text of several lines, each made safe.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(plain::one_line).collect()
}

/// Where the site is, without a slash at the end.
fn site(letterhead: &Letterhead) -> &str {
    letterhead.base_url.trim_end_matches('/')
}

/// `Sat 5 September 2026, 9.30am to 4.30pm (London time)`.
pub(super) fn when(sitting: &Sitting) -> String {
    format!("{} ({})", wording::sitting(sitting), wording::zone(sitting.zone))
}

/// The same of a letter about this day alone, which says beside it where it is.
fn hours(sitting: &Sitting) -> String {
    format!("{} ({})", wording::day_and_hours(sitting), wording::zone(sitting.zone))
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
    /// Where people stay overnight: which nights, from when and until when.
    pub(super) nights: Vec<String>,
    /// What is asked of it, and until which day.
    pub(super) asks_stay: Option<String>,
    /// Whether people can ask for help so that they can come.
    pub(super) helps: bool,
}

impl About {
    /// All the days of a session, without the room.
    pub(super) fn session(letterhead: &Letterhead, session: &Session) -> Self {
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
            page: page.then(|| format!("{}/sessions/{}", site(letterhead), session.code)),
            access: if page { Vec::new() } else { access(session) },
            note: plain::one_line(session.note.as_deref().unwrap_or_default()),
            nights: nights(session),
            asks_stay: asks_stay(session),
            helps: session.helps,
        }
    }

    /// One day of a session, with the room: for somebody who has a place.
    pub(super) fn sitting(letterhead: &Letterhead, session: &Session, sitting: &Sitting) -> Self {
        let days = session.sittings.len();
        let at = session.sittings.iter().position(|one| one.id == sitting.id);
        let about = Self {
            day: at.filter(|_| days > 1).map(|at| (at + 1, days)),
            when: vec![hours(sitting)],
            place: plain::one_line(&session.location_on(sitting).public_line()),
            online: session.location_on(sitting).is_online(),
            ..Self::session(letterhead, session)
        };
        // A day in a room of its own has no call to join.
        if about.online { about.with_room(session, Joining::ByYourself) } else { about }
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

/// Which nights people stay, where they do, with when they come and go.
fn nights(session: &Session) -> Vec<String> {
    let Some(nights) = session.nights_in_words() else { return Vec::new() };
    let words = |what: &str, text: &Option<String>| Some(format!("{what}: {}", text.as_ref()?));
    let overnight = &session.overnight;
    let parts = [words("Arrive", &overnight.arrival), words("Leave", &overnight.departure)];
    let parts = [Some(nights)].into_iter().chain(parts).flatten();
    parts.map(|part| plain::one_line(&part)).collect()
}

/// What is asked of whoever stays, and until when.
fn asks_stay(session: &Session) -> Option<String> {
    session.nights_in_words()?;
    let asked = "which nights you stay, what room you wish, with whom, and how you travel";
    Some(match session.asks_stays_by() {
        Some(until) => format!("Until {until} you can tell us {asked}."),
        None => format!("You can tell us {asked}."),
    })
}
