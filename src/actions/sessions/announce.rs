//! Telling the people of a session what happened to it, some at a time, so that nobody else waits
//! for long while a thousand letters are written.
//!
//! The change and the list of whom to tell are one transaction. Each batch of letters is another,
//! which takes those it tells off the list: whenever the program stops, nobody is told twice and
//! nobody is forgotten. The verb that changed the session goes on to tell; what it leaves, because
//! the program stopped, the jobs take up.

use std::collections::BTreeSet;

use chrono::Duration;
use uuid::Uuid;

use super::{
    first_news::first_news, gather::gather, tell_asked::tell_asked, tell_trainers::tell_change,
};
use crate::{
    actions::{
        ActionContext,
        calendars::{days::Days, reconcile::Telling},
        tell::Outgoing,
    },
    domain::{
        announcement::{Announcement, News, Told},
        difference::CalendarStep,
        id::SessionCode,
        invitation::Invitation,
        letter::LetterKind,
        place::PlaceStatus,
        registration::Registration,
        session::Session,
    },
    mail::letters::{self, Withdrawal},
    store::{
        StoreError, Tx, announcements, asked_news, gathering, invitations, registrations,
        session_lock, sessions,
    },
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
    let news = announcement;
    let to_leaders = announcements::waits_for_leaders(tx, &news.session).await?;
    // Everything may be again as people know it, and something else not.
    let (mut announcement, leaves_at) = match gather(ctx, tx, news).await? {
        Some(gathered) => gathered,
        None if people_to_tell(ctx, tx, &news.session, news.to_leaders).await? == 0 => {
            return Ok((id, Told::default()));
        }
        None => (news.clone(), None),
    };
    announcement.to_leaders |= to_leaders;
    let leaders = announcements::insert(tx, id, &announcement, ctx.now()).await?;
    gathering::set_leaves_at(tx, id, leaves_at).await?;
    let asked = match announcement.to_leaders {
        true => asked_news::count(tx, (&announcement.session, ctx.now())).await?,
        false => 0,
    };
    // Where nobody has a place and nobody was asked, there is nothing to remember.
    if leaves_at.is_none()
        && (leaders, asked) == (0, 0)
        && let Some(session) = sessions::find(tx, &announcement.session).await?
    {
        tell_others(ctx, tx, id, (&session, &announcement)).await?;
    }
    let leaders = if announcement.to_leaders { leaders } else { 0 };
    let people = people_to_tell(ctx, tx, &announcement.session, announcement.to_leaders).await?;
    Ok((id, Told { leaders, people, asked }))
}

/// Tells those without a booking, and forgets the news: trainers, and those who were asked by name.
async fn tell_others(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: Uuid,
    about: (&Session, &Announcement),
) -> Result<(), StoreError> {
    let (session, announcement) = about;
    if announcement.to_leaders {
        tell_asked(ctx, tx, id, about).await?;
    }
    if announcements::forget_told(tx, id).await? && announcement.to_leaders {
        tell_change(ctx, tx, session, &announcement.news).await?;
    }
    Ok(())
}

/// Writes down that calendars are to be told other words of a session, if they are: nothing of it
/// concerns a leader.
pub(in crate::actions) async fn correct(
    ctx: &ActionContext,
    tx: &mut Tx,
    code: &SessionCode,
    words: Vec<String>,
) -> Result<Option<(Uuid, Told)>, StoreError> {
    let news = News::Changed { sittings: vec![], words };
    let announcement =
        Announcement { session: code.clone(), news, to_leaders: false, said: vec![] };
    if people_to_tell(ctx, tx, code, false).await? == 0 {
        return Ok(None);
    }
    announce(ctx, tx, &announcement).await.map(Some)
}

