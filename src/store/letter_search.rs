//! Letters as the office looks for them. Their text is not read: it holds private links.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, Window, codec::parse};
use crate::domain::{
    id::{LetterId, RegistrationId, SessionCode, StaffLogin},
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
    /// Whether it is an invite that waits for its reader to open an earlier one.
    pub is_held: bool,
    /// When it was given up.
    pub failed_at: Option<DateTime<Utc>>,
    /// When it came back.
    pub bounced_at: Option<DateTime<Utc>>,
    /// When what it said was sent again, because it did not arrive.
    pub mended_at: Option<DateTime<Utc>>,
}

row! {
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
        is_held: bool,
        failed_at: Option<DateTime<Utc>>,
        bounced_at: Option<DateTime<Utc>>,
        mended_at: Option<DateTime<Utc>>,
    }
}

/// How far letters came, as a condition that an index of the table has.
macro_rules! came {
    (returned) => {
        "o.bounced_at is not null"
    };
    (sent) => {
        "o.sent_at is not null and o.bounced_at is null"
    };
    (failed) => {
        "o.failed_at is not null and o.sent_at is null and o.bounced_at is null
         and o.to_address <> 'removed@erased.invalid' and o.mended_at is null"
    };
    (queued) => {
        "o.sent_at is null and o.failed_at is null and o.bounced_at is null"
    };
}

/// The letters of a page: found in an index, and only then read.
macro_rules! page {
    ($progress:ident) => {
        page!($progress, "")
    };
    ($progress:ident, $within:literal) => {
        listed!(concat!(
            "select o.id from outbox o where ",
            came!($progress),
            $within,
            " order by o.position desc, o.id desc limit $1 offset $2"
        ))
    };
}

/// What a list says of the letters that were found.
macro_rules! listed {
    ($found:expr) => {
        concat!(
            "select l.id, l.kind, l.to_address, l.subject, l.session, l.created_at, l.due_at,
                    l.sent_at, l.attempts, coalesce(l.bounce_reason, l.last_error) as last_error,
                    l.is_held, l.failed_at, l.bounced_at, l.mended_at
             from outbox l join (",
            $found,
            ") p on p.id = l.id
             order by l.position desc, l.id desc"
        )
    };
}

/// The same of the alliances of an organiser.
macro_rules! own_page {
    ($progress:ident) => {
        page!(
            $progress,
            " and o.session in (select s.code from sessions s
                  join staff_alliances a on a.alliance = s.alliance where a.login = $3)"
        )
    };
}

/// What was sent is most of all letters: each of an organiser's sessions has an index of its own.
macro_rules! own_sent {
    ($database:ident, $login:literal) => {
        through_her_sessions!($database, $login, "o.id, o.position", "outbox" as "o", came!(sent))
    };
}

macro_rules! own_sent_page {
    ($database:ident) => {
        listed!(concat!(
            own_sent!($database, "$3"),
            " order by o.position desc, o.id desc limit $1 offset $2"
        ))
    };
}

macro_rules! own_sent_length {
    ($database:ident) => {
        concat!("select count(*) from (", own_sent!($database, "$1"), " limit 100000) c")
    };
}

macro_rules! own_length {
    ($progress:ident) => {
        concat!(
            "select count(*) from outbox o
             where o.session in (select s.code from sessions s
                  join staff_alliances a on a.alliance = s.alliance where a.login = $1) and ",
            came!($progress)
        )
    };
}

macro_rules! length {
    (sent) => {
        concat!(
            "select count(*) from (select o.id from outbox o where ",
            came!(sent),
            " limit 100000) c"
        )
    };
    ($progress:ident) => {
        concat!("select count(*) from outbox o where ", came!($progress))
    };
}

#[cfg(test)]
const COUNTED: &str = "counts an index of such letters";

#[cfg(test)]
const PAGE: &str = "walks an index of such letters in the order of the list, until the page ends";

