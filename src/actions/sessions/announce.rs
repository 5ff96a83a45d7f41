//! Telling the people of a session what happened to it, some at a time, so that nobody else waits
//! for long while a thousand letters are written.
//!
//! The change and the list of whom to tell are one transaction. Each batch of letters is another,
//! which takes those it tells off the list: whenever the program stops, nobody is told twice and
//! nobody is forgotten. The verb that changed the session goes on to tell; what it leaves, because
//! the program stopped, the jobs take up.

use chrono::Duration;
use uuid::Uuid;

use super::{first_news::first_news, gather::gather, tell_trainers::tell_change};
use crate::{
    actions::{
        ActionContext,
        calendars::{
            invite::withdraw,
            reinvite::{Changes, invite_again},
        },
        tell::Outgoing,
    },
    domain::{
        announcement::{Announcement, News, Told},
        id::RegistrationId,
        letter::LetterKind,
        place::PlaceStatus,
        registration::Registration,
        session::Session,
    },
    mail::letters::{self, Withdrawal},
    store::{StoreError, Tx, announcements, gathering, registrations, session_lock, sessions},
    token::row_id,
};

/// How many bookings are told in one transaction: with six people each, some hundred letters.
const BATCH: i64 = 10;

/// How long whoever changed a session is left to tell about it before the jobs do.
fn patience() -> Duration {
    Duration::minutes(1)
}

/// Writes down what is to be told, in the transaction of the change; how many people it concerns.
pub(super) async fn announce(
    ctx: &ActionContext,
    tx: &mut Tx,
    announcement: &Announcement,
) -> Result<(Uuid, Told), StoreError> {
    let id = row_id(&*ctx.random, &*ctx.clock);
    let Some((announcement, leaves_at)) = gather(ctx, tx, announcement).await? else {
        return Ok((id, Told::default()));
    };
    let told = announcements::insert(tx, id, &announcement, ctx.now()).await?;
    gathering::set_leaves_at(tx, id, leaves_at).await?;
    // Where nobody has a place, there is nothing to remember.
    if leaves_at.is_none()
        && announcements::forget_told(tx, id).await?
        && let Some(session) = sessions::find(tx, &announcement.session).await?
    {
        tell_change(ctx, tx, &session, &announcement.news).await?;
    }
    Ok((id, told))
}

/// Tells everybody of some news, after it is committed. A failure is left to the jobs: what changed
/// has changed.
pub(super) async fn tell_all(ctx: &ActionContext, id: Uuid) {
    loop {
        match tell_some(ctx, id).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                log::error!("people could not be told of a change yet: {error}");
                return;
            }
        }
    }
}

/// Tells what was left untold a while ago.
pub async fn tell_late(ctx: &ActionContext) -> Result<(), StoreError> {
    let mut conn = ctx.store.read().await?;
    let left = announcements::left_untold(&mut conn, ctx.now() - patience()).await?;
    drop(conn);
    for (id, _) in left {
        while tell_some(ctx, id).await? {}
    }
    Ok(())
}

/// Tells what waited for long enough for what changes next (T3).
pub async fn tell_gathered(ctx: &ActionContext) -> Result<(), StoreError> {
    let due = gathering::due(&mut ctx.store.read().await?, ctx.now()).await?;
    for id in due {
        while tell_some(ctx, id).await? {}
    }
    Ok(())
}

/// Tells some of those who are to be told; `false` when all of them are.
async fn tell_some(ctx: &ActionContext, id: Uuid) -> Result<bool, StoreError> {
    let mut conn = ctx.store.read().await?;
    let Some(announcement) = announcements::find(&mut conn, id).await? else { return Ok(false) };
    if gathering::leaves_at_of(&mut conn, id).await?.is_some_and(|at| at > ctx.now()) {
        return Ok(false);
    }
    drop(conn);
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock(&mut tx, &announcement.session).await? else {
        return Ok(false);
    };
    let Some(session) = sessions::find(&mut locked, &announcement.session).await? else {
        return Ok(false);
    };
    for registration in announcements::take(&mut locked, id, BATCH).await? {
        tell(ctx, &mut locked, &session, registration, &announcement.news).await?;
    }
    let is_done = announcements::forget_told(&mut locked, id).await?;
    if is_done {
        // Once, with the last of the people: whoever deletes the news tells them.
        tell_change(ctx, &mut locked, &session, &announcement.news).await?;
    }
    tx.commit().await?;
    Ok(!is_done)
}

/// Tells the leader and the people of one booking, as the session stands now.
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    id: RegistrationId,
    news: &News,
) -> Result<(), StoreError> {
    let Some(registration) = registrations::find(tx, id).await? else { return Ok(()) };
    let about = (session, &registration);
    first_news(ctx, tx, about, news).await?;
    let mut out = Outgoing::default();
    match news {
        News::Cancelled { reason } => {
            for place in registration.places_in(PlaceStatus::Cancelled) {
                let why = Withdrawal::SessionCancelled;
                withdraw(ctx, tx, &mut out, session, place, why).await?;
            }
            let kind = LetterKind::SessionCancelled;
            out.tell_leader(ctx, about, kind, |(session, registration), url| {
                let reason = reason.as_ref();
                letters::session_cancelled(&ctx.sender, session, registration, reason, url)
            });
            out.write(ctx, tx).await
        }
        News::Changed { sittings, words } => {
            // Given up since: there is nothing left to tell.
            if !has_open_place(&registration) {
                return Ok(());
            }
            let changes = Changes { sittings, words };
            for place in registration.confirmed() {
                invite_again(ctx, tx, &mut out, about, place, &changes).await?;
            }
            let kind = LetterKind::SessionChanged;
            out.tell_leader(ctx, about, kind, |(session, registration), url| {
                letters::session_changed(&ctx.sender, session, registration, words, url)
            });
            out.write(ctx, tx).await
        }
    }
}

fn has_open_place(registration: &Registration) -> bool {
    registration.places.iter().any(|place| place.state.status().is_open())
}
