//! Domain values as RFC 5545 and RFC 5546 text, on top of the `ical` crate's tree.
//!
//! One VEVENT per sitting with its own UID; no recurrence. Two families of UIDs: a public one per
//! sitting for feeds, and a secret one per invitation for letters. Only this floor names `ical`,
//! and only [`text`] makes its properties, because the crate writes values and parameters raw.

pub mod event;
pub mod feed;
pub mod imip;
pub mod private_feed;
pub mod reply;
pub mod text;
pub mod timezone;

use crate::domain::contact::EmailAddress;

/// What every calendar object states about us.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// The program's version, for PRODID.
    pub product_version: String,
    /// The right side of UIDs, such as `turnout.example`.
    pub host: String,
    /// The name of the mailbox that sends invites.
    pub organizer_name: String,
    /// The mailbox that sends invites and reads answers: the ORGANIZER.
    pub organizer_email: EmailAddress,
    /// Where the site is, without a slash at the end.
    pub base_url: String,
}
