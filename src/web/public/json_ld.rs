//! A session as search engines and other programs read it: schema.org's `Event` as JSON-LD.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde_json::{Value, json};

use crate::domain::{
    id::SittingId,
    location::Location,
    session::{BookingStatus, Publication, Session},
    sitting::Sitting,
};

/// When days were to start before they were moved.
pub type Previous = HashMap<SittingId, DateTime<Utc>>;

/// A data block for a page. Nothing in it can end the element it stands in, so templates need not
/// escape it; escaping would break it, because HTML does not unescape inside `script`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonLd(String);

impl fmt::Display for JsonLd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for JsonLd {}

impl JsonLd {
    fn of(value: &Value) -> Self {
        let text = value.to_string();
        let text = text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        Self(text)
    }

    /// The session with its page at `url`, as it stands at `now`; `previous` says when its days were to
    /// start before they were moved. Never the online room (C5).
    pub fn event(session: &Session, url: &str, now: DateTime<Utc>, previous: &Previous) -> Self {
        let mut event = json!({
            "@context": "https://schema.org",
            "@type": "EducationEvent",
            "@id": url,
            "url": url,
            "name": session.course.title,
            "description": session.course.summary,
            "eventStatus": status(session),
            "eventAttendanceMode": attendance(&session.location),
            "location": location(&session.location, url),
            "organizer": { "@type": "Organization", "name": session.alliance.name },
            "isAccessibleForFree": true,
            "maximumAttendeeCapacity": session.occupancy.capacity,
            "offers": {
                "@type": "Offer",
                "url": url,
                "price": 0,
                "priceCurrency": "GBP",
                "availability": availability(session, now),
            },
        });
        let words = &session.course.words;
        if !words.outcomes.is_empty() {
            event["teaches"] = json!(words.outcomes);
        }
        if let Some(audience) = &words.for_whom {
            event["audience"] = json!({ "@type": "Audience", "audienceType": audience });
        }
        if let (Some(first), Some(last)) = (session.sittings.first(), session.sittings.last()) {
            event["startDate"] = json!(start(first));
            reschedule(&mut event, session, first, previous);
            event["endDate"] = json!(end(last));
        }
        if session.sittings.len() > 1 {
            let part = |sitting: &Sitting| {
                let mut part = json!({
                    "@type": "EducationEvent",
                    "name": name_of_day(session, sitting),
                    "startDate": start(sitting),
                    "endDate": end(sitting),
                    "eventStatus": status(session),
                    "eventAttendanceMode": attendance(&session.location_on(sitting)),
                    "location": location(&session.location_on(sitting), url),
                });
                reschedule(&mut part, session, sitting, previous);
                part
            };
            event["subEvent"] = session.sittings.iter().map(part).collect();
        }
        Self::of(&event)
    }
}

/// `Two-day leadership training, day 2: from problem to action`.
fn name_of_day(session: &Session, sitting: &Sitting) -> String {
    let name = format!("{}, day {}", session.course.title, sitting.number);
    let title = session.words.day(sitting).and_then(|day| day.title.as_ref());
    title.map_or_else(|| name.clone(), |title| format!("{name}: {title}"))
}

/// The wall time with its offset, as schema.org's DateTime (ISO 8601) wants it.
fn start(sitting: &Sitting) -> String {
    moment(sitting, sitting.starts_at)
}

fn end(sitting: &Sitting) -> String {
    moment(sitting, sitting.ends_at)
}

fn status(session: &Session) -> &'static str {
    match session.publication {
        Publication::Cancelled { .. } => "https://schema.org/EventCancelled",
        _ => "https://schema.org/EventScheduled",
    }
}

/// Says of a day that was moved that it was, and from when.
fn reschedule(event: &mut Value, session: &Session, sitting: &Sitting, previous: &Previous) {
    let Some(at) = previous.get(&sitting.id) else { return };
    if session.publication == Publication::Published {
        event["eventStatus"] = json!("https://schema.org/EventRescheduled");
    }
    event["previousStartDate"] = json!(moment(sitting, *at));
}

fn moment(sitting: &Sitting, at: DateTime<Utc>) -> String {
    let at = sitting.zone.from_utc_datetime(&at.naive_utc());
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn attendance(location: &Location) -> &'static str {
    match location {
        Location::Online { .. } => "https://schema.org/OnlineEventAttendanceMode",
        Location::Venue { .. } => "https://schema.org/OfflineEventAttendanceMode",
    }
}

fn location(location: &Location, url: &str) -> Value {
    match location {
        Location::Online { .. } => json!({ "@type": "VirtualLocation", "url": url }),
        Location::Venue { name, address } => {
            json!({ "@type": "Place", "name": name, "address": address })
        }
    }
}

fn availability(session: &Session, now: DateTime<Utc>) -> &'static str {
    match session.booking_status(now) {
        BookingStatus::Open { .. } if session.occupancy.open_to_all() > 0 => {
            "https://schema.org/InStock"
        }
        BookingStatus::NotYetOpen { .. } => "https://schema.org/PreOrder",
        _ => "https://schema.org/SoldOut",
    }
}
