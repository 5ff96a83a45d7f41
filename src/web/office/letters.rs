//! Letters: which wait, went out or failed. Their text is not shown: it holds private links.

use askama::Template;
use chrono_tz::Tz;

use crate::{
    domain::letter::LetterKind,
    store::letter_search::{LetterLine, Progress},
    web::{office::stamp, page::Chrome, paging::Pager},
};

/// The letters of one progress.
#[derive(Template)]
#[template(path = "office/letters.html")]
pub struct LettersPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// Which letters.
    pub progress: Progress,
    /// How many there are of each progress, and whether it is the one shown.
    pub counts: Vec<(Progress, i64, bool)>,
    /// This page's letters.
    pub letters: Vec<LetterLine>,
    /// The zone its times are told in.
    pub zone: Tz,
    /// Where in the list.
    pub pager: Pager,
}

impl LettersPage {
    fn name(&self, progress: &Progress) -> &'static str {
        match progress {
            Progress::Failed => "Failed",
            Progress::Returned => "Came back",
            Progress::Queued => "Waiting to be sent",
            Progress::Sent => "Sent",
        }
    }

    /// Whether there is something to say about why.
    fn has_reason(&self) -> bool {
        matches!(self.progress, Progress::Failed | Progress::Returned)
    }

    fn is_failed(&self) -> bool {
        self.progress == Progress::Failed
    }

    fn kind(&self, kind: &LetterKind) -> String {
        super::in_words(kind.as_str())
    }

    fn when(&self, letter: &LetterLine) -> String {
        match (self.progress, letter.sent_at) {
            (Progress::Sent, Some(at)) => format!("Sent {}", stamp(at, self.zone)),
            (Progress::Queued, _) if letter.attempts > 0 => {
                format!(
                    "Tried {} times, again {}",
                    letter.attempts,
                    stamp(letter.due_at, self.zone)
                )
            }
            _ => format!("Written {}", stamp(letter.written_at, self.zone)),
        }
    }
}
