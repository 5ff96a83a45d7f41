//! Asking what a session asks: the same questions under a leader's link, an attendee's, in the office, and on
//! the way to a booking.
//!
//! A question that hangs on another stands on the page with the words "If you said …", and is read only where
//! that was said; where scripts run, it is hidden until then.

use std::collections::HashMap;

use rocket::http::Status;

use crate::{
    actions::questions::answer::Answers,
    domain::{
        edit::Drawn,
        id::{PlaceId, QuestionCode},
        place::Place,
        question::{self, Asked, Fault, Given, Question, QuestionKind, said},
        registration::Registration,
    },
    store::answers::Sheet,
    web::{
        forms::{FieldFault, Fields, edited},
        words::in_words,
    },
};

/// Whom a part of the form asks: the leader about all of it, or about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// The number of her place; nothing for the booking.
    pub number: Option<u32>,
    pub place: Option<PlaceId>,
    pub name: String,
}

impl Whom {
    pub fn booking() -> Self {
        Self { number: None, place: None, name: "About this booking".to_owned() }
    }

    pub fn person(place: &Place) -> Option<Self> {
        let name = place.attendee.as_ref()?.name.to_string();
        Some(Self { number: Some(place.number), place: Some(place.id), name })
    }

    /// The booking, and whoever is named on it and still comes.
    pub fn all(registration: &Registration) -> Vec<Self> {
        let open = registration.places.iter().filter(|place| place.state.status().is_open());
        std::iter::once(Self::booking()).chain(open.filter_map(Self::person)).collect()
    }

    fn asked(&self) -> Asked {
        if self.number.is_some() { Asked::Person } else { Asked::Booking }
    }
}

/// The name under which an answer is sent.
pub fn field_name(code: &QuestionCode, number: Option<u32>) -> String {
    number.map_or_else(|| format!("q.{code}"), |number| format!("q.{code}.{number}"))
}

fn field_id(code: &QuestionCode, number: Option<u32>) -> String {
    field_name(code, number).replace('.', "-")
}

/// One question on a form.
#[derive(Debug, Clone)]
pub struct AskedField {
    pub question: Question,
    pub name: String,
    pub id: String,
    pub value: String,
    pub error: Option<String>,
    /// `If you said “Other” to “Where do you work?”`
    pub when: Option<String>,
    /// The field it hangs on, and what must stand there.
    pub hangs_on: Option<(String, String)>,
}

