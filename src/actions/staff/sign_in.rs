//! Staff sign in by a link: single use, fifteen minutes, stored hashed.

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        letters::recover_links::LINKS_AN_HOUR,
        record::{Subject, record},
        tell::{letter_link, tell},
    },
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        id::StaffLogin,
        letter::LetterKind,
        staff::StaffMember,
    },
    mail::letters,
    store::{
        StoreError, Tx, catalogue,
        links::{self, LinkTarget},
        outbox::{self, About},
        staff,
    },
    token::{InLink, Token},
};

/// How long a sign-in link works.
pub const LINK_MINUTES: u32 = 15;

/// Sends a sign-in link, if somebody has an account with this address. The caller's answer is the
/// same either way.
pub async fn request_sign_in(ctx: &ActionContext, email: &EmailAddress) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let since = ctx.now() - Duration::hours(1);
    let kind = LetterKind::SignInLink;
    if outbox::written_since(&mut tx, email, kind, since).await? >= LINKS_AN_HOUR {
        return Ok(());
    }
    if let Some(member) = staff::find_by_email(&mut tx, email).await? {
        let target = LinkTarget::SignIn(member.login.clone());
        let expires = ctx.now() + Duration::minutes(i64::from(LINK_MINUTES));
        let link = letter_link(ctx, &mut tx, &target, Some(expires)).await?;
        let alliances = catalogue::alliances(&mut tx).await?;
        let url = sign_in_url(ctx, &link);
        let content = letters::sign_in_link(
            &ctx.letterhead,
            &member.name,
            &url,
            (LINK_MINUTES, expires, member.zone(&alliances)),
        );
        let to = (Some(member.name), member.email);
        tell(ctx, &mut tx, LetterKind::SignInLink, to, content, About::default()).await?;
        let actor = Actor::Staff(member.login);
        let action = AuditAction::SignInRequested;
        record(ctx, &mut tx, &actor, action, Subject::default(), None).await?;
    }
    tx.commit().await
}

/// A sign-in link for the command line to print; `None` if nobody has an account with this
/// address.
pub async fn print_sign_in_link(
    ctx: &ActionContext,
    email: &EmailAddress,
) -> Result<Option<String>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(member) = staff::find_by_email(&mut tx, email).await? else { return Ok(None) };
    let token = ctx.token();
    let target = LinkTarget::SignIn(member.login);
    let expires = ctx.now() + Duration::minutes(i64::from(LINK_MINUTES));
    links::insert(&mut tx, token.hash(), &target, ctx.now(), Some(expires)).await?;
    // Whoever runs the program vouches for it: the way back for an administrator without passkey.
    links::strengthen(&mut tx, token.hash()).await?;
    tx.commit().await?;
    Ok(Some(sign_in_url(ctx, &token)))
}

pub(super) fn sign_in_url(ctx: &ActionContext, token: &impl InLink) -> String {
    format!("{}/sign-in/{}", ctx.letterhead.base_url, token.in_link())
}

/// Spends a sign-in link: the token of being signed in, for as long as `lasts`; `None` if the link
/// is unknown, spent or too old.
pub async fn sign_in(
    ctx: &ActionContext,
    link: &Token,
    lasts: Duration,
) -> Result<Option<Token>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(LinkTarget::SignIn(login)) = links::find(&mut tx, link.hash(), ctx.now()).await?
    else {
        return Ok(None);
    };
    if !links::spend(&mut tx, link.hash(), ctx.now()).await? {
        return Ok(None);
    }
    let is_strong = links::is_strong(&mut tx, link.hash()).await?;
    let token = stay_signed_in(ctx, &mut tx, login, lasts, AuditAction::SignedIn).await?;
    if is_strong {
        links::strengthen(&mut tx, token.hash()).await?;
    }
    tx.commit().await?;
    Ok(Some(token))
}

/// The token of being signed in, for as long as `lasts`; `action` says how it came about.
pub(in crate::actions) async fn stay_signed_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    login: StaffLogin,
    lasts: Duration,
    action: AuditAction,
) -> Result<Token, StoreError> {
    let token = ctx.token();
    let target = LinkTarget::SignedIn(login.clone());
    links::insert(tx, token.hash(), &target, ctx.now(), Some(ctx.now() + lasts)).await?;
    let actor = Actor::Staff(login);
    record(ctx, tx, &actor, action, Subject::default(), None).await?;
    Ok(token)
}

/// How often it is noted that somebody who is signed in is here.
const SEEN_EVERY: Duration = Duration::minutes(10);

/// Whoever is signed in with this token, unless they were away for too long.
pub async fn who_is_signed_in(
    ctx: &ActionContext,
    token: &Token,
) -> Result<Option<StaffMember>, StoreError> {
    Ok(signed_in_with(ctx, token).await?.map(|(member, _)| member))
}

/// The same, and whether more than a letter let them in.
pub async fn signed_in_with(
    ctx: &ActionContext,
    token: &Token,
) -> Result<Option<(StaffMember, bool)>, StoreError> {
    let now = ctx.now();
    let mut conn = ctx.store.read().await?;
    let Some(found) = links::signed_in(&mut conn, token.hash(), now).await? else {
        return Ok(None);
    };
    if found.seen_at + ctx.sign_ins.idle <= now {
        return Ok(None);
    }
    let member = staff::find(&mut conn, &found.login).await?;
    drop(conn);
    if member.is_some() && found.seen_at + SEEN_EVERY <= now {
        // Whoever is here is let in even while nothing can be written.
        if let Err(error) = see(ctx, token).await {
            log::warn!("that somebody is signed in could not be noted: {error}");
        }
    }
    Ok(member.map(|member| (member, found.is_strong)))
}

async fn see(ctx: &ActionContext, token: &Token) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    links::see(&mut tx, token.hash(), ctx.now()).await?;
    tx.commit().await
}

/// Ends the sign-in that a new one replaces, in the same browser.
pub async fn leave_behind(ctx: &ActionContext, former: &Token) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    if links::signed_in(&mut tx, former.hash(), ctx.now()).await?.is_some() {
        links::spend(&mut tx, former.hash(), ctx.now()).await?;
    }
    tx.commit().await
}

/// Notes that somebody who is signed in has a passkey: more than a letter vouches for her now.
pub async fn vouch(ctx: &ActionContext, token: &Token) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    links::strengthen(&mut tx, token.hash()).await?;
    tx.commit().await
}

/// Signs out: the token opens nothing any more.
pub async fn sign_out(
    ctx: &ActionContext,
    login: &StaffLogin,
    token: &Token,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    links::spend(&mut tx, token.hash(), ctx.now()).await?;
    let actor = Actor::Staff(login.clone());
    record(ctx, &mut tx, &actor, AuditAction::SignedOut, Subject::default(), None).await?;
    tx.commit().await
}

/// Signs an account out wherever it is signed in, and spends the links on their way; returns from
/// how many devices.
pub async fn sign_out_everywhere(
    ctx: &ActionContext,
    actor: &Actor,
    login: &StaffLogin,
) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let devices = links::revoke_staff(&mut tx, login, ctx.now()).await?;
    let detail = Some(login.to_string());
    let action = AuditAction::SignedOutEverywhere;
    record(ctx, &mut tx, actor, action, Subject::default(), detail).await?;
    tx.commit().await?;
    Ok(devices)
}
