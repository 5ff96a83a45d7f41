//! Letters as the office looks for them. Their text is not read: it holds private links.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Found, StoreError, Tx, Window, codec::parse};
use crate::domain::{
    id::{LetterId, SessionCode, StaffLogin},
    letter::LetterKind,
    vocabulary::words,
};

/// How far a letter came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    /// Given up after the last try.
    #[default]
    Failed,
    /// Handed over, and come back: the address does not take it.
    Returned,
    /// Waits to be sent, for the first time or again.
    Queued,
    /// Handed over.
    Sent,
}

words!(Progress { Failed => "failed", Returned => "returned", Queued => "queued", Sent => "sent" });

/// A letter, without its text.
#[derive(Debug, Clone)]
pub struct LetterLine {
    /// Which letter.
    pub id: LetterId,
    /// Why it is sent.
    pub kind: LetterKind,
    /// Where it goes.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// The session it is about.
    pub session: Option<SessionCode>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// When it is tried next, if it is.
    pub due_at: DateTime<Utc>,
    /// When it was handed over.
    pub sent_at: Option<DateTime<Utc>>,
    /// How often its delivery failed.
    pub attempts: i32,
    /// What the last try failed with.
    pub last_error: Option<String>,
}

#[derive(FromRow)]
struct LetterLineRow {
    id: Uuid,
    kind: String,
    to_address: String,
    subject: String,
    session: Option<String>,
    created_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    attempts: i32,
    last_error: Option<String>,
}

impl LetterLineRow {
    fn read(self) -> Result<LetterLine, StoreError> {
        let session = self.session.as_deref();
        Ok(LetterLine {
            id: LetterId::new(self.id),
            kind: parse("outbox", "kind", &self.id, &self.kind)?,
            session: session.map(|code| parse("outbox", "session", &self.id, code)).transpose()?,
            to: self.to_address,
            subject: self.subject,
            written_at: self.created_at,
            due_at: self.due_at,
            sent_at: self.sent_at,
            attempts: self.attempts,
            last_error: self.last_error,
        })
    }
}

/// Letters of one progress, latest first; with `within`, about sessions of that organiser's
/// alliances.
///
/// # Errors
/// [`StoreError`].
pub async fn search(
    conn: &mut Conn,
    progress: Progress,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<LetterLine>, StoreError> {
    let (progress_word, login) = (progress.as_str(), within.map(StaffLogin::as_str));
    let rows = run!(
        all LetterLineRow, conn,
        "select o.id, o.kind, o.to_address, o.subject, r.session, o.created_at, o.due_at,
                o.sent_at, o.attempts,
                coalesce(o.bounce_reason, o.last_error) as last_error
         from outbox o left join registrations r on r.id = o.registration
         where $1 = case when o.bounced_at is not null then 'returned'
                         when o.sent_at is not null then 'sent'
                         when o.failed_at is not null then 'failed' else 'queued' end
           and ($2 is null or r.session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $2))
         order by o.position desc limit $3 offset $4",
        progress_word, login, window.limit, window.offset,
    )?;
    let total = count(conn, progress, within).await?;
    let items = rows.into_iter().map(LetterLineRow::read).collect::<Result<_, _>>()?;
    Ok(Found { items, total })
}

/// How many letters have come as far as `progress`.
///
/// # Errors
/// [`StoreError`].
pub async fn count(
    conn: &mut Conn,
    progress: Progress,
    within: Option<&StaffLogin>,
) -> Result<i64, StoreError> {
    run!(
        value i64, conn,
        "select count(*) from outbox o left join registrations r on r.id = o.registration
         where $1 = case when o.bounced_at is not null then 'returned'
                         when o.sent_at is not null then 'sent'
                         when o.failed_at is not null then 'failed' else 'queued' end
           and ($2 is null or r.session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $2))",
        progress.as_str(), within.map(StaffLogin::as_str),
    )
}

/// How many letters came back after `since`.
///
/// # Errors
/// [`StoreError`].
pub async fn returned_since(
    conn: &mut Conn,
    since: DateTime<Utc>,
    within: Option<&StaffLogin>,
) -> Result<i64, StoreError> {
    run!(
        value i64, conn,
        "select count(*) from outbox o left join registrations r on r.id = o.registration
         where o.bounced_at > $1
           and ($2 is null or r.session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $2))",
        since, within.map(StaffLogin::as_str),
    )
}

/// Puts a letter that was given up back into the queue; `false` if it was not given up, or
/// `within` may not see it.
///
/// # Errors
/// [`StoreError`].
pub async fn retry(
    tx: &mut Tx,
    id: LetterId,
    within: Option<&StaffLogin>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "update outbox set failed_at = null, claimed_until = null, attempts = 0, due_at = $2
         where id = $1 and failed_at is not null
           and ($3 is null or registration in (select r.id from registrations r
                join sessions s on s.code = r.session
                join staff_alliances a on a.alliance = s.alliance where a.login = $3))",
        id.uuid(),
        now,
        within.map(StaffLogin::as_str),
    )?;
    Ok(written == 1)
}
