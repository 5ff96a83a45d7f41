//! What pages of several areas call the same.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{
    alliance::Alliance,
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

/// `Tue 24 Nov 2026, 9.30am`: a moment in a log.
pub fn stamp(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone).naive_local();
    format!("{}, {}", local.format("%a %-d %b %Y"), wording::time(local.time()))
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
    pub fn of(event: &AuditEvent, zone: Tz) -> Option<Self> {
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
        Some(Self { when: stamp(event.at, zone), what })
    }
}
