//! The rooms of a session are kept, and given out.

use super::house::house;
use crate::{
    actions::{
        ActionContext,
        attempt::{made, made_before},
        edit::{States, merged},
        record::{Subject, record, record_changes},
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::{Conflicts, Drawn, Merged},
        id::{RoomId, SessionCode},
        session::{Publication, Session},
        stay::rooming::{MOST_ROOMS, Room, RoomFault, Rooming},
        wording,
    },
    store::{
        StoreError, Tx,
        audit::Edited,
        rooms,
        session_lock::{self, Locked},
        sessions,
    },
    token::{Attempt, row_id},
};

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum RoomsError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// Nobody stays overnight on it.
    #[error("nobody stays overnight on this session")]
    NobodyStays,
    /// The session is called off, or over.
    #[error("the session is called off or over, so its rooms stay as they are")]
    TooLate,
    /// A line that is no room, by its number.
    #[error("line {0}: {1}")]
    Line(usize, RoomFault),
    /// No house has so many.
    #[error("a session has at most {MOST_ROOMS} rooms")]
    TooMany,
    /// Somebody gave out rooms anew since the page was opened.
    #[error(
        "somebody gave out rooms since this page was opened. Look again before anybody is told"
    )]
    Stale,
    /// Somebody else gave the same people other rooms, or changed the same room.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<Rooming>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Box<Conflicts<Rooming>>> for RoomsError {
    fn from(conflicts: Box<Conflicts<Rooming>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// A session whose rooms are kept, locked.
pub(super) async fn opened<'a>(
    ctx: &ActionContext,
    tx: &'a mut Tx,
    code: &SessionCode,
) -> Result<(Locked<'a>, Session), RoomsError> {
    let locked = session_lock::lock(tx, code).await?;
    let mut locked = locked.ok_or(RoomsError::NoSuchSession)?;
    let session = sessions::find(&mut locked, code).await?.ok_or(RoomsError::NoSuchSession)?;
    if session.nights().is_empty() {
        return Err(RoomsError::NobodyStays);
    }
    let is_off = matches!(session.publication, Publication::Cancelled { .. });
    if is_off || session.is_over(ctx.now()) {
        return Err(RoomsError::TooLate);
    }
    Ok((locked, session))
}

/// Adds rooms, one on each line; how many.
///
/// # Errors
/// [`RoomsError`], in which case none was added.
pub async fn add_rooms(
    ctx: &ActionContext,
    actor: &Actor,
    (code, typed): (&SessionCode, &str),
    attempt: Option<&Attempt>,
) -> Result<usize, RoomsError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(before) = made_before(ctx, &mut tx, "rooms", attempt).await? {
        return Ok(before.parse().unwrap_or_default());
    }
    let (mut locked, _) = opened(ctx, &mut tx, code).await?;
    let mut new = Vec::new();
    for (number, line) in (1..).zip(typed.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let id = RoomId::new(row_id(&*ctx.random, &*ctx.clock));
        new.push(Room::typed(id, line).map_err(|fault| RoomsError::Line(number, fault))?);
    }
    if rooms::of_session(&mut locked, code).await?.len() + new.len() > MOST_ROOMS {
        return Err(RoomsError::TooMany);
    }
    rooms::add(&mut locked, &new).await?;
    if !new.is_empty() {
        let added = wording::count(new.len(), "room added", "rooms added");
        log(ctx, &mut locked, actor, (code, added)).await?;
    }
    made(&mut locked, attempt, &new.len().to_string()).await?;
    tx.commit().await?;
    Ok(new.len())
}

async fn log(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (code, what): (&SessionCode, String),
) -> Result<(), StoreError> {
    let subject = Subject::session(code);
    record(ctx, tx, actor, AuditAction::RoomsKept, subject, Some(what)).await
}

/// Writes a room anew, as it is typed on one line. `drawn` is the line the form was drawn from: what somebody else
/// wrote since is not overwritten.
///
/// # Errors
/// [`RoomsError`], in which case nothing changed. What somebody else wrote comes back instead.
pub async fn change_room(
    ctx: &ActionContext,
    actor: &Actor,
    (code, id): (&SessionCode, RoomId),
    (typed, drawn): (&str, Option<&str>),
) -> Result<Result<(), Room>, RoomsError> {
    let mut tx = ctx.store.begin().await?;
    let (mut locked, _) = opened(ctx, &mut tx, code).await?;
    let known = rooms::of_session(&mut locked, code).await?.into_iter().find(|one| one.id == id);
    let known = known.ok_or(RoomsError::NoSuchSession)?;
    let room = Room::typed(id, typed).map_err(|fault| RoomsError::Line(1, fault))?;
    if drawn.is_some_and(|drawn| drawn != known.line()) && room != known {
        return Ok(Err(known));
    }
    if room != known {
        rooms::update(&mut locked, &room).await?;
        let what = format!("{}; was {}", room.line(), known.line());
        log(ctx, &mut locked, actor, (code, what)).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

/// Removes a room. Whoever slept there has none, which the page says.
///
/// # Errors
/// [`RoomsError`], in which case nothing changed.
pub async fn remove_room(
    ctx: &ActionContext,
    actor: &Actor,
    (code, id): (&SessionCode, RoomId),
) -> Result<(), RoomsError> {
    let mut tx = ctx.store.begin().await?;
    let (mut locked, _) = opened(ctx, &mut tx, code).await?;
    let known = rooms::of_session(&mut locked, code).await?.into_iter().find(|one| one.id == id);
    if let Some(room) = known
        && rooms::remove(&mut locked, id).await?
    {
        log(ctx, &mut locked, actor, (code, format!("{} removed", room.name))).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Writes who sleeps where; how many sleep elsewhere than before. Two who do so at once overwrite nothing of each
/// other's (V1).
///
/// # Errors
/// [`RoomsError`], in which case nothing changed.
pub async fn give_rooms(
    ctx: &ActionContext,
    actor: &Actor,
    (code, typed): (&SessionCode, &Rooming),
    drawn: Option<&Drawn>,
) -> Result<usize, RoomsError> {
    let mut tx = ctx.store.begin().await?;
    let (mut locked, session) = opened(ctx, &mut tx, code).await?;
    let house = house(&mut locked, &session).await?;
    let mut sent = typed.clone();
    // Whoever gave up her place meanwhile needs no bed; a room that was removed has none.
    sent.0.retain(|place, room| {
        house.guests.iter().any(|one| one.place == *place)
            && house.rooms.iter().any(|one| one.id == *room)
    });
    let states = States { drawn, present: &house.rooming, sent: &sent };
    let edited = Edited::Session(code.clone());
    let Merged { record: after, changes } =
        merged::<_, RoomsError>(&mut locked, &edited, states, session.zone()).await?;
    if !changes.is_empty() {
        rooms::give(&mut locked, (&house.rooming, &after)).await?;
        let people =
            wording::count(changes.len(), "person has another room", "people have another room");
        let what = (AuditAction::RoomsGiven, Subject::session(code));
        record_changes(ctx, &mut locked, actor, what, (Some(people), Vec::new())).await?;
    }
    tx.commit().await?;
    Ok(changes.len())
}
