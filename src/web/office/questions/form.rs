//! The form of a question.

use crate::{
    domain::{
        edit::Drawn,
        id::QuestionCode,
        question::{Asked, MOST_OPTIONS, Question, QuestionKind, QuestionOf, ShownWhen},
        text::{Line, Paragraph},
    },
    web::forms::{Fields, FormState, WholeForm, form_fields},
};

form_fields! {
    /// What stands on the form.
    pub enum QuestionField {
        Wording = "wording",
        Help = "help",
        Kind = "kind",
        Options = "options",
        Most = "most",
        Asked = "asked",
        Required = "required",
        WhenQuestion = "when_question",
        WhenSays = "when_says",
        Trainer = "trainer",
        Helper = "helper",
        Kitchen = "kitchen",
        Sheet = "sheet",
        Sensitive = "sensitive",
    }
}

/// The form of a new question.
pub fn empty(attempt: String) -> FormState<QuestionField> {
    let mut form = FormState::default();
    form.fill(QuestionField::Kind, QuestionKind::Text.as_str());
    form.fill(QuestionField::Asked, "person");
    form.fill(QuestionField::Trainer, "1");
    form.attempt_as(attempt);
    form
}

/// The form of a question that is there.
pub fn filled(question: &Question) -> FormState<QuestionField> {
    let mut form = FormState::default();
    let tick = |ticked: bool| if ticked { "1" } else { "" };
    let when = question.shown_when.as_ref();
    form.fill(QuestionField::Wording, question.wording.as_str());
    form.fill(QuestionField::Help, question.help.as_deref().unwrap_or_default());
    form.fill(QuestionField::Kind, question.kind.as_str());
    form.fill(QuestionField::Options, question.options.join("\n"));
    form.fill(QuestionField::Most, question.most.map_or_else(String::new, |most| most.to_string()));
    form.fill(QuestionField::Asked, question.asked.as_str());
    form.fill(QuestionField::Required, tick(question.is_required));
    form.fill(QuestionField::WhenQuestion, when.map_or("", |when| when.question.as_str()));
    form.fill(QuestionField::WhenSays, when.map_or("", |when| when.says.as_str()));
    form.fill(QuestionField::Sensitive, tick(question.is_sensitive));
    form.fill(QuestionField::Trainer, tick(question.for_trainer));
    form.fill(QuestionField::Helper, tick(question.for_helper));
    form.fill(QuestionField::Kitchen, tick(question.for_kitchen));
    form.fill(QuestionField::Sheet, tick(question.for_sheet));
    form.draw_from(Drawn::of(question).to_string());
    form
}

/// The kinds of answer to choose from.
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    QuestionKind::ALL.iter().map(|kind| (kind.as_str(), kind.called())).collect()
}

/// An earlier question, as one that another may hang on.
pub fn as_option(question: &Question) -> (&str, String) {
    (question.code.as_str(), format!("{}: {}", question.code, question.wording))
}

/// Beside which field stands what is said about a part of the question.
pub fn field(key: &str) -> QuestionField {
    match key {
        "shown_when" => QuestionField::WhenQuestion,
        key => QuestionField::sent_as(key).unwrap_or(QuestionField::Wording),
    }
}

