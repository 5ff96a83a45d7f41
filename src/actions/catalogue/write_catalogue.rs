//! What a season is planned with: alliances, their institutions, and the courses all share. Each is
//! added or changed by the same verb: a key that is not there yet makes it new.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        alliance::Alliance,
        audit::{Actor, AuditAction},
        course::Course,
        institution::Institution,
    },
    store::{StoreError, catalogue, institutions},
};

/// Adds an institution, or changes the one with its code; archived, it is offered no more where
/// people book.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn write_institution(
    ctx: &ActionContext,
    actor: &Actor,
    institution: &Institution,
    is_archived: bool,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    institutions::insert(&mut tx, institution).await?;
    institutions::update(&mut tx, institution, is_archived.then(|| ctx.now())).await?;
    let detail = said(institution.code.as_str(), is_archived);
    let action = AuditAction::InstitutionKept;
    record(ctx, &mut tx, actor, action, Subject::default(), Some(detail)).await?;
    tx.commit().await
}

/// Adds a course, or changes the one with its short name; archived, no new session is planned of
/// it.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn write_course(
    ctx: &ActionContext,
    actor: &Actor,
    course: &Course,
    is_archived: bool,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    catalogue::insert_course(&mut tx, course).await?;
    catalogue::update_course(&mut tx, course, is_archived.then(|| ctx.now())).await?;
    let detail = said(course.slug.as_str(), is_archived);
    let action = AuditAction::CourseKept;
    record(ctx, &mut tx, actor, action, Subject::default(), Some(detail)).await?;
    tx.commit().await
}

/// Adds an alliance, or changes the one with its short name. Sessions that are planned keep their
/// own zone.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn write_alliance(
    ctx: &ActionContext,
    actor: &Actor,
    alliance: &Alliance,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    catalogue::insert_alliance(&mut tx, alliance).await?;
    catalogue::update_alliance(&mut tx, alliance).await?;
    let detail = said(alliance.slug.as_str(), false);
    let action = AuditAction::AllianceKept;
    record(ctx, &mut tx, actor, action, Subject::default(), Some(detail)).await?;
    tx.commit().await
}

fn said(key: &str, is_archived: bool) -> String {
    if is_archived { format!("{key}: archived") } else { key.to_owned() }
}
