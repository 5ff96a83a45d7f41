//! What came to the reply mailbox.

mod list;
mod show;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), show::routes()].concat()
}
