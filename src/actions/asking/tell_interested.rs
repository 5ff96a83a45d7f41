//! Telling those who wait for a course that there is a date: once for each session that comes onto the lists, in the
//! order in which they confirmed, as many at a time as the places that are open allow.

use chrono::Duration;

use crate::{
    actions::{ActionContext, tell::tell_all},
    domain::{
        id::SessionCode,
        interest::{Interest, in_turn},
        letter::LetterKind,
        session::{BookingStatus, Session},
        wording,
    },
    mail::letters,
    store::{StoreError, Tx, interests, outbox::About, session_lock, sessions},
};

/// After how long the next are told, if places are left.
const TURN: Duration = Duration::days(1);

/// Tells whoever is to be told now of any session; how many letters that is.
///
/// # Errors
/// [`StoreError`]; who was told before stays told.
pub async fn tell_interested(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    let due = interests::due(&mut conn, ctx.now()).await?;
    drop(conn);
    let mut told = 0;
    for code in due {
        told += tell_of(ctx, &code).await?;
    }
    Ok(told)
}

/// Tells whoever is to be told now of one session, after it came onto the lists; what fails is left to the jobs.
pub(in crate::actions) async fn tell_of_new(ctx: &ActionContext, code: &SessionCode) {
    if let Err(error) = tell_of(ctx, code).await {
        log::error!("those who wait for a course could not be told of a date yet: {error}");
    }
}

async fn tell_of(ctx: &ActionContext, code: &SessionCode) -> Result<usize, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(mut locked) = session_lock::lock(&mut tx, code).await? else { return Ok(0) };
    let Some(session) = sessions::find(&mut locked, code).await? else { return Ok(0) };
    let status = session.booking_status(ctx.now());
    let can_come = matches!(status, BookingStatus::Open { .. } | BookingStatus::NotYetOpen { .. });
    if !session.is_listed() || !can_come {
        return Ok(0);
    }
    let Some(listed_at) = interests::turn(&mut locked, code, ctx.now()).await? else {
        return Ok(0);
    };
    let about = (&session.course.slug, code);
    let mut waiting = interests::untold(&mut locked, about, listed_at).await?;
    waiting.retain(|one| one.is_for(&session));
    let now = in_turn(session.occupancy.open_to_all(), waiting.len());
    let mut letters = Vec::new();
    for one in &waiting[..now] {
        letters.push(letter(ctx, &mut locked, &session, one).await?);
    }
    tell_all(ctx, &mut locked, &letters).await?;
    let next = (waiting.len() > now).then(|| ctx.now() + TURN);
    interests::set_next(&mut locked, code, next).await?;
    tx.commit().await?;
    Ok(letters.len())
}

/// The letter to one who waits, and a note that she was told.
async fn letter(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    one: &Interest,
) -> Result<(crate::domain::letter::Letter, About), StoreError> {
    let link = ctx.stand_in();
    interests::insert_link(tx, link.hash(), one.id, ctx.now()).await?;
    let (name, stop) = (one.name.as_str(), ctx.interest_url(&link));
    let content = letters::date_announced(&ctx.letterhead, session, name, &stop);
    let to = (Some(name.to_owned()), one.email.clone());
    let mut letter = ctx.letter(LetterKind::DateAnnounced, to, content, None);
    letter.session = Some(session.code.clone());
    let (days, hours) = (wording::days(session), wording::hours(session));
    let said = format!("{days}, {hours}, {}", session.location.public_line());
    interests::told(tx, (one.id, &session.code), &said, ctx.now()).await?;
    Ok((letter, About::default()))
}
