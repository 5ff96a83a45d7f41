//! What people claim for their path, and nobody has decided about.

use askama::Template;
use rocket::{Route, State, get, routes};

use super::Who;
use crate::{
    domain::{path::RecordKind, wording},
    store::path_claims::{self, OpenClaim},
    web::{
        Desk,
        failure::Failure,
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

#[derive(Template)]
#[template(path = "office/paths/claims.html")]
struct ClaimsPage {
    chrome: Chrome,
    claims: Listing<OpenClaim>,
}

impl ClaimsPage {
    fn about(&self, claim: &OpenClaim) -> String {
        let kind = match claim.kind {
            RecordKind::Course => "Course elsewhere",
            RecordKind::Action => "Action",
        };
        let parts = [
            Some(kind.to_owned()),
            claim.by_whom.clone(),
            Some(wording::long_date(claim.done_on)),
            Some(claim.hours.words()),
            claim.institution.clone(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
    }
}

#[get("/office/claims?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<ClaimsPage>, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut conn = desk.ctx.store.read().await?;
    let claims = path_claims::open(&mut conn, within).await?;
    let page = paging::asked(asked.page)?;
    Ok(Page::ok(ClaimsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        claims: Listing::of(claims, page, paths::path::claims(), &[])?,
    }))
}
