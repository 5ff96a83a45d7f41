//! What a course or a session asks beyond the ordinary. The application form of an academy is made of the same
//! questions. A question that is changed gets another [revision](Question::revision); an answer keeps the one it
//! answered, so that it stays readable.

mod edited;
mod reading;

#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use super::{
    id::{CourseSlug, QuestionCode, SessionCode},
    retention::Kind,
    vocabulary::{UnknownWord, words},
};

pub use reading::{Fault, Given, Reading, applies, missing, read};

/// The most characters a line may have where a question says nothing less.
pub const LONGEST_LINE: u32 = 300;

/// The most characters a longer answer may have where a question says nothing less.
pub const LONGEST_TEXT: u32 = 5_000;

/// The most questions of one course, or of one session.
pub const MOST_QUESTIONS: usize = 40;

/// The most answers to choose from.
pub const MOST_OPTIONS: usize = 30;

/// What kind of answer is asked for. Files are never asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionKind {
    /// One line.
    Text,
    /// Some sentences.
    LongText,
    /// One of several.
    Choice,
    /// Any of several.
    Several,
    /// Yes or no.
    YesNo,
    /// A day.
    Date,
    /// A box to tick. Its wording is kept with the answer.
    Consent,
}

words!(QuestionKind {
    Text => "text",
    LongText => "long-text",
    Choice => "choice",
    Several => "several",
    YesNo => "yes-no",
    Date => "date",
    Consent => "consent",
});

impl QuestionKind {
    /// As whoever writes a question chooses it.
    pub const fn called(self) -> &'static str {
        match self {
            Self::Text => "One line of text",
            Self::LongText => "Some sentences",
            Self::Choice => "One of several answers",
            Self::Several => "Any of several answers",
            Self::YesNo => "Yes or no",
            Self::Date => "A date",
            Self::Consent => "A box they must tick",
        }
    }

    /// Whether there are answers to choose from.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Several)
    }
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// The leader, once for all.
    Booking,
    /// Each person.
    Person,
}

words!(Asked { Booking => "booking", Person => "person" });

/// Whose question it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionOf {
    /// A course's: each of its sessions asks it.
    Course(CourseSlug),
    /// One session's own.
    Session(SessionCode),
}

/// That a question is only asked of whoever gave an answer to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownWhen {
    /// The earlier question.
    pub question: QuestionCode,
    /// What was answered there, or is among what was.
    pub says: String,
}

/// `Q0001 = Other`
impl fmt::Display for ShownWhen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.question, self.says)
    }
}

impl FromStr for ShownWhen {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let read = || {
            let (code, says) = text.split_once('=')?;
            let says = says.trim();
            let question = code.trim().parse().ok()?;
            (!says.is_empty()).then(|| Self { question, says: says.to_owned() })
        };
        read()
            .ok_or_else(|| UnknownWord { found: text.to_owned(), allowed: &["QUESTION = ANSWER"] })
    }
}

/// Who sees what was answered. The office always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Administrators, and organisers of the alliance.
    Office,
    /// Whoever leads the session.
    Trainer,
    /// A helper at the door.
    Helper,
    /// The kitchen, which sees counts without names.
    Kitchen,
    /// The sign-in sheet on paper, which everybody sees.
    Sheet,
}

/// A question as it is asked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its number.
    pub code: QuestionCode,
    /// Whose it is.
    pub of: QuestionOf,
    /// Which of its revisions this is.
    pub revision: u32,
    /// Who is asked.
    pub asked: Asked,
    /// What kind of answer is asked for.
    pub kind: QuestionKind,
    /// The question itself; what is agreed to, for a consent.
    pub wording: String,
    /// What helps to answer it.
    pub help: Option<String>,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// The most characters of a text, or the most answers chosen of several.
    pub most: Option<u32>,
    /// Whether it must be answered.
    pub is_required: bool,
    /// Whether it is erased as needs are, and never leaves in a letter to others.
    pub is_sensitive: bool,
    /// Of whom it is asked, if not of everybody.
    pub shown_when: Option<ShownWhen>,
    /// Whether trainers see it.
    pub for_trainer: bool,
    /// Whether helpers at the door see it.
    pub for_helper: bool,
    /// Whether the kitchen sees it.
    pub for_kitchen: bool,
    /// Whether it stands on the sign-in sheet.
    pub for_sheet: bool,
}

impl Question {
    /// As what an answer is kept, and so for how long (P5).
    pub fn kept_as(&self) -> Kind {
        match (self.is_sensitive, self.kind) {
            (true, _) => Kind::Needs,
            // What was agreed to is shown for as long as the name of whoever did stands.
            (false, QuestionKind::Consent) => Kind::Names,
            (false, _) => Kind::Words,
        }
    }

    /// The most characters an answer may have.
    pub fn longest(&self) -> u32 {
        let cap = if self.kind == QuestionKind::LongText { LONGEST_TEXT } else { LONGEST_LINE };
        self.most.unwrap_or(cap).min(cap)
    }

