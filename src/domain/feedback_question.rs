//! What an organiser asks afterwards beside the three questions that everybody is asked, and the answers without
//! names.

use std::collections::HashMap;

use super::{
    finding::sort_key,
    handout::HandedOut,
    id::FeedbackQuestionId,
    text::{Line, Paragraph},
    vocabulary::words,
};

/// How many are asked at most beside the three: each more costs answers.
pub const MOST: usize = 5;

/// How many answers there are to choose from at most.
pub const MOST_OPTIONS: usize = 8;

/// What kind of answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedbackKind {
    /// 1 to 5.
    Scale,
    /// Yes or no.
    YesNo,
    /// One of several.
    Choice,
    /// Words of her own.
    Words,
}

words!(FeedbackKind { Scale => "scale", YesNo => "yes-no", Choice => "choice", Words => "words" });

/// A question as it was asked. It is never worded anew: it is ended, and another takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackQuestion {
    /// By what its answers know it.
    pub id: FeedbackQuestionId,
    /// On which sessions it is asked.
    pub of: HandedOut,
    /// What kind of answer is asked for.
    pub kind: FeedbackKind,
    /// The question.
    pub wording: Line<200>,
    /// What there is to choose from.
    pub options: Vec<String>,
    /// Whether it is not asked any more.
    pub is_ended: bool,
}

/// What somebody answered to one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedbackAnswer {
    /// Something to count: a number, `yes`, `no`, or what was chosen.
    Counted(String),
    /// Words of her own.
    Words(Paragraph),
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuestionFault {
    /// Nothing to choose from, or the same twice.
    #[error("enter two to {MOST_OPTIONS} answers, one on each line, each up to 80 letters")]
    Options,
}

impl FeedbackQuestion {
    /// What there is to choose from, as it was typed: a line each.
    ///
    /// # Errors
    /// [`QuestionFault::Options`].
    pub fn options(kind: FeedbackKind, typed: &str) -> Result<Vec<String>, QuestionFault> {
        if kind != FeedbackKind::Choice {
            return Ok(Vec::new());
        }
        let lines = typed.lines().map(Line::<80>::parse_optional);
        let lines: Result<Vec<_>, _> = lines.collect();
        let lines = lines.map_err(|_| QuestionFault::Options)?;
        let mut options: Vec<String> = Vec::new();
        for line in lines.into_iter().flatten() {
            let line = line.to_string();
            if options.contains(&line) {
                return Err(QuestionFault::Options);
            }
            options.push(line);
        }
        let is_choice = (2..=MOST_OPTIONS).contains(&options.len());
        if is_choice { Ok(options) } else { Err(QuestionFault::Options) }
    }

    /// The answers that can be counted, each with what a page calls it.
    pub fn answers(&self) -> Vec<(String, String)> {
        let plain = |word: &str, name: &str| (word.to_owned(), name.to_owned());
        match self.kind {
            FeedbackKind::Scale => vec![
                plain("5", "5: very much"),
                plain("4", "4"),
                plain("3", "3"),
                plain("2", "2"),
                plain("1", "1: not at all"),
            ],
            FeedbackKind::YesNo => vec![plain("yes", "Yes"), plain("no", "No")],
            FeedbackKind::Choice => self.options.iter().map(|one| plain(one, one)).collect(),
            FeedbackKind::Words => Vec::new(),
        }
    }

    /// Reads an answer as it was sent; `None` where nothing was said, which is always right.
    ///
    /// # Errors
    /// What to do instead.
    pub fn read(&self, typed: &str) -> Result<Option<FeedbackAnswer>, &'static str> {
        if self.kind == FeedbackKind::Words {
            let words = Paragraph::parse_optional(typed);
            let words = words.map_err(|_| "Shorten it to 1,000 letters or fewer")?;
            return Ok(words.map(FeedbackAnswer::Words));
        }
        match typed.trim() {
            "" => Ok(None),
            typed if self.answers().iter().any(|(word, _)| word == typed) => {
                Ok(Some(FeedbackAnswer::Counted(typed.to_owned())))
            }
            _ => Err("Choose one of the answers, or none"),
        }
    }
}

/// What everybody of a session answered to one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackAnswers {
    /// The question.
    pub question: FeedbackQuestion,
    /// Each answer that can be counted with how many gave it.
    pub counts: Vec<(String, usize)>,
    /// What people wrote, in no order that tells who wrote it.
    pub words: Vec<String>,
}

impl FeedbackAnswers {
    /// How many answered it.
    pub fn people(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum::<usize>() + self.words.len()
    }

