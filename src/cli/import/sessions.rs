//! Sessions and their sittings.

use std::{collections::HashMap, path::Path, sync::Arc};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::{
    ImportError,
    catalogue::Catalogue,
    columns::{MORE_OF_SESSIONS, MORE_OF_SITTINGS, SESSIONS, SITTINGS},
    fault::FaultList,
    report::{ImportReport, differing, says_other},
    session_days::{day, day_words, laid_out},
    table::{Keyed, Row, Table},
    venues::{Listed, venue_id},
};
use crate::{
    actions::ActionContext,
    domain::{
        location::{Location, LocationFault},
        occupancy::Occupancy,
        page_words::{DayWords, SessionWords},
        plan::PlannedSitting,
        series::InSeries,
        session::{Publication, Session, Trainer},
        sitting::instant,
        stay::Overnight,
    },
    store::{self, StoreError, Tx},
};

pub(super) fn read(
    ctx: &ActionContext,
    dir: &Path,
    (catalogue, venues): (&Catalogue, &Keyed<Listed>),
    shift: Duration,
    faults: &FaultList,
) -> Keyed<Session> {
    let table = Table::read(dir, "sessions.csv", (&SESSIONS, &MORE_OF_SESSIONS), faults);
    let sessions = table.keyed("code", |row| session(ctx, row, (catalogue, venues), shift));
    let table_of_sittings =
        Table::read(dir, "sittings.csv", (&SITTINGS, &MORE_OF_SITTINGS), faults);
    let mut sittings: HashMap<&str, Vec<(Row<'_>, u32, PlannedSitting)>> = HashMap::new();
    let mut named: HashMap<&str, usize> = HashMap::new();
    for row in table_of_sittings.rows() {
        let code = row.text("session");
        *named.entry(code).or_default() += 1;
        let (day, session) = (day(row, shift), sessions.find(row, "session", code));
        let (Some((number, day)), Some(_)) = (day, session) else { continue };
        sittings.entry(code).or_default().push((row, number, day));
    }
    for row in table.rows().filter(|row| !named.contains_key(row.text("code"))) {
        row.fault::<()>("code", "has no sitting in sittings.csv");
    }
    let rows: Vec<_> = table.rows().collect();
    sessions.map(|at, session| {
        let days = sittings.remove(session.code.as_str())?;
        let about = day_words(&days)?;
        let sittings = laid_out(ctx, days, session.alliance.time_zone, venues)?;
        let first = sittings.iter().map(|day| day.starts.date()).min();
        rows.get(at)?.checked("rooms_on", session.overnight.checked(first))?;
        let words = SessionWords { days: about, ..session.words };
        Some(Session { sittings, words, ..session })
    })
}

/// Adds the sessions that are new.
pub(super) async fn write(
    tx: &mut Tx,
    sessions: &Keyed<Session>,
    report: &mut ImportReport,
) -> Result<(), StoreError> {
    for (line, session) in sessions.values() {
        let there = store::sessions::find(tx, &session.code).await?;
        let is_new = store::sessions::insert(tx, session).await?;
        let changed = there.map(|there| differs(session, &there));
        report.sessions.add(is_new, line, &session.code, changed);
    }
    Ok(())
}

/// When the first of all sittings starts.
///
/// # Errors
/// [`ImportError`], when the sittings cannot be read.
pub(super) fn first_start(dir: &Path) -> Result<NaiveDateTime, ImportError> {
    let faults = FaultList::default();
    let table = Table::read(dir, "sittings.csv", (&SITTINGS, &MORE_OF_SITTINGS), &faults);
    let first = table.rows().filter_map(|row| wall(row, "starts")).min();
    drop(table);
    faults.into_result()?;
    Ok(first.unwrap_or_default())
}

pub(super) fn wall(row: Row<'_>, column: &'static str) -> Option<NaiveDateTime> {
    let text = row.text(column);
    match NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M") {
        Ok(time) => Some(time),
        Err(_) => {
            let what = "is not a date and time like 2027-01-09T09:30";
            row.fault(column, format!("\"{text}\" {what}"))
        }
    }
}

pub(super) fn moment(
    row: Row<'_>,
    column: &'static str,
    zone: Tz,
    shift: Duration,
) -> Option<Option<DateTime<Utc>>> {
    if row.text(column).is_empty() {
        return Some(None);
    }
    let local = wall(row, column)? + shift;
    row.checked(column, instant(local, zone)).map(Some)
}

