//! Feeds to subscribe to, and files to import (METHOD:PUBLISH, RFC 5546 3.2.1).
//!
//! The same rows on the same day give the same bytes, so that a poll is a 304 until something
//! changes. No attendee, no alarm, no online room (C5).

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use chrono_tz::Tz;
use ical::generator::{IcalCalendar, IcalEvent};

use super::{
    Publisher,
    event::{calendar, common, description, page, times, title, url, zone},
    text::{emit, line, prop, text, uri, utc},
};
use crate::domain::{
    session::{Publication, Session},
    sitting::Sitting,
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

/// The feed of these sessions: from 60 days back to 24 months ahead, in order of time. A cancelled
/// session stays as cancelled for 14 days, but not past its end and a day (C4).
pub fn feed(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    sessions: &[Session],
    now: DateTime<Utc>,
) -> Feed {
    let today = now.with_time(NaiveTime::MIN).single().unwrap_or(now);
    let mut shown: Vec<(&Session, &Sitting)> = sessions
        .iter()
        .flat_map(|session| session.sittings.iter().map(move |sitting| (session, sitting)))
        .filter(|(session, sitting)| is_shown(session, sitting, today))
        .collect();
    shown.sort_by_key(|(_, sitting)| (sitting.starts_at, sitting.uid.as_str()));
    shown.truncate(MOST);
    let mut file = calendar(publisher, "PUBLISH");
    describe(&mut file, head);
    let zones = add_zones(&mut file, head.zone, &shown);
    for (session, sitting) in &shown {
        let has_zone = zones.get(sitting.zone.name()).copied().unwrap_or(false);
        file.events.push(event(publisher, session, sitting, has_zone));
    }
    let last_modified = shown.iter().map(|(session, sitting)| changed_at(session, sitting)).max();
    Feed { body: emit(&file), last_modified: Some(last_modified.map_or(today, |at| at.max(today))) }
}

/// All sittings of one session, to import once.
pub fn session_file(publisher: &Publisher, session: &Session, _now: DateTime<Utc>) -> String {
    let shown: Vec<_> = session.sittings.iter().map(|sitting| (session, sitting)).collect();
    let mut file = calendar(publisher, "PUBLISH");
    let zones = add_zones(&mut file, session.zone(), &shown);
    for (session, sitting) in &shown {
        let has_zone = zones.get(sitting.zone.name()).copied().unwrap_or(false);
        file.events.push(event(publisher, session, sitting, has_zone));
    }
    emit(&file)
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
    shown: &[(&Session, &Sitting)],
) -> BTreeMap<&'static str, bool> {
    let mut used: BTreeMap<&'static str, Tz> =
        shown.iter().map(|(_, sitting)| (sitting.zone.name(), sitting.zone)).collect();
    if used.is_empty() {
        used.insert(own.name(), own);
    }
    let mut zones = BTreeMap::new();
    for (name, tz) in used {
        let sittings = shown.iter().map(|(_, s)| *s).filter(|sitting| sitting.zone == tz);
        let component = zone(tz, sittings);
        zones.insert(name, component.is_some());
        file.timezones.extend(component);
    }
    zones
}

fn is_shown(session: &Session, sitting: &Sitting, today: DateTime<Utc>) -> bool {
    let in_window = sitting.ends_at > today - Duration::days(60)
        && sitting.starts_at < today + Duration::days(731);
    match &session.publication {
        Publication::Draft => false,
        Publication::Published => in_window,
        Publication::Cancelled { at, .. } => {
            let remembered = *at > today - Duration::days(14);
            in_window && remembered && sitting.ends_at > today - Duration::days(1)
        }
    }
}

fn changed_at(session: &Session, sitting: &Sitting) -> DateTime<Utc> {
    match &session.publication {
        Publication::Cancelled { at, .. } => sitting.changed_at.max(*at),
        _ => sitting.changed_at,
    }
}

fn event(publisher: &Publisher, session: &Session, sitting: &Sitting, has_zone: bool) -> IcalEvent {
    let cancelled = matches!(session.publication, Publication::Cancelled { .. });
    let changed = changed_at(session, sitting);
    let mut event = IcalEvent::new();
    event.properties = vec![
        prop("UID", sitting.uid.as_str()),
        prop("DTSTAMP", utc(changed)),
        prop("SEQUENCE", sitting.sequence.to_string()),
        prop("CREATED", utc(sitting.created_at)),
        prop("LAST-MODIFIED", utc(changed)),
    ];
    event.properties.extend(times(sitting, has_zone));
    let mut summary = title(session, sitting);
    if cancelled {
        summary = format!("Cancelled: {summary}");
    }
    event.properties.extend(common(publisher, session, &summary));
    event.properties.push(description(publisher, session, ""));
    let (status, transparency) =
        if cancelled { ("CANCELLED", "TRANSPARENT") } else { ("CONFIRMED", "OPAQUE") };
    event.properties.push(prop("STATUS", status));
    event.properties.push(prop("TRANSP", transparency));
    if cancelled {
        event.properties.push(prop("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"));
    }
    url(&mut event, &page(publisher, session));
    event
}
