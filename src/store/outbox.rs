//! Letters waiting to be delivered, from the moment they stand there (`enqueue.rs`) until they are sent or given up.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{count, parse},
    rows,
};
use crate::domain::{
    contact::EmailAddress,
    id::{LetterId, PlaceId, RegistrationId},
    letter::{CalendarPart, Letter, LetterKind, without_secrets},
    near_day::NearDay,
};

row! {
    struct LetterRow {
        id: Uuid,
        kind: String,
        to_name: Option<String>,
        to_address: String,
        subject: String,
        text_body: String,
        html_body: String,
        calendar_method: Option<String>,
        calendar_body: Option<String>,
        thread: Option<String>,
        position: i64,
        created_at: DateTime<Utc>,
        attempts: i32,
        day_starts_at: Option<DateTime<Utc>>,
        day_zone: Option<String>,
        reply_to: Option<String>,
        session: Option<String>,
        retried_at: Option<DateTime<Utc>>,
        place: Option<Uuid>,
        is_held: bool,
    }
}

statements! {
    /// SQLite has one writer.
    TAKE_TURN: i64 = {
        sqlite: "select 0",
        postgres: "with turn as materialized (select pg_advisory_xact_lock(hashtext('outbox')))
            select count(*) from turn",
    };

    CLAIM: LetterRow =
        "update outbox set claimed_until = $3 where id in (select o.id from outbox o
             where o.sent_at is null and o.failed_at is null and o.due_at <= $1
               and (o.claimed_until is null or o.claimed_until <= $1)
               and not exists (select 1 from outbox e
                   where e.thread = o.thread and e.position < o.position
                     and e.sent_at is null and e.failed_at is null)
               and not exists (select 1 from outbox e
                   where e.to_address = o.to_address and e.position < o.position
                     and e.sent_at is null and e.failed_at is null and e.is_held = false
                     and e.urgency <= case o.urgency when 0 then 0 when 3 then 3 else 2 end
                     and (e.claimed_until > $1 or (e.attempts < 4
                         and (e.due_at > o.due_at or e.urgency > o.urgency))))
             order by o.urgency, o.due_at, o.position limit $2)
         returning *";

    MARK_SENT = {
        sqlite: "update outbox set sent_at = $2, claimed_until = null,
                text_body = (select l.value ->> 'text' from json_each($1) l
                             where unhex(l.value ->> 'id') = outbox.id),
                html_body = '', calendar_body = null, calendar_method = null, last_error = null
            where id in (select unhex(l.value ->> 'id') from json_each($1) l)",
        postgres: "update outbox set sent_at = $2, claimed_until = null, text_body = l.text,
                html_body = '', calendar_body = null, calendar_method = null, last_error = null
            from json_to_recordset($1::json) as l (id uuid, text text) where outbox.id = l.id",
    };

    FIND: LetterRow = "select * from outbox where id = $1";

    PUT_BACK = {
        sqlite: "update outbox set claimed_until = null
            where id in (select unhex(i.value) from json_each($1) i)",
        postgres: "update outbox set claimed_until = null
            where id in (select i.value::uuid from json_array_elements_text($1::json) i)",
    };

    MARK_FAILED =
        "update outbox set attempts = attempts + 1, last_error = $2, claimed_until = null,
             due_at = coalesce($3, due_at), failed_at = $4 where id = $1";

    MARK_HELD = "update outbox set last_error = $2, claimed_until = null where id = $1";

    WRITTEN_SINCE: i64 =
        "select count(*) from outbox where to_address = $1 and kind = $2 and created_at > $3";

    WRITTEN_ABOUT_SINCE: i64 =
        "select count(*) from outbox
         where to_address = $1 and place = $2 and kind = $3 and created_at > $4";

    WAITING: i64 = "select count(*) from outbox where sent_at is null and failed_at is null";
}

/// A letter somebody has claimed to deliver.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The letter.
    pub letter: Letter,
    /// Its place among all that were written.
    pub position: i64,
    /// When it was written: its Date.
    pub written_at: DateTime<Utc>,
    /// Since when it is tried: since it was written, or put back by hand.
    pub tried_since: DateTime<Utc>,
    /// How often its delivery failed.
    pub attempts: u32,
    /// Whose place it is about.
    pub place: Option<PlaceId>,
    /// Whether it is an invite that waited for its reader to open an earlier one.
    pub is_held: bool,
}

