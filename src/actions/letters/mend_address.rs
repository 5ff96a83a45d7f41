//! Putting right an address at which letters did not arrive, everywhere it stands in a booking, and sending again
//! what did not arrive: the letters say how the booking stands now.

use super::{resend_letters::to_leader, stop_letters::stoppable};
use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        calendars::reconcile::Telling,
        edit::{States, merged},
        people::know_people::still_known,
        places::opened::Opened,
        record::{Subject, record, record_changes},
        tell::Outgoing,
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        edit::{Conflicts, Merged},
        id::{MailingId, RegistrationId},
        letter::{Circular, LetterKind},
        place::Place,
        registration::{Leader, Registration},
        session::Session,
        text::Message,
    },
    mail::letters::{self, Withdrawal},
    store::{
        StoreError, Tx, audit::Edited, invitations, links, mailings, outbox::About, places,
        registrations, undelivered,
    },
    token::Attempt,
};

/// Whose address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of whoever looks after the booking.
    Leader,
    /// That of whoever sits on the place with this number.
    Place(u32),
}

/// What is put right.
#[derive(Debug, Clone)]
pub struct MendRequest {
    /// In which booking.
    pub registration: RegistrationId,
    /// Whose address.
    pub whose: Whose,
    /// As the page showed it; without it, as it is now.
    pub shown: Option<EmailAddress>,
    /// What it should be. The same as it was, where the mailbox was only full.
    pub email: EmailAddress,
    /// The form it was asked by: sending it twice sends once (V3).
    pub attempt: Option<Attempt>,
}

