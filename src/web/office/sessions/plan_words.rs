//! The words of a session's page, as the form of a session has them.

use crate::{
    domain::{
        page_words::{DayWords, SessionWords},
        text::{Line, Paragraph, Passage, TextFault},
    },
    web::{fields::Fields, form::FormState},
};

/// The fields that are not about one day.
pub const WORDS: [&str; 4] = ["directions", "bring", "food", "access_words"];

/// Reads the words for a session of so many days; a field that was not sent says what `known` says.
pub fn read_words(
    fields: &Fields,
    form: &mut FormState,
    known: &SessionWords,
    days: u32,
) -> SessionWords {
    let mut passage = |field: &str, known: &Option<String>| {
        let read = Paragraph::parse_optional(fields.get(field));
        let read = read.map(|text| text.map(|text| text.as_str().to_owned()));
        taken(fields, form, (field, 1000), (read, known))
    };
    let mut words = SessionWords {
        directions: passage("directions", &known.directions),
        bring: passage("bring", &known.bring),
        food: passage("food", &known.food),
        access_words: passage("access_words", &known.access_words),
        days: Vec::new(),
    };
    let mut there = known.days.iter();
    for number in 1..=days {
        let (day, field) = (there.next().cloned().unwrap_or_default(), format!("d{number}_title"));
        let title = Line::<80>::parse_optional(fields.get(&field));
        let title = title.map(|line| line.map(|line| line.to_string()));
        let title = taken(fields, form, (&field, 80), (title, &day.title));
        let field = format!("d{number}_note");
        let note = Passage::<300>::parse_optional(fields.get(&field));
        let note = note.map(|text| text.map(|text| text.as_str().to_owned()));
        let note = taken(fields, form, (&field, 300), (note, &day.note));
        words.days.push(DayWords { title, note });
    }
    words
}

fn taken(
    fields: &Fields,
    form: &mut FormState,
    (field, most): (&str, usize),
    (read, known): (Result<Option<String>, TextFault>, &Option<String>),
) -> Option<String> {
    if !fields.was_sent(field) {
        form.keep(field, known.clone().unwrap_or_default());
        return known.clone();
    }
    read.unwrap_or_else(|_| {
        form.fault(field, format!("Use ordinary letters and signs, up to {most} of them"));
        None
    })
}
