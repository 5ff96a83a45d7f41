//! News to people of a booking that was loaded without letters: what changes is the first they hear
//! of us.

use crate::{
    actions::{ActionContext, tell::Outgoing},
    domain::{
        announcement::News, letter::LetterKind, place::PlaceStatus, registration::Registration,
        session::Session,
    },
    mail::letters,
    store::{StoreError, Tx, outbox::About, registrations},
};

/// Notes that a booking is told now, if it was not before. A session that is called off is told to
/// each of its people in plain words, since no calendar has anything to take out.
pub(super) async fn first_news(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, registration): (&Session, &Registration),
    news: &News,
) -> Result<(), StoreError> {
    if registration.untold_since.is_none() {
        return Ok(());
    }
    registrations::mark_told(tx, registration.id).await?;
    let mut out = Outgoing::default();
    let gone = registration.places_in(PlaceStatus::Cancelled);
    let gone = gone.filter(|_| matches!(news, News::Cancelled { .. }));
    for place in gone.filter(|place| !registration.is_leaders(place)) {
        let Some(attendee) = &place.attendee else { continue };
        let Some(address) = &attendee.email else { continue };
        let name = attendee.name.to_string();
        let content =
            letters::called_off(&ctx.letterhead, session, &name).of(&registration.reference);
        let to = (Some(name), address.clone());
        let letter = ctx.letter(LetterKind::Withdrawn, to, content, None);
        out.letter(letter, About { registration: Some(registration.id), place: Some(place.id) });
    }
    out.write(ctx, tx).await
}
