//! The form of a question.

use crate::{
    domain::{
        edit::Drawn,
        id::QuestionCode,
        question::{MOST_OPTIONS, Question, QuestionKind, QuestionOf, ShownWhen},
        text::{Line, Paragraph},
    },
    web::{
        fields::Fields,
        form::FormState,
        forms::{ATTEMPT, edited::DRAWN},
    },
};

/// What stands on the form, in order.
const FIELDS: [&str; 14] = [
    "wording",
    "help",
    "kind",
    "options",
    "most",
    "asked",
    "required",
    "when_question",
    "when_says",
    "sensitive",
    "trainer",
    "helper",
    "kitchen",
    "sheet",
];

/// The form of a new question.
pub fn empty(attempt: String) -> FormState {
    let mut form = FormState::default();
    form.keep("kind", QuestionKind::Text.as_str());
    form.keep("asked", "person");
    form.keep("trainer", "1");
    form.keep(ATTEMPT, attempt);
    form
}

/// The form of a question that is there.
pub fn filled(question: &Question) -> FormState {
    let mut form = FormState::default();
    let tick = |ticked: bool| if ticked { "1" } else { "" };
    let when = question.shown_when.as_ref();
    form.keep("wording", question.wording.as_str());
    form.keep("help", question.help.as_deref().unwrap_or_default());
    form.keep("kind", question.kind.as_str());
    form.keep("options", question.options.join("\n"));
    form.keep("most", question.most.map_or_else(String::new, |most| most.to_string()));
    form.keep("asked", question.asked.as_str());
    form.keep("required", tick(question.is_required));
    form.keep("when_question", when.map_or("", |when| when.question.as_str()));
    form.keep("when_says", when.map_or("", |when| when.says.as_str()));
    form.keep("sensitive", tick(question.is_sensitive));
    form.keep("trainer", tick(question.for_trainer));
    form.keep("helper", tick(question.for_helper));
    form.keep("kitchen", tick(question.for_kitchen));
    form.keep("sheet", tick(question.for_sheet));
    form.keep(DRAWN, Drawn::of(question).to_string());
    form
}

/// Where the words of a fault stand.
pub fn id_of(key: &str) -> String {
    if key == "shown_when" { "when_question".to_owned() } else { key.to_owned() }
}

/// Reads a question; what must be put right stands in the form.
pub fn read(fields: &Fields, of: QuestionOf, code: QuestionCode) -> (FormState, Option<Question>) {
    let mut form = FormState::default();
    for field in FIELDS.iter().chain(&[DRAWN, ATTEMPT]) {
        form.keep(field, fields.get(field));
    }
    let mut ticked = |field| form.ticked(field);
    let [is_required, is_sensitive] = [ticked("required"), ticked("sensitive")];
    let [for_trainer, for_helper] = [ticked("trainer"), ticked("helper")];
    let [for_kitchen, for_sheet] = [ticked("kitchen"), ticked("sheet")];
    let wording = wording(&mut form);
    let help = help(&mut form);
    let kind = match form.value("kind") {
        "" => Some(QuestionKind::Text),
        typed => typed.parse().ok(),
    };
    if kind.is_none() {
        form.fault("kind", "Choose what kind of answer you want");
    }
    let asked = match form.value("asked") {
        "" => Some(crate::domain::question::Asked::Person),
        typed => typed.parse().ok(),
    };
    if asked.is_none() {
        form.fault("asked", "Say who is asked");
    }
    let options = options(&mut form, kind);
    let most = most(&mut form, kind);
    let shown_when = shown_when(&mut form);
    if is_sensitive && for_sheet {
        form.fault("sheet", "What is sensitive never stands on paper that everybody signs");
    }
    let question = || {
        Some(Question {
            code,
            of,
            revision: 1,
            asked: asked?,
            kind: kind?,
            wording: wording?,
            help,
            options: options?,
            most: most?,
            is_required,
            is_sensitive,
            shown_when,
            for_trainer,
            for_helper,
            for_kitchen,
            for_sheet,
        })
    };
    let question = question().filter(|_| form.is_valid());
    (form, question)
}

fn wording(form: &mut FormState) -> Option<String> {
    match Paragraph::parse_optional(form.value("wording")) {
        Ok(Some(words)) => Some(words.as_str().to_owned()),
        Ok(None) => {
            form.fault("wording", "Enter the question");
            None
        }
        Err(_) => {
            form.fault("wording", "Use ordinary letters and signs, up to 1,000 of them");
            None
        }
    }
}

fn help(form: &mut FormState) -> Option<String> {
    match Paragraph::parse_optional(form.value("help")) {
        Ok(words) => words.map(|words| words.as_str().to_owned()),
        Err(_) => {
            form.fault("help", "Use ordinary letters and signs, up to 1,000 of them");
            None
        }
    }
}

/// The answers to choose from; those typed for another kind are left out.
fn options(form: &mut FormState, kind: Option<QuestionKind>) -> Option<Vec<String>> {
    if !kind.is_some_and(QuestionKind::has_options) {
        return Some(Vec::new());
    }
    let typed = form.value("options").to_owned();
    let lines = typed.lines().map(Line::<120>::parse_optional).collect::<Result<Vec<_>, _>>();
    let Ok(lines) = lines else {
        form.fault("options", "Use ordinary letters and signs, up to 120 in each line");
        return None;
    };
    let lines: Vec<String> = lines.into_iter().flatten().map(|line| line.to_string()).collect();
    if lines.len() > MOST_OPTIONS {
        form.fault("options", format!("Give at most {MOST_OPTIONS} answers to choose from"));
    }
    Some(lines)
}

fn most(form: &mut FormState, kind: Option<QuestionKind>) -> Option<Option<u32>> {
    let typed = form.value("most").trim().to_owned();
    if typed.is_empty() {
        return Some(None);
    }
    let limited = [QuestionKind::Text, QuestionKind::LongText, QuestionKind::Several];
    if !kind.is_some_and(|kind| limited.contains(&kind)) {
        return Some(None);
    }
    let most = typed.parse().ok().filter(|most| (1..=5_000).contains(most));
    if most.is_none() {
        form.fault("most", "Enter a whole number from 1 to 5,000");
    }
    most.map(Some)
}

fn shown_when(form: &mut FormState) -> Option<ShownWhen> {
    let (question, says) = (form.value("when_question").trim(), form.value("when_says").trim());
    if question.is_empty() {
        return None;
    }
    let (question, says) = (question.parse::<QuestionCode>(), Line::<120>::parse(says));
    match (question, says) {
        (Ok(question), Ok(says)) => Some(ShownWhen { question, says: says.to_string() }),
        (Err(_), _) => {
            form.fault("when_question", "Choose a question from the list");
            None
        }
        (_, Err(_)) => {
            form.fault("when_says", "Enter the answer that leads to this question");
            None
        }
    }
}
