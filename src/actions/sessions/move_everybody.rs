//! Calling a session off once everybody who fits is on another date of its course: they are told that they moved,
//! the others that it is cancelled. All of it is one transaction.

use uuid::Uuid;

use super::{
    announce::{announce, tell_all},
    change_session::{ChangeSessionError, called_off, end_places, may_change},
    news_to_come::letters_of,
};
use crate::{
    actions::{
        ActionContext,
        booking::move_places::{MoveError, MoveRequest, moved_within},
        places::settle::settle,
    },
    domain::{
        announcement::{Announcement, Told},
        audit::Actor,
        edit::Drawn,
        id::{RegistrationId, SessionCode},
        letter::Letter,
        place::PlaceStatus,
        registration::Registration,
        session::Session,
        text::Paragraph,
    },
    store::{StoreError, Tx, letter_search, outbox, registrations, session_lock, sessions},
};

/// Why nobody was moved, and nothing called off.
#[derive(Debug, thiserror::Error)]
pub enum MoveEverybodyError {
    /// The session cannot be called off.
    #[error(transparent)]
    Change(#[from] ChangeSessionError),
    /// Nobody can be moved to the other session.
    #[error("choose another date of this course that is published and not over")]
    NotThere,
}

impl From<StoreError> for MoveEverybodyError {
    fn from(error: StoreError) -> Self {
        Self::Change(error.into())
    }
}

/// A booking with places on a session that is called off.
#[derive(Debug, Clone)]
pub struct BookingFate {
    /// As it was.
    pub registration: Registration,
    /// How many places of it are concerned.
    pub places: usize,
    /// Why it is not moved, if it is not.
    pub stays: Option<Stays>,
}

/// Why a booking is not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// The other date has too few places for it.
    Full,
    /// Somebody of it may be on the other date already.
    AlreadyThere,
    /// Somebody of it was checked in on a day that has begun.
    Came,
}

/// What becomes of everybody.
#[derive(Debug, Clone, Default)]
pub struct Everybody {
    /// Each booking with a place, in the order in which they were made.
    pub fates: Vec<BookingFate>,
    /// How many bookings ask or wait for a place, and are told that it is cancelled.
    pub waiting: usize,
    /// How many people are told that it is cancelled.
    pub told: Told,
    /// The bookings on the other date that the moved have now.
    arrived: Vec<RegistrationId>,
}

impl Everybody {
    /// How many places are moved.
    pub fn moved(&self) -> usize {
        self.fates.iter().filter(|one| one.stays.is_none()).map(|one| one.places).sum()
    }
}

/// Moves whoever fits to another date of the course, in the order in which they booked, and calls the session off
/// for the rest.
///
/// # Errors
/// [`MoveEverybodyError`], in which case nothing changed.
pub async fn move_everybody(
    ctx: &ActionContext,
    actor: &Actor,
    (code, to): (&SessionCode, &SessionCode),
    (reason, drawn): (Option<&Paragraph>, Option<&Drawn>),
) -> Result<Everybody, MoveEverybodyError> {
    let mut tx = ctx.store.begin().await?;
    let (everybody, id) = within(ctx, &mut tx, actor, (code, to), (reason, drawn)).await?;
    tx.commit().await?;
    tell_all(ctx, id).await;
    Ok(everybody)
}

/// Of how many bookings the letters are looked at before they are moved.
const FEW: usize = 2;

/// What would become of everybody, and the letters of the first few of them (T4): it is done, read, and taken
/// back. Nothing is kept of it.
///
/// # Errors
/// [`MoveEverybodyError`], as moving them would.
pub async fn look_at_moving(
    ctx: &ActionContext,
    actor: &Actor,
    (code, to): (&SessionCode, &SessionCode),
    reason: Option<&Paragraph>,
) -> Result<(Everybody, Vec<Letter>), MoveEverybodyError> {
    let mut tx = ctx.store.begin().await?;
    let (everybody, id) = within(ctx, &mut tx, actor, (code, to), (reason, None)).await?;
    let mut letters = Vec::new();
    for booking in everybody.arrived.iter().take(FEW) {
        for line in letter_search::of_booking(&mut tx, *booking).await? {
            letters.extend(outbox::find(&mut tx, line.id).await?);
        }
    }
    letters.extend(letters_of(ctx, &mut tx, id, i64::try_from(FEW).unwrap_or(1)).await?);
    Ok((everybody, letters))
}

async fn within(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (code, other): (&SessionCode, &SessionCode),
    (reason, drawn): (Option<&Paragraph>, Option<&Drawn>),
) -> Result<(Everybody, Uuid), MoveEverybodyError> {
    let both = session_lock::lock_pair(tx, code, other).await?;
    let mut both = both.ok_or(MoveEverybodyError::NotThere)?;
    settle(ctx, &mut both.from()).await?;
    settle(ctx, &mut both.to()).await?;
    let from = sessions::find(&mut both.from(), code).await?;
    let from = from.ok_or(ChangeSessionError::NoSuchSession)?;
    let to = sessions::find(&mut both.to(), other).await?;
    let is_date = |to: &Session| to.course.slug == from.course.slug && to.code != from.code;
    let mut to = to.filter(is_date).ok_or(MoveEverybodyError::NotThere)?;
    may_change(&from, ctx.now())?;
    let mut everybody = Everybody::default();
    let mut bookings = registrations::of_session(&mut both.from(), code).await?;
    bookings.sort_by_key(|one| (one.booked_at, one.id.uuid()));
    for registration in bookings {
        let confirmed: Vec<_> = registration.confirmed().map(|place| place.id).collect();
        if confirmed.is_empty() {
            let waits = |one: &Registration| {
                one.places.iter().any(|place| place.state.status().is_open())
                    && one.places_in(PlaceStatus::Held).next().is_none()
            };
            everybody.waiting += usize::from(waits(&registration));
            continue;
        }
        let places = confirmed.len();
        let request = MoveRequest {
            registration: registration.id,
            places: confirmed,
            to: other.clone(),
            may_wait: false,
            apart: false,
        };
        let moved = moved_within(ctx, &mut both, actor, (&from, &to), (&request, None)).await;
        let stays = match moved {
            Ok(new) => {
                everybody.arrived.push(new.id);
                None
            }
            Err(MoveError::Full { .. }) => Some(Stays::Full),
            Err(MoveError::AlreadyThere(_)) => Some(Stays::AlreadyThere),
            Err(MoveError::Settled(_)) => Some(Stays::Came),
            Err(MoveError::Store(error)) => return Err(error.into()),
            Err(_) => return Err(MoveEverybodyError::NotThere),
        };
        if stays.is_none() {
            // With those who have just come.
            let now = sessions::find(&mut both.to(), other).await?;
            to = now.ok_or(MoveEverybodyError::NotThere)?;
        }
        everybody.fates.push(BookingFate { registration, places, stays });
    }
    let mut locked = both.from();
    let news = called_off(ctx, &mut locked, (&from, reason), drawn).await?;
    let session = code.clone();
    let announcement = Announcement { session, news, to_leaders: true, said: vec![] };
    let (id, told) = announce(ctx, &mut locked, &announcement).await?;
    end_places(ctx, &mut locked, actor, reason).await?;
    everybody.told = told;
    Ok((everybody, id))
}
