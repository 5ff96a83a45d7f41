//! The list of sessions, whatever their publication.

use askama::Template;

use super::overview::Filling;
use crate::{
    domain::alliance::Alliance,
    store::session_search::{SessionFilter, Stage},
    web::{page::Chrome, paging::Pager},
};

/// The list, searched and narrowed.
#[derive(Template)]
#[template(path = "office/sessions.html")]
pub struct SessionsPage {
    /// The frame.
    pub chrome: Chrome,
    /// What is looked for.
    pub filter: SessionFilter,
    /// The alliances to choose from.
    pub alliances: Vec<Alliance>,
    /// This page's sessions.
    pub sessions: Vec<Filling>,
    /// Where in the list.
    pub pager: Pager,
}

impl SessionsPage {
    fn stages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let name = |stage: Stage| match stage {
            Stage::Coming => "To come",
            Stage::Draft => "Drafts",
            Stage::Past => "Past",
            Stage::Cancelled => "Cancelled",
            Stage::All => "All",
        };
        let line = |stage: &Stage| (stage.as_str(), name(*stage), *stage == self.filter.stage);
        Stage::ALL.iter().map(line).collect()
    }

    fn is_alliance(&self, alliance: &Alliance) -> bool {
        self.filter.alliance.as_ref() == Some(&alliance.slug)
    }
}
