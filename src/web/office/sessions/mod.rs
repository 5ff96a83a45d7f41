//! Sessions: planned, published, changed, repeated.

mod change;
mod day_place;
mod days;
mod discard;
mod drafts;
mod facts;
mod go_ahead;
mod list;
mod plan;
mod plan_aims;
mod plan_form;
mod plan_read;
mod plan_words;
mod publish;
mod repeat;
mod reserves;
mod show;
mod times;
mod waiting_list;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        show::routes(),
        change::routes(),
        day_place::routes(),
        days::routes(),
        discard::routes(),
        go_ahead::routes(),
        drafts::routes(),
        plan::routes(),
        publish::routes(),
        repeat::routes(),
        reserves::routes(),
        times::routes(),
        waiting_list::routes(),
    ]
    .concat()
}
