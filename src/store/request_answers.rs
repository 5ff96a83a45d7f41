//! Answers to requests whose letters wait a moment, so that they can be taken back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, rows, session_lock::Locked};
use crate::domain::{
    id::{LetterId, PlaceId, RegistrationId, SessionCode},
    place::{Place, PlaceState, PlaceStatus},
};

const TABLE: &str = "request_answers";

row! {
    struct AnswerRow {
        id: Uuid,
        batch: Uuid,
        session: String,
        registration: Uuid,
        moved: String,
        letters: String,
        answered_at: DateTime<Utc>,
        leaves_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewAnswer<'a> {
        id: Uuid,
        batch: Uuid,
        session: &'a str,
        registration: Uuid,
        moved: String,
        letters: String,
        answered_at: DateTime<Utc>,
        leaves_at: DateTime<Utc>,
    }
}

statements! {
    INSERT(NewAnswer) = "insert into request_answers (:columns) values (:values)";

    OF_BATCH: AnswerRow =
        "select * from request_answers where batch = $1 and session = $2 order by id";

    OPEN: (Uuid, i64, DateTime<Utc>) =
        "select batch, count(*), min(leaves_at) from request_answers
         where session = $1 and leaves_at > $2 group by batch order by min(leaves_at) desc, batch";

    FORGET = "delete from request_answers where id = $1";

    FORGET_SENT = "delete from request_answers where leaves_at < $1";

    DELAY = {
        sqlite: "update outbox set due_at = $2
            where id in (select unhex(value) from json_each($1)) and sent_at is null",
        postgres: "update outbox set due_at = $2
            where id = any(array(select json_array_elements_text($1::json)::uuid))
              and sent_at is null",
    };

    DELETE_LETTERS = {
        sqlite: "delete from outbox where id in (select unhex(value) from json_each($1))
              and sent_at is null and failed_at is null and claimed_until is null",
        postgres: "delete from outbox
            where id = any(array(select json_array_elements_text($1::json)::uuid))
              and sent_at is null and failed_at is null and claimed_until is null",
    };

    LETTERS_SINCE: i64 =
        "select count(*) from outbox
         where registration = $1 and created_at >= $2 and erased_at is null";

    DELETE_INVITATIONS = {
        sqlite: "delete from invitations where place in (select unhex(value) from json_each($1))
              and sequence = 0 and not withdrawn",
        postgres: "delete from invitations
            where place = any(array(select json_array_elements_text($1::json)::uuid))
              and sequence = 0 and not withdrawn",
    };
}

/// What became of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Became {
    /// The key of its row, as in other JSON.
    place: String,
    state: String,
    queue: Option<i64>,
}

impl Became {
    fn of(place: PlaceId, state: PlaceState) -> Self {
        let queue = match state {
            PlaceState::Waiting { queue } => Some(queue),
            _ => None,
        };
        Self { place: rows::key(place.uuid()), state: state.status().as_str().to_owned(), queue }
    }
}

/// An answer that can be taken back.
#[derive(Debug, Clone)]
pub struct RequestAnswer {
    /// Its row.
    pub id: Uuid,
    /// Those given together have one.
    pub batch: Uuid,
    /// The session.
    pub session: SessionCode,
    /// The booking that was answered.
    pub registration: RegistrationId,
    /// When.
    pub answered_at: DateTime<Utc>,
    /// When its letters leave.
    pub leaves_at: DateTime<Utc>,
    letters: Vec<String>,
    moved: Vec<Became>,
}

impl RequestAnswer {
    /// An answer that was given now: what became of each place, and its letters.
    pub fn new(
        (id, batch): (Uuid, Uuid),
        (session, registration): (&SessionCode, RegistrationId),
        (answered_at, leaves_at): (DateTime<Utc>, DateTime<Utc>),
        moved: impl IntoIterator<Item = (PlaceId, PlaceState)>,
        letters: &[LetterId],
    ) -> Self {
        Self {
            id,
            batch,
            session: session.clone(),
            registration,
            answered_at,
            leaves_at,
            letters: letters.iter().map(|id| rows::key(id.uuid())).collect(),
            moved: moved.into_iter().map(|(place, state)| Became::of(place, state)).collect(),
        }
    }

