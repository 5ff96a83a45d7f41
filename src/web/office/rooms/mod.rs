//! The rooms of a session whose people stay overnight, and who sleeps where.

mod given;
mod one;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [given::routes(), one::routes()].concat()
}
