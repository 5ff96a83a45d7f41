//! Feeds to subscribe to, and files to import (METHOD:PUBLISH, RFC 5546 3.2.1).
//!
//! The same rows on the same day give the same bytes, so that a poll is a 304 until something
//! changes. No attendee, no alarm, no online room (C5).

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, Duration, NaiveTime, Utc};
use chrono_tz::Tz;
use ical::generator::{IcalCalendar, IcalEvent};

use super::{
    Publisher,
    event::{calendar, common, description, page, times, title, title_of, url, zone},
    text::{emit, line, marked, prop, text, uri, utc},
};
use crate::domain::{
    session::{Publication, Session},
    sitting::{RemovedDay, Sitting},
};

/// The most events a feed carries.
const MOST: usize = 1000;

/// What a feed says of itself.
#[derive(Debug, Clone, Copy)]
pub struct FeedHead<'a> {
    /// Its name in a list of calendars.
    pub name: &'a str,
    /// One sentence about it.
    pub description: &'a str,
    /// Its own address; `None` for private feeds, whose address is a secret.
    pub source: Option<&'a str>,
    /// The zone most of its events are in.
    pub zone: Tz,
    /// When it got this name, if it had another.
    pub renamed: Option<DateTime<Utc>>,
}

/// A feed's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The file, CRLF line ends.
    pub body: String,
    /// When what it shows last changed: a change of a sitting, a cancellation, or the day its
    /// window moved on.
    pub last_modified: Option<DateTime<Utc>>,
}

/// One event of a feed: a sitting, and what this feed says of it.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) session: &'a Session,
    pub(super) sitting: &'a Sitting,
    /// The UID, from the family this feed uses.
    pub(super) uid: Cow<'a, str>,
    /// How often what this feed shows has changed.
    pub(super) sequence: u32,
    /// When that last was.
    pub(super) changed: DateTime<Utc>,
    /// What stands first in its description.
    pub(super) first: String,
    /// What it is called.
    pub(super) title: String,
    /// When it was called off, if it was.
    pub(super) cancelled: Option<DateTime<Utc>>,
    /// Whether it is a draft that this reader sees.
    pub(super) is_tentative: bool,
}

impl<'a> Entry<'a> {
    /// A sitting as everybody sees it.
    pub(super) fn public(session: &'a Session, sitting: &'a Sitting) -> Self {
        Self {
            session,
            sitting,
            uid: Cow::Borrowed(&sitting.uid),
            sequence: sitting.sequence,
            changed: changed_at(session, sitting),
            first: String::new(),
            title: title(session, sitting),
            cancelled: match &session.publication {
                // A day that was over then took place.
                Publication::Cancelled { at, .. } => Some(*at).filter(|at| sitting.ends_at > *at),
                Publication::Draft | Publication::Published => None,
            },
            is_tentative: false,
        }
    }

    /// A day that was taken off, which stays as cancelled for a while (C4).
    pub(super) fn removed(session: &'a Session, day: &'a RemovedDay) -> Self {
        Self {
            changed: day.sitting.changed_at,
            title: title_of(session, &day.sitting, day.days as usize),
            cancelled: Some(day.removed_at),
            ..Self::public(session, &day.sitting)
        }
    }
}

/// The feed of these sessions: from 60 days back to 24 months ahead, in order of time. A cancelled
/// session stays as cancelled for 14 days, but not past its end and a day (C4).
pub fn feed(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    sessions: &[(Session, Vec<RemovedDay>)],
    now: DateTime<Utc>,
) -> Feed {
    let entries = sessions.iter().flat_map(|(session, removed)| {
        let standing = session.sittings.iter().map(move |sitting| Entry::public(session, sitting));
        standing.chain(removed.iter().map(move |day| Entry::removed(session, day)))
    });
    assemble(publisher, head, entries.collect(), now)
}

/// A feed of these events, those outside its window left out.
pub(super) fn assemble(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    mut entries: Vec<Entry<'_>>,
    now: DateTime<Utc>,
) -> Feed {
    let today = now.with_time(NaiveTime::MIN).single().unwrap_or(now);
    entries.retain(|entry| is_shown(entry, today));
    entries.sort_by(|a, b| (a.sitting.starts_at, &a.uid).cmp(&(b.sitting.starts_at, &b.uid)));
    entries.truncate(MOST);
    let mut file = calendar(publisher, "PUBLISH");
    describe(&mut file, head);
    add_events(&mut file, publisher, head.zone, &entries);
    let last_modified = entries.iter().map(|entry| entry.changed).max().max(head.renamed);
    Feed { body: emit(&file), last_modified: Some(last_modified.map_or(today, |at| at.max(today))) }
}

/// What feeds show of a sitting, without its stamps, as a short hash (C8): equal marks are equal
/// events.
pub fn mark(publisher: &Publisher, session: &Session, sitting: &Sitting) -> String {
    mark_of(publisher, &Entry::public(session, sitting))
}

/// The same of a day that was taken off.
pub fn mark_of_removed(publisher: &Publisher, session: &Session, day: &RemovedDay) -> String {
    mark_of(publisher, &Entry::removed(session, day))
}

