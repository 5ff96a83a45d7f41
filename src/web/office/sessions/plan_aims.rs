//! What a session needs and hopes for, as the form of a session has it.

use chrono::NaiveDate;

use crate::{
    domain::{
        aims::{Aims, Hopes, Many, Whom},
        occupancy::MOST_PLACES,
    },
    web::{fields::Fields, form::FormState, words::in_words},
};

/// The field of what is hoped of a group.
pub fn hope(whom: Whom) -> String {
    format!("hope_{}", whom.as_str())
}

/// The fields of all groups, each with what the group is called.
pub fn hopes() -> Vec<(String, &'static str)> {
    Whom::all().map(|whom| (hope(whom), whom.name())).collect()
}

/// What is there, as it is typed; a copy has no day on which to decide.
pub fn fill_aims(form: &mut FormState, aims: &Aims, with_dates: bool) {
    form.keep("minimum", aims.minimum.map_or_else(String::new, |number| number.to_string()));
    let day = aims.decide_by.filter(|_| with_dates);
    form.keep("decide_by", day.map_or_else(String::new, |day| day.to_string()));
    for (whom, many) in aims.hopes.iter() {
        form.keep(&hope(whom), many.to_string());
    }
}

/// Reads them; a field that was not sent says what `known` says.
pub fn read_aims(fields: &Fields, form: &mut FormState, known: &Aims) -> Aims {
    let mut read = Aims { hopes: Hopes::default(), ..known.clone() };
    if fields.was_sent("minimum") {
        let typed = fields.get("minimum").trim();
        form.keep("minimum", typed);
        read.minimum = typed.parse().ok().filter(|number| (1..=MOST_PLACES).contains(number));
        if read.minimum.is_none() && !typed.is_empty() {
            form.fault("minimum", "Enter a whole number from 1 to 100,000");
        }
    }
    if fields.was_sent("decide_by") {
        let typed = fields.get("decide_by").trim();
        form.keep("decide_by", typed);
        read.decide_by = typed.parse::<NaiveDate>().ok();
        if read.decide_by.is_none() && !typed.is_empty() {
            form.fault("decide_by", "Enter a day, such as 2027-03-09");
        }
    }
    if !fields.was_sent("minimum") {
        form.keep("minimum", known.minimum.map_or_else(String::new, |number| number.to_string()));
    }
    if !fields.was_sent("decide_by") {
        form.keep("decide_by", known.decide_by.map_or_else(String::new, |day| day.to_string()));
    }
    let mut hopes = Vec::new();
    for whom in Whom::all() {
        let field = hope(whom);
        if !fields.was_sent(&field) {
            let many = known.hopes.for_whom(whom);
            form.keep(&field, many.map_or_else(String::new, |many| many.to_string()));
            hopes.extend(known.hopes.for_whom(whom).map(|many| (whom, many)));
            continue;
        }
        let typed = fields.get(&field).trim();
        form.keep(&field, typed);
        match typed.parse::<Many>() {
            Ok(many) => hopes.push((whom, many)),
            Err(_) if typed.is_empty() => {}
            Err(fault) => form.fault(&field, in_words(&fault.to_string())),
        }
    }
    read.hopes = Hopes::of(hopes);
    read
}
