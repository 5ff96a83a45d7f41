//! An organiser decides whether somebody is helped. What is granted is counted on the locked session, so that two who
//! decide at once never spend the same money: the second is asked.

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        sessions::gather::is_near,
    },
    domain::{
        audit::{Actor, AuditAction},
        help_budget::Over,
        help_request::{Granting, HelpDecision, HelpKind, HelpRequest, HelpState},
        id::{HelpRequestId, StaffLogin, SupportId},
        session::Publication,
        support::{SupportKind, SupportState, pounds},
    },
    store::{
        StoreError, help_offers,
        help_requests::{self, HelpSeen},
        session_lock::{self, Locked},
        sessions,
        supports::{self, Support},
    },
    token::row_id,
};

/// A decision, and what whoever decides knows.
#[derive(Debug, Clone)]
pub struct Deciding {
    /// What is decided.
    pub decision: HelpDecision,
    /// The version that her page showed; without it, what was decided before is never changed.
    pub version: Option<u32>,
    /// By how much she knows that the budget is exceeded, in pence.
    pub over: Option<u64>,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideHelpError {
    /// There is no such request.
    #[error("there is no such request")]
    NoSuchRequest,
    /// It was decided, changed or taken back since the page was drawn.
    #[error("it was decided, changed or taken back meanwhile")]
    Meanwhile(Box<HelpSeen>),
    /// Her place was given up, or the session called off: nothing can be granted.
    #[error("her place is not there any more, so that nothing can be granted")]
    Closed,
    /// More is granted than was asked.
    #[error("more than was asked, which is {}", pounds((*.0).into()))]
    MoreThanAsked(u32),
    /// Nobody said how much.
    #[error("enter how much, in pounds")]
    NoAmount,
    /// What is paid is not decided anew.
    #[error("it is paid already: say first that it was not")]
    IsPaid,
    /// A budget would be exceeded by more than she knows.
    #[error("{}", .0.iter().map(Over::words).collect::<Vec<_>>().join(", and "))]
    Over(Vec<Over>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Decides on a request, as it stands afterwards. The same decision twice is one.
///
/// # Errors
/// [`DecideHelpError`], in which case nothing changed.
pub async fn decide_help(
    ctx: &ActionContext,
    by: &StaffLogin,
    id: HelpRequestId,
    deciding: &Deciding,
) -> Result<HelpRequest, DecideHelpError> {
    let mut tx = ctx.store.begin().await?;
    let found = help_requests::find(&mut tx, id).await?.ok_or(DecideHelpError::NoSuchRequest)?;
    let locked = session_lock::lock(&mut tx, &found.request.session).await?;
    let mut locked = locked.ok_or(DecideHelpError::NoSuchRequest)?;
    let seen = help_requests::find(&mut locked, id).await?.ok_or(DecideHelpError::NoSuchRequest)?;
    let Some(decided) = decided(ctx, &mut locked, by, (&seen, deciding)).await? else {
        return Ok(seen.request);
    };
    help_requests::set(&mut locked, &decided).await?;
    log(ctx, &mut locked, by, (&seen, &decided)).await?;
    if decided.state == HelpState::Granted && decided.wanted.kind == HelpKind::Childcare {
        to_arrange(ctx, &mut locked, by).await?;
    }
    tx.commit().await?;
    Ok(decided)
}

/// The request with the decision; nothing where it is decided so already.
async fn decided(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    by: &StaffLogin,
    (seen, deciding): (&HelpSeen, &Deciding),
) -> Result<Option<HelpRequest>, DecideHelpError> {
    let known = &seen.request;
    let (granted, reason) = match &deciding.decision {
        HelpDecision::Grant(granting) => (granting_of(known, granting)?, None),
        HelpDecision::Refuse(reason) => (Granting::default(), Some(reason.clone())),
        HelpDecision::Later => (Granting::default(), None),
    };
    let state = deciding.decision.state();
    if known.state == state && known.granted == granted && known.reason == reason {
        return Ok(None);
    }
    let is_fresh = match deciding.version {
        Some(version) => version == known.version,
        None => known.state.is_undecided(),
    };
    if !is_fresh || known.state == HelpState::Withdrawn {
        return Err(DecideHelpError::Meanwhile(Box::new(seen.clone())));
    }
    if known.paid.is_some() {
        return Err(DecideHelpError::IsPaid);
    }
    let session = sessions::find(locked, &known.session).await?;
    let session = session.ok_or(DecideHelpError::NoSuchRequest)?;
    let is_on = session.publication == Publication::Published;
    if state == HelpState::Granted && !(is_on && seen.is_coming) {
        return Err(DecideHelpError::Closed);
    }
    let over = over(locked, known, &granted, deciding.over).await?;
    // Another reason is news even where the answer is the same.
    let told = known.told.clone().filter(|_| known.reason.is_none() || known.reason == reason);
    let decided = HelpRequest {
        state,
        granted,
        over,
        reason,
        told,
        decided: Some((by.clone(), ctx.now())),
        version: known.version + 1,
        ..known.clone()
    };
    let wait = if is_near(ctx, &session) { Duration::zero() } else { ctx.gather };
    Ok(Some(decided.to_be_told(ctx.now(), wait)))
}

/// What is granted: what was asked, where nobody says how much.
fn granting_of(known: &HelpRequest, granting: &Granting) -> Result<Granting, DecideHelpError> {
    let asked = known.wanted.amount;
    let amount = granting.amount.or(asked);
    match (amount, asked) {
        (None, _) if known.wanted.kind.needs_amount() => Err(DecideHelpError::NoAmount),
        (Some(amount), Some(asked)) if amount > asked => Err(DecideHelpError::MoreThanAsked(asked)),
        _ => Ok(Granting { amount, ..granting.clone() }),
    }
}

/// By how much a budget is exceeded knowingly, if it is.
async fn over(
    locked: &mut Locked<'_>,
    known: &HelpRequest,
    granted: &Granting,
    knows: Option<u64>,
) -> Result<Option<u32>, DecideHelpError> {
    let Some(amount) = granted.amount else { return Ok(None) };
    let budget = help_offers::of_session(locked, &known.session).await?.budget();
    let kind = known.wanted.kind;
    let before = match known.state {
        HelpState::Granted => known.granted.amount.unwrap_or_default(),
        _ => 0,
    };
    let spent = help_requests::spent(locked, &known.session).await?.without(kind, before);
    let over = budget.over(&spent, kind, amount);
    let by = over.iter().map(|one| one.by).max();
    match by {
        Some(by) if knows.is_none_or(|knows| knows < by) => Err(DecideHelpError::Over(over)),
        by => Ok(by.map(|by| u32::try_from(by).unwrap_or(u32::MAX))),
    }
}

/// Childcare that was granted is something to arrange, like an interpreter, who follows from what is granted.
async fn to_arrange(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    by: &StaffLogin,
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let title = HelpKind::Childcare.name();
    let known = supports::of_session(locked, &session).await?;
    let stands = |one: &Support| one.title == title && one.state != SupportState::NotNeeded;
    if known.iter().any(stands) {
        return Ok(());
    }
    let support = Support {
        id: SupportId::new(row_id(&*ctx.random, &*ctx.clock)),
        session: session.clone(),
        kind: SupportKind::Other,
        title: title.to_owned(),
        state: SupportState::ToArrange,
        people: 0,
        by_whom: None,
        cost: None,
        note: None,
        changed_by: by.clone(),
        changed_at: ctx.now(),
    };
    supports::set(locked, &support).await?;
    let (actor, about) = (Actor::Staff(by.clone()), Subject::session(&session));
    let said = Some(format!("{}: {}", support.kind, support.state));
    record(ctx, locked, &actor, AuditAction::SupportKept, about, said).await
}

/// The log says how much and whether that was over the budget, never why she asked.
async fn log(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    by: &StaffLogin,
    (seen, decided): (&HelpSeen, &HelpRequest),
) -> Result<(), StoreError> {
    let amount = decided.granted_words().map(|amount| format!(" {amount}"));
    let over = decided.over.map(|over| format!(", {} over the budget", pounds(over.into())));
    let (kind, state) = (decided.wanted.kind, decided.state);
    let said = format!("{kind}: {state}{}{}", amount.unwrap_or_default(), over.unwrap_or_default());
    let subject = Subject {
        session: Some(decided.session.clone()),
        registration: Some(seen.registration),
        place: Some(decided.place),
        about: None,
    };
    let actor = Actor::Staff(by.clone());
    record(ctx, locked, &actor, AuditAction::HelpDecided, subject, Some(said)).await
}