fn mark_of(publisher: &Publisher, entry: &Entry<'_>) -> String {
    let sitting = entry.sitting;
    let has_zone = zone(sitting.zone, std::iter::once(sitting)).is_some();
    let mut event = event(publisher, entry, has_zone);
    let stamps = ["DTSTAMP", "SEQUENCE", "CREATED", "LAST-MODIFIED"];
    event.properties.retain(|one| !stamps.contains(&one.name.as_str()));
    // A zone's rules may change: then the same wall time is another moment.
    event.properties.push(prop("X-MOMENT", utc(sitting.starts_at) + &utc(sitting.ends_at)));
    marked(&event)
}

/// All sittings of one session, to import once.
pub fn session_file(publisher: &Publisher, session: &Session) -> String {
    let entries = session.sittings.iter().map(|sitting| Entry::public(session, sitting));
    file(publisher, session.zone(), &entries.collect::<Vec<_>>())
}

/// A file of events, to import once.
pub(super) fn file(publisher: &Publisher, zone: Tz, entries: &[Entry<'_>]) -> String {
    let mut file = calendar(publisher, "PUBLISH");
    add_events(&mut file, publisher, zone, entries);
    emit(&file)
}

fn add_events(file: &mut IcalCalendar, publisher: &Publisher, own: Tz, entries: &[Entry<'_>]) {
    let zones = add_zones(file, own, entries);
    for entry in entries {
        let has_zone = zones.get(entry.sitting.zone.name()).copied().unwrap_or(false);
        file.events.push(event(publisher, entry, has_zone));
    }
}

fn describe(file: &mut IcalCalendar, head: &FeedHead<'_>) {
    let name = line(head.name, 255);
    file.properties.extend([
        prop("NAME", name.as_str()),
        prop("X-WR-CALNAME", name.as_str()),
        prop("X-WR-CALDESC", text(head.description)),
        prop("X-WR-TIMEZONE", head.zone.name()),
        prop("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
        prop("X-PUBLISHED-TTL", "PT1H"),
    ]);
    let source = head.source.and_then(uri).map(|source| prop("SOURCE;VALUE=URI", source));
    file.properties.extend(source);
}

/// Adds a VTIMEZONE for each zone in use, once; says which zones have one. A file needs at least
/// one component, so an empty feed carries its own zone.
fn add_zones(
    file: &mut IcalCalendar,
    own: Tz,
    entries: &[Entry<'_>],
) -> BTreeMap<&'static str, bool> {
    let sittings = || entries.iter().map(|entry| entry.sitting);
    let mut used: BTreeMap<&'static str, Tz> =
        sittings().map(|sitting| (sitting.zone.name(), sitting.zone)).collect();
    if used.is_empty() {
        used.insert(own.name(), own);
    }
    let mut zones = BTreeMap::new();
    for (name, tz) in used {
        let component = zone(tz, sittings().filter(|sitting| sitting.zone == tz));
        zones.insert(name, component.is_some());
        file.timezones.extend(component);
    }
    zones
}

fn is_shown(entry: &Entry<'_>, today: DateTime<Utc>) -> bool {
    let sitting = entry.sitting;
    let in_window = sitting.ends_at > today - Duration::days(60)
        && sitting.starts_at < today + Duration::days(731);
    let is_public = entry.session.publication != Publication::Draft || entry.is_tentative;
    let is_remembered = entry.cancelled.is_none_or(|at| {
        at > today - Duration::days(14) && sitting.ends_at > today - Duration::days(1)
    });
    in_window && is_public && is_remembered
}

/// When what everybody sees of a sitting last changed.
pub(super) fn changed_at(session: &Session, sitting: &Sitting) -> DateTime<Utc> {
    match &session.publication {
        Publication::Cancelled { at, .. } if sitting.ends_at > *at => sitting.changed_at.max(*at),
        _ => sitting.changed_at,
    }
}

fn event(publisher: &Publisher, entry: &Entry<'_>, has_zone: bool) -> IcalEvent {
    let Entry { session, sitting, changed, .. } = *entry;
    let cancelled = entry.cancelled.is_some();
    let mut event = IcalEvent::new();
    event.properties = vec![
        prop("UID", &*entry.uid),
        prop("DTSTAMP", utc(changed)),
        prop("SEQUENCE", entry.sequence.to_string()),
        prop("CREATED", utc(sitting.created_at)),
        prop("LAST-MODIFIED", utc(changed)),
    ];
    event.properties.extend(times(sitting, has_zone));
    let mut summary = entry.title.clone();
    if cancelled {
        summary = format!("Cancelled: {summary}");
    }
    event.properties.extend(common(publisher, (session, sitting), &summary));
    event.properties.push(description(publisher, session, &entry.first));
    let (status, transparency) = match (cancelled, entry.is_tentative) {
        (true, _) => ("CANCELLED", "TRANSPARENT"),
        (false, true) => ("TENTATIVE", "OPAQUE"),
        (false, false) => ("CONFIRMED", "OPAQUE"),
    };
    event.properties.push(prop("STATUS", status));
    event.properties.push(prop("TRANSP", transparency));
    if cancelled {
        event.properties.push(prop("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"));
    }
    if let Some(page) = page(publisher, session) {
        url(&mut event, &page);
    }
    event
}
