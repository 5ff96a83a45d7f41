//! Sessions and their sittings.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::{
    actions::ActionContext,
    cli::import::{
        ImportError,
        catalogue::{Catalogue, known_alliance},
        table::{CellError, Row, Table},
    },
    domain::{
        id::SittingId,
        location::Location,
        occupancy::Occupancy,
        session::{Publication, Session, Trainer},
        sitting::{Sitting, instant, instants},
    },
    token::{row_id, secret_uuid},
};

const SESSIONS: [&str; 15] = [
    "code",
    "course",
    "alliance",
    "venue",
    "address",
    "access",
    "online_url",
    "capacity",
    "places_per_institution",
    "places_per_booking",
    "mode",
    "booking_opens",
    "booking_closes",
    "trainers",
    "note",
];
const SITTINGS: [&str; 4] = ["session", "number", "starts", "ends"];

pub(super) fn read(
    ctx: &ActionContext,
    dir: &Path,
    catalogue: &Catalogue,
    shift: Duration,
) -> Result<Vec<Session>, ImportError> {
    let table = Table::read(dir, "sessions.csv", &SESSIONS)?;
    let mut sessions =
        table.rows().map(|row| session(row, catalogue, shift)).collect::<Result<Vec<_>, _>>()?;
    let table_of_sittings = Table::read(dir, "sittings.csv", &SITTINGS)?;
    for row in table_of_sittings.rows() {
        let code = row.text("session");
        let session = sessions
            .iter_mut()
            .find(|session| session.code.as_str() == code)
            .ok_or_else(|| row.fail("session", format!("no session \"{code}\" in sessions.csv")))?;
        let sitting = sitting(ctx, row, session.alliance.time_zone, shift)?;
        session.sittings.push(sitting);
    }
    for (row, session) in table.rows().zip(&mut sessions) {
        if session.sittings.is_empty() {
            return Err(row.fail("code", "has no sitting in sittings.csv").into());
        }
        session.sittings.sort_by_key(|sitting| sitting.number);
    }
    Ok(sessions)
}

/// When the first of all sittings starts.
pub(super) fn first_start(dir: &Path) -> Result<NaiveDateTime, ImportError> {
    let table = Table::read(dir, "sittings.csv", &SITTINGS)?;
    let starts = table.rows().map(|row| wall(row, "starts", row.text("starts")));
    let starts = starts.collect::<Result<Vec<_>, _>>()?;
    Ok(starts.into_iter().min().unwrap_or_default())
}

fn wall(row: Row<'_>, column: &'static str, text: &str) -> Result<NaiveDateTime, CellError> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").map_err(|_| {
        row.fail(column, format!("\"{text}\" is not a date and time like 2027-01-09T09:30"))
    })
}

fn moment(
    row: Row<'_>,
    column: &'static str,
    zone: Tz,
    shift: Duration,
) -> Result<Option<DateTime<Utc>>, CellError> {
    match row.text(column) {
        "" => Ok(None),
        text => {
            let local = wall(row, column, text)? + shift;
            instant(local, zone).map(Some).map_err(|fault| row.fail(column, fault))
        }
    }
}

fn sitting(
    ctx: &ActionContext,
    row: Row<'_>,
    zone: Tz,
    shift: Duration,
) -> Result<Sitting, CellError> {
    let starts = wall(row, "starts", row.text("starts"))? + shift;
    let ends = wall(row, "ends", row.text("ends"))? + shift;
    let (starts_at, ends_at) =
        instants(starts, ends, zone).map_err(|fault| row.fail("ends", fault))?;
    Ok(Sitting {
        id: SittingId::new(row_id(&*ctx.random, &*ctx.clock)),
        number: row.parse("number")?,
        starts,
        ends,
        zone,
        starts_at,
        ends_at,
        uid: format!("{}@{}", secret_uuid(&*ctx.random), ctx.publisher.host),
        sequence: 0,
        created_at: ctx.now(),
        changed_at: ctx.now(),
    })
}

fn session(row: Row<'_>, catalogue: &Catalogue, shift: Duration) -> Result<Session, CellError> {
    let slug = row.text("course");
    let course = catalogue.courses.iter().find(|course| course.slug.as_str() == slug);
    let course =
        course.ok_or_else(|| row.fail("course", format!("no course \"{slug}\" in courses.csv")))?;
    let alliance = known_alliance(row, "alliance", row.text("alliance"), &catalogue.alliances)?;
    let zone = alliance.time_zone;
    let location = match row.text("online_url") {
        "" => Location::Venue {
            name: row.required("venue")?,
            address: row.text("address").to_owned(),
        },
        room => Location::Online { room: room.to_owned() },
    };
    let capacity: u32 = row.parse("capacity")?;
    if capacity == 0 {
        return Err(row.fail("capacity", "must be at least 1"));
    }
    let note = row.text("note");
    Ok(Session {
        code: row.parse("code")?,
        course: Arc::clone(course),
        alliance: Arc::clone(alliance),
        location,
        access: row.list("access").into_iter().map(str::to_owned).collect(),
        occupancy: Occupancy { capacity, ..Occupancy::default() },
        places_per_institution: row.optional("places_per_institution")?,
        places_per_booking: row.parse("places_per_booking")?,
        mode: row.parse("mode")?,
        booking_opens: moment(row, "booking_opens", zone, shift)?,
        booking_closes: moment(row, "booking_closes", zone, shift)?,
        waiting_list: true,
        changes_close: None,
        trainers: trainers(row, catalogue)?,
        note: (!note.is_empty()).then(|| note.to_owned()),
        publication: Publication::Published,
        sittings: Vec::new(),
    })
}

fn trainers(row: Row<'_>, catalogue: &Catalogue) -> Result<Vec<Trainer>, CellError> {
    row.list("trainers")
        .into_iter()
        .map(|login| {
            let member = catalogue.staff.iter().find(|member| member.login.as_str() == login);
            let member = member
                .ok_or_else(|| row.fail("trainers", format!("no \"{login}\" in staff.csv")))?;
            Ok(Trainer { login: member.login.clone(), name: member.name.clone() })
        })
        .collect()
}
