//! Telling a booking's leader: a letter in the outbox, with a private link of her own.

use super::ActionContext;
use crate::{
    domain::{
        id::RegistrationId, letter::LetterKind, registration::Registration, session::Session,
    },
    mail::letters::Content,
    store::{
        StoreError, Tx,
        links::{self, LinkTarget},
        outbox::{self, About},
        registrations,
    },
    token::Token,
};

/// A new leader's link for a registration.
pub(super) async fn leader_link(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: RegistrationId,
) -> Result<Token, StoreError> {
    let token = ctx.token();
    links::insert(tx, token.hash(), &LinkTarget::Leader(id), ctx.now(), None).await?;
    Ok(token)
}

/// Writes a letter to somebody, so that it leaves with the change it tells of; its id.
pub(super) async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    kind: LetterKind,
    to: (Option<String>, crate::domain::contact::EmailAddress),
    content: Content,
    about: About,
) -> Result<crate::domain::id::LetterId, StoreError> {
    let letter = ctx.letter(kind, to, content, None);
    outbox::enqueue(tx, &letter, about, ctx.now()).await?;
    Ok(letter.id)
}

/// Writes to a registration's leader, if she has an address, with a link of her own.
pub(super) async fn tell_leader(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    id: RegistrationId,
    kind: LetterKind,
    words: impl FnOnce((&Session, &Registration), &str) -> Content,
) -> Result<(), StoreError> {
    let Some(registration) = registrations::find(tx, id).await? else { return Ok(()) };
    let Some(email) = &registration.leader.email else { return Ok(()) };
    let token = leader_link(ctx, tx, id).await?;
    let content = words((session, &registration), &ctx.manage_url(&token));
    let to = (Some(registration.leader.name.to_string()), email.clone());
    let letter = ctx.letter(kind, to, content, None);
    let about = About { registration: Some(id), place: None };
    outbox::enqueue(tx, &letter, about, ctx.now()).await
}
