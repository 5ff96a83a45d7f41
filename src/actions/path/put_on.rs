//! Somebody is put on a path, moved to its newer version, or taken off.

use chrono::NaiveDate;

use super::{
    latest_day, needed,
    send_link::{write_link, write_news},
};
use crate::{
    actions::{
        ActionContext,
        people::know_people::add_person_in,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::{OnPathId, PathSlug, PersonId, StaffLogin},
        path::OnPath,
        person::Person,
    },
    store::{StoreError, path_people, paths, people},
    token::row_id,
};

/// Why nothing changed about somebody on a path.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// There is no such path, or nobody new is put on it.
    #[error("nobody can be put on this path: it is a draft, or archived")]
    NotOpen,
    /// There is nobody, or she was erased.
    #[error("there is no such person")]
    NoSuchPerson,
    /// She is not on it.
    #[error("she is not on this path")]
    NotOnIt,
    /// She is on it already.
    #[error("she is on this path already")]
    OnItAlready,
    /// She is known, and of no alliance of whoever puts her on.
    #[error(
        "somebody of this name and address is known outside your alliances: ask an administrator"
    )]
    OtherAlliance,
    /// She has finished it.
    #[error("she has finished this path")]
    Finished,
    /// Hours or courses are missing.
    #[error("something is still missing on this path")]
    NotReached,
    /// It was decided about before.
    #[error("somebody has decided about this already")]
    Meanwhile,
    /// The day is still to come.
    #[error("this day is still to come")]
    ToCome,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom to put on a path.
#[derive(Debug, Clone)]
pub enum Whom {
    /// Somebody we know.
    Known(PersonId),
    /// Somebody by her name; whoever is recognised by the same.
    Named(Box<Person>),
}

/// Puts somebody on the latest version of a path, and writes her a letter with her link if she has an
/// address. `within`: whose alliances she must be of, if she is known.
///
/// # Errors
/// [`PathError`], in which case nothing changed.
pub async fn put_on_path(
    ctx: &ActionContext,
    actor: &Actor,
    (slug, since): (&PathSlug, NaiveDate),
    (whom, within): (&Whom, Option<&StaffLogin>),
) -> Result<PersonId, PathError> {
    let mut tx = ctx.store.begin().await?;
    let found = paths::lock(&mut tx, slug).await?.filter(paths::PathFound::is_open);
    let found = found.ok_or(PathError::NotOpen)?;
    let version = found.published().ok_or(PathError::NotOpen)?;
    if since > latest_day(ctx.now()) {
        return Err(PathError::ToCome);
    }
    let id = match whom {
        Whom::Known(id) => *id,
        Whom::Named(new) => add_person_in(ctx, &mut tx, actor, new).await?,
    };
    let is_new = matches!(whom, Whom::Named(new) if new.id == id);
    if let Some(login) = within
        && !is_new
        && !people::is_within(&mut tx, id, login).await?
    {
        return Err(PathError::OtherAlliance);
    }
    let person = people::lock(&mut tx, id).await?.filter(|one| one.merged_into.is_none());
    let person = person.ok_or(PathError::NoSuchPerson)?;
    if path_people::on(&mut tx, slug, id).await?.is_some() {
        return Err(PathError::OnItAlready);
    }
    let on = OnPath {
        id: OnPathId::new(row_id(&*ctx.random, &*ctx.clock)),
        path: slug.clone(),
        version: version.number,
        person: id,
        since,
        ended: None,
        finished: None,
    };
    path_people::insert(&mut tx, &on, ctx.now()).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    let detail = Some(format!("on {slug}, version {}", version.number));
    record(ctx, &mut tx, actor, AuditAction::OnPath, subject, detail).await?;
    write_link(ctx, &mut tx, &person, (&found.path.name, &version.rules), false).await?;
    tx.commit().await?;
    Ok(id)
}

/// Moves somebody to the latest version of a path, and writes her so if she has an address and did not do it herself;
/// whether she is written to.
///
/// # Errors
/// [`PathError`], in which case nothing changed.
pub async fn move_to_latest(
    ctx: &ActionContext,
    actor: &Actor,
    slug: &PathSlug,
    id: PersonId,
) -> Result<bool, PathError> {
    let mut tx = ctx.store.begin().await?;
    let found = paths::lock(&mut tx, slug).await?.ok_or(PathError::NotOpen)?;
    let version = found.published().ok_or(PathError::NotOpen)?;
    let person = people::lock(&mut tx, id).await?.ok_or(PathError::NoSuchPerson)?;
    let on = path_people::on(&mut tx, slug, id).await?.ok_or(PathError::NotOnIt)?;
    if on.finished.is_some() {
        return Err(PathError::Finished);
    }
    if on.version == version.number {
        return Ok(false);
    }
    path_people::move_to(&mut tx, &on, version.number).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    let detail = Some(format!("{slug}: from version {} to {}", on.version, version.number));
    record(ctx, &mut tx, actor, AuditAction::OnPath, subject, detail).await?;
    let hours = needed(&version.rules);
    let news = (found.path.name.as_str(), Some(hours.as_str()));
    let is_told = *actor != Actor::Attendee && write_news(ctx, &mut tx, &person, news).await?;
    tx.commit().await?;
    Ok(is_told)
}

/// Takes somebody off a path, and writes her so if she has an address; whether she is written to. What she did stays
/// hers.
///
/// # Errors
/// [`PathError`], in which case nothing changed.
pub async fn take_off_path(
    ctx: &ActionContext,
    actor: &Actor,
    slug: &PathSlug,
    (id, reason): (PersonId, &str),
) -> Result<bool, PathError> {
    let mut tx = ctx.store.begin().await?;
    let person = people::lock(&mut tx, id).await?.ok_or(PathError::NoSuchPerson)?;
    let on = path_people::on(&mut tx, slug, id).await?.ok_or(PathError::NotOnIt)?;
    path_people::end(&mut tx, &on, Some(reason), ctx.now()).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    let detail = Some(format!("off {slug}"));
    record(ctx, &mut tx, actor, AuditAction::OnPath, subject, detail).await?;
    let found = paths::find(&mut tx, slug).await?;
    let name = found.map_or_else(|| slug.to_string(), |found| found.path.name);
    let is_told = write_news(ctx, &mut tx, &person, (&name, None)).await?;
    tx.commit().await?;
    Ok(is_told)
}
