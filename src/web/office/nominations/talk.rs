//! The fields of one talk: who has it, by when, and what was agreed.

use chrono::NaiveDate;

use crate::{
    domain::{
        nomination::{Talk, Which},
        text::{Name, Paragraph},
    },
    web::{fields::Fields, form::FormState, forms::text::complaint},
};

/// The names of a talk's fields: who, by when, and what was agreed.
pub fn names(which: Which) -> [&'static str; 3] {
    match which {
        Which::Before => ["before_who", "before_due", "before_words"],
        Which::After => ["after_who", "after_due", "after_words"],
    }
}

/// Puts what is known of a talk into a form.
pub fn fill(form: &mut FormState, which: Which, talk: &Talk) {
    let [who, due, words] = names(which);
    form.keep(who, talk.who.as_ref().map_or("", Name::as_str));
    form.keep(due, talk.due.map_or_else(String::new, |due| due.to_string()));
    form.keep(words, talk.words.as_ref().map_or("", Paragraph::as_str));
}

/// What was typed about a talk; else what is wrong stands in `form`.
pub fn typed(fields: &Fields, form: &mut FormState, which: Which) -> Option<Talk> {
    let [who_field, due_field, words_field] = names(which);
    for name in names(which) {
        form.keep(name, fields.get(name));
    }
    let who = Name::parse_optional(fields.get(who_field));
    if let Err(fault) = who {
        form.fault(who_field, complaint(fault, "who has it"));
    }
    let due = match fields.get(due_field).trim() {
        "" => Ok(None),
        typed => typed.parse::<NaiveDate>().map(Some),
    };
    if due.is_err() {
        form.fault(due_field, "Enter a day, such as 2027-01-31");
    }
    let words = Paragraph::parse_optional(fields.get(words_field));
    if let Err(fault) = words {
        form.fault(words_field, complaint(fault, "what was agreed"));
    }
    Some(Talk { who: who.ok()?, due: due.ok()?, done_at: None, words: words.ok()? })
}
