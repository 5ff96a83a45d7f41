//! Pledging a number of people, and reminding institutions that are behind their pledge.

use chrono::{DateTime, Duration, Utc};

use crate::{
    actions::{
        ActionContext,
        edit::{States, merged},
        record::{Subject, record, record_changes},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::{Conflicts, Drawn, Merged, PledgeOf},
        id::{InstitutionCode, SessionCode},
        letter::LetterKind,
        session::{BookingStatus, Session},
        wording,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        audit::Edited,
        institutions,
        outbox::About,
        pledges::{self, PledgeLine},
        registrations, session_lock, sessions,
    },
};

/// The most people one institution can pledge.
pub const MOST: u32 = 5_000;

/// How long an institution is left alone after it was reminded.
const PAUSE: Duration = Duration::hours(24);

/// Why nothing was pledged.
#[derive(Debug, thiserror::Error)]
pub enum PledgeError {
    /// There is no such session or institution.
    #[error("there is no such session or institution")]
    NoSuch,
    /// The session was called off or is over.
    #[error("the session is cancelled or over")]
    TooLate,
    /// More than anybody can bring.
    #[error("pledge at most {MOST} people")]
    TooMany,
    /// Somebody else pledged for the same institution meanwhile.
    #[error("somebody else changed this pledge")]
    Conflicts(Box<Conflicts<PledgeOf>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Box<Conflicts<PledgeOf>>> for PledgeError {
    fn from(conflicts: Box<Conflicts<PledgeOf>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// Writes what an institution pledges for a session; 0 takes it back.
///
/// # Errors
/// [`PledgeError`], in which case nothing changed.
pub async fn pledge(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    institution: &InstitutionCode,
    people: u32,
    drawn: Option<&Drawn>,
) -> Result<(), PledgeError> {
    if people > MOST {
        return Err(PledgeError::TooMany);
    }
    let mut tx = ctx.store.begin().await?;
    session_lock::lock(&mut tx, code).await?.ok_or(PledgeError::NoSuch)?;
    let session = sessions::find(&mut tx, code).await?.ok_or(PledgeError::NoSuch)?;
    let known = institutions::find(&mut tx, institution).await?.ok_or(PledgeError::NoSuch)?;
    if is_past(&session, ctx.now()) {
        return Err(PledgeError::TooLate);
    }
    let pledged = |people| PledgeOf { institution: institution.clone(), people };
    let before = pledges::find(&mut tx, code, institution).await?;
    let (present, sent) = (pledged(before), pledged(people));
    let states = States { drawn, present: &present, sent: &sent };
    let edited = Edited::Session(code.clone());
    let merged: Merged<PledgeOf> =
        merged::<_, PledgeError>(&mut tx, &edited, states, session.zone()).await?;
    if merged.changes.is_empty() {
        return Ok(());
    }
    pledges::set(&mut tx, (code, institution), people, actor, ctx.now()).await?;
    let what = (AuditAction::TurnoutPledged, Subject::session(code));
    let people = wording::count(people as usize, "person", "people");
    let detail = Some(format!("{people} from {} ({institution})", known.name));
    record_changes(ctx, &mut tx, actor, what, (detail, merged.changes)).await?;
    tx.commit().await?;
    Ok(())
}

fn is_past(session: &Session, now: DateTime<Utc>) -> bool {
    matches!(session.booking_status(now), BookingStatus::Cancelled | BookingStatus::Finished)
}

/// The institutions that would be reminded now: behind their pledge, and not reminded for a day of
/// the session as it stands (T1).
pub fn to_chase<'l>(
    session: &Session,
    lines: &'l [PledgeLine],
    now: DateTime<Utc>,
) -> Vec<&'l PledgeLine> {
    let changed = session.sittings.iter().map(|sitting| sitting.changed_at).max();
    let is_told = |at: DateTime<Utc>| at > now - PAUSE && changed.is_none_or(|then| then <= at);
    let is_due =
        |line: &&PledgeLine| line.turnout.behind() > 0 && !line.chased_at.is_some_and(is_told);
    lines.iter().filter(is_due).collect()
}

/// How many institutions were reminded, and which nobody can be reached at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chased {
    /// Letters that go out.
    pub letters: usize,
    /// The names of those without an address.
    pub unreachable: Vec<String>,
}

/// Writes to a leader of each institution that is behind its pledge, at most once a day.
///
/// # Errors
/// [`PledgeError`], in which case nobody is told.
pub async fn chase(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
) -> Result<Chased, PledgeError> {
    let mut tx = ctx.store.begin().await?;
    session_lock::lock(&mut tx, code).await?.ok_or(PledgeError::NoSuch)?;
    let session = sessions::find(&mut tx, code).await?.ok_or(PledgeError::NoSuch)?;
    if !matches!(session.booking_status(ctx.now()), BookingStatus::Open { .. }) {
        return Err(PledgeError::TooLate);
    }
    let lines = pledges::of_session(&mut tx, code).await?;
    let mut chased = Chased::default();
    for line in to_chase(&session, &lines, ctx.now()) {
        if remind(ctx, &mut tx, &session, line).await? {
            chased.letters += 1;
        } else {
            chased.unreachable.push(line.name.clone());
        }
    }
    let subject = Subject { session: Some(code.clone()), ..Subject::default() };
    let detail = Some(format!("{} institutions", chased.letters));
    record(ctx, &mut tx, actor, AuditAction::PledgesChased, subject, detail).await?;
    tx.commit().await?;
    Ok(chased)
}

/// Whether there was anybody to write to.
async fn remind(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    line: &PledgeLine,
) -> Result<bool, StoreError> {
    let Some(id) = pledges::contact(tx, &session.code, &line.institution).await? else {
        return Ok(false);
    };
    let Some(booking) = registrations::find(tx, id).await? else { return Ok(false) };
    let Some(email) = booking.leader.email.clone() else { return Ok(false) };
    let pair = (&session.code, &line.institution);
    pledges::mark_chased(tx, pair, ctx.now()).await?;
    let name = booking.leader.name.to_string();
    let about = (line.name.as_str(), line.turnout);
    let content = letters::pledge_chased(&ctx.letterhead, session, &name, about);
    let about = About { registration: Some(id), place: None };
    tell(ctx, tx, LetterKind::PledgeChased, (Some(name), email), content, about).await?;
    Ok(true)
}
