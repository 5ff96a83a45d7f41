//! Sending the letters of a booking again: to somebody who deleted them, or whose inbox was full.

use crate::{
    actions::{
        ActionContext,
        places::{opened::Opened, standing::standing},
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        place::PlaceStatus,
    },
    mail::letters,
    store::{StoreError, invitations, registrations},
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
    let mut tx = ctx.store.begin().await?;
    let Some(opened) = Opened::lock(&mut tx, id).await? else { return Ok(0) };
    let Opened { mut locked, session, registration } = opened;
    let mut out = Outgoing::default();
    for place in registration.confirmed() {
        let live = invitations::live_of(&mut locked, place.id).await?;
        out.invites_again(ctx, (&session, &registration), place, &live);
        let has_address = place.attendee.as_ref().is_some_and(|one| one.email.is_some());
        if live.is_empty() && has_address && registration.untold_since.is_some() {
            out.invites(ctx, (&session, &registration), [place]);
        }
    }
    if registration.untold_since.is_some() {
        registrations::mark_told(&mut locked, id).await?;
    }
    let has_places = registration.confirmed().next().is_some();
    let position = standing(&mut locked, &registration).await?;
    let asks = registration.places_in(PlaceStatus::Requested).next().is_some();
    let kind = match position {
        _ if has_places => LetterKind::BookingConfirmed,
        Some(_) => LetterKind::WaitingListJoined,
        None if asks => LetterKind::PlacesRequested,
        None => LetterKind::BookingConfirmed,
    };
    out.tell_leader(ctx, (&session, &registration), kind, |(session, registration), url| {
        let sender = &ctx.sender;
        match (kind, position) {
            (LetterKind::WaitingListJoined, Some(at)) => {
                letters::waiting_list_joined(sender, session, registration, at, url)
            }
            (LetterKind::PlacesRequested, _) => {
                letters::places_requested(sender, session, registration, url)
            }
            _ => letters::booking_confirmed(sender, session, registration, url),
        }
    });
    let letters = out.count();
    out.write(ctx, &mut locked).await?;
    let detail = Some(format!("{letters} letters"));
    let subject = Subject::of(&registration);
    record(ctx, &mut locked, actor, AuditAction::LettersResent, subject, detail).await?;
    tx.commit().await?;
    Ok(letters)
}
