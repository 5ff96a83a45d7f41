//! The organiser's answer to places that were asked for (B1, B7).

use super::settle::{offer_freed, settle, tell_leader};
use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::standing,
            hold_places::subject,
            seat::{Party, share},
        },
        calendars::invite::send_invites,
        record::record,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::RegistrationId,
        letter::LetterKind,
        place::{Place, PlaceState, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
        text::Paragraph,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        places::{self, Change},
        registrations, sessions,
    },
};

/// What an organiser answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// They may come: a place at once for as many as fit, as their leader chose; the others wait.
    Approve,
    /// They may come once there is room, after those who wait already.
    Wait,
    /// They cannot come.
    Refuse {
        /// Why, for the leader to read.
        reason: Option<Paragraph>,
    },
}

/// What became of the places that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decided {
    /// How many people have a place now because of it.
    pub confirmed: usize,
    /// How many wait.
    pub waiting: usize,
    /// How many were refused.
    pub refused: usize,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// Nothing is asked for under this registration any more.
    #[error("nothing is asked for under this booking any more")]
    NothingAsked,
    /// The session was called off or is over.
    #[error("the session is cancelled or over")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers all the places a registration asked for, and tells its people.
///
/// # Errors
/// [`DecideError`], in which case nothing changed.
pub async fn decide_request(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    decision: Decision,
) -> Result<Decided, DecideError> {
    let mut tx = ctx.store.begin().await?;
    let found = registrations::find(&mut tx, id).await?.ok_or(DecideError::NothingAsked)?;
    sessions::lock(&mut tx, &found.session).await?;
    settle(ctx, &mut tx, &found.session).await?;
    let session =
        sessions::find(&mut tx, &found.session).await?.ok_or(DecideError::NothingAsked)?;
    let registration = registrations::find(&mut tx, id).await?.ok_or(DecideError::NothingAsked)?;
    let asked: Vec<Place> = registration.places_in(PlaceStatus::Requested).cloned().collect();
    if asked.is_empty() {
        return Err(DecideError::NothingAsked);
    }
    let is_over = session.ends_at().is_none_or(|end| end <= ctx.now());
    if session.publication != Publication::Published || is_over {
        return Err(DecideError::TooLate);
    }
    let states = states(&mut tx, &session, &registration, &decision, asked.len()).await?;
    let why = match &decision {
        Decision::Refuse { reason } => reason.as_ref().map(Paragraph::as_str),
        _ => None,
    };
    let change = Change { by: actor, at: ctx.now(), why };
    for (place, state) in asked.iter().zip(&states) {
        if let Ok(state) = place.state.becomes(*state) {
            places::set_state(&mut tx, place.id, state, change).await?;
        }
    }
    let count = |status| states.iter().filter(|state| state.status() == status).count();
    let decided = Decided {
        confirmed: count(PlaceStatus::Confirmed),
        waiting: count(PlaceStatus::Waiting),
        refused: count(PlaceStatus::Refused),
    };
    tell(ctx, &mut tx, &session, &asked, id, &decision).await?;
    let action = match decision {
        Decision::Approve => AuditAction::RequestApproved,
        Decision::Wait => AuditAction::RequestWaits,
        Decision::Refuse { .. } => AuditAction::RequestRefused,
    };
    let detail = Some(format!("{} places", asked.len()));
    record(ctx, &mut tx, actor, action, subject(&registration), detail).await?;
    offer_freed(ctx, &mut tx, &session.code).await?;
    tx.commit().await?;
    Ok(decided)
}

/// The state each place that was asked for gets. Whoever waits already has gone first: the session
/// is settled, so what is free fits none of them.
async fn states(
    tx: &mut Tx,
    session: &Session,
    registration: &Registration,
    decision: &Decision,
    asked: usize,
) -> Result<Vec<PlaceState>, StoreError> {
    if matches!(decision, Decision::Refuse { .. }) {
        return Ok(vec![PlaceState::Refused; asked]);
    }
    let party = Party {
        sender: &registration.sender,
        team: registration.team,
        vouched: true,
        decided: true,
    };
    let now = match decision {
        Decision::Approve => {
            let places = u32::try_from(asked).unwrap_or(u32::MAX);
            share(tx, session, party, places).await?.now as usize
        }
        _ => 0,
    };
    let queue = match (asked - now, registration.queue()) {
        (0, _) => 0,
        (_, Some(queue)) => queue,
        _ => sessions::next_queue_number(tx, &session.code).await?,
    };
    let mut states = vec![PlaceState::Confirmed; now];
    states.resize(asked, PlaceState::Waiting { queue });
    Ok(states)
}

async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    asked: &[Place],
    id: RegistrationId,
    decision: &Decision,
) -> Result<(), StoreError> {
    let Some(after) = registrations::find(tx, id).await? else { return Ok(()) };
    for place in after.confirmed().filter(|place| asked.iter().any(|one| one.id == place.id)) {
        send_invites(ctx, tx, session, &after, place).await?;
    }
    let position = standing(tx, &after).await?;
    let kind = match (decision, position) {
        (Decision::Refuse { .. }, _) => LetterKind::RequestRefused,
        (_, Some(_)) if after.confirmed().next().is_none() => LetterKind::WaitingListJoined,
        _ => LetterKind::BookingConfirmed,
    };
    tell_leader(ctx, tx, session, id, kind, |(session, registration), url| {
        let sender = &ctx.sender;
        match (decision, position) {
            (Decision::Refuse { reason }, _) => {
                letters::request_refused(sender, session, registration, reason.as_ref(), url)
            }
            (_, Some(position)) if kind == LetterKind::WaitingListJoined => {
                letters::waiting_list_joined(sender, session, registration, position, url)
            }
            _ => letters::booking_confirmed(sender, session, registration, url),
        }
    })
    .await
}
