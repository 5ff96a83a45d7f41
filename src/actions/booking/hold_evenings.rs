//! Holding places on several evenings of a series at once (B10): on each by the rules of its own session.

use super::{
    channel::{Channel, Extent},
    hold_again::hold_one_again,
    hold_places::{
        Held, HoldRequest, OPEN_HOLDS, begun, bookable, extend_one, fits, held_places, insert,
        nobody_there, refuse_hoarding, release,
    },
    refusals::HoldError,
};
use crate::{
    actions::{
        ActionContext,
        places::{already::NamedPeople, settle::offer_freed},
        record::{Subject, record},
        tell::leader_link,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{RegistrationId, SeriesId, SessionCode},
        registration::Registration,
        series::{Bookable, IfFull, Series},
        session::{BookingMode, Session},
    },
    store::{
        StoreError, Tx, networks, queue,
        registrations::{self, Origin},
        seated, series, series_bookings, session_lock, sessions,
    },
};

/// What of a series a leader asks to have held.
#[derive(Debug, Clone)]
pub struct EveningsRequest {
    /// Which series.
    pub series: SeriesId,
    /// The evenings; none stands for all that can be booked.
    pub evenings: Vec<SessionCode>,
    /// What becomes of it where one is full.
    pub if_full: IfFull,
    /// What is held on each; its session is none of them in particular.
    pub each: HoldRequest,
}

