//! What is said once something was decided.

use crate::{actions::waiting::decide_request::DecidedPlaces, domain::wording};

/// How many are confirmed, wait and were refused, or will once everybody is told.
pub fn done_words(done: DecidedPlaces) -> String {
    let DecidedPlaces { confirmed, waiting, refused, is_noted } = done;
    let noted = if is_noted { "noted-" } else { "" };
    format!("{noted}{confirmed}-{waiting}-{refused}")
}

/// What became of the places: how many are confirmed, wait and were refused.
pub fn notice(done: &str, waits: bool) -> Option<String> {
    if done == "too-late" {
        return Some("It is too late to take that back: the letters are on their way.".to_owned());
    }
    if let Some((undone, left)) = done.strip_prefix("undone-").and_then(|done| done.split_once('-'))
    {
        return Some(undone_words(undone.parse().ok()?, left.parse().ok()?));
    }
    if done == "none-ticked" {
        return Some("Nobody was ticked, so nothing was decided.".to_owned());
    }
    if done == "taken-back" {
        return Some("Taken back: it is open again, and nobody was told.".to_owned());
    }
    if let Some(told) = done.strip_prefix("told-").and_then(|told| told.parse().ok()) {
        let bookings = wording::count(told, "booking", "bookings");
        return Some(format!("We are telling the people of {bookings}."));
    }
    if done == "gone" {
        return Some("Somebody has answered that already.".to_owned());
    }
    let (done, is_noted) = match done.strip_prefix("noted-") {
        Some(done) => (done, true),
        None => (done, false),
    };
    let counts: Vec<usize> = done.split('-').filter_map(|count| count.parse().ok()).collect();
    let [confirmed, waiting, refused] = counts.as_slice() else { return None };
    let said = [(*confirmed, "booked"), (*waiting, "waiting"), (*refused, "refused")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", wording::count(count, "place", "places")));
    let said = said.collect::<Vec<_>>();
    if is_noted {
        return Some(format!("Noted: {}. Nobody is told yet.", wording::list(&said)));
    }
    let told = if waits { "" } else { " We are telling them." };
    Some(format!("Done: {}.{told}", wording::list(&said)))
}

fn undone_words(bookings: usize, left: usize) -> String {
    let undone = wording::count(bookings, "booking asks", "bookings ask");
    let left = match left {
        0 => String::new(),
        1 => " 1 stays answered, because it has changed since.".to_owned(),
        left => format!(" {left} stay answered, because they have changed since."),
    };
    format!("Taken back: {undone} again, and nobody was told.{left}")
}
