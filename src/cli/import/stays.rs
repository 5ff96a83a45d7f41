//! Rooms of sessions whose people stay overnight, and how each stays: both files may be missing.

use std::{collections::BTreeSet, path::Path};

use chrono::{Duration, NaiveDate, NaiveTime};
use uuid::Uuid;

use super::{
    ImportError,
    columns::{MORE_OF_STAYS, ROOMS, STAYS},
    fault::FaultList,
    report::ImportReport,
    table::{Keyed, Row, Table},
};
use crate::{
    actions::{
        ActionContext,
        stay::of_file::{room_of_file, stay_of_file},
    },
    domain::{
        id::{RoomId, SessionCode},
        session::Session,
        stay::{Journey, Nights, Stay, rooming::Room},
        text::Line,
    },
};

const ROOMS_FILE: &str = "rooms.csv";
const STAYS_FILE: &str = "stays.csv";

/// What the files say.
#[derive(Default)]
pub(super) struct Nightly {
    rooms: Vec<(u64, SessionCode, Room)>,
    stays: Vec<OneStay>,
}

struct OneStay {
    line: u64,
    booking: String,
    place: u32,
    stay: Stay,
    room: Option<String>,
}

/// Reads the files, if they are there.
pub(super) fn read(
    dir: &Path,
    sessions: &Keyed<Session>,
    shift: Duration,
    faults: &FaultList,
) -> Nightly {
    let mut nightly = Nightly::default();
    if dir.join(ROOMS_FILE).exists() {
        let table = Table::read(dir, ROOMS_FILE, (&ROOMS[..], &[]), faults);
        nightly.rooms.extend(table.rows().filter_map(|row| {
            let (code, room) = room(row, sessions)?;
            Some((row.line, code, room))
        }));
    }
    if dir.join(STAYS_FILE).exists() {
        let table = Table::read(dir, STAYS_FILE, (&STAYS[..], &MORE_OF_STAYS[..]), faults);
        nightly.stays.extend(table.rows().filter_map(|row| stay(row, shift)));
    }
    nightly
}

fn room(row: Row<'_>, sessions: &Keyed<Session>) -> Option<(SessionCode, Room)> {
    let session = sessions.find(row, "session", row.text("session"));
    let name = row.checked("name", Line::parse(row.text("name")));
    let beds = row.count("beds");
    let notes = row.checked("notes", Line::parse_optional(row.text("notes")));
    let (is_step_free, is_quiet) = (row.yes("step_free"), row.yes("quiet"));
    let room = Room {
        id: RoomId::new(Uuid::nil()),
        name: name?,
        beds: beds?,
        is_step_free: is_step_free?,
        is_quiet: is_quiet?,
        notes: notes?,
    };
    Some((session?.code.clone(), room))
}

fn time(row: Row<'_>, column: &'static str) -> Option<Option<NaiveTime>> {
    match row.text(column) {
        "" => Some(None),
        text => match NaiveTime::parse_from_str(text, "%H:%M") {
            Ok(time) => Some(Some(time)),
            Err(_) => row.fault(column, format!("\"{text}\" is not a time like 16:30")),
        },
    }
}

/// The columns of a way there, or of a way home.
type Columns = [&'static str; 5];
const ARRIVES: Columns = ["arrives_on", "arrives_at", "arrives_by", "arrives_from", "arrives_lift"];
const LEAVES: Columns = ["leaves_on", "leaves_at", "leaves_by", "leaves_from", "leaves_lift"];

fn journey(row: Row<'_>, columns: Columns, shift: Duration) -> Option<Journey> {
    let [on, at, by, from, lift] = columns;
    let day = row.optional::<NaiveDate>(on);
    let time = time(row, at);
    let (way, wish) = (row.optional(by), row.optional(lift));
    let from = row.checked(from, Line::parse_optional(row.text(from)));
    Some(Journey { on: day?.map(|day| day + shift), at: time?, by: way?, from: from?, lift: wish? })
}

fn stay(row: Row<'_>, shift: Duration) -> Option<OneStay> {
    let place = row.count("place");
    let nights = row.checked("nights", row.text("nights").parse::<Nights>());
    let with_whom = row.checked("with_whom", Line::parse_optional(row.text("with_whom")));
    let why_alone = row.checked("own_room_why", Line::parse_optional(row.text("own_room_why")));
    let wishes = ["step_free", "quiet", "own_room"].map(|column| row.yes(column));
    let (arrival, departure) = (journey(row, ARRIVES, shift), journey(row, LEAVES, shift));
    let [is_step_free, is_quiet, is_alone] = wishes;
    let stay = Stay {
        nights: match nights? {
            Nights::All => Nights::All,
            Nights::Only(nights) => {
                Nights::Only(nights.into_iter().map(|night| night + shift).collect::<BTreeSet<_>>())
            }
        },
        with_whom: with_whom?,
        is_step_free: is_step_free?,
        is_quiet: is_quiet?,
        is_alone: is_alone?,
        why_alone: why_alone?,
        arrival: arrival?,
        departure: departure?,
    };
    let room = Some(row.text("room")).filter(|name| !name.is_empty()).map(str::to_owned);
    let booking = row.text("booking").to_owned();
    Some(OneStay { line: row.line, booking, place: place?, stay, room })
}

/// Keeps what is new of it. A stay that cannot be kept is reported, not fatal: the booking may be another by now.
pub(super) async fn save(
    ctx: &ActionContext,
    nightly: Nightly,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    for (line, code, room) in nightly.rooms {
        let is_new = room_of_file(ctx, &code, &room).await?;
        report.rooms.add(is_new, line, &room.name, None);
    }
    for OneStay { line, booking, place, stay, room } in nightly.stays {
        let key = format!("{booking}, place {place}");
        match stay_of_file(ctx, (&booking, place), &stay, room.as_deref()).await? {
            Ok(is_new) => report.stays.add(is_new, line, &key, None),
            Err(why) => report.refused.push(format!("{key}: {why}")),
        }
    }
    Ok(())
}
