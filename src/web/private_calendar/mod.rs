//! A calendar of one's own: for an attendee, of her places; for a trainer, of the sessions she leads.

mod feed;
mod page;

pub use page::PrivateLinks;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [feed::routes(), page::routes()].concat()
}
