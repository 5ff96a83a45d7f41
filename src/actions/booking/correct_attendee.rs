//! Correcting who sits on a place: the same person, better spelt. What is hers stays hers: needs,
//! links, what her calendar was told and answered, attendance, feed (H1).

use super::change_attendee::{ChangeError, merge_in, open, replace};
use crate::{
    actions::{
        ActionContext,
        calendars::reconcile::Telling,
        people::know_people::still_known,
        places::opened::Opened,
        record::{Subject, record_changes},
        tell::Outgoing,
    },
    domain::{
        attendee::{Attendee, Ticks},
        audit::{Actor, AuditAction},
        edit::{Change, Drawn},
        id::{PlaceId, RegistrationId},
        place::Place,
        text::Need,
    },
    mail::letters::Withdrawal,
    store::{StoreError, places},
};

/// Writes somebody's details over what was known of her. A new spelling goes into the calendar she
/// has; a new address gets invites of its own and the old one is told to let them go.
pub(super) async fn correct(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    actor: &Actor,
    place: &Place,
    (before, now, changes): (&Attendee, Attendee, Vec<Change>),
) -> Result<(), StoreError> {
    let Opened { locked, session, registration } = opened;
    still_known(ctx, locked, actor, (place.id, registration.sender.code()), (before, &now)).await?;
    places::correct_attendee(locked, place.id, &now).await?;
    let (is_renamed, has_moved) = (before.name != now.name, before.email != now.email);
    let name = now.name.to_string();
    let corrected = Place { attendee: Some(now), ..place.clone() };
    replace(&mut registration.places, place.id, corrected);
    let words = [format!("Your name is now written {name}.")];
    let words = if is_renamed { &words[..] } else { &[] };
    let mut out = Outgoing::default();
    if has_moved {
        out.lose(place.id);
    }
    let telling = Telling { words, ..Telling::gone(Withdrawal::NewAddress) };
    out.reconcile_stored(ctx, locked, (session, registration), telling).await?;
    out.write(ctx, locked).await?;
    let subject = Subject { place: Some(place.id), ..Subject::of(registration) };
    let edited = (AuditAction::AttendeeEdited, subject);
    record_changes(ctx, locked, actor, edited, (None, changes)).await
}

/// Writes what somebody needs, and nothing else: told to nobody.
///
/// # Errors
/// [`ChangeError`], in which case nothing changed.
pub async fn keep_needs(
    ctx: &ActionContext,
    actor: &Actor,
    (id, place): (RegistrationId, PlaceId),
    (dietary, access, ticks): (Option<Need>, Option<Need>, Ticks),
    drawn: Option<Drawn>,
) -> Result<(), ChangeError> {
    let mut tx = ctx.store.begin().await?;
    let (mut opened, place) = open(ctx, &mut tx, id, place).await?;
    let known = place.attendee.as_ref().ok_or(ChangeError::NoSuchPlace)?;
    let typed = Attendee { dietary, access, ticks, ..known.clone() };
    let (now, changes) = merge_in(&mut opened, known, &typed, drawn.as_ref()).await?;
    correct(ctx, &mut opened, actor, &place, (known, now, changes)).await?;
    tx.commit().await?;
    Ok(())
}
