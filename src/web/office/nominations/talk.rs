//! The fields of one talk: who has it, by when, and what was agreed.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::{
    domain::{
        nomination::{Talk, Which},
        text::{Name, Paragraph},
    },
    web::forms::{FormField, FormState},
};

/// What is asked about a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TalkPart {
    Who,
    Due,
    Words,
}

/// What is asked about one of the two: `before_due`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TalkField(Which, TalkPart);

impl FormField for TalkField {
    fn name(self) -> Cow<'static, str> {
        let part = match self.1 {
            TalkPart::Who => "who",
            TalkPart::Due => "due",
            TalkPart::Words => "words",
        };
        format!("{}_{part}", self.0).into()
    }
}

/// The fields of a talk: who, by when, and what was agreed.
pub const fn fields(which: Which) -> [TalkField; 3] {
    [
        TalkField(which, TalkPart::Who),
        TalkField(which, TalkPart::Due),
        TalkField(which, TalkPart::Words),
    ]
}

/// Puts what is known of a talk into a form; `at` says which of the form's fields they are.
pub fn fill<K: FormField>(
    form: &mut FormState<K>,
    at: impl Fn(TalkField) -> K,
    (which, talk): (Which, &Talk),
) {
    let [who, due, words] = fields(which).map(at);
    form.fill(who, talk.who.as_ref().map_or("", Name::as_str));
    form.fill(due, talk.due.map_or_else(String::new, |due| due.to_string()));
    form.fill(words, talk.words.as_ref().map_or("", Paragraph::as_str));
}

/// What was typed about a talk; else what is wrong stands in `form`.
pub fn typed<K: FormField>(
    form: &mut FormState<K>,
    at: impl Fn(TalkField) -> K,
    which: Which,
) -> Option<Talk> {
    let before = form.faults().len();
    let [who, due, words] = fields(which).map(at);
    let who = form.optional_line(who, "who has it");
    let day = match form.value(due).trim() {
        "" => None,
        typed => {
            let day = typed.parse::<NaiveDate>();
            form.take(due, day, |_| "Enter a day, such as 2027-01-31".to_owned())
        }
    };
    let words = form.paragraph(words, "what was agreed");
    (form.faults().len() == before).then_some(Talk { who, due: day, done_at: None, words })
}
