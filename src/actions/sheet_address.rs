//! Addresses that a spreadsheet reads: made and ended by organisers, and opened by whoever has one. What one
//! shows is what whoever made it may see, at the moment it is read.

use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        attempt::{made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::AllianceSlug,
        permission::{Permission, allows_everywhere, allows_in},
        staff::StaffMember,
    },
    store::{
        StoreError,
        sheet_links::{self, SheetLink},
        staff,
    },
    token::{Attempt, Token, row_id},
};

/// Whether somebody may have an address about this, now.
pub fn may_show(member: &StaffMember, alliance: Option<&AllianceSlug>) -> bool {
    match alliance {
        Some(slug) => allows_in(member, Permission::ManageBookings, slug),
        None => allows_everywhere(member, Permission::ManageBookings),
    }
}

/// What became of an address that was asked for.
#[derive(Debug, Clone)]
pub enum Address {
    /// It is made; its token is shown once.
    Made(Token),
    /// The same form made it before, and its token is shown no more (V3).
    MadeBefore,
    /// Whoever asks may not see what it would show.
    NotHers,
}

/// Makes an address.
///
/// # Errors
/// [`StoreError`], in which case none was made.
pub async fn make_address(
    ctx: &ActionContext,
    member: &StaffMember,
    (alliance, with_names): (Option<AllianceSlug>, bool),
    attempt: Option<&Attempt>,
) -> Result<Address, StoreError> {
    if !may_show(member, alliance.as_ref()) {
        return Ok(Address::NotHers);
    }
    let token = ctx.token();
    let about = alliance.clone().map(AuditedRecord::Alliance);
    let link = SheetLink {
        id: row_id(&*ctx.random, &*ctx.clock),
        made_by: member.login.clone(),
        alliance,
        with_names,
        created_at: ctx.now(),
        last_read: None,
    };
    let mut tx = ctx.store.begin().await?;
    if made_before(ctx, &mut tx, "sheet", attempt).await?.is_some() {
        return Ok(Address::MadeBefore);
    }
    sheet_links::insert(&mut tx, token.hash(), &link).await?;
    let detail = if with_names { "with names" } else { "counts only" };
    let actor = Actor::Staff(member.login.clone());
    let what = (AuditAction::SheetAddressMade, Subject { about, ..Subject::default() });
    record(ctx, &mut tx, &actor, what.0, what.1, Some(detail.to_owned())).await?;
    made(&mut tx, attempt, &link.id.to_string()).await?;
    tx.commit().await?;
    Ok(Address::Made(token))
}

/// Ends an address. Ending it twice is once.
///
/// # Errors
/// [`StoreError`], in which case it still opens.
pub async fn end_address(ctx: &ActionContext, actor: &Actor, id: Uuid) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(link) = sheet_links::by_id(&mut tx, id).await? else { return Ok(()) };
    if sheet_links::revoke(&mut tx, id, ctx.now()).await? {
        let about = link.alliance.map(AuditedRecord::Alliance);
        let subject = Subject { about, ..Subject::default() };
        record(ctx, &mut tx, actor, AuditAction::SheetAddressEnded, subject, None).await?;
    }
    tx.commit().await
}

/// What an address shows; nothing once it was ended, or whoever made it may not see that any more. The day it
/// was read is noted, once a day.
///
/// # Errors
/// [`StoreError`].
pub async fn open_address(
    ctx: &ActionContext,
    token: &Token,
) -> Result<Option<SheetLink>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let Some(link) = sheet_links::find(&mut conn, token.hash()).await? else { return Ok(None) };
    let member = staff::find(&mut conn, &link.made_by).await?;
    drop(conn);
    if !member.is_some_and(|member| may_show(&member, link.alliance.as_ref())) {
        return Ok(None);
    }
    let today = ctx.now().date_naive();
    if link.last_read.is_none_or(|day| day < today) {
        let mut tx = ctx.store.begin().await?;
        sheet_links::note_read(&mut tx, link.id, today).await?;
        tx.commit().await?;
    }
    Ok(Some(link))
}
