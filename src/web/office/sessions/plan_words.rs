//! The words of a session's page, as the form of a session has them.

use crate::{
    domain::{
        page_words::{DayWords, SessionWords},
        text::{Line, Paragraph, Passage, TextFault},
    },
    web::{
        forms::{Fields, FormState},
        office::session_fields::{DayWord, SessionField as Field},
    },
};

/// The fields that are not about one day.
pub const WORDS: [Field; 4] = [Field::Directions, Field::Bring, Field::Food, Field::AccessWords];

/// Reads the words for a session of so many days; a field that was not sent says what `known` says.
pub fn read_words(
    fields: &Fields,
    form: &mut FormState<Field>,
    known: &SessionWords,
    days: u32,
) -> SessionWords {
    let mut passage = |field: Field, known: &Option<String>| {
        let read = Paragraph::parse_optional(fields.of(field));
        let read = read.map(|text| text.map(|text| text.as_str().to_owned()));
        taken(fields, form, (field, 1000), (read, known))
    };
    let mut words = SessionWords {
        directions: passage(Field::Directions, &known.directions),
        bring: passage(Field::Bring, &known.bring),
        food: passage(Field::Food, &known.food),
        access_words: passage(Field::AccessWords, &known.access_words),
        days: Vec::new(),
    };
    let mut there = known.days.iter();
    for number in 1..=days {
        let (day, field) =
            (there.next().cloned().unwrap_or_default(), Field::DayWord(number, DayWord::Title));
        let title = Line::<80>::parse_optional(fields.of(field));
        let title = title.map(|line| line.map(|line| line.to_string()));
        let title = taken(fields, form, (field, 80), (title, &day.title));
        let field = Field::DayWord(number, DayWord::Note);
        let note = Passage::<300>::parse_optional(fields.of(field));
        let note = note.map(|text| text.map(|text| text.as_str().to_owned()));
        let note = taken(fields, form, (field, 300), (note, &day.note));
        words.days.push(DayWords { title, note });
    }
    words
}

fn taken(
    fields: &Fields,
    form: &mut FormState<Field>,
    (field, most): (Field, usize),
    (read, known): (Result<Option<String>, TextFault>, &Option<String>),
) -> Option<String> {
    if !fields.was_sent_for(field) {
        form.fill(field, known.clone().unwrap_or_default());
        return known.clone();
    }
    read.unwrap_or_else(|_| {
        form.fault(field, format!("Use ordinary letters and signs, up to {most} of them"));
        None
    })
}
