//! The form of a session as it is shown: what was typed, or what is there.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        edit::Drawn,
        id::{StaffLogin, VenueId},
        location::Location,
        page_words::SessionWords,
        plan::{DayFault, MOST_DAYS, PlannedSitting, SessionPlan},
    },
    web::{
        forms::{Fields, FormState},
        office::{
            session_fields::{DayField, DayWord, SessionField as Field, tick_trainers},
            sessions::{
                plan_aims::{fill_aims, hopes},
                plan_stay::fill_overnight,
            },
        },
        words::in_words,
    },
};

/// Where what is wrong with the number of days stands.
const FIRST: Field = Field::Day(1, DayField::Date);

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
pub fn fault_number_of_days(fields: &Fields, form: &mut FormState<Field>) {
    match said(fields) {
        None => form.fault(FIRST, "The number of days is no number from 1"),
        Some(says) if says > MOST_DAYS as u32 => form.fault(FIRST, too_many()),
        Some(_) => {}
    }
}

fn too_many() -> String {
    in_words(&DayFault::TooMany.to_string())
}

/// All fields of a day.
fn of_day(number: u32) -> impl Iterator<Item = Field> {
    Field::day(number).into_iter().chain(Field::day_words(number))
}

pub fn keep(fields: &Fields) -> FormState<Field> {
    let mut asked = Field::PLANNED.to_vec();
    asked.extend(hopes().into_iter().map(|(field, _)| field));
    asked.extend((1..=days(fields)).flat_map(of_day));
    let mut form = FormState::sent_for(fields, &asked);
    tick_trainers(&mut form, fields.all_of(Field::Trainer).iter().map(String::as_str));
    form
}

/// The form of a session that is there, with its times in `zone`; without its dates when it is to be
/// copied.
pub fn filled(plan: &SessionPlan, zone: Tz, with_dates: bool) -> FormState<Field> {
    let (details, mut form) = (&plan.details, FormState::default());
    form.fill(Field::Course, plan.course.as_str());
    form.fill(Field::Alliance, plan.alliance.as_str());
    match &plan.location {
        Location::Venue { name, address } => {
            form.fill(Field::Where, "venue");
            form.fill(Field::Venue, name);
            form.fill(Field::Address, address);
        }
        Location::Online { room } => {
            form.fill(Field::Where, "online");
            form.fill(Field::Room, room);
        }
    }
    form.fill(Field::VenueId, plan.venue.as_ref().map_or("", VenueId::as_str));
    form.fill(Field::Capacity, plan.capacity.map_or_else(String::new, |places| places.to_string()));
    form.fill(Field::PerBooking, details.places_per_booking.to_string());
    let most = details.places_per_institution;
    form.fill(Field::PerInstitution, most.map_or_else(String::new, |most| most.to_string()));
    form.fill(Field::Mode, details.mode.as_str());
    form.fill(Field::Admission, details.admission.as_str());
    form.fill(Field::Waiting, if details.waiting_list { "1" } else { "" });
    form.fill(Field::Access, details.access.join("\n"));
    form.fill(Field::Note, details.note.as_deref().unwrap_or_default());
    fill_words(&mut form, &details.words);
    fill_aims(&mut form, &details.aims, with_dates);
    fill_overnight(&mut form, &details.overnight, with_dates);
    tick_trainers(&mut form, details.trainers.iter().map(StaffLogin::as_str));
    for (number, sitting) in (1..).zip(&plan.sittings) {
        fill_day(&mut form, number, sitting, with_dates);
    }
    if with_dates {
        let local = |at: Option<DateTime<Utc>>| {
            let local = at.map(|at| at.with_timezone(&zone).naive_local());
            local.map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M").to_string())
        };
        form.fill(Field::Opens, local(details.booking_opens));
        form.fill(Field::Closes, local(details.booking_closes));
        form.draw_from(Drawn::of(plan).to_string());
    }
    form
}

fn fill_words(form: &mut FormState<Field>, words: &SessionWords) {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    form.fill(Field::Directions, said(&words.directions));
    form.fill(Field::Bring, said(&words.bring));
    form.fill(Field::Food, said(&words.food));
    form.fill(Field::AccessWords, said(&words.access_words));
    for (number, day) in (1..).zip(&words.days) {
        form.fill(Field::DayWord(number, DayWord::Title), said(&day.title));
        form.fill(Field::DayWord(number, DayWord::Note), said(&day.note));
    }
}

fn fill_day(form: &mut FormState<Field>, number: u32, day: &PlannedSitting, with_dates: bool) {
    let (date, starts, ends) = (day.starts.date(), day.starts.time(), day.ends.time());
    // What a date and two times say needs no second date.
    let is_plain = PlannedSitting::on(date, starts, ends) == *day;
    let dated = |date: NaiveDate| if with_dates { date.to_string() } else { String::new() };
    let ends_on = if is_plain { String::new() } else { dated(day.ends.date()) };
    form.fill(Field::Day(number, DayField::Date), dated(date));
    form.fill(Field::Day(number, DayField::Start), starts.format("%H:%M").to_string());
    form.fill(Field::Day(number, DayField::End), ends.format("%H:%M").to_string());
    form.fill(Field::Day(number, DayField::EndDate), ends_on);
}

/// Does what a button of the days asks for: the number of days afterwards, or `None` if the form
/// is to be saved.
pub fn rearrange(fields: &Fields, form: &mut FormState<Field>) -> Option<u32> {
    let (action, days) = (fields.get("action"), days(fields));
    if let Some(gone) = action.strip_prefix("remove-") {
        let gone = gone.parse().ok().filter(|gone| (1..=days).contains(gone) && days > 1);
        let Some(gone) = gone else {
            form.fault(FIRST, "That day is not on this form. A session keeps at least one");
            return Some(days);
        };
        for number in gone..=days {
            for (field, next) in of_day(number).zip(of_day(number + 1)) {
                let next = form.value(next).to_owned();
                form.fill(field, next);
            }
        }
        return Some(days - 1);
    }
    match action {
        "" | "save" => return None,
        "add" | "add-week" if days as usize >= MOST_DAYS => form.fault(FIRST, too_many()),
        "add" | "add-week" => {}
        _ => form.fault(FIRST, "Choose one of the buttons of this form"),
    }
    if !form.is_valid() {
        return Some(days);
    }
    if action == "add-week" {
        let next = days + 1;
        for part in [DayField::Date, DayField::EndDate] {
            let later = form.value(Field::Day(days, part)).parse::<NaiveDate>().ok();
            let later = later.and_then(|date| date.checked_add_signed(Duration::weeks(1)));
            let later = later.map_or_else(String::new, |date| date.to_string());
            form.fill(Field::Day(next, part), later);
        }
        for part in [DayField::Start, DayField::End] {
            let same = form.value(Field::Day(days, part)).to_owned();
            form.fill(Field::Day(next, part), same);
        }
    }
    Some(days + 1)
}
