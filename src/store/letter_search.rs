//! Letters as the office looks for them. Their text is not read: it holds private links.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, Window, codec::parse};
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

/// The letters of a page: found in an index, and only then read.
macro_rules! page {
    ($from:literal, $progress:literal, $within:literal) => {
        concat!(
            "select l.id, l.kind, l.to_address, l.subject, b.session, l.created_at, l.due_at,
                    l.sent_at, l.attempts, coalesce(l.bounce_reason, l.last_error) as last_error
             from outbox l join (select o.id from ",
            $from,
            " where ",
            $progress,
            $within,
            " order by o.position desc, o.id desc limit $1 offset $2) p on p.id = l.id
             left join registrations b on b.id = l.registration
             order by l.position desc, l.id desc"
        )
    };
}

/// What is read of the letters of one progress, a condition that an index of the table has.
struct Texts {
    page: &'static str,
    length: &'static str,
    /// The same of the alliances of an organiser.
    own_page: &'static str,
    own_length: &'static str,
}

macro_rules! texts {
    ($progress:literal) => {
        Texts {
            page: page!("outbox o", $progress, ""),
            length: concat!("select count(*) from outbox o where ", $progress),
            own_page: page!(
                "outbox o join registrations r on r.id = o.registration",
                $progress,
                " and r.session in (select s.code from sessions s
                      join staff_alliances a on a.alliance = s.alliance where a.login = $3)"
            ),
            own_length: concat!(
                "select count(*) from outbox o join registrations r on r.id = o.registration
                 where r.session in (select s.code from sessions s
                      join staff_alliances a on a.alliance = s.alliance where a.login = $1) and ",
                $progress
            ),
        }
    };
}

impl Progress {
    const fn texts(self) -> Texts {
        match self {
            Self::Returned => texts!("o.bounced_at is not null"),
            Self::Sent => texts!("o.sent_at is not null and o.bounced_at is null"),
            Self::Failed => {
                texts!("o.failed_at is not null and o.sent_at is null and o.bounced_at is null")
            }
            Self::Queued => {
                texts!("o.sent_at is null and o.failed_at is null and o.bounced_at is null")
            }
        }
    }
}

/// Letters of one progress, latest first; with `within`, about sessions of that organiser's
/// alliances.
pub async fn search(
    conn: &mut Conn,
    progress: Progress,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Vec<LetterLine>, StoreError> {
    let (texts, Window { limit, offset }) = (progress.texts(), window);
    let rows = match within.map(StaffLogin::as_str) {
        None => run!(all LetterLineRow, conn, texts.page, limit, offset)?,
        Some(login) => run!(all LetterLineRow, conn, texts.own_page, limit, offset, login)?,
    };
    rows.into_iter().map(LetterLineRow::read).collect()
}

/// How many letters have come as far as `progress`.
pub async fn count(
    conn: &mut Conn,
    progress: Progress,
    within: Option<&StaffLogin>,
) -> Result<i64, StoreError> {
    if let Some(login) = within.map(StaffLogin::as_str) {
        return run!(value i64, conn, progress.texts().own_length, login);
    }
    if progress != Progress::Sent {
        return run!(value i64, conn, progress.texts().length);
    }
    // Nearly all letters are sent: those that are not are counted instead.
    let mut sent = run!(value i64, conn, "select count(*) from outbox")?;
    for other in [Progress::Failed, Progress::Returned, Progress::Queued] {
        sent -= run!(value i64, conn, other.texts().length)?;
    }
    Ok(sent)
}

/// How many letters came back after `since`.
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
