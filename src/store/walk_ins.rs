//! Who came to a sitting without a booking.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    attendance::{WalkIn, WalkInQuestion},
    audit::Actor,
    contact::EmailAddress,
    finding::{folded, sort_key},
    id::{InstitutionCode, SessionCode, SittingId, WalkInId},
    text::Name,
};

row! {
    struct WalkInRow {
        id: Uuid,
        name: String,
        institution: Option<String>,
        email: Option<String>,
        came_at: DateTime<Utc>,
        unread: Option<String>,
        question: Option<String>,
    }
}

arguments! {
    struct NewWalkIn<'a> {
        id: Uuid,
        sitting: Uuid,
        name: &'a str,
        institution: Option<&'a str>,
        email: Option<&'a str>,
        came_at: DateTime<Utc>,
        added_by: String,
        arrived_late: bool,
        institution_code: Option<&'a str>,
        name_key: String,
        unread: Option<&'a str>,
        question: Option<&'a str>,
        removed_at: Option<DateTime<Utc>>,
    }
}

row! {
    struct WalkedInRow {
        name: String,
        institution: Option<String>,
        institution_code: Option<String>,
        email: Option<String>,
        days: i64,
    }
}

statements! {
    WALK_INS: WalkInRow =
        "select id, name, institution, email, came_at, unread, question from walk_ins
         where sitting = $1 and removed_at is null order by came_at, id";

    /// A question counts for nothing yet, as a line that was taken back.
    QUESTIONS: WalkInRow =
        "select id, name, institution, email, came_at, unread, question from walk_ins
         where sitting = $1 and question is not null order by came_at, id";

    ADD_WALK_IN(NewWalkIn) = "insert into walk_ins (:columns) values (:values)
         on conflict (id) do update
             set question = excluded.question, removed_at = excluded.removed_at
             where walk_ins.question is not null";

    /// Somebody who walked in on several days is one line; her name as it was first typed.
    WALKED_IN: WalkedInRow =
        "select min(w.name) as name, min(coalesce(i.name, w.institution)) as institution,
                w.institution_code, min(w.email) as email, count(distinct w.sitting) as days
         from sittings t join walk_ins w on w.sitting = t.id
         left join institutions i on i.code = w.institution_code
         where t.session = $1 and w.removed_at is null
         group by coalesce(w.name_key, w.name), w.institution_code
         order by coalesce(w.name_key, w.name)";

    REMOVE_WALK_IN =
        "update walk_ins set removed_at = $3
         where id = $1 and sitting = $2 and removed_at is null";

    IS_SOMEBODY_ELSE =
        "update walk_ins set question = null, removed_at = null, arrived_late = $3
         where id = $1 and sitting = $2 and question is not null";

    IS_THE_SAME =
        "update walk_ins set question = null
         where id = $1 and sitting = $2 and question is not null";
}

impl WalkInRow {
    fn read(self) -> Result<WalkIn, StoreError> {
        Ok(WalkIn {
            id: WalkInId::new(self.id),
            name: Name::stored(&self.name),
            institution: self.institution.as_deref().map(Name::stored),
            email: self.email.as_deref().map(EmailAddress::stored),
            at: self.came_at,
            unread: self.unread,
        })
    }
}

/// People who came to a sitting without a booking, in the order they came.
pub async fn walk_ins(conn: &mut Conn, sitting: SittingId) -> Result<Vec<WalkIn>, StoreError> {
    let rows = WALK_INS.all(conn, [sitting.uuid()]).await?;
    rows.into_iter().map(WalkInRow::read).collect()
}

/// Lines of a sitting that wait for a word, in the order they came.
pub async fn questions(
    conn: &mut Conn,
    sitting: SittingId,
) -> Result<Vec<WalkInQuestion>, StoreError> {
    let rows = QUESTIONS.all(conn, [sitting.uuid()]).await?;
    let read = |mut row: WalkInRow| {
        let why = row.question.take().unwrap_or_default();
        Ok(WalkInQuestion { walk_in: row.read()?, why })
    };
    rows.into_iter().map(read).collect()
}

/// Says whether a line that waits for a word is about somebody else; `false` if it does not wait.
pub async fn answer_question(
    tx: &mut Tx,
    sitting: SittingId,
    id: WalkInId,
    is_somebody_else: bool,
    is_late: bool,
) -> Result<bool, StoreError> {
    let (id, sitting) = (id.uuid(), sitting.uuid());
    let answered = match is_somebody_else {
        true => IS_SOMEBODY_ELSE.run(tx, (id, sitting, is_late)).await?,
        false => IS_THE_SAME.run(tx, (id, sitting)).await?,
    };
    Ok(answered == 1)
}

/// Somebody who came to a session without a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkedIn {
    /// As she gave it at the door.
    pub name: Name,
    /// Whom she came for, by its name.
    pub institution: Option<String>,
    /// The same, where it is on the list.
    pub code: Option<InstitutionCode>,
    /// Where a letter would reach her.
    pub email: Option<EmailAddress>,
    /// On how many days.
    pub days: usize,
}

/// Everybody who came to a session without a booking, by name, each once.
pub async fn walked_in(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<WalkedIn>, StoreError> {
    let rows = WALKED_IN.all(conn, [session.as_str()]).await?;
    let read = |row: WalkedInRow| {
        let code = row.institution_code.as_deref();
        Ok(WalkedIn {
            name: Name::stored(&row.name),
            code: code.map(|code| parse("walk_ins", "institution", session, code)).transpose()?,
            email: row.email.as_deref().map(EmailAddress::stored),
            institution: row.institution,
            days: usize::try_from(row.days).unwrap_or(0),
        })
    };
    let mut people = rows.into_iter().map(read).collect::<Result<Vec<WalkedIn>, StoreError>>()?;
    people.sort_by_cached_key(|one| sort_key(one.name.as_str()));
    Ok(people)
}

/// How a line reached us.
#[derive(Debug, Clone, Copy)]
pub struct WalkInArrival<'a> {
    /// From whom.
    pub by: &'a Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the day was closed already.
    pub is_late: bool,
    /// Who may be meant, if that has to be asked first.
    pub question: Option<&'a str>,
}

/// Adds somebody who came without a booking, or the question whether she did; `false` if the line is known.
pub async fn add_walk_in(
    tx: &mut Tx,
    sitting: SittingId,
    walk_in: &WalkIn,
    came: WalkInArrival<'_>,
    institution: Option<&InstitutionCode>,
) -> Result<bool, StoreError> {
    let new = NewWalkIn {
        id: walk_in.id.uuid(),
        sitting: sitting.uuid(),
        name: walk_in.name.as_str(),
        institution: walk_in.institution.as_ref().map(Name::as_str),
        email: walk_in.email.as_ref().map(EmailAddress::as_str),
        came_at: walk_in.at,
        added_by: came.by.to_string(),
        arrived_late: came.is_late,
        institution_code: institution.map(InstitutionCode::as_str),
        name_key: folded(walk_in.name.as_str()),
        unread: walk_in.unread.as_deref(),
        question: came.question,
        removed_at: came.question.map(|_| came.at),
    };
    let written = ADD_WALK_IN.run(tx, new).await?;
    Ok(written == 1)
}

/// Takes a line back; `false` if it is not there.
pub async fn remove_walk_in(
    tx: &mut Tx,
    sitting: SittingId,
    id: WalkInId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(REMOVE_WALK_IN.run(tx, (id.uuid(), sitting.uuid(), now)).await? == 1)
}
