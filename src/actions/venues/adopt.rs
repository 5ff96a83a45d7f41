//! Sessions that are held at a venue since before it was on the list.

use chrono::{DateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record_changes},
        venues::choose::move_between,
    },
    domain::{
        audit::{Actor, AuditAction},
        edit,
        id::{SessionCode, VenueId},
        plan::SessionPlan,
        session::{Publication, Session},
        venue::Venue,
    },
    store::{Conn, StoreError, session_lock, sessions, venues},
};

/// The sessions to come that say this very place and are at no venue of the list.
///
/// # Errors
/// [`StoreError`].
pub async fn at_the_same_place(
    conn: &mut Conn,
    venue: &Venue,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, StoreError> {
    let mut coming = sessions::ending_after(conn, now).await?;
    coming.retain(|one| is_there(one, venue));
    Ok(coming)
}

fn is_there(session: &Session, venue: &Venue) -> bool {
    let is_held = !matches!(session.publication, Publication::Cancelled { .. });
    let is_its_own = venue.is_for(&session.alliance.slug);
    is_held && is_its_own && session.venue.is_none() && venue.is(&session.location)
}

/// Says of these sessions that they are held at a venue of the list, where they still say its very place. What
/// people were told stays; how many sessions it was.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn adopt_sessions(
    ctx: &ActionContext,
    actor: &Actor,
    id: &VenueId,
    codes: &[SessionCode],
) -> Result<usize, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some((venue, None)) = venues::lock(&mut tx, id).await? else { return Ok(0) };
    let mut codes = codes.to_vec();
    codes.sort();
    let mut adopted = 0;
    for code in &codes {
        let Some(mut locked) = session_lock::lock(&mut tx, code).await? else { continue };
        let Some(session) = sessions::find(&mut locked, code).await? else { continue };
        if !is_there(&session, &venue) || session.is_over(ctx.now()) {
            continue;
        }
        let wanted = (Some(id), &session.alliance.slug);
        let Some(between) = move_between(&mut locked, None, wanted).await? else { continue };
        let words = between.words(&session.words);
        venues::point(&mut locked, code, Some(id), &words).await?;
        let present = SessionPlan::of(&session);
        let mut now = SessionPlan { venue: Some(id.clone()), ..present.clone() };
        now.details.words = words;
        let changes = edit::changes(&present, &now, session.zone());
        let what = (AuditAction::SessionEdited, Subject::session(code));
        record_changes(ctx, &mut locked, actor, what, (None, changes)).await?;
        adopted += 1;
    }
    tx.commit().await?;
    Ok(adopted)
}
