//! The days of sessions, as `sittings.csv` has them.

use chrono::Duration;
use chrono_tz::Tz;

use super::{
    sessions::wall,
    table::{Keyed, Row},
    venues::{Listed, day_place},
};
use crate::{
    actions::ActionContext,
    domain::{
        id::SittingId,
        page_words::DayWords,
        plan::{DayFault, Edge, NumberedFault, PlannedSitting, lay_out},
        sitting::Sitting,
        text::Passage,
    },
    token::{row_id, secret_uuid},
};

/// A day as the file has it, moved: its number, and when it starts and ends.
pub(super) fn day(row: Row<'_>, shift: Duration) -> Option<(u32, PlannedSitting)> {
    let (number, starts, ends) = (row.count("number"), wall(row, "starts"), wall(row, "ends"));
    Some((number?, PlannedSitting { starts: starts? + shift, ends: ends? + shift }))
}

/// What the days of one session are about, in the order of their numbers.
pub(super) fn day_words(rows: &[(Row<'_>, u32, PlannedSitting)]) -> Option<Vec<DayWords>> {
    let mut rows: Vec<_> = rows.iter().map(|(row, number, _)| (*number, *row)).collect();
    rows.sort_by_key(|(number, _)| *number);
    let words = rows.into_iter().map(|(_, row)| {
        let title = row.optional_line::<80>("title");
        let note = row.checked("note", Passage::<300>::parse_optional(row.text("note")));
        let title = title.map(|line| (!line.is_empty()).then_some(line))?;
        Some(DayWords { title, note: note?.map(|text| text.as_str().to_owned()) })
    });
    words.collect::<Vec<_>>().into_iter().collect()
}

/// The days of one session, which may be over: what is wrong is said of the row it is wrong in.
pub(super) fn laid_out(
    ctx: &ActionContext,
    mut rows: Vec<(Row<'_>, u32, PlannedSitting)>,
    zone: Tz,
    venues: &Keyed<Listed>,
) -> Option<Vec<Sitting>> {
    rows.sort_by_key(|(_, number, _)| *number);
    let places: Vec<_> = rows.iter().map(|(row, ..)| day_place(*row, venues)).collect();
    let places = places.into_iter().collect::<Option<Vec<_>>>()?;
    let days: Vec<_> = rows.iter().map(|(_, number, day)| (*number, *day)).collect();
    let instants = match lay_out(&days, &[], zone, None) {
        Ok(instants) => instants,
        Err(faults) => {
            for NumberedFault { number, fault } in faults {
                let of_row = rows.iter().find(|(_, other, _)| *other == number);
                of_row.and_then(|(row, ..)| row.fault::<()>(column_of(fault), fault));
            }
            return None;
        }
    };
    let sitting = |(((number, day), (starts_at, ends_at)), place)| -> Sitting {
        let (number, day): (u32, PlannedSitting) = (number, day);
        Sitting {
            id: SittingId::new(row_id(&*ctx.random, &*ctx.clock)),
            number,
            starts: day.starts,
            ends: day.ends,
            zone,
            starts_at,
            ends_at,
            uid: format!("{}@{}", secret_uuid(&*ctx.random), ctx.publisher.host),
            sequence: 0,
            created_at: ctx.now(),
            changed_at: ctx.now(),
            place,
        }
    };
    Some(days.into_iter().zip(instants).zip(places).map(sitting).collect())
}

fn column_of(fault: DayFault) -> &'static str {
    match fault {
        DayFault::NeverHappens(Edge::Start)
        | DayFault::HappensTwice(Edge::Start)
        | DayFault::Overlaps
        | DayFault::InThePast => "starts",
        DayFault::NeverHappens(Edge::End)
        | DayFault::HappensTwice(Edge::End)
        | DayFault::EndsBeforeStart => "ends",
        DayFault::TooMany => "number",
    }
}
