//! Giving up one place, or all of a registration's.

use crate::{
    actions::{
        ActionContext,
        calendars::reconcile::Telling,
        places::{let_go::places_let_go, opened::Opened, settle::offer_freed},
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::Drawn,
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        place::{Place, PlaceState, PlaceStatus},
        registration::Registration,
        session::{Session, Settled},
        text::Paragraph,
        waiting_list::REST,
    },
    mail::letters::{self, Withdrawal},
    store::{
        StoreError,
        places::{self, Cause},
        registrations,
    },
};

/// Why nothing was cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// What happened cannot be undone: it is over, or somebody was checked in.
    #[error(transparent)]
    Settled(#[from] Settled),
    /// Somebody else sits there than whom the page showed (V2).
    #[error("{0} is on that place now, not who was there when the page was opened")]
    SomebodyElse(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which places of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One of them.
    One(PlaceId),
    /// All that are still open.
    All,
    /// Those that wait: leaving the list.
    Waiting,
}

/// Cancels places, offers on what that frees, and tells everybody concerned; cancelling twice is cancelling once. Returns the
/// names of those who do not come any more.
///
/// # Errors
/// [`CancelError`], in which case nothing changed.
pub async fn cancel_places(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    which: Which,
    why: Option<&Paragraph>,
) -> Result<Vec<String>, CancelError> {
    cancel_as_shown(ctx, actor, id, (which, why), None).await
}

/// The same from a page that showed whose places they are: nothing is cancelled where somebody else
/// sits there now (V2).
///
/// # Errors
/// [`CancelError`], in which case nothing changed.
pub async fn cancel_as_shown(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    (which, why): (Which, Option<&Paragraph>),
    drawn: Option<&Drawn>,
) -> Result<Vec<String>, CancelError> {
    let mut tx = ctx.store.begin().await?;
    let Some(opened) = Opened::lock(&mut tx, id).await? else { return Ok(Vec::new()) };
    let open = |place: &&Place| wanted(place, which) && place.state.status().is_open();
    for place in opened.registration.places.iter().filter(open) {
        let (key, name) = shown(place);
        if drawn.is_some_and(|drawn| !drawn.shows(&key, &name)) {
            return Err(CancelError::SomebodyElse(name));
        }
    }
    let cancelled = cancel_opened(ctx, opened, actor, which, why).await?;
    tx.commit().await?;
    Ok(cancelled)
}

pub(super) fn shown(place: &Place) -> (String, String) {
    let name = place.attendee.as_ref().map(|attendee| attendee.name.to_string());
    (format!("place-{}", place.number), name.unwrap_or_else(|| "Name to follow".to_owned()))
}

/// What a page that asks about cancelling was drawn from: who sits on the places it shows.
pub fn drawn_from<'a>(places: impl IntoIterator<Item = &'a Place>) -> Drawn {
    let shown: Vec<_> = places.into_iter().map(shown).collect();
    Drawn::of_shown(shown.iter().map(|(key, name)| (key.as_str(), name.as_str())))
}

/// The same for a booking that is open already.
pub(in crate::actions) async fn cancel_opened(
    ctx: &ActionContext,
    opened: Opened<'_>,
    actor: &Actor,
    which: Which,
    why: Option<&Paragraph>,
) -> Result<Vec<String>, CancelError> {
    let told = match actor {
        Actor::Attendee => Withdrawal::CancelledByAttendee,
        Actor::Calendar => Withdrawal::DeclinedByCalendar,
        _ => Withdrawal::CancelledByLeader,
    };
    cancel_telling(ctx, opened, (actor, told), which, why).await
}

/// Gives up the place of somebody who has another on the session: nobody is told that she does not come.
///
/// # Errors
/// [`CancelError`], in which case nothing changed.
pub(in crate::actions) async fn absorb_place(
    ctx: &ActionContext,
    opened: Opened<'_>,
    actor: &Actor,
    place: PlaceId,
) -> Result<(), CancelError> {
    let told = (actor, Withdrawal::HasAnother);
    cancel_telling(ctx, opened, told, Which::One(place), None).await?;
    Ok(())
}

/// How the leader learns of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ToLeader {
    /// By a letter of its own.
    Alone,
    /// By one letter with what else is given up, which whoever gives it up writes.
    Together,
}

async fn cancel_telling(
    ctx: &ActionContext,
    opened: Opened<'_>,
    told: (&Actor, Withdrawal),
    which: Which,
    why: Option<&Paragraph>,
) -> Result<Vec<String>, CancelError> {
    let gone = give_up(ctx, opened, told, (which, why), ToLeader::Alone).await?;
    Ok(gone.0)
}

/// Gives places up: the names of those who had them, and the booking as it stands then.
pub(super) async fn give_up(
    ctx: &ActionContext,
    opened: Opened<'_>,
    (actor, told): (&Actor, Withdrawal),
    (which, why): (Which, Option<&Paragraph>),
    leader: ToLeader,
) -> Result<(Vec<String>, Session, Registration), CancelError> {
    let Opened { mut locked, session, mut registration } = opened;
    let tx = &mut locked;
    let id = registration.id;
    let is_meant = |place: &Place| wanted(place, which) && place.state.status().is_open();
    let meant: Vec<_> = registration.places.iter().filter(|one| is_meant(one)).collect();
    places_let_go(tx, &session, &meant, ctx.now()).await??;
    let gives_back = registration.places_in(PlaceStatus::Offered).any(|one| wanted(one, which));
    let cause = Cause { by: actor, at: ctx.now(), why: why.map(Paragraph::as_str) };
    let (mut cancelled, mut out) = (Vec::new(), Outgoing::default());
    for place in registration.places.iter_mut().filter(|one| is_meant(one)) {
        let gone = place.becomes(PlaceState::Cancelled).map_err(StoreError::from)?;
        places::set_states(tx, &[gone], cause).await?;
        out.lose(place.id);
        let subject = Subject {
            session: Some(session.code.clone()),
            registration: Some(id),
            place: Some(place.id),
            about: None,
        };
        record(ctx, tx, actor, AuditAction::PlaceCancelled, subject, None).await?;
        let name = place.attendee.as_ref().map(|attendee| attendee.name.to_string());
        let name = name.unwrap_or_else(|| "Name to follow".to_owned());
        cancelled.push(match told {
            Withdrawal::HasAnother => format!("{name} (still comes, on another booking)"),
            _ => name,
        });
    }
    if cancelled.is_empty() {
        return Ok((cancelled, session, registration));
    }
    let telling = Telling::gone(told);
    out.reconcile_stored(ctx, tx, (&session, &registration), telling).await?;
    if registration.booked_at.is_some() && leader == ToLeader::Alone {
        let kind = LetterKind::PlacesCancelled;
        out.tell_leader(ctx, (&session, &registration), kind, |(session, registration), url| {
            letters::places_cancelled(&ctx.letterhead, session, registration, &cancelled, url)
        });
    }
    out.write(ctx, tx).await?;
    // Whoever gives an offered place back is not offered it again.
    if gives_back {
        registrations::rest(tx, id, ctx.now() + REST).await?;
    }
    offer_freed(ctx, tx).await?;
    Ok((cancelled, session, registration))
}

fn wanted(place: &Place, which: Which) -> bool {
    match which {
        Which::One(id) => place.id == id,
        Which::All => true,
        Which::Waiting => place.state.status() == PlaceStatus::Waiting,
    }
}
