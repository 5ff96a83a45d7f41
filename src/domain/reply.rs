//! What a calendar answers to an invite, and what becomes of it (C2).

use chrono::{DateTime, Duration, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::{contact::EmailAddress, invitation::Invitation, vocabulary::words};

/// What somebody's calendar said (RFC 5545 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartStat {
    /// Will come (`ACCEPTED`).
    Accepted,
    /// May come (`TENTATIVE`).
    Tentative,
    /// They do not come.
    Declined,
}

words!(PartStat { Accepted => "accepted", Tentative => "tentative", Declined => "declined" });

/// A REPLY to one invitation (RFC 5546 3.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The UID of the invitation: a secret between us and its reader.
    pub uid: String,
    /// Who answers what; usually one.
    pub answers: Vec<(EmailAddress, PartStat)>,
    /// Which message is answered; absent means 0.
    pub sequence: u32,
    /// When it was answered, as far as the calendar says.
    pub stamp: Option<DateTime<Utc>>,
    /// What she wrote beside it (`COMMENT`), for a person to read.
    pub words: Option<String>,
}

/// An answer that was taken, with what it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeardAnswer {
    /// The PARTSTAT of the attendee.
    pub answer: PartStat,
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
    /// She has answered otherwise since.
    Overtaken,
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
    /// A stamp ahead of our clock counts as `now`, so that one wrong clock does not outrank whatever
    /// she says later.
    ///
    /// # Errors
    /// [`Unheard`], when it must change nothing.
    pub fn heard(
        &self,
        invitation: &Invitation,
        before: Option<&HeardAnswer>,
        now: DateTime<Utc>,
    ) -> Result<HeardAnswer, Unheard> {
        let hers = self.answers.iter().find(|(address, _)| *address == invitation.address);
        let (_, answer) = hers.ok_or(Unheard::NotTheirs)?;
        // What was only worded anew since is the same question.
        if self.sequence < invitation.asked {
            return Err(Unheard::Stale);
        }
        if self.sequence > invitation.sequence {
            return Err(Unheard::FromTheFuture);
        }
        let stamp = self.stamp.map(|stamp| stamp.min(now));
        let answered = HeardAnswer { answer: *answer, sequence: self.sequence, stamp };
        let Some(before) = before.filter(|before| before.sequence >= invitation.asked) else {
            return Ok(answered);
        };
        if before.sequence > self.sequence {
            return Err(Unheard::Overtaken);
        }
        match (before.stamp.map(|stamp| stamp.min(now)), stamp) {
            _ if before.answer == *answer => Err(Unheard::Repeated),
            (Some(before), Some(now)) if now < before => Err(Unheard::Overtaken),
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

/// From when to when nothing is released: whoever could keep a place, or take it, is asleep.
const NIGHT: (u32, u32) = (21, 8);

/// The end of the night in which `at` is, on the clocks of `zone`; `None` by day.
pub fn morning_after(at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let local = at.with_timezone(&zone).naive_local();
    let date = match local.hour() {
        hour if hour >= NIGHT.0 => local.date().succ_opt()?,
        hour if hour < NIGHT.1 => local.date(),
        _ => return None,
    };
    let morning = date.and_hms_opt(NIGHT.1, 0, 0)?;
    zone.from_local_datetime(&morning).latest().map(|morning| morning.to_utc())
}

/// When a place declined at `now` goes to somebody else: after time for second thoughts, and never in
/// the night (C10). `None` where it would not come free before the session starts, when nobody else
/// can take it.
pub fn release_at(now: DateTime<Utc>, starts: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let then = (now + SECOND_THOUGHTS).min(starts);
    match morning_after(then, zone) {
        Some(morning) => (morning < starts).then_some(morning),
        None => (now < starts).then_some(then),
    }
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
            organizer: None,
            mark: None,
            asked: 2,
            counted: 0,
            answer: None,
        }
    }

    fn reply(address: &str, answer: PartStat, sequence: u32, minute: i64) -> Reply {
        let uid = "secret@turnout.example".to_owned();
        let answers = vec![(address.parse().unwrap(), answer)];
        Reply { uid, answers, sequence, stamp: Some(at(minute)), words: None }
    }

    #[test]
    fn only_the_reader_is_heard_and_only_on_the_message_that_stands() {
        let hers = |sequence| reply("BEN@example.org", PartStat::Declined, sequence, 1);
        let heard = hers(2).heard(&invitation(), None, at(60));
        assert_eq!(heard.map(|heard| heard.answer), Ok(PartStat::Declined));
        assert_eq!(hers(1).heard(&invitation(), None, at(60)), Err(Unheard::Stale));
        assert_eq!(hers(3).heard(&invitation(), None, at(60)), Err(Unheard::FromTheFuture));
        let other = reply("eve@example.org", PartStat::Declined, 2, 1);
        assert_eq!(other.heard(&invitation(), None, at(60)), Err(Unheard::NotTheirs));
    }

    #[test]
    fn the_later_answer_counts_whatever_order_they_arrive_in() {
        let before = |sequence, minute| HeardAnswer {
            answer: PartStat::Accepted,
            sequence,
            stamp: Some(at(minute)),
        };
        let declined = reply("ben@example.org", PartStat::Declined, 2, 5);
        assert!(declined.heard(&invitation(), Some(&before(2, 4)), at(60)).is_ok());
        assert!(
            declined.heard(&invitation(), Some(&before(2, 5)), at(60)).is_ok(),
            "a repeated stamp"
        );
        assert_eq!(
            declined.heard(&invitation(), Some(&before(2, 6)), at(60)),
            Err(Unheard::Overtaken)
        );
        assert!(
            declined.heard(&invitation(), Some(&before(1, 6)), at(60)).is_ok(),
            "of an older message"
        );
        let again = reply("ben@example.org", PartStat::Accepted, 2, 9);
        assert_eq!(again.heard(&invitation(), Some(&before(2, 4)), at(60)), Err(Unheard::Repeated));
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_outrank_what_is_said_later() {
        let ahead = reply("ben@example.org", PartStat::Declined, 2, 100_000);
        let heard = ahead.heard(&invitation(), None, at(1)).unwrap();
        assert_eq!(heard.stamp, Some(at(1)));
        let later = reply("ben@example.org", PartStat::Accepted, 2, 2);
        assert!(later.heard(&invitation(), Some(&heard), at(2)).is_ok());
    }

    #[test]
    fn a_declined_place_waits_half_an_hour_but_not_past_the_start() {
        let utc = Tz::UTC;
        assert_eq!(release_at(at(0), at(600), utc), Some(at(30)));
        assert_eq!(release_at(at(0), at(10), utc), Some(at(10)));
        assert_eq!(release_at(at(0), at(0), utc), None);
    }

    #[test]
    fn nothing_comes_free_between_nine_in_the_evening_and_eight_where_the_session_is() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let starts = moment("2027-07-10T09:00:00Z");
        let london = chrono_tz::Europe::London;
        let free = |text| release_at(moment(text), starts, london);
        // 8.29pm and 8.30pm in London's summer.
        assert_eq!(free("2027-07-01T19:29:00Z"), Some(moment("2027-07-01T19:59:00Z")));
        assert_eq!(free("2027-07-01T19:30:00Z"), Some(moment("2027-07-02T07:00:00Z")));
        assert_eq!(free("2027-07-02T03:00:00Z"), Some(moment("2027-07-02T07:00:00Z")));
        assert_eq!(free("2027-07-02T06:30:00Z"), Some(moment("2027-07-02T07:00:00Z")));
        // Before dawn of a day that starts at seven nobody is left to take it.
        assert_eq!(
            release_at(moment("2027-07-10T03:00:00Z"), moment("2027-07-10T06:00:00Z"), london),
            None
        );
    }

    #[test]
    fn a_place_comes_free_by_day_from_eight_on_and_only_before_the_start() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let morning = moment("2027-01-02T08:00:00Z");
        assert_eq!(morning_after(morning, Tz::UTC), None);
        assert_eq!(morning_after(moment("2027-01-02T07:59:59Z"), Tz::UTC), Some(morning));
        // Nobody can take a place as the session begins.
        assert_eq!(release_at(moment("2027-01-02T03:00:00Z"), morning, Tz::UTC), None);
    }
}
