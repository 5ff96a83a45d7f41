//! A session that needs more people than it has: whoever answers for it is reminded on the day on which to decide,
//! once, and says whether it takes place.

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::SessionCode,
        letter::LetterKind,
        session::{Publication, Session},
        wording,
    },
    mail::letters,
    store::{StoreError, minimums, outbox::About, session_lock, sessions, watch},
};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum GoAheadError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// It needs no least number of people, or is a draft, called off or over.
    #[error("there is nothing to decide about this session")]
    NothingToDecide,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says that a session takes place with fewer people than it needs, or that this is open again.
///
/// # Errors
/// [`GoAheadError`], in which case nothing changed.
pub async fn go_ahead(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    goes: bool,
) -> Result<(), GoAheadError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, code).await?;
    let mut locked = locked.ok_or(GoAheadError::NoSuchSession)?;
    let session = sessions::find(&mut locked, code).await?.ok_or(GoAheadError::NoSuchSession)?;
    let is_open = session.publication == Publication::Published && !session.is_over(ctx.now());
    if session.aims.minimum.is_none() || !is_open {
        return Err(GoAheadError::NothingToDecide);
    }
    if session.aims.went_ahead.is_some() == goes {
        return Ok(());
    }
    minimums::set_went_ahead(&mut locked, code, goes.then(|| ctx.now())).await?;
    let coming = watch::fill_of(&mut locked, code).await?.confirmed;
    let said = if goes { "goes ahead" } else { "open again" };
    let minimum = session.aims.minimum.unwrap_or_default();
    let detail = Some(format!("{said}: {coming} of {minimum} people"));
    let subject = Subject::session(code);
    record(ctx, &mut locked, actor, AuditAction::SessionGoesAhead, subject, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// From when whoever decides about a session is reminded: breakfast of the day, by its own clock.
fn reminded_from(session: &Session) -> Option<DateTime<Utc>> {
    let breakfast = NaiveTime::from_hms_opt(7, 0, 0).unwrap_or_default();
    let local = session.aims.decide_by?.and_time(breakfast);
    session.zone().from_local_datetime(&local).earliest().map(|at| at.to_utc())
}

/// Reminds whoever answers for sessions that have fewer people than they need on the day on which to decide;
/// how many letters that were.
///
/// # Errors
/// [`StoreError`]; what was written before stays written.
pub async fn remind_to_decide(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    // East of Greenwich it is tomorrow already.
    let day = ctx.now().date_naive() + Days::new(1);
    let codes = minimums::to_decide(&mut conn, day, ctx.now()).await?;
    drop(conn);
    let mut letters = 0;
    for code in codes {
        letters += usize::from(remind(ctx, &code).await?);
    }
    Ok(letters)
}

async fn remind(ctx: &ActionContext, code: &SessionCode) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock(&mut tx, code).await? else { return Ok(false) };
    let Some(session) = sessions::find(&mut locked, code).await? else { return Ok(false) };
    let coming = watch::fill_of(&mut locked, code).await?.confirmed;
    let is_due = reminded_from(&session).is_some_and(|from| from <= ctx.now());
    let (true, Some(minimum)) = (is_due, session.aims.lacking(coming)) else { return Ok(false) };
    if !minimums::mark_told(&mut locked, code, ctx.now()).await? {
        return Ok(false);
    }
    let days = wording::days(&session);
    let url = format!("{}/office/sessions/{code}", ctx.letterhead.base_url);
    let about = (session.course.title.as_str(), days.as_str());
    let content = letters::below_minimum(&ctx.letterhead, about, (coming, minimum), &url);
    let to = (Some(session.alliance.name.clone()), session.alliance.contact_email.clone());
    tell(ctx, &mut locked, LetterKind::BelowMinimum, to, content, About::default()).await?;
    tx.commit().await?;
    Ok(true)
}
