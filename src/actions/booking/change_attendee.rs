//! Who comes, and what they need, after booking (B6): never costs the place.

use crate::{
    actions::{
        ActionContext,
        calendars::invite::{send_invites, withdraw_invites},
        edit::{States, merged},
        places::opened::Opened,
        record::{Subject, record_changes},
        tell::leader_link,
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        edit::{Conflicts, Drawn, Merged},
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        place::PlaceStatus,
    },
    mail::letters::{self, Withdrawal},
    store::{
        StoreError,
        audit::Edited,
        outbox::{self, About},
        places,
    },
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such place, or it is not open any more.
    #[error("this place is not there any more: it was given up or taken back")]
    NoSuchPlace,
    /// The session is over or called off.
    #[error("the session takes no more changes")]
    TooLate,
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<Attendee>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Box<Conflicts<Attendee>>> for ChangeError {
    fn from(conflicts: Box<Conflicts<Attendee>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Somebody else comes.
    Replaced {
        /// Who was to come; `None` while the name was to follow.
        old: Option<String>,
        /// Who comes now.
        new: String,
    },
    /// The same person, with other details.
    Edited {
        /// Who.
        name: String,
    },
}

/// Writes who sits on a place. A new name or address gets an invite of its own, and the old
/// address a withdrawal; new needs alone are told to nobody.
///
/// # Errors
/// [`ChangeError`], in which case nothing changed.
pub async fn change_attendee(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    place: PlaceId,
    attendee: Attendee,
    drawn: Option<&Drawn>,
) -> Result<Changed, ChangeError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(ChangeError::NoSuchPlace)?;
    let Opened { mut locked, session, mut registration } = opened;
    if !session.accepts_changes_at(ctx.now()) {
        return Err(ChangeError::TooLate);
    }
    let now = registration
        .places
        .iter_mut()
        .find(|known| known.id == place && known.state.status().is_open())
        .ok_or(ChangeError::NoSuchPlace)?;
    let before = now.clone();
    let sent = Merged { record: attendee, changes: Vec::new() };
    let Merged { record: attendee, changes } = match &before.attendee {
        Some(known) => {
            let states = States { drawn, present: known, sent: &sent.record };
            let (edited, zone) = (Edited::Booking(id), session.zone());
            merged::<_, ChangeError>(&mut locked, &edited, states, zone).await?
        }
        None => sent,
    };
    places::set_attendee(&mut locked, place, &attendee).await?;
    now.attendee = Some(attendee.clone());
    let (now, after) = (now.clone(), registration);
    let old = before.attendee.as_ref();
    let same_name = old.is_some_and(|old| old.name == attendee.name);
    let same_address = old.is_some_and(|old| old.email == attendee.email);
    if before.state.status() == PlaceStatus::Confirmed && !(same_name && same_address) {
        withdraw_invites(ctx, &mut locked, &session, &before, Withdrawal::Replaced).await?;
        send_invites(ctx, &mut locked, (&session, &after), &now).await?;
    }
    let changed = if same_name {
        Changed::Edited { name: attendee.name.to_string() }
    } else {
        Changed::Replaced {
            old: old.map(|old| old.name.to_string()),
            new: attendee.name.to_string(),
        }
    };
    let action = if let Changed::Replaced { old, new } = &changed {
        if let Some(email) = &after.leader.email {
            let token = leader_link(ctx, &mut locked, id).await?;
            let url = ctx.manage_url(&token);
            let content =
                letters::attendee_changed(&ctx.sender, &session, &after, old.as_deref(), new, &url);
            let to = (Some(after.leader.name.to_string()), email.clone());
            let letter = ctx.letter(LetterKind::AttendeeChanged, to, content, None);
            let about = About { registration: Some(id), place: Some(place) };
            outbox::enqueue(&mut locked, &letter, about, ctx.now()).await?;
        }
        AuditAction::AttendeeReplaced
    } else {
        AuditAction::AttendeeEdited
    };
    let subject = Subject { place: Some(place), ..Subject::of(&after) };
    record_changes(ctx, &mut locked, actor, (action, subject), (None, changes)).await?;
    tx.commit().await?;
    Ok(changed)
}
