//! Signing in with a passkey, without an address being typed: the device knows whose it is.

use chrono::Duration;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey as Credential, PublicKeyCredential,
    WebauthnError,
};

use super::{Ceremony, PasskeyError, open, read, relying_party, take};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        staff::sign_in::stay_signed_in,
    },
    domain::audit::{Actor, AuditAction},
    store::{links, passkeys, staff},
    token::Token,
};

/// A challenge for a device that keeps a passkey of ours.
///
/// # Errors
/// [`PasskeyError`].
pub async fn begin_sign_in(ctx: &ActionContext) -> Result<Ceremony, PasskeyError> {
    let us = relying_party(ctx).ok_or(PasskeyError::Unavailable)?;
    let (challenge, state) =
        us.start_discoverable_authentication().map_err(|_| PasskeyError::Unavailable)?;
    let options =
        serde_json::to_value(challenge.public_key).map_err(|_| PasskeyError::Unavailable)?;
    let mut tx = ctx.store.begin().await?;
    let ceremony = open(ctx, &mut tx, None, &state, options).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// Signs in whoever's passkey answered a challenge: the token of being signed in, for as long as
/// `lasts`. A closed account stays closed.
///
/// # Errors
/// [`PasskeyError`], in which case nobody is signed in; the challenge is spent all the same.
pub async fn finish_sign_in(
    ctx: &ActionContext,
    token: &Token,
    answer: &str,
    lasts: Duration,
) -> Result<Token, PasskeyError> {
    let us = relying_party(ctx).ok_or(PasskeyError::Unavailable)?;
    let state: DiscoverableAuthentication = take(ctx, token, None).await?;
    let answer: PublicKeyCredential = read(answer)?;
    let (handle, credential_id) =
        us.identify_discoverable_authentication(&answer).map_err(|_| PasskeyError::Refused)?;

    let mut tx = ctx.store.begin().await?;
    let found = passkeys::lock_credential(&mut tx, credential_id).await?;
    let (passkey, stored) = found.ok_or(PasskeyError::Refused)?;
    let login = &passkey.owner;
    let is_open = staff::find(&mut tx, login).await?.is_some();
    if !is_open || !passkeys::has_handle(&mut tx, login, handle).await? {
        return Err(PasskeyError::Refused);
    }
    let mut credential: Credential = read(&stored)?;
    let actor = Actor::Staff(login.clone());
    let key = DiscoverableKey::from(&credential);
    let result = match us.finish_discoverable_authentication_v2(&answer, state, &key) {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => {
            let action = AuditAction::PasskeySuspected;
            record(ctx, &mut tx, &actor, action, Subject::default(), None).await?;
            tx.commit().await?;
            return Err(PasskeyError::Refused);
        }
        Err(_) => return Err(PasskeyError::Refused),
    };
    credential.update_credential(&result);
    let stored = serde_json::to_string(&credential).map_err(|_| PasskeyError::Refused)?;
    passkeys::mark_used(&mut tx, passkey.id, &stored, ctx.now()).await?;
    let action = AuditAction::SignedInByPasskey;
    let signed_in = stay_signed_in(ctx, &mut tx, passkey.owner, lasts, action).await?;
    links::strengthen(&mut tx, signed_in.hash()).await?;
    tx.commit().await?;
    Ok(signed_in)
}
