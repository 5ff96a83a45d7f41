//! Whether people stay overnight, as the form of a session has it.

use chrono::NaiveDate;

use crate::{
    domain::stay::Overnight,
    web::{
        forms::{Fields, FormState},
        office::session_fields::SessionField as Field,
    },
};

/// The fields.
const FIELDS: [Field; 4] = [Field::Residential, Field::RoomsOn, Field::Arrival, Field::Departure];

/// What is there, as it is typed; a copy has no day on which rooms are given out.
pub fn fill_overnight(form: &mut FormState<Field>, overnight: &Overnight, with_dates: bool) {
    form.fill(Field::Residential, if overnight.is_residential { "yes" } else { "no" });
    let day = overnight.rooms_on.filter(|_| with_dates);
    form.fill(Field::RoomsOn, day.map_or_else(String::new, |day| day.to_string()));
    form.fill(Field::Arrival, overnight.arrival.as_deref().unwrap_or_default());
    form.fill(Field::Departure, overnight.departure.as_deref().unwrap_or_default());
}

/// Reads it; a field that was not sent says what `known` says.
pub fn read_overnight(
    fields: &Fields,
    form: &mut FormState<Field>,
    known: &Overnight,
) -> Overnight {
    let mut read = known.clone();
    let sent = FIELDS.into_iter().filter(|field| fields.was_sent_for(*field));
    let sent: Vec<_> = sent.collect();
    fill_overnight(form, known, true);
    for field in &sent {
        form.fill(*field, fields.of(*field).trim());
    }
    match form.value(Field::Residential) {
        "" => {}
        "yes" | "1" => read.is_residential = true,
        "no" => read.is_residential = false,
        _ => form.fault(Field::Residential, "Choose whether people stay overnight"),
    }
    if sent.contains(&Field::RoomsOn) {
        let typed = form.value(Field::RoomsOn).to_owned();
        read.rooms_on = typed.parse::<NaiveDate>().ok();
        if read.rooms_on.is_none() && !typed.is_empty() {
            form.fault(Field::RoomsOn, "Enter a day, such as 2027-03-09");
        }
    }
    let mut line = |field: Field, what: &str, known: &mut Option<String>| {
        if sent.contains(&field) {
            *known = form.optional_line::<200>(field, what).map(|line| line.to_string());
        }
    };
    line(Field::Arrival, "when people arrive", &mut read.arrival);
    line(Field::Departure, "when people leave", &mut read.departure);
    // Where nobody stays, no rooms are given out.
    if !read.is_residential {
        read.rooms_on = None;
    }
    read
}
