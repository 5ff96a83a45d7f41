//! The organisers' desk.

pub mod accounts;
pub mod audit;
pub mod book;
pub mod bookings;
pub mod catalogue;
pub mod decline;
pub mod feedback;
pub mod institution_merges;
pub mod letters;
pub mod messages;
pub mod more;
pub mod overview;
pub mod people;
pub mod planning;
pub mod replies;
pub mod requests;
pub mod session;
pub mod session_changes;
pub mod session_form;
pub mod sessions;
pub mod turnout;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{alliance::Alliance, staff::StaffMember, wording};

/// The zone in which the office tells somebody the time: that of her own alliance.
pub fn zone_of(member: &StaffMember, alliances: &[Alliance]) -> Tz {
    let own = alliances.iter().find(|alliance| member.alliances.contains(&alliance.slug));
    own.or(alliances.first()).map_or(Tz::UTC, |alliance| alliance.time_zone)
}

/// `Places booked` for the stable word `places-booked`.
pub fn in_words(word: &str) -> String {
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str().replace('-', " "))
}

/// `Tue 24 Nov 2026, 9.30am`: a moment in a log.
pub fn stamp(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone).naive_local();
    format!("{}, {}", local.format("%a %-d %b %Y"), wording::time(local.time()))
}
