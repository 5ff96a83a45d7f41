//! What pages of several areas call the same.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{
    alliance::{Alliance, common_zone},
    audit::{AuditAction, AuditEvent},
    staff::{Role, StaffMember},
    wording,
};

/// What a role is called on pages.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => "Administrator",
        Role::Organiser => "Organiser",
        Role::Trainer => "Trainer",
    }
}

/// The clock by which pages tell somebody the time of what concerns several alliances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadersClock {
    zone: Tz,
    /// Whether another zone could be meant, so that this one is named.
    is_named: bool,
}

impl ReadersClock {
    /// The clock of all alliances: theirs, if they have one in common.
    pub fn of(alliances: &[Alliance]) -> Self {
        let zone = common_zone(alliances);
        Self { zone: zone.unwrap_or(Tz::UTC), is_named: zone.is_none() }
    }

    pub fn zone(self) -> Tz {
        self.zone
    }

    /// Whether what is told has a zone of its own to be looked for.
    pub fn asks_for_zone(self) -> bool {
        self.is_named
    }

    /// The clock for something that takes place in a zone of its own, if it does.
    #[must_use]
    pub fn where_it_is(self, zone: Option<Tz>) -> Self {
        Self { zone: zone.unwrap_or(self.zone), ..self }
    }
}

/// A clock that nobody could doubt: that of the session or alliance whose page it is.
impl From<Tz> for ReadersClock {
    fn from(zone: Tz) -> Self {
        Self { zone, is_named: false }
    }
}

impl std::fmt::Display for ReadersClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.zone.name())
    }
}

/// The clock by which the office tells somebody the time: that of her own alliances, named where there are
/// alliances by other clocks.
pub fn clock_of(member: &StaffMember, alliances: &[Alliance]) -> ReadersClock {
    ReadersClock { zone: member.zone(alliances), ..ReadersClock::of(alliances) }
}

/// The zone in which the office tells somebody the time: that of her own alliance.
pub fn zone_of(member: &StaffMember, alliances: &[Alliance]) -> Tz {
    member.zone(alliances)
}

/// `Places booked` for the stable word `places-booked`.
pub fn in_words(word: &str) -> String {
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str().replace('-', " "))
}

/// `Tue 24 Nov 2026, 9.30am`: a moment in a log; `9.30am, London time` where that could be doubted.
pub fn stamp(at: DateTime<Utc>, clock: impl Into<ReadersClock>) -> String {
    let ReadersClock { zone, is_named } = clock.into();
    let local = at.with_timezone(&zone).naive_local();
    let named = if is_named { format!(", {}", wording::zone(zone)) } else { String::new() };
    format!("{}, {}{named}", local.format("%a %-d %b %Y"), wording::time(local.time()))
}

/// One line of an account's history.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    /// When.
    pub when: String,
    /// What.
    pub what: &'static str,
}

impl HistoryLine {
    /// What an event of somebody's signing in or out says on pages.
    pub fn of(event: &AuditEvent, clock: ReadersClock) -> Option<Self> {
        let what = match event.action {
            AuditAction::SignInRequested => "Asked for a sign-in link",
            AuditAction::SignedIn => "Signed in with a link",
            AuditAction::SignedInByPasskey => "Signed in with a passkey",
            AuditAction::SignedOut => "Signed out",
            AuditAction::SignedOutEverywhere => "Signed out everywhere",
            AuditAction::PasskeyAdded => "Added a passkey",
            AuditAction::PasskeyRemoved => "Removed a passkey",
            AuditAction::PasskeySuspected => "A passkey was turned away: it looks copied",
            _ => return None,
        };
        Some(Self { when: stamp(event.at, clock), what })
    }
}
