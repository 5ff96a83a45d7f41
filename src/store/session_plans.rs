//! Sessions as they are planned: drafts, and what changes without anybody being told.

use chrono::{DateTime, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::column,
    sessions::{insert_sitting, insert_trainers},
};
use crate::domain::{
    id::{SessionCode, StaffLogin},
    location::Location,
    plan::SessionDetails,
    session::{Session, Trainer},
};

/// How many sessions there are, whatever their publication.
///
/// # Errors
/// [`StoreError`].
pub async fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    run!(value i64, conn, "select count(*) from sessions")
}

/// The open accounts among `logins`, in that order, as trainers.
///
/// # Errors
/// [`StoreError`].
pub async fn trainers(conn: &mut Conn, logins: &[StaffLogin]) -> Result<Vec<Trainer>, StoreError> {
    let mut trainers = Vec::with_capacity(logins.len());
    for login in logins {
        let text = "select name from staff where login = $1";
        if let Some((name,)) = run!(opt(String,), conn, text, login.as_str())? {
            trainers.push(Trainer { login: login.clone(), name });
        }
    }
    Ok(trainers)
}

/// Everybody who can lead sessions: open accounts, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn possible_trainers(conn: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    let text = "select login, name from staff where disabled_at is null order by name, login";
    run!(all(String, String), conn, text)
}

/// Writes what changes without anybody being told.
///
/// # Errors
/// [`StoreError`].
pub async fn set_details(
    tx: &mut Tx,
    code: &SessionCode,
    details: &SessionDetails,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update sessions set access = $2, places_per_institution = $3, places_per_booking = $4,
             mode = $5, booking_opens = $6, booking_closes = $7, waiting_list = $8, note = $9
         where code = $1",
        code.as_str(),
        details.access.join("; "),
        details.places_per_institution.map(column),
        column(details.places_per_booking),
        details.mode.as_str(),
        details.booking_opens,
        details.booking_closes,
        details.waiting_list,
        details.note.as_deref(),
    )?;
    let trainers = trainers(tx, &details.trainers).await?;
    run!(exec, tx, "delete from session_trainers where session = $1", code.as_str())?;
    insert_trainers(tx, code, &trainers).await
}

/// Writes a draft anew: course, alliance, place, number of places and days. Nobody has booked a
/// draft, so nothing hangs on its days.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_draft(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let (venue, address, room) = match &session.location {
        Location::Venue { name, address } => (Some(name), Some(address), None),
        Location::Online { room } => (None, None, Some(room)),
    };
    run!(
        exec,
        tx,
        "update sessions set course = $2, alliance = $3, venue_name = $4, venue_address = $5,
             online_room = $6, capacity = $7
         where code = $1 and publication = 'draft'",
        session.code.as_str(),
        session.course.slug.as_str(),
        session.alliance.slug.as_str(),
        venue,
        address,
        room,
        column(session.occupancy.capacity),
    )?;
    run!(exec, tx, "delete from sittings where session = $1", session.code.as_str())?;
    for sitting in &session.sittings {
        insert_sitting(tx, &session.code, sitting).await?;
    }
    Ok(())
}

/// Puts a draft into the catalogue; its days are new from this moment. `false` if it was no draft.
///
/// # Errors
/// [`StoreError`].
pub async fn publish(
    tx: &mut Tx,
    code: &SessionCode,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let text = "update sessions set publication = 'published'
                where code = $1 and publication = 'draft'";
    let written = run!(exec, tx, text, code.as_str())?;
    let text = "update sittings set created_at = $2, changed_at = $2 where session = $1";
    run!(exec, tx, text, code.as_str(), now)?;
    Ok(written == 1)
}
