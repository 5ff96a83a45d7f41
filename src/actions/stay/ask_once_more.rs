//! Asking whoever has said nothing of her stay, once, some days before rooms are given out.

use chrono::{Days, Duration};

use crate::{
    actions::{
        ActionContext,
        letters::stop_letters::{is_stopped, stoppable},
        tell::{letter_link, tell},
    },
    domain::{
        contact::EmailAddress,
        id::PlaceId,
        letter::{Circular, LetterKind},
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        stay::ASK_AGAIN_DAYS,
    },
    mail::letters::{self, Content},
    store::{StoreError, Tx, links::LinkTarget, outbox::About, registrations, sessions, stays},
};

/// How many people are looked for at once.
const BATCH: i64 = 500;

/// How long somebody has had her place before she is asked once more: her first letter asks too.
const SINCE: Duration = Duration::days(1);

/// Asks everybody it is time for; how many letters.
///
/// # Errors
/// [`StoreError`]; who was asked before it stays asked.
pub async fn ask_once_more(ctx: &ActionContext) -> Result<usize, StoreError> {
    let now = ctx.now();
    // A day more on each side: it is another day elsewhere.
    let today = now.date_naive();
    let window = (today - Days::new(1), today + Days::new(ASK_AGAIN_DAYS + 1));
    let mut conn = ctx.store.read().await?;
    let due = stays::to_ask(&mut conn, window, now - SINCE, BATCH).await?;
    drop(conn);
    let mut letters = 0;
    for of_one in due.chunk_by(|a, b| a.0 == b.0) {
        letters += ask_booking(ctx, of_one).await?;
    }
    Ok(letters)
}

/// Asks the people of one booking, in one transaction.
async fn ask_booking(
    ctx: &ActionContext,
    due: &[(crate::domain::id::RegistrationId, PlaceId)],
) -> Result<usize, StoreError> {
    let Some((id, _)) = due.first() else { return Ok(0) };
    let mut tx = ctx.store.begin().await?;
    let Some(booking) = registrations::find(&mut tx, *id).await? else { return Ok(0) };
    let Some(session) = sessions::find(&mut tx, &booking.session).await? else { return Ok(0) };
    let Some(rooms_on) = session.overnight.rooms_on else { return Ok(0) };
    let today = ctx.now().with_timezone(&session.zone()).date_naive();
    let is_near = rooms_on - Days::new(ASK_AGAIN_DAYS) <= today;
    if !session.takes_stays_at(ctx.now()) || !is_near {
        return Ok(0);
    }
    let (mut letters, mut unreachable, mut own) = (0, Vec::new(), None);
    for (_, place) in due {
        let place = booking.places.iter().find(|one| one.id == *place);
        let Some(place) = place.filter(|one| one.state.status() == PlaceStatus::Confirmed) else {
            continue;
        };
        if !stays::mark_asked(&mut tx, place.id, rooms_on, ctx.now()).await? {
            continue;
        }
        let Some(attendee) = &place.attendee else { continue };
        let name = attendee.name.to_string();
        match &attendee.email {
            Some(address) if booking.is_leaders(place) && own.is_none() => {
                own = Some((place, (name, address.clone())));
            }
            Some(address) => {
                let one = (place, (name, address.clone()));
                letters += usize::from(ask(ctx, &mut tx, (&session, &booking), one).await?);
            }
            None => unreachable.push(name),
        }
    }
    // A leader who comes herself gets one letter for her own stay and for those of hers we cannot ask (T3).
    let about = (&session, &booking);
    let is_asked = match own {
        Some(own) if unreachable.is_empty() => ask(ctx, &mut tx, about, own).await?,
        None if unreachable.is_empty() => false,
        own => {
            let hers = own.into_iter().map(|(_, (name, _))| name);
            let people: Vec<String> = hers.chain(unreachable).collect();
            ask_leader(ctx, &mut tx, about, &people).await?
        }
    };
    letters += usize::from(is_asked);
    tx.commit().await?;
    Ok(letters)
}

/// Whether she wants such letters.
async fn ask(
    ctx: &ActionContext,
    tx: &mut Tx,
    about: (&Session, &Registration),
    (place, to): (&Place, (String, EmailAddress)),
) -> Result<bool, StoreError> {
    if is_stopped(tx, (&to.1, Circular::Reminders)).await? {
        return Ok(false);
    }
    let link = letter_link(ctx, tx, &LinkTarget::Attendee(place.id), None).await?;
    let url = format!("{}/stay", ctx.place_url(&link));
    let content = letters::stay_asked(&ctx.letterhead, about.0, (&to.0, &[]), &url);
    write(ctx, tx, about.1, (to, Some(place.id)), content).await?;
    Ok(true)
}

/// Whether whoever booked has an address, and wants such letters.
async fn ask_leader(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, booking): (&Session, &Registration),
    people: &[String],
) -> Result<bool, StoreError> {
    let Some(address) = booking.leader.email.clone() else { return Ok(false) };
    if is_stopped(tx, (&address, Circular::Reminders)).await? {
        return Ok(false);
    }
    let link = letter_link(ctx, tx, &LinkTarget::Leader(booking.id), None).await?;
    let (name, url) = (booking.leader.name.to_string(), format!("{}/stay", ctx.manage_url(&link)));
    let content = letters::stay_asked(&ctx.letterhead, session, (&name, people), &url);
    write(ctx, tx, booking, ((name, address), None), content).await?;
    Ok(true)
}

async fn write(
    ctx: &ActionContext,
    tx: &mut Tx,
    booking: &Registration,
    ((name, address), place): ((String, EmailAddress), Option<PlaceId>),
    content: Content,
) -> Result<(), StoreError> {
    let content = content.of(&booking.reference);
    let content = stoppable(ctx, tx, content, (&address, Circular::Reminders)).await?;
    let about = About { registration: Some(booking.id), place };
    tell(ctx, tx, LetterKind::StayAsked, (Some(name), address), content, about).await?;
    Ok(())
}
