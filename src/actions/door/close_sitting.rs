//! The end of a day at the door: whoever was not there is absent, and once every day is closed, who
//! did the course is remembered for what comes after it (B7).

use super::open::{DoorError, door_of, find};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        attendance::did_course,
        audit::{Actor, AuditAction},
        course::CourseAttendance,
        id::SessionCode,
        roster::Roster,
        session::Session,
        staff::StaffMember,
    },
    store::{StoreError, Tx, attendances, door, registrations},
    token::row_id,
};

/// How many came, and how many with a place did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SittingTurnout {
    /// With and without a booking.
    pub came: usize,
    /// With a place.
    pub absent: usize,
}

/// Closes a sitting that has begun; closing it again counts again, and takes note of what had arrived
/// meanwhile. A tap that reaches us later is still taken: it was true at the door (D1).
///
/// # Errors
/// [`DoorError`], in which case nothing changed.
pub async fn close_sitting(
    ctx: &ActionContext,
    member: &StaffMember,
    code: &SessionCode,
    number: u32,
) -> Result<SittingTurnout, DoorError> {
    let mut tx = ctx.store.begin().await?;
    let (session, sitting) = find(&mut tx, member.into(), code, number).await?;
    let now = ctx.now();
    if sitting.starts_at > now {
        return Err(DoorError::NotYet);
    }
    let actor = Actor::Staff(member.login.clone());
    door::lock(&mut tx, sitting.id).await?;
    let found = door_of(&mut tx, &session, &sitting).await?;
    let mut turnout = SittingTurnout { came: found.count_here(), absent: 0 };
    for line in found.missing() {
        turnout.absent += 1;
        door::assume_absent(&mut tx, sitting.id, line.line.place.id, &actor, now).await?;
    }
    door::close(&mut tx, sitting.id, now).await?;
    remember(ctx, &mut tx, &session).await?;
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    let SittingTurnout { came, absent } = turnout;
    let detail = Some(format!("day {number}: {came} came, {absent} did not"));
    record(ctx, &mut tx, &actor, AuditAction::SittingClosed, subject, detail).await?;
    tx.commit().await?;
    Ok(turnout)
}

/// Remembers who did the course, as far as their address tells them apart, once every day is closed;
/// and forgets it of whoever did not after all, when something arrives or is corrected after that.
pub(super) async fn remember(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
) -> Result<(), StoreError> {
    let tallies = door::tallies(tx, &session.code).await?;
    let is_closed = tallies.iter().all(|tally| tally.closed_at.is_some());
    let Some(last) = session.sittings.last().filter(|_| is_closed) else { return Ok(()) };
    let attended = door::attended_sittings(tx, &session.code).await?;
    let roster = Roster::of(registrations::of_session(tx, &session.code).await?);
    let mut done = Vec::new();
    for line in &roster.lines {
        let count = attended.get(&line.place.id).copied().unwrap_or_default();
        let did = did_course(usize::try_from(count).unwrap_or(0), session.sittings.len());
        let Some(attendee) = line.place.attendee.as_ref() else { continue };
        let Some(email) = attendee.email.clone() else { continue };
        let attendance = CourseAttendance {
            course: session.course.slug.clone(),
            name: attendee.name.clone(),
            email,
            attended_on: last.ends.date(),
        };
        // Whoever has two places did the course on one of them: those who did come last.
        if did {
            done.push(attendance);
        } else {
            attendances::forget(tx, &attendance).await?;
        }
    }
    for one in door::walked_in(tx, &session.code).await? {
        let Some(email) = one.email.filter(|_| did_course(one.days, session.sittings.len())) else {
            continue;
        };
        let (course, name) = (session.course.slug.clone(), one.name);
        done.push(CourseAttendance { course, name, email, attended_on: last.ends.date() });
    }
    for attendance in done {
        let id = row_id(&*ctx.random, &*ctx.clock);
        attendances::insert(tx, id, &attendance, "door").await?;
    }
    Ok(())
}
