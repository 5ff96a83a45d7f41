//! Rows that are days of sessions.

use chrono::NaiveDate;

use super::{
    ImportKind, Known, Read, Said, Sheet,
    cells::{Cells, Reader},
};
use crate::domain::{
    finding::folded,
    id::{CourseSlug, StaffLogin},
    location::{Location, LocationFault},
    occupancy::MOST_PLACES,
    page_words::SessionWords,
    plan::{PlannedSitting, SessionDetails, SessionPlan},
    session::BookingMode,
    text::Paragraph,
};

/// The most places a booking takes where a file does not say.
const PER_BOOKING: u32 = 6;

/// The rows of one session, and the draft they make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRows {
    /// Where its first day stands.
    pub row: u32,
    /// The draft.
    pub plan: SessionPlan,
}

/// Reads the rows of a file of sessions: a row for each day; days of one session have the same word in the
/// column that says so.
pub fn sessions(sheet: &Sheet, known: &Known, all: &Said, today: NaiveDate) -> Read<SessionRows> {
    let reader = Reader::new(ImportKind::Sessions, sheet, (known, all), today);
    for (key, words) in [("course", "the course"), ("date", "the date")] {
        if !reader.holds(key) {
            reader.fault(format!("Say which column holds {words}"));
        }
    }
    if !reader.holds("starts") && !reader.holds("times") {
        reader.fault("Say which column holds when it starts, or from when to when it is");
    }
    let mut made: Vec<(Option<String>, SessionRows)> = Vec::new();
    for cells in reader.rows() {
        let group = Some(folded(cells.text("group"))).filter(|group| !group.is_empty());
        let day = day(cells);
        let earlier = made.iter_mut().find(|(key, _)| key.is_some() && *key == group);
        if let Some((_, rows)) = earlier {
            rows.plan.sittings.extend(day);
            rows.plan.sittings.sort_by_key(|day| day.starts);
            continue;
        }
        let plan = plan(cells);
        if let (Some(plan), Some(day)) = (plan, day) {
            let plan = SessionPlan { sittings: vec![day], ..plan };
            made.push((group, SessionRows { row: cells.row, plan }));
        }
    }
    reader.into_read(made.into_iter().map(|(_, rows)| rows).collect())
}

fn day(cells: Cells<'_>) -> Option<PlannedSitting> {
    let text = cells.text("date");
    if text.is_empty() {
        return cells.fault("date", "is missing");
    }
    // Some spreadsheets keep the date and the time in one cell.
    let (date, clock) = match text.split_once('T') {
        Some((date, clock)) if date.len() == 10 => (date, Some(clock)),
        _ => (text, None),
    };
    let date = cells.date("date", date);
    let (starts, ends) = match (cells.text("times"), cells.text("starts"), cells.text("ends")) {
        ("", "", _) if clock.is_none() => return cells.fault("starts", "is missing"),
        ("", starts, ends) => {
            let starts = if starts.is_empty() { clock.unwrap_or_default() } else { starts };
            let ends = match ends {
                "" => cells.fault("ends", "is missing"),
                ends => cells.time("ends", bare(ends)),
            };
            (cells.time("starts", bare(starts)), ends)
        }
        (times, ..) => cells.span("times", times).unzip(),
    };
    Some(PlannedSitting::on(date?, starts?, ends?))
}

/// The time of a cell that holds a date as well.
fn bare(text: &str) -> &str {
    text.split_once('T').filter(|(date, _)| date.len() == 10).map_or(text, |(_, clock)| clock)
}

