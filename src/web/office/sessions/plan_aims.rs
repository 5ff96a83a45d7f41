//! What a session needs and hopes for, as the form of a session has it.

use chrono::NaiveDate;

use crate::{
    domain::{
        aims::{Aims, Hopes, Many, Whom},
        occupancy::MOST_PLACES,
    },
    web::{
        forms::{Fields, FormState},
        office::session_fields::SessionField as Field,
        words::in_words,
    },
};

/// The fields of all groups, each with what the group is called.
pub fn hopes() -> Vec<(Field, &'static str)> {
    Whom::all().map(|whom| (Field::Hope(whom), whom.name())).collect()
}

/// What is there, as it is typed; a copy has no day on which to decide.
pub fn fill_aims(form: &mut FormState<Field>, aims: &Aims, with_dates: bool) {
    form.fill(Field::Minimum, typed(aims.minimum));
    form.fill(Field::DecideBy, typed(aims.decide_by.filter(|_| with_dates)));
    for whom in Whom::all() {
        form.fill(Field::Hope(whom), typed(aims.hopes.for_whom(whom)));
    }
}

fn typed(known: Option<impl ToString>) -> String {
    known.map_or_else(String::new, |known| known.to_string())
}

/// What was sent for a field, kept as it will be shown again; `None` where it was not sent.
fn sent(fields: &Fields, form: &mut FormState<Field>, field: Field) -> Option<String> {
    let typed = fields.was_sent_for(field).then(|| fields.of(field).trim().to_owned())?;
    form.fill(field, typed.clone());
    Some(typed)
}

/// Reads them; a field that was not sent says what `known` says.
pub fn read_aims(fields: &Fields, form: &mut FormState<Field>, known: &Aims) -> Aims {
    let mut read = Aims { hopes: Hopes::default(), ..known.clone() };
    fill_aims(form, known, true);
    if let Some(typed) = sent(fields, form, Field::Minimum) {
        read.minimum = typed.parse().ok().filter(|number| (1..=MOST_PLACES).contains(number));
        if read.minimum.is_none() && !typed.is_empty() {
            form.fault(Field::Minimum, "Enter a whole number from 1 to 100,000");
        }
    }
    if let Some(typed) = sent(fields, form, Field::DecideBy) {
        read.decide_by = typed.parse::<NaiveDate>().ok();
        if read.decide_by.is_none() && !typed.is_empty() {
            form.fault(Field::DecideBy, "Enter a day, such as 2027-03-09");
        }
    }
    let mut hopes = Vec::new();
    for whom in Whom::all() {
        let field = Field::Hope(whom);
        let Some(typed) = sent(fields, form, field) else {
            hopes.extend(known.hopes.for_whom(whom).map(|many| (whom, many)));
            continue;
        };
        match typed.parse::<Many>() {
            Ok(many) => hopes.push((whom, many)),
            Err(_) if typed.is_empty() => {}
            Err(fault) => form.fault(field, in_words(&fault.to_string())),
        }
    }
    read.hopes = Hopes::of(hopes);
    read
}
