//! What the letters of an alliance say in its own words (T4).

mod alliance;
mod letter;
mod list;

use rocket::Route;

use crate::{
    domain::{alliance::Alliance, id::AllianceSlug},
    store::{Conn, catalogue},
    web::{
        failure::Failure,
        guard::{Granted, MessagePeople},
    },
};

pub fn routes() -> Vec<Route> {
    [list::routes(), alliance::routes(), letter::routes()].concat()
}

type Who = Granted<MessagePeople>;

/// The alliance in an address, for somebody who writes to its people.
async fn alliance_for(
    conn: &mut Conn,
    who: &Who,
    slug: &AllianceSlug,
) -> Result<Alliance, Failure> {
    who.within(slug)?;
    let mut all = catalogue::alliances(conn).await?.into_iter();
    all.find(|one| one.slug == *slug).ok_or(Failure::NotFound)
}