statements! {
    RETURNED: LetterLineRow = page!(returned), reads_all: PAGE;
    SENT: LetterLineRow = page!(sent), reads_all: PAGE;
    FAILED: LetterLineRow = page!(failed), reads_all: PAGE;
    QUEUED: LetterLineRow = page!(queued);

    OWN_RETURNED: LetterLineRow = own_page!(returned), reads_all: PAGE;
    OWN_SENT: LetterLineRow = {
        sqlite: own_sent_page!(sqlite),
        postgres: own_sent_page!(postgres),
    };
    OWN_FAILED: LetterLineRow = own_page!(failed), reads_all: PAGE;
    OWN_QUEUED: LetterLineRow = own_page!(queued);

    COUNT_RETURNED: i64 = length!(returned), reads_all: COUNTED;
    COUNT_FAILED: i64 = length!(failed), reads_all: COUNTED;
    COUNT_QUEUED: i64 = length!(queued);
    COUNT_SENT: i64 = length!(sent), reads_all: COUNTED;

    COUNT_OWN_RETURNED: i64 = own_length!(returned), reads_all: COUNTED;
    COUNT_OWN_SENT: i64 = {
        sqlite: own_sent_length!(sqlite),
        postgres: own_sent_length!(postgres),
    };
    COUNT_OWN_FAILED: i64 = own_length!(failed), reads_all: COUNTED;
    COUNT_OWN_QUEUED: i64 = own_length!(queued);

    FIND: LetterLineRow =
        "select l.id, l.kind, l.to_address, l.subject, l.session,
                l.created_at, l.due_at, l.sent_at, l.attempts,
                coalesce(l.bounce_reason, l.last_error) as last_error, l.is_held,
                l.failed_at, l.bounced_at, l.mended_at
         from outbox l where l.id = $1
           and (l.session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $2)
                or $2 is null)";

    /// Also those that were about places of it before they got a booking of their own.
    OF_BOOKING: LetterLineRow =
        "select l.id, l.kind, l.to_address, l.subject, cast(null as text) as session,
                l.created_at, l.due_at, l.sent_at, l.attempts,
                coalesce(l.bounce_reason, l.last_error) as last_error, l.is_held,
                l.failed_at, l.bounced_at, l.mended_at
         from outbox l where l.id in
             (select o.id from outbox o where o.registration = $1
              union select q.id from places p join outbox q on q.place = p.id where p.registration = $1)
         order by l.position desc, l.id desc";

    RETURNED_SINCE: i64 =
        "select count(*) from outbox o
         where o.bounced_at > $1 and o.mended_at is null
           and (o.session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $2)
                or $2 is null)";

    RETRY =
        "update outbox set failed_at = null, claimed_until = null, attempts = 0, due_at = $2,
             retried_at = $2
         where id = $1 and failed_at is not null
           and (session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $3)
                or $3 is null)";

    RETRY_ALL =
        "update outbox set failed_at = null, claimed_until = null, attempts = 0, due_at = $1,
             retried_at = $1
         where failed_at is not null and sent_at is null and bounced_at is null and mended_at is null",
        reads_all: "those given up have an index of their own, and are few";

    RETRY_OWN =
        "update outbox set failed_at = null, claimed_until = null, attempts = 0, due_at = $1,
             retried_at = $1
         where failed_at is not null and sent_at is null and bounced_at is null and mended_at is null
           and session in (select s.code from sessions s
                join staff_alliances a on a.alliance = s.alliance where a.login = $2)",
        reads_all: "those given up have an index of their own, and are few";
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
            is_held: self.is_held,
            failed_at: self.failed_at,
            bounced_at: self.bounced_at,
            mended_at: self.mended_at,
        })
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
    let Window { limit, offset } = window;
    let rows = if let Some(login) = within.map(StaffLogin::as_str) {
        let page = match progress {
            Progress::Failed => OWN_FAILED,
            Progress::Returned => OWN_RETURNED,
            Progress::Queued => OWN_QUEUED,
            Progress::Sent => OWN_SENT,
        };
        page.all(conn, (limit, offset, login)).await?
    } else {
        let page = match progress {
            Progress::Failed => FAILED,
            Progress::Returned => RETURNED,
            Progress::Queued => QUEUED,
            Progress::Sent => SENT,
        };
        page.all(conn, (limit, offset)).await?
    };
    rows.into_iter().map(LetterLineRow::read).collect()
}

/// One letter; with `within`, if it is about a session of that organiser's alliances.
pub async fn find(
    conn: &mut Conn,
    id: LetterId,
    within: Option<&StaffLogin>,
) -> Result<Option<LetterLine>, StoreError> {
    let row = FIND.optional(conn, (id.uuid(), within.map(StaffLogin::as_str))).await?;
    row.map(LetterLineRow::read).transpose()
}

/// Every letter of a booking, latest first: to whoever looks after it and to whoever comes.
pub async fn of_booking(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Vec<LetterLine>, StoreError> {
    let rows = OF_BOOKING.all(conn, [id.uuid()]).await?;
    rows.into_iter().map(LetterLineRow::read).collect()
}

/// How many letters a list is paged through at most; older ones stand with their bookings.
pub const MOST: i64 = 100_000;

/// How many letters have come as far as `progress`; of those that were sent, [`MOST`] at most.
pub async fn count(
    conn: &mut Conn,
    progress: Progress,
    within: Option<&StaffLogin>,
) -> Result<i64, StoreError> {
    if let Some(login) = within.map(StaffLogin::as_str) {
        let length = match progress {
            Progress::Failed => COUNT_OWN_FAILED,
            Progress::Returned => COUNT_OWN_RETURNED,
            Progress::Queued => COUNT_OWN_QUEUED,
            Progress::Sent => COUNT_OWN_SENT,
        };
        return length.value(conn, [login]).await;
    }
    match progress {
        Progress::Failed => COUNT_FAILED.value(conn, ()).await,
        Progress::Returned => COUNT_RETURNED.value(conn, ()).await,
        Progress::Queued => COUNT_QUEUED.value(conn, ()).await,
        Progress::Sent => COUNT_SENT.value(conn, ()).await,
    }
}

/// How many letters came back after `since`.
pub async fn returned_since(
    conn: &mut Conn,
    since: DateTime<Utc>,
    within: Option<&StaffLogin>,
) -> Result<i64, StoreError> {
    RETURNED_SINCE.value(conn, (since, within.map(StaffLogin::as_str))).await
}

/// Puts a letter that was given up back into the queue; `false` if it was not given up, or
/// `within` may not see it.
pub async fn retry(
    tx: &mut Tx,
    id: LetterId,
    within: Option<&StaffLogin>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let login = within.map(StaffLogin::as_str);
    let written = RETRY.run(tx, (id.uuid(), now, login)).await?;
    Ok(written == 1)
}

/// Puts all letters that were given up back into the queue; with `within`, those about sessions of that
/// organiser's alliances. How many.
pub async fn retry_all(
    tx: &mut Tx,
    within: Option<&StaffLogin>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    match within.map(StaffLogin::as_str) {
        Some(login) => RETRY_OWN.run(tx, (now, login)).await,
        None => RETRY_ALL.run(tx, [now]).await,
    }
}
