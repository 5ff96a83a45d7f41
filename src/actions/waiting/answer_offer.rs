//! Answering an offer from the waiting list: take it up, pass it on, or leave the list (W3).

use super::settle::{offer_freed, settle, tell_leader};
use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::{leader_link, standing},
            hold_places::subject,
        },
        calendars::invite::send_invites,
        record::record,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        occupancy::TeamPolicy,
        place::{Place, PlaceState, PlaceStatus},
        registration::Registration,
        session::Session,
        waiting_list::REST,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        outbox::{self, About},
        places::{self, Change},
        registrations, sessions,
    },
};

/// Why an answer came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// Nothing is offered to this registration now: it ended, was answered, or never was.
    #[error("nothing is offered to this booking now")]
    NoOffer,
    /// A team that comes all together cannot take some of the places.
    #[error("this team asked to come all together")]
    AllOrNothing,
    /// None of the places was chosen.
    #[error("choose at least one place")]
    NothingChosen,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What becomes of the others who wait when an offer is declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decline {
    /// They leave the list.
    LeaveTheList,
    /// The places go to the next in line; everybody waits on, with the same number, and is asked
    /// again after a rest.
    PassItOn,
}

/// An offer, with its session locked.
struct Opened {
    session: Session,
    registration: Registration,
    offered: Vec<Place>,
}

