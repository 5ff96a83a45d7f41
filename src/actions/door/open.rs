//! Opening the door of a sitting: who is expected, and who is here.

use super::keeper::Keeper;
use crate::{
    actions::{
        ActionContext,
        questions::answer::with_answers,
        record::{Subject, record},
    },
    domain::{
        attendance::{Basis, Door, DoorLine, Presence},
        audit::AuditAction,
        id::SessionCode,
        question::Reader,
        roster::Roster,
        session::Session,
        sitting::Sitting,
    },
    store::{Conn, StoreError, door, registrations, sessions},
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

pub(super) async fn find(
    conn: &mut Conn,
    keeper: Keeper<'_>,
    code: &SessionCode,
    number: u32,
) -> Result<(Session, Sitting), DoorError> {
    let session = sessions::find(conn, code).await?.ok_or(DoorError::NoSuchSitting)?;
    let sitting = session.sittings.iter().find(|sitting| sitting.number == number).cloned();
    // Whether there is such a day is not told to whoever may not look after any.
    if !keeper.keeps(&session, sitting.as_ref()) {
        return Err(DoorError::Forbidden);
    }
    Ok((session, sitting.ok_or(DoorError::NoSuchSitting)?))
}

pub(super) async fn door_of(
    conn: &mut Conn,
    session: &Session,
    sitting: &Sitting,
) -> Result<Door, StoreError> {
    let marks = door::marks(conn, sitting.id).await?;
    let roster = Roster::of(registrations::of_session(conn, &session.code).await?);
    // Whoever stands at the door sees what is for the door; the rest is on the roster.
    let roster = with_answers(conn, session, roster).await?.seen_by(&[Reader::Helper]);
    let lines = roster.lines.into_iter().map(|line| {
        let known = marks.get(&line.place.id);
        let presence = known.map_or(Presence::Unknown, |known| known.presence);
        let basis = known.map_or(Basis::Seen, |known| known.basis);
        DoorLine { line, presence, since: known.and_then(|known| known.seen_at), basis }
    });
    let lines = lines.collect();
    let mut late = door::late(conn, &session.code).await?;
    late.retain(|one| one.sitting == sitting.number);
    let tallies = door::tallies(conn, &session.code).await?;
    let tally = tallies.iter().find(|one| u32::try_from(one.number) == Ok(sitting.number));
    let closed_at = tally.and_then(|tally| tally.closed_at);
    Ok(Door {
        lines,
        walk_ins: door::walk_ins(conn, sitting.id).await?,
        questions: door::questions(conn, sitting.id).await?,
        closed_at,
        late,
    })
}

/// The door of a sitting, for somebody who may check people in. With `reads`, that they read it is
/// written down: it shows access needs (P1).
///
/// # Errors
/// [`DoorError`].
pub async fn open_door<'k>(
    ctx: &ActionContext,
    keeper: impl Into<Keeper<'k>>,
    code: &SessionCode,
    number: u32,
    reads: bool,
) -> Result<OpenDoor, DoorError> {
    let keeper = keeper.into();
    if reads {
        let mut tx = ctx.store.begin().await?;
        find(&mut tx, keeper, code, number).await?;
        let subject = Subject { session: Some(code.clone()), ..Subject::default() };
        let (actor, detail) = (keeper.actor(), Some("at the door".to_owned()));
        record(ctx, &mut tx, &actor, AuditAction::RosterRead, subject, detail).await?;
        tx.commit().await?;
    }
    let mut conn = ctx.store.read().await?;
    let (session, sitting) = find(&mut conn, keeper, code, number).await?;
    let door = door_of(&mut conn, &session, &sitting).await?;
    Ok(OpenDoor { session, sitting, door })
}
