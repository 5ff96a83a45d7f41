//! A session planned as a draft, changed while it is one, and repeated week by week.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        edit::{States, merged},
        record::{Subject, record, record_changes},
        sessions::{copy_belongings::copy_belongings, series::begin_series},
        venues::choose::move_between,
    },
    domain::{
        aims::{Aims, AimsFault},
        audit::{Actor, AuditAction},
        edit::{Conflicts, Drawn, Merged},
        id::{SessionCode, SittingId, StaffLogin},
        location::LocationFault,
        occupancy::{MOST_PLACES, Occupancy},
        plan::{NumberedFault, PlannedSitting, SessionPlan, faults_in_words, instants_of},
        session::{Publication, Session, Trainer},
        sitting::{DayPlace, Sitting, later},
        stay::{Overnight, OvernightFault},
        unnamed::Unnamed,
        wording,
    },
    store::{
        StoreError, Tx, audit::Edited, catalogue, replies, session_lock, session_plans, sessions,
    },
    token::{Attempt, row_id, secret_uuid},
};

/// The most weeks a series runs.
pub const MOST_WEEKS: u32 = 52;

/// Why a plan was not kept.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// It is published: people may have booked, so changes are told to them.
    #[error("the session is not a draft any more")]
    NotADraft,
    /// There is no such course.
    #[error("there is no such course")]
    NoSuchCourse,
    /// There is no such alliance.
    #[error("there is no such alliance")]
    NoSuchAlliance,
    /// Somebody without an open account cannot lead it.
    #[error("a trainer has no open account")]
    NoSuchTrainer,
    /// A session has at least one place.
    #[error("a session has 1 to {MOST_PLACES} places")]
    NoPlaces,
    /// It cannot take place there.
    #[error(transparent)]
    Location(#[from] LocationFault),
    /// It needs more people than there are places, or it is decided too late.
    #[error(transparent)]
    Aims(#[from] AimsFault),
    /// Rooms are given out too late, or where nobody stays.
    #[error(transparent)]
    Overnight(#[from] OvernightFault),
    /// People wait for an answer that the new way of booking would leave them without.
    #[error("{}", waits(*.people))]
    RequestsWait {
        /// How many.
        people: usize,
    },
    /// There is no such venue on the list, or it is another alliance's.
    #[error("choose a venue that this alliance uses, or type the place")]
    NoSuchVenue,
    /// A series of no weeks, or of more than a year.
    #[error("choose from 1 to {MOST_WEEKS} weeks")]
    Weeks,
    /// A session has at least one day.
    #[error("a session has at least 1 day")]
    NoDays,
    /// Days that cannot be.
    #[error("{}", faults_in_words(.0))]
    Days(Vec<NumberedFault>),
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<SessionPlan>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn waits(people: usize) -> String {
    let people = wording::count(people, "person waits", "people wait");
    format!("{people} for your answer: say what becomes of them")
}

impl From<Box<Conflicts<SessionPlan>>> for PlanError {
    fn from(conflicts: Box<Conflicts<SessionPlan>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// Keeps a plan as a draft that only the office and its trainers see.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn plan_session(
    ctx: &ActionContext,
    actor: &Actor,
    plan: &SessionPlan,
    attempt: Option<&Attempt>,
) -> Result<SessionCode, PlanError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "session", attempt).await? {
        return Ok(key(&made)?);
    }
    let code = plan_in(ctx, &mut tx, actor, plan).await?;
    made(&mut tx, attempt, code.as_str()).await?;
    tx.commit().await?;
    Ok(code)
}

/// The same in a transaction that makes more.
pub(in crate::actions) async fn plan_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    plan: &SessionPlan,
) -> Result<SessionCode, PlanError> {
    let session = draft(ctx, tx, plan, None).await?;
    let course = session.course.slug.clone();
    let code = insert(ctx, tx, actor, session, plan.like.as_ref()).await?;
    if let Some(source) = &plan.like {
        let copies = std::slice::from_ref(&code);
        copy_belongings(ctx, tx, actor, (source, &course), copies).await?;
    }
    Ok(code)
}

/// Changes a draft: what differs from what the form was drawn from.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn replan_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    plan: &SessionPlan,
    drawn: Option<&Drawn>,
) -> Result<(), PlanError> {
    let mut tx = ctx.store.begin().await?;
    replan_within(ctx, &mut tx, actor, (code, plan), drawn).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction that does more.
pub(super) async fn replan_within(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (code, plan): (&SessionCode, &SessionPlan),
    drawn: Option<&Drawn>,
) -> Result<(), PlanError> {
    let known = locked_draft(tx, code).await?;
    let (present, zone) = (SessionPlan::of(&known), known.zone());
    // Where single days are held is said elsewhere.
    let sent = SessionPlan { day_places: present.day_places.clone(), ..plan.clone() };
    let states = States { drawn, present: &present, sent: &sent };
    let edited = Edited::Session(code.clone());
    let Merged { record: plan, changes } =
        merged::<_, PlanError>(tx, &edited, states, zone).await?;
    let session = Session { code: code.clone(), ..draft(ctx, tx, &plan, Some(&known)).await? };
    session_plans::replace_draft(tx, &session).await?;
    session_plans::set_details(tx, code, &SessionPlan::of(&session).details).await?;
    let what = (AuditAction::SessionEdited, Subject::session(code));
    record_changes(ctx, tx, actor, what, (None, changes)).await?;
    Ok(())
}

/// Plans the same session again, so many weeks later each: drafts, to be looked at before they
/// are published. Booking opens and closes as much later.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn repeat_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    weeks: &[u32],
    attempt: Option<&Attempt>,
) -> Result<Vec<SessionCode>, PlanError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "series", attempt).await? {
        return Ok(made.split_whitespace().map(key).collect::<Result<_, _>>()?);
    }
    if !weeks.iter().all(|week| (1..=MOST_WEEKS).contains(week)) {
        return Err(PlanError::Weeks);
    }
    let mut first = sessions::find(&mut tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    if !weeks.is_empty() && first.series.is_none() {
        first.series = Some(begin_series(ctx, &mut tx, actor, code).await?);
    }
    let mut codes = Vec::with_capacity(weeks.len());
    for week in weeks {
        let by = Duration::weeks(i64::from(*week));
        let days = first.sittings.iter().map(|sitting| PlannedSitting::later(sitting, by));
        let days: Vec<_> = days.collect();
        let zone = first.zone();
        let shift = |at: Option<DateTime<Utc>>| at.map(|at| later(at, by, zone));
        // Everything is as it was but what is named here: a new setting is copied too.
        let session = Session {
            occupancy: Occupancy { capacity: first.occupancy.capacity, ..Occupancy::default() },
            booking_opens: shift(first.booking_opens),
            booking_closes: shift(first.booking_closes),
            changes_close: shift(first.changes_close),
            publication: Publication::Draft,
            reserves: Vec::new(),
            helps: false,
            aims: Aims {
                decide_by: first.aims.decide_by.map(|day| day + by),
                went_ahead: None,
                ..first.aims.clone()
            },
            overnight: Overnight {
                rooms_on: first.overnight.rooms_on.map(|day| day + by),
                ..first.overnight.clone()
            },
            sittings: placed(sittings(ctx, &days, zone)?, &SessionPlan::of(&first).day_places),
            ..first.clone()
        };
        codes.push(insert(ctx, &mut tx, actor, session, Some(code)).await?);
    }
    copy_belongings(ctx, &mut tx, actor, (code, &first.course.slug), &codes).await?;
    let all: Vec<&str> = codes.iter().map(SessionCode::as_str).collect();
    made(&mut tx, attempt, &all.join(" ")).await?;
    tx.commit().await?;
    Ok(codes)
}

