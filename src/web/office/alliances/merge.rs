//! Alliances that are there twice, before they are made one.

use askama::Template;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::merge_catalogue::{MergeCatalogueError, merge_alliances},
    domain::{alliance::Alliance, id::AllianceSlug, likeness::are_alike, wording},
    store::{Conn, catalogue, catalogue_merges},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManageAlliances, SameOrigin},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, merge]
}

type Who = Granted<ManageAlliances>;

/// Two alliances side by side, or the choice of the second.
#[derive(Template)]
#[template(path = "office/alliances/merge.html")]
struct AllianceMergePage {
    chrome: Chrome,
    kept: Alliance,
    /// Which becomes part of it, and what moves; `None` while it is chosen.
    gone: Option<(Alliance, String)>,
    /// The others, those first that are called alike.
    others: Vec<Alliance>,
}

impl AllianceMergePage {
    fn action(&self) -> Href {
        paths::records::alliance_merge(&self.kept.slug)
    }
}

/// What moves from one to the other.
fn moves([institutions, sessions, others]: [i64; 3]) -> String {
    let count = |number: i64, one: &str, many: &str| {
        wording::count(usize::try_from(number).unwrap_or(0), one, many)
    };
    wording::list(&[
        count(institutions, "institution", "institutions").as_str(),
        count(sessions, "session", "sessions").as_str(),
        count(others, "member of staff", "members of staff").as_str(),
    ])
}

const ONE: &str = "it is the short name of another alliance";

#[derive(Debug, FromForm)]
struct Other<'r> {
    with: Option<&'r str>,
}

/// The one in the address, and the others.
async fn all(conn: &mut Conn, slug: &AllianceSlug) -> Result<(Alliance, Vec<Alliance>), Failure> {
    let mut others = catalogue::alliances(conn).await?;
    let at = others.iter().position(|one| one.slug == *slug).ok_or(Failure::NotFound)?;
    let kept = others.remove(at);
    others.sort_by_key(|one| !are_alike(&one.name, &kept.name));
    Ok((kept, others))
}

#[get("/office/alliances/<slug>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    slug: AllianceSlug,
    other: Other<'_>,
) -> Result<Page<AllianceMergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (kept, others) = all(&mut conn, &slug).await?;
    let with: Option<AllianceSlug> = asked::one("with", other.with, ONE)?;
    let gone = match with.and_then(|with| others.iter().find(|one| one.slug == with).cloned()) {
        Some(gone) => {
            let hanging = catalogue_merges::hanging_on_alliance(&mut conn, &gone.slug).await?;
            Some((gone, moves(hanging)))
        }
        None => None,
    };
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(AllianceMergePage { chrome, kept, gone, others }))
}

#[post("/office/alliances/<slug>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    slug: AllianceSlug,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let again = Redirect::to(paths::records::alliance_merge(&slug));
    let with: Option<AllianceSlug> = asked::one("with", Some(fields.get("with")), ONE)?;
    let Some(with) = with else { return Ok(again) };
    match merge_alliances(&desk.ctx, &who.actor(), &slug, &with).await {
        Ok(0) => Ok(Redirect::to(paths::office::alliances().done("saved"))),
        Ok(people) => {
            Ok(Redirect::to(paths::office::alliances().done(format_args!("saved-{people}"))))
        }
        Err(MergeCatalogueError::NotTwo) => Ok(again),
        Err(MergeCatalogueError::Store(error)) => Err(error.into()),
    }
}
