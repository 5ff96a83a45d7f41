//! Saying how far something is that is arranged for a session: an interpreter, word to the kitchen, a lift.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{SessionCode, StaffLogin, SupportId},
        support::{SupportKind, SupportState, pounds},
        text::{Name, Paragraph},
    },
    store::{
        StoreError, session_lock,
        supports::{self, Support},
    },
    token::row_id,
};

/// Which support of a session is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// What follows from needs that people ticked.
    OfNeeds(SupportKind),
    /// One that an organiser added.
    Added(SupportId),
    /// One that she adds now.
    New,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arranged {
    /// What it is called, where she may say so.
    pub title: Option<Name>,
    /// How far it is.
    pub state: SupportState,
    /// Who does it.
    pub by_whom: Option<Name>,
    /// What it costs, in pence.
    pub cost: Option<u32>,
    /// What to know about it.
    pub note: Option<Paragraph>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SupportError {
    /// There is no such session, or no such support of it.
    #[error("there is no such support")]
    NoSuchSupport,
    /// Nobody said what it is.
    #[error("say what it is")]
    NoTitle,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes how far a support of a session is.
///
/// # Errors
/// [`SupportError`], in which case nothing changed.
pub async fn keep_support(
    ctx: &ActionContext,
    by: &StaffLogin,
    (session, which): (&SessionCode, Which),
    arranged: Arranged,
) -> Result<(), SupportError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, session).await?;
    let mut locked = locked.ok_or(SupportError::NoSuchSupport)?;
    let known = supports::of_session(&mut locked, session).await?;
    let known = known.into_iter().find(|one| match which {
        Which::OfNeeds(kind) => one.kind == kind,
        Which::Added(id) => one.id == id,
        Which::New => false,
    });
    let (kind, title) = match (which, &arranged.title) {
        (Which::OfNeeds(kind), _) if kind.is_of_needs() => (kind, String::new()),
        (Which::Added(_), _) if known.is_none() => return Err(SupportError::NoSuchSupport),
        (_, Some(title)) => (SupportKind::Other, title.to_string()),
        (_, None) => return Err(SupportError::NoTitle),
    };
    let needed = supports::needed_on(&mut locked, session).await?.of_kind(kind);
    let support = Support {
        id: known
            .as_ref()
            .map_or_else(|| SupportId::new(row_id(&*ctx.random, &*ctx.clock)), |one| one.id),
        session: session.clone(),
        kind,
        title,
        state: arranged.state,
        people: needed,
        by_whom: arranged.by_whom,
        cost: arranged.cost,
        note: arranged.note,
        changed_by: by.clone(),
        changed_at: ctx.now(),
    };
    supports::set(&mut locked, &support).await?;
    // What it is may name somebody: the log holds no names.
    let cost = support.cost.map_or_else(String::new, |cost| format!(", {}", pounds(cost.into())));
    let detail = Some(format!("{kind}: {}{cost}", support.state));
    let (actor, about) = (Actor::Staff(by.clone()), Subject::session(session));
    record(ctx, &mut locked, &actor, AuditAction::SupportKept, about, detail).await?;
    tx.commit().await?;
    Ok(())
}
