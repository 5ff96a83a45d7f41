//! People who ask for places.

mod compare;
mod day;
mod decide;
mod list;
mod many;
mod said;
mod undo;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        decide::routes(),
        compare::routes(),
        day::routes(),
        many::routes(),
        undo::routes(),
    ]
    .concat()
}
