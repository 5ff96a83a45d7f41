//! Saying who is coming, while the places are held; nothing is told to anybody yet.

use super::refusals::HoldError;
use crate::{
    actions::{
        ActionContext,
        places::{
            already::{NamedPeople, already_there},
            opened::Opened,
            settle::offer_freed,
        },
    },
    domain::{
        already::Already,
        attendee::Attendee,
        audit::Actor,
        id::RegistrationId,
        place::{PlaceState, PlaceStatus},
    },
    store::{
        StoreError, answers,
        places::{self, Cause},
        registrations, seated,
    },
};

/// Writes who sits on which held place, by number, or that her name is to follow; and who of them may be on the session already, so
/// that her leader can be asked before she books (H2).
///
/// # Errors
/// [`HoldError::NoSuchSession`]; [`HoldError::Store`].
pub async fn name_attendees(
    ctx: &ActionContext,
    id: RegistrationId,
    attendees: &[(u32, Option<Attendee>)],
) -> Result<Vec<Already>, HoldError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let Opened { mut locked, registration, .. } = opened;
    let mut apart = seated::apart(&mut locked, id).await?;
    let mut asked_anew = Vec::new();
    for place in registration.places_in(PlaceStatus::Held) {
        let named = attendees.iter().find(|(number, _)| *number == place.number);
        let Some((number, attendee)) = named else { continue };
        let Some(attendee) = attendee else {
            places::unname(&mut locked, place.id).await?;
            continue;
        };
        // What was answered for one person does not pass to another who is typed over her (H1).
        if place.attendee.as_ref().is_some_and(|known| known.name != attendee.name) {
            answers::leave_behind(&mut locked, place.id).await?;
        }
        places::set_attendee(&mut locked, place.id, attendee).await?;
        let same = |known: &Attendee| known.name == attendee.name && known.email == attendee.email;
        if apart.contains(number) && !place.attendee.as_ref().is_some_and(same) {
            apart.retain(|other| other != number);
            asked_anew.push(place.id);
        }
    }
    if !asked_anew.is_empty() {
        seated::say_apart(&mut locked, &asked_anew, false).await?;
    }
    let named = attendees.iter().map(|(number, who)| (*number, who.as_ref()));
    let asked = NamedPeople::new(named, registration.sender.code(), &apart);
    let found = already_there(&mut locked, &Actor::Leader, &asked).await?;
    tx.commit().await?;
    Ok(found)
}

/// Keeps that whoever was found on the session already is somebody else than those who are named.
///
/// # Errors
/// [`HoldError::NoSuchSession`]; [`HoldError::Store`].
pub async fn say_apart(
    ctx: &ActionContext,
    id: RegistrationId,
    found: &[Already],
) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let Opened { mut locked, registration, .. } = opened;
    let meant = registration
        .places_in(PlaceStatus::Held)
        .filter(|place| found.iter().any(|one| one.number == place.number));
    let meant: Vec<_> = meant.map(|place| place.id).collect();
    seated::say_apart(&mut locked, &meant, true).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives one held place back: the leader needs one fewer. The last one stays.
///
/// # Errors
/// [`HoldError::Store`].
pub async fn drop_place(
    ctx: &ActionContext,
    id: RegistrationId,
    number: u32,
) -> Result<(), HoldError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(HoldError::NoSuchSession)?;
    let Opened { mut locked, mut registration, .. } = opened;
    let held = registration.places_in(PlaceStatus::Held).count();
    let asked = registration.asked.saturating_sub(1);
    let mut places = registration.places_in_mut(PlaceStatus::Held);
    if held > 1
        && let Some(place) = places.find(|place| place.number == number)
    {
        let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: Some("not needed") };
        let gone = place.becomes(PlaceState::Cancelled).map_err(StoreError::from)?;
        places::set_states(&mut locked, &[gone], cause).await?;
        places::supersede(&mut locked, gone.place()).await?;
        registrations::set_asked(&mut locked, id, asked).await?;
        offer_freed(ctx, &mut locked).await?;
    }
    tx.commit().await?;
    Ok(())
}
