//! Asking for a link by e-mail: noted, and answered at once; whether there is a link to send is looked at
//! afterwards. So an address that is known costs whoever asks no more time than one that is not (B8).

use crate::{
    actions::{
        ActionContext, letters::recover_links::recover_links, path::send_link::recover_path_links,
        staff::sign_in::request_sign_in,
    },
    domain::{contact::EmailAddress, letter::LetterKind},
    store::{StoreError, asked_links},
    token::row_id,
};

/// Notes that a sign-in link was asked for.
///
/// # Errors
/// [`StoreError`]; nothing is noted then.
pub async fn ask_to_sign_in(ctx: &ActionContext, email: &EmailAddress) -> Result<(), StoreError> {
    ask(ctx, LetterKind::SignInLink, email).await
}

/// Notes that the links to an address's bookings were asked for.
///
/// # Errors
/// [`StoreError`]; nothing is noted then.
pub async fn ask_for_lost_link(
    ctx: &ActionContext,
    email: &EmailAddress,
) -> Result<(), StoreError> {
    ask(ctx, LetterKind::LostLink, email).await
}

async fn ask(
    ctx: &ActionContext,
    kind: LetterKind,
    email: &EmailAddress,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let id = row_id(&*ctx.random, &*ctx.clock);
    asked_links::add(&mut tx, id, (kind, email), ctx.now()).await?;
    tx.commit().await
}

/// Writes what was asked for, where there is something to write.
pub(super) async fn answer_asked(ctx: &ActionContext) -> Result<(), StoreError> {
    let mut conn = ctx.store.read().await?;
    let any = asked_links::any(&mut conn).await?;
    drop(conn);
    if !any {
        return Ok(());
    }
    let mut tx = ctx.store.begin().await?;
    let asked = asked_links::take(&mut tx).await?;
    tx.commit().await?;
    for (kind, email) in asked {
        let answered = match kind {
            LetterKind::SignInLink => request_sign_in(ctx, &email).await,
            _ => match recover_links(ctx, &email).await {
                Ok(_) => recover_path_links(ctx, &email).await.map(|_| ()),
                Err(error) => Err(error),
            },
        };
        // Whoever gets no letter asks again; the others do not wait for her.
        if let Err(error) = answered {
            log::error!("a link that was asked for could not be written: {error}");
        }
    }
    Ok(())
}
