//! Taking an offer back: its places go to the next in line, and whoever had it waits on with the same number.

use super::answer_offer::{OfferError, open, wait_instead};
use crate::{
    actions::{
        ActionContext,
        places::{opened::Opened, settle::offer_freed},
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        place::{PlaceState, PlaceStatus},
        text::{Message, Paragraph},
        waiting_list::REST,
    },
    mail::letters,
    store::{
        StoreError,
        places::{self, Cause},
        registrations,
    },
};

/// Withdraws what is offered to a booking, and tells its leader why.
///
/// # Errors
/// [`OfferError`], in which case nothing changed.
pub async fn withdraw_offer(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    why: &Paragraph,
) -> Result<(), OfferError> {
    let mut tx = ctx.store.begin().await?;
    let Some(opened) = open(ctx, &mut tx, id).await? else {
        tx.commit().await?;
        return Err(OfferError::NoOffer);
    };
    let Opened { mut locked, session, mut registration } = opened;
    let cause = Cause { by: actor, at: ctx.now(), why: Some(why.as_str()) };
    for place in registration.places_in_mut(PlaceStatus::Offered) {
        let PlaceState::Offered { queue, .. } = place.state else { continue };
        let declined = place.becomes(PlaceState::Declined).map_err(StoreError::from)?;
        places::set_states(&mut locked, &[declined], cause).await?;
        wait_instead(ctx, &mut locked, id, place.clone(), queue, cause).await?;
    }
    // Otherwise the same places would be offered to her at once.
    registrations::rest(&mut locked, id, ctx.now() + REST).await?;
    let words = format!(
        "We kept a place for you on {} and have to take this offer back.\n\n{}\n\nYou are on the waiting list \
         as before, with the same number. We do not ask you again for a day.",
        session.course.title,
        why.as_str()
    );
    if let Ok(Some(body)) = Message::parse_optional(&words) {
        let subject = "The place we kept for you is not yours to take now";
        let name = registration.leader.name.to_string();
        let mut out = Outgoing::default();
        let about = (&session, &registration);
        out.tell_leader(ctx, about, LetterKind::OfferLapsed, |(session, _), _| {
            letters::message(&ctx.letterhead, session, std::slice::from_ref(&name), subject, &body)
        });
        out.write(ctx, &mut locked).await?;
    }
    let (action, detail) = (AuditAction::OfferWithdrawn, Some(why.as_str().to_owned()));
    record(ctx, &mut locked, actor, action, Subject::of(&registration), detail).await?;
    offer_freed(ctx, &mut locked).await?;
    tx.commit().await?;
    Ok(())
}