fn plan(cells: Cells<'_>) -> Option<SessionPlan> {
    let (course, alliance) = (course(cells), cells.alliance());
    let (location, trainers) = (location(cells), trainers(cells));
    let capacity = cells.count("capacity", MOST_PLACES);
    let per_booking = cells.count("per_booking", MOST_PLACES);
    let note = match Paragraph::parse_optional(cells.text("note")) {
        Ok(note) => Some(note.map(|note| note.as_str().to_owned())),
        Err(fault) => cells.fault("note", fault.to_string()),
    };
    Some(SessionPlan {
        course: course?,
        alliance: alliance?.slug.clone(),
        location: location?,
        venue: None,
        on_decline: None,
        day_places: Vec::new(),
        capacity: capacity?,
        sittings: Vec::new(),
        details: SessionDetails {
            access: Vec::new(),
            places_per_institution: None,
            places_per_booking: per_booking?.unwrap_or(PER_BOOKING),
            mode: BookingMode::Instant,
            booking_opens: None,
            booking_closes: None,
            waiting_list: true,
            admission: Default::default(),
            aims: Default::default(),
            overnight: Default::default(),
            trainers: trainers?,
            note: note?,
            words: SessionWords::default(),
        },
        like: None,
    })
}

fn course(cells: Cells<'_>) -> Option<CourseSlug> {
    let text = cells.text_or_said("course");
    let courses = &cells.known().courses;
    let plain = folded(text);
    let is_it = |title: &str, slug: &CourseSlug| slug.as_str() == text || folded(title) == plain;
    match courses.iter().find(|one| is_it(&one.title, &one.slug)) {
        Some(one) => Some(one.slug.clone()),
        None if text.is_empty() => cells.fault("course", "is missing"),
        None => {
            let near = courses.iter().find(|one| {
                let title = folded(&one.title);
                title.contains(&plain) || plain.contains(&title)
            });
            let near = near.map(|one| format!(". Is it \u{201c}{}\u{201d}?", one.title));
            let near = near.unwrap_or_default();
            cells.fault("course", format!("there is no course \u{201c}{text}\u{201d}{near}"))
        }
    }
}

/// A postcode as it is written: `se153ah` is `SE15 3AH`.
fn postcode(text: &str) -> String {
    let plain: String = text.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    let is_plain = plain.chars().all(|c| c.is_ascii_alphanumeric());
    match plain.len() {
        5..=7 if is_plain => format!("{} {}", &plain[..plain.len() - 3], &plain[plain.len() - 3..]),
        _ => text.to_owned(),
    }
}

fn location(cells: Cells<'_>) -> Option<Location> {
    let (online, venue) = (cells.text("online"), cells.text("venue"));
    let is_link = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let room = [online, venue].into_iter().find(|text| is_link(text));
    if let Some(room) = room {
        let key = if room == online { "online" } else { "venue" };
        return match Location::online(room) {
            Ok(room) => Some(room),
            Err(fault) => cells.fault(key, fault.to_string()),
        };
    }
    let code = postcode(cells.text("postcode"));
    let parts = [cells.text("address"), cells.text("town"), code.as_str()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let address = parts.join(", ").split_whitespace().collect::<Vec<_>>().join(" ");
    match Location::venue(venue, &address) {
        Ok(venue) => Some(venue),
        Err(fault @ LocationFault::Address) => cells.fault("address", fault.to_string()),
        Err(_) if venue.is_empty() => {
            cells.fault("venue", "no venue, and no link to a video call: a session is somewhere")
        }
        Err(fault) => cells.fault("venue", fault.to_string()),
    }
}

fn trainers(cells: Cells<'_>) -> Option<Vec<StaffLogin>> {
    let text = cells.text("trainers").replace(" and ", ";").replace(['&', ',', '/'], ";");
    let mut found = Vec::new();
    let mut all = Some(());
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let plain = folded(part);
        let is_her =
            |(login, name): &&(StaffLogin, String)| login.as_str() == part || folded(name) == plain;
        match cells.known().trainers.iter().find(is_her) {
            Some((login, _)) if found.contains(login) => {}
            Some((login, _)) => found.push(login.clone()),
            None => {
                let words = format!("\u{201c}{part}\u{201d} has no account to lead with");
                all = cells.fault("trainers", words);
            }
        }
    }
    all.map(|()| found)
}

#[cfg(test)]
mod tests;
