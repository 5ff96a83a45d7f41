//! What a season is planned with: alliances, their institutions, and the courses all share. Each is
//! added under the first key that is free, and changed field by field (V1).

use std::fmt::Debug;

use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        calendars::stamp::stamp_all,
        edit::{EditError, States, merged},
        record::{Subject, record, record_changes},
        sessions::announce::{correct_all, tell_all},
    },
    domain::{
        alliance::Alliance,
        announcement::Told,
        audit::{Actor, AuditAction, AuditedRecord},
        course::Course,
        edit::{Drawn, Listed, Merged, Record},
        id::{AllianceSlug, CourseSlug, InstitutionCode},
        institution::Institution,
        session::Session,
    },
    store::{StoreError, Tx, audit::Edited, catalogue, institutions},
    token::Attempt,
};

/// Adds an institution under the first code that is free.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn add_institution(
    ctx: &ActionContext,
    actor: &Actor,
    institution: &Institution,
    attempt: Option<&Attempt>,
) -> Result<InstitutionCode, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "institution", attempt).await? {
        return key(&made);
    }
    let code = add_institution_in(ctx, &mut tx, actor, institution.clone()).await?;
    made(&mut tx, attempt, code.as_str()).await?;
    tx.commit().await?;
    Ok(code)
}

/// The same in a transaction that makes more.
pub(in crate::actions) async fn add_institution_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    mut new: Institution,
) -> Result<InstitutionCode, StoreError> {
    let mut number = institutions::count(tx).await?;
    loop {
        number += 1;
        new.code = InstitutionCode::numbered(number);
        if institutions::insert(tx, &new).await? {
            break;
        }
    }
    let about = AuditedRecord::Institution(new.code.clone());
    added(ctx, tx, actor, (AuditAction::InstitutionKept, about), &new.name).await?;
    Ok(new.code)
}

/// Adds one under the code it has on another list; `false` where that is taken.
pub(in crate::actions) async fn add_coded_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    new: &Institution,
) -> Result<bool, StoreError> {
    if !institutions::insert(tx, new).await? {
        return Ok(false);
    }
    let about = AuditedRecord::Institution(new.code.clone());
    added(ctx, tx, actor, (AuditAction::InstitutionKept, about), &new.name).await?;
    Ok(true)
}

/// Changes the institution with this code; archived, it is offered no more where people book.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn change_institution(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Listed<Institution>,
    drawn: Option<&Drawn>,
) -> Result<(), EditError<Listed<Institution>>> {
    let mut tx = ctx.store.begin().await?;
    let code = &sent.record.code;
    let record = institutions::lock(&mut tx, code).await?.ok_or(EditError::NoSuch)?;
    let archived_at = institutions::archived_at(&mut tx, code).await?;
    let present = Listed { record, is_archived: archived_at.is_some() };
    let edit = Edit { actor, drawn, present: &present, sent };
    let about = AuditedRecord::Institution(code.clone());
    let kept = edit.write(ctx, &mut tx, (AuditAction::InstitutionKept, about)).await?;
    let since = kept.is_archived.then(|| archived_at.unwrap_or(ctx.now()));
    institutions::update(&mut tx, &kept.record, since).await?;
    Ok(tx.commit().await?)
}

/// Adds a course under the first short name that is free.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn add_course(
    ctx: &ActionContext,
    actor: &Actor,
    course: &Course,
    attempt: Option<&Attempt>,
) -> Result<CourseSlug, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "course", attempt).await? {
        return key(&made);
    }
    let mut new = course.clone();
    let mut number = 0;
    loop {
        number += 1;
        new.slug = CourseSlug::from_title(&new.title, number);
        if catalogue::insert_course(&mut tx, &new).await? {
            break;
        }
    }
    catalogue::insert_prerequisites(&mut tx, &new).await?;
    let about = AuditedRecord::Course(new.slug.clone());
    added(ctx, &mut tx, actor, (AuditAction::CourseKept, about), &new.title).await?;
    made(&mut tx, attempt, new.slug.as_str()).await?;
    tx.commit().await?;
    Ok(new.slug)
}

/// Changes the course with this short name; archived, no new session is planned of it. How many people
/// are being told that their calendars say something else of it now.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn change_course(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Listed<Course>,
    drawn: Option<&Drawn>,
) -> Result<usize, EditError<Listed<Course>>> {
    let mut tx = ctx.store.begin().await?;
    let slug = &sent.record.slug;
    catalogue::lock_course(&mut tx, slug).await?;
    let is_of_it = |one: &Session| one.course.slug == *slug;
    stamp_all(ctx, &mut tx, is_of_it).await?;
    let mut all = catalogue::courses(&mut tx).await?.into_iter();
    let record = all.find(|course| course.slug == *slug).ok_or(EditError::NoSuch)?;
    let archived_at = catalogue::course_archived_at(&mut tx, slug).await?;
    let present = Listed { record, is_archived: archived_at.is_some() };
    let edit = Edit { actor, drawn, present: &present, sent };
    let about = AuditedRecord::Course(slug.clone());
    let kept = edit.write(ctx, &mut tx, (AuditAction::CourseKept, about)).await?;
    let since = kept.is_archived.then(|| archived_at.unwrap_or(ctx.now()));
    catalogue::update_course(&mut tx, &kept.record, since).await?;
    stamp_all(ctx, &mut tx, is_of_it).await?;
    let title = &kept.record.title;
    let is_renamed = *title != present.record.title;
    if is_renamed {
        catalogue::rename_course(&mut tx, slug, ctx.now()).await?;
    }
    let words = is_renamed.then(|| format!("It is called \u{201c}{title}\u{201d} now."));
    let words: Vec<_> = words.into_iter().collect();
    let news = correct_all(ctx, &mut tx, is_of_it, &words).await?;
    tx.commit().await?;
    Ok(tell_each(ctx, news).await)
}

