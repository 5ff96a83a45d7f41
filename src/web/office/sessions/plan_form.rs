//! The form of a session as it is shown: what was typed, or what is there.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        edit::Drawn,
        id::VenueId,
        location::Location,
        page_words::SessionWords,
        plan::{DayFault, MOST_DAYS, PlannedSitting, SessionPlan},
    },
    web::{
        fields::Fields,
        form::FormState,
        forms::{ATTEMPT, edited::DRAWN},
        office::sessions::{
            plan_aims::{fill_aims, hopes},
            plan_stay::{self, fill_overnight},
        },
        words::in_words,
    },
};

const FIELDS: &[&str] = &[
    "course",
    "alliance",
    "where",
    "venue",
    "address",
    "room",
    "venue_id",
    "venue_anyway",
    "capacity",
    "per_booking",
    "per_institution",
    "mode",
    "waiting",
    "on_decline",
    "admission",
    "opens",
    "closes",
    "access",
    "note",
    "directions",
    "bring",
    "food",
    "access_words",
    "minimum",
    "decide_by",
    "like",
    "asking",
    DRAWN,
    ATTEMPT,
];

/// The fields of a day.
const PARTS: [&str; 6] = ["date", "start", "end", "end_date", "title", "note"];

/// How many days the form draws: as many as it says it has, and no more than a session can have.
pub fn days(fields: &Fields) -> u32 {
    said(fields).unwrap_or(1).clamp(1, MOST_DAYS as u32)
}

/// How many days the form says it has; where it does not say, as many as have a date.
fn said(fields: &Fields) -> Option<u32> {
    match fields.get("days").trim() {
        "" => Some(typed(fields).max(1)),
        says => says.parse().ok().filter(|says| *says > 0),
    }
}

/// The number of the last day whose date was typed.
fn typed(fields: &Fields) -> u32 {
    let number = |name: &str| {
        let number = name.strip_prefix('d')?.strip_suffix("_date")?;
        // The date on which a day ends is not another day.
        if number.ends_with("_end") {
            return None;
        }
        Some(number.parse().unwrap_or(u32::MAX))
    };
    fields.names().filter_map(number).max().unwrap_or(0)
}

/// Says that the form was sent with more days than a session can have, or with no number of them.
pub fn fault_number_of_days(fields: &Fields, form: &mut FormState) {
    match said(fields) {
        None => form.fault("d1_date", "The number of days is no number from 1"),
        Some(says) if says > MOST_DAYS as u32 => form.fault("d1_date", too_many()),
        Some(_) => {}
    }
}

fn too_many() -> String {
    in_words(&DayFault::TooMany.to_string())
}

pub fn keep(fields: &Fields) -> FormState {
    let mut form = FormState::default();
    for field in FIELDS {
        form.keep(field, fields.get(field));
    }
    for field in plan_stay::FIELDS {
        form.keep(field, fields.get(field));
    }
    for (field, _) in hopes() {
        form.keep(&field, fields.get(&field));
    }
    for login in fields.all("trainer") {
        form.keep(&format!("trainer-{login}"), "1");
    }
    for number in 1..=days(fields) {
        for part in PARTS {
            let id = format!("d{number}_{part}");
            form.keep(&id, fields.get(&id));
        }
    }
    form
}

/// The form of a session that is there, with its times in `zone`; without its dates when it is to be
/// copied.
pub fn filled(plan: &SessionPlan, zone: Tz, with_dates: bool) -> FormState {
    let (details, mut form) = (&plan.details, FormState::default());
    form.keep("course", plan.course.as_str());
    form.keep("alliance", plan.alliance.as_str());
    match &plan.location {
        Location::Venue { name, address } => {
            form.keep("where", "venue");
            form.keep("venue", name);
            form.keep("address", address);
        }
        Location::Online { room } => {
            form.keep("where", "online");
            form.keep("room", room);
        }
    }
    form.keep("venue_id", plan.venue.as_ref().map_or("", VenueId::as_str));
    form.keep("capacity", plan.capacity.map_or_else(String::new, |places| places.to_string()));
    form.keep("per_booking", details.places_per_booking.to_string());
    form.keep(
        "per_institution",
        details.places_per_institution.map_or_else(String::new, |most| most.to_string()),
    );
    form.keep("mode", details.mode.as_str());
    form.keep("admission", details.admission.as_str());
    form.keep("waiting", if details.waiting_list { "1" } else { "" });
    form.keep("access", details.access.join("\n"));
    form.keep("note", details.note.as_deref().unwrap_or_default());
    fill_words(&mut form, &details.words);
    fill_aims(&mut form, &details.aims, with_dates);
    fill_overnight(&mut form, &details.overnight, with_dates);
    for login in &details.trainers {
        form.keep(&format!("trainer-{login}"), "1");
    }
    for (number, sitting) in (1..).zip(&plan.sittings) {
        keep_day(&mut form, number, sitting, with_dates);
    }
    if with_dates {
        let local = |at: Option<DateTime<Utc>>| {
            let local = at.map(|at| at.with_timezone(&zone).naive_local());
            local.map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M").to_string())
        };
        form.keep("opens", local(details.booking_opens));
        form.keep("closes", local(details.booking_closes));
        form.keep(DRAWN, Drawn::of(plan).to_string());
    }
    form
}

