//! Messages to people of many sessions: one for each of them, with what they have in common.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, mailings::MailingProgress, rows};
use crate::domain::id::{MailingId, PlaceId, SessionCode, StaffLogin};

row! {
    struct CircularRow {
        circular: Option<Uuid>,
        author: String,
        scope: Option<String>,
        subject: String,
        body: String,
        at: DateTime<Utc>,
    }
}

statements! {
    MARK = "update mailings set circular = $2, scope = $3 where id = $1";

    FIND: CircularRow =
        "select circular, min(author) as author, min(scope) as scope, min(subject) as subject,
             min(body) as body, min(created_at) as at
         from mailings where circular = $1 group by circular";

    LATEST: CircularRow =
        "select circular, min(author) as author, min(scope) as scope, min(subject) as subject,
             min(body) as body, min(created_at) as at
         from mailings where circular is not null and (author = $1 or $1 is null)
         group by circular order by min(created_at) desc limit 30",
        reads_all: "messages to people of many sessions are few, and stand in an index of their own";

    PROGRESS: (i64, i64, i64) =
        "select count(*), count(o.sent_at) - count(o.bounced_at),
                count(o.failed_at) + count(o.bounced_at)
         from mailings m join mailing_recipients r on r.mailing = m.id
         left join outbox o on o.id = r.letter where m.circular = $1";

    /// Whoever was seen on the session, on another place of hers or without one, was there.
    ABSENT: (Uuid, String, Uuid) = {
        sqlite: "select distinct p.person, p.session, p.id
            from places p join attendances a on a.place = p.id
            where p.session in (select value from json_each($1)) and a.presence = 'absent'
              and p.state = 'confirmed' and p.person is not null
              and not exists (select 1 from places q join attendances b on b.place = q.id
                              where q.person = p.person and q.session = p.session
                                and b.presence = 'attended')
              and not exists (select 1 from walk_ins w join sittings t on t.id = w.sitting
                              where w.person = p.person and t.session = p.session
                                and w.removed_at is null)",
        postgres: "select distinct p.person, p.session, p.id
            from places p join attendances a on a.place = p.id
            where p.session = any(array(select json_array_elements_text($1::json)))
              and a.presence = 'absent' and p.state = 'confirmed' and p.person is not null
              and not exists (select 1 from places q join attendances b on b.place = q.id
                              where q.person = p.person and q.session = p.session
                                and b.presence = 'attended')
              and not exists (select 1 from walk_ins w join sittings t on t.id = w.sitting
                              where w.person = p.person and t.session = p.session
                                and w.removed_at is null)",
    };
}

/// A message to people of many sessions, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageAcross {
    /// Which.
    pub id: Uuid,
    /// Who wrote it.
    pub author: StaffLogin,
    /// Whom it was for, in words.
    pub scope: String,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub body: String,
    /// When it was sent off.
    pub at: DateTime<Utc>,
}

impl CircularRow {
    fn read(self) -> Result<Option<MessageAcross>, StoreError> {
        let Some(id) = self.circular else { return Ok(None) };
        Ok(Some(MessageAcross {
            id,
            author: parse("mailings", "author", &id, &self.author)?,
            scope: self.scope.unwrap_or_default(),
            subject: self.subject,
            body: self.body,
            at: self.at,
        }))
    }
}

/// Says of a message to the people of a session that it is part of one to many.
pub async fn mark(
    tx: &mut Tx,
    mailing: MailingId,
    circular: Uuid,
    scope: &str,
) -> Result<(), StoreError> {
    MARK.run(tx, (mailing.uuid(), circular, scope)).await?;
    Ok(())
}

/// One of them.
pub async fn find(conn: &mut Conn, id: Uuid) -> Result<Option<MessageAcross>, StoreError> {
    let row = FIND.optional(conn, [id]).await?;
    Ok(row.map(CircularRow::read).transpose()?.flatten())
}

/// The latest; with `author`, hers.
pub async fn latest(
    conn: &mut Conn,
    author: Option<&StaffLogin>,
) -> Result<Vec<MessageAcross>, StoreError> {
    let rows = LATEST.all(conn, [author.map(StaffLogin::as_str)]).await?;
    rows.into_iter().filter_map(|row| row.read().transpose()).collect()
}

/// How far one has come.
pub async fn progress(conn: &mut Conn, id: Uuid) -> Result<MailingProgress, StoreError> {
    let (total, sent, failed) = PROGRESS.one(conn, [id]).await?;
    Ok(MailingProgress { total, sent, failed })
}

/// Who had a place on these sessions and was not there: the person, the session and the place.
pub async fn absent(
    conn: &mut Conn,
    sessions: &[SessionCode],
) -> Result<Vec<(Uuid, String, PlaceId)>, StoreError> {
    let codes: Vec<_> = sessions.iter().map(SessionCode::as_str).collect();
    let rows = ABSENT.all(conn, [rows::json(&codes)?]).await?;
    Ok(rows
        .into_iter()
        .map(|(person, session, place)| (person, session, PlaceId::new(place)))
        .collect())
}
