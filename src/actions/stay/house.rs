//! Who stays in the house of a session, and who sleeps where.

use std::collections::HashMap;

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        finding::sort_key,
        id::PlaceId,
        place::{Place, PlaceStatus},
        reference::Reference,
        registration::Registration,
        session::Session,
        stay::rooming::{Guest, Room, Rooming, recognise},
    },
    store::{Conn, StoreError, registrations, rooms, stays},
};

/// The house as it stands.
#[derive(Debug, Clone, Default)]
pub struct House {
    /// On which booking each of them stands, with the number of her place.
    pub bookings: HashMap<PlaceId, (Reference, u32)>,
    /// Its rooms.
    pub rooms: Vec<Room>,
    /// Everybody with a place and a name, by name.
    pub guests: Vec<Guest>,
    /// Who sleeps where; of these guests only.
    pub rooming: Rooming,
}

/// Reads it.
///
/// # Errors
/// [`StoreError`].
pub async fn house(conn: &mut Conn, session: &Session) -> Result<House, StoreError> {
    let rooms = rooms::of_session(conn, &session.code).await?;
    let mut said = stays::of_session(conn, &session.code).await?;
    let (nights, mut guests, mut bookings) = (session.nights(), Vec::new(), HashMap::new());
    for booking in registrations::of_session(conn, &session.code).await? {
        let institution = booking.sender.name().map(str::to_owned);
        for (place, number, name) in named(&booking) {
            bookings.insert(place, (booking.reference.clone(), number));
            let stay = said.remove(&place);
            let hers = stay.as_ref().map_or_else(|| nights.clone(), |stay| stay.nights.of(&nights));
            guests.push(Guest {
                place,
                name,
                institution: institution.clone(),
                stay,
                nights: hers,
                with: Default::default(),
            });
        }
    }
    guests.sort_by_cached_key(|one| (sort_key(&one.name), one.place));
    recognise(&mut guests);
    let mut rooming = rooms::rooming(conn, &session.code).await?;
    rooming.0.retain(|place, _| guests.iter().any(|one| one.place == *place));
    Ok(House { bookings, rooms, guests, rooming })
}

/// The same for somebody who reads it: the log says so, since what people wish of a room may say how they are (P1).
///
/// # Errors
/// [`StoreError`], in which case nothing is to be shown.
pub async fn read_house(
    ctx: &ActionContext,
    actor: &Actor,
    session: &Session,
) -> Result<House, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let house = house(&mut tx, session).await?;
    let subject = Subject::session(&session.code);
    record(ctx, &mut tx, actor, AuditAction::RosterRead, subject, None).await?;
    tx.commit().await?;
    Ok(house)
}

fn named(booking: &Registration) -> Vec<(PlaceId, u32, String)> {
    let theirs = booking.places.iter().filter(|one| one.state.status() == PlaceStatus::Confirmed);
    let named = |one: &Place| Some((one.id, one.number, one.attendee.as_ref()?.name.to_string()));
    theirs.filter_map(named).collect()
}
