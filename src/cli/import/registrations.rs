//! Registrations: booked through the same verb the web uses.

use std::{collections::HashMap, path::Path};

use sha2::{Digest, Sha256};

use super::{
    ImportError,
    catalogue::Catalogue,
    columns::{MORE_OF_REGISTRATIONS, REGISTRATIONS},
    fault::FaultList,
    report::{ImportReport, Letters},
    table::{Keyed, Row, Table},
};
use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::{BookRequest, book_places, book_places_untold},
            record_places::{Stood, record_places},
            refusals::{BookError, HoldError},
        },
        letters::resend_letters::resend_letters,
    },
    domain::{
        attendee::{Attendee, Guardian, Ticks},
        audit::Actor,
        place::PlaceStatus,
        reference::Reference,
        registration::{Leader, Registration, Sender},
        session::Session,
        text::{Line, Name, Paragraph},
    },
    store::{StoreError, registrations, sessions},
};

const FILE: &str = "registrations.csv";
/// What else tells one booking from another: everything but where a place stood.
const WHO_BOOKED: [&str; 8] = [
    "leader",
    "leader_email",
    "leader_phone",
    "institution_typed",
    "team",
    "nomination",
    "guardian",
    "guardian_contact",
];

/// A booking of the file.
pub(super) struct Loaded {
    /// Its first line.
    line: u64,
    request: BookRequest,
    /// Where each of its places stood, if the file says so.
    stood: Option<Vec<Stood>>,
}

/// The bookings of the file, in order; none if there is no such file.
pub(super) fn read(
    dir: &Path,
    catalogue: &Catalogue,
    sessions: &Keyed<Session>,
    faults: &FaultList,
) -> Vec<Loaded> {
    if !dir.join(FILE).exists() {
        return Vec::new();
    }
    let columns = (&REGISTRATIONS[..], &MORE_OF_REGISTRATIONS[..]);
    let table = Table::read(dir, FILE, columns, faults);
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
            let line = rows.first()?.line;
            let (request, stood) = (request(key, rows, catalogue, sessions), stood(rows));
            Some(Loaded { line, request: request?, stood: stood? })
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
    let booker = booker(rows)?;
    let row = rows[booker];
    agree(rows, booker)?;
    let session = sessions.find(row, "session", row.text("session"));
    let sender = sender(row, catalogue);
    let attendees: Vec<Option<Attendee>> = attendees.into_iter().collect::<Option<_>>()?;
    let leader = leader(row, attendees[booker].as_ref());
    let team = row.optional("team").map(Option::unwrap_or_default);
    let nomination = row.checked("nomination", Paragraph::parse_optional(row.text("nomination")));
    Some(BookRequest {
        session: session?.code.clone(),
        leader: leader?,
        sender: sender?,
        team: team?,
        attendees,
        attempt: Some(format!("import:{key}")),
        fingerprint: Some(fingerprint(rows)),
        nomination: nomination?,
        vouched: true,
        apart: Vec::new(),
    })
}

