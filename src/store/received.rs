//! The messages that came to the reply mailbox.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{contact::EmailAddress, id::PlaceId, vocabulary::words};

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// An answer, taken.
    Taken,
    /// The same answer as before.
    Repeated,
    /// An answer to a message that a newer one has overtaken.
    Stale,
    /// An answer to an invite we do not know.
    Unknown,
    /// An answer by somebody who was not invited with it.
    NotTheirs,
    /// More answers to one invite than anybody needs.
    TooMany,
    /// A letter of ours that came back.
    Bounced,
    /// Written by a program; nobody answers it.
    Automatic,
    /// For a person to read.
    ForTheOffice,
    /// Too large to be an answer.
    Refused,
}

words!(Outcome {
    Taken => "taken",
    Repeated => "repeated",
    Stale => "stale",
    Unknown => "unknown",
    NotTheirs => "not-theirs",
    TooMany => "too-many",
    Bounced => "bounced",
    Automatic => "automatic",
    ForTheOffice => "for-the-office",
    Refused => "refused",
});

/// A message to remember.
#[derive(Debug, Clone)]
pub struct Arrival<'a> {
    /// Its row.
    pub id: Uuid,
    /// SHA-256 of the whole message.
    pub digest: [u8; 32],
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Who seems to have sent it.
    pub from: Option<&'a EmailAddress>,
    /// Its subject.
    pub subject: &'a str,
}

/// Remembers a message as soon as it is looked at; `false` if it was taken before. Written in the
/// transaction that acts on it, so that two nodes cannot both.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, arrival: &Arrival<'_>) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into received_mails (id, digest, received_at, from_address, subject, outcome)
         values ($1, $2, $3, $4, $5, $6) on conflict (digest) do nothing",
        arrival.id,
        &arrival.digest[..],
        arrival.at,
        arrival.from.map(EmailAddress::as_str),
        arrival.subject,
        Outcome::Automatic.as_str(),
    )?;
    Ok(written == 1)
}

/// Writes what became of a message; `raw` is kept where a person has to read it.
///
/// # Errors
/// [`StoreError`].
pub async fn set_outcome(
    tx: &mut Tx,
    id: Uuid,
    outcome: Outcome,
    place: Option<PlaceId>,
    raw: Option<&[u8]>,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update received_mails set outcome = $2, place = $3, raw = $4 where id = $1",
        id,
        outcome.as_str(),
        place.map(PlaceId::uuid),
        raw,
    )?;
    Ok(())
}

/// How many messages about a place were acted on after `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn about_since(
    conn: &mut Conn,
    place: PlaceId,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let text = "select count(*) from received_mails where place = $1 and received_at > $2";
    run!(value i64, conn, text, place.uuid(), since)
}

/// A message as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Its row.
    pub id: Uuid,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Who seems to have sent it.
    pub from: Option<String>,
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether a person still has to read it.
    pub is_open: bool,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    received_at: DateTime<Utc>,
    from_address: Option<String>,
    subject: String,
    outcome: String,
    is_open: bool,
}

/// The latest messages, those that a person has to read first.
///
/// # Errors
/// [`StoreError`].
pub async fn latest(conn: &mut Conn, most: i64) -> Result<Vec<ReceivedMail>, StoreError> {
    let rows = run!(
        all Row, conn,
        "select id, received_at, from_address, subject, outcome,
             (raw is not null and done_at is null) as is_open
         from received_mails order by is_open desc, received_at desc limit $1",
        most,
    )?;
    let read = |row: Row| {
        Ok(ReceivedMail {
            outcome: parse("received_mails", "outcome", &row.id, &row.outcome)?,
            id: row.id,
            at: row.received_at,
            from: row.from_address,
            subject: row.subject,
            is_open: row.is_open,
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many messages came to each end after `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn counts(
    conn: &mut Conn,
    since: DateTime<Utc>,
) -> Result<Vec<(Outcome, i64)>, StoreError> {
    let rows = run!(
        all(String, i64),
        conn,
        "select outcome, count(*) from received_mails where received_at > $1
         group by outcome order by outcome",
        since,
    )?;
    let read = |(word, count): (String, i64)| {
        Ok((parse("received_mails", "outcome", &word, &word)?, count))
    };
    rows.into_iter().map(read).collect()
}

/// A message that was kept for a person.
///
/// # Errors
/// [`StoreError`].
pub async fn raw(conn: &mut Conn, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let text = "select raw from received_mails where id = $1 and raw is not null";
    Ok(run!(values Vec<u8>, conn, text, id)?.pop())
}

/// Marks a message as read, and forgets its text; `false` if there is none to read.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_done(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let text = "update received_mails set raw = null, done_at = $2
                where id = $1 and raw is not null";
    Ok(run!(exec, tx, text, id, now)? == 1)
}
