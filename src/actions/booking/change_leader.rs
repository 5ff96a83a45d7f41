//! Who looks after a booking, and how she is reached: by herself, or by the office on her word. The address
//! there was and the one there is are both told, so that nobody takes a booking over unseen.

use crate::{
    actions::{
        ActionContext,
        edit::{States, merged},
        places::opened::Opened,
        record::{Subject, record_changes},
        tell::{letter_link, tell},
    },
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        edit::{Conflicts, Drawn, Merged},
        id::RegistrationId,
        letter::LetterKind,
        registration::{Leader, Registration},
        session::Session,
        text::Message,
    },
    mail::letters::{self, Content},
    store::{
        StoreError,
        audit::Edited,
        links::{self, LinkTarget},
        outbox::About,
        registrations,
    },
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LeaderError {
    /// There is no such booking.
    #[error("there is no such booking")]
    NoSuchBooking,
    /// Nobody could reach her (B9).
    #[error("give an email address or a telephone number, so that we can reach you")]
    Unreachable,
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<Leader>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Box<Conflicts<Leader>>> for LeaderError {
    fn from(conflicts: Box<Conflicts<Leader>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// Writes what was changed of the name, address and number of whoever booked (V1).
///
/// # Errors
/// [`LeaderError`], in which case nothing changed.
pub async fn change_leader(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    sent: &Leader,
    drawn: Option<&Drawn>,
) -> Result<(), LeaderError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(LeaderError::NoSuchBooking)?;
    let Opened { mut locked, session, mut registration } = opened;
    let states = States { drawn, present: &registration.leader, sent };
    let edited = Edited::Booking(id);
    let Merged { record, changes } =
        merged::<_, LeaderError>(&mut locked, &edited, states, session.zone()).await?;
    if record.email.is_none() && record.phone.is_none() {
        return Err(LeaderError::Unreachable);
    }
    if changes.is_empty() {
        return Ok(());
    }
    registrations::change_leader(&mut locked, id, &record).await?;
    let before = std::mem::replace(&mut registration.leader, record);
    let told = About { registration: Some(id), place: None };
    if before.email != registration.leader.email {
        links::disprove(&mut locked, id).await?;
    }
    if before.email != registration.leader.email
        && let Some((to, content)) = to_the_old(ctx, &session, &registration, &before)
    {
        tell(ctx, &mut locked, LetterKind::AttendeeChanged, to, content, told).await?;
    }
    if let Some(email) = &registration.leader.email {
        let token = letter_link(ctx, &mut locked, &LinkTarget::Leader(id), None).await?;
        let (name, url) = (registration.leader.name.as_str(), ctx.manage_url(&token));
        let content = letters::attendee_changed(
            &ctx.letterhead,
            &session,
            &registration,
            Some(name),
            name,
            &url,
        );
        let to = (Some(name.to_owned()), email.clone());
        tell(ctx, &mut locked, LetterKind::AttendeeChanged, to, content, told).await?;
    }
    let what = (AuditAction::LeaderChanged, Subject::of(&registration));
    record_changes(ctx, &mut locked, actor, what, (None, changes)).await?;
    Ok(tx.commit().await?)
}

/// What the address there was is told; never who looks after the booking now, nor how to open it.
fn to_the_old(
    ctx: &ActionContext,
    session: &Session,
    registration: &Registration,
    before: &Leader,
) -> Option<((Option<String>, EmailAddress), Content)> {
    let email = before.email.clone()?;
    let words = format!(
        "The booking {} had this email address, and has another one now. You will get no more letters about \
         it.\n\nIf you did not ask for this, please phone {}: the office can put it right.",
        registration.reference, ctx.letterhead.phone
    );
    let body = Message::parse_optional(&words).ok().flatten()?;
    let name = before.name.to_string();
    let subject = "Your booking has another email address now";
    let content =
        letters::message(&ctx.letterhead, session, std::slice::from_ref(&name), subject, &body);
    Some(((Some(name), email), content))
}
