//! The venues that somebody's alliances use.

use rocket::{Route, State, get, routes};

use crate::{
    domain::{alliance::Alliance, finding::Wanted, venue::Venue},
    store::{catalogue, venues},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, PlanSessions},
        office::{
            catalogue_list::{CatalogueLine, CatalogueListPage, saved},
            query::PageQuery,
            venues::choose::may_see,
        },
        page::{Area, Page},
        paging::{self, Listing},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

/// Where it is, who uses it, how many it holds.
fn about(venue: &Venue, alliances: &[Alliance]) -> String {
    let alliance = venue.alliance.as_ref().map(|slug| {
        let known = alliances.iter().find(|one| one.slug == *slug);
        known.map_or_else(|| slug.to_string(), |one| one.name.clone())
    });
    let who = alliance.unwrap_or_else(|| "all alliances".to_owned());
    let holds = venue.capacity.map(|holds| format!("holds {holds}"));
    let address = Some(venue.address.clone()).filter(|address| !address.is_empty());
    let parts = [address, Some(who), holds, Some(venue.id.to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

#[get("/office/venues?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<PlanSessions>,
    asked: PageQuery<'_>,
) -> Result<Page<CatalogueListPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let mut found = venues::all(&mut conn).await?;
    let wanted = Wanted::typed(asked.words());
    found.retain(|(venue, _)| {
        may_see(&who, venue)
            && wanted.is_among([venue.name.as_str(), venue.address.as_str(), venue.id.as_str()])
    });
    found.sort_by_key(|(_, archived_at)| archived_at.is_some());
    let page = paging::asked(asked.page)?;
    let path = paths::venues::list();
    let listing = Listing::of(found, page, path.clone(), &[("q", asked.words())])?;
    let lines = listing.map(|(venue, archived_at)| CatalogueLine {
        href: paths::venues::show(&venue.id),
        about: about(&venue, &alliances),
        is_archived: archived_at.is_some(),
        name: venue.name,
    });
    Ok(Page::ok(CatalogueListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: saved(&asked),
        title: "Venues",
        add: "New venue",
        path,
        add_path: paths::venues::new(),
        beside: None,
        words: asked.words().to_owned(),
        lines,
    }))
}
