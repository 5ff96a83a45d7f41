//! Calendars that file what letters bring, as calendar programs do, read by a parser that is not ours.

use std::{collections::BTreeMap, str::FromStr};

use chrono::NaiveDateTime;
use icalendar::{Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime};
use turnout::{domain::session::Session, mail::reading::ReadLetter};

/// An event in somebody's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub sequence: u32,
    pub stamp: String,
    pub summary: String,
    pub location: String,
    pub description: String,
    pub organizer: String,
    pub answer: String,
    pub starts: NaiveDateTime,
    /// Whether it is shown; a calendar remembers what it took out.
    pub shown: bool,
}

/// The calendars of everybody who gets letters, by address and UID: each files what it is sent as
/// Thunderbird does, by UID, and takes nothing whose SEQUENCE and DTSTAMP are not newer.
#[derive(Debug, Default)]
pub struct Calendars(pub BTreeMap<(String, String), Event>);

pub fn address(letter: &ReadLetter) -> String {
    let to = letter.to.rsplit('<').next().unwrap_or_default();
    to.trim_end_matches('>').to_owned()
}

fn read(ics: &[u8]) -> (String, String, Event) {
    let ics = std::str::from_utf8(ics).expect("UTF-8");
    let calendar = Calendar::from_str(ics).unwrap_or_else(|why| panic!("{why} in\n{ics}"));
    let method = calendar.property_value("METHOD").expect("a method").to_owned();
    let mut events = calendar.components.iter().filter_map(|one| match one {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    });
    let event = events.next().expect("an event");
    assert!(events.next().is_none(), "one event in a letter");
    let value = |name: &str| event.property_value(name).unwrap_or_default().to_owned();
    let starts = match event.get_start().expect("a start") {
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, .. }) => date_time,
        other => panic!("{other:?}"),
    };
    let attendee = event
        .multi_properties()
        .get("ATTENDEE")
        .map_or_else(|| event.properties().get("ATTENDEE").cloned(), |all| all.first().cloned());
    let attendee = attendee.expect("an attendee");
    let answer = attendee.params().get("PARTSTAT").expect("an answer").value().to_owned();
    let uid = value("UID");
    let read = Event {
        sequence: value("SEQUENCE").parse().expect("a number"),
        stamp: value("DTSTAMP"),
        summary: value("SUMMARY"),
        location: value("LOCATION"),
        description: value("DESCRIPTION"),
        organizer: value("ORGANIZER"),
        answer,
        starts,
        shown: method == "REQUEST",
    };
    (uid, method, read)
}

impl Calendars {
    /// Files letters; how many of them had something for a calendar.
    pub fn file(&mut self, letters: &[ReadLetter]) -> usize {
        let mut filed = 0;
        for letter in letters {
            let Some(ics) = &letter.calendar else { continue };
            let (uid, method, event) = read(ics);
            let key = (address(letter), uid);
            if let Some(known) = self.0.get(&key) {
                let newer = (event.sequence, &event.stamp) > (known.sequence, &known.stamp);
                assert!(newer, "{method} that no calendar takes: {event:?} after {known:?}");
                assert_eq!(event.organizer, known.organizer, "who invited stays");
            } else {
                assert_eq!((method.as_str(), event.sequence), ("REQUEST", 0), "{event:?}");
            }
            self.0.insert(key, event);
            filed += 1;
        }
        filed
    }

    /// What somebody's calendar shows, in order of time.
    pub fn of(&self, who: &str) -> Vec<&Event> {
        let mut shown: Vec<_> =
            self.0.iter().filter(|((to, _), event)| to == who && event.shown).collect();
        shown.sort_by_key(|(_, event)| event.starts);
        shown.into_iter().map(|(_, event)| event).collect()
    }

    /// Every calendar shows exactly the days of these people's sessions.
    pub fn agree(&self, session: &Session, who: &[&str]) {
        let shown = self.0.iter().filter(|(_, event)| event.shown).count();
        assert_eq!(shown, who.len() * session.sittings.len(), "nothing but what is due");
        for one in who {
            let events = self.of(one);
            assert_eq!(events.len(), session.sittings.len(), "{one}");
            for (event, sitting) in events.iter().zip(&session.sittings) {
                assert_eq!(event.starts, sitting.starts, "{one}");
                assert_eq!(event.location, session.location.public_line(), "{one}");
                let days = session.sittings.len();
                let title = &session.course.title;
                let title = match days {
                    1 => title.clone(),
                    _ => format!("{title} (day {} of {days})", sitting.number),
                };
                assert_eq!(event.summary, title, "{one}");
                for part in [&session.course.summary, &session.alliance.name] {
                    assert!(event.description.contains(part.as_str()), "{one}: {part}");
                }
                let note = session.note.as_deref().unwrap_or_default();
                assert!(event.description.contains(note), "{one}: {note}");
            }
        }
    }
}

/// The events that a feed shows, in order of time: when, what, where.
pub fn shown_in_feed(ics: &str) -> Vec<(NaiveDateTime, String, String)> {
    let calendar = Calendar::from_str(ics).unwrap_or_else(|why| panic!("{why} in\n{ics}"));
    let events = calendar.components.iter().filter_map(|one| match one {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    });
    let value = |event: &icalendar::Event, name: &str| {
        event.property_value(name).unwrap_or_default().to_owned()
    };
    let standing = events.filter(|event| value(event, "STATUS") == "CONFIRMED");
    let mut shown: Vec<_> = standing
        .map(|event| {
            let starts = match event.get_start().expect("a start") {
                DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, .. }) => {
                    date_time
                }
                other => panic!("{other:?}"),
            };
            (starts, value(event, "SUMMARY"), value(event, "LOCATION"))
        })
        .collect();
    shown.sort();
    shown
}
