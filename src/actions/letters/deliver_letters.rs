//! Hands the outbox's letters to the transport, one at a time.

use chrono::Duration;

use crate::{
    actions::ActionContext,
    mail::{DeliveryError, Transport, backoff, to_mime},
    store::{StoreError, outbox},
};

/// How long a claimed letter stays claimed: longer than any transport takes to fail, so that no
/// two nodes send it at once, and short enough that a crash delays it little.
const CLAIM: Duration = Duration::minutes(5);

/// Delivers the next due letter; `false` if none is due. The same Message-ID goes out however
/// often a crash makes it be sent.
///
/// # Errors
/// [`StoreError`]; failed deliveries are not errors but are written down and tried again.
pub async fn deliver_next(ctx: &ActionContext, transport: &Transport) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let claimed = outbox::claim(&mut tx, ctx.now(), ctx.now() + CLAIM).await?;
    let Some(claimed) = claimed else { return Ok(false) };
    tx.commit().await?;
    let id = claimed.letter.id;
    let outcome = match to_mime(&ctx.sender, &claimed.letter, claimed.written_at) {
        Ok(message) => transport.deliver(&message, id).await,
        Err(error) => Err(DeliveryError::Permanent(error.to_string())),
    };
    let now = ctx.now();
    let mut tx = ctx.store.begin().await?;
    match outcome {
        Ok(()) => {
            outbox::mark_sent(&mut tx, id, now).await?;
            log::debug!("letter {id} ({}) delivered", claimed.letter.kind);
        }
        Err(DeliveryError::Temporary(why)) => {
            let retry = backoff::next_attempt(claimed.attempts + 1, now);
            outbox::mark_failed(&mut tx, id, &why, retry, now).await?;
            log::warn!("letter {id} ({}) not delivered: {why}", claimed.letter.kind);
        }
        Err(DeliveryError::Permanent(why)) => {
            outbox::mark_failed(&mut tx, id, &why, None, now).await?;
            log::error!("letter {id} ({}) cannot be delivered: {why}", claimed.letter.kind);
        }
    }
    tx.commit().await?;
    Ok(true)
}