impl AskedField {
    /// The word for its kind.
    pub fn kind(&self) -> &'static str {
        self.question.kind.as_str()
    }

    pub fn is_chosen(&self, option: &str) -> bool {
        self.value.split('\n').any(|line| line.trim() == option)
    }

    /// Whether nothing need be answered.
    pub fn is_optional(&self) -> bool {
        !self.question.is_required && self.question.kind != QuestionKind::Consent
    }

    /// What describes the input, for whoever hears the page.
    pub fn described(&self) -> String {
        let help = self.question.help.as_ref().map(|_| format!("{}-h", self.id));
        let when = self.when.as_ref().map(|_| format!("{}-w", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-e", self.id));
        [when, help, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The `id` of an option; the first is where the summary of faults leads.
    pub fn option_id(&self, at: &usize) -> String {
        if *at == 0 { self.id.clone() } else { format!("{}-{at}", self.id) }
    }
}

/// The questions of one person, or of the booking.
#[derive(Debug, Clone)]
pub struct AskedPart {
    pub id: String,
    pub heading: String,
    pub fields: Vec<AskedField>,
}

/// A form of questions, as it is shown.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    pub parts: Vec<AskedPart>,
    faults: Vec<FieldFault>,
    /// What the form was drawn from (V1).
    pub drawn: String,
    /// Whether somebody else changed the same meanwhile.
    pub is_stale: bool,
}

impl Asking {
    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }

    /// Of the page that shows it again.
    pub fn status(&self) -> Status {
        if self.is_stale { Status::Conflict } else { Status::UnprocessableEntity }
    }

    pub fn faults(&self) -> &[FieldFault] {
        &self.faults
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

fn part(questions: &[Question], whom: &Whom, value: impl Fn(&QuestionCode) -> String) -> AskedPart {
    let asked: Vec<&Question> = questions.iter().filter(|one| one.asked == whom.asked()).collect();
    let field = |question: &&Question| {
        let on = question.shown_when.as_ref().and_then(|when| {
            let earlier = asked.iter().find(|one| one.code == when.question)?;
            Some((earlier, when))
        });
        let when = on.map(|(earlier, when)| {
            let says = said(earlier.kind, &when.says.to_lowercase());
            let says = if earlier.kind.has_options() { when.says.clone() } else { says };
            format!(
                "Only if you said \u{201c}{says}\u{201d} to \u{201c}{}\u{201d}",
                earlier.wording
            )
        });
        AskedField {
            name: field_name(&question.code, whom.number),
            id: field_id(&question.code, whom.number),
            value: value(&question.code),
            error: None,
            when,
            hangs_on: on
                .map(|(earlier, when)| (field_name(&earlier.code, whom.number), when.says.clone())),
            question: (*question).clone(),
        }
    };
    let number = whom.number.map_or_else(|| "all".to_owned(), |number| number.to_string());
    AskedPart {
        id: format!("q-of-{number}"),
        heading: whom.name.clone(),
        fields: asked.iter().map(field).collect(),
    }
}

/// The form filled with what was answered.
pub fn filled(questions: &[Question], sheet: &Sheet, whom: &[Whom]) -> Asking {
    let parts = whom.iter().map(|one| {
        let given = sheet.of(one.place);
        part(questions, one, |code| {
            let found = given.iter().find(|given| given.question == *code);
            found.map_or_else(String::new, |given| given.value.clone())
        })
    });
    let parts = parts.filter(|part| !part.fields.is_empty()).collect();
    Asking { parts, drawn: drawn(questions, sheet, whom), ..Asking::default() }
}

/// What stands in a field, as it was kept.
fn kept(sheet: &Sheet, whom: &Whom, code: &QuestionCode) -> String {
    let found = sheet.of(whom.place).iter().find(|given| given.question == *code);
    found.map_or_else(String::new, |given| given.value.clone())
}

/// What a form is drawn from: each answer as it is kept.
fn drawn(questions: &[Question], sheet: &Sheet, whom: &[Whom]) -> String {
    let of = |one: &Whom| {
        let asked = questions.iter().filter(|question| question.asked == one.asked());
        let field = |question: &Question| {
            (field_name(&question.code, one.number), kept(sheet, one, &question.code))
        };
        asked.map(field).collect::<Vec<_>>()
    };
    let fields: Vec<_> = whom.iter().flat_map(of).collect();
    Drawn::of_shown(fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))).to_string()
}

/// What was sent, merged into what is kept by now (V1): a field that was left as it was drawn says what is there;
/// one that both changed, each to something else, is a fault.
pub fn merged(
    questions: &[Question],
    fields: &Fields,
    (sheet, whom): (&Sheet, &[Whom]),
    strict: Strict,
) -> (Asking, Answers) {
    let was_drawn = edited::drawn(fields);
    let mut theirs: Vec<(String, String)> = Vec::new();
    let mut said: HashMap<(QuestionCode, Option<u32>), String> = HashMap::new();
    for one in whom {
        for question in questions.iter().filter(|question| question.asked == one.asked()) {
            let name = field_name(&question.code, one.number);
            let sent = typed(fields, &question.code, one.number).replace("\r\n", "\n");
            let present = kept(sheet, one, &question.code);
            let value = match &was_drawn {
                Some(drawn) if drawn.shows(&name, sent.trim()) => present,
                Some(drawn) if !drawn.shows(&name, &present) && present != sent.trim() => {
                    theirs.push((name, said_or_nothing(question, &present)));
                    sent
                }
                _ => sent,
            };
            said.insert((question.code.clone(), one.number), value);
        }
    }
    let value = |code: &QuestionCode, number: Option<u32>| {
        said.get(&(code.clone(), number)).cloned().unwrap_or_default()
    };
    let (mut asking, answers) = read(questions, value, (sheet, whom), strict);
    asking.is_stale = !theirs.is_empty();
    for (name, present) in theirs {
        let all = asking.parts.iter_mut().flat_map(|part| &mut part.fields);
        let Some(field) = all.into_iter().find(|field| field.name == name) else { continue };
        let words = format!(
            "Somebody else changed this to \u{201c}{present}\u{201d} while this page was open. Send it again to save \
             yours"
        );
        asking.faults.push(FieldFault { field: field.id.clone(), message: words.clone() });
        field.error = Some(words);
    }
    asking.drawn = drawn(questions, sheet, whom);
    (asking, answers)
}

fn said_or_nothing(question: &Question, value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { said(question.kind, value) }
}

/// The form as whoever books finds it, to look at.
pub fn preview(questions: &[Question]) -> Vec<AskedPart> {
    let person = Whom { number: Some(1), place: None, name: "About each person".to_owned() };
    filled(questions, &Sheet::default(), &[Whom::booking(), person]).parts
}

/// What was sent for a question: a line for each box that was ticked.
pub fn typed(fields: &Fields, code: &QuestionCode, number: Option<u32>) -> String {
    fields.all(&field_name(code, number)).join("\n")
}

/// How much must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strict {
    /// Everything that must be.
    All,
    /// The same of each person of whom anything is said or known: others may answer for themselves, later.
    WhereBegun,
    /// Nothing.
    Nothing,
}

