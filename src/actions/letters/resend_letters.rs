//! Sending the letters of a booking again: to somebody who deleted them, or whose inbox was full.

use crate::{
    actions::{
        ActionContext,
        booking::{book_places::standing, hold_places::subject},
        calendars::invite::invite_letter,
        record::record,
        waiting::settle::tell_leader,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        place::PlaceStatus,
    },
    mail::letters,
    store::{StoreError, invitations, registrations, sessions},
};

/// Sends the leader her link and each attendee her invites again; how many letters. The invites
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
    let Some(found) = registrations::find(&mut tx, id).await? else { return Ok(0) };
    sessions::lock(&mut tx, &found.session).await?;
    let Some(session) = sessions::find(&mut tx, &found.session).await? else { return Ok(0) };
    let Some(registration) = registrations::find(&mut tx, id).await? else { return Ok(0) };
    let mut letters = 0;
    for place in registration.confirmed() {
        let live = invitations::live_of(&mut tx, place.id).await?;
        letters += invite_letter(ctx, &mut tx, (&session, &registration), place, &live).await?;
    }
    let has_places = registration.confirmed().next().is_some();
    let position = standing(&mut tx, &registration).await?;
    let asks = registration.places_in(PlaceStatus::Requested).next().is_some();
    let kind = match position {
        _ if has_places => LetterKind::BookingConfirmed,
        Some(_) => LetterKind::WaitingListJoined,
        None if asks => LetterKind::PlacesRequested,
        None => LetterKind::BookingConfirmed,
    };
    tell_leader(ctx, &mut tx, &session, id, kind, |(session, registration), url| {
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
    })
    .await?;
    letters += usize::from(registration.leader.email.is_some());
    let detail = Some(format!("{letters} letters"));
    record(ctx, &mut tx, actor, AuditAction::LettersResent, subject(&registration), detail).await?;
    tx.commit().await?;
    Ok(letters)
}
