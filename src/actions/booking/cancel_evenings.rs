//! Giving up all evenings of a booking that are to come, at once.

use super::cancel_places::{CancelError, ToLeader, Which, give_up};
use crate::{
    actions::{ActionContext, places::opened::Opened, tell::Outgoing},
    domain::{
        audit::Actor,
        edit::Drawn,
        id::RegistrationId,
        letter::LetterKind,
        place::Place,
        registration::Registration,
        session::{Publication, Session},
        text::Paragraph,
    },
    mail::letters::{self, Withdrawal},
    store::{StoreError, Tx, registrations, series_bookings, session_lock},
};

/// Whether somebody who holds the link of `one` looks after `other` as well, which was made with it: it may have been
/// given to somebody else since.
pub fn looks_after(one: &Registration, other: &Registration) -> bool {
    one.id == other.id || (one.leader == other.leader && other.booked_at.is_some())
}

/// Whether an evening of a booking can be given up still.
pub fn can_give_up(
    session: &Session,
    registration: &Registration,
    now: chrono::DateTime<chrono::Utc>,
) -> bool {
    let is_open = |place: &Place| place.state.status().is_open();
    session.publication == Publication::Published
        && !session.is_over(now)
        && registration.booked_at.is_some()
        && registration.places.iter().any(is_open)
}

/// What a page that asks about giving up evenings was drawn from: who sits on the places of each.
pub fn drawn_from_evenings<'a>(bookings: impl IntoIterator<Item = &'a Registration>) -> Drawn {
    let shown: Vec<_> = bookings.into_iter().map(shown).collect();
    Drawn::of_shown(shown.iter().map(|(key, names)| (key.as_str(), names.as_str())))
}

fn shown(registration: &Registration) -> (String, String) {
    let open = registration.places.iter().filter(|place| place.state.status().is_open());
    let name = |place: &Place| {
        let name = place.attendee.as_ref().map(|attendee| attendee.name.to_string());
        name.unwrap_or_else(|| "Name to follow".to_owned())
    };
    let names: Vec<_> = open.map(name).collect();
    (format!("evening-{}", registration.reference), names.join(", "))
}

/// Cancels every evening of a booking that is to come, offers on what that frees, and tells everybody concerned: the
/// leader in one letter. On how many evenings there was something to cancel; doing it twice is doing it once.
///
/// # Errors
/// [`CancelError`], in which case nothing changed.
pub async fn cancel_evenings(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    why: Option<&Paragraph>,
    drawn: Option<&Drawn>,
) -> Result<usize, CancelError> {
    let together = series_bookings::of(&mut ctx.store.read().await?, id).await?;
    let Some(together) = together else { return Ok(0) };
    let mut tx = ctx.store.begin().await?;
    session_lock::lock_all(&mut tx, together.all.iter().map(|(_, session)| session)).await?;
    let Some(own) = registrations::find(&mut tx, id).await? else { return Ok(0) };
    let mut gone = Vec::new();
    for (other, _) in &together.all {
        let Some(opened) = Opened::lock(&mut tx, *other).await? else { continue };
        let (session, registration) = (&opened.session, &opened.registration);
        if !looks_after(&own, registration) || !can_give_up(session, registration, ctx.now()) {
            continue;
        }
        let (key, names) = shown(registration);
        if drawn.is_some_and(|drawn| !drawn.shows(&key, &names)) {
            return Err(CancelError::SomebodyElse(names));
        }
        let told = (actor, Withdrawal::CancelledByLeader);
        match give_up(ctx, opened, told, (Which::All, why), ToLeader::Together).await {
            Ok((_, session, registration)) => gone.push((session, registration)),
            // Somebody was checked in there already: that evening stays as it was.
            Err(CancelError::Settled(_)) => {}
            Err(error) => return Err(error),
        }
    }
    gone.sort_by_key(|(session, _)| session.starts_at());
    tell(ctx, &mut tx, &own, &gone).await?;
    tx.commit().await?;
    Ok(gone.len())
}

async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    own: &Registration,
    gone: &[(Session, Registration)],
) -> Result<(), StoreError> {
    let Some((session, registration)) = gone.first() else { return Ok(()) };
    let mut out = Outgoing::default();
    let about = gone.iter().find(|(_, one)| one.id == own.id);
    let about = about.map_or((session, registration), |(session, one)| (session, one));
    out.tell_leader(ctx, about, LetterKind::PlacesCancelled, |about, url| {
        letters::evenings_cancelled(&ctx.letterhead, about, gone, url)
    });
    out.write(ctx, tx).await
}
