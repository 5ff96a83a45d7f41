//! What a calendar answers to an invite, and what becomes of it (C2).

use std::cmp::Ordering;

use chrono::{DateTime, Duration, Utc};

use super::{contact::EmailAddress, invitation::Invitation, vocabulary::words};

/// What somebody's calendar said (RFC 5545 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Will come (`ACCEPTED`).
    Accepted,
    /// May come (`TENTATIVE`).
    Tentative,
    /// They do not come.
    Declined,
}

words!(Answer { Accepted => "accepted", Tentative => "tentative", Declined => "declined" });

/// A REPLY to one invitation (RFC 5546 3.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The UID of the invitation: a secret between us and its reader.
    pub uid: String,
    /// Who answers what; usually one.
    pub answers: Vec<(EmailAddress, Answer)>,
    /// Which message is answered; absent means 0.
    pub sequence: u32,
    /// When it was answered, as far as the calendar says.
    pub stamp: Option<DateTime<Utc>>,
}

/// An answer that was taken, with what it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The PARTSTAT of the attendee.
    pub answer: Answer,
    /// The SEQUENCE of the invite that was answered; an answer to an older one is stale.
    pub sequence: u32,
    /// When, as far as the calendar says.
    pub stamp: Option<DateTime<Utc>>,
}

/// Why an answer changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheard {
    /// Nobody of that address was invited with that UID.
    NotTheirs,
    /// It answers a message that a newer one has overtaken.
    Stale,
    /// It answers a message that we never sent.
    FromTheFuture,
    /// It was said before.
    Repeated,
}

impl Reply {
    /// What the reader of `invitation` answers, seen after what she answered `before`. Replies are
    /// told apart by SEQUENCE, then by their stamp, as calendars themselves do; the same stamp with
    /// another answer is newer, because some calendars repeat the stamp.
    ///
    /// # Errors
    /// [`Unheard`], when it must change nothing.
    pub fn heard(
        &self,
        invitation: &Invitation,
        before: Option<&Answered>,
    ) -> Result<Answered, Unheard> {
        let hers = self.answers.iter().find(|(address, _)| *address == invitation.address);
        let (_, answer) = hers.ok_or(Unheard::NotTheirs)?;
        match self.sequence.cmp(&invitation.sequence) {
            Ordering::Less => return Err(Unheard::Stale),
            Ordering::Greater => return Err(Unheard::FromTheFuture),
            Ordering::Equal => {}
        }
        let answered = Answered { answer: *answer, sequence: self.sequence, stamp: self.stamp };
        let Some(before) = before.filter(|before| before.sequence == self.sequence) else {
            return Ok(answered);
        };
        match (before.stamp, self.stamp) {
            _ if before.answer == *answer => Err(Unheard::Repeated),
            (Some(before), Some(now)) if now < before => Err(Unheard::Stale),
            _ => Ok(answered),
        }
    }
}

/// How a session takes a *declined* from a calendar (C2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OnDecline {
    /// The place comes free by itself, once there was time to think again.
    #[default]
    Release,
    /// The attendee is asked by letter whether she gives it up.
    Ask,
}

words!(OnDecline { Release => "release", Ask => "ask" });

/// How long a declined place stays hers, so that a slip of the thumb costs nothing.
pub const SECOND_THOUGHTS: Duration = Duration::minutes(30);

/// When a place declined at `now` goes to somebody else; never after the session has started,
/// because then nobody else can take it.
pub fn release_at(now: DateTime<Utc>, starts: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let then = now + SECOND_THOUGHTS;
    (now < starts).then(|| then.min(starts))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        id::{InvitationId, PlaceId, SittingId},
        text::Name,
    };

    fn at(minute: i64) -> DateTime<Utc> {
        "2027-01-02T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minute)
    }

    fn invitation() -> Invitation {
        Invitation {
            id: InvitationId::new(Uuid::nil()),
            place: PlaceId::new(Uuid::nil()),
            sitting: SittingId::new(Uuid::nil()),
            uid: "secret@turnout.example".to_owned(),
            address: "ben@example.org".parse().unwrap(),
            name: Name::parse("Ben").unwrap(),
            sequence: 2,
            stamp: at(0),
            withdrawn: false,
        }
    }

    fn reply(address: &str, answer: Answer, sequence: u32, minute: i64) -> Reply {
        let uid = "secret@turnout.example".to_owned();
        let answers = vec![(address.parse().unwrap(), answer)];
        Reply { uid, answers, sequence, stamp: Some(at(minute)) }
    }

    #[test]
    fn only_the_reader_is_heard_and_only_on_the_message_that_stands() {
        let hers = |sequence| reply("BEN@example.org", Answer::Declined, sequence, 1);
        let heard = hers(2).heard(&invitation(), None);
        assert_eq!(heard.map(|heard| heard.answer), Ok(Answer::Declined));
        assert_eq!(hers(1).heard(&invitation(), None), Err(Unheard::Stale));
        assert_eq!(hers(3).heard(&invitation(), None), Err(Unheard::FromTheFuture));
        let other = reply("eve@example.org", Answer::Declined, 2, 1);
        assert_eq!(other.heard(&invitation(), None), Err(Unheard::NotTheirs));
    }

    #[test]
    fn the_later_answer_counts_whatever_order_they_arrive_in() {
        let before = |sequence, minute| Answered {
            answer: Answer::Accepted,
            sequence,
            stamp: Some(at(minute)),
        };
        let declined = reply("ben@example.org", Answer::Declined, 2, 5);
        assert!(declined.heard(&invitation(), Some(&before(2, 4))).is_ok());
        assert!(declined.heard(&invitation(), Some(&before(2, 5))).is_ok(), "a repeated stamp");
        assert_eq!(declined.heard(&invitation(), Some(&before(2, 6))), Err(Unheard::Stale));
        assert!(declined.heard(&invitation(), Some(&before(1, 6))).is_ok(), "of an older message");
        let again = reply("ben@example.org", Answer::Accepted, 2, 9);
        assert_eq!(again.heard(&invitation(), Some(&before(2, 4))), Err(Unheard::Repeated));
    }

    #[test]
    fn a_declined_place_waits_half_an_hour_but_not_past_the_start() {
        assert_eq!(release_at(at(0), at(600)), Some(at(30)));
        assert_eq!(release_at(at(0), at(10)), Some(at(10)));
        assert_eq!(release_at(at(0), at(0)), None);
    }
}
