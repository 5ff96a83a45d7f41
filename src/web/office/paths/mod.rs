//! Paths: the list, a page for each with who is on it and how far, and what people claim.

mod claims;
mod edit;
mod files;
mod form;
mod list;
mod one;
mod put_on;
mod show;
mod walkers;

use rocket::Route;

use crate::{
    domain::id::PathSlug,
    store::{
        Conn,
        paths::{self as stored_paths, PathFound},
    },
    web::{
        failure::Failure,
        guard::{Granted, ManagePeople},
    },
};

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        edit::routes(),
        show::routes(),
        put_on::routes(),
        one::routes(),
        files::routes(),
        claims::routes(),
    ]
    .concat()
}

type Who = Granted<ManagePeople>;

/// Whether somebody sees a path: those of her alliances, and those of all.
pub fn may_see(who: &Who, path: &PathFound) -> bool {
    path.path.alliance.as_ref().is_none_or(|alliance| who.reaches(alliance))
}

/// Whether she may change it: what is all alliances' is an administrator's.
pub fn may_change(who: &Who, path: &PathFound) -> bool {
    match &path.path.alliance {
        Some(alliance) => who.reaches(alliance),
        None => who.reaches_everything(),
    }
}

/// The path in an address, for somebody who may see it.
async fn path_for(conn: &mut Conn, who: &Who, slug: &PathSlug) -> Result<PathFound, Failure> {
    let found = stored_paths::find(conn, slug).await?.ok_or(Failure::NotFound)?;
    if may_see(who, &found) { Ok(found) } else { Err(Failure::Forbidden) }
}
