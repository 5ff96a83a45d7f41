//! A path is added, changed and published. What counts in a published version is never changed: a change makes
//! the next one.

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        edit::{EditError, States, merged},
        record::{Subject, record, record_changes},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        edit::{Drawn, Listed, Merged},
        id::PathSlug,
        path::{Path, PathVersion},
    },
    store::{StoreError, audit::Edited, paths},
    token::Attempt,
};

/// Adds a path as a draft, under the first short name that is free.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn add_path(
    ctx: &ActionContext,
    actor: &Actor,
    path: &Path,
    attempt: Option<&Attempt>,
) -> Result<PathSlug, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "path", attempt).await? {
        return key(&made);
    }
    let (mut new, mut tried) = (path.clone(), 1);
    while !paths::insert(&mut tx, &new, (None, ctx.now())).await? {
        tried += 1;
        new.slug = PathSlug::from_name(&path.name, tried);
    }
    let first = PathVersion { number: 1, published_at: None, rules: new.rules.clone() };
    paths::write_version(&mut tx, &new.slug, &first).await?;
    let subject = Subject::about(AuditedRecord::Path(new.slug.clone()));
    let detail = Some(format!("{}: new", new.slug));
    record(ctx, &mut tx, actor, AuditAction::PathKept, subject, detail).await?;
    made(&mut tx, attempt, new.slug.as_str()).await?;
    tx.commit().await?;
    Ok(new.slug)
}

/// Writes what was changed of a path; the number of the version that its rules are in now.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn change_path(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Listed<Path>,
    drawn: Option<&Drawn>,
) -> Result<u32, EditError<Listed<Path>>> {
    let mut tx = ctx.store.begin().await?;
    let found = paths::lock(&mut tx, &sent.record.slug).await?.ok_or(EditError::NoSuch)?;
    let latest = found.versions.last().cloned().ok_or(EditError::NoSuch)?;
    let present = Listed { record: found.path, is_archived: found.archived_at.is_some() };
    let about = AuditedRecord::Path(sent.record.slug.clone());
    let states = States { drawn, present: &present, sent };
    let edited = Edited::Record(about.clone());
    let Merged { record: kept, changes } =
        merged::<_, EditError<Listed<Path>>>(&mut tx, &edited, states, chrono_tz::UTC).await?;
    if changes.is_empty() {
        return Ok(latest.number);
    }
    let since = kept.is_archived.then(|| found.archived_at.unwrap_or(ctx.now()));
    paths::update(&mut tx, &kept.record, since).await?;
    let mut number = latest.number;
    if kept.record.rules != present.record.rules {
        let next = latest.changed(kept.record.rules.clone(), ctx.now());
        paths::write_version(&mut tx, &kept.record.slug, &next).await?;
        number = next.number;
    }
    let what = (AuditAction::PathKept, Subject::about(about));
    let detail = Some(format!("{}, version {number}", kept.record.slug));
    record_changes(ctx, &mut tx, actor, what, (detail, changes)).await?;
    tx.commit().await?;
    Ok(number)
}

/// Publishes the draft of a path: people can be put on it from now on. `false` if there is none.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn publish_path(
    ctx: &ActionContext,
    actor: &Actor,
    slug: &PathSlug,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(found) = paths::lock(&mut tx, slug).await? else { return Ok(false) };
    let draft = found.versions.last().filter(|one| one.published_at.is_none());
    let Some(draft) = draft else { return Ok(false) };
    let published = PathVersion { published_at: Some(ctx.now()), ..draft.clone() };
    paths::write_version(&mut tx, slug, &published).await?;
    let subject = Subject::about(AuditedRecord::Path(slug.clone()));
    let detail = Some(format!("{slug}: version {} published", published.number));
    record(ctx, &mut tx, actor, AuditAction::PathKept, subject, detail).await?;
    tx.commit().await?;
    Ok(true)
}
