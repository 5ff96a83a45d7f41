//! Reading a roster: allowed to few, and written down, because it shows needs (P1).

use std::collections::HashMap;

use crate::{
    actions::{
        ActionContext,
        questions::answer::with_answers,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PlaceId, SessionCode},
        permission::{Permission, allows},
        question::Reader,
        registration::Registration,
        roster::Roster,
        session::Session,
        staff::StaffMember,
    },
    store::{StoreError, door, help_requests, received, registrations, replies, sessions},
};

/// Why a roster was not shown.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// Whoever asks may not read it.
    #[error("you are not among those who look after this session")]
    Forbidden,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down that somebody of the office read what a person needs.
///
/// # Errors
/// [`StoreError`], in which case nothing is to be shown.
pub async fn note_reading(
    ctx: &ActionContext,
    actor: &Actor,
    (booking, place): (&Registration, PlaceId),
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let subject = Subject { place: Some(place), ..Subject::of(booking) };
    record(ctx, &mut tx, actor, AuditAction::RosterRead, subject, None).await?;
    tx.commit().await
}

/// The session and its roster, for somebody who may read it.
///
/// # Errors
/// [`RosterError`].
pub async fn read_roster(
    ctx: &ActionContext,
    member: &StaffMember,
    code: &SessionCode,
) -> Result<(Session, Roster), RosterError> {
    let mut tx = ctx.store.begin().await?;
    let session = sessions::find(&mut tx, code).await?.ok_or(RosterError::NoSuchSession)?;
    if !allows(member, Permission::ReadRoster, &session) {
        return Err(RosterError::Forbidden);
    }
    let mut roster = Roster::of(registrations::of_session(&mut tx, code).await?)
        .answered(&replies::of_session(&mut tx, code).await?)
        .with_words(&received::words_of_session(&mut tx, code).await?);
    let mut granted: HashMap<PlaceId, Vec<String>> = HashMap::new();
    for seen in help_requests::of_session(&mut tx, code).await? {
        granted.entry(seen.request.place).or_default().extend(seen.request.as_need());
    }
    granted.retain(|_, needs| !needs.is_empty());
    roster = roster.helped(&granted);
    for sitting in &session.sittings {
        let marks = door::marks(&mut tx, sitting.id).await?;
        let noted =
            marks.into_iter().map(|(place, known)| (place, (known.presence, known.seen_at)));
        roster = roster.came(sitting.number, &noted.collect());
    }
    let readers: &[Reader] = match allows(member, Permission::ManageBookings, &session) {
        true => &[Reader::Office],
        // The kitchen's counts are on a sheet that whoever leads the session prints.
        false => &[Reader::Trainer, Reader::Helper, Reader::Kitchen, Reader::Sheet],
    };
    let roster = with_answers(&mut tx, &session, roster).await?.seen_by(readers);
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    let actor = Actor::Staff(member.login.clone());
    record(ctx, &mut tx, &actor, AuditAction::RosterRead, subject, None).await?;
    tx.commit().await?;
    Ok((session, roster))
}