pub(in crate::actions) async fn locked_draft(
    tx: &mut Tx,
    code: &SessionCode,
) -> Result<Session, PlanError> {
    session_lock::lock(tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    let session = sessions::find(tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    if session.publication == Publication::Draft { Ok(session) } else { Err(PlanError::NotADraft) }
}

fn sittings(
    ctx: &ActionContext,
    days: &[PlannedSitting],
    zone: chrono_tz::Tz,
) -> Result<Vec<Sitting>, PlanError> {
    if days.is_empty() {
        return Err(PlanError::NoDays);
    }
    let instants = instants_of(days, zone, ctx.now()).map_err(PlanError::Days)?;
    let sitting = |(number, (day, (starts_at, ends_at))): (u32, (&PlannedSitting, _))| Sitting {
        id: SittingId::new(row_id(&*ctx.random, &*ctx.clock)),
        number,
        starts: day.starts,
        ends: day.ends,
        zone,
        starts_at,
        ends_at,
        uid: format!("{}@{}", secret_uuid(&*ctx.random), ctx.publisher.host),
        sequence: 0,
        created_at: ctx.now(),
        changed_at: ctx.now(),
        place: None,
    };
    Ok((1..).zip(days.iter().zip(instants)).map(sitting).collect())
}

/// The days, held where a plan says.
fn placed(mut days: Vec<Sitting>, places: &[Option<DayPlace>]) -> Vec<Sitting> {
    for (day, place) in days.iter_mut().zip(places) {
        day.place.clone_from(place);
    }
    days
}

/// The session a plan makes, where it was `known` before; its code is still to be given.
async fn draft(
    ctx: &ActionContext,
    tx: &mut Tx,
    plan: &SessionPlan,
    known: Option<&Session>,
) -> Result<Session, PlanError> {
    let courses = catalogue::courses(tx).await?;
    let course = courses.into_iter().find(|course| course.slug == plan.course);
    let course = course.ok_or(PlanError::NoSuchCourse)?;
    let alliances = catalogue::alliances(tx).await?;
    let alliance = alliances.into_iter().find(|alliance| alliance.slug == plan.alliance);
    let alliance = alliance.ok_or(PlanError::NoSuchAlliance)?;
    let capacity = plan.capacity.unwrap_or(course.default_capacity);
    let counts = [Some(capacity), Some(plan.details.places_per_booking)];
    let counts = counts.into_iter().chain([plan.details.places_per_institution]);
    if counts.flatten().any(|count| !(1..=MOST_PLACES).contains(&count)) {
        return Err(PlanError::NoPlaces);
    }
    let first = plan.sittings.iter().map(|day| day.starts.date()).min();
    plan.details.aims.checked(capacity, first)?;
    plan.details.overnight.checked(first)?;
    let location = plan.location.checked()?;
    let details = &plan.details;
    let before = known.and_then(|session| session.venue.as_ref());
    let wanted = (plan.venue.as_ref(), &alliance.slug);
    let moved = move_between(tx, before, wanted).await?.ok_or(PlanError::NoSuchVenue)?;
    let usual = match &plan.like {
        Some(code) => {
            let source = sessions::find(tx, code).await?.ok_or(PlanError::NoSuchSession)?;
            Unnamed::of(&source).on_decline
        }
        None => replies::usual_decline(tx, &alliance.slug).await?.unwrap_or_default(),
    };
    Ok(Session {
        code: code(1)?,
        sittings: placed(sittings(ctx, &plan.sittings, alliance.time_zone)?, &plan.day_places),
        course: Arc::new(course),
        alliance: Arc::new(alliance),
        location,
        venue: plan.venue.clone(),
        access: details.access.clone(),
        occupancy: Occupancy { capacity, ..Occupancy::default() },
        places_per_institution: details.places_per_institution,
        places_per_booking: details.places_per_booking,
        mode: details.mode,
        admission: details.admission,
        series: known.and_then(|session| session.series.clone()),
        booking_opens: details.booking_opens,
        booking_closes: details.booking_closes,
        waiting_list: details.waiting_list,
        changes_close: None,
        on_decline: plan.on_decline.unwrap_or(usual),
        trainers: trainers(tx, &details.trainers).await?,
        note: details.note.clone(),
        words: moved.words(&details.words),
        aims: details.aims.clone(),
        overnight: details.overnight.clone(),
        reserves: Vec::new(),
        helps: false,
        publication: Publication::Draft,
    })
}

/// Who leads it; nobody is left out because her account was closed meanwhile.
pub(super) async fn trainers(
    tx: &mut Tx,
    logins: &[StaffLogin],
) -> Result<Vec<Trainer>, PlanError> {
    let found = session_plans::trainers(tx, logins).await?;
    if found.len() < logins.len() { Err(PlanError::NoSuchTrainer) } else { Ok(found) }
}

fn code(number: i64) -> Result<SessionCode, PlanError> {
    format!("S{number:03}").parse().map_err(|_| PlanError::NoSuchSession)
}

/// Adds a session under the first code that is free.
async fn insert(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    mut session: Session,
    copied: Option<&SessionCode>,
) -> Result<SessionCode, PlanError> {
    let mut number = session_plans::count(tx).await?;
    loop {
        number += 1;
        session.code = code(number)?;
        if sessions::insert(tx, &session).await? {
            break;
        }
    }
    let subject = Subject { session: Some(session.code.clone()), ..Subject::default() };
    let detail = copied.map(|code| format!("as {code}"));
    record(ctx, tx, actor, AuditAction::SessionPlanned, subject, detail).await?;
    Ok(session.code)
}
