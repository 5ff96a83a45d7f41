//! The demo's mailbox: everything it "sent", for anybody to read. No such pages elsewhere.

mod letter;
mod letters;
mod list;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), letter::routes()].concat()
}