impl LetterRow {
    fn read(self) -> Result<Claimed, StoreError> {
        let calendar = match (self.calendar_method, self.calendar_body) {
            (Some(method), Some(ics)) => Some(CalendarPart {
                method: parse("outbox", "calendar_method", &self.id, &method)?,
                ics,
            }),
            _ => None,
        };
        let day = match (self.day_starts_at, self.day_zone) {
            (Some(starts_at), Some(zone)) => {
                let zone = parse("outbox", "day_zone", &self.id, &zone)?;
                Some(NearDay { starts_at, zone })
            }
            _ => None,
        };
        let letter = Letter {
            id: LetterId::new(self.id),
            kind: parse("outbox", "kind", &self.id, &self.kind)?,
            to_name: self.to_name,
            to: EmailAddress::stored(&self.to_address),
            subject: self.subject,
            text: self.text_body,
            html: self.html_body,
            calendar,
            thread: self.thread,
            day,
            reply_to: self.reply_to.as_deref().map(EmailAddress::stored),
            session: self
                .session
                .map(|text| parse("outbox", "session", &self.id, &text))
                .transpose()?,
        };
        Ok(Claimed {
            letter,
            position: self.position,
            written_at: self.created_at,
            tried_since: self.retried_at.unwrap_or(self.created_at),
            attempts: count(self.attempts),
            place: self.place.map(PlaceId::new),
            is_held: self.is_held,
        })
    }
}

/// What a letter is about, so that the office finds it.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    /// The registration.
    pub registration: Option<RegistrationId>,
    /// The place.
    pub place: Option<PlaceId>,
}

/// Lets no other node claim letters before this transaction ends: of two that claimed at once, one
/// could claim a letter whose predecessor the other is about to claim.
pub async fn take_turn(tx: &mut Tx) -> Result<(), StoreError> {
    TAKE_TURN.value(tx, ()).await?;
    Ok(())
}

/// Claims up to `limit` due letters until `claimed_until`, the most urgent first.
///
/// A letter waits while an earlier one of its thread is undelivered, so that a CANCEL never
/// overtakes its REQUEST. It also waits for an earlier one to the same reader, where their kinds
/// ask for it ([`LetterKind::waits_for`]): while that one is claimed, and, if its delivery failed,
/// until it was tried for the fourth time, twenty minutes later. After that nothing is held up any
/// longer by a mailbox that may be full for days.
pub async fn claim(
    tx: &mut Tx,
    limit: usize,
    now: DateTime<Utc>,
    claimed_until: DateTime<Utc>,
) -> Result<Vec<Claimed>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = CLAIM.all(tx, (now, limit, claimed_until)).await?;
    rows.into_iter().map(LetterRow::read).collect()
}

/// A letter that was delivered.
#[derive(Debug, Serialize)]
pub struct Sent {
    id: String,
    text: String,
}

impl Sent {
    /// What is kept of a letter: its words, for the office to read (T4), without what opens anything.
    pub fn of(letter: &Letter) -> Self {
        Self { id: rows::key(letter.id.uuid()), text: without_secrets(&letter.text) }
    }
}

/// Marks letters as delivered and forgets their private links.
pub async fn mark_sent(tx: &mut Tx, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StoreError> {
    if sent.is_empty() {
        return Ok(());
    }
    MARK_SENT.run(tx, (rows::json(sent)?, now)).await?;
    Ok(())
}

/// A letter, wherever it is on its way.
pub async fn find(conn: &mut Conn, id: LetterId) -> Result<Option<Letter>, StoreError> {
    let row = FIND.optional(conn, [id.uuid()]).await?;
    Ok(row.map(LetterRow::read).transpose()?.map(|claimed| claimed.letter))
}

/// Gives up the claim on letters that were not tried.
pub async fn put_back(tx: &mut Tx, ids: &[LetterId]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    PUT_BACK.run(tx, [json(ids)?]).await?;
    Ok(())
}

fn json(ids: &[LetterId]) -> Result<String, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid().simple().to_string()).collect();
    rows::json(&ids)
}

/// Marks a delivery as failed: tried again at `retry_at`, or given up when that is `None`.
pub async fn mark_failed(
    tx: &mut Tx,
    id: LetterId,
    error: &str,
    retry_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let error = without_secrets(error); // A mail server may quote what it refuses.
    let gave_up = if retry_at.is_none() { Some(now) } else { None };
    MARK_FAILED.run(tx, (id.uuid(), error.as_str(), retry_at, gave_up)).await?;
    Ok(())
}

/// Writes why a letter did not leave that is not at fault itself: it loses no try.
pub async fn mark_held(tx: &mut Tx, id: LetterId, error: &str) -> Result<(), StoreError> {
    MARK_HELD.run(tx, (id.uuid(), error)).await?;
    Ok(())
}

/// How many letters of a kind were written to an address after `since`: nobody floods a stranger's mailbox.
pub async fn written_since(
    conn: &mut Conn,
    to: &EmailAddress,
    kind: LetterKind,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    WRITTEN_SINCE.value(conn, (to.as_str(), kind.as_str(), since)).await
}

/// How many letters of a kind were written to this address about a place since `since`.
pub async fn written_about_since(
    conn: &mut Conn,
    (address, place): (&EmailAddress, PlaceId),
    kind: LetterKind,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let about = (address.as_str(), place.uuid(), kind.as_str(), since);
    WRITTEN_ABOUT_SINCE.value(conn, about).await
}

/// How many letters wait to be delivered.
pub async fn waiting(conn: &mut Conn) -> Result<i64, StoreError> {
    WAITING.value(conn, ()).await
}
