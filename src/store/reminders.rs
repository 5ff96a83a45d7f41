//! Reminders: which are due, and which were sent.

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
                           and r.sitting = t.id and r.days_before = $5)
         order by t.starts_at, p.registration, p.number limit $6";

    INSERT =
        "insert into reminders (place, sitting, days_before, sent_at) values ($1, $2, $3, $4)
         on conflict (place, sitting, days_before) do nothing";
}

/// A reminder to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
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
) -> Result<Vec<Due>, StoreError> {
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
        (changed < before(starts)).then(|| Due {
            registration: RegistrationId::new(registration),
            place: PlaceId::new(place),
            sitting: SittingId::new(sitting),
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Writes that a reminder is being sent; `false` if it was before, by whichever node.
pub async fn insert(
    tx: &mut Tx,
    due: Due,
    days: u32,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = INSERT.run(tx, (due.place.uuid(), due.sitting.uuid(), column(days), now)).await?;
    Ok(written == 1)
}