/// Which of the rows is about whoever books: the first, if none says so.
fn booker(rows: &[Row<'_>]) -> Option<usize> {
    let says: Vec<_> = rows.iter().map(|row| row.yes("is_booker")).collect();
    let says: Vec<bool> = says.into_iter().collect::<Option<_>>()?;
    let mut bookers = (0..).zip(&says).filter(|(_, says)| **says).map(|(at, _)| at);
    let first = bookers.next().unwrap_or(0);
    match bookers.next() {
        None => Some(first),
        Some(other) => {
            let line = rows[first].line;
            rows[other].fault("is_booker", format!("line {line} says it of this booking already"))
        }
    }
}

/// The columns that are read from the row of whoever books: another row of the booking says the same or
/// nothing, since what it says is not read.
const OF_THE_BOOKING: [&str; 7] = [
    "session",
    "institution",
    "leader",
    "leader_email",
    "leader_phone",
    "institution_typed",
    "team",
];

/// Whether the rows of a booking agree on what is said once.
fn agree(rows: &[Row<'_>], booker: usize) -> Option<()> {
    let mut agrees = Some(());
    let columns = OF_THE_BOOKING.into_iter().chain(["nomination"]);
    for (column, row) in columns.flat_map(|column| rows.iter().map(move |row| (column, row))) {
        let (says, said) = (row.text(column), rows[booker].text(column));
        if !says.is_empty() && says != said {
            let line = rows[booker].line;
            let words = format!("is not as on line {line}, where the same booking is made");
            agrees = row.fault(column, words);
        }
    }
    agrees
}

/// Where the places of a booking stood; `Some(None)` where the file does not say.
fn stood(rows: &[Row<'_>]) -> Option<Option<Vec<Stood>>> {
    const COLUMN: &str = "state";
    if rows.iter().all(|row| row.text(COLUMN).is_empty()) {
        return Some(None);
    }
    let of = |row: &Row<'_>| {
        let status: Option<PlaceStatus> = row.text(COLUMN).parse().ok();
        let stood = status.and_then(Stood::of);
        stood.or_else(|| row.fault(COLUMN, "must be confirmed, requested or waiting"))
    };
    let all: Vec<_> = rows.iter().map(of).collect();
    all.into_iter().collect::<Option<Vec<_>>>().map(Some)
}

/// What the rows of a booking say, so that a changed one is noticed.
fn fingerprint(rows: &[Row<'_>]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for row in rows {
        for column in REGISTRATIONS {
            digest.update(row.text(column).as_bytes());
            digest.update([0]);
        }
        // A file without the other columns says the same as one where they are empty.
        for column in WHO_BOOKED.into_iter().filter(|column| !row.text(column).is_empty()) {
            digest.update(column.as_bytes());
            digest.update(row.text(column).as_bytes());
            digest.update([0]);
        }
    }
    digest.finalize().to_vec()
}

/// Who books: one of those who come, or somebody who stays at home.
fn leader(row: Row<'_>, comes: Option<&Attendee>) -> Option<Leader> {
    let phone = row.optional("leader_phone");
    if row.text("leader").is_empty() {
        if !row.text("leader_email").is_empty() {
            return row.fault("leader_email", "belongs to a leader: name her in the column leader");
        }
        let Some(comes) = comes else {
            return row.fault("attendee", "whoever books needs a name");
        };
        return Some(Leader {
            name: comes.name.clone(),
            email: comes.email.clone(),
            phone: phone?,
        });
    }
    let name = row.checked("leader", Name::parse(row.text("leader")));
    let email = row.optional("leader_email");
    Some(Leader { name: name?, email: email?, phone: phone? })
}

/// A parent or carer who can be reached, where the file names one.
fn guardian(row: Row<'_>) -> Option<Option<Guardian>> {
    let part = |column| row.checked(column, Name::parse_optional(row.text(column)));
    let (name, contact) = (part("guardian"), part("guardian_contact"));
    match (name?, contact?) {
        (None, None) => Some(None),
        (Some(name), Some(contact)) => Some(Some(Guardian { name, contact })),
        _ => row.fault("guardian_contact", "a guardian needs a name and how to reach them"),
    }
}

fn sender(row: Row<'_>, catalogue: &Catalogue) -> Option<Sender> {
    match row.text("institution") {
        "" => {
            let typed = row.checked("institution_typed", typed(row))?;
            Some(typed.map_or(Sender::Herself, Sender::NotListed))
        }
        _ if !row.text("institution_typed").is_empty() => {
            row.fault("institution_typed", "leave it empty where the column institution has a code")
        }
        code => {
            let one = catalogue.institutions.find(row, "institution", code)?;
            Some(Sender::Listed { code: one.code.clone(), name: one.name.clone() })
        }
    }
}

fn typed(row: Row<'_>) -> Result<Option<Name>, impl std::fmt::Display> {
    Name::parse_optional(row.text("institution_typed"))
}

/// Who comes; `Some(None)` while the name is to follow.
fn attendee(row: Row<'_>) -> Option<Option<Attendee>> {
    let name = row.checked("attendee", Name::parse_optional(row.text("attendee")));
    let need = |column| row.checked(column, Line::parse_optional(row.text(column)));
    let (email, dietary, access) = (row.optional("email"), need("dietary"), need("access_needs"));
    let ticks = Ticks { allergy: row.yes("allergy")?, interpreter: row.yes("interpreter")? };
    let guardian = guardian(row);
    let (name, email, dietary) = (name?, email?, dietary?);
    let (access, guardian) = (access?, guardian?);
    let ticks = ticks.with_words(dietary.as_ref(), access.as_ref());
    let is_somebody = email.is_some()
        || dietary.is_some()
        || access.is_some()
        || ticks.any()
        || guardian.is_some();
    if name.is_none() && is_somebody {
        return row.fault("attendee", "must not be empty: something is said of this person");
    }
    Some(name.map(|name| Attendee { name, email, dietary, access, ticks, guardian }))
}

/// Books them one by one. One that the rules do not let in is reported, not fatal: the spreadsheet
/// may hold more people than the room.
pub(super) async fn book(
    ctx: &ActionContext,
    bookings: Vec<Loaded>,
    letters: Letters,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    report.letters = letters;
    for Loaded { line, request, stood } in bookings {
        let key = request.attempt.clone().unwrap_or_default();
        let made = match stood {
            Some(stood) => record(ctx, request, &stood, letters).await,
            None => book_one(ctx, request, letters).await,
        };
        match made {
            Ok(made) => {
                report.registrations.add(made.is_some(), line, &key, None);
                report.places += made.map_or(0, |registration| registration.places.len());
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

/// Books as anybody would; nothing if the same file was loaded before.
async fn book_one(
    ctx: &ActionContext,
    request: BookRequest,
    letters: Letters,
) -> Result<Option<Registration>, BookError> {
    let booked = match letters {
        Letters::Written => book_places(ctx, &Actor::CommandLine, request).await?,
        Letters::None => book_places_untold(ctx, &Actor::CommandLine, request).await?,
    };
    Ok((!booked.repeated).then_some(booked.registration))
}

/// Records what an export says; nothing where it was recorded before, or where it was made: a file
/// that is read back into the database it came from.
async fn record(
    ctx: &ActionContext,
    request: BookRequest,
    stood: &[Stood],
    letters: Letters,
) -> Result<Option<Registration>, BookError> {
    if is_from_here(ctx, &request).await? {
        return Ok(None);
    }
    let recorded = record_places(ctx, &Actor::CommandLine, request, stood).await?;
    let Some(registration) = recorded else { return Ok(None) };
    let is_to_come = match letters {
        Letters::Written => {
            let mut conn = ctx.store.read().await?;
            let session = sessions::find(&mut conn, &registration.session).await?;
            session.and_then(|session| session.ends_at()).is_some_and(|ends| ends > ctx.now())
        }
        Letters::None => false,
    };
    if is_to_come {
        resend_letters(ctx, &Actor::CommandLine, registration.id).await?;
    }
    Ok(Some(registration))
}

/// Whether the booking's key is the reference of one that was made here.
async fn is_from_here(ctx: &ActionContext, request: &BookRequest) -> Result<bool, StoreError> {
    let key = request.attempt.as_deref().and_then(|attempt| attempt.strip_prefix("import:"));
    let reference = key.and_then(|key| key.parse::<Reference>().ok());
    let Some(reference) = reference else { return Ok(false) };
    let mut conn = ctx.store.read().await?;
    let found = registrations::find_by_reference(&mut conn, &reference).await?;
    let Some(id) = found else { return Ok(false) };
    let registration = registrations::find(&mut conn, id).await?;
    Ok(registration.is_some_and(|registration| registration.session == request.session))
}
