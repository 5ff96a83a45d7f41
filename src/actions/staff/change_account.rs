//! Changing what a staff account says, and what it may do.

use chrono_tz::Tz;

use super::add_account::{AccountDetails, AccountError};
use crate::{
    actions::{
        ActionContext,
        edit::{States, merged},
        record::{Subject, record_changes},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        edit::{Drawn, Merged},
        id::StaffLogin,
        letter::LetterKind,
        staff::{Role, StaffMember},
        text::Line,
    },
    mail::letters,
    store::{audit::Edited, links, outbox::About, staff},
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
    drawn: Option<&Drawn>,
) -> Result<(), AccountError> {
    let mut tx = ctx.store.begin().await?;
    // Administrators before the account, as closing one locks them: two who meet must not wait for each other.
    let administrators = staff::lock_administrators(&mut tx).await?;
    let before = staff::lock(&mut tx, login).await?.ok_or(AccountError::NoSuchAccount)?;
    // What she says of herself is hers to change.
    let about = before.member.about.clone();
    let sent = StaffMember { about, ..details.of(login.clone()) };
    let about = AuditedRecord::Account(login.clone());
    let states = States { drawn, present: &before.member, sent: &sent };
    let edited = Edited::Record(about.clone());
    let Merged { record: after, changes } =
        merged::<_, AccountError>(&mut tx, &edited, states, Tz::UTC).await?;
    if after.lacks_alliance() {
        return Err(AccountError::NoAlliance);
    }
    let steps_down = before.member.role == Role::Administrator
        && before.disabled_at.is_none()
        && after.role != Role::Administrator;
    if steps_down && administrators <= 1 {
        return Err(AccountError::LastAdministrator);
    }
    if changes.is_empty() {
        return Ok(());
    }
    staff::update(&mut tx, &after).await?;
    let moved = before.member.email != after.email;
    if moved {
        // Whoever is written to elsewhere signs in anew, unless she changes it herself just now.
        if !matches!(actor, Actor::Staff(by) if by == login) {
            links::revoke_staff(&mut tx, login, ctx.now()).await?;
        }
        let (name, address) = (before.member.name.clone(), before.member.email.clone());
        let content = letters::address_changed(&ctx.letterhead, &name);
        let to = (Some(name), address);
        tell(ctx, &mut tx, LetterKind::AddressChanged, to, content, About::default()).await?;
    }
    let (what, detail) =
        ((AuditAction::AccountChanged, Subject::about(about)), format!("{login}: {}", after.role));
    record_changes(ctx, &mut tx, actor, what, (Some(detail), changes)).await?;
    tx.commit().await?;
    Ok(())
}

/// The most letters of a line about somebody.
pub const LINE_ABOUT: usize = 200;

/// Changes the line about somebody that stands on the pages of the sessions she leads.
///
/// # Errors
/// [`AccountError`], in which case nothing changed.
pub async fn describe_account(
    ctx: &ActionContext,
    actor: &Actor,
    login: &StaffLogin,
    line: Option<&Line<LINE_ABOUT>>,
    drawn: Option<&Drawn>,
) -> Result<(), AccountError> {
    let mut tx = ctx.store.begin().await?;
    let before = staff::lock(&mut tx, login).await?.ok_or(AccountError::NoSuchAccount)?;
    let sent = StaffMember { about: line.map(ToString::to_string), ..before.member.clone() };
    let about = AuditedRecord::Account(login.clone());
    let states = States { drawn, present: &before.member, sent: &sent };
    let edited = Edited::Record(about.clone());
    let Merged { record: after, changes } =
        merged::<_, AccountError>(&mut tx, &edited, states, Tz::UTC).await?;
    if changes.is_empty() {
        return Ok(());
    }
    staff::update(&mut tx, &after).await?;
    let what = (AuditAction::AccountChanged, Subject::about(about));
    record_changes(ctx, &mut tx, actor, what, (None, changes)).await?;
    tx.commit().await?;
    Ok(())
}
