//! Institutions that are there twice, before they are made one.

use askama::Template;

use crate::{
    domain::{
        institution::{Institution, TypedInstitution},
        wording,
    },
    store::institution_merges::Hanging,
    web::{page::Chrome, paging::Pager},
};

fn count(number: i64, one: &str, many: &str) -> String {
    wording::count(usize::try_from(number).unwrap_or(0), one, many)
}

/// Two institutions side by side, or the search for the second.
#[derive(Template)]
#[template(path = "office/institution_merge.html")]
pub struct InstitutionMergePage {
    /// The frame.
    pub chrome: Chrome,
    /// Which is kept.
    pub kept: Institution,
    /// Which becomes part of it, and what hangs on that; `None` while it is looked for.
    pub gone: Option<(Institution, Hanging)>,
    /// What was searched for.
    pub words: String,
    /// Which were found, or may be the same.
    pub found: Vec<Institution>,
}

impl InstitutionMergePage {
    fn action(&self) -> String {
        format!("/office/institutions/{}/merge", self.kept.code)
    }

    /// What moves from one to the other.
    fn moves(&self, hanging: &Hanging) -> String {
        wording::list(&[
            count(hanging.bookings, "booking", "bookings").as_str(),
            count(hanging.people, "person", "people").as_str(),
            count(hanging.pledges, "pledge", "pledges").as_str(),
        ])
    }
}

/// Names that leaders typed, since they did not find theirs on the list.
#[derive(Template)]
#[template(path = "office/typed_institutions.html")]
pub struct TypedInstitutionsPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// This page's names.
    pub names: Vec<TypedInstitution>,
    /// Where in the list.
    pub pager: Pager,
}

impl TypedInstitutionsPage {
    fn bookings(&self, typed: &TypedInstitution) -> String {
        count(typed.bookings, "booking", "bookings")
    }

    fn href(&self, typed: &TypedInstitution) -> String {
        which(&typed.name)
    }
}

/// Where it is asked which institution a typed name means.
pub fn which(name: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    format!("/office/typed-institutions/which?{query}")
}

/// Which institution a typed name means: those it may be, and then one to look at.
#[derive(Template)]
#[template(path = "office/typed_institution.html")]
pub struct TypedInstitutionPage {
    /// The frame.
    pub chrome: Chrome,
    /// The name.
    pub typed: TypedInstitution,
    /// The one that was chosen; `None` while it is looked for.
    pub meant: Option<Institution>,
    /// What was searched for.
    pub words: String,
    /// Which were found, or may be meant.
    pub found: Vec<Institution>,
}

impl TypedInstitutionPage {
    fn bookings(&self) -> String {
        count(self.typed.bookings, "booking", "bookings")
    }

    fn href(&self, meant: &Institution) -> String {
        format!("{}&with={}", which(&self.typed.name), meant.code)
    }
}
