//! Somebody of a booking gets one of her own: the same place, so that no calendar shows it twice, and nobody is
//! ever on both bookings or on neither.

use super::cancel_places::shown;
use crate::{
    actions::{
        ActionContext,
        calendars::reconcile::Telling,
        people::know_people::still_known,
        places::opened::Opened,
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        contact::{EmailAddress, PhoneNumber},
        edit::Drawn,
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        place::Place,
        registration::{Leader, NotApart, Registration},
        session::{Publication, Session},
    },
    mail::letters,
    store::{
        StoreError, answers,
        links::LinkTarget,
        places,
        registrations::{self, Origin},
        session_lock::Locked,
    },
    token::Token,
};

/// Why nobody got a booking of her own.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// There is no such place, or it is not open any more.
    #[error(
        "this place is not there any more: it was given up, taken back, or has a booking of its own already"
    )]
    NoSuchPlace,
    /// The session is over or called off.
    #[error("the session takes no more changes")]
    TooLate,
    /// Whoever sits there cannot have one.
    #[error(transparent)]
    NotApart(#[from] NotApart),
    /// Nobody could reach her (B9).
    #[error(
        "give an email address or a telephone number, so that we can reach whoever looks after it"
    )]
    Unreachable,
    /// Somebody else sits there than whom the page showed (V2).
    #[error("{0} is on that place now, not who was there when the page was opened")]
    SomebodyElse(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who gets a booking of her own, and how she is reached.
#[derive(Debug, Clone)]
pub struct SplitRequest {
    /// The booking she is on.
    pub registration: RegistrationId,
    /// Her place.
    pub place: PlaceId,
    /// Where her letters go.
    pub email: Option<EmailAddress>,
    /// Her number.
    pub phone: Option<PhoneNumber>,
    /// What the page showed.
    pub drawn: Option<Drawn>,
}

/// A booking of her own.
#[derive(Debug)]
pub struct Split {
    /// It, with its one place.
    pub registration: Registration,
    /// What opens it, where no letter brings it to her.
    pub link: Option<Token>,
}

/// Makes a booking of her own of a person's place: she keeps the place, her needs, her links and what stands in
/// her calendar. Both leaders get a letter, if they have an address.
///
/// # Errors
/// [`SplitError`], in which case the booking is as it was.
pub async fn split_off(
    ctx: &ActionContext,
    actor: &Actor,
    request: SplitRequest,
) -> Result<Split, SplitError> {
    if request.email.is_none() && request.phone.is_none() {
        return Err(SplitError::Unreachable);
    }
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock_settled(ctx, &mut tx, request.registration).await?;
    let Opened { mut locked, session, mut registration } = opened.ok_or(SplitError::NoSuchPlace)?;
    let is_on = session.publication == Publication::Published;
    if !is_on || !session.accepts_changes_at(ctx.now()) {
        return Err(SplitError::TooLate);
    }
    let open = |place: &&Place| place.id == request.place && place.state.status().is_open();
    let place = registration.places.iter().find(open).cloned().ok_or(SplitError::NoSuchPlace)?;
    let (key, name) = shown(&place);
    if request.drawn.as_ref().is_some_and(|drawn| !drawn.shows(&key, &name)) {
        return Err(SplitError::SomebodyElse(name));
    }
    let before = registration.apart(&place)?;
    registration.places.retain(|one| one.id != place.id);
    let new = insert(ctx, &mut locked, &registration, (place, before.clone()), &request).await?;
    reach(ctx, &mut locked, actor, &new, &before).await?;
    let link = tell(ctx, &mut locked, (&session, &registration), &new).await?;
    let action = AuditAction::BookingSplit;
    let detail = Some(format!("to {}", new.reference));
    record(ctx, &mut locked, actor, action, Subject::of(&registration), detail).await?;
    let detail = Some(format!("from {}", registration.reference));
    record(ctx, &mut locked, actor, action, Subject::of(&new), detail).await?;
    tx.commit().await?;
    Ok(Split { registration: new, link })
}

/// The booking of her own, with her place.
async fn insert(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    old: &Registration,
    (place, attendee): (Place, Attendee),
    request: &SplitRequest,
) -> Result<Registration, StoreError> {
    let leader = Leader {
        name: attendee.name.clone(),
        email: request.email.clone(),
        phone: request.phone.clone(),
    };
    let id = place.id;
    let email = attendee.email.clone().or_else(|| request.email.clone());
    let attendee = Some(Attendee { email, ..attendee });
    let mut new = Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(),
        leader,
        asked: 1,
        places: vec![Place { number: 1, attendee, ..place }],
        ..old.clone()
    };
    let origin = Origin { source: "web", attempt: None, fingerprint: None, at: ctx.now() };
    while !registrations::insert(locked, &new, origin).await? {
        new.reference = ctx.reference();
    }
    places::give_to(locked, id, new.id).await?;
    answers::give_to(locked, id, new.id).await?;
    Ok(new)
}

/// The address she gave is her place's too, where it had none: her invite goes there.
async fn reach(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    new: &Registration,
    before: &Attendee,
) -> Result<(), StoreError> {
    for place in &new.places {
        let Some(now) = place.attendee.as_ref().filter(|now| now.email != before.email) else {
            continue;
        };
        still_known(ctx, locked, actor, (place.id, new.sender.code()), (before, now)).await?;
        places::correct_attendee(locked, place.id, now).await?;
    }
    Ok(())
}

/// A letter to each of the two leaders, and an invite where her place has an address only now. What stands in her
/// calendar stays, under the same UID.
async fn tell(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    (session, old): (&Session, &Registration),
    new: &Registration,
) -> Result<Option<Token>, StoreError> {
    let mut out = Outgoing::default();
    out.reconcile_stored(ctx, locked, (session, new), Telling::changed(&[])).await?;
    let link = match new.leader.email {
        Some(_) => None,
        None => Some(out.link_now(ctx, LinkTarget::Leader(new.id))),
    };
    let (kind, sender) = (LetterKind::BookingConfirmed, &ctx.letterhead);
    out.tell_leader(ctx, (session, new), kind, |(session, new), url| {
        letters::booking_of_her_own(sender, session, new, old.leader.name.as_str(), url)
    });
    let name = new.leader.name.as_str();
    let kind = LetterKind::AttendeeChanged;
    out.tell_leader(ctx, (session, old), kind, |(session, old), url| {
        letters::attendee_apart(sender, session, old, name, url)
    });
    out.write(ctx, locked).await?;
    Ok(link)
}
