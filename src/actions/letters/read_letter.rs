//! Reading a letter that has not left, as its reader will get it (T4).

use crate::{
    actions::ActionContext,
    domain::id::LetterId,
    mail::to_mime,
    store::{StoreError, letter_search, outbox},
};

/// The message a letter is going to be; `None` if it has left, or there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn message_to_come(
    ctx: &ActionContext,
    id: LetterId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let Some(line) = letter_search::find(&mut conn, id, None).await? else { return Ok(None) };
    let Some(letter) = outbox::find(&mut conn, id).await? else { return Ok(None) };
    if line.sent_at.is_some() {
        return Ok(None);
    }
    let message = to_mime(&ctx.letterhead, &letter.leaving(ctx.now()), line.due_at);
    Ok(message.ok().map(|message| message.formatted()))
}
