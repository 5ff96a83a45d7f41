//! Institutions that are there twice, before they are made one.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::merge_institutions::{MergeInstitutionsError, merge_institutions},
    domain::{id::InstitutionCode, institution::Institution, wording},
    store::institution_merges::{self, Hanging},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManageInstitutions, SameOrigin},
        office::{
            addressed::institution_for,
            institutions::candidates::{AN_INSTITUTION, Other, candidates, count},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, merge]
}

type Who = Granted<ManageInstitutions>;

/// Two institutions side by side, or the search for the second.
#[derive(Template)]
#[template(path = "office/institutions/merge.html")]
struct InstitutionMergePage {
    chrome: Chrome,
    kept: Institution,
    /// Which becomes part of it, and what hangs on that; `None` while it is looked for.
    gone: Option<(Institution, Hanging)>,
    words: String,
    /// Which were found, or may be the same.
    found: Vec<Institution>,
}

impl InstitutionMergePage {
    fn action(&self) -> Href {
        paths::office::institution_merge(&self.kept.code)
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

#[get("/office/institutions/<code>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    code: InstitutionCode,
    other: Other<'_>,
) -> Result<Page<InstitutionMergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let kept = institution_for(&mut conn, &who, &code).await?;
    let gone = match asked::one("with", other.with, AN_INSTITUTION)? {
        Some(with) if with != kept.code => {
            let gone = institution_for(&mut conn, &who, &with).await?;
            let hanging = institution_merges::hanging(&mut conn, &gone.code).await?;
            (gone.code != kept.code).then_some((gone, hanging))
        }
        _ => None,
    };
    let words = other.q.unwrap_or_default().trim().to_owned();
    let mut found = candidates(&mut conn, &who, &kept.name, &words).await?;
    found.retain(|one| one.code != kept.code);
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(InstitutionMergePage { chrome, kept, gone, words, found }))
}

#[post("/office/institutions/<code>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: InstitutionCode,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    institution_for(&mut conn, &who, &code).await?;
    let again = Redirect::to(paths::office::institution_merge(&code));
    let Some(with) = asked::one("with", Some(fields.get("with")), AN_INSTITUTION)? else {
        return Ok(again);
    };
    institution_for(&mut conn, &who, &with).await?;
    drop(conn);
    match merge_institutions(&desk.ctx, &who.actor(), &code, &with).await {
        Ok(()) => Ok(Redirect::to(paths::office::institution(&code).done("merged"))),
        Err(MergeInstitutionsError::NotTwo) => Ok(again),
        Err(MergeInstitutionsError::Store(error)) => Err(error.into()),
    }
}
