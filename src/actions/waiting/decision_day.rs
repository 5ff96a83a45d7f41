//! Telling everybody who asked on one day: what is decided until then is noted and its places are promised; on the
//! day each answer is given as if it were decided then, so that what people are told is true when they read it.

use chrono::{DateTime, Utc};

use super::decide_request::{DecideError, DecidedPlaces, Decision, decide, room_of};
use crate::{
    actions::{
        ActionContext,
        places::opened::Opened,
        record::{Subject, record},
    },
    domain::{
        application::{self, Verdict},
        audit::{Actor, AuditAction},
        id::{RegistrationId, SessionCode, StaffLogin},
        place::PlaceStatus,
        session::{Publication, Session},
    },
    store::{StoreError, Tx, applications, session_lock},
};

/// Why the day is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DayError {
    /// There is no such session, or it was called off.
    #[error("this session is not open any more")]
    NoSuchSession,
    /// The moment is past, or after the session begins.
    #[error("choose a moment that is still to come, before the session begins")]
    NotThen,
    /// Somebody was decided on, and would never be told.
    #[error("somebody is decided on already; tell everybody first, or take those answers back")]
    Undone,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// When everybody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Each as soon as she is decided on.
    AtOnce,
    /// At a moment.
    At(DateTime<Utc>),
    /// When somebody says so.
    OnWord,
}

/// Chooses when everybody is told who asks for places on a session.
///
/// # Errors
/// [`DayError`], in which case nothing changed.
pub async fn choose_day(
    ctx: &ActionContext,
    by: &StaffLogin,
    code: &SessionCode,
    when: When,
) -> Result<(), DayError> {
    let mut tx = ctx.store.begin().await?;
    let mut locked = session_lock::lock(&mut tx, code).await?.ok_or(DayError::NoSuchSession)?;
    let session = crate::store::sessions::find(&mut locked, code).await?;
    let session = session.filter(|one| one.publication == Publication::Published);
    let session = session.ok_or(DayError::NoSuchSession)?;
    let detail = match when {
        When::AtOnce => {
            if !applications::decisions(&mut locked, code).await?.is_empty() {
                return Err(DayError::Undone);
            }
            applications::no_day(&mut locked, code).await?;
            "at once".to_owned()
        }
        When::OnWord => {
            applications::set_day(&mut locked, code, None, by, ctx.now()).await?;
            "when somebody says so".to_owned()
        }
        When::At(at) => {
            let is_late = session.starts_at().is_none_or(|starts| at >= starts);
            if at <= ctx.now() || is_late {
                return Err(DayError::NotThen);
            }
            applications::set_day(&mut locked, code, Some(at), by, ctx.now()).await?;
            at.to_rfc3339()
        }
    };
    let (actor, subject) = (Actor::Staff(by.clone()), Subject::session(code));
    let action = AuditAction::DecisionDayChosen;
    record(ctx, &mut locked, &actor, action, subject, Some(detail)).await?;
    tx.commit().await?;
    Ok(())
}

impl Decision {
    fn verdict(&self) -> Verdict {
        match self {
            Self::Approve => Verdict::Approve,
            Self::Wait => Verdict::Wait,
            Self::Refuse { .. } => Verdict::Refuse,
        }
    }

    /// The same as it was noted.
    pub fn noted(decided: &application::UntoldDecision) -> Self {
        match decided.verdict {
            Verdict::Approve => Self::Approve,
            Verdict::Wait => Self::Wait,
            Verdict::Refuse => Self::Refuse { reason: decided.reason.clone() },
        }
    }
}

/// Notes an answer where its session waits for a day; `None` where it is to be given at once.
pub(super) async fn noted(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    id: RegistrationId,
    decision: &Decision,
) -> Result<Option<DecidedPlaces>, DecideError> {
    let opened = Opened::lock_settled(ctx, tx, id).await?.ok_or(DecideError::NothingAsked)?;
    let Opened { mut locked, mut session, registration } = opened;
    let day = applications::day(&mut locked, &session.code).await?;
    if !day.is_some_and(|day| day.holds_at(ctx.now())) {
        return Ok(None);
    }
    let asked = registration.places_in(PlaceStatus::Requested).count();
    if asked == 0 {
        return Err(DecideError::NothingAsked);
    }
    if session.publication != Publication::Published || session.is_over(ctx.now()) {
        return Err(DecideError::TooLate);
    }
    let asked = u32::try_from(asked).unwrap_or(u32::MAX);
    without_own_promise(&mut locked, &mut session, id).await?;
    let places = match decision {
        Decision::Approve => room_of(&mut locked, &session, &registration, asked).await?,
        Decision::Wait | Decision::Refuse { .. } => 0,
    };
    let reason = match decision {
        Decision::Refuse { reason } => reason.clone(),
        Decision::Approve | Decision::Wait => None,
    };
    let (verdict, by, at) = (decision.verdict(), actor.clone(), ctx.now());
    let decided = application::UntoldDecision { verdict, reason, places, by, at };
    applications::decide(&mut locked, id, &decided).await?;
    let detail = Some(format!("{verdict}, {asked} places, told later"));
    let (action, subject) = (AuditAction::RequestDecided, Subject::of(&registration));
    record(ctx, &mut locked, actor, action, subject, detail).await?;
    let (places, others) = (places as usize, (asked - places.min(asked)) as usize);
    Ok(Some(match decision {
        Decision::Refuse { .. } => {
            DecidedPlaces { refused: places + others, is_noted: true, ..DecidedPlaces::default() }
        }
        Decision::Approve | Decision::Wait => DecidedPlaces {
            confirmed: places,
            waiting: others,
            is_noted: true,
            ..DecidedPlaces::default()
        },
    }))
}

