//! What people's calendars hold after the mail they got, as a calendar program keeps it: by UID, the
//! newer message wins, and a CANCEL takes the event away.

use std::collections::{BTreeMap, BTreeSet};

use calcard::icalendar::ICalendar;
use turnout::mail::reading::ReadLetter;

/// An event of a calendar file, with what orders its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub uid: String,
    pub sequence: i64,
    pub stamp: String,
    pub modified: String,
    pub starts: String,
    /// All lines but the stamps.
    pub content: String,
}

/// The events of a file, unfolded and read line by line.
pub fn events(ics: &str) -> Vec<Event> {
    assert!(ICalendar::parse(ics).is_ok(), "no calendar file: {ics}");
    let unfolded = ics.replace("\r\n ", "");
    let parts = unfolded.split("BEGIN:VEVENT\r\n").skip(1);
    let body = parts.map(|part| part.split("END:VEVENT").next().unwrap_or_default());
    body.map(|body| {
        let value = |name: &str| {
            let line = body.lines().find(|line| {
                line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ';']))
            });
            line.and_then(|line| line.split_once(':')).map(|(_, value)| value.to_owned())
        };
        let is_stamp = |line: &&str| {
            !["SEQUENCE:", "DTSTAMP:", "LAST-MODIFIED:"].iter().any(|stamp| line.starts_with(stamp))
        };
        Event {
            uid: value("UID").expect("a UID"),
            sequence: value("SEQUENCE").expect("a sequence").parse().expect("a number"),
            stamp: value("DTSTAMP").expect("a stamp"),
            modified: value("LAST-MODIFIED").unwrap_or_default(),
            starts: value("DTSTART").expect("a start"),
            content: body.lines().filter(is_stamp).collect::<Vec<_>>().join("\n"),
        }
    })
    .collect()
}

/// The calendars of everybody, by address.
#[derive(Debug, Default)]
pub struct Calendars {
    held: BTreeMap<String, BTreeMap<String, Event>>,
    newest: BTreeMap<String, (i64, String)>,
    /// With which SEQUENCE each invite asked last.
    asked: BTreeMap<String, i64>,
    /// Every file, by address, in the order in which they came.
    pub files: BTreeMap<String, Vec<String>>,
}

impl Calendars {
    /// Files what a letter carries, as its reader's program would; the invites that ask anew.
    pub fn take(&mut self, letter: &ReadLetter) -> Vec<(String, String)> {
        let mut anew = Vec::new();
        let Some(ics) = &letter.calendar else { return anew };
        let ics = String::from_utf8(ics.clone()).expect("UTF-8");
        let cancels = ics.contains("METHOD:CANCEL");
        assert!(cancels || ics.contains("METHOD:REQUEST"), "what method is this? {ics}");
        let address = letter.to.split('<').next_back().unwrap_or_default();
        let address = address.trim_end_matches('>').to_owned();
        self.files.entry(address.clone()).or_default().push(ics.clone());
        for event in events(&ics) {
            let version = (event.sequence, event.stamp.clone());
            let before = self.newest.insert(event.uid.clone(), version.clone());
            assert!(before.as_ref() < Some(&version), "{before:?} is not older: {ics}");
            let calendar = self.held.entry(address.clone()).or_default();
            if cancels {
                let was = calendar.remove(&event.uid);
                assert!(was.is_some(), "what was never sent is cancelled: {ics}");
            } else {
                let was = calendar.insert(event.uid.clone(), event.clone());
                if was.is_none_or(|was| was.starts != event.starts) {
                    self.asked.insert(event.uid.clone(), event.sequence);
                    anew.push((address.clone(), event.uid));
                }
            }
        }
        anew
    }

    /// The SEQUENCE of the invite when it asked last; answers to older ones are stale.
    pub fn asked(&self, uid: &str) -> i64 {
        self.asked.get(uid).copied().unwrap_or_default()
    }

    /// When the events of this address start that start later than `after` (wall time, as in the
    /// files), in order; without those that were thrown away.
    pub fn ahead(&self, address: &str, after: &str, without: &BTreeSet<String>) -> Vec<String> {
        let events = self.held.get(address).into_iter().flat_map(BTreeMap::values);
        let events = events.filter(|event| !without.contains(&event.uid));
        let mut starts: Vec<_> = events.map(|event| event.starts.clone()).collect();
        starts.retain(|starts| starts.as_str() > after);
        starts.sort();
        starts
    }

    /// The events that this address holds.
    pub fn of(&self, address: &str) -> Vec<&Event> {
        self.held.get(address).into_iter().flat_map(BTreeMap::values).collect()
    }

    /// Everybody who ever got an invite.
    pub fn addresses(&self) -> impl Iterator<Item = &String> {
        self.held.keys()
    }
}
