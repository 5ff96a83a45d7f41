//! The pages for what went wrong: a plain apology, whether a booking happened, and a way on.

use rocket::{Catcher, Request, State, catch, catchers, http::Status, outcome::Outcome};

use super::super::{
    Desk,
    page::{Area, Page},
    public::pages::ErrorPage,
};

#[catch(default)]
async fn any(status: Status, request: &Request<'_>) -> Result<Page<ErrorPage>, Status> {
    let Outcome::Success(desk) = request.guard::<&State<Desk>>().await else { return Err(status) };
    // An address that cannot be read is an address that leads nowhere.
    let status = if status == Status::UnprocessableEntity { Status::NotFound } else { status };
    let chrome = desk.chrome(Area::Elsewhere);
    Ok(Page { status, template: ErrorPage::of(chrome, status.code) })
}

#[catch(401)]
fn sign_in_first() -> rocket::response::Redirect {
    rocket::response::Redirect::to("/sign-in")
}

pub fn catchers() -> Vec<Catcher> {
    catchers![any, sign_in_first]
}
