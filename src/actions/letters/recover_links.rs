//! A leader who lost her link asks for it by e-mail (B8).

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::{letter_link, tell},
    },
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        letter::LetterKind,
        reference::Reference,
        registration::Registration,
        wording,
    },
    mail::letters::{self, BookingLink},
    store::{
        StoreError,
        links::{self, LinkTarget},
        outbox::{self, About},
        registrations, sessions,
    },
    token::Token,
};

/// How many letters with links one address gets in an hour, whoever asks.
pub(in crate::actions) const LINKS_AN_HOUR: i64 = 5;

/// Sends new links to the bookings this address leads. Whether there are any is told only in the
/// letter; an address without bookings gets none, so that nobody can flood a stranger. Whether a letter was
/// written is for whoever holds a link already.
pub async fn recover_links(ctx: &ActionContext, email: &EmailAddress) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let since = ctx.now() - Duration::hours(1);
    if outbox::written_since(&mut tx, email, LetterKind::LostLink, since).await? >= LINKS_AN_HOUR {
        return Ok(false);
    }
    let mut bookings = Vec::new();
    let mut name = None;
    let mut all = None;
    for id in registrations::led_by(&mut tx, email, ctx.now()).await? {
        let Some(registration) = registrations::find(&mut tx, id).await? else { continue };
        let Some(session) = sessions::find(&mut tx, &registration.session).await? else {
            continue;
        };
        let link = letter_link(ctx, &mut tx, &LinkTarget::Leader(id), None).await?;
        let subject = Subject::of(&registration);
        record(ctx, &mut tx, &Actor::Visitor, AuditAction::LinkSent, subject, None).await?;
        let url = ctx.manage_url(&link);
        all.get_or_insert_with(|| format!("{url}/all"));
        bookings.push(BookingLink {
            title: session.course.title.clone(),
            days: wording::days(&session),
            url,
        });
        name = Some(registration.leader.name.to_string());
    }
    let is_any = !bookings.is_empty();
    if is_any {
        let content = letters::lost_link(&ctx.letterhead, &bookings, all.as_deref());
        let to = (name, email.clone());
        tell(ctx, &mut tx, LetterKind::LostLink, to, content, About::default()).await?;
    }
    tx.commit().await?;
    Ok(is_any)
}

/// A link to another booking of hers, for whoever holds one that was sent to the address of both; `None` where
/// it was not, or there is no such booking of hers.
pub async fn open_another(
    ctx: &ActionContext,
    held: &Token,
    (own, reference): (&Registration, &Reference),
) -> Result<Option<Token>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(email) = &own.leader.email else { return Ok(None) };
    if !links::proves_address(&mut tx, held.hash()).await? {
        return Ok(None);
    }
    let hers = registrations::all_led_by(&mut tx, email).await?;
    let Some(other) = hers.iter().find(|one| one.reference == *reference) else { return Ok(None) };
    let token = ctx.token();
    links::insert_proven(&mut tx, token.hash(), other.id, ctx.now()).await?;
    let subject = Subject::of(other);
    record(ctx, &mut tx, &Actor::Leader, AuditAction::LinkSent, subject, None).await?;
    tx.commit().await?;
    Ok(Some(token))
}
