//! Where somebody is signed in, and about their passkeys.

use chrono::{DateTime, Utc};

use crate::{
    domain::passkey::Passkey,
    store::links::SignedInDevice,
    token::TokenHash,
    web::words::{ReadersClock, stamp},
};

/// What there is to say about a passkey, in one line.
pub fn about(passkey: &Passkey, clock: ReadersClock) -> String {
    let added = stamp(passkey.created_at, clock);
    match passkey.last_used_at {
        Some(at) => format!("Added {added}. Last used {}", stamp(at, clock)),
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
    pub fn of(device: &SignedInDevice, own: TokenHash, clock: ReadersClock) -> Self {
        let at = |moment: DateTime<Utc>| stamp(moment, clock);
        Self { is_this: device.hash == own, since: at(device.since), until: at(device.until) }
    }
}