fn fill_words(form: &mut FormState, words: &SessionWords) {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    form.keep("directions", said(&words.directions));
    form.keep("bring", said(&words.bring));
    form.keep("food", said(&words.food));
    form.keep("access_words", said(&words.access_words));
    for (number, day) in (1..).zip(&words.days) {
        form.keep(&format!("d{number}_title"), said(&day.title));
        form.keep(&format!("d{number}_note"), said(&day.note));
    }
}

fn keep_day(form: &mut FormState, number: u32, day: &PlannedSitting, with_dates: bool) {
    let (date, starts, ends) = (day.starts.date(), day.starts.time(), day.ends.time());
    // What a date and two times say needs no second date.
    let is_plain = PlannedSitting::on(date, starts, ends) == *day;
    let dated = |date: NaiveDate| if with_dates { date.to_string() } else { String::new() };
    let ends_on = if is_plain { String::new() } else { dated(day.ends.date()) };
    form.keep(&format!("d{number}_date"), dated(date));
    form.keep(&format!("d{number}_start"), starts.format("%H:%M").to_string());
    form.keep(&format!("d{number}_end"), ends.format("%H:%M").to_string());
    form.keep(&format!("d{number}_end_date"), ends_on);
}

/// The input of a field by its key in an edit: the first one of a day.
pub fn input(key: &str) -> String {
    if let Some(number) = key.strip_prefix("dayword-") {
        return format!("d{number}_title");
    }
    match key.strip_prefix("day-") {
        Some(number) => format!("d{number}_date"),
        None if key == "hopes" => "hope_faith".to_owned(),
        None if key.starts_with("trainer-") => "trainer".to_owned(),
        None => key.to_owned(),
    }
}

/// Does what a button of the days asks for: the number of days afterwards, or `None` if the form
/// is to be saved.
pub fn rearrange(fields: &Fields, form: &mut FormState) -> Option<u32> {
    let (action, days) = (fields.get("action"), days(fields));
    if let Some(gone) = action.strip_prefix("remove-") {
        let gone = gone.parse().ok().filter(|gone| (1..=days).contains(gone) && days > 1);
        let Some(gone) = gone else {
            form.fault("d1_date", "That day is not on this form. A session keeps at least one");
            return Some(days);
        };
        for number in gone..=days {
            for part in PARTS {
                let next = form.value(&format!("d{}_{part}", number + 1)).to_owned();
                form.keep(&format!("d{number}_{part}"), next);
            }
        }
        return Some(days - 1);
    }
    match action {
        "" | "save" => return None,
        "add" | "add-week" if days as usize >= MOST_DAYS => form.fault("d1_date", too_many()),
        "add" | "add-week" => {}
        _ => form.fault("d1_date", "Choose one of the buttons of this form"),
    }
    if !form.is_valid() {
        return Some(days);
    }
    if action == "add-week" {
        let next = days + 1;
        for part in ["date", "end_date"] {
            let later = form.value(&format!("d{days}_{part}")).parse::<NaiveDate>().ok();
            let later = later.and_then(|date| date.checked_add_signed(Duration::weeks(1)));
            form.keep(
                &format!("d{next}_{part}"),
                later.map_or_else(String::new, |d| d.to_string()),
            );
        }
        for part in ["start", "end"] {
            let same = form.value(&format!("d{days}_{part}")).to_owned();
            form.keep(&format!("d{next}_{part}"), same);
        }
    }
    Some(days + 1)
}
