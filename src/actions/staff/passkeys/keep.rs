//! Looking after passkeys: names, removal, and the one time somebody is offered one.

use super::{PasskeyError, are_available};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PasskeyId, StaffLogin},
        text::Name,
    },
    store::{StoreError, passkeys},
};

/// Gives one's own passkey another name.
///
/// # Errors
/// [`PasskeyError`].
pub async fn rename_passkey(
    ctx: &ActionContext,
    login: &StaffLogin,
    id: PasskeyId,
    name: &Name,
) -> Result<(), PasskeyError> {
    let mut tx = ctx.store.begin().await?;
    if !passkeys::rename(&mut tx, login, id, name.as_str()).await? {
        return Err(PasskeyError::NoSuchPasskey);
    }
    Ok(tx.commit().await?)
}

/// Removes one's own passkey: it signs nobody in any more.
///
/// # Errors
/// [`PasskeyError`].
pub async fn remove_passkey(
    ctx: &ActionContext,
    login: &StaffLogin,
    id: PasskeyId,
) -> Result<(), PasskeyError> {
    let mut tx = ctx.store.begin().await?;
    if !passkeys::remove(&mut tx, login, id).await? {
        return Err(PasskeyError::NoSuchPasskey);
    }
    let actor = Actor::Staff(login.clone());
    record(ctx, &mut tx, &actor, AuditAction::PasskeyRemoved, Subject::default(), None).await?;
    Ok(tx.commit().await?)
}

/// Removes all passkeys of an account, say because a phone was stolen; how many there were.
pub async fn remove_all_passkeys(
    ctx: &ActionContext,
    actor: &Actor,
    login: &StaffLogin,
) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let removed = passkeys::remove_all(&mut tx, login).await?;
    if removed > 0 {
        let detail = Some(format!("{login}: {removed}"));
        record(ctx, &mut tx, actor, AuditAction::PasskeyRemoved, Subject::default(), detail)
            .await?;
    }
    tx.commit().await?;
    Ok(removed)
}

/// Whether to ask somebody who has no passkey if they would like one; `true` once in their life.
pub async fn offer_once(ctx: &ActionContext, login: &StaffLogin) -> Result<bool, StoreError> {
    if !are_available(ctx) {
        return Ok(false);
    }
    let mut tx = ctx.store.begin().await?;
    if !passkeys::of(&mut tx, login).await?.is_empty() {
        return Ok(false);
    }
    let first = passkeys::mark_offered(&mut tx, login, ctx.now()).await?;
    tx.commit().await?;
    Ok(first)
}
