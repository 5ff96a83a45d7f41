//! The door: who is here. Taps come one by one from a page, or in a bundle from a device that was
//! without signal; a bundle that is sent twice, or from two devices, changes nothing twice.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        attendance::{Door, DoorLine, Mark, WalkIn},
        audit::{Actor, AuditAction},
        id::{SessionCode, WalkInId},
        permission::{Permission, allows},
        roster::Roster,
        session::Session,
        sitting::Sitting,
        staff::StaffMember,
    },
    store::{Conn, StoreError, door, registrations, sessions},
    token::row_id,
};

/// Why the door does not open.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// There is no such sitting.
    #[error("there is no such day")]
    NoSuchSitting,
    /// It has not begun, so nobody is absent yet.
    #[error("the day has not begun, so nobody is absent yet")]
    NotYet,
    /// Whoever asks may not check people in.
    #[error("you are not among those who look after this session")]
    Forbidden,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was tapped at the door.
#[derive(Debug, Clone, Default)]
pub struct Taps {
    /// Who is here, or not after all.
    pub marks: Vec<Mark>,
    /// Who came without a booking.
    pub walk_ins: Vec<WalkIn>,
    /// Whose line without a booking is taken back.
    pub removed: Vec<WalkInId>,
}

/// A sitting with its session, and its door.
#[derive(Debug, Clone)]
pub struct OpenDoor {
    /// The session.
    pub session: Session,
    /// The sitting.
    pub sitting: Sitting,
    /// Who is expected, and who is here.
    pub door: Door,
}

pub(in crate::actions) async fn find(
    conn: &mut Conn,
    member: &StaffMember,
    code: &SessionCode,
    number: u32,
) -> Result<(Session, Sitting), DoorError> {
    let session = sessions::find(conn, code).await?.ok_or(DoorError::NoSuchSitting)?;
    if !allows(member, Permission::CheckIn, &session) {
        return Err(DoorError::Forbidden);
    }
    let sitting = session.sittings.iter().find(|sitting| sitting.number == number).cloned();
    Ok((session, sitting.ok_or(DoorError::NoSuchSitting)?))
}

pub(in crate::actions) async fn door_of(
    conn: &mut Conn,
    session: &Session,
    sitting: &Sitting,
) -> Result<Door, StoreError> {
    let marks = door::marks(conn, sitting.id).await?;
    let roster = Roster::of(registrations::of_session(conn, &session.code).await?);
    let lines = roster.lines.into_iter().map(|line| {
        let (presence, since) = marks
            .get(&line.place.id)
            .map_or((Default::default(), None), |(presence, at)| (*presence, Some(*at)));
        DoorLine { line, presence, since }
    });
    Ok(Door { lines: lines.collect(), walk_ins: door::walk_ins(conn, sitting.id).await? })
}

/// The door of a sitting, for somebody who may check people in. With `reads`, that they read it is
/// written down: it shows access needs (P1).
///
/// # Errors
/// [`DoorError`].
pub async fn open_door(
    ctx: &ActionContext,
    member: &StaffMember,
    code: &SessionCode,
    number: u32,
    reads: bool,
) -> Result<OpenDoor, DoorError> {
    if reads {
        let mut tx = ctx.store.begin().await?;
        find(&mut tx, member, code, number).await?;
        let subject = Subject { session: Some(code.clone()), ..Subject::default() };
        let (actor, detail) = (Actor::Staff(member.login.clone()), Some("at the door".to_owned()));
        record(ctx, &mut tx, &actor, AuditAction::RosterRead, subject, detail).await?;
        tx.commit().await?;
    }
    let mut conn = ctx.store.read().await?;
    let (session, sitting) = find(&mut conn, member, code, number).await?;
    let door = door_of(&mut conn, &session, &sitting).await?;
    Ok(OpenDoor { session, sitting, door })
}

/// Writes taps down; those that are known already, or older than what is known, change nothing.
/// Returns how many changed something.
///
/// # Errors
/// [`DoorError`], in which case nothing changed.
pub async fn check_in(
    ctx: &ActionContext,
    member: &StaffMember,
    code: &SessionCode,
    number: u32,
    taps: &Taps,
) -> Result<usize, DoorError> {
    let mut tx = ctx.store.begin().await?;
    let (_, sitting) = find(&mut tx, member, code, number).await?;
    let actor = Actor::Staff(member.login.clone());
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    let mut known = door::marks(&mut tx, sitting.id).await?;
    let mut changed = 0;
    for mark in &taps.marks {
        let is_latest = door::mark(&mut tx, code, sitting.id, mark, &actor).await?;
        if !is_latest {
            continue;
        }
        // A tap that says what is known moves only its time: it settles which tap was the latest.
        let before = known.insert(mark.place, (mark.presence, mark.at));
        if before.map(|(presence, _)| presence).unwrap_or_default() != mark.presence {
            changed += 1;
            let subject = Subject { place: Some(mark.place), ..subject.clone() };
            let detail = Some(format!("day {number}: {}", mark.presence));
            record(ctx, &mut tx, &actor, AuditAction::CheckedIn, subject, detail).await?;
        }
    }
    for walk_in in &taps.walk_ins {
        if door::add_walk_in(&mut tx, sitting.id, walk_in, &actor).await? {
            changed += 1;
            let detail = Some(format!("day {number}"));
            let subject = subject.clone();
            record(ctx, &mut tx, &actor, AuditAction::WalkInAdded, subject, detail).await?;
        }
    }
    for id in &taps.removed {
        if door::remove_walk_in(&mut tx, sitting.id, *id, ctx.now()).await? {
            changed += 1;
            let detail = Some(format!("day {number}"));
            let subject = subject.clone();
            record(ctx, &mut tx, &actor, AuditAction::WalkInRemoved, subject, detail).await?;
        }
    }
    tx.commit().await?;
    Ok(changed)
}

/// The id of a line that is added on a page, not on a device.
pub fn walk_in_id(ctx: &ActionContext) -> WalkInId {
    WalkInId::new(row_id(&*ctx.random, &*ctx.clock))
}
