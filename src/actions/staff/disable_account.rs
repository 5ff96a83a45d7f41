//! Closing a staff account, and opening it again.

use super::add_account::AccountError;
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::StaffLogin,
        staff::Role,
    },
    store::{links, staff},
};

/// Closes an account and signs it out everywhere; closing twice is closing once. What its holder
/// did stays in the log, and sessions they lead keep their name.
///
/// # Errors
/// [`AccountError`], in which case nothing changed.
pub async fn disable_account(
    ctx: &ActionContext,
    actor: &Actor,
    login: &StaffLogin,
) -> Result<(), AccountError> {
    let mut tx = ctx.store.begin().await?;
    let account = staff::find_account(&mut tx, login).await?.ok_or(AccountError::NoSuchAccount)?;
    if account.disabled_at.is_some() {
        return Ok(());
    }
    let is_administrator = account.member.role == Role::Administrator;
    if is_administrator && staff::lock_administrators(&mut tx).await? <= 1 {
        return Err(AccountError::LastAdministrator);
    }
    staff::set_disabled(&mut tx, login, Some(ctx.now())).await?;
    links::revoke_staff(&mut tx, login, ctx.now()).await?;
    let detail = Some(login.to_string());
    let subject = Subject::about(AuditedRecord::Account(login.clone()));
    record(ctx, &mut tx, actor, AuditAction::AccountDisabled, subject, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a closed account again.
///
/// # Errors
/// [`AccountError`], in which case nothing changed.
pub async fn enable_account(
    ctx: &ActionContext,
    actor: &Actor,
    login: &StaffLogin,
) -> Result<(), AccountError> {
    let mut tx = ctx.store.begin().await?;
    let account = staff::find_account(&mut tx, login).await?.ok_or(AccountError::NoSuchAccount)?;
    if account.disabled_at.is_none() {
        return Ok(());
    }
    staff::set_disabled(&mut tx, login, None).await?;
    let detail = Some(login.to_string());
    let subject = Subject::about(AuditedRecord::Account(login.clone()));
    record(ctx, &mut tx, actor, AuditAction::AccountEnabled, subject, detail).await?;
    tx.commit().await?;
    Ok(())
}
