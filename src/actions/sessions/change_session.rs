//! Changes from above: other times, another venue, or no session at all. Whom
//! it concerns is written down in the same transaction, and told right after it.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        calendars::stamp::stamp,
        edit::{States, unchanged},
        places::settle::settle,
        record::{Subject, record_changes},
        sessions::{
            days::{dates_that_moved, days_with, name_of_day, new_sitting, replanned},
            tell_change::{SessionChange, change_and_tell},
        },
    },
    domain::{
        announcement::{News, Told},
        audit::{Actor, AuditAction},
        edit::{self, Change, Conflicts, Drawn},
        id::{SessionCode, SittingId},
        location::{Location, LocationFault},
        occupancy::MOST_PLACES,
        plan::{Instants, NumberedFault, PlannedSitting, SessionPlan, faults_in_words, lay_out},
        session::{Publication, Session},
        sitting::Sitting,
        text::Paragraph,
        venue::VenueChoice,
        wording,
    },
    store::{
        StoreError, Tx,
        audit::Edited,
        places::{self, Cause},
        reminders, session_changes,
        session_lock::{self, Locked},
        sessions,
    },
};

/// Why a session was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSessionError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// It is cancelled, or over.
    #[error("the session is cancelled or over")]
    TooLate,
    /// The capacity would be less than what is taken (W4).
    #[error(
        "places cannot go below {}: {confirmed} booked, {offered} offered, {held} held",
        confirmed + offered + held
    )]
    BelowOccupancy {
        /// Confirmed places.
        confirmed: usize,
        /// Offered places.
        offered: usize,
        /// Held places.
        held: usize,
    },
    /// Places that are kept for groups would be gone.
    #[error("{kept} more places are kept for groups: release them first")]
    BelowReserves {
        /// How many nobody has taken.
        kept: u32,
    },
    /// Places that are promised to applicants would be gone.
    #[error("{promised} more places are promised to people who are told later")]
    BelowPromised {
        /// How many.
        promised: u32,
    },
    /// It would have fewer places than it needs people.
    #[error("it needs {0} people: change that under Edit first")]
    BelowMinimum(u32),
    /// A session has at least one place, and not more than anybody can mean.
    #[error("a session has 1 to {MOST_PLACES} places")]
    NoPlaces,
    /// It cannot take place there.
    #[error(transparent)]
    Location(#[from] LocationFault),
    /// There is no such venue on the list, or it is another alliance's.
    #[error("choose a venue that this alliance uses, or type the place")]
    NoSuchVenue,
    /// There is no sitting with this number, nor is it the next one.
    #[error("there is no day {0}; give the days in order")]
    NoSuchSitting(u32),
    /// Days that cannot be.
    #[error("{}", faults_in_words(.0))]
    Days(Vec<NumberedFault>),
    /// Nobody has seen it yet, so there is nobody to tell: a draft is edited, or deleted.
    #[error("this is a draft that nobody has seen: edit it, or delete it")]
    Draft,
    /// A day that has begun stays.
    #[error("day {0} has begun, so it cannot be taken off")]
    DayHasBegun(u32),
    /// A day whose door was used stays, with what was noted there.
    #[error("somebody was checked in on day {0}, so it cannot be taken off")]
    DayAttended(u32),
    /// A session has at least one day.
    #[error("it is the only day; cancel the session instead")]
    OnlyDay,
    /// It would change nothing.
    #[error("that is how it is already")]
    NothingChanged,
    /// It is not any more as whoever would tell people of it saw it (V2).
    #[error("somebody else changed this session")]
    Conflicts(Box<Conflicts<SessionPlan>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Box<Conflicts<SessionPlan>>> for ChangeSessionError {
    fn from(conflicts: Box<Conflicts<SessionPlan>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// The session that is locked, with what has run out settled, unless it is too early or too late to change it.
pub(in crate::actions) async fn open(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
) -> Result<Session, ChangeSessionError> {
    settle(ctx, locked).await?;
    let code = locked.session().clone();
    stamp(ctx, locked, &code).await?;
    let session = find(locked).await?;
    may_change(&session, ctx.now())?;
    Ok(session)
}

/// Whether people can be told of a change to a session at `now`.
///
/// # Errors
/// [`ChangeSessionError::Draft`] or [`ChangeSessionError::TooLate`].
pub fn may_change(session: &Session, now: DateTime<Utc>) -> Result<(), ChangeSessionError> {
    match session.publication {
        Publication::Draft => Err(ChangeSessionError::Draft),
        Publication::Cancelled { .. } => Err(ChangeSessionError::TooLate),
        Publication::Published if session.is_over(now) => Err(ChangeSessionError::TooLate),
        Publication::Published => Ok(()),
    }
}

pub(super) async fn lock<'a>(
    tx: &'a mut Tx,
    code: &SessionCode,
) -> Result<Locked<'a>, ChangeSessionError> {
    session_lock::lock(tx, code).await?.ok_or(ChangeSessionError::NoSuchSession)
}

pub(super) async fn find(locked: &mut Locked<'_>) -> Result<Session, ChangeSessionError> {
    let code = locked.session().clone();
    sessions::find(locked, &code).await?.ok_or(ChangeSessionError::NoSuchSession)
}

pub(super) async fn audit(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    action: AuditAction,
    code: &SessionCode,
    (detail, changes): (String, Vec<Change>),
) -> Result<(), StoreError> {
    let what = (action, Subject::session(code));
    record_changes(ctx, tx, actor, what, (Some(detail), changes)).await
}

/// Goes on only if what is told of the session is as it was when her page was drawn (V2).
pub(super) async fn as_seen(
    tx: &mut Tx,
    session: &Session,
    (drawn, sent): (Option<&Drawn>, &SessionPlan),
    told: &[&str],
) -> Result<(), ChangeSessionError> {
    let (present, edited) = (SessionPlan::of(session), Edited::Session(session.code.clone()));
    let states = States { drawn, present: &present, sent };
    unchanged(tx, &edited, states, (told, session.zone())).await
}

/// New wall times for one sitting of a session, by its number, in the session's zone. The number
/// after the last adds a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTimes {
    /// Which sitting.
    pub number: u32,
    /// When it starts.
    pub starts: NaiveDateTime,
    /// When it ends.
    pub ends: NaiveDateTime,
}

/// Moves sittings to other times: everybody keeps their place, gets new invites, and may give it
/// up in one click. The dates that hang on the days move with them.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn reschedule_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    times: &[NewTimes],
    drawn: Option<&Drawn>,
) -> Result<Told, ChangeSessionError> {
    change_and_tell(ctx, actor, code, &SessionChange::Times(times), (drawn, None)).await
}

