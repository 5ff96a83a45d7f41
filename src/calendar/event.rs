//! What every VEVENT of a sitting says, in letters and feeds alike.

use chrono::Datelike;
use chrono_tz::Tz;
use ical::{
    generator::{IcalCalendar, IcalEvent},
    parser::ical::component::IcalTimeZone,
    property::Property,
};

use super::{
    Publisher,
    text::{line, local, param, prop, text, uri, utc},
    timezone,
};
use crate::domain::{session::Session, sitting::Sitting};

/// The head of a file: VERSION, PRODID, CALSCALE, METHOD (RFC 5545 3.7).
pub(super) fn calendar(publisher: &Publisher, method: &str) -> IcalCalendar {
    let mut calendar = IcalCalendar::new();
    let product = format!("-//Turnout//Turnout {}//EN", publisher.product_version);
    calendar.properties = vec![
        prop("VERSION", "2.0"),
        prop("PRODID", product),
        prop("CALSCALE", "GREGORIAN"),
        prop("METHOD", method),
    ];
    calendar
}

/// A zone's VTIMEZONE for the years of these sittings; `None` where times go out in UTC.
pub(super) fn zone<'a>(
    zone: Tz,
    sittings: impl Iterator<Item = &'a Sitting>,
) -> Option<IcalTimeZone> {
    let years = sittings.fold(None, |years: Option<(i32, i32)>, sitting| {
        let (from, to) = (sitting.starts.year(), sitting.ends.year());
        Some(years.map_or((from, to), |(first, last)| (first.min(from), last.max(to))))
    });
    let (first, last) = years.unwrap_or((2026, 2028));
    timezone::component(zone, first, last)
}

/// DTSTART and DTEND: wall time with its zone where the file has a VTIMEZONE, else UTC (C6).
pub(super) fn times(sitting: &Sitting, has_zone: bool) -> [Property; 2] {
    if has_zone {
        let head = |name| format!("{name};TZID={}", sitting.zone.name());
        [prop(head("DTSTART"), local(sitting.starts)), prop(head("DTEND"), local(sitting.ends))]
    } else {
        [prop("DTSTART", utc(sitting.starts_at)), prop("DTEND", utc(sitting.ends_at))]
    }
}

/// `Title (day 2 of 3)`, of a day that its session has.
pub(super) fn title(session: &Session, sitting: &Sitting) -> String {
    title_of(session, sitting, session.sittings.len())
}

/// The same of a day that was one of so many.
pub(super) fn title_of(session: &Session, sitting: &Sitting, days: usize) -> String {
    match days {
        0 | 1 => session.course.title.clone(),
        days => format!("{} (day {} of {days})", session.course.title, sitting.number),
    }
}

/// The page of a session, where it has one for whoever knows its address.
pub(super) fn page(publisher: &Publisher, session: &Session) -> Option<String> {
    let page = || format!("{}/sessions/{}", publisher.base_url, session.code);
    session.admission.has_page().then(page)
}

/// SUMMARY, LOCATION, CATEGORIES and ORGANIZER, which no kind of event goes without.
pub(super) fn common(
    publisher: &Publisher,
    (session, sitting): (&Session, &Sitting),
    summary: &str,
) -> Vec<Property> {
    let organizer = format!("ORGANIZER{}", param("CN", &publisher.organizer_name));
    let mut properties = vec![
        prop("SUMMARY", line(summary, 255)),
        prop("LOCATION", line(&session.location_on(sitting).public_line(), 255)),
        prop(organizer, format!("mailto:{}", publisher.organizer_email)),
    ];
    if !session.course.campaign.is_empty() {
        properties.push(prop("CATEGORIES", line(&session.course.campaign, 80)));
    }
    properties
}

/// DESCRIPTION: what only the reader has to know comes `first`, because calendars show the first
/// lines; then what it is, what to know, and where to read more.
pub(super) fn description(publisher: &Publisher, session: &Session, first: &str) -> Property {
    let mut parts = vec![first.to_owned(), session.course.summary.clone()];
    parts.extend(session.note.clone());
    if !session.access.is_empty() {
        parts.push(format!("Access: {}", session.access.join(", ")));
    }
    parts.push(format!("Run by {}", session.alliance.name));
    parts.extend(page(publisher, session));
    parts.retain(|part| !part.trim().is_empty());
    prop("DESCRIPTION", text(&parts.join("\n\n")))
}

/// The URL property of an address, if it may stand there.
pub(super) fn url(event: &mut IcalEvent, address: &str) {
    event.properties.extend(uri(address).map(|address| prop("URL", address)));
}
