//! What one calendar was told of one place in one sitting.

use chrono::{DateTime, Duration, Utc};

use super::{
    contact::EmailAddress,
    id::{InvitationId, PlaceId, SittingId},
    text::Name,
};

/// The answer a calendar shows for an attendee (RFC 5545 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Participation {
    /// Somebody else placed them, or the time or venue changed: their calendar asks.
    NeedsAction,
    /// Booked by themselves, which is an answer already.
    Accepted,
}

/// What one calendar was told of one place in one sitting. A new booking, or a new address, is a
/// new invitation with a new UID, so a cancelled one never comes back to life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// One person, one sitting, one booking: a new booking is a new invitation.
    pub id: InvitationId,
    /// The place it is for.
    pub place: PlaceId,
    /// The sitting it is for.
    pub sitting: SittingId,
    /// Secret and random, unlike the sitting's public one: it authenticates a REPLY.
    pub uid: String,
    /// The attendee's address, byte for byte as the letter is addressed.
    pub address: EmailAddress,
    /// The attendee's name when it was sent.
    pub name: Name,
    /// RFC 5546 SEQUENCE of the last message.
    pub sequence: u32,
    /// RFC 5545 DTSTAMP of the last message.
    pub stamp: DateTime<Utc>,
    /// Whether the calendar was told to remove it.
    pub withdrawn: bool,
}

impl Invitation {
    /// The stamp of the next message: now, in whole seconds as iCalendar writes it, but always
    /// later than the last, because clients drop a message whose stamp is not newer (RFC 5546
    /// 2.1.5).
    pub fn next_stamp(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.stamp + Duration::seconds(1))
    }
}