/// The days at other times, within a transaction that tells of it.
pub(super) async fn rescheduled(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    (session, times): (&Session, &[NewTimes]),
    drawn: Option<&Drawn>,
) -> Result<News, ChangeSessionError> {
    let days = days_with(session, times)?;
    let (present, sent) = (SessionPlan::of(session), replanned(session, &days));
    if sent == present {
        return Err(ChangeSessionError::NothingChanged);
    }
    as_seen(locked, session, (drawn, &sent), &["day"]).await?;
    let instants = lay_out(&days, &session.sittings, session.zone(), Some(ctx.now()))
        .map_err(ChangeSessionError::Days)?;
    let written = write_days(ctx, locked, session, days.into_iter().zip(instants)).await?;
    let Written { sittings, changed, changes } = written;
    let (code, dates) = (&session.code, session.dates_with(&sittings, ctx.now()));
    session_changes::set_dates(locked, code, &dates).await?;
    stamp(ctx, locked, code).await?;
    let moved = dates_that_moved(session, &dates);
    let detail = changes.iter().cloned().chain(moved).collect::<Vec<_>>().join("; ");
    let mut now = sent;
    now.details.booking_opens = dates.booking_opens;
    now.details.booking_closes = dates.booking_closes;
    let fields = edit::changes(&present, &now, session.zone());
    audit(ctx, locked, actor, AuditAction::SessionRescheduled, code, (detail, fields)).await?;
    Ok(News::Changed { sittings: changed, words: changes })
}

