//! Rooms, and how people stay, as they stand in files beside the bookings.

use crate::{
    actions::{ActionContext, places::opened::Opened, questions::of_file::booking_of_file},
    domain::{
        audit::Actor,
        id::{RoomId, SessionCode},
        stay::{
            Stay,
            rooming::{Room, Rooming},
        },
    },
    store::{StoreError, rooms, session_lock, stays},
    token::row_id,
};

/// Adds a room of a file, unless the session has one that is called so; whether it was new.
///
/// # Errors
/// [`StoreError`], in which case it was not added.
pub async fn room_of_file(
    ctx: &ActionContext,
    code: &SessionCode,
    room: &Room,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock(&mut tx, code).await? else { return Ok(false) };
    let known = rooms::of_session(&mut locked, code).await?;
    if known.iter().any(|one| one.name == room.name) {
        return Ok(false);
    }
    let id = RoomId::new(row_id(&*ctx.random, &*ctx.clock));
    rooms::add(&mut locked, &[Room { id, ..room.clone() }]).await?;
    tx.commit().await?;
    Ok(true)
}

/// Keeps how somebody stays, and in which room, where nothing was said before; whether it was new, or why it cannot
/// be kept.
///
/// # Errors
/// [`StoreError`], in which case it was not kept.
pub async fn stay_of_file(
    ctx: &ActionContext,
    (key, number): (&str, u32),
    stay: &Stay,
    room: Option<&str>,
) -> Result<Result<bool, String>, StoreError> {
    let refused = |why: &str| Ok(Err(why.to_owned()));
    let mut tx = ctx.store.begin().await?;
    let Some(id) = booking_of_file(&mut tx, key).await? else {
        return refused("there is no such booking");
    };
    let Some(opened) = Opened::lock(&mut tx, id).await? else {
        return refused("there is no such booking");
    };
    let Opened { mut locked, session, registration } = opened;
    let Some(place) = registration.places.iter().find(|one| one.number == number) else {
        return Ok(Err(format!("it has no place {number}")));
    };
    if session.nights().is_empty() {
        return Ok(Err(format!("nobody stays overnight on {}", session.code)));
    }
    if let Some(fault) = stay.faults(&session.sittings).first() {
        return Ok(Err(fault.to_string()));
    }
    if stays::of_place(&mut locked, place.id).await?.is_some() {
        return Ok(Ok(false));
    }
    stays::save(&mut locked, place.id, stay, (&Actor::CommandLine, ctx.now())).await?;
    if let Some(name) = room {
        let known = rooms::of_session(&mut locked, &session.code).await?;
        let Some(room) = known.iter().find(|one| one.name.as_str() == name) else {
            return Ok(Err(format!("{} has no room {name}", session.code)));
        };
        let before = Rooming::default();
        let after = Rooming([(place.id, room.id)].into_iter().collect());
        rooms::give(&mut locked, (&before, &after)).await?;
    }
    tx.commit().await?;
    Ok(Ok(true))
}
