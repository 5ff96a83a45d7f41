//! Adding a passkey to one's own account.

use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

use super::{Ceremony, PasskeyError, open, read, relying_party, take};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::PasskeyId,
        letter::LetterKind,
        passkey::{MOST_PASSKEYS, Passkey},
        staff::StaffMember,
        text::Name,
    },
    mail::letters,
    store::{StoreError, outbox::About, passkeys},
    token::{Token, row_id, secret_uuid},
};

/// A challenge for a device that is to keep a passkey.
///
/// # Errors
/// [`PasskeyError`].
pub async fn begin_enrolment(
    ctx: &ActionContext,
    member: &StaffMember,
) -> Result<Ceremony, PasskeyError> {
    let us = relying_party(ctx).ok_or(PasskeyError::Unavailable)?;
    let mut tx = ctx.store.begin().await?;
    let known = passkeys::credential_ids(&mut tx, &member.login).await?;
    if known.len() >= MOST_PASSKEYS {
        return Err(PasskeyError::TooMany);
    }
    let handle = passkeys::handle(&mut tx, &member.login, secret_uuid(&*ctx.random)).await?;
    let (challenge, state) = us
        .start_passkey_registration(handle, member.email.as_str(), &member.name, Some(known))
        .map_err(|_| PasskeyError::Unavailable)?;
    let mut options = serde_json::to_value(challenge).map_err(|_| PasskeyError::Unavailable)?;
    let mut options = options["publicKey"].take();
    // The library asks devices not to remember whom a passkey is for; ours sign in without an
    // address being typed, so the device must.
    options["authenticatorSelection"]["residentKey"] = "required".into();
    options["authenticatorSelection"]["requireResidentKey"] = true.into();
    let ceremony = open(ctx, &mut tx, Some(&member.login), &state, options).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// Adds the passkey a device made in answer to a challenge.
///
/// # Errors
/// [`PasskeyError`], in which case nothing was added; the challenge is spent all the same.
pub async fn finish_enrolment(
    ctx: &ActionContext,
    member: &StaffMember,
    token: &Token,
    answer: &str,
    name: &Name,
) -> Result<Passkey, PasskeyError> {
    let us = relying_party(ctx).ok_or(PasskeyError::Unavailable)?;
    let state: PasskeyRegistration = take(ctx, token, Some(&member.login)).await?;
    let answer: RegisterPublicKeyCredential = read(answer)?;
    let credential =
        us.finish_passkey_registration(&answer, &state).map_err(|_| PasskeyError::Refused)?;
    let passkey = Passkey {
        id: PasskeyId::new(row_id(&*ctx.random, &*ctx.clock)),
        owner: member.login.clone(),
        name: name.to_string(),
        created_at: ctx.now(),
        last_used_at: None,
    };
    let stored = serde_json::to_string(&credential).map_err(|_| PasskeyError::Refused)?;
    let mut tx = ctx.store.begin().await?;
    match passkeys::insert(&mut tx, &passkey, credential.cred_id(), &stored).await {
        Err(StoreError::Taken) => return Err(PasskeyError::AlreadyHere),
        done => done?,
    }
    let actor = Actor::Staff(member.login.clone());
    record(ctx, &mut tx, &actor, AuditAction::PasskeyAdded, Subject::default(), None).await?;
    let account = format!("{}/account", ctx.letterhead.base_url);
    let content = letters::passkey_added(&ctx.letterhead, &member.name, name.as_str(), &account);
    let to = (Some(member.name.clone()), member.email.clone());
    tell(ctx, &mut tx, LetterKind::PasskeyAdded, to, content, About::default()).await?;
    tx.commit().await?;
    Ok(passkey)
}
