//! Sessions, their days, and what was pledged for them.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::sheet::{Sheet, maybe, yes};
use crate::{
    cli::import::columns::{
        MORE_OF_SESSIONS, MORE_OF_SITTINGS, MORE_OF_VENUES, SESSIONS, SITTINGS, VENUES,
    },
    domain::{
        location::Location,
        page_words::DayWords,
        session::{Publication, Session},
        sitting::Sitting,
    },
    store::{Conn, StoreError, door, pledges, venues},
};

/// What no import reads: for a spreadsheet.
const PLEDGES: [&str; 5] = ["session", "institution", "pledged", "named", "attended"];
const WALK_INS: [&str; 6] = ["session", "number", "name", "institution", "email", "came_at"];

pub(super) async fn sheets(
    conn: &mut Conn,
    sessions: &[Session],
) -> Result<Vec<Sheet>, StoreError> {
    let mut of_sessions = Sheet::new("sessions.csv", &SESSIONS, &MORE_OF_SESSIONS);
    let mut sittings = Sheet::new("sittings.csv", &SITTINGS, &MORE_OF_SITTINGS);
    let mut promised = Sheet::new("pledges.csv", &PLEDGES, &[]);
    let mut walked_in = Sheet::new("walk_ins.csv", &WALK_INS, &[]);
    for session in sessions {
        let code = session.code.to_string();
        of_sessions.add(cells(session));
        for sitting in &session.sittings {
            let number = sitting.number.to_string();
            let (starts, ends) = (wall(sitting.starts), wall(sitting.ends));
            let DayWords { title, note } = session.words.day(sitting).cloned().unwrap_or_default();
            let (title, note) = (title.unwrap_or_default(), note.unwrap_or_default());
            let [name, address, venue] = day_place(sitting);
            let (code, number) = (code.clone(), number.clone());
            sittings.add([code, number, starts, ends, title, note, name, address, venue]);
            for one in door::walk_ins(conn, sitting.id).await? {
                walked_in.add([
                    session.code.to_string(),
                    sitting.number.to_string(),
                    one.name.to_string(),
                    maybe(one.institution),
                    maybe(one.email),
                    wall(one.at.with_timezone(&sitting.zone).naive_local()),
                ]);
            }
        }
        for line in pledges::of_session(conn, &session.code).await? {
            let numbers = [line.turnout.pledged, line.turnout.named, line.turnout.attended];
            let [pledged, named, attended] = numbers.map(|number| number.to_string());
            promised.add([code.clone(), line.institution.to_string(), pledged, named, attended]);
        }
    }
    Ok(vec![of_venues(conn).await?, of_sessions, sittings, promised, walked_in])
}

/// Where a day is held, if elsewhere than the others.
fn day_place(day: &Sitting) -> [String; 3] {
    let place = day.place.as_ref();
    place.map_or_else(Default::default, |place| {
        [place.name.clone(), place.address.clone(), maybe(place.venue.as_ref())]
    })
}

/// The list of venues.
async fn of_venues(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("venues.csv", &VENUES, &MORE_OF_VENUES);
    for (one, archived_at) in venues::all(conn).await? {
        sheet.add([
            one.id.to_string(),
            one.name,
            one.address,
            maybe(one.alliance),
            maybe(one.access_notes),
            maybe(one.directions),
            maybe(one.capacity),
            maybe(one.contact.name),
            maybe(one.contact.phone),
            maybe(one.contact.email),
            maybe(one.cost),
            maybe(one.hire_notes),
            yes(archived_at.is_some()),
        ]);
    }
    Ok(sheet)
}

fn cells(session: &Session) -> [String; 33] {
    let zone = session.alliance.time_zone;
    let (venue, address, room) = match &session.location {
        Location::Venue { name, address } => (name.clone(), address.clone(), String::new()),
        Location::Online { room } => ("Online".to_owned(), String::new(), room.clone()),
    };
    let trainers: Vec<_> = session.trainers.iter().map(|one| one.login.to_string()).collect();
    let (publication, cancelled_at, reason) = match &session.publication {
        Publication::Draft => ("draft", None, ""),
        Publication::Published => ("published", None, ""),
        Publication::Cancelled { at, reason } => ("cancelled", Some(*at), reason.as_str()),
    };
    [
        session.code.to_string(),
        session.course.slug.to_string(),
        session.alliance.slug.to_string(),
        venue,
        address,
        session.access.join("; "),
        room,
        session.occupancy.capacity.to_string(),
        maybe(session.places_per_institution),
        session.places_per_booking.to_string(),
        session.mode.to_string(),
        moment(session.booking_opens, zone),
        moment(session.booking_closes, zone),
        trainers.join(";"),
        maybe(session.note.as_ref()),
        publication.to_owned(),
        moment(cancelled_at, zone),
        reason.to_owned(),
        if session.waiting_list { String::new() } else { "no".to_owned() },
        moment(session.changes_close, zone),
        session.on_decline.to_string(),
        maybe(session.words.directions.as_ref()),
        maybe(session.words.bring.as_ref()),
        maybe(session.words.food.as_ref()),
        maybe(session.words.access_words.as_ref()),
        session.admission.to_string(),
        if session.overnight.is_residential { "yes" } else { "" }.to_owned(),
        maybe(session.overnight.rooms_on),
        maybe(session.overnight.arrival.as_ref()),
        maybe(session.overnight.departure.as_ref()),
        maybe(session.venue.as_ref()),
        maybe(session.series.as_ref().map(|one| &one.id)),
        maybe(session.series.as_ref().map(|one| one.bookable)),
    ]
}

/// An instant as the import reads it: in the zone of the session's alliance.
pub(super) fn moment(instant: Option<DateTime<Utc>>, zone: Tz) -> String {
    instant.map(|instant| wall(instant.with_timezone(&zone).naive_local())).unwrap_or_default()
}

fn wall(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%dT%H:%M").to_string()
}
