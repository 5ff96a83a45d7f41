//! What was written to the people of a booking and what happened to it, all of it.

use crate::{
    domain::{
        audit::AuditEvent, id::LetterId, registration::Registration, session::Session, wording,
    },
    store::{
        Conn, StoreError, audit,
        letter_search::{self, LetterLine},
        undelivered::{self, Undelivered},
    },
    web::{
        office::audit::{AuditLine, line},
        words::{ReadersClock, in_words, stamp},
    },
};

/// A letter of the booking, in words.
pub struct LetterWords {
    pub id: LetterId,
    pub subject: String,
    pub kind: String,
    pub to: String,
    pub stands: String,
    /// Whether it did not arrive and nothing was done about it.
    pub is_lost: bool,
}

fn stands(letter: &LetterLine, clock: ReadersClock) -> (String, bool) {
    let at = |moment| stamp(moment, clock);
    let why = letter.last_error.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    let lost = letter.bounced_at.or(letter.failed_at.filter(|_| letter.sent_at.is_none()));
    match (lost, letter.mended_at, letter.sent_at) {
        (Some(_), Some(mended), _) => {
            (format!("Did not arrive{why}. Sent again {}", at(mended)), false)
        }
        (Some(lost), None, Some(_)) => (format!("Came back {}{why}", at(lost)), true),
        (Some(lost), None, None) => (format!("Not delivered, given up {}{why}", at(lost)), true),
        (None, _, Some(sent)) => (format!("Sent {}", at(sent)), false),
        (None, _, None) if letter.is_held => (format!("Waits until {}", at(letter.due_at)), false),
        (None, _, None) if letter.attempts > 0 => {
            (format!("Tried, and again {}{why}", at(letter.due_at)), false)
        }
        (None, ..) => ("Waits to be sent".to_owned(), false),
    }
}

/// Every letter of a booking, latest first.
pub async fn letters(
    conn: &mut Conn,
    booking: &Registration,
    clock: ReadersClock,
) -> Result<Vec<LetterWords>, StoreError> {
    let found = letter_search::of_booking(conn, booking.id).await?;
    let words = |letter: LetterLine| {
        let (stands, is_lost) = stands(&letter, clock);
        LetterWords {
            id: letter.id,
            kind: in_words(letter.kind.as_str()),
            subject: letter.subject,
            to: letter.to,
            stands,
            is_lost,
        }
    };
    Ok(found.into_iter().map(words).collect())
}

/// Everything that happened to a booking, latest first.
pub async fn events(
    conn: &mut Conn,
    booking: &Registration,
    clock: ReadersClock,
) -> Result<Vec<AuditLine>, StoreError> {
    let found = audit::of_booking(conn, booking.id).await?;
    Ok(found.into_iter().map(|event: AuditEvent| line(event, None, clock)).collect())
}

/// An address at which letters did not arrive, in words.
pub struct LostWords {
    /// Whose it is: `Ruth Okafor, who booked, and Kwame Mensah`.
    pub whose: String,
    pub address: String,
    /// How many letters, when, and what the mail server said.
    pub what: String,
    /// The number under which it is put right.
    pub number: u32,
}

/// An undelivered address of a booking in words.
pub fn lost_words(one: &Undelivered, booking: &Registration, session: &Session) -> LostWords {
    let role = |name: &String| match one.leads && *name == booking.leader.name.as_str() {
        true => format!("{name}, who booked"),
        false => name.clone(),
    };
    let whose: Vec<_> = one.names.iter().map(role).collect();
    let letters = wording::count(one.letters.len(), "letter", "letters");
    let why = one.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    LostWords {
        whose: whose.join("; "),
        address: one.address.to_string(),
        what: format!("{letters} did not arrive, the last {}{why}", stamp(one.at, session.zone())),
        number: one.number(),
    }
}

/// The addresses of a booking at which letters did not arrive.
pub async fn lost(
    conn: &mut Conn,
    booking: &Registration,
    session: &Session,
) -> Result<Vec<LostWords>, StoreError> {
    let found = undelivered::of_booking(conn, booking.id).await?;
    Ok(found.iter().map(|one| lost_words(one, booking, session)).collect())
}
