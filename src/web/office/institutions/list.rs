//! The institutions of the alliances somebody looks after.

use rocket::{Route, State, get, routes};

use crate::{
    domain::institution::Institution,
    store::{catalogue, institutions},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageInstitutions},
        office::{
            catalogue_list::{CatalogueLine, CatalogueListPage, saved},
            query::PageQuery,
        },
        page::{Area, Page},
        paging::{self, Listing},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

type Who = Granted<ManageInstitutions>;

#[get("/office/institutions?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<CatalogueListPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let page = paging::asked(asked.page)?;
    let window = paging::window(page);
    let found = institutions::search(&mut conn, asked.words(), within, window).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let line = |(institution, is_archived): (Institution, bool)| {
        let alliance = alliances.iter().find(|one| one.slug == institution.alliance);
        CatalogueLine {
            href: paths::office::institution(&institution.code),
            about: format!(
                "{}, {}, {}. {}",
                alliance.map_or("", |one| one.name.as_str()),
                in_words(institution.kind.as_str()).to_lowercase(),
                institution.membership,
                institution.code
            ),
            name: institution.name,
            is_archived,
        }
    };
    let path = paths::office::institutions();
    let listing = Listing::found(found, page, path.clone(), &[("q", asked.words())])?;
    Ok(Page::ok(CatalogueListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: saved(&asked),
        title: "Institutions",
        add: "New institution",
        path,
        add_path: paths::office::new_institution(),
        beside: Some((paths::office::typed_institutions(), "Names that leaders typed")),
        words: asked.words().to_owned(),
        lines: listing.map(line),
    }))
}
