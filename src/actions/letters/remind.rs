//! Reminding people of a day that is near: each once, whichever node does it.

use super::stop_letters::{is_stopped, stoppable};
use crate::{
    actions::{
        ActionContext,
        tell::{letter_link, tell_all},
    },
    domain::{
        contact::EmailAddress,
        letter::{Circular, LetterKind},
        near_day::NearDay,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
        sitting::Sitting,
    },
    mail::letters::{self, Content},
    store::{
        StoreError, Tx,
        links::LinkTarget,
        outbox::About,
        registrations,
        reminders::{self, DueReminder},
        sessions,
    },
};

/// How many reminders are looked for at once.
const BATCH: i64 = 500;

/// Sends every reminder that is due; how many letters that were.
///
/// # Errors
/// [`StoreError`]; what was sent before it stays sent.
pub async fn remind(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut letters = 0;
    for days in ctx.reminders.iter().copied() {
        let mut conn = ctx.store.read().await?;
        let due = reminders::due(&mut conn, ctx.now(), days, BATCH).await?;
        drop(conn);
        for of_one in
            due.chunk_by(|a, b| (a.registration, a.sitting) == (b.registration, b.sitting))
        {
            letters += remind_booking(ctx, of_one, days).await?;
        }
    }
    Ok(letters)
}

/// One day, one booking.
struct Day<'a> {
    session: &'a Session,
    sitting: &'a Sitting,
    registration: &'a Registration,
}

/// Reminds the people of one booking of one day, in one transaction.
async fn remind_booking(
    ctx: &ActionContext,
    due: &[DueReminder],
    days: u32,
) -> Result<usize, StoreError> {
    let Some(first) = due.first() else { return Ok(0) };
    let mut tx = ctx.store.begin().await?;
    let Some(registration) = registrations::find(&mut tx, first.registration).await? else {
        return Ok(0);
    };
    let Some(session) = sessions::find(&mut tx, &registration.session).await? else {
        return Ok(0);
    };
    let sitting = session.sittings.iter().find(|sitting| sitting.id == first.sitting);
    // It may have been moved or called off since it was found.
    let Some(sitting) = sitting.filter(|one| one.starts_at > ctx.now()) else { return Ok(0) };
    if session.publication != Publication::Published {
        return Ok(0);
    }
    let day = Day { session: &session, sitting, registration: &registration };
    let (mut letters, mut unreachable, mut own) = (0, Vec::new(), None);
    for one in due {
        let place = registration.places.iter().find(|place| place.id == one.place);
        let Some(place) = place.filter(|one| one.state.status() == PlaceStatus::Confirmed) else {
            continue;
        };
        if !reminders::insert(&mut tx, *one, days, ctx.now()).await? {
            continue;
        }
        if registration.is_leaders(place) && own.is_none() {
            own = Some(place);
        } else if tell_attendee(ctx, &mut tx, &day, place).await? {
            letters += 1;
        } else {
            let name = place.attendee.as_ref().map(|attendee| attendee.name.to_string());
            unreachable.push(name.unwrap_or_else(|| "Name to follow".to_owned()));
        }
    }
    // A leader who comes herself gets one letter for her own day and for those she is to remind (T3).
    let is_told = match own {
        Some(place) if unreachable.is_empty() => tell_attendee(ctx, &mut tx, &day, place).await?,
        None if unreachable.is_empty() => false,
        _ => tell_leader(ctx, &mut tx, &day, &unreachable, own).await?,
    };
    letters += usize::from(is_told);
    tx.commit().await?;
    Ok(letters)
}

/// Whether there was an address to write to.
async fn tell_attendee(
    ctx: &ActionContext,
    tx: &mut Tx,
    day: &Day<'_>,
    place: &Place,
) -> Result<bool, StoreError> {
    let Some(attendee) = &place.attendee else { return Ok(false) };
    let Some(address) = &attendee.email else { return Ok(false) };
    // Whoever asked for no reminders is not to be reminded by somebody else either.
    if is_stopped(tx, (address, Circular::Reminders)).await? {
        return Ok(true);
    }
    let link = letter_link(ctx, tx, &LinkTarget::Attendee(place.id), None).await?;
    let (name, url) = (attendee.name.to_string(), ctx.place_url(&link));
    let content = letters::reminder(&ctx.letterhead, day.session, day.sitting, &name, &url);
    let to = (Some(name), address.clone());
    day.write(ctx, tx, to, content, Some(place)).await?;
    Ok(true)
}

/// Whether the leader has an address to write to.
async fn tell_leader(
    ctx: &ActionContext,
    tx: &mut Tx,
    day: &Day<'_>,
    people: &[String],
    own: Option<&Place>,
) -> Result<bool, StoreError> {
    let leader = &day.registration.leader;
    let Some(address) = &leader.email else { return Ok(false) };
    if is_stopped(tx, (address, Circular::Reminders)).await? {
        return Ok(false);
    }
    let link = letter_link(ctx, tx, &LinkTarget::Leader(day.registration.id), None).await?;
    let (name, url) = (leader.name.to_string(), ctx.manage_url(&link));
    let whom = (name.as_str(), people, own.is_some());
    let content =
        letters::reminder_to_pass_on(&ctx.letterhead, day.session, day.sitting, whom, &url);
    let to = (Some(name), address.clone());
    day.write(ctx, tx, to, content, own).await?;
    Ok(true)
}

impl Day<'_> {
    /// Writes a reminder of it: how near it is, is worked out when the letter leaves (T2).
    async fn write(
        &self,
        ctx: &ActionContext,
        tx: &mut Tx,
        to: (Option<String>, EmailAddress),
        content: Content,
        place: Option<&Place>,
    ) -> Result<(), StoreError> {
        let content = content.of(&self.registration.reference);
        let content = stoppable(ctx, tx, content, (&to.1, Circular::Reminders)).await?;
        let mut letter = ctx.letter(LetterKind::Reminder, to, content, None);
        letter.day = Some(NearDay { starts_at: self.sitting.starts_at, zone: self.sitting.zone });
        let about =
            About { registration: Some(self.registration.id), place: place.map(|place| place.id) };
        tell_all(ctx, tx, &[(letter, about)]).await
    }
}
