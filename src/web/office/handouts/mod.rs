//! What people are given to read: on one session, on every session of a course, and one of them.

mod add;
mod of_course;
mod of_session;
mod one;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [of_session::routes(), of_course::routes(), one::routes()].concat()
}