/// The session as it stands for whom something is promised on it: her own promise is hers to take.
pub(super) async fn without_own_promise(
    conn: &mut crate::store::Conn,
    session: &mut Session,
    id: RegistrationId,
) -> Result<(), StoreError> {
    if session.occupancy.promised == 0 {
        return Ok(());
    }
    if let Some(own) = applications::decision(conn, id).await? {
        let promised = session.occupancy.promised;
        session.occupancy.promised = promised.saturating_sub(own.places);
    }
    Ok(())
}

/// Takes an answer back that was noted and not told; whether there was one.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn take_back_noted(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(opened) = Opened::lock(&mut tx, id).await? else { return Ok(false) };
    let Opened { mut locked, registration, .. } = opened;
    let was_there = applications::take_back(&mut locked, id).await?;
    if was_there {
        let (action, subject) = (AuditAction::AnswerTakenBack, Subject::of(&registration));
        record(ctx, &mut locked, actor, action, subject, None).await?;
        crate::actions::places::settle::offer_freed(ctx, &mut locked).await?;
    }
    tx.commit().await?;
    Ok(was_there)
}

/// Tells everybody of a session now who is decided on; how many bookings.
///
/// # Errors
/// [`DayError`]; who was told before is told.
pub async fn tell_everybody(
    ctx: &ActionContext,
    by: &StaffLogin,
    code: &SessionCode,
) -> Result<usize, DayError> {
    let mut tx = ctx.store.begin().await?;
    let mut locked = session_lock::lock(&mut tx, code).await?.ok_or(DayError::NoSuchSession)?;
    applications::set_day(&mut locked, code, Some(ctx.now()), by, ctx.now()).await?;
    let (actor, subject) = (Actor::Staff(by.clone()), Subject::session(code));
    let (action, detail) = (AuditAction::DecisionDayChosen, Some("now".to_owned()));
    record(ctx, &mut locked, &actor, action, subject, detail).await?;
    tx.commit().await?;
    Ok(tell(ctx, code).await?)
}

/// Tells everybody whose day has come; how many bookings.
///
/// # Errors
/// [`StoreError`]; who was told before is told.
pub async fn tell_due(ctx: &ActionContext) -> Result<usize, StoreError> {
    let due = applications::due(&mut ctx.store.read().await?, ctx.now()).await?;
    let mut told = 0;
    for code in due {
        told += tell(ctx, &code).await?;
    }
    Ok(told)
}

/// Gives the answers that were noted, in the order in which they were decided, each in a transaction of its own:
/// whoever is cut short, or comes second, goes on with the rest.
async fn tell(ctx: &ActionContext, code: &SessionCode) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    let noted = applications::decisions(&mut conn, code).await?;
    drop(conn);
    let mut told = 0;
    for (id, _) in noted {
        told += usize::from(tell_one(ctx, id).await?);
    }
    Ok(told)
}

async fn tell_one(ctx: &ActionContext, id: RegistrationId) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock_of_registration(&mut tx, id).await? else {
        return Ok(false);
    };
    // Somebody else may have told her, or taken it back, meanwhile.
    let Some(decided) = applications::decision(&mut locked, id).await? else { return Ok(false) };
    let is_told = match decide(ctx, &mut tx, &decided.by, id, Decision::noted(&decided)).await {
        Ok(_) => true,
        // She asks no more, or the session was called off, and she was told of that.
        Err(DecideError::NothingAsked | DecideError::TooLate) => false,
        Err(DecideError::Store(error)) => return Err(error),
    };
    if let Some(mut locked) = session_lock::lock_of_registration(&mut tx, id).await? {
        applications::take_back(&mut locked, id).await?;
    }
    tx.commit().await?;
    Ok(is_told)
}
