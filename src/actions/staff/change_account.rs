//! Changing what a staff account says, and what it may do.

use super::add_account::{AccountDetails, AccountError};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::StaffLogin,
        staff::Role,
    },
    store::staff,
};

/// Changes an account's name, address, role and alliances. The new rights count from the next
/// page on, since every request reads them.
///
/// # Errors
/// [`AccountError`], in which case nothing changed.
pub async fn change_account(
    ctx: &ActionContext,
    actor: &Actor,
    login: &StaffLogin,
    details: AccountDetails,
) -> Result<(), AccountError> {
    let mut tx = ctx.store.begin().await?;
    let before = staff::find_account(&mut tx, login).await?.ok_or(AccountError::NoSuchAccount)?;
    let after = details.of(login.clone());
    if after.lacks_alliance() {
        return Err(AccountError::NoAlliance);
    }
    let steps_down = before.member.role == Role::Administrator
        && before.disabled_at.is_none()
        && after.role != Role::Administrator;
    if steps_down && staff::lock_administrators(&mut tx).await? <= 1 {
        return Err(AccountError::LastAdministrator);
    }
    if after == before.member {
        return Ok(());
    }
    staff::update(&mut tx, &after).await?;
    let detail = Some(format!("{login}: {}", after.role));
    record(ctx, &mut tx, actor, AuditAction::AccountChanged, Subject::default(), detail).await?;
    tx.commit().await?;
    Ok(())
}
