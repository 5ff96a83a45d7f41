//! After people were asked: whoever has not answered is reminded, once; what was asked can be taken back; and
//! whoever has no address is handed her link.

use super::ask_people::letter;
use crate::{
    actions::{
        ActionContext,
        letters::stop_letters::is_stopped,
        record::{Subject, record},
        tell::tell_all,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PersonalInvitationId, SessionCode},
        letter::Circular,
        personal_invitation::InvitationState,
        session::Session,
        staff::StaffMember,
        wording,
    },
    store::{
        StoreError, Tx,
        personal_invitations::{self, SeenInvitation},
        session_lock, sessions,
    },
    token::Token,
};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum FollowUpError {
    /// There is no such session, or nobody was asked so.
    #[error("nobody was asked so")]
    NoSuch,
    /// She was reminded, has answered, or cannot answer any more.
    #[error("there is nobody to remind: each is reminded once, while she can still answer")]
    NobodyToRemind,
    /// She has a place, or it was taken back before.
    #[error("it cannot be taken back: she has a place already, or it was taken back before")]
    NotOpen,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Locks a session, and reads whom it concerns: everybody who was asked, or one.
async fn opened(
    tx: &mut Tx,
    code: &SessionCode,
    which: Option<PersonalInvitationId>,
) -> Result<(Session, Vec<SeenInvitation>), FollowUpError> {
    session_lock::lock(tx, code).await?.ok_or(FollowUpError::NoSuch)?;
    let session = sessions::find(tx, code).await?.ok_or(FollowUpError::NoSuch)?;
    let mut asked = personal_invitations::of_session(tx, code).await?;
    asked.retain(|(one, _)| which.is_none_or(|which| one.id == which));
    Ok((session, asked))
}

/// Reminds everybody who has not answered, or one of them; how many.
///
/// # Errors
/// [`FollowUpError`], in which case nobody was reminded.
pub async fn remind_asked(
    ctx: &ActionContext,
    by: &StaffMember,
    code: &SessionCode,
    which: Option<PersonalInvitationId>,
) -> Result<usize, FollowUpError> {
    let mut tx = ctx.store.begin().await?;
    let (session, asked) = opened(&mut tx, code, which).await?;
    let mut letters = Vec::new();
    for (one, seat) in asked {
        if !one.can_remind(&session, seat, ctx.now()) {
            continue;
        }
        if let Some(email) = &one.email
            && is_stopped(&mut tx, (email, Circular::Invitations)).await?
        {
            continue;
        }
        personal_invitations::reminded(&mut tx, one.id, ctx.now()).await?;
        letters.extend(letter(ctx, &mut tx, (&session, &one), (by, true)).await?);
    }
    if letters.is_empty() {
        return Err(FollowUpError::NobodyToRemind);
    }
    tell_all(ctx, &mut tx, &letters).await?;
    let detail = format!("{} reminded", wording::count(letters.len(), "person", "people"));
    record_asked(ctx, &mut tx, by, code, detail).await?;
    tx.commit().await?;
    Ok(letters.len())
}

/// Takes back what somebody was asked, unless she has a place by now.
///
/// # Errors
/// [`FollowUpError`], in which case nothing changed.
pub async fn withdraw_asked(
    ctx: &ActionContext,
    by: &StaffMember,
    code: &SessionCode,
    which: PersonalInvitationId,
) -> Result<(), FollowUpError> {
    let mut tx = ctx.store.begin().await?;
    let (_, asked) = opened(&mut tx, code, Some(which)).await?;
    let (one, seat) = asked.into_iter().next().ok_or(FollowUpError::NoSuch)?;
    let state = one.state(seat);
    let is_open = state.is_open() || state == InvitationState::Declined;
    if !is_open || !personal_invitations::withdraw(&mut tx, which, ctx.now()).await? {
        return Err(FollowUpError::NotOpen);
    }
    record_asked(ctx, &mut tx, by, code, "1 taken back".to_owned()).await?;
    tx.commit().await?;
    Ok(())
}

/// A link to hand to somebody who cannot be written to.
///
/// # Errors
/// [`FollowUpError`], in which case there is none.
pub async fn hand_over_asked(
    ctx: &ActionContext,
    by: &StaffMember,
    code: &SessionCode,
    which: PersonalInvitationId,
) -> Result<Token, FollowUpError> {
    let mut tx = ctx.store.begin().await?;
    let (_, asked) = opened(&mut tx, code, Some(which)).await?;
    let (one, _) = asked.into_iter().next().ok_or(FollowUpError::NoSuch)?;
    let token = ctx.token();
    personal_invitations::insert_link(&mut tx, token.hash(), one.id, ctx.now()).await?;
    record_asked(ctx, &mut tx, by, code, "1 link handed over".to_owned()).await?;
    tx.commit().await?;
    Ok(token)
}

async fn record_asked(
    ctx: &ActionContext,
    tx: &mut Tx,
    by: &StaffMember,
    code: &SessionCode,
    detail: String,
) -> Result<(), StoreError> {
    let (actor, about) = (Actor::Staff(by.login.clone()), Subject::session(code));
    record(ctx, tx, &actor, AuditAction::PeopleAsked, about, Some(detail)).await
}
