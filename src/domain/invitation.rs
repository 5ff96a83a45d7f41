//! What one calendar was told of one place in one sitting.

use chrono::{DateTime, Duration, Utc};

use super::{
    contact::EmailAddress,
    id::{InvitationId, PlaceId, SittingId},
    reply::PartStat,
    text::Name,
};

/// The most days of a session for which each has a letter of its own, with its invite. Of more, one
/// letter tells all.
pub const MOST_LETTERS: usize = 5;

/// The answer a calendar shows for an attendee (RFC 5545 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Participation {
    /// Somebody else placed them, or the time or venue changed: their calendar asks.
    NeedsAction,
    /// What they said, or that they booked by themselves, which is an answer already.
    Said(PartStat),
}

/// What an event says, without whose it is and how often it was sent, as two short hashes: equal
/// marks are equal events (C8).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventMark {
    /// Of all of it.
    pub rendered: String,
    /// Of what decides whether somebody can come: when, and where. An answer is to this.
    pub occasion: String,
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
    /// Who invited: for the life of the UID the same, because calendars take changes from nobody
    /// else. `None` for those from before it was kept.
    pub organizer: Option<EmailAddress>,
    /// What the last message said; `None` for those from before it was kept.
    pub mark: Option<EventMark>,
    /// The SEQUENCE of the last message that asked anew; an answer to an older one is stale.
    pub asked: u32,
    /// What the attendee answered since she was asked.
    pub answer: Option<PartStat>,
    /// How many of its messages told what feeds had counted already as a change of the day.
    pub counted: u32,
}

impl Invitation {
    /// The stamp of the next message: now, in whole seconds as iCalendar writes it, but always
    /// later than the last, because clients drop a message whose stamp is not newer (RFC 5546
    /// 2.1.5).
    pub fn next_stamp(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.max(self.stamp + Duration::seconds(1))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::name;

    /// RFC 5546, 2.1.5.
    #[test]
    fn each_message_is_later_than_the_last_even_where_the_clock_is_not() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let sent = Invitation {
            id: InvitationId::new(Uuid::nil()),
            place: PlaceId::new(Uuid::nil()),
            sitting: SittingId::new(Uuid::nil()),
            uid: "secret@turnout.example".to_owned(),
            address: "ada@example.org".parse().expect("an address"),
            name: name("Ada Obi"),
            sequence: 0,
            stamp: at("2027-01-09T10:00:00Z"),
            withdrawn: false,
            organizer: None,
            mark: None,
            asked: 0,
            answer: None,
            counted: 0,
        };
        for (now, stamp) in [
            ("2027-01-09T10:00:00Z", "2027-01-09T10:00:01Z"),
            ("2027-01-09T09:00:00Z", "2027-01-09T10:00:01Z"),
            ("2027-01-09T10:05:00Z", "2027-01-09T10:05:00Z"),
        ] {
            assert_eq!(sent.next_stamp(at(now)), at(stamp), "{now}");
        }
    }
}
