//! A list of institutions, courses or alliances: what a season is planned with.

use askama::Template;

use crate::domain::{finding::Wanted, wording};
use crate::web::{
    office::query::PageQuery,
    page::Chrome,
    paging::Listing,
    paths::{self, Href},
};

#[derive(Template)]
#[template(path = "office/catalogue_list.html")]
pub struct CatalogueListPage {
    pub chrome: Chrome,
    pub notice: Option<String>,
    /// What they are called: `Institutions`.
    pub title: &'static str,
    /// What the button says: `New institution`.
    pub add: &'static str,
    /// Where the list is; a new one is added at `/office/new-…`.
    pub path: Href,
    pub add_path: Href,
    /// Another list that belongs to it: where it is, and what it is called.
    pub beside: Option<(Href, &'static str)>,
    pub words: String,
    pub lines: Listing<CatalogueLine>,
}

/// One line of a list: where it is changed, what it is called, what else is said of it, and
/// whether it is archived.
#[derive(Debug, Clone)]
pub struct CatalogueLine {
    pub href: Href,
    pub name: String,
    pub about: String,
    pub is_archived: bool,
}

/// What just happened, on top of a list.
pub fn saved(asked: &PageQuery<'_>) -> Option<String> {
    let rest = asked.done?.strip_prefix("saved")?;
    if rest.is_empty() {
        return Some("Saved.".to_owned());
    }
    let people: usize = rest.strip_prefix('-')?.parse().ok()?;
    let people = wording::count(people, "person", "people");
    Some(format!("Saved. We are telling {people} whose calendars show it."))
}

/// A list that is short enough for one page, narrowed to what was searched for.
pub fn narrowed(mut lines: Vec<CatalogueLine>, words: &str) -> Vec<CatalogueLine> {
    let wanted = Wanted::typed(words);
    lines.retain(|line| wanted.is_among([line.name.as_str()]));
    lines.sort_by_key(|line| line.is_archived);
    lines
}
