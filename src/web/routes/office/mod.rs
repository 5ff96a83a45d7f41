//! The organisers' desk, page by page.

mod accounts;
mod audit;
mod book;
mod bookings;
mod catalogue;
mod decline;
mod feedback;
mod institution_merges;
mod institutions;
mod letters;
mod messages;
mod more;
mod moving;
mod overview;
mod people;
mod planning;
mod pledges;
mod replies;
mod requests;
mod session;
mod session_changes;
mod session_form;
mod sessions;
mod turnout;

use rocket::Route;

use crate::{
    domain::{id::SessionCode, session::Session},
    store::{Conn, sessions as stored_sessions},
    web::{
        failure::Failure,
        guard::{Granted, Right},
    },
};

/// The office's routes.
pub fn routes() -> Vec<Route> {
    [
        overview::routes(),
        sessions::routes(),
        session::routes(),
        planning::routes(),
        session_changes::routes(),
        requests::routes(),
        book::routes(),
        bookings::routes(),
        moving::routes(),
        pledges::routes(),
        turnout::routes(),
        letters::routes(),
        messages::routes(),
        decline::routes(),
        feedback::routes(),
        replies::routes(),
        people::routes(),
        institutions::routes(),
        institution_merges::routes(),
        catalogue::routes(),
        audit::routes(),
        more::routes(),
        accounts::routes(),
    ]
    .concat()
}

/// What just happened, for the notice on top of the page. Part of the address after a redirect;
/// holds a word or a number, never a name.
#[derive(Debug, rocket::FromForm)]
struct Asked<'r> {
    done: Option<&'r str>,
    q: Option<&'r str>,
    page: Option<&'r str>,
}

impl Asked<'_> {
    /// What was searched for.
    fn words(&self) -> &str {
        self.q.map_or("", str::trim)
    }
}

/// The session in an address, for somebody who has the right to do something about it.
async fn found<R: Right>(
    conn: &mut Conn,
    who: &Granted<R>,
    code: &SessionCode,
) -> Result<Session, Failure> {
    let session = stored_sessions::find(conn, code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    Ok(session)
}
