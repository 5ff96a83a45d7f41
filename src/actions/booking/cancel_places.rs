//! Giving up one place, or all of a registration's.

use super::book_places::leader_link;
use crate::{
    actions::{
        ActionContext,
        calendars::invite::withdraw_invites,
        record::{Subject, record},
        waiting::settle::offer_freed,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        place::{Place, PlaceState, PlaceStatus},
        text::Paragraph,
        waiting_list::REST,
    },
    mail::letters::{self, Withdrawal},
    store::{
        StoreError, Tx,
        outbox::{self, About},
        places::{self, Change},
        registrations, sessions,
    },
};

/// Which places of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One of them.
    One(PlaceId),
    /// All that are still open.
    All,
    /// Those that wait: leaving the list.
    Waiting,
}

/// Cancels places, offers on what that frees, and tells everybody concerned; cancelling twice is cancelling once. Returns the
/// names of those who do not come any more.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn cancel_places(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    which: Which,
    why: Option<&Paragraph>,
) -> Result<Vec<String>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(found) = registrations::find(&mut tx, id).await? else { return Ok(Vec::new()) };
    sessions::lock(&mut tx, &found.session).await?;
    let cancelled = cancel_locked(ctx, &mut tx, actor, id, which, why).await?;
    tx.commit().await?;
    Ok(cancelled)
}

/// The same in a transaction that has locked the session.
pub(in crate::actions) async fn cancel_locked(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    id: RegistrationId,
    which: Which,
    why: Option<&Paragraph>,
) -> Result<Vec<String>, StoreError> {
    let Some(registration) = registrations::find(tx, id).await? else { return Ok(Vec::new()) };
    let Some(session) = sessions::find(tx, &registration.session).await? else {
        return Ok(Vec::new());
    };
    let change = Change { by: actor, at: ctx.now(), why: why.map(Paragraph::as_str) };
    let told = match actor {
        Actor::Attendee => Withdrawal::CancelledByAttendee,
        Actor::Calendar => Withdrawal::DeclinedByCalendar,
        _ => Withdrawal::CancelledByLeader,
    };
    let mut cancelled = Vec::new();
    for place in registration.places.iter().filter(|place| wanted(place, which)) {
        let Ok(state) = place.state.becomes(PlaceState::Cancelled) else { continue };
        places::set_state(tx, place.id, state, change).await?;
        withdraw_invites(ctx, tx, &session, place, told).await?;
        let subject = Subject {
            session: Some(session.code.clone()),
            registration: Some(id),
            place: Some(place.id),
        };
        record(ctx, tx, actor, AuditAction::PlaceCancelled, subject, None).await?;
        let name = place.attendee.as_ref().map(|attendee| attendee.name.to_string());
        cancelled.push(name.unwrap_or_else(|| "Name to follow".to_owned()));
    }
    if cancelled.is_empty() {
        return Ok(cancelled);
    }
    if let (Some(email), true) = (&registration.leader.email, registration.booked_at.is_some()) {
        let after = registrations::find(tx, id).await?.unwrap_or(registration.clone());
        let token = leader_link(ctx, tx, id).await?;
        let url = ctx.manage_url(&token);
        let content = letters::places_cancelled(&ctx.sender, &session, &after, &cancelled, &url);
        let to = (Some(after.leader.name.to_string()), email.clone());
        let letter = ctx.letter(LetterKind::PlacesCancelled, to, content, None);
        let about = About { registration: Some(id), place: None };
        outbox::enqueue(tx, &letter, about, ctx.now()).await?;
    }
    // Whoever gives an offered place back is not offered it again.
    if registration.places_in(PlaceStatus::Offered).any(|one| wanted(one, which)) {
        registrations::rest(tx, id, ctx.now() + REST).await?;
    }
    offer_freed(ctx, tx, &session.code).await?;
    Ok(cancelled)
}

fn wanted(place: &Place, which: Which) -> bool {
    match which {
        Which::One(id) => place.id == id,
        Which::All => true,
        Which::Waiting => place.state.status() == PlaceStatus::Waiting,
    }
}
