//! Confirming a booking of several evenings: all of it in one transaction, each evening by the rules of its own
//! session, and one letter to the leader for the whole.

use super::{
    book_places::log_booked,
    confirm::{decide, not_there_yet, seat_the_others},
    hold_places::as_it_stands,
    refusals::{BookError, HoldError},
};
use crate::{
    actions::{
        ActionContext,
        places::{opened::Opened, settle::offer_freed},
        questions::answer::take_along,
        tell::Outgoing,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        place::{PlaceState, PlaceStatus},
        registration::Registration,
        series::IfFull,
        session::{BookingStatus, Session},
        text::Paragraph,
    },
    mail::letters,
    store::{
        StoreError, Tx,
        links::LinkTarget,
        places::{self, Cause},
        registrations, seated,
        series_bookings::Together,
        session_lock::Locked,
    },
};

/// Who comes, as the leader said of the evening whose link she has; with her place there, if it is held.
type Who = (Option<PlaceId>, Option<Attendee>);

/// A booking of one of the evenings, as it came to stand.
pub(super) type Evening = (Session, Registration);

/// Confirms all evenings of a booking, or none. Their sessions are locked. The leader's own booking.
pub(super) async fn confirm_evenings(
    ctx: &ActionContext,
    tx: &mut Tx,
    together: &Together,
    nomination: Option<&Paragraph>,
) -> Result<Registration, BookError> {
    let lead = Opened::lock_settled(ctx, tx, together.lead).await?;
    let Opened { session, registration: lead, .. } = lead.ok_or(BookError::NoSuchRegistration)?;
    if lead.booked_at.is_some() {
        return Ok(lead);
    }
    if lead.places_in(PlaceStatus::Held).count() == 0 {
        return Err(BookError::HoldRanOut { free: session.occupancy.open_to_all() });
    }
    let who = who_comes(&lead);
    let mut booked = Vec::with_capacity(together.all.len());
    for id in still_open(ctx, tx, together, &lead).await? {
        let evening = Confirming { id, lead: &lead, who: &who, if_full: together.if_full };
        booked.push(confirm(ctx, tx, &evening, nomination).await?);
    }
    let mut out = Outgoing::default();
    tell_together(ctx, &mut out, &booked, lead.id);
    out.write(ctx, tx).await?;
    for (_, registration) in &booked {
        log_booked(ctx, tx, registration, &Actor::Leader).await?;
    }
    let lead = booked.into_iter().find(|(_, one)| one.id == lead.id);
    lead.map(|(_, lead)| lead).ok_or(BookError::NoSuchRegistration)
}

/// Those who come: whoever is named, and for the rest that the name follows.
fn who_comes(lead: &Registration) -> Vec<Who> {
    let held = lead.places_in(PlaceStatus::Held);
    let mut who: Vec<Who> = held.map(|one| (Some(one.id), one.attendee.clone())).collect();
    who.resize((lead.asked as usize).max(who.len()), (None, None));
    who
}

/// The bookings whose evening can still be booked, in order of time. Whoever wants all or nothing gets nothing
/// where one was called off meanwhile. Nobody who is named may be on any of them already.
async fn still_open(
    ctx: &ActionContext,
    tx: &mut Tx,
    together: &Together,
    lead: &Registration,
) -> Result<Vec<RegistrationId>, BookError> {
    let mut open = Vec::with_capacity(together.all.len());
    for (id, _) in &together.all {
        let opened = Opened::lock_settled(ctx, tx, *id).await?;
        let Opened { mut locked, session, .. } = opened.ok_or(BookError::NoSuchRegistration)?;
        match session.booking_status(ctx.now()) {
            BookingStatus::Open { .. } => {}
            BookingStatus::NotYetOpen { .. } if session.whole_series().is_some() => {}
            _ if together.if_full == IfFull::Room && *id != lead.id => continue,
            status => return Err(HoldError::NotOpen(status).into()),
        }
        not_there_yet(&mut locked, lead).await?;
        open.push((session.starts_at(), *id));
    }
    open.sort_unstable();
    Ok(open.into_iter().map(|(_, id)| id).collect())
}

/// What one evening is confirmed with.
struct Confirming<'a> {
    id: RegistrationId,
    lead: &'a Registration,
    who: &'a [Who],
    if_full: IfFull,
}

