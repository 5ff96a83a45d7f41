//! Name badges, ten to a sheet of A4.

use askama::Template;

use crate::{
    domain::{roster::Roster, session::Session, wording},
    web::page::Chrome,
};

/// Badges to print and cut: names big, institutions small. Whose name is to follow has none.
#[derive(Template)]
#[template(path = "trainer/badges.html")]
pub struct BadgesPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Who is coming.
    pub roster: Roster,
}

impl BadgesPage {
    /// Those with a name.
    fn named(&self) -> Vec<(&str, &str)> {
        let named = self.roster.lines.iter().filter(|line| line.place.attendee.is_some());
        named.map(|line| (line.name(), line.institution.as_deref().unwrap_or_default())).collect()
    }

    fn people(&self) -> String {
        wording::count(self.named().len(), "badge", "badges")
    }
}
