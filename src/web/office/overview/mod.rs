//! What needs somebody, and how full sessions are.

pub mod arranging;
mod helps;
mod show;
mod sorted;
mod steps;
mod talks;
mod task;
mod tasks;
mod thing;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [show::routes(), thing::routes()].concat()
}
