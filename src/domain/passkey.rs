//! Passkeys: what somebody signs in with instead of a link.

use chrono::{DateTime, Utc};

use super::id::{PasskeyId, StaffLogin};

/// More passkeys than anybody has devices for.
pub const MOST_PASSKEYS: usize = 20;

/// A passkey as its owner sees it; the key itself is nothing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Our own identifier for it, as the account page names it.
    pub id: PasskeyId,
    /// Whom it signs in.
    pub owner: StaffLogin,
    /// What its owner calls it, such as `My phone`.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last signed its owner in.
    pub last_used_at: Option<DateTime<Utc>>,
}