    /// Whether another revision asks the same: answers to it need no other words.
    pub fn reads_as(&self, other: &Self) -> bool {
        (self.kind, &self.wording, &self.options, self.most, &self.help)
            == (other.kind, &other.wording, &other.options, other.most, &other.help)
    }

    /// Whether answering it asks for a tick box, of several the same.
    pub fn takes_several(&self) -> bool {
        self.kind == QuestionKind::Several
    }
}

/// An answer as it is read: in the words of the revision that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// To which question.
    pub question: QuestionCode,
    /// What was asked.
    pub wording: String,
    /// What kind of answer that is.
    pub kind: QuestionKind,
    /// What was answered, a line for each of several.
    pub value: String,
    /// Whether the question was changed or taken back since.
    pub is_old: bool,
    /// Who sees it.
    pub seen: AnswerReaders,
}

/// Who sees an answer, beside the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswerReaders {
    /// Whether it is erased as needs are.
    pub is_sensitive: bool,
    /// Whether trainers do.
    pub by_trainer: bool,
    /// Whether helpers at the door do.
    pub by_helper: bool,
    /// Whether the kitchen does.
    pub by_kitchen: bool,
    /// Whether it stands on the sign-in sheet.
    pub on_sheet: bool,
}

impl AnswerReaders {
    /// Whether somebody sees it.
    pub fn is_for(self, reader: Reader) -> bool {
        match reader {
            Reader::Office => true,
            Reader::Trainer => self.by_trainer,
            Reader::Helper => self.by_helper,
            Reader::Kitchen => self.by_kitchen,
            Reader::Sheet => self.on_sheet && !self.is_sensitive,
        }
    }
}

impl Answered {
    /// What was said, each of several by itself.
    pub fn each(&self) -> Vec<String> {
        match self.kind {
            QuestionKind::Several => self.value.split('\n').map(str::to_owned).collect(),
            _ => vec![self.said()],
        }
    }

    /// On one line, for whoever reads it.
    pub fn said(&self) -> String {
        said(self.kind, &self.value)
    }
}

/// An answer on one line.
pub fn said(kind: QuestionKind, value: &str) -> String {
    match (kind, value) {
        (QuestionKind::YesNo, "yes") => "Yes".to_owned(),
        (QuestionKind::YesNo, "no") => "No".to_owned(),
        (QuestionKind::Consent, "yes") => "Agreed".to_owned(),
        (QuestionKind::Several, value) => value.split('\n').collect::<Vec<_>>().join(", "),
        (QuestionKind::Date, value) => match value.parse() {
            Ok(day) => super::wording::long_date(day),
            Err(_) => value.to_owned(),
        },
        (_, value) => value.to_owned(),
    }
}

/// Why a question cannot be as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unaskable {
    /// A choice without at least two answers.
    #[error("give at least two answers to choose from, one on each line")]
    FewOptions,
    /// Two answers that are the same.
    #[error("two of the answers are the same")]
    SameOptions,
    /// It hangs on a question that is not asked before it, of the same people.
    #[error("choose a question that stands before this one and is asked of the same people")]
    NotBefore,
    /// It hangs on an answer that cannot be given.
    #[error("choose one of the answers to that question")]
    NoSuchAnswer,
}

impl Question {
    /// Whether it can be asked after these.
    ///
    /// # Errors
    /// [`Unaskable`].
    pub fn askable_after(&self, before: &[Self]) -> Result<(), Unaskable> {
        if self.kind.has_options() && self.options.len() < 2 {
            return Err(Unaskable::FewOptions);
        }
        let folded: Vec<String> = self.options.iter().map(|one| one.to_lowercase()).collect();
        if (1..folded.len()).any(|at| folded[..at].contains(&folded[at])) {
            return Err(Unaskable::SameOptions);
        }
        let Some(when) = &self.shown_when else { return Ok(()) };
        let earlier = before.iter().find(|one| one.code == when.question);
        let earlier = earlier.filter(|one| one.asked == self.asked).ok_or(Unaskable::NotBefore)?;
        match earlier.can_say(&when.says) {
            true => Ok(()),
            false => Err(Unaskable::NoSuchAnswer),
        }
    }

    /// Whether this can be answered.
    fn can_say(&self, says: &str) -> bool {
        match self.kind {
            QuestionKind::Choice | QuestionKind::Several => {
                self.options.iter().any(|one| one.eq_ignore_ascii_case(says))
            }
            QuestionKind::YesNo => ["yes", "no"].iter().any(|one| one.eq_ignore_ascii_case(says)),
            QuestionKind::Consent => says.eq_ignore_ascii_case("yes"),
            QuestionKind::Text | QuestionKind::LongText | QuestionKind::Date => true,
        }
    }
}

/// Whether questions may stand in this order: none before the one it hangs on.
pub fn is_in_order(questions: &[Question]) -> bool {
    questions.iter().enumerate().all(|(at, question)| {
        question.shown_when.as_ref().is_none_or(|when| {
            let later = questions[at..].iter();
            !later.clone().any(|one| one.code == when.question)
        })
    })
}
