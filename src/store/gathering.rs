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

statements! {
    TAKE_BACK: WaitingRow =
        "delete from outbox where registration = $1 and gathers_until is not null
             and claimed_until is null and sent_at is null and failed_at is null
         returning place, thread, changes";

    TAKE_BACK_OF_PLACE: WaitingRow =
        "delete from outbox where place = $1 and gathers_until is not null
             and claimed_until is null and sent_at is null and failed_at is null
         returning place, thread, changes";

    /// A leader's own invite goes with her letter about the booking, which she gets all the same.
    STRIP =
        "update outbox set calendar_method = null, calendar_body = null, thread = null
         where registration = (select p.registration from places p where p.id = $1)
           and place is null and gathers_until is not null
           and claimed_until is null and sent_at is null and failed_at is null
           and thread in (select i.uid from invitations i where i.place = $1)";

    GATHERS_UNTIL: DateTime<Utc> =
        "select o.gathers_until from outbox o join registrations r on r.id = o.registration
         where r.session = $1 and o.gathers_until > $2 and o.claimed_until is null
           and o.sent_at is null and o.failed_at is null
         order by o.gathers_until limit 1";
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

/// The same of one place, and of what its leader's letter tells her own calendar. Returns the letters
/// that were about the place alone.
pub async fn take_back_of_place(tx: &mut Tx, id: PlaceId) -> Result<Vec<Waiting>, StoreError> {
    let rows = TAKE_BACK_OF_PLACE.all(tx, [id.uuid()]).await?;
    STRIP.run(tx, [id.uuid()]).await?;
    Ok(rows.into_iter().map(WaitingRow::read).collect())
}

/// When the letters leave that wait for what changes next about a session, if any do.
pub async fn gathers_until(
    conn: &mut Conn,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    GATHERS_UNTIL.optional_value(conn, (session.as_str(), now)).await
}
