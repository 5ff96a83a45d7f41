//! More people on a booking that was sent off, as many as one booking may have. Whoever comes first stays
//! where she is.

use super::{
    hold_places::nobody_there,
    refusals::{BookError, HoldError},
    seat::{Seats, seat},
};
use crate::{
    actions::{
        ActionContext,
        places::{already::NamedPeople, opened::Opened, share::Party},
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{BookingStatus, Session},
    },
    mail::letters,
    store::{
        StoreError, Tx, attempts,
        places::{self, Cause},
        registrations,
    },
    token::Attempt,
};

/// Who comes as well.
#[derive(Debug, Clone)]
pub struct AddRequest {
    /// The booking.
    pub registration: RegistrationId,
    /// Who; `None` where the name is to follow.
    pub attendee: Option<Attendee>,
    /// Whether she was said to be somebody else than her namesake on the session (H2).
    pub apart: bool,
    /// The form it was asked by: sending it twice adds one (V3).
    pub attempt: Option<Attempt>,
}

/// Adds one person: she has a place if there is one, waits where there is a waiting list, or is asked for
/// where the organiser decides (B1, B2, B7). The leader gets a letter, and so does whoever has an address.
///
/// # Errors
/// [`BookError`], in which case the booking is as it was.
pub async fn add_person(
    ctx: &ActionContext,
    actor: &Actor,
    request: AddRequest,
) -> Result<PlaceStatus, BookError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock_settled(ctx, &mut tx, request.registration).await?;
    let opened = opened.ok_or(BookError::NoSuchRegistration)?;
    let Opened { mut locked, session, mut registration } = opened;
    if registration.booked_at.is_none() {
        return Err(BookError::NotSentOff);
    }
    if let Some(attempt) = &request.attempt
        && let Some(made) = attempts::claim(&mut locked, attempt, "person", ctx.now()).await?
    {
        let made = registration.places.iter().find(|place| place.id.to_string() == made);
        return Ok(made.map_or(PlaceStatus::Cancelled, |place| place.state.status()));
    }
    if let (Actor::Leader, Some(series)) = (actor, session.whole_series()) {
        return Err(HoldError::WholeSeries(series.clone()).into());
    }
    match session.booking_status(ctx.now()) {
        BookingStatus::Open { .. } => {}
        // Whoever takes a call adds people as she books them: until the last day ends.
        BookingStatus::NotYetOpen { .. } | BookingStatus::Closed
            if matches!(actor, Actor::Staff(_)) => {}
        status => return Err(HoldError::NotOpen(status).into()),
    }
    let most = session.places_per_booking;
    if open_places(&registration) >= most as usize {
        return Err(HoldError::WrongNumber { most }.into());
    }
    let number = registration.places.iter().map(|place| place.number).max().unwrap_or(0) + 1;
    if !request.apart {
        let named = [(number, request.attendee.as_ref())];
        let asked = NamedPeople::new(named, registration.sender.code(), &[]);
        nobody_there(&mut locked, actor, &asked).await?;
    }
    let party = Party {
        sender: &registration.sender,
        team: registration.team,
        vouched: false,
        decided: matches!(actor, Actor::Staff(_)),
    };
    let Seats { states, lacks } =
        seat(&mut locked, &session, party, &[request.attendee.as_ref()]).await?;
    if lacks && registration.nomination.is_none() {
        return Err(BookError::NominationMissing);
    }
    let more = ctx.places(number, vec![request.attendee], states);
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    places::insert(&mut locked, registration.id, &more, cause).await?;
    let asked = registration.asked.max(number);
    registrations::set_asked(&mut locked, registration.id, asked).await?;
    let added = more[0].clone();
    if let Some(attempt) = &request.attempt {
        attempts::save(&mut locked, attempt, &added.id.to_string()).await?;
    }
    registration.places.extend(more);
    tell(ctx, &mut locked, actor, (&session, &registration), &added).await?;
    tx.commit().await?;
    Ok(added.state.status())
}

/// A letter to the leader, an invite to whoever was added if she has a place, and a line in the log.
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (session, registration): (&Session, &Registration),
    added: &Place,
) -> Result<(), StoreError> {
    let mut out = Outgoing::default();
    if added.state.status() == PlaceStatus::Confirmed {
        out.invites(ctx, (session, registration), std::iter::once(added));
    }
    out.tell_leader(ctx, (session, registration), LetterKind::BookingConfirmed, |about, url| {
        letters::booking_confirmed(&ctx.letterhead, about.0, about.1, url)
    });
    out.write(ctx, tx).await?;
    let action = match added.state.status() {
        PlaceStatus::Requested => AuditAction::PlacesRequested,
        PlaceStatus::Waiting => AuditAction::WaitingListJoined,
        _ => AuditAction::PlacesBooked,
    };
    let detail = Some("1 place, added".to_owned());
    record(ctx, tx, actor, action, Subject::of(registration), detail).await
}

/// How many of a booking's places are open.
fn open_places(registration: &Registration) -> usize {
    registration.places.iter().filter(|place| place.state.status().is_open()).count()
}
