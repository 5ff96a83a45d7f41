//! Sessions: planned, published, changed, repeated.

mod cancel;
mod change;
mod day_place;
mod days;
mod discard;
mod drafts;
mod evenings;
mod facts;
mod go_ahead;
mod list;
mod move_everybody;
mod plan;
mod plan_aims;
mod plan_choices;
mod plan_form;
mod plan_read;
mod plan_stay;
mod plan_words;
mod publish;
mod repeat;
mod reserves;
mod series;
mod show;
mod times;
mod waiting_list;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        show::routes(),
        cancel::routes(),
        change::routes(),
        day_place::routes(),
        days::routes(),
        discard::routes(),
        go_ahead::routes(),
        move_everybody::routes(),
        drafts::routes(),
        plan::routes(),
        publish::routes(),
        repeat::routes(),
        evenings::routes(),
        reserves::routes(),
        series::routes(),
        times::routes(),
        waiting_list::routes(),
    ]
    .concat()
}
