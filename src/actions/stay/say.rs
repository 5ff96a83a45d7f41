//! Somebody says how she stays: under her own link, or whoever booked or the office on her word.

use crate::{
    actions::{
        ActionContext,
        edit::{States, merged},
        places::opened::Opened,
        record::{Subject, record_changes},
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::{Conflicts, Drawn, Merged},
        id::{PlaceId, RegistrationId},
        place::PlaceStatus,
        session::{Publication, Session},
        stay::{Stay, StayFault},
    },
    store::{StoreError, audit::Edited, stays},
};

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum StayError {
    /// There is no such place, it is not confirmed, nobody is named on it, or it is not hers.
    #[error(
        "there is no place here to say it for: it is not confirmed yet, has no name, or was given up"
    )]
    NoSuchPlace,
    /// Nobody stays overnight on the session.
    #[error("nobody stays overnight on this session")]
    NobodyStays,
    /// Rooms were given out, the session takes no more changes, or it is over.
    #[error("rooms were given out, or the session takes no more changes")]
    TooLate,
    /// It does not lie within the session.
    #[error(transparent)]
    Fault(#[from] StayFault),
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<Stay>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Box<Conflicts<Stay>>> for StayError {
    fn from(conflicts: Box<Conflicts<Stay>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// Keeps what somebody says of her stay. Nobody is told; the log says what changed, not to what.
///
/// # Errors
/// [`StayError`], in which case nothing changed.
pub async fn say_stay(
    ctx: &ActionContext,
    actor: &Actor,
    (id, place): (RegistrationId, PlaceId),
    typed: &Stay,
    drawn: Option<&Drawn>,
) -> Result<(), StayError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(StayError::NoSuchPlace)?;
    let Opened { mut locked, session, registration } = opened;
    let is_hers = registration.places.iter().any(|one| {
        let is_confirmed = one.state.status() == PlaceStatus::Confirmed;
        one.id == place && is_confirmed && one.attendee.is_some()
    });
    if !is_hers {
        return Err(StayError::NoSuchPlace);
    }
    may_say(ctx, actor, &session)?;
    let known = stays::of_place(&mut locked, place).await?;
    let present = known.clone().unwrap_or_default();
    let states = States { drawn, present: &present, sent: typed };
    let edited = Edited::Booking(registration.id);
    let Merged { record: stay, changes } =
        merged::<_, StayError>(&mut locked, &edited, states, session.zone()).await?;
    if let Some(fault) = stay.faults(&session.sittings).first() {
        return Err(StayError::Fault(*fault));
    }
    // That all is as usual is an answer too.
    if known.is_none() || !changes.is_empty() {
        stays::save(&mut locked, place, &stay, (actor, ctx.now())).await?;
        let subject = Subject { place: Some(place), ..Subject::of(&registration) };
        let what = (AuditAction::StaySaid, subject);
        record_changes(ctx, &mut locked, actor, what, (None, changes)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The office may put right what was said for as long as the session is not over.
fn may_say(ctx: &ActionContext, actor: &Actor, session: &Session) -> Result<(), StayError> {
    if session.nights().is_empty() {
        return Err(StayError::NobodyStays);
    }
    let is_office = matches!(actor, Actor::Staff(_) | Actor::CommandLine);
    let may = match is_office {
        true => session.publication == Publication::Published && !session.is_over(ctx.now()),
        false => session.takes_stays_at(ctx.now()),
    };
    if may { Ok(()) } else { Err(StayError::TooLate) }
}
