//! Registrations: booked through the same verb the web uses.

use std::{collections::HashMap, path::Path};

use sha2::{Digest, Sha256};

use super::{
    ImportError,
    catalogue::Catalogue,
    fault::FaultList,
    report::{ImportReport, Letters},
    table::{Keyed, Row, Table},
};
use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::{BookRequest, book_places, book_places_untold},
            refusals::{BookError, HoldError},
        },
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        occupancy::TeamPolicy,
        registration::{Leader, Sender},
        session::Session,
        text::{Line, Name},
    },
};

const FILE: &str = "registrations.csv";
const COLUMNS: [&str; 8] = [
    "session",
    "booking",
    "institution",
    "attendee",
    "email",
    "is_booker",
    "dietary",
    "access_needs",
];

/// The bookings of the file, in order, each with its first line; none if there is no such file.
pub(super) fn read(
    dir: &Path,
    catalogue: &Catalogue,
    sessions: &Keyed<Session>,
    faults: &FaultList,
) -> Vec<(u64, BookRequest)> {
    if !dir.join(FILE).exists() {
        return Vec::new();
    }
    let table = Table::read(dir, FILE, &COLUMNS, faults);
    let mut groups: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for row in table.rows() {
        let booking = row.text("booking");
        if booking.is_empty() {
            row.fault::<()>("booking", "must not be empty");
        }
        let at = *known.entry(booking).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((booking, vec![row])),
        }
    }
    let bookings = groups.iter();
    bookings
        .filter_map(|(key, rows)| {
            Some((rows.first()?.line, request(key, rows, catalogue, sessions)?))
        })
        .collect()
}

fn request(
    key: &str,
    rows: &[Row<'_>],
    catalogue: &Catalogue,
    sessions: &Keyed<Session>,
) -> Option<BookRequest> {
    let attendees: Vec<_> = rows.iter().map(|row| attendee(*row)).collect();
    let booker = rows.iter().position(|row| row.text("is_booker") == "yes").unwrap_or(0);
    let row = rows[booker];
    let session = sessions.find(row, "session", row.text("session"));
    let sender = sender(row, catalogue);
    let attendees: Vec<Option<Attendee>> = attendees.into_iter().collect::<Option<_>>()?;
    let Some(leader) = &attendees[booker] else {
        return row.fault("attendee", "whoever books needs a name");
    };
    let leader = Leader { name: leader.name.clone(), email: leader.email.clone(), phone: None };
    Some(BookRequest {
        session: session?.code.clone(),
        leader,
        sender: sender?,
        team: TeamPolicy::Together,
        attendees,
        attempt: Some(format!("import:{key}")),
        fingerprint: Some(fingerprint(rows)),
        nomination: None,
        vouched: true,
        apart: Vec::new(),
    })
}

/// What the rows of a booking say, so that a changed one is noticed.
fn fingerprint(rows: &[Row<'_>]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for row in rows {
        for column in COLUMNS {
            digest.update(row.text(column).as_bytes());
            digest.update([0]);
        }
    }
    digest.finalize().to_vec()
}

fn sender(row: Row<'_>, catalogue: &Catalogue) -> Option<Sender> {
    match row.text("institution") {
        "" => Some(Sender::Herself),
        code => {
            let one = catalogue.institutions.find(row, "institution", code)?;
            Some(Sender::Listed { code: one.code.clone(), name: one.name.clone() })
        }
    }
}

/// Who comes; `Some(None)` while the name is to follow.
fn attendee(row: Row<'_>) -> Option<Option<Attendee>> {
    let name = row.checked("attendee", Name::parse_optional(row.text("attendee")));
    let need = |column| row.checked(column, Line::parse_optional(row.text(column)));
    let (email, dietary, access) = (row.optional("email"), need("dietary"), need("access_needs"));
    let (email, dietary, access) = (email?, dietary?, access?);
    Some(name?.map(|name| Attendee { name, email, dietary, access, guardian: None }))
}

/// Books them one by one. One that the rules do not let in is reported, not fatal: the spreadsheet
/// may hold more people than the room.
pub(super) async fn book(
    ctx: &ActionContext,
    bookings: Vec<(u64, BookRequest)>,
    letters: Letters,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    report.letters = letters;
    for (line, booking) in bookings {
        let key = booking.attempt.clone().unwrap_or_default();
        let booked = match letters {
            Letters::Written => book_places(ctx, &Actor::CommandLine, booking).await,
            Letters::None => book_places_untold(ctx, &Actor::CommandLine, booking).await,
        };
        match booked {
            Ok(booked) => {
                report.registrations.add(!booked.repeated, line, &key, None);
                if !booked.repeated {
                    report.places += booked.registration.places.len();
                }
            }
            Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
            Err(BookError::KeyReused) => {
                let rows = vec!["the booking's rows"];
                report.registrations.add(false, line, &key, Some(rows));
            }
            Err(refused) => report.refused.push(format!("{key}: {refused}")),
        }
    }
    Ok(())
}
