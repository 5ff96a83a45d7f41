//! Letters about changes that wait in the outbox for what changes next (T3).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx};
use crate::domain::id::{PlaceId, RegistrationId, SessionCode};

row! {
    struct WaitingRow {
        place: Option<Uuid>,
        thread: Option<String>,
        changes: Option<String>,
    }
}

row! {
    struct ToTrainerRow {
        to_address: String,
        changes: Option<String>,
    }
}

#[cfg(test)]
const FEW: &str = "looks through an index of the letters that wait now, by whatever is shortest";

statements! {
    TAKE_BACK: WaitingRow =
        "delete from outbox where registration = $1 and gathers_until is not null
             and claimed_until is null and sent_at is null and failed_at is null
         returning place, thread, changes", reads_all: FEW;

    TAKE_BACK_OF_SESSION: ToTrainerRow =
        "delete from outbox where session = $1 and kind = 'trainer-told'
             and gathers_until is not null and claimed_until is null and sent_at is null and failed_at is null
         returning to_address, changes", reads_all: FEW;

    GATHERS_UNTIL: DateTime<Utc> =
        "select gathers_until from outbox
         where session = $1 and gathers_until > $2 and claimed_until is null
           and sent_at is null and failed_at is null
         order by gathers_until limit 1", reads_all: FEW;
}

/// A letter about a change that had not left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The place it was about, if about one.
    pub place: Option<PlaceId>,
    /// The UID it would have told a calendar of.
    pub thread: Option<String>,
    /// What it said had changed.
    pub changes: Vec<String>,
}

impl WaitingRow {
    fn read(self) -> Waiting {
        let changes = self.changes.unwrap_or_default();
        Waiting {
            place: self.place.map(PlaceId::new),
            thread: self.thread,
            changes: changes.lines().map(str::to_owned).collect(),
        }
    }
}

/// Takes the letters about changes back that wait for the people of a booking: what they would have
/// told is told by those that are written in their stead, in this transaction (T3). One that somebody
/// has begun to deliver counts as told.
pub async fn take_back(tx: &mut Tx, id: RegistrationId) -> Result<Vec<Waiting>, StoreError> {
    let rows = TAKE_BACK.all(tx, [id.uuid()]).await?;
    Ok(rows.into_iter().map(WaitingRow::read).collect())
}

/// The same of letters to the trainers of a session: to each address, what it said had changed.
pub async fn take_back_of_session(
    tx: &mut Tx,
    code: &SessionCode,
) -> Result<Vec<(String, Vec<String>)>, StoreError> {
    let rows = TAKE_BACK_OF_SESSION.all(tx, [code.as_str()]).await?;
    let lines =
        |text: Option<String>| text.unwrap_or_default().lines().map(str::to_owned).collect();
    Ok(rows.into_iter().map(|row| (row.to_address, lines(row.changes))).collect())
}

/// When the letters leave that wait for what changes next about a session, if any do.
pub async fn gathers_until(
    conn: &mut Conn,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    GATHERS_UNTIL.optional_value(conn, (session.as_str(), now)).await
}
