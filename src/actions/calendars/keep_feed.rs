//! Private calendar addresses: made, replaced and ended by whoever they are about (C3).

use crate::{
    actions::{
        ActionContext,
        people::know_people::person_on,
        record::{Subject, record},
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        id::{InstitutionCode, PlaceId},
        private_feed::FeedOwner,
    },
    store::{StoreError, private_feeds},
    token::Token,
};

/// Who an attendee's feed belongs to: the person on her place, whom we know from now on; `None`
/// without an address.
pub async fn attendee_owner(
    ctx: &ActionContext,
    (place, who): (PlaceId, &Attendee),
    institution: Option<&InstitutionCode>,
) -> Result<Option<FeedOwner>, StoreError> {
    let Some(email) = who.email.clone() else { return Ok(None) };
    let mut tx = ctx.store.begin().await?;
    let person = person_on(ctx, &mut tx, place, (who, institution)).await?;
    tx.commit().await?;
    Ok(Some(FeedOwner::Attendee { person, email, name: who.name.clone() }))
}

/// Makes a new address for the owner's feed; the one before it ends. The token is shown once.
pub async fn make_feed(
    ctx: &ActionContext,
    actor: &Actor,
    owner: &FeedOwner,
) -> Result<Token, StoreError> {
    let token = ctx.token();
    let mut tx = ctx.store.begin().await?;
    private_feeds::revoke(&mut tx, owner, ctx.now()).await?;
    private_feeds::insert(&mut tx, token.hash(), owner, ctx.now()).await?;
    record(ctx, &mut tx, actor, AuditAction::FeedMade, Subject::default(), None).await?;
    tx.commit().await?;
    Ok(token)
}

/// Ends the owner's feed. Ending it twice is once.
pub async fn stop_feed(
    ctx: &ActionContext,
    actor: &Actor,
    owner: &FeedOwner,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    if private_feeds::revoke(&mut tx, owner, ctx.now()).await? {
        record(ctx, &mut tx, actor, AuditAction::FeedStopped, Subject::default(), None).await?;
    }
    tx.commit().await
}

/// Whose feed a token opens; the day it was fetched is noted, once a day.
pub async fn open_feed(
    ctx: &ActionContext,
    token: &Token,
) -> Result<Option<FeedOwner>, StoreError> {
    let (hash, today) = (token.hash(), ctx.now().date_naive());
    let mut conn = ctx.store.read().await?;
    let found = private_feeds::find(&mut conn, hash).await?;
    drop(conn);
    let Some((owner, last)) = found else { return Ok(None) };
    if last.is_none_or(|day| day < today) {
        let mut tx = ctx.store.begin().await?;
        private_feeds::note_use(&mut tx, hash, today).await?;
        tx.commit().await?;
    }
    Ok(Some(owner))
}
