//! A path: what counts on it, and who is on it, how far.

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use super::{
    Who, may_change, path_for,
    walkers::{Line, Which, lines},
};
use crate::{
    actions::path::needed,
    domain::{finding::Wanted, id::PathSlug, institution::Institution, wording},
    store::{Conn, catalogue, institutions, paths::PathFound},
    web::{
        Desk, asked,
        failure::Failure,
        forms::{FormState, form_fields},
        page::{Area, Chrome, Page},
        paging::{self, Pager},
        paths::{self, Href},
        words::zone_of,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

form_fields! {
    /// Who is put on the path, and since when she is on it.
    pub enum WalkerField {
        Name = "name",
        Email = "email",
        Institution = "institution",
        Since = "since",
    }
}

#[derive(Template)]
#[template(path = "office/paths/show.html")]
pub struct PathPage {
    chrome: Chrome,
    notice: Option<String>,
    found: PathFound,
    may_change: bool,
    /// Each filter with how many it shows, and whether it is chosen.
    filters: Vec<(Which, usize, bool)>,
    which: Option<Which>,
    words: String,
    /// How many there are in all.
    total: usize,
    lines: Vec<Line>,
    pager: Pager,
    /// The institutions to choose from, by alliance.
    groups: Vec<(String, Vec<Institution>)>,
    pub form: FormState<WalkerField>,
}

impl PathPage {
    fn needed(&self) -> String {
        let version = self.found.published().or(self.found.versions.last());
        version.map_or_else(String::new, |version| needed(&version.rules))
    }

    /// Whether the latest version is a draft.
    fn has_draft(&self) -> bool {
        self.found.versions.last().is_some_and(|one| one.published_at.is_none())
    }

    fn version(&self) -> u32 {
        self.found.published().map_or(0, |one| one.number)
    }

    fn people(&self) -> String {
        wording::count(self.total, "person", "people")
    }

    fn filter(&self, which: &Which) -> Href {
        paths::path::show(&self.found.path.slug).with("which", which)
    }

    /// The same list as a file.
    fn narrowed(&self, file: Href) -> Href {
        let file = match self.which {
            Some(which) => file.with("which", which),
            None => file,
        };
        if self.words.is_empty() { file } else { file.with("q", &self.words) }
    }
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, Default, FromForm)]
pub struct Asked<'r> {
    pub done: Option<&'r str>,
    pub q: Option<&'r str>,
    pub page: Option<&'r str>,
    pub which: Option<&'r str>,
}

impl Asked<'_> {
    pub fn which(&self) -> Result<Option<Which>, Failure> {
        let words: Vec<_> = Which::ALL.iter().map(|which| which.as_str()).collect();
        let would = format!("it is one of {}", words.join(", "));
        Ok(asked::one("which", self.which, &would)?)
    }

    pub fn words(&self) -> &str {
        self.q.map_or("", str::trim)
    }

    /// The lines that are asked for.
    pub fn narrow(&self, all: &[Line]) -> Result<Vec<Line>, Failure> {
        let (which, wanted) = (self.which()?, Wanted::typed(self.words()));
        let is_asked = |line: &&Line| {
            which.is_none_or(|which| line.is(which))
                && wanted.is_among([line.walker.name.as_str(), line.institution()])
        };
        Ok(all.iter().filter(is_asked).cloned().collect())
    }
}

/// Institutions of somebody's alliances, by alliance.
async fn groups(conn: &mut Conn, who: &Who) -> Result<Vec<(String, Vec<Institution>)>, Failure> {
    let listed = institutions::all(conn).await?;
    let alliances = catalogue::alliances(conn).await?.into_iter();
    let of = |one: crate::domain::alliance::Alliance| {
        let members = listed.iter().filter(|other| other.alliance == one.slug).cloned();
        (one.name, members.collect())
    };
    Ok(alliances.filter(|one| who.reaches(&one.slug)).map(of).collect())
}

/// The page; `form` is that of putting somebody on it.
pub async fn page(
    desk: &Desk,
    who: &Who,
    slug: &PathSlug,
    asked: Asked<'_>,
    form: FormState<WalkerField>,
) -> Result<PathPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = path_for(&mut conn, who, slug).await?;
    let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let today = desk.ctx.now().with_timezone(&zone).date_naive();
    let all = lines(&mut conn, who, &found, today).await?;
    let which = asked.which()?;
    let count = |which: &Which| all.iter().filter(|line| line.is(*which)).count();
    let filters = Which::ALL.iter().map(|one| (*one, count(one), Some(*one) == which)).collect();
    let narrowed = asked.narrow(&all)?;
    let page = paging::asked(asked.page)?;
    let chosen = which.map_or("", Which::as_str);
    let narrowing = [("q", asked.words()), ("which", chosen)];
    Ok(PathPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: asked.done.and_then(notice),
        may_change: may_change(who, &found),
        filters,
        which,
        words: asked.words().to_owned(),
        total: all.len(),
        pager: Pager::of(page, paging::total(&narrowed), paths::path::show(slug), &narrowing)?,
        lines: paging::part(narrowed, page),
        groups: groups(&mut conn, who).await?,
        found,
        form,
    })
}

fn notice(done: &str) -> Option<String> {
    if let Some(number) = done.strip_prefix("version-").and_then(|one| one.parse::<u32>().ok()) {
        return Some(format!(
            "Saved as version {number}. Whoever is on the path stays on her version until you move her."
        ));
    }
    let words = match done {
        "added" => "Saved as a draft. Publish it to put people on it.",
        "saved" => "Saved.",
        "published" => "Published. You can put people on it.",
        "on" => "She is on the path. If we have her address, her link is on its way.",
        "off" => "She is off the path, and an email tells her. What she did stays on her record.",
        "off-untold" => {
            "She is off the path, and was not written to: tell her yourself. What she did stays on her record."
        }
        _ => return None,
    };
    Some(words.to_owned())
}

#[get("/office/paths/<slug>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    slug: PathSlug,
    asked: Asked<'_>,
) -> Result<Page<PathPage>, Failure> {
    let mut form = FormState::default();
    form.fill(WalkerField::Since, desk.ctx.now().date_naive().to_string());
    Ok(Page::ok(page(desk, &who, &slug, asked, form).await?))
}
