//! Telling everybody her room: one letter each, and again only who has another one than she was told.

use std::collections::HashMap;

use super::{
    house::{House, house},
    rooms::{RoomsError, opened},
};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction},
        edit::Drawn,
        id::{PlaceId, SessionCode},
        letter::{Letter, LetterKind},
        registration::Registration,
        session::Session,
        stay::rooming::Guest,
        wording,
    },
    mail::letters::{self, ToldRoom},
    store::{Conn, StoreError, links::LinkTarget, outbox::About, registrations, rooms},
};

/// Who is still to be told which room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Untold {
    /// How many people.
    pub people: usize,
    /// Those of them whom no letter reaches: they have no address, and neither has whoever booked for them.
    pub unreachable: Vec<String>,
}

/// Whose room she was not told, with the words she would be told.
fn untold<'a>(house: &'a House, told: &HashMap<PlaceId, String>) -> Vec<(&'a Guest, String)> {
    let words = |guest: &'a Guest| {
        let room = house.rooming.of(guest.place).filter(|_| !guest.nights.is_empty())?;
        let room = house.rooms.iter().find(|one| one.id == room)?;
        let words = room.told();
        (told.get(&guest.place) != Some(&words)).then_some((guest, words))
    };
    house.guests.iter().filter_map(words).collect()
}

/// Who is still to be told.
///
/// # Errors
/// [`StoreError`].
pub async fn to_tell(
    conn: &mut Conn,
    session: &Session,
    house: &House,
) -> Result<Untold, StoreError> {
    let told = rooms::told(conn, &session.code).await?;
    let open = untold(house, &told);
    let mut unreachable = Vec::new();
    for booking in registrations::of_session(conn, &session.code).await? {
        let is_reached = booking.leader.email.is_some();
        let hers = booking.places.iter().filter(|place| {
            let has_address = place.attendee.as_ref().is_some_and(|one| one.email.is_some());
            !is_reached && !has_address
        });
        for place in hers {
            let guest = open.iter().find(|(guest, _)| guest.place == place.id);
            unreachable.extend(guest.map(|(guest, _)| guest.name.clone()));
        }
    }
    Ok(Untold { people: open.len(), unreachable })
}

/// The letters of one booking. Whoever has an address gets her own; whoever booked gets one for the others, and for
/// herself if she comes (T3).
fn letters_of(
    ctx: &ActionContext,
    out: &mut Outgoing,
    (session, booking): (&Session, &Registration),
    open: &[(&Guest, String)],
) -> Vec<(PlaceId, String)> {
    let (mut told, mut others, mut own) = (Vec::new(), Vec::new(), None);
    for place in &booking.places {
        let Some((guest, room)) = open.iter().find(|(guest, _)| guest.place == place.id) else {
            continue;
        };
        let one = ToldRoom { name: guest.name.clone(), room: room.clone() };
        let email = place.attendee.as_ref().and_then(|attendee| attendee.email.clone());
        match email {
            Some(_) if booking.is_leaders(place) && own.is_none() => own = Some((place.id, one)),
            Some(email) => {
                let link = out.link(ctx, LinkTarget::Attendee(place.id));
                let url = format!("{}/stay", ctx.place_url(&link));
                let content = letters::room_told(
                    &ctx.letterhead,
                    session,
                    (&one.name, std::slice::from_ref(&one)),
                    &url,
                );
                let content = content.of(&booking.reference);
                let letter =
                    ctx.letter(LetterKind::RoomTold, (Some(one.name), email), content, None);
                let about = About { registration: Some(booking.id), place: Some(place.id) };
                out.letter(letter, about);
                told.push((place.id, room.clone()));
            }
            None => others.push((place.id, one)),
        }
    }
    let Some(email) = booking.leader.email.clone() else { return told };
    let hers: Vec<(PlaceId, ToldRoom)> = own.into_iter().chain(others).collect();
    if hers.is_empty() {
        return told;
    }
    let name = booking.leader.name.to_string();
    let link = out.link(ctx, LinkTarget::Leader(booking.id));
    let url = format!("{}/stay", ctx.manage_url(&link));
    let rooms: Vec<ToldRoom> = hers.iter().map(|(_, one)| one.clone()).collect();
    let content = letters::room_told(&ctx.letterhead, session, (&name, &rooms), &url);
    let letter =
        ctx.letter(LetterKind::RoomTold, (Some(name), email), content.of(&booking.reference), None);
    out.letter(letter, About { registration: Some(booking.id), place: None });
    told.extend(hers.into_iter().map(|(place, one)| (place, one.room)));
    told
}

/// Everything that would be told now, and whose room.
async fn prepared(
    ctx: &ActionContext,
    conn: &mut Conn,
    session: &Session,
    house: &House,
) -> Result<(Outgoing, Vec<(PlaceId, String)>), StoreError> {
    let known = rooms::told(conn, &session.code).await?;
    let open = untold(house, &known);
    let (mut out, mut told) = (Outgoing::default(), Vec::new());
    for booking in registrations::of_session(conn, &session.code).await? {
        told.extend(letters_of(ctx, &mut out, (session, &booking), &open));
    }
    Ok((out, told))
}

/// The letters that it would be now; nothing is kept of it (T4).
///
/// # Errors
/// [`StoreError`].
pub async fn letters_to_come(
    ctx: &ActionContext,
    session: &Session,
) -> Result<Vec<Letter>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let house = house(&mut conn, session).await?;
    Ok(prepared(ctx, &mut conn, session, &house).await?.0.into_letters())
}

/// Tells everybody her room who was not told, or was told another; how many people. A page that was drawn before
/// somebody gave out rooms anew tells nobody (V2).
///
/// # Errors
/// [`RoomsError`], in which case nobody is told.
pub async fn tell_rooms(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    drawn: Option<&Drawn>,
) -> Result<usize, RoomsError> {
    let mut tx = ctx.store.begin().await?;
    let (mut locked, session) = opened(ctx, &mut tx, code).await?;
    let house = house(&mut locked, &session).await?;
    if drawn.is_some_and(|drawn| *drawn != Drawn::of(&house.rooming)) {
        return Err(RoomsError::Stale);
    }
    let (out, told) = prepared(ctx, &mut locked, &session, &house).await?;
    for (place, words) in &told {
        rooms::keep_told(&mut locked, *place, words, ctx.now()).await?;
    }
    out.write(ctx, &mut locked).await?;
    if !told.is_empty() {
        let people = wording::count(told.len(), "person", "people");
        let subject = Subject::session(code);
        record(ctx, &mut locked, actor, AuditAction::RoomsTold, subject, Some(people)).await?;
    }
    tx.commit().await?;
    Ok(told.len())
}