/// What became of the days of a session.
#[derive(Default)]
struct Written {
    /// All of them, as they are now.
    sittings: Vec<Sitting>,
    /// Those that are new, or at another time.
    changed: Vec<SittingId>,
    /// In words, day by day.
    changes: Vec<String>,
}

/// Writes the days that are new, or at another time.
async fn write_days(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    session: &Session,
    days: impl Iterator<Item = ((u32, PlannedSitting), Instants)>,
) -> Result<Written, StoreError> {
    let (mut written, code) = (Written::default(), &session.code);
    for ((number, day), (starts_at, ends_at)) in days {
        let (PlannedSitting { starts, ends }, zone) = (day, session.zone());
        let known = session.sittings.iter().find(|sitting| sitting.number == number);
        let sitting = match known {
            Some(known) if (known.starts, known.ends) == (starts, ends) => {
                written.sittings.push(known.clone());
                continue;
            }
            Some(known) => {
                let sitting = Sitting { starts, ends, zone, starts_at, ends_at, ..known.clone() };
                let (was, now) = (wording::sitting(known), wording::sitting(&sitting));
                let change = format!("{}: was {was}; now {now}", name_of_day(session, number));
                written.changes.push(change);
                session_changes::set_times(locked, &sitting).await?;
                sitting
            }
            None => {
                let sitting = new_sitting(ctx, (number, day), zone, (starts_at, ends_at));
                written.changes.push(format!("A day more: {}", wording::sitting(&sitting)));
                session_changes::add_sitting(locked, code, &sitting).await?;
                sitting
            }
        };
        spend_reminders(ctx, locked, &sitting).await?;
        written.changed.push(sitting.id);
        written.sittings.push(sitting);
    }
    Ok(written)
}

/// Whoever is told of a new time less than a day before a reminder of it would come, or after that,
/// needs no reminder: the rule for whoever books then (T1).
async fn spend_reminders(
    ctx: &ActionContext,
    tx: &mut Tx,
    sitting: &Sitting,
) -> Result<(), StoreError> {
    let now = ctx.now();
    let is_near =
        |days: &u32| sitting.starts_at - Duration::days(i64::from(*days)) < now + Duration::days(1);
    for days in ctx.reminders.iter().copied().filter(is_near) {
        reminders::count_as_told(tx, sitting.id, days, now).await?;
    }
    Ok(())
}

/// Moves a session to another venue, or to a video call.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn move_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    location: Location,
    drawn: Option<&Drawn>,
) -> Result<Told, ChangeSessionError> {
    let change = SessionChange::Place(location, VenueChoice::Unsaid);
    change_and_tell(ctx, actor, code, &change, (drawn, None)).await
}

/// Calls a session off: every place ends, every calendar is told, nobody is offered anything more.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn cancel_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    reason: Option<&Paragraph>,
    drawn: Option<&Drawn>,
) -> Result<Told, ChangeSessionError> {
    change_and_tell(ctx, actor, code, &SessionChange::CallOff(reason), (drawn, None)).await
}

/// The session called off, within a transaction that tells of it; its places end once it is written down
/// who is told: who has an open place.
pub(super) async fn called_off(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    (session, reason): (&Session, Option<&Paragraph>),
    drawn: Option<&Drawn>,
) -> Result<News, ChangeSessionError> {
    let present = SessionPlan::of(session);
    as_seen(locked, session, (drawn, &present), &["day", "where"]).await?;
    session_changes::set_cancelled(locked, &session.code, ctx.now(), reason).await?;
    stamp(ctx, locked, &session.code).await?;
    Ok(News::Cancelled { reason: reason.cloned() })
}

/// Ends the places of a session that is called off.
pub(super) async fn end_places(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    reason: Option<&Paragraph>,
) -> Result<(), ChangeSessionError> {
    let why = Some("the session is cancelled");
    let cause = Cause { by: actor, at: ctx.now(), why };
    places::cancel_all(locked, cause).await?;
    let detail = reason.map_or_else(String::new, |reason| reason.as_str().to_owned());
    let (action, code) = (AuditAction::SessionCancelled, locked.session().clone());
    audit(ctx, locked, actor, action, &code, (detail, Vec::new())).await?;
    Ok(())
}
