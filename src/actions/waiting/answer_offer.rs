//! Answering an offer from the waiting list: take it up, pass it on, or leave the list (W3).

use crate::{
    actions::{
        ActionContext,
        places::{
            already::{NamedPeople, already_there},
            opened::Opened,
            settle::offer_freed,
            standing::standing,
        },
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        already::{Already, Sameness},
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        occupancy::TeamPolicy,
        place::{Place, PlaceState, PlaceStatus},
        waiting_list::REST,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        places::{self, Cause},
        registrations,
        session_lock::{self, Locked},
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

/// A booking to which something is offered now, with its session locked.
pub(super) async fn open<'a>(
    ctx: &ActionContext,
    tx: &'a mut Tx,
    id: RegistrationId,
) -> Result<Option<Opened<'a>>, StoreError> {
    let opened = Opened::lock_settled(ctx, tx, id).await?;
    Ok(opened.filter(|opened| {
        let is_offered = opened.registration.places_in(PlaceStatus::Offered).next().is_some();
        is_offered && opened.session.accepts_changes_at(ctx.now())
    }))
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
    let Some(opened) = open(ctx, &mut tx, id).await? else {
        // What ran out was settled, and that must last.
        tx.commit().await?;
        return Err(OfferError::NoOffer);
    };
    let Opened { mut locked, session, mut registration } = opened;
    let is_taken = |place: &Place| numbers.is_none_or(|some| some.contains(&place.number));
    let offered = registration.places_in(PlaceStatus::Offered).count();
    let taken = registration.places_in(PlaceStatus::Offered).filter(|one| is_taken(one)).count();
    if taken == 0 {
        return Err(OfferError::NothingChosen);
    }
    if taken < offered && registration.team == TeamPolicy::Together {
        return Err(OfferError::AllOrNothing);
    }
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    let mut moves = Vec::with_capacity(offered);
    for place in registration.places_in_mut(PlaceStatus::Offered) {
        let next = if is_taken(place) { PlaceState::Confirmed } else { PlaceState::Declined };
        moves.push(place.becomes(next).map_err(StoreError::from)?);
    }
    places::set_states(&mut locked, &moves, cause).await?;
    let about = (&session, &registration);
    let mut out = Outgoing::default();
    out.invites(ctx, about, registration.confirmed_by(&moves));
    out.tell_leader(ctx, about, LetterKind::BookingConfirmed, |(session, registration), url| {
        letters::booking_confirmed(&ctx.letterhead, session, registration, url)
    });
    out.write(ctx, &mut locked).await?;
    let (action, detail) = (AuditAction::OfferAccepted, Some(format!("{taken} places")));
    record(ctx, &mut locked, actor, action, Subject::of(&registration), detail).await?;
    if taken < offered {
        registrations::rest(&mut locked, id, ctx.now() + REST).await?;
    }
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(registration.confirmed().count())
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
    let Some(opened) = open(ctx, &mut tx, id).await? else {
        tx.commit().await?;
        return Err(OfferError::NoOffer);
    };
    let Opened { mut locked, mut registration, .. } = opened;
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    for place in registration.places_in_mut(PlaceStatus::Offered) {
        let PlaceState::Offered { queue, .. } = place.state else { continue };
        let declined = place.becomes(PlaceState::Declined).map_err(StoreError::from)?;
        places::set_states(&mut locked, &[declined], cause).await?;
        if decline == Decline::PassItOn {
            wait_instead(ctx, &mut locked, id, place.clone(), queue, cause).await?;
        }
    }
    if decline == Decline::LeaveTheList {
        let waiting = registration.places_in_mut(PlaceStatus::Waiting);
        let gone = waiting.map(|place| place.becomes(PlaceState::Cancelled));
        let gone = gone.collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
        places::set_states(&mut locked, &gone, cause).await?;
    }
    registrations::rest(&mut locked, id, ctx.now() + REST).await?;
    let detail = match decline {
        Decline::LeaveTheList => "left the list",
        Decline::PassItOn => "passed it on",
    };
    let (action, detail) = (AuditAction::OfferDeclined, Some(detail.to_owned()));
    record(ctx, &mut locked, actor, action, Subject::of(&registration), detail).await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts people whose offer lapsed, or who declined it, on the list again, at its end. Returns
/// where they stand; `None` if nobody is left to wait or the list is closed.
pub async fn wait_again(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
) -> Result<Option<usize>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(opened) = Opened::lock(&mut tx, id).await? else { return Ok(None) };
    let Opened { mut locked, session, registration } = opened;
    let mut gone: Vec<_> = [PlaceStatus::Lapsed, PlaceStatus::Declined]
        .into_iter()
        .flat_map(|status| registration.places_in(status).cloned())
        .collect();
    // Whoever got a place or a turn by another booking since does not stand in line twice.
    let named = gone.iter().map(|place| (place.number, place.attendee.as_ref()));
    let asked =
        NamedPeople { own: Some(id), ..NamedPeople::new(named, registration.sender.code(), &[]) };
    let there = already_there(&mut locked, actor, &asked).await?;
    let is_there = |place: &Place| {
        let hers = |one: &Already| one.sameness == Sameness::Person && one.number == place.number;
        there.iter().any(hers)
    };
    gone.retain(|place| !is_there(place));
    let takes_more = session.offer_deadline(ctx.now(), ctx.offer).is_some();
    if gone.is_empty() || !session.waiting_list || !takes_more {
        return Ok(None);
    }
    let queue = session_lock::next_queue_number(&mut locked).await?;
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    for place in gone {
        wait_instead(ctx, &mut locked, id, place, queue, cause).await?;
    }
    registrations::rest(&mut locked, id, ctx.now()).await?;
    let action = AuditAction::WaitingListJoined;
    record(ctx, &mut locked, actor, action, Subject::of(&registration), None).await?;
    let after = registrations::find(&mut locked, id).await?.unwrap_or(registration);
    let position = standing(&mut locked, &after).await?.unwrap_or(1);
    let kind = LetterKind::WaitingListJoined;
    Outgoing::for_leader(ctx, (&session, &after), kind, |facts, url| {
        letters::waiting_list_joined(&ctx.letterhead, facts.0, facts.1, position, url)
    })
    .write(ctx, &mut locked)
    .await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(Some(position))
}

/// A new place that waits, for the person whose old one was let go.
pub(super) async fn wait_instead(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    registration: RegistrationId,
    gone: Place,
    queue: i64,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    places::supersede(locked, gone.id).await?;
    let place = Place { id: ctx.place_id(), state: PlaceState::Waiting { queue }, ..gone };
    places::insert(locked, registration, &[place], cause).await
}
