//! Booking several evenings of a series in one step: all of it in one transaction, each evening by the verb that
//! books any session, and one letter for the whole.

use super::{
    book_places::{BookRequest, Booked, Telling, book_in},
    channel::Extent,
    confirm_evenings::{Evening, tell_together},
    hold_evenings::{EveningsError, chosen},
    refusals::{BookError, HoldError},
};
use crate::{
    actions::{
        ActionContext,
        questions::answer::{Answers, save_of},
        tell::Outgoing,
    },
    domain::{
        audit::Actor,
        id::{RegistrationId, SeriesId, SessionCode},
        place::PlaceStatus,
        series::IfFull,
    },
    store::{StoreError, Tx, registrations, series, series_bookings, session_lock, sessions},
    token::Token,
};

/// What of a series is booked at once.
#[derive(Debug, Clone)]
pub struct BookEvenings {
    /// Which series.
    pub series: SeriesId,
    /// The evenings; none stands for all that can be booked.
    pub evenings: Vec<SessionCode>,
    /// What becomes of it where one is full.
    pub if_full: IfFull,
    /// What is booked on each; its session is none of them in particular.
    pub each: BookRequest,
}

/// Bookings that were made at once, now or by the same attempt before.
#[derive(Debug, Clone)]
pub struct BookedEvenings {
    /// Each with its session, in order of time.
    pub all: Vec<Evening>,
    /// The one whose link the leader has.
    pub lead: RegistrationId,
    /// Her link.
    pub token: Token,
    /// Whether an earlier request had made them.
    pub repeated: bool,
}

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookEveningsError {
    /// As for holding places on them.
    #[error(transparent)]
    Evenings(#[from] EveningsError),
    /// An evening cannot be booked like this.
    #[error("{1}")]
    On(SessionCode, BookError),
}

impl From<StoreError> for BookEveningsError {
    fn from(error: StoreError) -> Self {
        Self::Evenings(error.into())
    }
}

/// Books some evenings of a series, or all: whoever fits has a place at once, the others wait or are asked for; or
/// nothing is booked where an evening is full, as the leader chose. Booking twice is booking once.
///
/// # Errors
/// [`BookEveningsError`], in which case nothing was booked and nobody told.
pub async fn book_evenings(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookEvenings,
    answered: Option<&Answers>,
) -> Result<BookedEvenings, BookEveningsError> {
    let mut tx = ctx.store.begin().await?;
    let codes = series::codes(&mut tx, &request.series).await?;
    session_lock::lock_all(&mut tx, codes.iter()).await?;
    let series = series::find(&mut tx, &request.series).await?;
    let series = series.ok_or(EveningsError::NoSuchSeries)?;
    let extent = Extent::of(series.bookable);
    let known = match &request.each.attempt {
        Some(attempt) => registrations::find_attempt(&mut tx, attempt).await?,
        None => None,
    };
    let evenings = match known {
        // What was booked before is answered again, also when nothing more can be booked.
        Some((id, _)) => lead_session(&mut tx, id).await?,
        None => chosen(&series, &request.evenings, ctx)?,
    };
    let mut made: Vec<Booked> = Vec::with_capacity(evenings.len());
    for (number, code) in evenings.iter().enumerate() {
        let on = |error| BookEveningsError::On(code.clone(), error);
        let mut each = BookRequest { session: code.clone(), ..request.each.clone() };
        each.attempt = each.attempt.filter(|_| number == 0);
        let booked = book_in(ctx, &mut tx, (actor, extent), each, Telling::Together).await;
        let booked = booked.map_err(on)?;
        if booked.repeated {
            // Its answer has a link of its own.
            let again = again(&mut tx, booked).await?;
            tx.commit().await?;
            return Ok(again);
        }
        if let Some(answered) = answered.filter(|one| !one.is_empty()) {
            save_of(ctx, &mut tx, &booked.registration, answered).await?;
        }
        let lead = made.first().map_or(booked.registration.id, |one| one.registration.id);
        series_bookings::join(&mut tx, &[booked.registration.id], lead, request.if_full).await?;
        made.push(booked);
    }
    let waits = |one: &&Booked| one.registration.places_in(PlaceStatus::Waiting).next().is_some();
    let full: Vec<_> =
        made.iter().filter(waits).map(|one| one.registration.session.clone()).collect();
    if request.if_full == IfFull::Every && !full.is_empty() {
        return Err(EveningsError::Full(full).into());
    }
    let first = made.first().map(|one| (one.registration.id, one.token.clone()));
    let (lead, token) = first.ok_or(EveningsError::NoSuchSeries)?;
    let all = with_sessions(&mut tx, made.into_iter().map(|one| one.registration.id)).await?;
    let mut out = Outgoing::default();
    tell_together(ctx, &mut out, &all, lead);
    out.write(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(BookedEvenings { all, lead, token, repeated: false })
}

async fn lead_session(
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Vec<SessionCode>, BookEveningsError> {
    let lead = registrations::find(tx, id).await?;
    Ok(lead.map(|one| one.session).into_iter().collect())
}

/// What the same attempt made before.
async fn again(tx: &mut Tx, booked: Booked) -> Result<BookedEvenings, BookEveningsError> {
    let lead = booked.registration.id;
    let together = series_bookings::of(tx, lead).await?;
    let ids =
        together.map_or_else(|| vec![lead], |one| one.all.iter().map(|(id, _)| *id).collect());
    let all = with_sessions(tx, ids).await?;
    Ok(BookedEvenings { all, lead, token: booked.token, repeated: true })
}

/// Bookings with their sessions, in order of time.
async fn with_sessions(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = RegistrationId>,
) -> Result<Vec<Evening>, BookEveningsError> {
    let mut all = Vec::new();
    for id in ids {
        let found = registrations::find(tx, id).await?;
        let booking = found.ok_or(EveningsError::Hold(HoldError::NoSuchSession))?;
        let session = sessions::find(tx, &booking.session).await?;
        let session = session.ok_or(EveningsError::Hold(HoldError::NoSuchSession))?;
        all.push((session, booking));
    }
    all.sort_by_key(|(session, _)| session.starts_at());
    Ok(all)
}