/// Reads a question; what must be put right stands in the form.
pub fn read(
    fields: &Fields,
    of: QuestionOf,
    code: QuestionCode,
) -> (FormState<QuestionField>, Option<Question>) {
    let mut form = FormState::sent(fields);
    let mut ticked = |field| form.ticked(field);
    let is_required = ticked(QuestionField::Required);
    let is_sensitive = ticked(QuestionField::Sensitive);
    let [for_trainer, for_helper] = [ticked(QuestionField::Trainer), ticked(QuestionField::Helper)];
    let [for_kitchen, for_sheet] = [ticked(QuestionField::Kitchen), ticked(QuestionField::Sheet)];
    let wording = wording(&mut form);
    let help = help(&mut form);
    let kind = match form.value(QuestionField::Kind) {
        "" => Some(QuestionKind::Text),
        _ => form.choice(QuestionField::Kind, "Choose what kind of answer you want"),
    };
    let asked = match form.value(QuestionField::Asked) {
        "" => Some(Asked::Person),
        _ => form.choice(QuestionField::Asked, "Say who is asked"),
    };
    let options = options(&mut form, kind);
    let most = most(&mut form, kind);
    let shown_when = shown_when(&mut form);
    if is_sensitive && for_sheet {
        form.fault(
            QuestionField::Sheet,
            "What is sensitive never stands on paper that everybody signs",
        );
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

fn wording(form: &mut FormState<QuestionField>) -> Option<String> {
    match Paragraph::parse_optional(form.value(QuestionField::Wording)) {
        Ok(Some(words)) => Some(words.as_str().to_owned()),
        Ok(None) => {
            form.fault(QuestionField::Wording, "Enter the question");
            None
        }
        Err(_) => {
            form.fault(
                QuestionField::Wording,
                "Use ordinary letters and signs, up to 1,000 of them",
            );
            None
        }
    }
}

fn help(form: &mut FormState<QuestionField>) -> Option<String> {
    match Paragraph::parse_optional(form.value(QuestionField::Help)) {
        Ok(words) => words.map(|words| words.as_str().to_owned()),
        Err(_) => {
            form.fault(QuestionField::Help, "Use ordinary letters and signs, up to 1,000 of them");
            None
        }
    }
}

/// The answers to choose from; those typed for another kind are left out.
fn options(form: &mut FormState<QuestionField>, kind: Option<QuestionKind>) -> Option<Vec<String>> {
    if !kind.is_some_and(QuestionKind::has_options) {
        return Some(Vec::new());
    }
    let typed = form.value(QuestionField::Options).to_owned();
    let lines = typed.lines().map(Line::<120>::parse_optional).collect::<Result<Vec<_>, _>>();
    let Ok(lines) = lines else {
        form.fault(
            QuestionField::Options,
            "Use ordinary letters and signs, up to 120 in each line",
        );
        return None;
    };
    let lines: Vec<String> = lines.into_iter().flatten().map(|line| line.to_string()).collect();
    if lines.len() > MOST_OPTIONS {
        form.fault(
            QuestionField::Options,
            format!("Give at most {MOST_OPTIONS} answers to choose from"),
        );
    }
    Some(lines)
}

fn most(form: &mut FormState<QuestionField>, kind: Option<QuestionKind>) -> Option<Option<u32>> {
    let typed = form.value(QuestionField::Most).trim().to_owned();
    if typed.is_empty() {
        return Some(None);
    }
    let limited = [QuestionKind::Text, QuestionKind::LongText, QuestionKind::Several];
    if !kind.is_some_and(|kind| limited.contains(&kind)) {
        return Some(None);
    }
    let most = typed.parse().ok().filter(|most| (1..=5_000).contains(most));
    if most.is_none() {
        form.fault(QuestionField::Most, "Enter a whole number from 1 to 5,000");
    }
    most.map(Some)
}

fn shown_when(form: &mut FormState<QuestionField>) -> Option<ShownWhen> {
    let (question, says) = (
        form.value(QuestionField::WhenQuestion).trim(),
        form.value(QuestionField::WhenSays).trim(),
    );
    if question.is_empty() {
        return None;
    }
    let (question, says) = (question.parse::<QuestionCode>(), Line::<120>::parse(says));
    match (question, says) {
        (Ok(question), Ok(says)) => Some(ShownWhen { question, says: says.to_string() }),
        (Err(_), _) => {
            form.fault(QuestionField::WhenQuestion, "Choose a question from the list");
            None
        }
        (_, Err(_)) => {
            form.fault(QuestionField::WhenSays, "Enter the answer that leads to this question");
            None
        }
    }
}
