//! Somebody asks for what is held about her (P2). A booking's own link is not enough to see it: whoever books
//! under her name and address holds one. So she is sent another, to an address she is recognised by (H3).

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        letters::recover_links::LINKS_AN_HOUR,
        people::know_people::know_people,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        id::{PersonId, PlaceId, RegistrationId},
        letter::LetterKind,
        text::Name,
    },
    mail::letters,
    store::{
        StoreError, data_links,
        outbox::{self, About},
        own_data, people, places, registrations,
    },
    token::{InLink, Token},
};

/// How long the link that is sent is good.
const VALID: Duration = Duration::days(1);

/// Who asks, by the link she holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Whoever leads a booking.
    Leader(RegistrationId),
    /// Whoever has a place.
    Attendee(PlaceId),
}

/// Why no link was sent.
#[derive(Debug, thiserror::Error)]
pub enum AskOwnDataError {
    /// There is no address by which she is recognised: the office has to find out who asks.
    #[error("we cannot tell by this booking whose data it is")]
    Unclear,
    /// Enough were sent to this address within the hour.
    #[error("several links went to this address within the hour: please wait a little")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a link to what is held about whoever asks, to the address on her booking.
///
/// # Errors
/// [`AskOwnDataError`], in which case none is sent.
pub async fn ask_own_data(ctx: &ActionContext, asking: Asking) -> Result<(), AskOwnDataError> {
    while know_people(ctx).await? {}
    let mut tx = ctx.store.begin().await?;
    let (actor, id, place) = match asking {
        Asking::Leader(id) => (Actor::Leader, Some(id), None),
        Asking::Attendee(place) => {
            (Actor::Attendee, places::registration_of(&mut tx, place).await?, Some(place))
        }
    };
    let registration = match id {
        Some(id) => registrations::find(&mut tx, id).await?.ok_or(AskOwnDataError::Unclear)?,
        None => return Err(AskOwnDataError::Unclear),
    };
    let known = match place {
        Some(place) => people::of_place(&mut tx, place).await?,
        None => people::of_booking(&mut tx, registration.id).await?,
    };
    let attendee = || {
        let place = registration.places.iter().find(|one| Some(one.id) == place)?;
        let attendee = place.attendee.as_ref()?;
        Some((attendee.name.clone(), attendee.email.clone()?))
    };
    let leader = || Some((registration.leader.name.clone(), registration.leader.email.clone()?));
    let to: Option<(Name, EmailAddress)> = if place.is_some() { attendee() } else { leader() };
    let (Some(person), Some((name, email))) = (known, to) else {
        return Err(AskOwnDataError::Unclear);
    };
    let person = people::known(&mut tx, person).await?.ok_or(AskOwnDataError::Unclear)?.id;
    // An address that was only corrected on a booking is not one she is known by.
    if !own_data::addresses(&mut tx, person).await?.has(&email) {
        return Err(AskOwnDataError::Unclear);
    }
    let since = ctx.now() - Duration::hours(1);
    if outbox::written_since(&mut tx, &email, LetterKind::LostLink, since).await? >= LINKS_AN_HOUR {
        return Err(AskOwnDataError::TooMany);
    }
    let (link, now) = (ctx.stand_in(), ctx.now());
    data_links::insert(&mut tx, link.hash(), person, (now, now + VALID)).await?;
    let url = format!("{}/my-data/{}", ctx.letterhead.base_url, link.in_link());
    let content = letters::own_data(&ctx.letterhead, name.as_str(), &url);
    let about = About { registration: None, place };
    tell(ctx, &mut tx, LetterKind::LostLink, (Some(name.to_string()), email), content, about)
        .await?;
    let subject = Subject { place, ..Subject::of(&registration) };
    record(ctx, &mut tx, &actor, AuditAction::LinkSent, subject, None).await?;
    Ok(tx.commit().await?)
}

/// About whom such a link is.
pub async fn opened_by(ctx: &ActionContext, token: &Token) -> Result<Option<PersonId>, StoreError> {
    data_links::find(&mut ctx.store.read().await?, token.hash(), ctx.now()).await
}
