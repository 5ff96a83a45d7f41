//! Letting somebody else come instead: she starts afresh on a place of her own, so that nothing that
//! hangs on the old one passes to her: no needs, no answers, no attendance, no link (H1).

use super::change_attendee::{replace, tell_of_somebody_new};
use crate::{
    actions::{
        ActionContext, calendars::reconcile::Telling, places::opened::Opened, tell::Outgoing,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        place::{Place, PlaceState},
    },
    mail::letters::Withdrawal,
    store::{
        StoreError, answers,
        places::{self, Cause},
        rooms, stays,
    },
};

/// Puts a place of the newcomer's in the stead of the one that `before` sat on: with the same number,
/// in the same state, with the same turn in the queue.
pub(super) async fn swap(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    actor: &Actor,
    place: &Place,
    (before, typed): (&Attendee, Attendee),
) -> Result<(), StoreError> {
    let Opened { locked, session, registration } = opened;
    let cause = Cause { by: actor, at: ctx.now(), why: Some("somebody else comes") };
    let mut left = place.clone();
    let gone = left.becomes(PlaceState::Cancelled)?;
    places::set_states(locked, &[gone], cause).await?;
    places::supersede(locked, place.id).await?;
    answers::leave_behind(locked, place.id).await?;
    stays::leave_behind(locked, place.id).await?;
    rooms::leave_behind(locked, place.id).await?;
    let attendee = Some(typed.instead_of(before));
    let new = Place { id: ctx.place_id(), attendee, ..place.clone() };
    let cause = Cause { why: None, ..cause };
    places::insert(locked, registration.id, std::slice::from_ref(&new), cause).await?;
    replace(&mut registration.places, place.id, new.clone());
    let mut out = Outgoing::default();
    out.lose(place.id);
    let telling = Telling::gone(Withdrawal::Replaced);
    out.reconcile_stored(ctx, locked, (session, registration), telling).await?;
    tell_of_somebody_new(ctx, opened, actor, out, (Some((place.id, before)), &new)).await
}
