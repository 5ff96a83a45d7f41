//! One's own account, whatever one may do: passkeys, and where one is signed in.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    form::FormState,
    page::Chrome,
    words::{role_name, stamp},
};
use crate::{
    domain::{
        audit::{AuditAction, AuditEvent},
        passkey::{MOST_PASSKEYS, Passkey},
        staff::{Role, StaffMember},
        wording,
    },
    store::links::SignedInDevice,
    token::TokenHash,
};

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

/// What there is to say about a passkey, in one line.
pub fn about(passkey: &Passkey, zone: Tz) -> String {
    let added = stamp(passkey.created_at, zone);
    match passkey.last_used_at {
        Some(at) => format!("Added {added}. Last used {}", stamp(at, zone)),
        None => format!("Added {added}. Not used yet"),
    }
}

/// A device one is signed in on.
#[derive(Debug, Clone)]
pub struct Device {
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// Since when.
    pub since: String,
    /// Until when, at the latest.
    pub until: String,
}

impl Device {
    /// How a device is shown to whoever holds the token with the hash `own`.
    pub fn of(device: &SignedInDevice, own: TokenHash, zone: Tz) -> Self {
        let at = |moment: DateTime<Utc>| stamp(moment, zone);
        Self { is_this: device.hash == own, since: at(device.since), until: at(device.until) }
    }
}

/// One's own account.
#[derive(Debug, Template)]
#[template(path = "account/account.html")]
pub struct OwnAccountPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<&'static str>,
    /// Whose.
    pub member: StaffMember,
    /// Their passkeys.
    pub passkeys: Vec<Passkey>,
    /// Whether browsers would keep one for our address.
    pub available: bool,
    /// The form for another: `name`, and `passkey` for what went wrong.
    pub form: FormState,
    /// Where they are signed in.
    pub devices: Vec<Device>,
    /// What they did lately, latest first.
    pub history: Vec<HistoryLine>,
    /// The zone of all times on the page.
    pub zone: Tz,
}

impl OwnAccountPage {
    fn role(&self) -> &'static str {
        role_name(self.member.role)
    }

    fn about(&self, passkey: &Passkey) -> String {
        about(passkey, self.zone)
    }

    fn is_full(&self) -> bool {
        self.passkeys.len() >= MOST_PASSKEYS
    }

    /// Where an administrator changes her own details.
    fn own_entry(&self) -> Option<String> {
        let may = self.member.role == Role::Administrator;
        may.then(|| format!("/office/accounts/{}", self.member.login))
    }
}

/// Once, after signing in with a link: would they like a passkey?
#[derive(Debug, Template)]
#[template(path = "account/offer.html")]
pub struct PasskeyOfferPage {
    /// The frame.
    pub chrome: Chrome,
    /// The form: `name`.
    pub form: FormState,
    /// Where they were going.
    pub onward: &'static str,
}

/// One of one's passkeys.
#[derive(Debug, Template)]
#[template(path = "account/passkey.html")]
pub struct PasskeyPage {
    /// The frame.
    pub chrome: Chrome,
    /// Which.
    pub passkey: Passkey,
    /// When it was added and used.
    pub about: String,
    /// The form: `name`.
    pub form: FormState,
}

/// Asking before a passkey is removed.
#[derive(Debug, Template)]
#[template(path = "account/passkey_remove.html")]
pub struct RemovePasskeyPage {
    /// The frame.
    pub chrome: Chrome,
    /// Which.
    pub passkey: Passkey,
    /// Whether there is no other.
    pub is_last: bool,
}

/// Asking before somebody is signed out everywhere.
#[derive(Debug, Template)]
#[template(path = "account/sign_out_everywhere.html")]
pub struct SignOutEverywherePage {
    /// The frame.
    pub chrome: Chrome,
    /// On how many devices they are signed in.
    pub devices: usize,
}

impl SignOutEverywherePage {
    fn devices_words(&self) -> String {
        wording::count(self.devices, "device", "devices")
    }
}
