//! Rooms, and how people stay overnight, as the import reads them.

use std::collections::HashMap;

use super::sheet::{Sheet, maybe, yes};
use crate::{
    cli::import::columns::{MORE_OF_STAYS, ROOMS, STAYS},
    domain::{
        id::{PlaceId, RegistrationId, SessionCode},
        registration::Registration,
        stay::Journey,
    },
    store::{Conn, StoreError, rooms, stays},
};

/// Both files, without any line yet.
pub(super) fn empty() -> (Sheet, Sheet) {
    let rooms = Sheet::new("rooms.csv", &ROOMS, &[]);
    (rooms, Sheet::new("stays.csv", &STAYS, &MORE_OF_STAYS))
}

/// The rooms and stays of one session, by the lines on which its places stand.
pub(super) async fn of_session(
    conn: &mut Conn,
    (in_rooms, in_stays): (&mut Sheet, &mut Sheet),
    (session, bookings): (&SessionCode, &[Registration]),
    (keys, lines): (&HashMap<RegistrationId, String>, &HashMap<PlaceId, usize>),
) -> Result<(), StoreError> {
    let all = rooms::of_session(conn, session).await?;
    for room in &all {
        in_rooms.add([
            session.to_string(),
            room.name.to_string(),
            room.beds.to_string(),
            yes(room.is_step_free),
            yes(room.is_quiet),
            maybe(room.notes.as_ref()),
        ]);
    }
    let said = stays::of_session(conn, session).await?;
    let rooming = rooms::rooming(conn, session).await?;
    for booking in bookings {
        let Some(key) = keys.get(&booking.id) else { continue };
        for place in &booking.places {
            let (Some(stay), Some(line)) = (said.get(&place.id), lines.get(&place.id)) else {
                continue;
            };
            let room = all.iter().find(|room| Some(room.id) == rooming.of(place.id));
            let first = [
                key.clone(),
                line.to_string(),
                stay.nights.written(),
                maybe(stay.with_whom.as_ref()),
                yes(stay.is_step_free),
                yes(stay.is_quiet),
                yes(stay.is_alone),
                maybe(stay.why_alone.as_ref()),
            ];
            let ways = [journey(&stay.arrival), journey(&stay.departure)].concat();
            let cells = first.into_iter().chain(ways).chain([maybe(room.map(|room| &room.name))]);
            if let Ok(cells) = <[String; 19]>::try_from(cells.collect::<Vec<_>>()) {
                in_stays.add(cells);
            }
        }
    }
    Ok(())
}

fn journey(journey: &Journey) -> Vec<String> {
    vec![
        maybe(journey.on),
        maybe(journey.at.map(|at| at.format("%H:%M"))),
        maybe(journey.by),
        maybe(journey.from.as_ref()),
        maybe(journey.lift),
    ]
}
