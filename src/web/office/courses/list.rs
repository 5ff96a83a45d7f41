//! The courses, which all organisers share.

use rocket::{Route, State, get, routes};

use crate::{
    domain::{course::Course, wording},
    store::catalogue,
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageCourses},
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
    routes![courses]
}

#[get("/office/courses?<asked..>")]
pub async fn courses(
    desk: &State<Desk>,
    who: Granted<ManageCourses>,
    asked: PageQuery<'_>,
) -> Result<Page<CatalogueListPage>, Failure> {
    let about = |course: &Course| {
        let places = wording::count(course.default_capacity as usize, "place", "places");
        match course.campaign.trim() {
            "" => places,
            campaign => format!("{places}, campaign {campaign}"),
        }
    };
    let mut conn = desk.ctx.store.read().await?;
    let archived = catalogue::archived_courses(&mut conn).await?;
    let all = catalogue::courses(&mut conn).await?.into_iter().map(|course| CatalogueLine {
        href: paths::office::course(&course.slug),
        about: about(&course),
        is_archived: archived.contains(&course.slug),
        name: course.title,
    });
    let lines = narrowed(all.collect(), asked.words());
    let page = paging::asked(asked.page)?;
    let path = paths::office::courses();
    Ok(Page::ok(CatalogueListPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: saved(&asked),
        title: "Courses",
        add: "New course",
        add_path: paths::office::new_course(),
        beside: None,
        words: asked.words().to_owned(),
        lines: Listing::of(lines, page, path.clone(), &[("q", asked.words())])?,
        path,
    }))
}
