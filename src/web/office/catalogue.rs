//! What a season is planned with: institutions, courses and alliances, each a list and a form.

use askama::Template;

use crate::{
    domain::{
        alliance::Alliance,
        course::Course,
        institution::{InstitutionKind, Membership},
    },
    web::{form::FormState, office::in_words, page::Chrome, paging::Pager},
};

/// One line of a list: where it is changed, what it is called, what else is said of it, and
/// whether it is archived.
#[derive(Debug, Clone)]
pub struct KeptLine {
    /// Where it is changed.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// What else is said of it.
    pub about: String,
    /// Whether it is offered no more.
    pub is_archived: bool,
}

/// A list of institutions, courses or alliances.
#[derive(Template)]
#[template(path = "office/kept_list.html")]
pub struct KeptListPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// What they are called: `Institutions`.
    pub title: &'static str,
    /// What the button says: `New institution`.
    pub add: &'static str,
    /// Where the list is; a new one is added at `/office/new-…`.
    pub path: &'static str,
    /// Where one is added.
    pub add_path: &'static str,
    /// Another list that belongs to it: where it is, and what it is called.
    pub beside: Option<(&'static str, &'static str)>,
    /// What was searched for.
    pub words: String,
    /// This page's lines.
    pub lines: Vec<KeptLine>,
    /// Where in the list.
    pub pager: Pager,
}

/// Adding or changing an institution: `name`, `kind`, `alliance`, `membership`.
#[derive(Template)]
#[template(path = "office/institution.html")]
pub struct InstitutionPage {
    /// The frame.
    pub chrome: Chrome,
    /// What is above the form.
    pub heading: String,
    /// Where it is sent.
    pub action: String,
    /// Where it is merged with another; `None` for a new one.
    pub merge: Option<String>,
    /// What just happened.
    pub notice: Option<&'static str>,
    /// What is typed.
    pub form: FormState,
    /// The alliances to choose from.
    pub alliances: Vec<Alliance>,
}

impl InstitutionPage {
    fn kinds(&self) -> Vec<(&'static str, String)> {
        InstitutionKind::ALL.iter().map(|one| (one.as_str(), in_words(one.as_str()))).collect()
    }

    fn memberships(&self) -> Vec<(&'static str, String)> {
        Membership::ALL.iter().map(|one| (one.as_str(), in_words(one.as_str()))).collect()
    }
}

/// Adding or changing a course.
#[derive(Template)]
#[template(path = "office/course.html")]
pub struct CoursePage {
    /// The frame.
    pub chrome: Chrome,
    /// What is above the form.
    pub heading: String,
    /// Where it is sent.
    pub action: String,
    /// Whether it is there already.
    pub is_known: bool,
    /// What is typed.
    pub form: FormState,
    /// The courses that may come before it.
    pub others: Vec<Course>,
}

impl CoursePage {
    fn box_id(&self, course: &Course) -> String {
        format!("before-{}", course.slug)
    }
}

/// Adding or changing an alliance: `name`, `zone`, `email`.
#[derive(Template)]
#[template(path = "office/alliance.html")]
pub struct AlliancePage {
    /// The frame.
    pub chrome: Chrome,
    /// What is above the form.
    pub heading: String,
    /// Where it is sent.
    pub action: String,
    /// What is typed.
    pub form: FormState,
}
