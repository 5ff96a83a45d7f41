//! Messages to many people: whom each goes to, and how far it has come.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    contact::EmailAddress,
    id::{LetterId, MailingId, PlaceId, RegistrationId, SessionCode, StaffLogin},
    mailing::{Audience, Marks, Recipient},
};

/// A message as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailing {
    /// Which message.
    pub id: MailingId,
    /// The session whose people it is for.
    pub session: SessionCode,
    /// Who wrote it.
    pub author: StaffLogin,
    /// Whom it was for.
    pub audience: Audience,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub body: String,
    /// When it was sent off.
    pub at: DateTime<Utc>,
}

/// How far a message has come, in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// All of them.
    pub total: i64,
    /// Those whose letter was handed over.
    pub sent: i64,
    /// Those whose letter was given up or came back.
    pub failed: i64,
}

impl Progress {
    /// Those whose letter is still on its way.
    pub fn left(self) -> i64 {
        (self.total - self.sent - self.failed).max(0)
    }
}

type Row = (Uuid, String, String, String, String, String, DateTime<Utc>);

fn read((id, session, author, audience, subject, body, at): Row) -> Result<Mailing, StoreError> {
    Ok(Mailing {
        id: MailingId::new(id),
        session: parse("mailings", "session", &id, &session)?,
        author: parse("mailings", "author", &id, &author)?,
        audience: parse("mailings", "audience", &id, &audience)?,
        subject,
        body,
        at,
    })
}

/// A message.
///
/// # Errors
/// [`StoreError`].
pub async fn find(conn: &mut Conn, id: MailingId) -> Result<Option<Mailing>, StoreError> {
    let row = run!(
        opt Row, conn,
        "select id, session, author, audience, subject, body, created_at from mailings
         where id = $1",
        id.uuid(),
    )?;
    row.map(read).transpose()
}

/// The message that was sent off with this attempt.
///
/// # Errors
/// [`StoreError`].
pub async fn find_attempt(conn: &mut Conn, attempt: &str) -> Result<Option<MailingId>, StoreError> {
    let text = "select id from mailings where attempt = $1";
    let row = run!(opt(Uuid,), conn, text, attempt)?;
    Ok(row.map(|(id,)| MailingId::new(id)))
}

/// The messages to people of a session, latest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<Mailing>, StoreError> {
    let rows = run!(
        all Row, conn,
        "select id, session, author, audience, subject, body, created_at from mailings
         where session = $1 order by created_at desc",
        session.as_str(),
    )?;
    rows.into_iter().map(read).collect()
}

/// Writes down a message and whom it goes to.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    mailing: &Mailing,
    attempt: &str,
    recipients: &[Recipient],
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "insert into mailings (id, session, author, attempt, audience, subject, body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        mailing.id.uuid(),
        mailing.session.as_str(),
        mailing.author.as_str(),
        attempt,
        mailing.audience.to_string(),
        mailing.subject.as_str(),
        mailing.body.as_str(),
        mailing.at,
    )?;
    for one in recipients {
        run!(
            exec,
            tx,
            "insert into mailing_recipients (mailing, address, names, registration)
             values ($1, $2, $3, $4)",
            mailing.id.uuid(),
            one.address.as_str(),
            one.names.join("\n"),
            one.registration.uuid(),
        )?;
    }
    Ok(())
}

/// A message with recipients whose letters are not written yet, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn next_unwritten(conn: &mut Conn) -> Result<Option<MailingId>, StoreError> {
    let row = run!(
        opt(Uuid,),
        conn,
        "select m.id from mailings m where exists
             (select 1 from mailing_recipients r where r.mailing = m.id and r.letter is null)
         order by m.created_at limit 1",
    )?;
    Ok(row.map(|(id,)| MailingId::new(id)))
}

/// Locks a message, so that one node writes its letters at a time.
///
/// # Errors
/// [`StoreError`].
pub async fn lock(tx: &mut Tx, id: MailingId) -> Result<(), StoreError> {
    run!(exec, tx, "update mailings set subject = subject where id = $1", id.uuid())?;
    Ok(())
}

/// At most `most` recipients of a message whose letters are not written yet.
///
/// # Errors
/// [`StoreError`].
pub async fn unwritten(
    conn: &mut Conn,
    id: MailingId,
    most: i64,
) -> Result<Vec<Recipient>, StoreError> {
    let rows = run!(
        all(String, String, Uuid),
        conn,
        "select address, names, registration from mailing_recipients
         where mailing = $1 and letter is null order by address limit $2",
        id.uuid(),
        most,
    )?;
    let read = |(address, names, registration): (String, String, Uuid)| {
        Ok(Recipient {
            address: parse::<EmailAddress>("mailing_recipients", "address", &id, &address)?,
            names: names.split('\n').map(str::to_owned).collect(),
            registration: RegistrationId::new(registration),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Says that a recipient's letter was written.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_written(
    tx: &mut Tx,
    id: MailingId,
    address: &EmailAddress,
    letter: LetterId,
) -> Result<(), StoreError> {
    let text = "update mailing_recipients set letter = $3 where mailing = $1 and address = $2";
    run!(exec, tx, text, id.uuid(), address.as_str(), letter.uuid())?;
    Ok(())
}

/// How far a message has come.
///
/// # Errors
/// [`StoreError`].
pub async fn progress(conn: &mut Conn, id: MailingId) -> Result<Progress, StoreError> {
    let (total, sent, failed) = run!(
        opt(i64, i64, i64),
        conn,
        "select count(*), count(o.sent_at) - count(o.bounced_at),
                count(o.failed_at) + count(o.bounced_at)
         from mailing_recipients r left join outbox o on o.id = r.letter where r.mailing = $1",
        id.uuid(),
    )?
    .unwrap_or_default();
    Ok(Progress { total, sent, failed })
}

/// Every mark at the doors of a session.
///
/// # Errors
/// [`StoreError`].
pub async fn marks(conn: &mut Conn, session: &SessionCode) -> Result<Marks, StoreError> {
    let rows = run!(
        all(Uuid, i32, String),
        conn,
        "select a.place, t.number, a.presence from attendances a
         join sittings t on t.id = a.sitting where t.session = $1",
        session.as_str(),
    )?;
    let read = |(place, day, presence): (Uuid, i32, String)| {
        let day = super::codec::count(day);
        Ok((PlaceId::new(place), day, parse("attendances", "presence", &place, &presence)?))
    };
    rows.into_iter().map(read).collect()
}
