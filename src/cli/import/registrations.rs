//! Registrations: booked through the same verb the web uses.

use std::path::Path;

use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::{BookRequest, book_places},
            refusals::{BookError, HoldError},
        },
    },
    cli::import::{
        ImportError, ImportReport,
        catalogue::Catalogue,
        table::{CellError, Row, Table},
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

/// The bookings of the file, in order; none if there is no such file.
pub(super) fn read(
    dir: &Path,
    catalogue: &Catalogue,
    sessions: &[Session],
) -> Result<Vec<BookRequest>, ImportError> {
    if !dir.join(FILE).exists() {
        return Ok(Vec::new());
    }
    let table = Table::read(dir, FILE, &COLUMNS)?;
    let mut groups: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    for row in table.rows() {
        let booking = row.text("booking");
        match groups.iter_mut().find(|(known, _)| *known == booking) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((booking, vec![row])),
        }
    }
    let bookings = groups.iter().map(|(key, rows)| request(key, rows, catalogue, sessions));
    Ok(bookings.collect::<Result<_, _>>()?)
}

fn request(
    key: &str,
    rows: &[Row<'_>],
    catalogue: &Catalogue,
    sessions: &[Session],
) -> Result<BookRequest, CellError> {
    let attendees = rows.iter().map(|row| attendee(*row)).collect::<Result<Vec<_>, _>>()?;
    let booker = rows.iter().position(|row| row.text("is_booker") == "yes").unwrap_or(0);
    let row = rows[booker];
    let leader = attendees[booker]
        .as_ref()
        .ok_or_else(|| row.fail("attendee", "whoever books needs a name"))?;
    let code = row.text("session");
    let session = sessions.iter().find(|session| session.code.as_str() == code);
    let session = session
        .ok_or_else(|| row.fail("session", format!("no session \"{code}\" in sessions.csv")))?;
    Ok(BookRequest {
        session: session.code.clone(),
        leader: Leader { name: leader.name.clone(), email: leader.email.clone(), phone: None },
        sender: sender(row, catalogue)?,
        team: TeamPolicy::Together,
        attendees,
        attempt: Some(format!("import:{key}")),
        fingerprint: None,
        nomination: None,
        vouched: true,
    })
}

fn sender(row: Row<'_>, catalogue: &Catalogue) -> Result<Sender, CellError> {
    match row.text("institution") {
        "" => Ok(Sender::Herself),
        code => {
            let known = catalogue.institutions.iter().find(|one| one.code.as_str() == code);
            let one = known.ok_or_else(|| {
                row.fail("institution", format!("no institution \"{code}\" in institutions.csv"))
            })?;
            Ok(Sender::Listed { code: one.code.clone(), name: one.name.clone() })
        }
    }
}

fn attendee(row: Row<'_>) -> Result<Option<Attendee>, CellError> {
    let Some(name) =
        Name::parse_optional(row.text("attendee")).map_err(|fault| row.fail("attendee", fault))?
    else {
        return Ok(None);
    };
    let need = |column| Line::parse_optional(row.text(column)).map_err(|f| row.fail(column, f));
    Ok(Some(Attendee {
        name,
        email: row.optional("email")?,
        dietary: need("dietary")?,
        access: need("access_needs")?,
        guardian: None,
    }))
}

/// Books them one by one. One that the rules do not let in is reported, not fatal: the spreadsheet
/// may hold more people than the room.
pub(super) async fn book(
    ctx: &ActionContext,
    bookings: Vec<BookRequest>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    for booking in bookings {
        let key = booking.attempt.clone().unwrap_or_default();
        match book_places(ctx, &Actor::CommandLine, booking).await {
            Ok(booked) => {
                report.registrations.add(!booked.repeated);
                if !booked.repeated {
                    report.places += booked.registration.places.len();
                }
            }
            Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
            Err(refused) => report.refused.push(format!("{key}: {refused}")),
        }
    }
    Ok(())
}
