//! Whether people stay overnight, as the form of a session has it.

use chrono::NaiveDate;

use crate::{
    domain::{stay::Overnight, text::Line},
    web::{fields::Fields, form::FormState, forms::text::complaint},
};

/// The fields, for what the form keeps.
pub const FIELDS: [&str; 4] = ["residential", "rooms_on", "arrival", "departure"];

/// What is there, as it is typed; a copy has no day on which rooms are given out.
pub fn fill_overnight(form: &mut FormState, overnight: &Overnight, with_dates: bool) {
    form.keep("residential", if overnight.is_residential { "yes" } else { "no" });
    let day = overnight.rooms_on.filter(|_| with_dates);
    form.keep("rooms_on", day.map_or_else(String::new, |day| day.to_string()));
    form.keep("arrival", overnight.arrival.as_deref().unwrap_or_default());
    form.keep("departure", overnight.departure.as_deref().unwrap_or_default());
}

/// Reads it; a field that was not sent says what `known` says.
pub fn read_overnight(fields: &Fields, form: &mut FormState, known: &Overnight) -> Overnight {
    let mut read = known.clone();
    let sent: Vec<_> = FIELDS.into_iter().filter(|field| fields.was_sent(field)).collect();
    fill_overnight(form, known, true);
    for field in &sent {
        form.keep(field, fields.get(field).trim());
    }
    match form.value("residential") {
        "" => {}
        "yes" | "1" => read.is_residential = true,
        "no" => read.is_residential = false,
        _ => form.fault("residential", "Choose whether people stay overnight"),
    }
    if sent.contains(&"rooms_on") {
        let typed = form.value("rooms_on").to_owned();
        read.rooms_on = typed.parse::<NaiveDate>().ok();
        if read.rooms_on.is_none() && !typed.is_empty() {
            form.fault("rooms_on", "Enter a day, such as 2027-03-09");
        }
    }
    let mut line = |field: &str, what: &str, known: &mut Option<String>| {
        if !sent.contains(&field) {
            return;
        }
        match Line::<200>::parse_optional(form.value(field)) {
            Ok(line) => *known = line.map(|line| line.to_string()),
            Err(fault) => form.fault(field, complaint(fault, what)),
        }
    };
    line("arrival", "when people arrive", &mut read.arrival);
    line("departure", "when people leave", &mut read.departure);
    // Where nobody stays, no rooms are given out.
    if !read.is_residential {
        read.rooms_on = None;
    }
    read
}
