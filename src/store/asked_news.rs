//! Who was asked to a session, or nominated for it, and is to hear of its news: those who have nothing there that would
//! be told of it anyway.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError};
use crate::domain::{
    contact::EmailAddress,
    id::{PersonalInvitationId, SessionCode},
    text::Name,
};

row! {
    struct AskedRow {
        id: Uuid,
        name: String,
        email: String,
        answer_by: DateTime<Utc>,
    }
}

/// Whether a place `p` on the session `$1` is or was that of whoever `i` stands for: news goes to its booking, or she
/// gave it up, or was told no.
macro_rules! has_or_had_a_place {
    () => {
        "exists (select 1 from places p where p.session = $1 and p.state not in ('held', 'expired')
                   and p.person = coalesce(i.person, (select k.person from person_keys k where k.key = i.key)))"
    };
}

/// Invitations that wait for an answer, or to which yes was said and nothing is booked.
macro_rules! unsettled {
    () => {
        concat!(
            "from personal_invitations i
             where i.session = $1 and i.asked_at <= $2 and i.email is not null
               and i.withdrawn_at is null and i.erased_at is null and i.registration is null
               and (i.answer is null or i.answer in ('later', 'yes')) and not ",
            has_or_had_a_place!()
        )
    };
}

/// Nominations for the session that were approved and of whoever was not asked to it yet.
macro_rules! not_asked_yet {
    () => {
        concat!(
            "from nominations i
             where i.session = $1 and i.nominated_at <= $2 and i.email is not null
               and i.decision = 'approved' and i.withdrawn_at is null
               and not exists (select 1 from personal_invitations a
                               where a.session = $1 and (a.nomination = i.id or a.key = i.key))
               and not ",
            has_or_had_a_place!()
        )
    };
}

statements! {
    MADE_AT: DateTime<Utc> = "select made_at from announcements where id = $1";

    INVITED: AskedRow = concat!(
        "select i.id, i.name, i.email, i.answer_by ", unsettled!(), " order by i.asked_at, i.id"
    );

    NOMINATED: (String, String) = concat!(
        "select distinct i.name, i.email ", not_asked_yet!(), " order by i.name, i.email"
    );

    COUNT: i64 = concat!(
        "select (select count(*) ", unsettled!(), ")
              + (select count(*) from (select distinct i.name, i.email ", not_asked_yet!(), ") as n)"
    );
}

/// Somebody who was asked and is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// Her invitation.
    pub id: PersonalInvitationId,
    /// Her name.
    pub name: Name,
    /// Where she is written to.
    pub email: EmailAddress,
    /// Until when she may answer.
    pub answer_by: DateTime<Utc>,
}

/// When some news was made, if it is still to be told.
pub async fn made_at(conn: &mut Conn, news: Uuid) -> Result<Option<DateTime<Utc>>, StoreError> {
    MADE_AT.optional_value(conn, [news]).await
}

/// Those who were asked to a session until a moment, and have not settled it.
pub async fn invited(
    conn: &mut Conn,
    (code, until): (&SessionCode, DateTime<Utc>),
) -> Result<Vec<Unsettled>, StoreError> {
    let rows = INVITED.all(conn, (code.as_str(), until)).await?;
    let read = |row: AskedRow| Unsettled {
        id: PersonalInvitationId::new(row.id),
        name: Name::stored(&row.name),
        email: EmailAddress::stored(&row.email),
        answer_by: row.answer_by,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Those who were nominated for a session until a moment, and were not asked to it yet.
pub async fn nominated(
    conn: &mut Conn,
    (code, until): (&SessionCode, DateTime<Utc>),
) -> Result<Vec<(Name, EmailAddress)>, StoreError> {
    let rows = NOMINATED.all(conn, (code.as_str(), until)).await?;
    let read =
        |(name, email): (String, String)| (Name::stored(&name), EmailAddress::stored(&email));
    Ok(rows.into_iter().map(read).collect())
}

/// How many there are of both.
pub async fn count(
    conn: &mut Conn,
    (code, until): (&SessionCode, DateTime<Utc>),
) -> Result<usize, StoreError> {
    let count = COUNT.value(conn, (code.as_str(), until)).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}
