//! The alliances.

use rocket::{Route, State, get, routes};

use crate::{
    store::catalogue,
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageAlliances},
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
    routes![alliances]
}

#[get("/office/alliances?<asked..>")]
pub async fn alliances(
    desk: &State<Desk>,
    who: Granted<ManageAlliances>,
    asked: PageQuery<'_>,
) -> Result<Page<CatalogueListPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let all = catalogue::alliances(&mut conn).await?.into_iter().map(|alliance| CatalogueLine {
        href: paths::office::alliance(&alliance.slug),
        about: format!("{}, {}", alliance.contact_email, alliance.time_zone.name()),
        is_archived: false,
        name: alliance.name,
    });
    let lines = narrowed(all.collect(), asked.words());
    let page = paging::asked(asked.page)?;
    let path = paths::office::alliances();
    Ok(Page::ok(CatalogueListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: saved(&asked),
        title: "Alliances",
        add: "New alliance",
        add_path: paths::office::new_alliance(),
        beside: None,
        words: asked.words().to_owned(),
        lines: Listing::of(lines, page, path.clone(), &[("q", asked.words())])?,
        path,
    }))
}
