//! The paths that somebody's alliances use.

use rocket::{Route, State, get, routes};

use super::{Who, may_see};
use crate::{
    actions::path::needed,
    domain::{alliance::Alliance, wording},
    store::{
        catalogue, path_people,
        paths::{self as stored_paths, PathFound},
    },
    web::{
        Desk,
        failure::Failure,
        office::{
            catalogue_list::{CatalogueLine, CatalogueListPage, narrowed, saved},
            query::PageQuery,
        },
        page::{Area, Page},
        paging::{self, Listing},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

/// What it asks for, whose it is, and how many are on it.
fn about(found: &PathFound, alliances: &[Alliance], on: i64) -> String {
    let whose = found.path.alliance.as_ref().map_or_else(
        || "All alliances".to_owned(),
        |slug| {
            let known = alliances.iter().find(|one| one.slug == *slug);
            known.map_or_else(|| slug.to_string(), |one| one.name.clone())
        },
    );
    let state = match found.published() {
        Some(version) if found.versions.len() > 1 => Some(format!("version {}", version.number)),
        Some(_) => None,
        None => Some("draft".to_owned()),
    };
    let people = wording::count(usize::try_from(on).unwrap_or(0), "person", "people");
    let parts =
        [Some(needed(&found.path.rules)), Some(whose), state, Some(format!("{people} on it"))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

#[get("/office/paths?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<CatalogueListPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut lines = Vec::new();
    for found in stored_paths::all(&mut conn).await? {
        if !may_see(&who, &found) {
            continue;
        }
        let on = match within {
            Some(_) => {
                let hers = path_people::all_of(&mut conn, &found.path.slug, within).await?;
                i64::try_from(hers.len()).unwrap_or(i64::MAX)
            }
            None => path_people::count_on(&mut conn, &found.path.slug).await?,
        };
        lines.push(CatalogueLine {
            href: paths::path::show(&found.path.slug),
            about: about(&found, &alliances, on),
            is_archived: found.archived_at.is_some(),
            name: found.path.name,
        });
    }
    let lines = narrowed(lines, asked.words());
    let page = paging::asked(asked.page)?;
    let path = paths::path::list();
    Ok(Page::ok(CatalogueListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: saved(&asked),
        title: "Paths",
        add: "New path",
        add_path: paths::path::new(),
        beside: Some((paths::path::claims(), "What people claim")),
        words: asked.words().to_owned(),
        lines: Listing::of(lines, page, path.clone(), &[("q", asked.words())])?,
        path,
    }))
}
