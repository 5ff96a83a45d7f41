//! Bookings of several evenings of a series that one leader made at once.

use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, session_lock};
use crate::domain::{
    id::{RegistrationId, SessionCode},
    series::IfFull,
};

statements! {
    /// They share a key, which is the id of the one whose link the leader has.
    OF: (Uuid, String, Uuid, Option<String>) =
        "select o.id, o.session, o.series_booking as lead, o.series_choice
         from registrations r join registrations o on o.series_booking = r.series_booking
         where r.id = $1 order by o.session";

    JOIN = "update registrations set series_booking = $2, series_choice = $3 where id = $1";
}

/// The bookings of several evenings, in the order of their sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// Each with its session.
    pub all: Vec<(RegistrationId, SessionCode)>,
    /// The one whose link the leader has.
    pub lead: RegistrationId,
    /// What becomes of them where an evening is full.
    pub if_full: IfFull,
}

/// The bookings that were made at once with a booking, itself among them; `None` where it was made alone.
pub async fn of(conn: &mut Conn, id: RegistrationId) -> Result<Option<Together>, StoreError> {
    let rows = OF.all(conn, [id.uuid()]).await?;
    let Some((_, _, lead, choice)) = rows.first() else { return Ok(None) };
    let (lead, choice) = (RegistrationId::new(*lead), choice.clone().unwrap_or_default());
    let if_full = parse("registrations", "series_choice", &lead, &choice)?;
    let mut all = Vec::with_capacity(rows.len());
    for (id, session, ..) in rows {
        all.push((RegistrationId::new(id), parse("registrations", "session", &id, &session)?));
    }
    Ok(Some(Together { all, lead, if_full }))
}

/// The same with all their sessions locked, always in one order, so that no two leaders wait for each other.
pub async fn lock(tx: &mut Tx, id: RegistrationId) -> Result<Option<Together>, StoreError> {
    let Some(together) = of(tx, id).await? else { return Ok(None) };
    session_lock::lock_all(tx, together.all.iter().map(|(_, session)| session)).await?;
    Ok(Some(together))
}

/// Joins bookings to one that was made with them.
pub async fn join(
    tx: &mut Tx,
    ids: &[RegistrationId],
    lead: RegistrationId,
    if_full: IfFull,
) -> Result<(), StoreError> {
    for id in ids {
        JOIN.run(tx, (id.uuid(), lead.uuid(), if_full.as_str())).await?;
    }
    Ok(())
}
