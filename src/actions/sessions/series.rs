//! Series: evenings of one course and alliance that can be booked as one.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{SeriesId, SessionCode},
        series::{Bookable, InSeries, Series},
        text::Line,
    },
    store::{StoreError, Tx, series, session_lock, sessions},
};

/// Why a series was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum SeriesError {
    /// There is no such session.
    #[error("there is no session {0}")]
    NoSuchSession(String),
    /// It is in no series.
    #[error("the session belongs to no series")]
    NotInSeries,
    /// It is in another one.
    #[error("{0} belongs to another series already: take it out there first")]
    Elsewhere(SessionCode),
    /// A series is of one course and alliance.
    #[error("{0} is of another course or alliance: a series is of one")]
    Unlike(SessionCode),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Begins a series with a session that is in none.
pub(super) async fn begin_series(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    code: &SessionCode,
) -> Result<InSeries, StoreError> {
    let mut attempt = 1;
    let mut id = SeriesId::from_session(code, attempt);
    while !series::add(tx, &id, Bookable::default()).await? {
        attempt += 1;
        id = SeriesId::from_session(code, attempt);
    }
    series::put(tx, code, &id).await?;
    log(ctx, tx, actor, code, format!("begins the series {id}")).await?;
    Ok(InSeries { id, bookable: Bookable::default() })
}

async fn log(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    code: &SessionCode,
    what: String,
) -> Result<(), StoreError> {
    record(ctx, tx, actor, AuditAction::SessionEdited, Subject::session(code), Some(what)).await
}

/// Puts a session into the series of another; one that is in none begins one.
///
/// # Errors
/// [`SeriesError`], in which case nothing changed.
pub async fn put_in(
    ctx: &ActionContext,
    actor: &Actor,
    (of, code): (&SessionCode, &SessionCode),
) -> Result<(), SeriesError> {
    let missing = |code: &SessionCode| SeriesError::NoSuchSession(code.to_string());
    let mut tx = ctx.store.begin().await?;
    session_lock::lock_all(&mut tx, [of, code].into_iter()).await?;
    let first = sessions::find(&mut tx, of).await?.ok_or_else(|| missing(of))?;
    let other = sessions::find(&mut tx, code).await?.ok_or_else(|| missing(code))?;
    if first.course.slug != other.course.slug || first.alliance.slug != other.alliance.slug {
        return Err(SeriesError::Unlike(code.clone()));
    }
    match (&first.series, &other.series) {
        (Some(one), Some(two)) if one.id == two.id => return Ok(()),
        (_, Some(_)) if of != code => return Err(SeriesError::Elsewhere(code.clone())),
        _ => {}
    }
    let within = match first.series {
        Some(known) => known,
        None => begin_series(ctx, &mut tx, actor, of).await?,
    };
    if of != code {
        series::put(&mut tx, code, &within.id).await?;
        log(ctx, &mut tx, actor, code, format!("joins the series {}", within.id)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a session out of its series; what was booked of it stays booked.
///
/// # Errors
/// [`SeriesError`], in which case nothing changed.
pub async fn take_out(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
) -> Result<(), SeriesError> {
    let mut tx = ctx.store.begin().await?;
    let within = locked(&mut tx, code).await?;
    series::take_out(&mut tx, code, &within.id).await?;
    log(ctx, &mut tx, actor, code, format!("leaves the series {}", within.id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets what a series is called, and what of it can be booked.
///
/// # Errors
/// [`SeriesError`], in which case nothing changed.
pub async fn set_series(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    (title, bookable): (Option<&Line<120>>, Bookable),
) -> Result<(), SeriesError> {
    let mut tx = ctx.store.begin().await?;
    let within = locked(&mut tx, code).await?;
    let known: Option<Series> = series::find(&mut tx, &within.id).await?;
    let title = title.map(Line::as_str);
    let is_same =
        known.is_some_and(|one| one.title.as_deref() == title && one.bookable == bookable);
    if is_same {
        return Ok(());
    }
    series::set(&mut tx, &within.id, title, bookable).await?;
    let words = match bookable {
        Bookable::Any => "any evenings can be booked",
        Bookable::Whole => "booked as a whole only",
    };
    log(ctx, &mut tx, actor, code, format!("series {}: {words}", within.id)).await?;
    tx.commit().await?;
    Ok(())
}

/// The series of a session, which is locked.
async fn locked(tx: &mut Tx, code: &SessionCode) -> Result<InSeries, SeriesError> {
    let found = session_lock::lock(tx, code).await?;
    found.ok_or_else(|| SeriesError::NoSuchSession(code.to_string()))?;
    let session = sessions::find(tx, code).await?;
    session.and_then(|one| one.series).ok_or(SeriesError::NotInSeries)
}
