//! What a program answers to the questions of a session: read with the same rules as the forms, faults by JSON
//! pointer.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::problem::FieldError;
use crate::{
    actions::questions::answer::Answers,
    domain::question::{self, Asked, Question},
};

/// Answers as they are sent: by the code of the question; several as a list, yes or no also as a boolean.
pub(super) type Sent = BTreeMap<String, Value>;

/// An answer as it would be typed; `None` for what cannot be one.
fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(said) => Some(if *said { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(all) => {
            let texts = all.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
            Some(texts.join("\n"))
        }
        Value::Object(_) => None,
    }
}

/// Reads what was answered for the booking, or for one person.
fn read(
    questions: &[Question],
    asked: Asked,
    (base, sent): (&str, &Sent),
    faults: &mut Vec<FieldError>,
) -> Vec<question::Given> {
    let at = |code: &str| {
        let code = code.replace('~', "~0").replace('/', "~1");
        format!("{base}/answers/{code}")
    };
    let mut fault = |code: &str, detail: String| {
        faults.push(FieldError { pointer: at(code), detail });
    };
    for (code, value) in sent {
        let known = questions.iter().any(|one| one.asked == asked && one.code.as_str() == code);
        if !known {
            fault(code, "There is no such question here".to_owned());
        } else if typed(value).is_none() {
            fault(code, "Send a text, a list of texts, or true or false".to_owned());
        }
    }
    let said = |code: &crate::domain::id::QuestionCode| {
        sent.get(code.as_str()).and_then(typed).unwrap_or_default()
    };
    let reading = question::read(questions, asked, said);
    for (code, why) in reading.faults {
        fault(code.as_str(), why.to_string());
    }
    reading.given
}

/// Reads what was answered on a booking: once for it, and for each person who is named, in order.
pub(super) fn answers<'s>(
    questions: &[Question],
    of_booking: &Sent,
    people: impl IntoIterator<Item = Option<&'s Sent>>,
) -> (Answers, Vec<FieldError>) {
    let (mut answers, mut faults) = (Answers::default(), Vec::new());
    let given = read(questions, Asked::Booking, ("", of_booking), &mut faults);
    if questions.iter().any(|one| one.asked == Asked::Booking) {
        answers.of_booking = Some(given);
    }
    for (number, sent) in (1_u32..).zip(people) {
        let Some(sent) = sent else { continue };
        let base = format!("/places/{}", number - 1);
        let given = read(questions, Asked::Person, (&base, sent), &mut faults);
        if questions.iter().any(|one| one.asked == Asked::Person) {
            answers.of_places.insert(number, given);
        }
    }
    (answers, faults)
}

/// A question, for whoever books by a program.
#[derive(Serialize)]
pub(super) struct QuestionJson {
    code: String,
    asked_of: &'static str,
    kind: &'static str,
    question: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<u32>,
    required: bool,
    sensitive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_where: Option<OnlyWhereJson>,
}

/// The answer to an earlier question without which one is not asked.
#[derive(Serialize)]
struct OnlyWhereJson {
    question: String,
    says: String,
}

impl QuestionJson {
    pub(super) fn of(question: &Question) -> Self {
        Self {
            code: question.code.to_string(),
            asked_of: question.asked.as_str(),
            kind: question.kind.as_str(),
            question: question.wording.clone(),
            help: question.help.clone(),
            options: question.options.clone(),
            most: question.most,
            required: question.is_required || question.kind == question::QuestionKind::Consent,
            sensitive: question.is_sensitive,
            only_where: question.shown_when.as_ref().map(|when| OnlyWhereJson {
                question: when.question.to_string(),
                says: when.says.clone(),
            }),
        }
    }
}
