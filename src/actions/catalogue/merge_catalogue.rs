//! Making one alliance of two, and one course of two. Sessions keep their codes, their days and what calendars
//! know them by; whoever's calendar says something else of them now is told.

use std::collections::HashSet;

use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        calendars::stamp::stamp_all,
        record::{Subject, record},
        sessions::announce::{correct_all, tell_all},
    },
    domain::{
        announcement::Told,
        audit::{Actor, AuditAction, AuditedRecord},
        id::{AllianceSlug, CourseSlug, SessionCode},
        session::Session,
    },
    store::{StoreError, Tx, catalogue, catalogue_merges},
};

/// Why two were not made one.
#[derive(Debug, thiserror::Error)]
pub enum MergeCatalogueError {
    /// One of them is not there, or both are the same, or one was merged before.
    #[error("choose two different ones")]
    NotTwo,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes one alliance of two: the institutions, sessions and staff of `gone` are `kept`'s, which keeps its name,
/// zone and contact. How many people are being told that their calendars say something else now.
///
/// # Errors
/// [`MergeCatalogueError`], in which case they stay two.
pub async fn merge_alliances(
    ctx: &ActionContext,
    actor: &Actor,
    kept: &AllianceSlug,
    gone: &AllianceSlug,
) -> Result<usize, MergeCatalogueError> {
    let mut tx = ctx.store.begin().await?;
    if catalogue_merges::lock_alliances(&mut tx, kept, gone).await? != 2 {
        return Err(MergeCatalogueError::NotTwo);
    }
    let codes = catalogue_merges::sessions_of_alliance(&mut tx, gone).await?;
    let moving = Moving::before(ctx, &mut tx, codes).await?;
    catalogue_merges::merge_alliances(&mut tx, kept, gone).await?;
    // What is read at the address of `gone` is called as `kept` from now on.
    catalogue::rename_alliance(&mut tx, kept, ctx.now()).await?;
    let all = catalogue::alliances(&mut tx).await?;
    let name = all.into_iter().find(|one| one.slug == *kept).map(|one| one.name);
    let words: Vec<_> = name.map(|name| format!("It is run by {name}.")).into_iter().collect();
    let news = moving.after(ctx, &mut tx, &words).await?;
    let (about, detail) = (AuditedRecord::Alliance(kept.clone()), format!("{gone} into {kept}"));
    let (action, subject) = (AuditAction::AlliancesMerged, Subject::about(about));
    record(ctx, &mut tx, actor, action, subject, Some(detail)).await?;
    tx.commit().await?;
    Ok(tell_each(ctx, news).await)
}

/// Makes one course of two: the sessions of `gone` are `kept`'s, whoever did `gone` has done `kept`, and what
/// asked for `gone` first asks for `kept`. `kept` keeps its title, its words and what it asks for. How many people
/// are being told that their calendars say something else now.
///
/// # Errors
/// [`MergeCatalogueError`], in which case they stay two.
pub async fn merge_courses(
    ctx: &ActionContext,
    actor: &Actor,
    kept: &CourseSlug,
    gone: &CourseSlug,
) -> Result<usize, MergeCatalogueError> {
    let mut tx = ctx.store.begin().await?;
    if catalogue_merges::lock_courses(&mut tx, kept, gone).await? != 2 {
        return Err(MergeCatalogueError::NotTwo);
    }
    let codes = catalogue_merges::sessions_of_course(&mut tx, gone).await?;
    let moving = Moving::before(ctx, &mut tx, codes).await?;
    catalogue_merges::merge_courses(&mut tx, kept, gone, ctx.now()).await?;
    catalogue::rename_course(&mut tx, kept, ctx.now()).await?;
    let all = catalogue::courses(&mut tx).await?;
    let title = all.into_iter().find(|one| one.slug == *kept).map(|one| one.title);
    let words = title.map(|title| format!("It is called \u{201c}{title}\u{201d} now."));
    let words: Vec<_> = words.into_iter().collect();
    let news = moving.after(ctx, &mut tx, &words).await?;
    let (about, detail) = (AuditedRecord::Course(kept.clone()), format!("{gone} into {kept}"));
    let (action, subject) = (AuditAction::CoursesMerged, Subject::about(about));
    record(ctx, &mut tx, actor, action, subject, Some(detail)).await?;
    tx.commit().await?;
    Ok(tell_each(ctx, news).await)
}

/// The sessions that come to hang on another record.
struct Moving(HashSet<SessionCode>);

impl Moving {
    /// Stamps what feeds show of them before anything moves.
    async fn before(
        ctx: &ActionContext,
        tx: &mut Tx,
        codes: Vec<SessionCode>,
    ) -> Result<Self, StoreError> {
        let moving = Self(codes.into_iter().collect());
        stamp_all(ctx, tx, |one: &Session| moving.0.contains(&one.code)).await?;
        Ok(moving)
    }

    /// Stamps what feeds show of them now, and finds whom to tell.
    async fn after(
        self,
        ctx: &ActionContext,
        tx: &mut Tx,
        words: &[String],
    ) -> Result<Vec<(Uuid, Told)>, StoreError> {
        stamp_all(ctx, tx, |one: &Session| self.0.contains(&one.code)).await?;
        correct_all(ctx, tx, |one: &Session| self.0.contains(&one.code), words).await
    }
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
