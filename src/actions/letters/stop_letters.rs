//! Letters to many, which a reader may stop by a link in each (RFC 8058): kept by address, obeyed where they are
//! written.

use crate::{
    actions::ActionContext,
    domain::{contact::EmailAddress, letter::Circular},
    mail::letters::Content,
    store::{StoreError, Tx, letter_stops},
    token::Token,
};

/// Stops letters of a kind to an address, or takes that back; which, or nothing if no such link was sent.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn stop_letters(
    ctx: &ActionContext,
    link: &Token,
    stops: bool,
) -> Result<Option<Circular>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some((address, what)) = letter_stops::find(&mut tx, link.hash()).await? else {
        return Ok(None);
    };
    if stops {
        letter_stops::stop(&mut tx, (&address, what), ctx.now()).await?;
    } else {
        letter_stops::resume(&mut tx, (&address, what)).await?;
    }
    tx.commit().await?;
    Ok(Some(what))
}

/// A letter to many with its own link to stop them.
pub(in crate::actions) async fn stoppable(
    ctx: &ActionContext,
    tx: &mut Tx,
    content: Content,
    (address, what): (&EmailAddress, Circular),
) -> Result<Content, StoreError> {
    let stand_in = ctx.stand_in();
    letter_stops::insert_link(tx, stand_in.hash(), (address, what), ctx.now()).await?;
    Ok(content.with_stop(what, &ctx.stop_url(&stand_in)))
}

/// Whether an address wants no more letters of a kind.
pub(in crate::actions) async fn is_stopped(
    tx: &mut Tx,
    (address, what): (&EmailAddress, Circular),
) -> Result<bool, StoreError> {
    Ok(!letter_stops::among(tx, &[address], what).await?.is_empty())
}