/// Reads what was sent. What must be put right stands beside its field; the answers are those that can be kept.
pub fn read(
    questions: &[Question],
    value: impl Fn(&QuestionCode, Option<u32>) -> String,
    (sheet, whom): (&Sheet, &[Whom]),
    strict: Strict,
) -> (Asking, Answers) {
    let (mut asking, mut answers) = (Asking::default(), Answers::default());
    for one in whom {
        let mut part = part(questions, one, |code| value(code, one.number));
        if part.fields.is_empty() {
            continue;
        }
        let mut read = question::read(questions, one.asked(), |code| value(code, one.number));
        let is_begun = part.fields.iter().any(|field| !field.value.trim().is_empty())
            || !sheet.of(one.place).is_empty();
        let is_lenient = match strict {
            Strict::All => false,
            Strict::WhereBegun => !is_begun,
            Strict::Nothing => true,
        };
        if is_lenient {
            read.faults.retain(|(_, fault)| !matches!(fault, Fault::Missing | Fault::NotTicked));
        }
        for (code, fault) in &read.faults {
            let field = part.fields.iter_mut().find(|field| field.question.code == *code);
            let Some(field) = field else { continue };
            let words = in_words(&fault.to_string());
            let of = one.number.filter(|_| whom.len() > 2).map(|_| one.name.as_str());
            let summary = format!(
                "{}{}: {}",
                of.map_or_else(String::new, |name| format!("{name}, ")),
                shortened(&field.question.wording),
                fault
            );
            asking.faults.push(FieldFault { field: field.id.clone(), message: summary });
            field.error = Some(words);
        }
        keep(&mut answers, one, read.given);
        asking.parts.push(part);
    }
    (asking, answers)
}

fn keep(answers: &mut Answers, whom: &Whom, given: Vec<Given>) {
    match whom.number {
        None => answers.of_booking = Some(given),
        Some(number) => {
            answers.of_places.insert(number, given);
        }
    }
}

/// A question in a list of faults.
fn shortened(wording: &str) -> String {
    const MOST: usize = 80;
    let wording = wording.split_whitespace().collect::<Vec<_>>().join(" ");
    let wording = wording.trim_end_matches(['?', '.', ':', '!']);
    match wording.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}\u{2026}", &wording[..at]),
        None => wording.to_owned(),
    }
}
