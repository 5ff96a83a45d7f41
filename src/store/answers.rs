//! What was answered to questions: of a booking once, of a person with her place. An answer is read in the words
//! of the revision it answered.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    own_data::at,
    rows,
    session_lock::Locked,
};
use crate::domain::{
    id::{PersonId, PlaceId, RegistrationId, SessionCode},
    own_data::{Record, record},
    question::{AnswerReaders, Answered, Asked, Given, Question},
};

const TABLE: &str = "answers";

row! {
    struct GivenRow {
        question: String,
        revision: i32,
        place: Option<Uuid>,
        value: String,
    }
}

row! {
    struct AnsweredRow {
        registration: Uuid,
        place: Option<Uuid>,
        question: String,
        value: String,
        kind: String,
        wording: String,
        is_old: bool,
        sensitive: bool,
        for_trainer: bool,
        for_helper: bool,
        for_kitchen: bool,
        for_sheet: bool,
    }
}

row! {
    struct HersRow {
        reference: String,
        session: String,
        wording: String,
        value: String,
        answered_at: DateTime<Utc>,
    }
}

/// What was answered, with the words of the question as it was then.
macro_rules! answered {
    ($where:literal) => {
        concat!(
            "select a.registration, a.place, a.question, a.value, r.kind, r.wording,
                 (a.revision <> q.revision or q.retired_at is not null) as is_old, q.sensitive, q.for_trainer,
                 q.for_helper, q.for_kitchen, q.for_sheet
             from answers a join questions q on q.code = a.question
             join question_revisions r on r.question = a.question and r.number = a.revision
             where ",
            $where
        )
    };
}

statements! {
    GIVEN: GivenRow =
        "select question, revision, place, value from answers where registration = $1
         order by answered_at, question";

    OF_REGISTRATION: AnsweredRow =
        answered!("a.registration = $1 order by case when q.session is null then 0 else 1 end, q.position,
            a.question");

    OF_SESSION: AnsweredRow =
        answered!("a.session = $1 order by case when q.session is null then 0 else 1 end, q.position,
            a.question");

    HERS: HersRow =
        "select b.reference, a.session, r.wording, a.value, a.answered_at
         from places p join answers a on a.place = p.id
         join registrations b on b.id = a.registration
         join question_revisions r on r.question = a.question and r.number = a.revision
         where p.person = $1 and a.place is not null
         union all
         select l.reference, o.session, v.wording, o.value, o.answered_at
         from registrations l join answers o on o.registration = l.id
         join question_revisions v on v.question = o.question and v.number = o.revision
         where l.person = $1 and o.place is null
         order by answered_at";

    TAKE_OUT_OF_BOOKING = {
        sqlite: "delete from answers where registration = $1 and place is null
              and question in (select value from json_each($2))",
        postgres: "delete from answers where registration = $1 and place is null
              and question in (select json_array_elements_text($2::json))",
    };

    TAKE_OUT_OF_PLACE = {
        sqlite: "delete from answers where place = $1 and question in (select value from json_each($2))",
        postgres: "delete from answers
            where place = $1 and question in (select json_array_elements_text($2::json))",
    };

    INSERT = {
        sqlite: "insert into answers (id, question, revision, registration, place, session, value, kept_as,
                answered_at)
            select unhex(value ->> 'id'), value ->> 'question', value ->> 'revision', $2,
                unhex(value ->> 'place'), $3, value ->> 'value', value ->> 'kept_as', $4
            from json_each($1)",
        postgres: "insert into answers (id, question, revision, registration, place, session, value, kept_as,
                answered_at)
            select id, question, revision, $2, place, $3, value, kept_as, $4
            from json_to_recordset($1::json) as new(id uuid, question text, revision integer, place uuid,
                value text, kept_as text)",
    };

    LEAVE_BEHIND = "delete from answers where place = $1";

    /// To another place of the same person: what both sessions ask.
    COPY: Copied =
        "select a.question, a.revision, a.value, a.kept_as from answers a
         join questions q on q.code = a.question
         where a.place = $1 and q.retired_at is null
           and (q.session = $2 or q.course = (select s.course from sessions s where s.code = $2))";

    COPY_OF_BOOKING: Copied =
        "select a.question, a.revision, a.value, a.kept_as from answers a
         join questions q on q.code = a.question
         where a.registration = $1 and a.place is null and q.retired_at is null
           and (q.session = $2 or q.course = (select s.course from sessions s where s.code = $2))";

    GIVE_TO = "update answers set registration = $2 where place = $1";

    OF_PLACES = {
        sqlite: "delete from answers where place in (select unhex(value) from json_each($1))",
        postgres: "delete from answers
            where place = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    OF_BOOKINGS = {
        sqlite: "delete from answers where place is null
              and registration in (select unhex(value) from json_each($1))",
        postgres: "delete from answers where place is null
              and registration = any(array(select json_array_elements_text($1::json)::uuid))",
    };
}

/// What was answered on one booking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// By the leader, once for all.
    pub of_booking: Vec<Given>,
    /// By or for each person.
    pub of_places: HashMap<PlaceId, Vec<Given>>,
}