/// Adds an alliance under the first short name that is free.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn add_alliance(
    ctx: &ActionContext,
    actor: &Actor,
    alliance: &Alliance,
    attempt: Option<&Attempt>,
) -> Result<AllianceSlug, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "alliance", attempt).await? {
        return key(&made);
    }
    let mut new = alliance.clone();
    let mut number = 0;
    loop {
        number += 1;
        new.slug = AllianceSlug::from_name(&new.name, number);
        if catalogue::insert_alliance(&mut tx, &new).await? {
            break;
        }
    }
    let about = AuditedRecord::Alliance(new.slug.clone());
    added(ctx, &mut tx, actor, (AuditAction::AllianceKept, about), &new.name).await?;
    made(&mut tx, attempt, new.slug.as_str()).await?;
    tx.commit().await?;
    Ok(new.slug)
}

/// Changes the alliance with this short name. Sessions that are planned keep their own zone. How many
/// people are being told that their calendars say something else of it now.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn change_alliance(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Alliance,
    drawn: Option<&Drawn>,
) -> Result<usize, EditError<Alliance>> {
    let mut tx = ctx.store.begin().await?;
    catalogue::lock_alliance(&mut tx, &sent.slug).await?;
    let is_of_it = |one: &Session| one.alliance.slug == sent.slug;
    stamp_all(ctx, &mut tx, is_of_it).await?;
    let mut all = catalogue::alliances(&mut tx).await?.into_iter();
    let present = all.find(|one| one.slug == sent.slug).ok_or(EditError::NoSuch)?;
    let edit = Edit { actor, drawn, present: &present, sent };
    let about = AuditedRecord::Alliance(sent.slug.clone());
    let kept = edit.write(ctx, &mut tx, (AuditAction::AllianceKept, about)).await?;
    catalogue::update_alliance(&mut tx, &kept).await?;
    if kept.name != present.name {
        catalogue::rename_alliance(&mut tx, &kept.slug, ctx.now()).await?;
    }
    stamp_all(ctx, &mut tx, is_of_it).await?;
    let words = vec![format!("It is run by {}.", kept.name)];
    let news = correct_all(ctx, &mut tx, is_of_it, &words).await?;
    tx.commit().await?;
    Ok(tell_each(ctx, news).await)
}

/// Tells the people of several sessions; how many they are.
async fn tell_each(ctx: &ActionContext, news: Vec<(Uuid, Told)>) -> usize {
    let mut people = 0;
    for (id, told) in news {
        tell_all(ctx, id).await;
        people += told.people;
    }
    people
}

/// An edit of one of them, in its transaction.
pub(super) struct Edit<'a, R> {
    pub(super) actor: &'a Actor,
    pub(super) drawn: Option<&'a Drawn>,
    pub(super) present: &'a R,
    pub(super) sent: &'a R,
}

impl<R: Record + Debug> Edit<'_, R> {
    /// The record to write, once the log says what changed.
    pub(super) async fn write(
        self,
        ctx: &ActionContext,
        tx: &mut Tx,
        (action, about): (AuditAction, AuditedRecord),
    ) -> Result<R, EditError<R>> {
        let states = States { drawn: self.drawn, present: self.present, sent: self.sent };
        let edited = Edited::Record(about.clone());
        let Merged { record, changes } =
            merged::<R, EditError<R>>(tx, &edited, states, Tz::UTC).await?;
        if !changes.is_empty() {
            let (what, detail) = ((action, Subject::about(about.clone())), key_of(&about));
            record_changes(ctx, tx, self.actor, what, (Some(detail), changes)).await?;
        }
        Ok(record)
    }
}

/// `I0042` of `institution:I0042`.
fn key_of(about: &AuditedRecord) -> String {
    let text = about.to_string();
    text.split_once(':').map_or_else(String::new, |(_, key)| key.to_owned())
}

async fn added(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (action, about): (AuditAction, AuditedRecord),
    name: &str,
) -> Result<(), StoreError> {
    let detail = format!("{}: new, {name}", key_of(&about));
    record(ctx, tx, actor, action, Subject::about(about), Some(detail)).await
}