/// Why nothing was put right.
#[derive(Debug, thiserror::Error)]
pub enum MendError {
    /// There is no such booking, or nobody of it has an address there.
    #[error("nobody of this booking has an email address there any more")]
    NoAddress,
    /// Somebody changed it since the page was opened.
    #[error("the address was changed since this page was opened: it is {0} now")]
    Meanwhile(EmailAddress),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Nothing was drawn, so that nothing is in dispute.
impl<R> From<Box<Conflicts<R>>> for MendError {
    fn from(_: Box<Conflicts<R>>) -> Self {
        Self::NoAddress
    }
}

/// Whether a place still has somebody with this address.
fn has(place: &Place, address: &EmailAddress) -> bool {
    let email = place.attendee.as_ref().and_then(|one| one.email.as_ref());
    place.state.status().is_open() && email == Some(address)
}

/// The address that is meant.
pub fn address_of(registration: &Registration, whose: Whose) -> Option<&EmailAddress> {
    match whose {
        Whose::Leader => registration.leader.email.as_ref(),
        Whose::Place(number) => {
            let mut places = registration.places.iter();
            let open = |one: &&Place| one.number == number && one.state.status().is_open();
            places.find(open)?.attendee.as_ref()?.email.as_ref()
        }
    }
}

/// Corrects the address and sends again; how many letters.
///
/// # Errors
/// [`MendError`], in which case nothing changed.
pub async fn mend_address(
    ctx: &ActionContext,
    actor: &Actor,
    request: MendRequest,
) -> Result<usize, MendError> {
    let MendRequest { registration: id, whose, shown, email, attempt } = request;
    let mut tx = ctx.store.begin().await?;
    if let Some(sent) = made_before(ctx, &mut tx, "address", attempt.as_ref()).await? {
        return Ok(key(&sent)?);
    }
    let mut opened = Opened::lock(&mut tx, id).await?.ok_or(MendError::NoAddress)?;
    let old = address_of(&opened.registration, whose).cloned().ok_or(MendError::NoAddress)?;
    if shown.is_some_and(|shown| shown != old) {
        return Err(MendError::Meanwhile(old));
    }
    let leads = opened.registration.leader.email.as_ref() == Some(&old);
    let hers: Vec<Place> =
        opened.registration.places.iter().filter(|place| has(place, &old)).cloned().collect();
    let mut out = Outgoing::default();
    if email != old {
        if leads {
            correct_leader(ctx, &mut opened, actor, &email).await?;
        }
        for place in &hers {
            correct_attendee(ctx, &mut opened, actor, place, &email).await?;
            out.lose(place.id);
        }
    }
    let Opened { mut locked, session, registration } = opened;
    let about = (&session, &registration);
    if email == old {
        let live = invitations::live_of_registrations(&mut locked, &[id]).await?;
        let live = live.into_values().next().unwrap_or_default();
        for place in &hers {
            let own: Vec<_> = live.iter().filter(|one| one.place == place.id).cloned().collect();
            out.invites_again(ctx, about, place, &own);
        }
    } else {
        let telling = Telling::gone(Withdrawal::NewAddress);
        out.reconcile_stored(ctx, &mut locked, about, telling).await?;
        // Nobody reads what goes there: it would only come back as well.
        out.spare(&old);
    }
    if leads {
        to_leader(ctx, &mut locked, &mut out, about).await?;
    }
    let lost = undelivered::messages(&mut locked, id, &old).await?;
    let names = names(&registration, leads, &hers);
    write_messages(ctx, &mut locked, &mut out, about, (&lost, &names, &email)).await?;
    undelivered::mend(&mut locked, id, &old, ctx.now()).await?;
    let letters = out.count();
    out.write(ctx, &mut locked).await?;
    let detail = Some(format!("{letters} letters, which had not arrived"));
    let subject = Subject::of(&registration);
    record(ctx, &mut locked, actor, AuditAction::LettersResent, subject, detail).await?;
    made(&mut locked, attempt.as_ref(), &letters.to_string()).await?;
    tx.commit().await?;
    Ok(letters)
}

/// Messages of organisers that did not arrive, in the words they had.
async fn write_messages(
    ctx: &ActionContext,
    tx: &mut Tx,
    out: &mut Outgoing,
    (session, registration): (&Session, &Registration),
    (lost, names, email): (&[MailingId], &[String], &EmailAddress),
) -> Result<(), StoreError> {
    for mailing in lost {
        let Some(mailing) = mailings::find(tx, *mailing).await? else { continue };
        let Ok(Some(body)) = Message::parse_optional(&mailing.body) else { continue };
        let content = letters::message(&ctx.letterhead, session, names, &mailing.subject, &body);
        let content = content.of(&registration.reference);
        let content = stoppable(ctx, tx, content, (email, Circular::Messages)).await?;
        let to = (names.first().cloned(), email.clone());
        let letter = ctx.letter(LetterKind::Message, to, content, None);
        out.letter(letter, About { registration: Some(registration.id), place: None });
    }
    Ok(())
}

/// Who reads letters to the address.
fn names(registration: &Registration, leads: bool, hers: &[Place]) -> Vec<String> {
    let attendees = hers.iter().filter_map(|place| place.attendee.as_ref());
    let mut names: Vec<String> = attendees.map(|one| one.name.to_string()).collect();
    if leads && names.is_empty() {
        names.push(registration.leader.name.to_string());
    }
    names
}

async fn correct_leader(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    actor: &Actor,
    email: &EmailAddress,
) -> Result<(), MendError> {
    let Opened { locked, session, registration } = opened;
    let sent = Leader { email: Some(email.clone()), ..registration.leader.clone() };
    let states = States { drawn: None, present: &registration.leader, sent: &sent };
    let edited = Edited::Booking(registration.id);
    let Merged { record, changes } =
        merged::<_, MendError>(locked, &edited, states, session.zone()).await?;
    registrations::change_leader(locked, registration.id, &record).await?;
    // Whoever the address was of has not been reached by any link.
    links::disprove(locked, registration.id).await?;
    registration.leader = record;
    let what = (AuditAction::LeaderChanged, Subject::of(registration));
    Ok(record_changes(ctx, locked, actor, what, (None, changes)).await?)
}

async fn correct_attendee(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    actor: &Actor,
    place: &Place,
    email: &EmailAddress,
) -> Result<(), MendError> {
    let Opened { locked, session, registration } = opened;
    let Some(before) = &place.attendee else { return Ok(()) };
    let sent = Attendee { email: Some(email.clone()), ..before.clone() };
    let states = States { drawn: None, present: before, sent: &sent };
    let edited = Edited::Booking(registration.id);
    let Merged { record: now, changes } =
        merged::<_, MendError>(locked, &edited, states, session.zone()).await?;
    let who = (place.id, registration.sender.code());
    still_known(ctx, locked, actor, who, (before, &now)).await?;
    places::correct_attendee(locked, place.id, &now).await?;
    if let Some(known) = registration.places.iter_mut().find(|one| one.id == place.id) {
        known.attendee = Some(now);
    }
    let subject = Subject { place: Some(place.id), ..Subject::of(registration) };
    let edited = (AuditAction::AttendeeEdited, subject);
    Ok(record_changes(ctx, locked, actor, edited, (None, changes)).await?)
}