impl Sheet {
    /// What was answered for a place, or for the booking.
    pub fn of(&self, place: Option<PlaceId>) -> &[Given] {
        match place {
            None => &self.of_booking,
            Some(place) => self.of_places.get(&place).map_or(&[], Vec::as_slice),
        }
    }
}

/// What was answered on one booking, as its forms are filled with it.
pub async fn given(conn: &mut Conn, id: RegistrationId) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::default();
    for row in GIVEN.all(conn, [id.uuid()]).await? {
        let question = parse(TABLE, "question", &id, &row.question)?;
        let given = Given { question, revision: count(row.revision), value: row.value };
        match row.place {
            None => sheet.of_booking.push(given),
            Some(place) => {
                sheet.of_places.entry(PlaceId::new(place)).or_default().push(given);
            }
        }
    }
    Ok(sheet)
}

/// An answer that stands on a booking, for whoever may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingAnswer {
    /// Of which booking.
    pub registration: RegistrationId,
    /// Of whom; `None` for the booking.
    pub place: Option<PlaceId>,
    /// What.
    pub answered: Answered,
}

fn standing(rows: Vec<AnsweredRow>) -> Result<Vec<StandingAnswer>, StoreError> {
    let read = |row: AnsweredRow| {
        let answered = Answered {
            question: parse(TABLE, "question", &row.registration, &row.question)?,
            wording: row.wording,
            kind: parse("question_revisions", "kind", &row.question, &row.kind)?,
            value: row.value,
            is_old: row.is_old,
            seen: AnswerReaders {
                is_sensitive: row.sensitive,
                by_trainer: row.for_trainer,
                by_helper: row.for_helper,
                by_kitchen: row.for_kitchen,
                on_sheet: row.for_sheet,
            },
        };
        Ok(StandingAnswer {
            registration: RegistrationId::new(row.registration),
            place: row.place.map(PlaceId::new),
            answered,
        })
    };
    rows.into_iter().map(read).collect()
}

/// All that stands on a booking, in the order of the questions.
pub async fn of_registration(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Vec<StandingAnswer>, StoreError> {
    standing(OF_REGISTRATION.all(conn, [id.uuid()]).await?)
}

/// All that stands on the bookings of a session, in the order of the questions.
pub async fn of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<StandingAnswer>, StoreError> {
    standing(OF_SESSION.all(conn, [code.as_str()]).await?)
}

#[derive(Serialize)]
struct NewAnswer<'a> {
    id: String,
    question: &'a str,
    revision: i32,
    place: Option<String>,
    value: &'a str,
    kept_as: &'static str,
}

