//! One session, as the office looks after it.

use askama::Template;
use chrono::{DateTime, Utc};

use super::overview::Filling;
use crate::{
    domain::{
        plan::Clash,
        session::{Publication, Session},
    },
    store::door::Tally,
    web::{page::Chrome, plot::Steps},
};

/// Where everything about a session can be seen and done.
#[derive(Template)]
#[template(path = "office/session.html")]
pub struct SessionPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// The session with how it fills.
    pub line: Filling,
    /// Trainers who lead something else at the same time.
    pub clashes: Vec<Clash>,
    /// Who came, day by day.
    pub tallies: Vec<Tally>,
    /// How it filled, day by day.
    pub plot: Option<Steps>,
    /// Whether whoever looks may change it.
    pub can_plan: bool,
    /// Now.
    pub now: DateTime<Utc>,
}

impl SessionPage {
    fn session(&self) -> &Session {
        &self.line.session
    }

    /// Days at whose door anything happened.
    fn met(&self) -> Vec<&Tally> {
        let met =
            |tally: &&Tally| tally.closed_at.is_some() || tally.attended > 0 || tally.walk_ins > 0;
        self.tallies.iter().filter(met).collect()
    }

    fn is_draft(&self) -> bool {
        self.session().publication == Publication::Draft
    }

    fn is_open(&self) -> bool {
        let is_cancelled = matches!(self.session().publication, Publication::Cancelled { .. });
        !is_cancelled && self.session().ends_at().is_some_and(|ends| ends > self.now)
    }
}
