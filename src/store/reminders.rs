//! Reminders: which are due, and which were sent. What is kept is what was told, a sitting with its
//! start, so that a new date is told anew (T1).

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::column};
use crate::domain::id::{PlaceId, RegistrationId, SittingId};

statements! {
    DUE: (Uuid, Uuid, Uuid, DateTime<Utc>, DateTime<Utc>) =
        "select p.registration, p.id, t.id, t.starts_at, p.changed_at
         from sittings t join sessions s on s.code = t.session
         join places p on p.session = t.session
         where t.starts_at > $1 and t.starts_at <= $2 and t.starts_at > $3
           and s.publication = 'published' and p.state = 'confirmed' and not p.superseded
           and p.changed_at <= $4
           and not exists (select 1 from reminders r where r.place = p.id
                           and r.sitting = t.id and r.days_before = $5
                           and r.starts_at = t.starts_at)
         order by t.starts_at, p.registration, p.number limit $6";

    /// The start is the sitting's own, as it is kept: compared with itself, byte for byte.
    INSERT =
        "insert into reminders (place, sitting, days_before, starts_at, sent_at)
         select $1, t.id, $3, t.starts_at, $4 from sittings t where t.id = $2
         on conflict (place, sitting, days_before) do update
             set starts_at = excluded.starts_at, sent_at = excluded.sent_at
             where reminders.starts_at is distinct from excluded.starts_at";

    COUNT_AS_TOLD =
        "insert into reminders (place, sitting, days_before, starts_at, sent_at)
         select p.id, t.id, $2, t.starts_at, $3 from sittings t
         join places p on p.session = t.session
         where t.id = $1 and p.state = 'confirmed' and not p.superseded
         on conflict (place, sitting, days_before) do update
             set starts_at = excluded.starts_at, sent_at = excluded.sent_at";
}

/// A reminder to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueReminder {
    /// The booking.
    pub registration: RegistrationId,
    /// The place.
    pub place: PlaceId,
    /// The day it is about.
    pub sitting: SittingId,
}

/// The reminders due at `now`, `days` before a day of a session: their moment was in the last 24
/// hours, the session takes place, and the place was theirs before the moment and for a day. By
/// booking and day, at most `most`.
pub async fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
    days: u32,
    most: i64,
) -> Result<Vec<DueReminder>, StoreError> {
    let until = now + Duration::days(days.into());
    let rows = DUE
        .all(
            conn,
            (until - Duration::days(1), until, now, now - Duration::days(1), column(days), most),
        )
        .await?;
    // Whoever booked after the moment of a reminder knows the day.
    let before = |starts: DateTime<Utc>| starts - Duration::days(days.into());
    let read = |(registration, place, sitting, starts, changed)| {
        (changed < before(starts)).then(|| DueReminder {
            registration: RegistrationId::new(registration),
            place: PlaceId::new(place),
            sitting: SittingId::new(sitting),
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Writes that everybody with a place knows when a sitting starts now, so that they need no reminder
/// so many days before: they are being told of the new time instead.
pub async fn count_as_told(
    tx: &mut Tx,
    sitting: SittingId,
    days: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    COUNT_AS_TOLD.run(tx, (sitting.uuid(), column(days), now)).await?;
    Ok(())
}

/// Writes that a reminder of a sitting at its present start is being sent; `false` if it was before,
/// by whichever node (T1).
pub async fn insert(
    tx: &mut Tx,
    due: DueReminder,
    days: u32,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = INSERT.run(tx, (due.place.uuid(), due.sitting.uuid(), column(days), now)).await?;
    Ok(written == 1)
}