/// Saves what was answered to these questions, of a booking or of one place, in the stead of what was answered to
/// them before. What was answered to others, which are not asked any more, stays. `id` draws the rows' keys.
pub async fn save(
    locked: &mut Locked<'_>,
    (registration, place): (RegistrationId, Option<PlaceId>),
    (questions, given): (&[Question], &[Given]),
    now: DateTime<Utc>,
    id: impl Fn() -> Uuid,
) -> Result<(), StoreError> {
    let asked = if place.is_some() { Asked::Person } else { Asked::Booking };
    let of: Vec<&Question> = questions.iter().filter(|one| one.asked == asked).collect();
    let codes = rows::json(&of.iter().map(|one| one.code.as_str()).collect::<Vec<_>>())?;
    match place {
        None => TAKE_OUT_OF_BOOKING.run(locked, (registration.uuid(), codes)).await?,
        Some(place) => TAKE_OUT_OF_PLACE.run(locked, (place.uuid(), codes)).await?,
    };
    let new = given.iter().filter_map(|one| {
        let question = of.iter().find(|question| question.code == one.question)?;
        Some(NewAnswer {
            id: rows::key(id()),
            question: one.question.as_str(),
            revision: column(one.revision),
            place: place.map(|place| rows::key(place.uuid())),
            value: &one.value,
            kept_as: question.kept_as().as_str(),
        })
    });
    let new: Vec<_> = new.collect();
    if new.is_empty() {
        return Ok(());
    }
    let session = locked.session().clone();
    INSERT.run(locked, (rows::json(&new)?, registration.uuid(), session.as_str(), now)).await?;
    Ok(())
}

/// Leaves the answers of somebody behind whose place is somebody else's from now on (H1).
pub async fn leave_behind(tx: &mut Tx, place: PlaceId) -> Result<(), StoreError> {
    LEAVE_BEHIND.run(tx, [place.uuid()]).await?;
    super::unanswered::forget_place(tx, place).await?;
    Ok(())
}

/// Gives the answers of somebody to the booking she got of her own.
pub async fn give_to(
    tx: &mut Tx,
    place: PlaceId,
    registration: RegistrationId,
) -> Result<(), StoreError> {
    GIVE_TO.run(tx, (place.uuid(), registration.uuid())).await?;
    Ok(())
}

/// An answer that goes along: its question, which revision of it, what, and as what it is kept.
type Copied = (String, i32, String, String);

/// Takes the answers of the same people along to other places of theirs, as far as their questions are asked
/// there; and those of their booking.
pub async fn take_along(
    locked: &mut Locked<'_>,
    (from, to): (RegistrationId, RegistrationId),
    places: &[(PlaceId, PlaceId)],
    now: DateTime<Utc>,
    id: impl Fn() -> Uuid,
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let mut copied: Vec<(Option<PlaceId>, Copied)> = Vec::new();
    if from != to {
        let of_booking = COPY_OF_BOOKING.all(locked, (from.uuid(), session.as_str())).await?;
        copied.extend(of_booking.into_iter().map(|row| (None, row)));
    }
    for (old, new) in places {
        let rows = COPY.all(locked, (old.uuid(), session.as_str())).await?;
        copied.extend(rows.into_iter().map(|row| (Some(*new), row)));
    }
    let mut new = Vec::with_capacity(copied.len());
    for (place, (question, revision, value, kept_as)) in &copied {
        let kept_as: crate::domain::retention::Kind = parse(TABLE, "kept_as", question, kept_as)?;
        new.push(NewAnswer {
            id: rows::key(id()),
            question,
            revision: *revision,
            place: place.map(|place| rows::key(place.uuid())),
            value,
            kept_as: kept_as.as_str(),
        });
    }
    if new.is_empty() {
        return Ok(());
    }
    INSERT.run(locked, (rows::json(&new)?, to.uuid(), session.as_str(), now)).await?;
    Ok(())
}

/// What of it is handed to somebody who asks what is held about her.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let read = |row: HersRow| {
        record(vec![
            ("booking", Some(row.reference)),
            ("session", Some(row.session)),
            ("question", Some(row.wording)),
            ("answer", Some(row.value)),
            ("answered_at", at(row.answered_at)),
        ])
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Erases the answers of people, by their places.
pub(super) async fn erase_of_places(tx: &mut Tx, ids: &str) -> Result<(), StoreError> {
    OF_PLACES.run(tx, [ids]).await?;
    Ok(())
}

/// Erases the answers that were given once for a booking.
pub(super) async fn erase_of_bookings(tx: &mut Tx, ids: &str) -> Result<(), StoreError> {
    OF_BOOKINGS.run(tx, [ids]).await?;
    Ok(())
}
