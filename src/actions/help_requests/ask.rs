//! Somebody asks for help with her place, changes what she asks, or takes it back.

use crate::{
    actions::{
        ActionContext,
        places::opened::Opened,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        help_request::{Granting, HelpKind, HelpRequest, HelpState, HelpWanted},
        id::{HelpRequestId, PlaceId, RegistrationId},
        place::PlaceStatus,
    },
    store::{
        StoreError, help_offers,
        help_requests::{self, HelpSeen},
        session_lock::Locked,
    },
    token::row_id,
};

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskHelpError {
    /// There is no such place, or it is not open any more, or nobody is named on it.
    #[error("this place is not there any more: it was given up or taken back")]
    NoSuchPlace,
    /// The session does not offer that.
    #[error("this session does not help with that")]
    NotOffered,
    /// The session is over or called off.
    #[error("the session takes no more changes")]
    TooLate,
    /// It was decided, or paid, before.
    #[error("{}", match .0 {
        HelpState::Granted => "it is granted already. Write to the organisers if something has changed",
        _ => "the organisers have said no to it. Write to them if something has changed",
    })]
    Decided(HelpState),
    /// What is to be taken back is paid.
    #[error("it is paid already. Write to the organisers if something has changed")]
    IsPaid,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn of_kind(
    opened: &mut Opened<'_>,
    place: PlaceId,
    kind: HelpKind,
) -> Result<Option<HelpSeen>, StoreError> {
    let all = help_requests::of_place(&mut opened.locked, place).await?;
    Ok(all.into_iter().find(|one| one.request.wanted.kind == kind))
}

async fn log(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    (actor, place): (&Actor, PlaceId),
    said: String,
) -> Result<(), StoreError> {
    let subject = Subject { place: Some(place), ..Subject::of(&opened.registration) };
    record(ctx, &mut opened.locked, actor, AuditAction::HelpAsked, subject, Some(said)).await
}

/// Asks for help, or for something else than before while nobody has decided. What is asked twice is asked once.
///
/// # Errors
/// [`AskHelpError`], in which case nothing changed.
pub async fn ask_for_help(
    ctx: &ActionContext,
    actor: &Actor,
    (id, place): (RegistrationId, PlaceId),
    wanted: &HelpWanted,
) -> Result<(), AskHelpError> {
    let mut tx = ctx.store.begin().await?;
    let mut opened = Opened::lock(&mut tx, id).await?.ok_or(AskHelpError::NoSuchPlace)?;
    let sits = opened.registration.places.iter().find(|one| one.id == place);
    let sits = sits.ok_or(AskHelpError::NoSuchPlace)?;
    let status = sits.state.status();
    if !status.is_open() || status == PlaceStatus::Held || sits.attendee.is_none() {
        return Err(AskHelpError::NoSuchPlace);
    }
    if !opened.session.accepts_changes_at(ctx.now()) {
        return Err(AskHelpError::TooLate);
    }
    let known = of_kind(&mut opened, place, wanted.kind).await?.map(|one| one.request);
    let offered = help_offers::of_session(&mut opened.locked, &opened.session.code).await?;
    let is_offered = offered.offers.iter().any(|one| one.kind == wanted.kind);
    let (request, said) = match known {
        Some(known) if matches!(known.state, HelpState::Granted | HelpState::Refused) => {
            return Err(AskHelpError::Decided(known.state));
        }
        Some(known) if known.state.is_undecided() && known.wanted == *wanted => return Ok(()),
        // What was asked while it was offered can still be changed.
        Some(known) if known.state.is_undecided() => {
            let version = known.version + 1;
            let state = HelpState::Asked;
            let wanted = wanted.clone();
            (HelpRequest { state, wanted, changed_at: ctx.now(), version, ..known }, "changed")
        }
        _ if !is_offered => return Err(AskHelpError::NotOffered),
        known => (new(ctx, &opened, place, wanted, known), "asked"),
    };
    help_requests::set(&mut opened.locked, &request).await?;
    let said = format!("{}: {said}", wanted.kind);
    log(ctx, &mut opened, (actor, place), said).await?;
    tx.commit().await?;
    Ok(())
}

/// A request as if nothing had been asked before.
fn new(
    ctx: &ActionContext,
    opened: &Opened<'_>,
    place: PlaceId,
    wanted: &HelpWanted,
    before: Option<HelpRequest>,
) -> HelpRequest {
    let id = || HelpRequestId::new(row_id(&*ctx.random, &*ctx.clock));
    HelpRequest {
        id: before.as_ref().map_or_else(id, |one| one.id),
        place,
        session: opened.session.code.clone(),
        wanted: wanted.clone(),
        state: HelpState::Asked,
        asked_at: ctx.now(),
        changed_at: ctx.now(),
        granted: Granting::default(),
        over: None,
        reason: None,
        decided: None,
        paid: None,
        version: before.map_or(1, |one| one.version + 1),
        tell_at: None,
        told: None,
    }
}

/// What somebody asked for and nobody decided goes with her to another session, as far as that one helps with it. What
/// was granted stays where the money is: whoever decided sees that she does not come.
pub(in crate::actions) async fn take_help_along(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    places: &[(PlaceId, PlaceId)],
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let offered = help_offers::of_session(locked, &session).await?.offers;
    for (old, new) in places {
        for HelpSeen { request, .. } in help_requests::of_place(locked, *old).await? {
            let helps = offered.iter().any(|one| one.kind == request.wanted.kind);
            if !request.state.is_undecided() || !helps {
                continue;
            }
            let id = HelpRequestId::new(row_id(&*ctx.random, &*ctx.clock));
            let (state, version) = (HelpState::Withdrawn, request.version + 1);
            let along = HelpRequest {
                id,
                place: *new,
                session: session.clone(),
                state: HelpState::Asked,
                version: 1,
                ..request.clone()
            };
            help_requests::set(locked, &along).await?;
            let left = HelpRequest { state, version, changed_at: ctx.now(), ..request };
            help_requests::set(locked, &left).await?;
        }
    }
    Ok(())
}

/// Takes back what was asked, be it granted: the money is free again. Whether there was anything to take back.
///
/// # Errors
/// [`AskHelpError`], in which case nothing changed.
pub async fn take_back_help(
    ctx: &ActionContext,
    actor: &Actor,
    (id, place): (RegistrationId, PlaceId),
    kind: HelpKind,
) -> Result<bool, AskHelpError> {
    let mut tx = ctx.store.begin().await?;
    let mut opened = Opened::lock(&mut tx, id).await?.ok_or(AskHelpError::NoSuchPlace)?;
    let known = of_kind(&mut opened, place, kind).await?.map(|one| one.request);
    let asks = |one: &HelpRequest| one.state.is_undecided() || one.state == HelpState::Granted;
    let Some(known) = known.filter(asks) else { return Ok(false) };
    if known.paid.is_some() {
        return Err(AskHelpError::IsPaid);
    }
    let (state, version) = (HelpState::Withdrawn, known.version + 1);
    // Whoever takes it back need not be told what was decided before.
    let tell_at = None;
    let request = HelpRequest { state, changed_at: ctx.now(), version, tell_at, ..known };
    help_requests::set(&mut opened.locked, &request).await?;
    log(ctx, &mut opened, (actor, place), format!("{kind}: taken back")).await?;
    tx.commit().await?;
    Ok(true)
}