/// Why nothing of a series was held or booked.
#[derive(Debug, thiserror::Error)]
pub enum EveningsError {
    /// There is no such series, or nothing of it can be booked now.
    #[error("there is no such series, or none of its evenings can be booked now")]
    NoSuchSeries,
    /// An evening that was chosen cannot be booked, or belongs to another series.
    #[error("one of the evenings cannot be booked any more: choose again")]
    NotOffered(SessionCode),
    /// The series is booked as a whole, and something was left out.
    #[error("the evenings of this series are booked together")]
    WholeOnly,
    /// On these there is not enough room.
    #[error("there is not enough room on every evening")]
    Full(Vec<SessionCode>),
    /// On none of them is there enough room, so that nothing can be held.
    #[error("there is not enough room on any evening")]
    AllFull,
    /// One of them cannot be booked like this.
    #[error("{1}")]
    Evening(SessionCode, HoldError),
    /// The booking cannot be made like this.
    #[error(transparent)]
    Hold(#[from] HoldError),
}

impl From<StoreError> for EveningsError {
    fn from(error: StoreError) -> Self {
        Self::Hold(HoldError::Store(error))
    }
}

/// Holds places on each of some evenings: all that are asked for, or as many as there are for a leader who chose
/// that. The one whose link she gets is the first with most of them.
///
/// # Errors
/// [`EveningsError`], in which case nothing is held and an earlier hold is as it was.
pub async fn hold_evenings(
    ctx: &ActionContext,
    request: EveningsRequest,
) -> Result<Held, EveningsError> {
    let mut tx = ctx.store.begin().await?;
    let each = &request.each;
    let earlier = match each.instead_of {
        Some(id) => earlier(&mut tx, id).await?,
        None => Vec::new(),
    };
    let codes = series::codes(&mut tx, &request.series).await?;
    let all = codes.iter().chain(earlier.iter().map(|(_, code)| code));
    session_lock::lock_all(&mut tx, all).await?;
    if let Some(attempt) = &each.attempt
        && let Some((registration, _)) = registrations::find_attempt(&mut tx, attempt).await?
    {
        let token = leader_link(ctx, &mut tx, registration).await?;
        tx.commit().await?;
        return Ok(Held { registration, token });
    }
    let series = series::find(&mut tx, &request.series).await?;
    let series = series.ok_or(EveningsError::NoSuchSeries)?;
    let evenings = chosen(&series, &request.evenings, ctx)?;
    if let Some(network) = each.network.as_deref() {
        refuse_hoarding(ctx, &mut tx, (network, each.instead_of), each.places).await?;
    }
    for (id, code) in &earlier {
        let locked = session_lock::lock(&mut tx, code).await?;
        let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
        release(ctx, &mut locked, *id).await?;
    }
    if let Some(email) = &each.leader.email
        && queue::open_holds_of(&mut tx, email, ctx.now()).await? >= OPEN_HOLDS
    {
        return Err(HoldError::TooMany.into());
    }
    let mut held = Vec::with_capacity(evenings.len());
    for code in &evenings {
        held.push(begin_evening(ctx, &mut tx, &request, (code, series.bookable)).await?);
    }
    let lead = write(ctx, &mut tx, &request, held).await?;
    for (_, code) in &earlier {
        if let Some(mut locked) = session_lock::lock(&mut tx, code).await? {
            offer_freed(ctx, &mut locked).await?;
        }
    }
    let token = leader_link(ctx, &mut tx, lead).await?;
    tx.commit().await?;
    Ok(Held { registration: lead, token })
}

/// The bookings that a new one replaces, with their sessions.
async fn earlier(
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Vec<(RegistrationId, SessionCode)>, StoreError> {
    if let Some(together) = series_bookings::of(tx, id).await? {
        return Ok(together.all);
    }
    let alone = registrations::find(tx, id).await?;
    Ok(alone.map(|one| (one.id, one.session)).into_iter().collect())
}

/// The evenings that are booked, if they can be: of a series that is booked as a whole, all.
pub(super) fn chosen(
    series: &Series,
    asked: &[SessionCode],
    ctx: &ActionContext,
) -> Result<Vec<SessionCode>, EveningsError> {
    let offered: Vec<_> = series.offered(ctx.now()).iter().map(|one| one.code.clone()).collect();
    if offered.is_empty() {
        return Err(EveningsError::NoSuchSeries);
    }
    if asked.is_empty() {
        return Ok(offered);
    }
    if let Some(other) = asked.iter().find(|code| !offered.contains(code)) {
        return Err(EveningsError::NotOffered(other.clone()));
    }
    let chosen: Vec<_> = offered.iter().filter(|code| asked.contains(code)).cloned().collect();
    if series.bookable == Bookable::Whole && chosen.len() < offered.len() {
        return Err(EveningsError::WholeOnly);
    }
    Ok(chosen)
}

/// What is held on one evening, not yet written.
async fn begin_evening(
    ctx: &ActionContext,
    tx: &mut Tx,
    request: &EveningsRequest,
    (code, of): (&SessionCode, Bookable),
) -> Result<(Session, Registration), EveningsError> {
    let each = HoldRequest { session: code.clone(), ..request.each.clone() };
    let on = |error: HoldError| match error {
        HoldError::Store(error) => EveningsError::from(error),
        error => EveningsError::Evening(code.clone(), error),
    };
    let locked = session_lock::lock(tx, code).await?;
    let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
    let way = (Channel::Public, Extent::of(of));
    bookable(ctx, &mut locked, each.places, way).await.map_err(on)?;
    // What was given back a moment ago is free again.
    let session = sessions::find(&mut locked, code).await?.ok_or(HoldError::NoSuchSession)?;
    let mut registration = begun(ctx, &session, &each);
    let herself = each.leader_comes.then(|| each.leader.attends());
    if let (Some(herself), false) = (&herself, each.apart) {
        let asked = NamedPeople::new([(1, Some(herself))], registration.sender.code(), &[]);
        nobody_there(&mut locked, &Actor::Visitor, &asked).await.map_err(on)?;
    }
    let held = match fits(&mut locked, &session, &registration, each.places).await {
        Ok(held) => held,
        Err(HoldError::NotEnough { .. } | HoldError::InstitutionLimit { .. })
            if request.if_full == IfFull::Every || can_wait(&session) =>
        {
            0
        }
        Err(error) => return Err(on(error)),
    };
    registration.places = held_places(ctx, held, herself);
    Ok((session, registration))
}

/// Whether whoever does not fit can wait, or ask all the same.
fn can_wait(session: &Session) -> bool {
    session.waiting_list || session.mode == BookingMode::Approval
}

/// Writes what is held on all evenings; the booking whose link the leader gets.
async fn write(
    ctx: &ActionContext,
    tx: &mut Tx,
    request: &EveningsRequest,
    held: Vec<(Session, Registration)>,
) -> Result<RegistrationId, EveningsError> {
    let short = held.iter().filter(|(_, one)| one.places.len() < request.each.places as usize);
    let short: Vec<_> = short.map(|(session, _)| session.code.clone()).collect();
    if request.if_full == IfFull::Every && !short.is_empty() {
        return Err(EveningsError::Full(short));
    }
    // The first of those with most places: only there can everybody be named who has one.
    let lead = held.iter().rev().max_by_key(|(_, one)| one.places.len());
    let lead = lead.filter(|(_, one)| !one.places.is_empty()).map(|(_, one)| one.id);
    let lead = lead.ok_or(EveningsError::AllFull)?;
    let mut ids = Vec::with_capacity(held.len());
    for (session, mut registration) in held {
        let attempt = request.each.attempt.as_deref().filter(|_| registration.id == lead);
        let origin = Origin { source: "web", attempt, fingerprint: None, at: ctx.now() };
        let locked = session_lock::lock(tx, &session.code).await?;
        let mut locked = locked.ok_or(HoldError::NoSuchSession)?;
        insert(ctx, &mut locked, &mut registration, origin).await?;
        if let (true, Some(first)) = (request.each.apart, registration.places.first()) {
            seated::say_apart(&mut locked, &[first.id], true).await?;
        }
        let (action, subject) = (AuditAction::PlacesHeld, Subject::of(&registration));
        let detail = Some(format!("{} places", registration.places.len()));
        record(ctx, &mut locked, &Actor::Visitor, action, subject, detail).await?;
        ids.push(registration.id);
    }
    // A network holds what it holds of one session: an evening more is no place more of it.
    if let Some(network) = &request.each.network {
        networks::note(tx, lead, network).await?;
    }
    series_bookings::join(tx, &ids, lead, request.if_full).await?;
    Ok(lead)
}

/// Makes a hold longer, on all evenings it is for.
pub(super) async fn extend_all(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<(), HoldError> {
    let together = series_bookings::lock(tx, id).await?;
    extend_one(ctx, tx, id).await?;
    for (other, _) in together.iter().flat_map(|one| &one.all).filter(|(one, _)| *one != id) {
        match extend_one(ctx, tx, *other).await {
            // Where nothing is held, people will wait.
            Ok(()) | Err(HoldError::NotEnough { .. } | HoldError::AlreadyExtended) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Holds again what ran out, on all evenings it was for.
pub(super) async fn all_again(
    ctx: &ActionContext,
    tx: &mut Tx,
    (id, network): (RegistrationId, Option<&str>),
) -> Result<(), HoldError> {
    let Some(together) = series_bookings::lock(tx, id).await? else {
        hold_one_again(ctx, tx, (id, network), Extent::Alone).await?;
        return Ok(());
    };
    // Whether they are booked as a whole was seen to when they were chosen.
    let asked = hold_one_again(ctx, tx, (id, network), Extent::Whole).await?;
    let others = together.all.iter().filter(|(one, _)| *one != id);
    for (other, _) in others {
        match hold_one_again(ctx, tx, (*other, None), Extent::Whole).await {
            Ok(held) if held < asked && together.if_full == IfFull::Every => {
                return Err(HoldError::NotEnough { free: held });
            }
            Ok(_) => {}
            // Who cannot be held a place will wait, or leaves the evening out.
            Err(
                HoldError::NotEnough { .. }
                | HoldError::InstitutionLimit { .. }
                | HoldError::WrongNumber { .. }
                | HoldError::NotOpen(_),
            ) if together.if_full == IfFull::Room => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
