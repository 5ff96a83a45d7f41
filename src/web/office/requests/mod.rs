//! People who ask for places.

mod decide;
mod list;
mod many;
mod undo;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), decide::routes(), many::routes(), undo::routes()].concat()
}