async fn confirm(
    ctx: &ActionContext,
    tx: &mut Tx,
    evening: &Confirming<'_>,
    nomination: Option<&Paragraph>,
) -> Result<Evening, BookError> {
    let opened = Opened::lock(tx, evening.id).await?.ok_or(BookError::NoSuchRegistration)?;
    let Opened { mut locked, mut session, mut registration } = opened;
    let is_lead = evening.id == evening.lead.id;
    let left = match is_lead {
        true => 0,
        false => name_alike(ctx, &mut locked, evening, &mut registration).await?,
    };
    let held = registration.places_in(PlaceStatus::Held).count();
    if evening.if_full == IfFull::Every && held < evening.who.len() {
        return Err(BookError::HoldRanOut { free: session.occupancy.open_to_all() });
    }
    let freed = decide(ctx, &mut locked, &session, &mut registration, nomination).await? + left;
    if freed > 0 {
        session = as_it_stands(&mut locked, session, freed).await?;
    }
    let others = evening.who.iter().skip(held).map(|(_, who)| who.clone()).collect();
    seat_the_others(ctx, &mut locked, &session, &mut registration, others).await?;
    if !is_lead {
        let theirs = evening.who.iter().zip(&registration.places);
        let same = theirs.filter_map(|((place, _), other)| Some(((*place)?, other.id)));
        let (from, same) = (evening.lead.id, same.collect::<Vec<_>>());
        take_along(ctx, &mut locked, (from, evening.id), &same).await?;
    }
    if freed > 0 {
        offer_freed(ctx, &mut locked).await?;
    }
    Ok((session, registration))
}

/// Puts those who come on the places that are held on another evening; what is not needed there is given back.
/// How many places that were.
async fn name_alike(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    evening: &Confirming<'_>,
    registration: &mut Registration,
) -> Result<u32, BookError> {
    let apart = seated::apart(locked, evening.lead.id).await?;
    let numbers = evening.lead.places_in(PlaceStatus::Held).map(|place| place.number);
    let is_apart: Vec<bool> = numbers.map(|number| apart.contains(&number)).collect();
    let mut said = Vec::new();
    let mut gone = Vec::new();
    let held = registration.places_in_mut(PlaceStatus::Held);
    for (at, place) in held.enumerate() {
        let Some((_, who)) = evening.who.get(at) else {
            gone.push(place.becomes(PlaceState::Cancelled).map_err(StoreError::from)?);
            continue;
        };
        if let Some(who) = who {
            places::set_attendee(locked, place.id, who).await?;
            place.attendee = Some(who.clone());
        }
        if is_apart.get(at).copied().unwrap_or_default() {
            said.push(place.id);
        }
    }
    if !said.is_empty() {
        seated::say_apart(locked, &said, true).await?;
    }
    let cause = Cause { by: &Actor::Leader, at: ctx.now(), why: Some("not needed") };
    places::set_states(locked, &gone, cause).await?;
    for one in &gone {
        places::supersede(locked, one.place()).await?;
    }
    registration.places.retain(|place| place.state.status() == PlaceStatus::Held);
    registration.asked = u32::try_from(evening.who.len()).unwrap_or(u32::MAX);
    registrations::set_asked(locked, registration.id, registration.asked).await?;
    Ok(u32::try_from(gone.len()).unwrap_or(0))
}

/// One letter to the leader for the whole, and to each who has a place an invite for each evening: a letter can
/// carry one event only (RFC 5546 3.2.2).
pub(super) fn tell_together(
    ctx: &ActionContext,
    out: &mut Outgoing,
    booked: &[Evening],
    lead: RegistrationId,
) {
    if let Some((session, registration)) = booked.iter().find(|(_, one)| one.id == lead)
        && registration.leader.email.is_some()
    {
        let link = out.link(ctx, LinkTarget::Leader(lead));
        let url = ctx.manage_url(&link);
        let content =
            letters::series_booked(&ctx.letterhead, (session, registration), booked, &url);
        out.write_leader(ctx, registration, LetterKind::BookingConfirmed, content);
        let others = booked.iter().filter(|(_, one)| one.id != lead);
        for place in others.flat_map(|(_, one)| one.confirmed()) {
            out.had_place(place.id);
        }
    }
    for (session, registration) in booked {
        out.invites(ctx, (session, registration), registration.confirmed());
    }
}
