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
        wording,
    },
    mail::letters::{self, BookingLink},
    store::{
        StoreError,
        links::LinkTarget,
        outbox::{self, About},
        registrations, sessions,
    },
};

/// How many letters with links one address gets in an hour, whoever asks.
pub(in crate::actions) const LINKS_AN_HOUR: i64 = 5;

/// Sends new links to the bookings this address leads. Whether there are any is told only in the
/// letter; an address without bookings gets none, so that nobody can flood a stranger.
pub async fn recover_links(ctx: &ActionContext, email: &EmailAddress) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let since = ctx.now() - Duration::hours(1);
    if outbox::written_since(&mut tx, email, LetterKind::LostLink, since).await? >= LINKS_AN_HOUR {
        return Ok(());
    }
    let mut bookings = Vec::new();
    let mut name = None;
    for id in registrations::led_by(&mut tx, email, ctx.now()).await? {
        let Some(registration) = registrations::find(&mut tx, id).await? else { continue };
        let Some(session) = sessions::find(&mut tx, &registration.session).await? else {
            continue;
        };
        let link = letter_link(ctx, &mut tx, &LinkTarget::Leader(id), None).await?;
        let subject = Subject::of(&registration);
        record(ctx, &mut tx, &Actor::Visitor, AuditAction::LinkSent, subject, None).await?;
        bookings.push(BookingLink {
            title: session.course.title.clone(),
            days: wording::days(&session),
            url: ctx.manage_url(&link),
        });
        name = Some(registration.leader.name.to_string());
    }
    if !bookings.is_empty() {
        let content = letters::lost_link(&ctx.sender, &bookings);
        let to = (name, email.clone());
        tell(ctx, &mut tx, LetterKind::LostLink, to, content, About::default()).await?;
    }
    tx.commit().await
}