    /// Counts what was answered to each of some questions. One that is ended and that nobody answered is left out.
    pub fn all(
        questions: Vec<FeedbackQuestion>,
        answers: Vec<(FeedbackQuestionId, FeedbackAnswer)>,
    ) -> Vec<Self> {
        let mut by: HashMap<FeedbackQuestionId, Vec<FeedbackAnswer>> = HashMap::new();
        for (id, answer) in answers {
            by.entry(id).or_default().push(answer);
        }
        let counted = questions.into_iter().map(|question| {
            let hers = by.remove(&question.id).unwrap_or_default();
            let said = |word: &str| {
                let is = |one: &&FeedbackAnswer| {
                    matches!(one, FeedbackAnswer::Counted(value) if value == word)
                };
                hers.iter().filter(is).count()
            };
            let counts = question.answers();
            let counts = counts.into_iter().map(|(word, name)| (name, said(&word))).collect();
            let mut words: Vec<String> = hers
                .iter()
                .filter_map(|one| match one {
                    FeedbackAnswer::Words(words) => Some(words.as_str().to_owned()),
                    FeedbackAnswer::Counted(_) => None,
                })
                .collect();
            words.sort_by_cached_key(|text| sort_key(text));
            Self { question, counts, words }
        });
        counted.filter(|one| !one.question.is_ended || one.people() > 0).collect()
    }
}

/// What people thought of several sessions together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trend {
    /// How many answered.
    pub answers: usize,
    /// The sum of how useful it was.
    useful: usize,
    /// How many would tell a friend to come.
    friends: usize,
    /// Of how many sessions.
    pub sessions: usize,
}

/// With fewer answers nothing is said of them: it would say who gave which.
pub const FEWEST: usize = 5;

impl Trend {
    /// With what somebody answered.
    pub fn add(&mut self, useful: usize, would_recommend: bool, people: usize) {
        self.answers += people;
        self.useful += useful * people;
        self.friends += if would_recommend { people } else { 0 };
    }

    /// How useful it was on average, `4.3`; `None` with too few answers.
    pub fn mean(&self) -> Option<String> {
        if self.answers < FEWEST {
            return None;
        }
        let tenths = (self.useful * 10 + self.answers / 2) / self.answers;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// How many of a hundred would tell a friend; `None` with too few answers.
    pub fn percent(&self) -> Option<usize> {
        (self.answers >= FEWEST).then(|| (self.friends * 100 + self.answers / 2) / self.answers)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn question(kind: FeedbackKind, options: &str) -> FeedbackQuestion {
        FeedbackQuestion {
            id: FeedbackQuestionId::new(Uuid::from_u128(7)),
            of: HandedOut::Session("S1".parse().unwrap()),
            kind,
            wording: Line::parse("Was it warm?").unwrap(),
            options: FeedbackQuestion::options(kind, options).unwrap(),
            is_ended: false,
        }
    }

    #[test]
    fn an_answer_is_one_that_was_offered_or_none() {
        let choice = question(FeedbackKind::Choice, "Hall\n Garden \n\n");
        assert_eq!(choice.options, ["Hall", "Garden"]);
        assert_eq!(choice.read("Garden"), Ok(Some(FeedbackAnswer::Counted("Garden".to_owned()))));
        assert_eq!(choice.read("  "), Ok(None));
        assert!(choice.read("Roof").is_err());
        let scale = question(FeedbackKind::Scale, "");
        assert!(scale.read("5").is_ok() && scale.read("6").is_err() && scale.read("yes").is_err());
        assert_eq!(question(FeedbackKind::Words, "").read(""), Ok(None));
        for options in ["", "One", "One\nOne", "1\n2\n3\n4\n5\n6\n7\n8\n9"] {
            assert!(FeedbackQuestion::options(FeedbackKind::Choice, options).is_err(), "{options}");
        }
    }

    #[test]
    fn answers_are_counted_and_an_ended_question_stays_where_it_was_answered() {
        let mut asked = question(FeedbackKind::YesNo, "");
        asked.is_ended = true;
        assert_eq!(FeedbackAnswers::all(vec![asked.clone()], vec![]), []);
        let yes = (asked.id, FeedbackAnswer::Counted("yes".to_owned()));
        let all = FeedbackAnswers::all(vec![asked], vec![yes.clone(), yes]);
        assert_eq!(all[0].counts, [("Yes".to_owned(), 2), ("No".to_owned(), 0)]);
        assert_eq!(all[0].people(), 2);
    }

    #[test]
    fn a_few_answers_say_nothing_of_whoever_gave_them() {
        let mut trend = Trend::default();
        trend.add(5, true, 2);
        trend.add(2, false, 2);
        assert_eq!((trend.mean(), trend.percent()), (None, None));
        trend.add(4, true, 1);
        assert_eq!((trend.mean(), trend.percent()), (Some("3.6".to_owned()), Some(60)));
    }

    #[test]
    fn whoever_wrote_words_of_her_own_has_answered() {
        let asked = question(FeedbackKind::Words, "");
        let wrote = |text: &str| {
            let words = Paragraph::parse_optional(text).unwrap().unwrap();
            (asked.id, FeedbackAnswer::Words(words))
        };
        let all = FeedbackAnswers::all(vec![asked.clone()], vec![wrote("Zest"), wrote("Émile")]);
        assert_eq!((all[0].people(), all[0].counts.len()), (2, 0));
        assert_eq!(all[0].words, ["Émile", "Zest"]);
    }

    #[test]
    fn a_mean_and_a_share_are_rounded() {
        let mut trend = Trend::default();
        trend.add(4, false, 5);
        trend.add(5, true, 1);
        assert_eq!((trend.mean(), trend.percent()), (Some("4.2".to_owned()), Some(17)));
    }
}
