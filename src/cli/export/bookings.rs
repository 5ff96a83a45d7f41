//! Bookings: who comes and who waits, as the import reads them; and every place there was.

use std::collections::HashMap;

use super::{
    questions,
    sheet::{Sheet, maybe, yes},
    stays,
};
use crate::{
    actions::booking::record_places::Stood,
    cli::import::columns::{ATTENDANCES, MORE_OF_REGISTRATIONS, REGISTRATIONS},
    domain::{
        course::CourseAttendance,
        id::{PlaceId, QuestionCode},
        occupancy::TeamPolicy,
        place::Place,
        registration::{Registration, Sender},
        session::Session,
        text::Paragraph,
    },
    store::{Conn, StoreError, door, exports, registrations},
};

/// What no import reads: every place that was booked, whatever became of it.
const PLACES: [&str; 11] = [
    "session",
    "reference",
    "booked_at",
    "leader",
    "institution",
    "place",
    "name",
    "email",
    "phone",
    "state",
    "days_attended",
];

pub(super) async fn sheets(
    conn: &mut Conn,
    sessions: &[Session],
    asked: &[QuestionCode],
) -> Result<Vec<Sheet>, StoreError> {
    let mut open = Sheet::new("registrations.csv", &REGISTRATIONS, &MORE_OF_REGISTRATIONS);
    let mut every = Sheet::new("places.csv", &PLACES, &[]);
    let mut answered = questions::empty();
    let (mut rooms, mut nightly) = stays::empty();
    for session in sessions {
        let keys = exports::keys_of_files(conn, &session.code).await?;
        let attended = door::attended_sittings(conn, &session.code).await?;
        let mut bookings = registrations::of_session(conn, &session.code).await?;
        for one in &bookings {
            one.places.iter().for_each(|place| add_place(&mut every, one, place, &attended));
        }
        // Whoever has a place stands before whoever waits, and those in the order of their numbers:
        // read again from above, each gets what she had.
        let key = |one: &Registration| {
            keys.get(&one.id).cloned().unwrap_or_else(|| one.reference.to_string())
        };
        bookings.sort_by_cached_key(|one| {
            (one.confirmed().next().is_none(), one.queue().is_none(), one.queue(), key(one))
        });
        let mut lines = HashMap::new();
        for one in &bookings {
            let order = add_booking(&mut open, &key(one), one);
            lines.extend(order.into_iter().zip(1..));
        }
        let keys = bookings.iter().filter(|one| one.places.iter().any(stands));
        let keys = keys.map(|one| (one.id, key(one))).collect();
        questions::answers_of(conn, &mut answered, &session.code, (&keys, &lines), asked).await?;
        let about = (&session.code, bookings.as_slice());
        stays::of_session(conn, (&mut rooms, &mut nightly), about, (&keys, &lines)).await?;
    }
    Ok(vec![open, every, answered, rooms, nightly])
}

fn add_place(
    sheet: &mut Sheet,
    booking: &Registration,
    place: &Place,
    attended: &HashMap<PlaceId, i64>,
) {
    let who = place.attendee.as_ref();
    sheet.add([
        booking.session.to_string(),
        booking.reference.to_string(),
        maybe(booking.booked_at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ"))),
        booking.leader.name.to_string(),
        maybe(booking.sender.name()),
        place.number.to_string(),
        maybe(who.map(|who| &who.name)),
        maybe(who.and_then(|who| who.email.as_ref())),
        maybe(booking.leader.phone.as_ref()),
        place.state.status().to_string(),
        maybe(attended.get(&place.id)),
    ]);
}

/// Whether a place stands in the file.
fn stands(place: &Place) -> bool {
    Stood::of(place.state.status()).is_some()
}

/// Adds the lines of a booking; which places they are about.
fn add_booking(sheet: &mut Sheet, key: &str, booking: &Registration) -> Vec<PlaceId> {
    let leader = &booking.leader;
    let comes = |place: &Place| {
        place
            .attendee
            .as_ref()
            .is_some_and(|who| who.name == leader.name && who.email == leader.email)
    };
    let stood = |place: &'_ Place| Stood::of(place.state.status());
    let places: Vec<_> =
        booking.places.iter().filter_map(|place| Some((place, stood(place)?))).collect();
    let own = places.iter().position(|(place, _)| comes(place));
    // Hers comes first, as the import asks for.
    let order = own.into_iter().chain((0..places.len()).filter(|at| Some(*at) != own));
    let mut lines = Vec::with_capacity(places.len());
    for (row, (place, stood)) in order.map(|at| places[at]).enumerate() {
        lines.push(place.id);
        let who = place.attendee.as_ref();
        // What is said of the whole booking stands on its first line.
        let first = |text: String| if row == 0 { text } else { String::new() };
        let absent = row == 0 && own.is_none();
        let typed = match &booking.sender {
            Sender::NotListed(name) => name.to_string(),
            _ => String::new(),
        };
        let team = match booking.team {
            TeamPolicy::Together => String::new(),
            other => other.to_string(),
        };
        let guardian = who.and_then(|who| who.guardian.as_ref());
        sheet.add([
            booking.session.to_string(),
            key.to_owned(),
            maybe(booking.sender.code()),
            maybe(who.map(|who| &who.name)),
            maybe(who.and_then(|who| who.email.as_ref())),
            yes(row == 0 && own.is_some()),
            maybe(who.and_then(|who| who.dietary.as_ref())),
            maybe(who.and_then(|who| who.access.as_ref())),
            if absent { leader.name.to_string() } else { String::new() },
            if absent { maybe(leader.email.as_ref()) } else { String::new() },
            first(maybe(leader.phone.as_ref())),
            first(typed),
            first(team),
            first(maybe(booking.nomination.as_ref().map(Paragraph::as_str))),
            maybe(guardian.map(|guardian| &guardian.name)),
            maybe(guardian.map(|guardian| &guardian.contact)),
            yes(who.is_some_and(|who| who.ticks.allergy)),
            yes(who.is_some_and(|who| who.ticks.interpreter)),
            stood.status().to_string(),
        ]);
    }
    lines
}

/// Who did which course.
pub(super) fn attendances<'a>(all: impl Iterator<Item = &'a CourseAttendance>) -> Sheet {
    let mut sheet = Sheet::new("attendances.csv", &ATTENDANCES, &[]);
    for one in all {
        let date = one.attended_on.to_string();
        sheet.add([one.course.to_string(), one.name.to_string(), one.email.to_string(), date]);
    }
    sheet
}
