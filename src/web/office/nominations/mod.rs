//! Who is nominated for a course: the list, one of them, and nominating somebody.

mod list;
mod new;
pub mod of_person;
mod one;
mod talk;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), one::routes(), new::routes()].concat()
}