/// What its page says for whoever thinks of coming; of the days it is said in their own file.
fn words(row: Row<'_>) -> Option<SessionWords> {
    let [directions, bring, food, access_words] = ["directions", "bring", "food", "access_words"]
        .map(|column| row.optional_paragraph(column));
    Some(SessionWords {
        directions: directions?,
        bring: bring?,
        food: food?,
        access_words: access_words?,
        days: Vec::new(),
    })
}

fn session(
    ctx: &ActionContext,
    row: Row<'_>,
    (catalogue, venues): (&Catalogue, &Keyed<Listed>),
    shift: Duration,
) -> Option<Session> {
    let course = catalogue.courses.find(row, "course", row.text("course"));
    let alliance = catalogue.alliances.find(row, "alliance", row.text("alliance"));
    let location = location(row);
    let venue = match (venue_id(row, venues), row.text("online_url")) {
        (Some(Some(_)), room) if !room.is_empty() => {
            row.fault("venue_id", "leave it empty where there is an online_url")
        }
        (venue, _) => venue,
    };
    let capacity = row.count("capacity");
    let places_per_institution = row.optional_count("places_per_institution");
    let places_per_booking = row.count("places_per_booking");
    let (code, mode) = (row.parse("code"), row.parse("mode"));
    let trainers = trainers(row, catalogue);
    let zone = alliance?.time_zone;
    let opens = moment(row, "booking_opens", zone, shift);
    let closes = moment(row, "booking_closes", zone, shift);
    let changes_close = moment(row, "changes_close", zone, shift);
    let on_decline = row.optional("on_decline");
    let waiting_list = waiting_list(row);
    let publication = publication(ctx, row, zone, shift);
    let admission = row.optional("admission");
    let overnight = overnight(row, shift);
    let series = series(row);
    let note = row.paragraph("note");
    let (access, words) = (row.lines("access"), words(row));
    Some(Session {
        code: code?,
        course: Arc::clone(course?),
        alliance: Arc::clone(alliance?),
        location: location?,
        venue: venue?,
        access: access?,
        occupancy: Occupancy { capacity: capacity?, ..Occupancy::default() },
        places_per_institution: places_per_institution?,
        places_per_booking: places_per_booking?,
        mode: mode?,
        booking_opens: opens?,
        booking_closes: closes?,
        waiting_list: waiting_list?,
        changes_close: changes_close?,
        on_decline: on_decline?.unwrap_or_default(),
        aims: Default::default(),
        overnight: overnight?,
        reserves: Vec::new(),
        helps: false,
        trainers: trainers?,
        note: note.map(|note| (!note.is_empty()).then_some(note))?,
        words: words?,
        publication: publication?,
        admission: admission?.unwrap_or_default(),
        series: series?,
        sittings: Vec::new(),
    })
}

/// Whether people stay overnight, and when rooms are given out.
fn overnight(row: Row<'_>, shift: Duration) -> Option<Overnight> {
    let (is_residential, rooms_on) =
        (row.yes("residential"), row.optional::<NaiveDate>("rooms_on"));
    let [arrival, departure] = ["arrival", "departure"].map(|column| {
        let line = row.optional_line::<200>(column);
        line.map(|line| (!line.is_empty()).then_some(line))
    });
    Some(Overnight {
        is_residential: is_residential?,
        rooms_on: rooms_on?.map(|day| day + shift),
        arrival: arrival?,
        departure: departure?,
    })
}

/// Whether whoever does not fit may wait, unless the file says `no`.
fn waiting_list(row: Row<'_>) -> Option<bool> {
    if row.text("waiting_list").is_empty() { Some(true) } else { row.yes("waiting_list") }
}

/// The series it belongs to, of which single evenings can be booked unless the file says otherwise.
fn series(row: Row<'_>) -> Option<Option<InSeries>> {
    let (id, bookable) = (row.optional("series"), row.optional("series_booked"));
    let (id, bookable) = (id?, bookable?);
    match (id, bookable) {
        (Some(id), bookable) => Some(Some(InSeries { id, bookable: bookable.unwrap_or_default() })),
        (None, Some(_)) => row.fault("series_booked", "is for a session of a series"),
        (None, None) => Some(None),
    }
}