/// The same for every session to come that `is_one`, of which something changed that they share.
pub(in crate::actions) async fn correct_all(
    ctx: &ActionContext,
    tx: &mut Tx,
    is_one: impl Fn(&Session) -> bool,
    words: &[String],
) -> Result<Vec<(Uuid, Told)>, StoreError> {
    let mut news = Vec::new();
    for session in sessions::ending_after(tx, ctx.now()).await?.iter().filter(|one| is_one(one)) {
        news.extend(correct(ctx, tx, &session.code, words.to_vec()).await?);
    }
    Ok(news)
}

/// How many people get a letter: those whose calendars do not say what is true now.
async fn people_to_tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    code: &SessionCode,
    to_leaders: bool,
) -> Result<usize, StoreError> {
    let Some(session) = sessions::find(tx, code).await? else { return Ok(0) };
    let mut registrations = registrations::of_session(tx, code).await?;
    if to_leaders {
        // What changes is the first that people hear whose booking was loaded without letters.
        registrations.iter_mut().for_each(|one| one.untold_since = None);
    }
    let stored = invitations::live_of_session(tx, code).await?;
    let days = Days::read(ctx, tx, &session, stored.values().flatten()).await?;
    let steps = days.untold(&registrations, &stored);
    Ok(steps.iter().map(CalendarStep::place).collect::<BTreeSet<_>>().len())
}

/// Tells everybody of some news, after it is committed. A failure is left to the jobs: what changed
/// has changed.
pub(in crate::actions) async fn tell_all(ctx: &ActionContext, id: Uuid) {
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
    let ids = announcements::take(&mut locked, id, BATCH).await?;
    let stored = invitations::live_of_registrations(&mut locked, &ids).await?;
    let all = stored.values().flatten();
    let days = Days::read(ctx, &mut locked, &session, all).await?;
    let mut out = Outgoing::default();
    for mut registration in registrations::find_all(&mut locked, &ids).await? {
        if announcement.to_leaders {
            first_news(ctx, &mut locked, (&session, &registration), &announcement.news).await?;
            registration.untold_since = None;
        }
        let live = stored.get(&registration.id).map_or(&[][..], Vec::as_slice);
        tell(ctx, &mut out, (&session, &registration), (&days, live), &announcement);
    }
    out.write(ctx, &mut locked).await?;
    // Once, with the last of the people: whoever deletes the news tells the others.
    let is_done = announcements::untold(&mut locked, id, 1).await?.is_empty();
    if is_done {
        tell_others(ctx, &mut locked, id, (&session, &announcement)).await?;
    }
    tx.commit().await?;
    Ok(!is_done)
}

/// Tells the leader and the people of one booking, as the session stands now.
pub(super) fn tell(
    ctx: &ActionContext,
    out: &mut Outgoing,
    about: (&Session, &Registration),
    (days, stored): (&Days<'_>, &[Invitation]),
    announcement: &Announcement,
) {
    let (_, registration) = about;
    match &announcement.news {
        News::Cancelled { reason } => {
            registration.places_in(PlaceStatus::Cancelled).for_each(|place| out.lose(place.id));
            let telling = Telling::gone(Withdrawal::SessionCancelled);
            out.reconcile(ctx, days, registration, stored, telling);
            let kind = LetterKind::SessionCancelled;
            out.tell_leader(ctx, about, kind, |(session, registration), url| {
                let reason = reason.as_ref();
                letters::session_cancelled(&ctx.letterhead, session, registration, reason, url)
            });
        }
        News::Changed { words, .. } => {
            let said = announcement.said.as_slice();
            let telling = Telling { said, ..Telling::changed(words) };
            out.reconcile(ctx, days, registration, stored, telling);
            // Given up since: there is nothing left to tell.
            if !announcement.to_leaders || !has_open_place(registration) {
                return;
            }
            let kind = LetterKind::SessionChanged;
            out.tell_leader(ctx, about, kind, |(session, registration), url| {
                letters::session_changed(&ctx.letterhead, session, registration, words, url)
                    .saying(said)
            });
        }
    }
}

fn has_open_place(registration: &Registration) -> bool {
    registration.places.iter().any(|place| place.state.status().is_open())
}