async fn open(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Option<Opened>, StoreError> {
    let Some(found) = registrations::find(tx, id).await? else { return Ok(None) };
    sessions::lock(tx, &found.session).await?;
    settle(ctx, tx, &found.session).await?;
    let Some(session) = sessions::find(tx, &found.session).await? else { return Ok(None) };
    let Some(registration) = registrations::find(tx, id).await? else { return Ok(None) };
    let offered: Vec<_> = registration.places_in(PlaceStatus::Offered).cloned().collect();
    let answerable = !offered.is_empty() && session.accepts_changes_at(ctx.now());
    Ok(answerable.then_some(Opened { session, registration, offered }))
}

/// Takes up an offer: the places with these `numbers`, or all of them if none are named. What a
/// team that takes as many as it can leaves, goes to the next in line. Returns how many people
/// have a place now.
///
/// # Errors
/// [`OfferError`], in which case nothing was taken up.
pub async fn accept_offer(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    numbers: Option<&[u32]>,
) -> Result<usize, OfferError> {
    let mut tx = ctx.store.begin().await?;
    let Some(Opened { session, registration, offered }) = open(ctx, &mut tx, id).await? else {
        // What ran out was settled, and that must last.
        tx.commit().await?;
        return Err(OfferError::NoOffer);
    };
    let chosen = |place: &Place| numbers.is_none_or(|numbers| numbers.contains(&place.number));
    let (taken, left): (Vec<Place>, Vec<Place>) = offered.into_iter().partition(chosen);
    if taken.is_empty() {
        return Err(OfferError::NothingChosen);
    }
    if !left.is_empty() && registration.team == TeamPolicy::Together {
        return Err(OfferError::AllOrNothing);
    }
    let change = Change { by: actor, at: ctx.now(), why: None };
    for place in &taken {
        places::set_state(&mut tx, place.id, PlaceState::Confirmed, change).await?;
    }
    for place in &left {
        places::set_state(&mut tx, place.id, PlaceState::Declined, change).await?;
    }
    let after = registrations::find(&mut tx, id).await?.ok_or(OfferError::NoOffer)?;
    for place in after.confirmed().filter(|place| taken.iter().any(|one| one.id == place.id)) {
        send_invites(ctx, &mut tx, &session, &after, place).await?;
    }
    if let Some(email) = &after.leader.email {
        let token = leader_link(ctx, &mut tx, id).await?;
        let url = ctx.manage_url(&token);
        let content = letters::booking_confirmed(&ctx.sender, &session, &after, &url);
        let to = (Some(after.leader.name.to_string()), email.clone());
        let letter = ctx.letter(LetterKind::BookingConfirmed, to, content, None);
        let about = About { registration: Some(id), place: None };
        outbox::enqueue(&mut tx, &letter, about, ctx.now()).await?;
    }
    let detail = Some(format!("{} places", taken.len()));
    record(ctx, &mut tx, actor, AuditAction::OfferAccepted, subject(&after), detail).await?;
    if !left.is_empty() {
        registrations::rest(&mut tx, id, ctx.now() + REST).await?;
    }
    offer_freed(ctx, &mut tx, &session.code).await?;
    tx.commit().await?;
    Ok(after.confirmed().count())
}

/// Turns an offer down; its places are offered on in the same transaction (W6).
///
/// # Errors
/// [`OfferError`], in which case nothing changed.
pub async fn decline_offer(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    decline: Decline,
) -> Result<(), OfferError> {
    let mut tx = ctx.store.begin().await?;
    let Some(Opened { session, registration, offered }) = open(ctx, &mut tx, id).await? else {
        tx.commit().await?;
        return Err(OfferError::NoOffer);
    };
    let change = Change { by: actor, at: ctx.now(), why: None };
    for place in offered {
        let PlaceState::Offered { queue, .. } = place.state else { continue };
        places::set_state(&mut tx, place.id, PlaceState::Declined, change).await?;
        if decline == Decline::PassItOn {
            wait_instead(ctx, &mut tx, &registration, place, queue, change).await?;
        }
    }
    if decline == Decline::LeaveTheList {
        for place in registration.places_in(PlaceStatus::Waiting) {
            places::set_state(&mut tx, place.id, PlaceState::Cancelled, change).await?;
        }
    }
    registrations::rest(&mut tx, id, ctx.now() + REST).await?;
    let detail = match decline {
        Decline::LeaveTheList => "left the list",
        Decline::PassItOn => "passed it on",
    };
    let (action, detail) = (AuditAction::OfferDeclined, Some(detail.to_owned()));
    record(ctx, &mut tx, actor, action, subject(&registration), detail).await?;
    offer_freed(ctx, &mut tx, &session.code).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts people whose offer lapsed, or who declined it, on the list again, at its end. Returns
/// where they stand; `None` if nobody is left to wait or the list is closed.
///
/// # Errors
/// [`StoreError`].
pub async fn wait_again(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
) -> Result<Option<usize>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(found) = registrations::find(&mut tx, id).await? else { return Ok(None) };
    sessions::lock(&mut tx, &found.session).await?;
    let Some(session) = sessions::find(&mut tx, &found.session).await? else { return Ok(None) };
    let Some(registration) = registrations::find(&mut tx, id).await? else { return Ok(None) };
    let gone: Vec<_> = [PlaceStatus::Lapsed, PlaceStatus::Declined]
        .into_iter()
        .flat_map(|status| registration.places_in(status).cloned())
        .collect();
    let takes_more = session.offer_deadline(ctx.now(), ctx.offer).is_some();
    if gone.is_empty() || !session.waiting_list || !takes_more {
        return Ok(None);
    }
    let queue = sessions::next_queue_number(&mut tx, &session.code).await?;
    let change = Change { by: actor, at: ctx.now(), why: None };
    for place in gone {
        wait_instead(ctx, &mut tx, &registration, place, queue, change).await?;
    }
    registrations::rest(&mut tx, id, ctx.now()).await?;
    let action = AuditAction::WaitingListJoined;
    record(ctx, &mut tx, actor, action, subject(&registration), None).await?;
    let after = registrations::find(&mut tx, id).await?.unwrap_or(registration);
    let position = standing(&mut tx, &after).await?.unwrap_or(1);
    tell_leader(ctx, &mut tx, &session, id, LetterKind::WaitingListJoined, |facts, url| {
        letters::waiting_list_joined(&ctx.sender, facts.0, facts.1, position, url)
    })
    .await?;
    offer_freed(ctx, &mut tx, &session.code).await?;
    tx.commit().await?;
    Ok(Some(position))
}

/// A new place that waits, for the person whose old one was let go.
async fn wait_instead(
    ctx: &ActionContext,
    tx: &mut Tx,
    registration: &Registration,
    gone: Place,
    queue: i64,
    change: Change<'_>,
) -> Result<(), StoreError> {
    places::supersede(tx, gone.id).await?;
    let place = Place { id: ctx.place_id(), state: PlaceState::Waiting { queue }, ..gone };
    places::insert(tx, &registration.session, registration.id, &place, change).await
}