/// Published, unless the file says otherwise.
fn publication(
    ctx: &ActionContext,
    row: Row<'_>,
    zone: Tz,
    shift: Duration,
) -> Option<Publication> {
    let is_cancelled = row.text("publication") == "cancelled";
    for column in ["cancelled_at", "cancel_reason"] {
        if !is_cancelled && !row.text(column).is_empty() {
            return row.fault(column, "is for a session whose publication is cancelled");
        }
    }
    match row.text("publication") {
        "" | "published" => Some(Publication::Published),
        "draft" => Some(Publication::Draft),
        "cancelled" => {
            let at = moment(row, "cancelled_at", zone, shift)?.unwrap_or_else(|| ctx.now());
            row.required("cancel_reason")?;
            let reason = row.paragraph("cancel_reason")?;
            Some(Publication::Cancelled { at, reason })
        }
        other => {
            let what = "is none of draft, published and cancelled";
            row.fault("publication", format!("\"{other}\" {what}"))
        }
    }
}

fn location(row: Row<'_>) -> Option<Location> {
    match row.text("online_url") {
        "" => {
            let venue = Location::venue(row.text("venue"), row.text("address"));
            let column = match venue {
                Err(LocationFault::Address) => "address",
                _ => "venue",
            };
            row.checked(column, venue)
        }
        room => {
            // Spreadsheets say "Online" where others name a venue.
            if !matches!(row.text("venue").to_lowercase().as_str(), "" | "online") {
                return row.fault(
                    "venue",
                    "leave it empty, or write Online, where there is an online_url",
                );
            }
            if !row.text("address").is_empty() {
                return row.fault("address", "leave it empty where there is an online_url");
            }
            row.checked("online_url", Location::online(room))
        }
    }
}

fn trainers(row: Row<'_>, catalogue: &Catalogue) -> Option<Vec<Trainer>> {
    let logins = row.list("trainers").into_iter();
    let known: Vec<_> = logins.map(|login| catalogue.staff.find(row, "trainers", login)).collect();
    let trainer = |member: &crate::domain::staff::StaffMember| Trainer {
        login: member.login.clone(),
        name: member.name.clone(),
    };
    known.into_iter().map(|member| member.map(trainer)).collect()
}

fn differs(file: &Session, there: &Session) -> Vec<&'static str> {
    let about = |session: &Session| {
        let days = &session.words.days;
        days.iter().any(|day| *day != DayWords::default()).then(|| days.clone())
    };
    let overnight = |session: &Session| {
        Some(session.overnight.clone()).filter(|one| *one != Overnight::default())
    };
    let logins = |session: &Session| -> Vec<_> {
        session.trainers.iter().map(|trainer| trainer.login.clone()).collect()
    };
    let days = |session: &Session| -> Vec<_> {
        session.sittings.iter().map(|day| (day.number, day.starts, day.ends)).collect()
    };
    let places = |session: &Session| {
        let places: Vec<_> = session.sittings.iter().map(|day| day.place.clone()).collect();
        places.iter().any(Option::is_some).then_some(places)
    };
    differing([
        ("course", file.course.slug != there.course.slug),
        ("alliance", file.alliance.slug != there.alliance.slug),
        ("venue, address or online_url", file.location != there.location),
        ("venue_id", says_other(&file.venue, &there.venue)),
        ("access", file.access != there.access),
        ("capacity", file.occupancy.capacity != there.occupancy.capacity),
        ("places_per_institution", file.places_per_institution != there.places_per_institution),
        ("places_per_booking", file.places_per_booking != there.places_per_booking),
        ("mode", file.mode != there.mode),
        ("admission", file.admission != there.admission),
        ("booking_opens", file.booking_opens != there.booking_opens),
        ("booking_closes", file.booking_closes != there.booking_closes),
        ("trainers", logins(file) != logins(there)),
        ("note", file.note != there.note),
        ("directions", says_other(&file.words.directions, &there.words.directions)),
        ("bring", says_other(&file.words.bring, &there.words.bring)),
        ("food", says_other(&file.words.food, &there.words.food)),
        ("access_words", says_other(&file.words.access_words, &there.words.access_words)),
        (
            "residential, rooms_on, arrival or departure",
            says_other(&overnight(file), &overnight(there)),
        ),
        ("title or note in sittings.csv", says_other(&about(file), &about(there))),
        ("the days in sittings.csv", days(file) != days(there)),
        ("the places of days in sittings.csv", says_other(&places(file), &places(there))),
    ])
}
