//! Giving people something to read, calling it otherwise, and taking it away.

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        handout::{HandedOut, Handout, MOST, Paper, Readership},
        id::HandoutId,
        text::Name,
    },
    store::{StoreError, Tx, handouts},
    token::{Attempt, row_id},
};

/// What is handed out.
#[derive(Debug)]
pub struct NewHandout {
    /// Where.
    pub of: HandedOut,
    /// What it is called.
    pub title: Name,
    /// The link or the file.
    pub paper: Paper,
    /// What stands in the file.
    pub content: Option<Vec<u8>>,
    /// Who may read it.
    pub audience: Readership,
}

/// Why nothing was handed out.
#[derive(Debug, thiserror::Error)]
pub enum HandOutError {
    /// There are as many as anybody reads.
    #[error("there are {MOST} already. Remove one first")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn subject(of: &HandedOut) -> Subject {
    match of {
        HandedOut::Session(code) => Subject::session(code),
        HandedOut::Course(slug) => Subject::about(AuditedRecord::Course(slug.clone())),
    }
}

async fn log(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (action, handout): (AuditAction, &Handout),
) -> Result<(), StoreError> {
    let detail = Some(format!("{}, for whoever {}", handout.kind(), who(handout.audience)));
    record(ctx, tx, actor, action, subject(&handout.of), detail).await
}

const fn who(audience: Readership) -> &'static str {
    match audience {
        Readership::Confirmed => "has a place",
        Readership::Came => "came",
    }
}

/// Hands it out from now on.
///
/// # Errors
/// [`HandOutError`], in which case nothing changed.
pub async fn hand_out(
    ctx: &ActionContext,
    actor: &Actor,
    new: NewHandout,
    attempt: Option<&Attempt>,
) -> Result<HandoutId, HandOutError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(before) = made_before(ctx, &mut tx, "handout", attempt).await? {
        return Ok(key(&before)?);
    }
    if handouts::of(&mut tx, &new.of).await?.len() >= MOST {
        return Err(HandOutError::TooMany);
    }
    let handout = Handout {
        id: HandoutId::new(row_id(&*ctx.random, &*ctx.clock)),
        of: new.of,
        title: new.title,
        paper: new.paper,
        audience: new.audience,
        added_at: ctx.now(),
    };
    handouts::insert(&mut tx, &handout, new.content.as_deref()).await?;
    log(ctx, &mut tx, actor, (AuditAction::HandoutAdded, &handout)).await?;
    made(&mut tx, attempt, &handout.id.to_string()).await?;
    tx.commit().await?;
    Ok(handout.id)
}

/// Calls it otherwise, or has it for others.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn change_handout(
    ctx: &ActionContext,
    actor: &Actor,
    handout: &Handout,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    handouts::update(&mut tx, handout).await?;
    log(ctx, &mut tx, actor, (AuditAction::HandoutChanged, handout)).await?;
    tx.commit().await
}

/// Takes it away, with its file. Taking it away twice is once.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn take_away(
    ctx: &ActionContext,
    actor: &Actor,
    handout: &Handout,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    if handouts::remove(&mut tx, handout.id).await? {
        log(ctx, &mut tx, actor, (AuditAction::HandoutRemoved, handout)).await?;
    }
    tx.commit().await
}
