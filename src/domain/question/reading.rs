//! Reading what was answered: what applies to somebody, what is missing, what cannot be.

use chrono::NaiveDate;

use super::{Asked, Question, QuestionKind};
use crate::domain::{
    id::QuestionCode,
    text::{Line, Passage, TextFault},
};

/// The most characters anything may have, whatever a question says.
const MOST: usize = 5_000;

/// An answer that was given: to which revision, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// To which question.
    pub question: QuestionCode,
    /// As it was worded then.
    pub revision: u32,
    /// What; a line for each of several.
    pub value: String,
}

/// Why an answer cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It must be answered.
    #[error("answer this question")]
    Missing,
    /// It must be agreed to.
    #[error("tick this box to go on")]
    NotTicked,
    /// It is too long.
    #[error("use at most {most} characters")]
    TooLong {
        /// The most characters.
        most: u32,
    },
    /// It cannot be shown safely.
    #[error("use ordinary letters and signs")]
    Unprintable,
    /// It is none of the answers.
    #[error("choose one of the answers")]
    NotAnOption,
    /// More were chosen than may be.
    #[error("choose at most {most}")]
    TooMany {
        /// The most.
        most: u32,
    },
    /// It is not a day.
    #[error("enter a day, such as 2027-03-01")]
    NotADay,
}

/// What was read of one form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What was answered of what applies, in the order of the questions.
    pub given: Vec<Given>,
    /// What is wrong, in the same order.
    pub faults: Vec<(QuestionCode, Fault)>,
}

/// Whether a question is asked of somebody who gave these answers: whether the one it hangs on is, and says so.
pub fn applies(question: &Question, questions: &[Question], given: &[Given]) -> bool {
    let Some(when) = &question.shown_when else { return true };
    let earlier = questions.iter().take_while(|one| one.code != question.code);
    let mut earlier = earlier.filter(|one| one.asked == question.asked);
    let Some(earlier) = earlier.find(|one| one.code == when.question) else { return false };
    let says = given.iter().find(|one| one.question == when.question);
    let says = says.is_some_and(|one| {
        one.value.split('\n').any(|line| line.trim().eq_ignore_ascii_case(when.says.trim()))
    });
    says && applies(earlier, questions, given)
}

/// Reads what somebody answered. What was typed where nothing is asked of her is left out, and is never wrong.
pub fn read(
    questions: &[Question],
    asked: Asked,
    typed: impl Fn(&QuestionCode) -> String,
) -> Reading {
    let mut reading = Reading::default();
    for question in questions.iter().filter(|one| one.asked == asked) {
        if !applies(question, questions, &reading.given) {
            continue;
        }
        match question.parse(&typed(&question.code)) {
            Ok(Some(value)) => reading.given.push(Given {
                question: question.code.clone(),
                revision: question.revision,
                value,
            }),
            Ok(None) if question.is_required || question.kind == QuestionKind::Consent => {
                let fault = match question.kind {
                    QuestionKind::Consent => Fault::NotTicked,
                    _ => Fault::Missing,
                };
                reading.faults.push((question.code.clone(), fault));
            }
            Ok(None) => {}
            Err(fault) => reading.faults.push((question.code.clone(), fault)),
        }
    }
    reading
}

/// The questions that must be answered and are not, of somebody who gave these answers.
pub fn missing<'q>(questions: &'q [Question], asked: Asked, given: &[Given]) -> Vec<&'q Question> {
    let of = |question: &&Question| {
        let must = question.is_required || question.kind == QuestionKind::Consent;
        let is_given = given.iter().any(|one| one.question == question.code);
        question.asked == asked && must && !is_given && applies(question, questions, given)
    };
    questions.iter().filter(of).collect()
}

impl Question {
    /// An answer as it is kept; nothing where nothing was answered.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn parse(&self, typed: &str) -> Result<Option<String>, Fault> {
        let typed = typed.replace("\r\n", "\n");
        let text = typed.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match self.kind {
            QuestionKind::Text => self.line(text).map(Some),
            QuestionKind::LongText => self.passage(text),
            QuestionKind::Choice => self.option(text).map(Some),
            QuestionKind::Several => self.several(text),
            QuestionKind::YesNo => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" => Ok(Some("yes".to_owned())),
                "no" | "false" => Ok(Some("no".to_owned())),
                _ => Err(Fault::NotAnOption),
            },
            QuestionKind::Date => match text.parse::<NaiveDate>() {
                Ok(day) if (1900..=2200).contains(&chrono::Datelike::year(&day)) => {
                    Ok(Some(day.to_string()))
                }
                _ => Err(Fault::NotADay),
            },
            QuestionKind::Consent => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" => Ok(Some("yes".to_owned())),
                "no" | "false" => Ok(None),
                _ => Err(Fault::NotTicked),
            },
        }
    }

    fn fits(&self, text: &str) -> Result<(), Fault> {
        let most = self.longest();
        let is_long = text.chars().count() > usize::try_from(most).unwrap_or(usize::MAX);
        if is_long { Err(Fault::TooLong { most }) } else { Ok(()) }
    }

    fn line(&self, text: &str) -> Result<String, Fault> {
        self.fits(text)?;
        let line = Line::<MOST>::parse(text).map_err(|fault| self.fault(fault))?;
        Ok(line.to_string())
    }

    fn passage(&self, text: &str) -> Result<Option<String>, Fault> {
        self.fits(text)?;
        let read = Passage::<MOST>::parse_optional(text).map_err(|fault| self.fault(fault))?;
        Ok(read.map(|passage| passage.as_str().to_owned()))
    }

    fn fault(&self, fault: TextFault) -> Fault {
        match fault {
            TextFault::TooLong { .. } => Fault::TooLong { most: self.longest() },
            TextFault::Empty | TextFault::Unprintable => Fault::Unprintable,
        }
    }

    fn option(&self, text: &str) -> Result<String, Fault> {
        let found = self.options.iter().find(|one| one.as_str() == text);
        let found = found.or_else(|| self.options.iter().find(|o| o.eq_ignore_ascii_case(text)));
        found.cloned().ok_or(Fault::NotAnOption)
    }

    /// In the order of the options, each once.
    fn several(&self, text: &str) -> Result<Option<String>, Fault> {
        let lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
        let chosen = lines.map(|line| self.option(line)).collect::<Result<Vec<_>, _>>()?;
        let chosen: Vec<_> = self.options.iter().filter(|one| chosen.contains(one)).collect();
        if let Some(most) = self.most
            && chosen.len() > usize::try_from(most).unwrap_or(usize::MAX)
        {
            return Err(Fault::TooMany { most });
        }
        let lines: Vec<&str> = chosen.into_iter().map(String::as_str).collect();
        Ok(Some(lines.join("\n")).filter(|text| !text.is_empty()))
    }
}
