//! Sending the letters of a booking again: to somebody who deleted them, or whose inbox was full.

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        places::{opened::Opened, standing::standing},
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        place::PlaceStatus,
        registration::Registration,
        session::{Publication, Session},
        text::Paragraph,
    },
    mail::letters,
    store::{StoreError, Tx, invitations, outbox, places, registrations, undelivered},
    token::Attempt,
};

/// Sends the leader her link and each attendee her invites again, or for the first time where the
/// booking was told to nobody; how many letters. The invites
/// are the ones she has, with the same UID, SEQUENCE and DTSTAMP, so that no calendar takes them
/// for a change (RFC 5546 2.1.5); only the private link in them is new.
///
/// # Errors
/// [`StoreError`], in which case nothing is sent.
pub async fn resend_letters(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
) -> Result<usize, StoreError> {
    resend_once(ctx, actor, id, None).await
}

/// The same from a button, which sends them once however often it is pressed (V3).
///
/// # Errors
/// [`StoreError`], in which case nothing is sent.
pub async fn resend_once(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    attempt: Option<&Attempt>,
) -> Result<usize, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(sent) = made_before(ctx, &mut tx, "letters", attempt).await? {
        return key(&sent);
    }
    let Some(opened) = Opened::lock(&mut tx, id).await? else { return Ok(0) };
    let Opened { mut locked, session, registration } = opened;
    let mut out = Outgoing::default();
    let live = invitations::live_of_registrations(&mut locked, &[id]).await?;
    let live = live.into_values().next().unwrap_or_default();
    for place in registration.confirmed() {
        let hers: Vec<_> = live.iter().filter(|one| one.place == place.id).cloned().collect();
        out.invites_again(ctx, (&session, &registration), place, &hers);
        let has_address = place.attendee.as_ref().is_some_and(|one| one.email.is_some());
        if hers.is_empty() && has_address && registration.untold_since.is_some() {
            out.invites(ctx, (&session, &registration), [place]);
        }
    }
    if registration.untold_since.is_some() {
        registrations::mark_told(&mut locked, id).await?;
    }
    to_leader(ctx, &mut locked, &mut out, (&session, &registration)).await?;
    undelivered::mend_all(&mut locked, id, ctx.now()).await?;
    let letters = out.count();
    out.write(ctx, &mut locked).await?;
    let detail = Some(format!("{letters} letters"));
    let subject = Subject::of(&registration);
    record(ctx, &mut locked, actor, AuditAction::LettersResent, subject, detail).await?;
    made(&mut locked, attempt, &letters.to_string()).await?;
    tx.commit().await?;
    Ok(letters)
}

/// The letter that tells whoever looks after a booking how it stands, with a new private link.
pub(super) async fn to_leader(
    ctx: &ActionContext,
    tx: &mut Tx,
    out: &mut Outgoing,
    about: (&Session, &Registration),
) -> Result<(), StoreError> {
    let (session, registration) = about;
    let sender = &ctx.letterhead;
    if let Publication::Cancelled { reason, .. } = &session.publication {
        let kind = LetterKind::SessionCancelled;
        let reason = Paragraph::stored(reason);
        out.tell_leader(ctx, about, kind, |(session, registration), url| {
            letters::session_cancelled(sender, session, registration, reason.as_ref(), url)
        });
        return Ok(());
    }
    if let Some(until) = registration.offered_until() {
        out.tell_leader(ctx, about, LetterKind::PlaceOffered, |(session, registration), url| {
            let offer = url.replacen("/r/", "/offers/", 1);
            letters::place_offered(sender, session, registration, until, &offer)
        });
        return Ok(());
    }
    let has_places = registration.confirmed().next().is_some();
    let position = standing(tx, registration).await?;
    let asks = registration.places_in(PlaceStatus::Requested).next().is_some();
    let kind = match position {
        _ if has_places => LetterKind::BookingConfirmed,
        Some(_) => LetterKind::WaitingListJoined,
        None if asks => LetterKind::PlacesRequested,
        None => LetterKind::BookingConfirmed,
    };
    out.tell_leader(ctx, about, kind, |(session, registration), url| match (kind, position) {
        (LetterKind::WaitingListJoined, Some(at)) => {
            letters::waiting_list_joined(sender, session, registration, at, url)
        }
        (LetterKind::PlacesRequested, _) => {
            letters::places_requested(sender, session, registration, url)
        }
        _ => letters::booking_confirmed(sender, session, registration, url),
    });
    Ok(())
}

/// How long somebody waits before her letter is sent again.
const PAUSE: Duration = Duration::minutes(10);

/// Sends an attendee her invites again, with a new private link, to the address they went to: whoever
/// asks may only have seen her calendar.
///
/// # Errors
/// [`StoreError`], in which case nothing is sent.
pub async fn resend_to_attendee(ctx: &ActionContext, place: PlaceId) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(owner) = places::registration_of(&mut tx, place).await? else { return Ok(()) };
    let Some(opened) = Opened::lock(&mut tx, owner).await? else { return Ok(()) };
    let Opened { mut locked, session, registration } = opened;
    let Some(hers) = registration.confirmed().find(|one| one.id == place) else { return Ok(()) };
    let address = hers.attendee.as_ref().and_then(|attendee| attendee.email.as_ref());
    let Some(address) = address else { return Ok(()) };
    let about = (address, place);
    let since = ctx.now() - PAUSE;
    if outbox::written_about_since(&mut locked, about, LetterKind::Invite, since).await? > 0 {
        return Ok(());
    }
    let live = invitations::live_of_registrations(&mut locked, &[owner]).await?;
    let live = live.into_values().flatten().filter(|one| one.place == place);
    let live: Vec<_> = live.collect();
    let mut out = Outgoing::default();
    let letters = out.invites_again(ctx, (&session, &registration), hers, &live);
    out.write(ctx, &mut locked).await?;
    let detail = Some(format!("{letters} letters"));
    let subject = Subject { place: Some(place), ..Subject::of(&registration) };
    let action = AuditAction::LettersResent;
    record(ctx, &mut locked, &Actor::Visitor, action, subject, detail).await?;
    tx.commit().await
}
