//! My path: what somebody's private link opens, without an account.

mod certificate;
mod claim;
mod show;

use chrono::NaiveDate;
use rocket::Route;

use crate::{
    actions::path::send_link::opened_by,
    domain::person::Person,
    store::Conn,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        path_view::{Home, home},
        paths,
        refusal::PathLinkEnded,
    },
};

pub fn routes() -> Vec<Route> {
    [show::routes(), claim::routes(), certificate::routes()].concat()
}

/// Whose path a link opens; where it opens none any more, the way to a new one.
async fn whose(desk: &Desk, token: &Token) -> Result<Person, Failure> {
    let found = opened_by(&desk.ctx, token).await?;
    found.ok_or_else(|| {
        Failure::from(PathLinkEnded).leads(paths::public::lost_link(), "Get a new link by email")
    })
}

/// Where she is at home, and which day it is there.
async fn at_home(
    desk: &Desk,
    conn: &mut Conn,
    person: &Person,
) -> Result<(Home, NaiveDate), Failure> {
    let home = home(conn, person.id).await?;
    let today = desk.ctx.now().with_timezone(&home.zone).date_naive();
    Ok((home, today))
}
