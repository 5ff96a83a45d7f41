//! Sessions: planned, published, changed, repeated.

mod change;
mod days;
mod discard;
mod drafts;
mod facts;
mod list;
mod move_everybody;
mod plan;
mod plan_form;
mod plan_read;
mod plan_words;
mod publish;
mod repeat;
mod series;
mod show;
mod times;
mod waiting_list;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        show::routes(),
        change::routes(),
        days::routes(),
        discard::routes(),
        move_everybody::routes(),
        drafts::routes(),
        plan::routes(),
        publish::routes(),
        repeat::routes(),
        series::routes(),
        times::routes(),
        waiting_list::routes(),
    ]
    .concat()
}
