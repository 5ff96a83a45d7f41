//! The letters Turnout sends, the message each becomes, and the ways a message leaves.
//!
//! | Letter | To | When |
//! |---|---|---|
//! | [`letters::booking_confirmed`] | leader | places became hers |
//! | [`letters::places_requested`] | leader | she asked for places that the organiser decides about |
//! | [`letters::places_cancelled`] | leader | some or all of her places were given up |
//! | [`letters::attendee_changed`] | leader | somebody comes instead of somebody else |
//! | [`letters::invite`] | attendee | one for each sitting, again whenever the sitting changes |
//! | [`letters::withdrawn`] | attendee | one for each sitting that is hers no more |
//! | [`letters::lost_link`] | whoever asked | she lost the link to her booking |
//! | [`letters::own_data`] | whoever has a place or leads a booking | she asked what is held about her |
//! | [`letters::path_link`] | somebody on a path | she was put on it, or asked for her link |
//! | [`letters::claim_answered`] | somebody on a path | what she claimed was confirmed, or not |
//! | [`letters::path_finished`] | somebody on a path | her certificate was granted |
//! | [`letters::sign_in_link`] | staff | she asked to sign in |
//! | [`letters::passkey_added`] | staff | a passkey signs her in from now on |
//! | [`letters::address_changed`] | staff, at the old address | another address has taken its place |
//! | [`letters::account_added`] | staff | she has an account, and a first link |
//! | [`letters::trainer_told`] | trainer | she leads a session or does not any more, or it changed |
//! | [`letters::withdrawals_listed`] | organiser who wants it | places were given up the day before |
//! | [`letters::below_minimum`] | alliance | a session has fewer people than it needs on the day to decide |
//! | [`letters::thing_given`] | staff | a colleague gave her something on the overview to look after |
//!
//! A leader who comes herself gets one letter for one change: about her booking, with what her own
//! calendar is told ([`letters::with_own_calendar`]).
//!
//! A letter is written once, kept in the outbox, made into a message by [`to_mime`] and handed to
//! a [`Transport`]; what fails for now is tried again when [`backoff::next_attempt`] says. No
//! letter names anybody's diet or access needs: mail is forwarded, printed and read on shared
//! screens.

pub mod backoff;
pub mod imap;
pub mod inbound;
pub mod letters;
mod message;
mod plain;
pub mod reading;
#[cfg(test)]
mod samples;
mod transport;
pub mod written;

use crate::domain::contact::EmailAddress;

pub use message::{MimeError, STOP_PATH, to_mime};
pub use transport::{
    DeliveryError, Folder, Memory, SentLetter, Smtp, Transport, TransportUrlError,
};

/// What stands at the head of every letter: whose it is, and where it leads back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The name people see, such as `Turnout trainings`.
    pub name: String,
    /// The address letters come from: the ORGANIZER of every invite, because calendars apply
    /// updates only from the organizer.
    pub address: EmailAddress,
    /// Where the site is, such as `https://turnout.example.org`, without a slash at the end.
    pub base_url: String,
    /// The office telephone, as people write it.
    pub phone: String,
    /// The right side of Message-IDs, such as `turnout.example.org`.
    pub host: String,
}
