//! The same change to a session and others that follow it: all of them or none, each by the verb that changes one.

use chrono::NaiveTime;
use uuid::Uuid;

use super::{
    announce::tell_all,
    change_session::{ChangeSessionError, NewTimes},
    edit_session::edit_within,
    plan_session::{PlanError, replan_within},
    tell_change::{SessionChange, change_within},
};
use crate::{
    actions::ActionContext,
    domain::{
        audit::Actor,
        clash::{Clash, VenueQuestion, VenueUse, clashes, venue_questions},
        edit::{Change, Drawn, changes},
        id::{SessionCode, StaffLogin},
        location::Location,
        plan::{PlannedSitting, SessionPlan, faults_in_words},
        session::{Publication, Session},
        text::Paragraph,
        venue::VenueChoice,
    },
    store::{StoreError, Tx, sessions, venues},
};

/// What changes about each of them; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct SeriesChange {
    /// From when to when, on each day to come.
    pub times: Option<(NaiveTime, NaiveTime)>,
    /// Where, and whether that is a venue of the list.
    pub location: Option<(Location, VenueChoice)>,
    /// Who leads it.
    pub trainers: Option<Vec<StaffLogin>>,
}

impl SeriesChange {
    /// Whether nothing would change at all.
    pub const fn is_empty(&self) -> bool {
        self.times.is_none() && self.location.is_none() && self.trainers.is_none()
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSeriesError {
    /// One of them cannot be changed so.
    #[error("{code}: {why}")]
    Refused {
        /// Which.
        code: SessionCode,
        /// Why not.
        why: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What becomes of one of them.
#[derive(Debug, Clone)]
pub struct ChangedOne {
    /// As it was.
    pub before: Session,
    /// What differs, from what to what.
    pub changes: Vec<Change>,
    /// Trainers who would lead something else at the same time.
    pub clashes: Vec<Clash>,
    /// What is to be asked about a venue that it uses otherwise than it did.
    pub questions: Vec<VenueQuestion>,
    /// How many people are written to.
    pub people: usize,
}

/// A session that is to change, and what its page was drawn from.
pub type Meant = (SessionCode, Option<Drawn>);

/// Changes all of them and tells their people, with words of her own if there are any.
///
/// # Errors
/// [`ChangeSeriesError`], in which case nothing changed.
pub async fn change_series(
    ctx: &ActionContext,
    actor: &Actor,
    meant: &[Meant],
    change: &SeriesChange,
    words: Option<&Paragraph>,
) -> Result<Vec<ChangedOne>, ChangeSeriesError> {
    let mut tx = ctx.store.begin().await?;
    let (all, news) = within(ctx, &mut tx, actor, meant, (change, words)).await?;
    tx.commit().await?;
    for id in news {
        tell_all(ctx, id).await;
    }
    Ok(all)
}

/// What would become of all of them: it is done, read, and taken back. Nothing is kept of it.
///
/// # Errors
/// [`ChangeSeriesError`], as the change would.
pub async fn look_at_series(
    ctx: &ActionContext,
    actor: &Actor,
    meant: &[Meant],
    change: &SeriesChange,
) -> Result<Vec<ChangedOne>, ChangeSeriesError> {
    let mut tx = ctx.store.begin().await?;
    Ok(within(ctx, &mut tx, actor, meant, (change, None)).await?.0)
}

async fn within(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    meant: &[Meant],
    (change, words): (&SeriesChange, Option<&Paragraph>),
) -> Result<(Vec<ChangedOne>, Vec<Uuid>), ChangeSeriesError> {
    // Always in the same order, so that two who change the same sessions never wait for each other.
    let mut meant = meant.to_vec();
    meant.sort_by(|one, other| one.0.cmp(&other.0));
    meant.dedup_by(|one, other| one.0 == other.0);
    let (mut told, mut news) = (Vec::new(), Vec::new());
    for (code, drawn) in &meant {
        let before = sessions::find(tx, code).await?;
        let before = before.ok_or_else(|| refused(code, "there is no such session"))?;
        let said = (drawn.as_ref(), words);
        let done = match before.publication {
            Publication::Draft => plan(ctx, tx, actor, (&before, change), drawn.as_ref()).await,
            _ => tell(ctx, tx, actor, (&before, change), said).await,
        };
        let done = done?;
        news.extend(done.iter().map(|(id, _)| *id));
        told.push((before, done.iter().map(|(_, people)| *people).max().unwrap_or(0)));
    }
    let coming = sessions::ending_after(tx, ctx.now()).await?;
    let venues: Vec<_> = venues::all(tx).await?.into_iter().map(|(venue, _)| venue).collect();
    let mut all = Vec::new();
    for (before, people) in told {
        let after = sessions::find(tx, &before.code).await?;
        let after = after.ok_or_else(|| refused(&before.code, "there is no such session"))?;
        let (was, now) = (SessionPlan::of(&before), SessionPlan::of(&after));
        let changes = changes(&was, &now, before.zone());
        let used = VenueUse::of(&after);
        let questions = match used == VenueUse::of(&before) {
            true => Vec::new(),
            false => venue_questions(&used, &venues, &coming),
        };
        let clashes = clashes(&after, &coming);
        all.push(ChangedOne { changes, clashes, questions, people, before });
    }
    all.sort_by_key(|one| one.before.starts_at());
    Ok((all, news))
}

fn refused(code: &SessionCode, why: impl ToString) -> ChangeSeriesError {
    ChangeSeriesError::Refused { code: code.clone(), why: why.to_string() }
}

/// The days to come of a session at other times of day.
fn times(ctx: &ActionContext, session: &Session, change: &SeriesChange) -> Vec<NewTimes> {
    let Some((starts, ends)) = change.times else { return Vec::new() };
    let to_come = session.sittings.iter().filter(|day| day.starts_at > ctx.now());
    let at = |day: &crate::domain::sitting::Sitting| {
        let PlannedSitting { starts, ends } = PlannedSitting::on(day.starts.date(), starts, ends);
        NewTimes { number: day.number, starts, ends }
    };
    to_come.map(at).collect()
}

/// Changes a session that people may have booked; the news, and how many people each is for.
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (session, change): (&Session, &SeriesChange),
    (drawn, mut words): (Option<&Drawn>, Option<&Paragraph>),
) -> Result<Vec<(Uuid, usize)>, ChangeSeriesError> {
    let (code, mut news) = (&session.code, Vec::new());
    let times = times(ctx, session, change);
    let steps = [
        (!times.is_empty()).then_some(SessionChange::Times(&times)),
        change.location.clone().map(|(place, venue)| SessionChange::Place(place, venue)),
    ];
    for step in steps.iter().flatten() {
        match change_within(ctx, tx, actor, code, (step, (drawn, words))).await {
            Ok(Some((id, told))) => {
                news.push((id, told.people));
                // Said once, however much changes.
                words = None;
            }
            Ok(None) | Err(ChangeSessionError::NothingChanged) => {}
            Err(ChangeSessionError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(refused(code, error)),
        }
    }
    if let Some(trainers) = &change.trainers {
        let now = sessions::find(tx, code).await?.ok_or_else(|| refused(code, "it is gone"))?;
        let mut details = SessionPlan::of(&now).details;
        details.trainers.clone_from(trainers);
        match edit_within(ctx, tx, actor, (code, &details), (None, false)).await {
            Ok(done) => news.extend(done.map(|(id, told)| (id, told.people))),
            Err(error) => return Err(planned(code, error)),
        }
    }
    Ok(news)
}

/// Changes a draft, of which nobody is told.
async fn plan(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (session, change): (&Session, &SeriesChange),
    drawn: Option<&Drawn>,
) -> Result<Vec<(Uuid, usize)>, ChangeSeriesError> {
    let mut plan = SessionPlan::of(session);
    for NewTimes { number, starts, ends } in times(ctx, session, change) {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        if let Some(day) = at.and_then(|at| plan.sittings.get_mut(at)) {
            *day = PlannedSitting { starts, ends };
        }
    }
    if let Some((location, venue)) = &change.location {
        plan.location = location.clone();
        plan.venue = match venue {
            VenueChoice::Chosen(id) => Some(id.clone()),
            VenueChoice::Unsaid | VenueChoice::None => None,
        };
    }
    if let Some(trainers) = &change.trainers {
        plan.details.trainers.clone_from(trainers);
    }
    let done = replan_within(ctx, tx, actor, (&session.code, &plan), drawn).await;
    done.map_err(|error| planned(&session.code, error))?;
    Ok(Vec::new())
}

fn planned(code: &SessionCode, error: PlanError) -> ChangeSeriesError {
    match error {
        PlanError::Store(error) => error.into(),
        PlanError::Days(faults) => refused(code, faults_in_words(&faults)),
        error => refused(code, error),
    }
}
