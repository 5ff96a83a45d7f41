//! Messages to many people: whom each goes to, and how far it has come.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, rows};
use crate::domain::{
    contact::EmailAddress,
    id::{LetterId, MailingId, PlaceId, RegistrationId, SessionCode, StaffLogin},
    mailing::{Audience, Marks, Recipient},
};

row! {
    struct MailingRow {
        id: Uuid,
        session: String,
        author: String,
        audience: String,
        subject: String,
        body: String,
        created_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewMailing<'a> {
        id: Uuid,
        session: &'a str,
        author: &'a str,
        attempt: String,
        audience: String,
        subject: &'a str,
        body: &'a str,
        created_at: DateTime<Utc>,
    }
}

statements! {
    FIND: MailingRow =
        "select id, session, author, audience, subject, body, created_at from mailings
         where id = $1";

    FIND_ATTEMPT: Uuid = "select id from mailings where attempt = $1";

    OF_SESSION: MailingRow =
        "select id, session, author, audience, subject, body, created_at from mailings
         where session = $1 order by created_at desc";

    INSERT(NewMailing) = "insert into mailings (:columns) values (:values)";

    ADD_RECIPIENT =
        "insert into mailing_recipients (mailing, address, names, registration)
             values ($1, $2, $3, $4)";

    NEXT_UNWRITTEN: Uuid =
        "select m.id from mailings m
         where m.id in (select r.mailing from mailing_recipients r where r.letter is null)
         order by m.created_at limit 1";

    LOCK = "update mailings set subject = subject where id = $1";

    UNWRITTEN: (String, String, Uuid) =
        "select address, names, registration from mailing_recipients
         where mailing = $1 and letter is null order by address limit $2";

    MARK_WRITTEN = "update mailing_recipients set letter = $3 where mailing = $1 and address = $2";

    PROGRESS: (i64, i64, i64) =
        "select count(*), count(o.sent_at) - count(o.bounced_at),
                count(o.failed_at) + count(o.bounced_at)
         from mailing_recipients r left join outbox o on o.id = r.letter where r.mailing = $1";

    MARKS: (Uuid, i32, String) =
        "select a.place, t.number, a.presence from attendances a
         join sittings t on t.id = a.sitting where t.session = $1";
}

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
pub struct MailingProgress {
    /// All of them.
    pub total: i64,
    /// Those whose letter was handed over.
    pub sent: i64,
    /// Those whose letter was given up or came back.
    pub failed: i64,
}

impl MailingProgress {
    /// Those whose letter is still on its way.
    pub fn left(self) -> i64 {
        (self.total - self.sent - self.failed).max(0)
    }
}

impl MailingRow {
    fn read(self) -> Result<Mailing, StoreError> {
        let id = self.id;
        Ok(Mailing {
            id: MailingId::new(id),
            session: parse("mailings", "session", &id, &self.session)?,
            author: parse("mailings", "author", &id, &self.author)?,
            audience: parse("mailings", "audience", &id, &self.audience)?,
            subject: self.subject,
            body: self.body,
            at: self.created_at,
        })
    }
}

/// A message.
pub async fn find(conn: &mut Conn, id: MailingId) -> Result<Option<Mailing>, StoreError> {
    let row = FIND.optional(conn, [id.uuid()]).await?;
    row.map(MailingRow::read).transpose()
}

/// The message that was sent off with this attempt.
pub async fn find_attempt(conn: &mut Conn, attempt: &str) -> Result<Option<MailingId>, StoreError> {
    let row = FIND_ATTEMPT.optional_value(conn, [rows::attempt(attempt)]).await?;
    Ok(row.map(MailingId::new))
}

/// The messages to people of a session, latest first.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<Mailing>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    rows.into_iter().map(MailingRow::read).collect()
}

/// Writes down a message and whom it goes to.
pub async fn insert(
    tx: &mut Tx,
    mailing: &Mailing,
    attempt: &str,
    recipients: &[Recipient],
) -> Result<(), StoreError> {
    let new = NewMailing {
        id: mailing.id.uuid(),
        session: mailing.session.as_str(),
        author: mailing.author.as_str(),
        attempt: rows::attempt(attempt),
        audience: mailing.audience.to_string(),
        subject: mailing.subject.as_str(),
        body: mailing.body.as_str(),
        created_at: mailing.at,
    };
    INSERT.run(tx, new).await?;
    for one in recipients {
        ADD_RECIPIENT
            .run(
                tx,
                (
                    mailing.id.uuid(),
                    one.address.as_str(),
                    one.names.join("\n"),
                    one.registration.uuid(),
                ),
            )
            .await?;
    }
    Ok(())
}

/// A message with recipients whose letters are not written yet, the oldest first.
pub async fn next_unwritten(conn: &mut Conn) -> Result<Option<MailingId>, StoreError> {
    let row = NEXT_UNWRITTEN.optional_value(conn, ()).await?;
    Ok(row.map(MailingId::new))
}

/// Locks a message, so that one node writes its letters at a time.
pub async fn lock(tx: &mut Tx, id: MailingId) -> Result<(), StoreError> {
    LOCK.run(tx, [id.uuid()]).await?;
    Ok(())
}

/// At most `most` recipients of a message whose letters are not written yet.
pub async fn unwritten(
    conn: &mut Conn,
    id: MailingId,
    most: i64,
) -> Result<Vec<Recipient>, StoreError> {
    let rows = UNWRITTEN.all(conn, (id.uuid(), most)).await?;
    let read = |(address, names, registration): (String, String, Uuid)| {
        Ok(Recipient {
            address: EmailAddress::stored(&address),
            names: names.split('\n').map(str::to_owned).collect(),
            registration: RegistrationId::new(registration),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Says that a recipient's letter was written.
pub async fn mark_written(
    tx: &mut Tx,
    id: MailingId,
    address: &EmailAddress,
    letter: LetterId,
) -> Result<(), StoreError> {
    MARK_WRITTEN.run(tx, (id.uuid(), address.as_str(), letter.uuid())).await?;
    Ok(())
}

/// How far a message has come.
pub async fn progress(conn: &mut Conn, id: MailingId) -> Result<MailingProgress, StoreError> {
    let (total, sent, failed) = PROGRESS.one(conn, [id.uuid()]).await?;
    Ok(MailingProgress { total, sent, failed })
}

/// Every mark at the doors of a session.
pub async fn marks(conn: &mut Conn, session: &SessionCode) -> Result<Marks, StoreError> {
    let rows = MARKS.all(conn, [session.as_str()]).await?;
    let read = |(place, day, presence): (Uuid, i32, String)| {
        let day = super::codec::count(day);
        Ok((PlaceId::new(place), day, parse("attendances", "presence", &place, &presence)?))
    };
    rows.into_iter().map(read).collect()
}
