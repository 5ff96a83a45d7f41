//! A booking's private links are ended, or replaced by a new one that goes to the address on file (P6): because
//! one was forwarded, or was lost.

use chrono::Duration;

use super::recover_links::LINKS_AN_HOUR;
use crate::{
    actions::{
        ActionContext,
        places::opened::Opened,
        record::{Subject, record},
        tell::{letter_link, tell},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        wording,
    },
    mail::letters::{self, BookingLink},
    store::{
        StoreError,
        links::{self, LinkTarget},
        outbox::{self, About},
    },
};

/// Why a booking got no new link.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// There is no such booking, or it was never sent off.
    #[error("there is no such booking")]
    NoSuch,
    /// Nobody could be sent a new one.
    #[error("this booking has no email address to send a new link to")]
    NoAddress,
    /// Enough were sent to this address within the hour.
    #[error("several links went to this address within the hour: please wait a little")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends the leader a new link to her booking; those she had open nothing from now on.
///
/// # Errors
/// [`RenewError`], in which case the links there are go on working.
pub async fn renew_links(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
) -> Result<(), RenewError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(RenewError::NoSuch)?;
    let Opened { mut locked, session, registration } = opened;
    if registration.booked_at.is_none() {
        return Err(RenewError::NoSuch);
    }
    let email = registration.leader.email.clone().ok_or(RenewError::NoAddress)?;
    let (kind, since) = (LetterKind::LostLink, ctx.now() - Duration::hours(1));
    if outbox::written_since(&mut locked, &email, kind, since).await? >= LINKS_AN_HOUR {
        return Err(RenewError::TooMany);
    }
    links::revoke_booking(&mut locked, id, ctx.now()).await?;
    let token = letter_link(ctx, &mut locked, &LinkTarget::Leader(id), None).await?;
    let link = BookingLink {
        title: session.course.title.clone(),
        days: wording::days(&session),
        url: ctx.manage_url(&token),
    };
    let to = (Some(registration.leader.name.to_string()), email);
    let about = About { registration: Some(id), place: None };
    tell(ctx, &mut locked, kind, to, letters::lost_link(&ctx.letterhead, &[link], None), about)
        .await?;
    let subject = Subject::of(&registration);
    record(ctx, &mut locked, actor, AuditAction::LinksRenewed, subject, None).await?;
    Ok(tx.commit().await?)
}

/// Ends every private link of a booking: its leader's, and those of its people.
///
/// # Errors
/// [`RenewError`], in which case they go on working.
pub async fn end_links(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
) -> Result<(), RenewError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(RenewError::NoSuch)?;
    let Opened { mut locked, registration, .. } = opened;
    links::revoke_booking(&mut locked, id, ctx.now()).await?;
    let places: Vec<PlaceId> = registration.places.iter().map(|place| place.id).collect();
    links::revoke_places(&mut locked, &places, ctx.now()).await?;
    let subject = Subject::of(&registration);
    record(ctx, &mut locked, actor, AuditAction::LinksRevoked, subject, None).await?;
    Ok(tx.commit().await?)
}