    /// Whether it answered for this place.
    pub fn concerns(&self, place: &Place) -> bool {
        let key = rows::key(place.id.uuid());
        self.moved.iter().any(|one| one.place == key)
    }

    /// Whether all its places are as it left them.
    pub fn stands(&self, places: &[Place]) -> bool {
        self.moved
            .iter()
            .all(|one| places.iter().any(|place| Became::of(place.id, place.state) == *one))
    }

    /// The places that it gave.
    fn confirmed(&self) -> Vec<String> {
        let confirmed = PlaceStatus::Confirmed.as_str();
        let given = self.moved.iter().filter(|one| one.state == confirmed);
        given.map(|one| one.place.clone()).collect()
    }
}

/// Saves an answer, and keeps its letters back until they leave. Forgets those whose letters have left.
pub async fn save(tx: &mut Tx, answer: &RequestAnswer) -> Result<(), StoreError> {
    FORGET_SENT.run(tx, [answer.answered_at]).await?;
    DELAY.run(tx, (rows::json(&answer.letters)?, answer.leaves_at)).await?;
    let new = NewAnswer {
        id: answer.id,
        batch: answer.batch,
        session: answer.session.as_str(),
        registration: answer.registration.uuid(),
        moved: rows::json(&answer.moved)?,
        letters: rows::json(&answer.letters)?,
        answered_at: answer.answered_at,
        leaves_at: answer.leaves_at,
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// The answers of a session that were given together.
pub async fn of_batch(
    conn: &mut Conn,
    batch: Uuid,
    session: &SessionCode,
) -> Result<Vec<RequestAnswer>, StoreError> {
    let rows = OF_BATCH.all(conn, (batch, session.as_str())).await?;
    rows.into_iter()
        .map(|row| {
            let corrupt =
                |column| StoreError::Corrupt { table: TABLE, column, row: row.id.to_string() };
            Ok(RequestAnswer {
                id: row.id,
                batch: row.batch,
                session: parse(TABLE, "session", &row.id, &row.session)?,
                registration: RegistrationId::new(row.registration),
                answered_at: row.answered_at,
                leaves_at: row.leaves_at,
                letters: serde_json::from_str(&row.letters).map_err(|_| corrupt("letters"))?,
                moved: serde_json::from_str(&row.moved).map_err(|_| corrupt("moved"))?,
            })
        })
        .collect()
}

/// The batches of a session that can be taken back at `now`: how many bookings each answered, and until when.
pub async fn open(
    conn: &mut Conn,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, i64, DateTime<Utc>)>, StoreError> {
    OPEN.all(conn, (session.as_str(), now)).await
}

/// Whether a booking was written to of something else since it was answered.
pub async fn is_told_more(conn: &mut Conn, answer: &RequestAnswer) -> Result<bool, StoreError> {
    let since = (answer.registration.uuid(), answer.answered_at);
    let written = LETTERS_SINCE.value(conn, since).await?;
    Ok(usize::try_from(written).unwrap_or(usize::MAX) > answer.letters.len())
}

/// Takes an answer's letters and invitations back, which nobody has had yet.
///
/// # Errors
/// [`StoreError::Stale`] when one of the letters is on its way.
pub async fn take_back(locked: &mut Locked<'_>, answer: &RequestAnswer) -> Result<(), StoreError> {
    let gone = DELETE_LETTERS.run(locked, [rows::json(&answer.letters)?]).await?;
    if gone != answer.letters.len() as u64 {
        return Err(StoreError::Stale { table: "outbox", row: answer.id.to_string() });
    }
    DELETE_INVITATIONS.run(locked, [rows::json(&answer.confirmed())?]).await?;
    FORGET.run(locked, [answer.id]).await?;
    Ok(())
}
