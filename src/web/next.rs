//! What a handler answers when it shows a page or sends on to another.

use rocket::response::Redirect;

use crate::web::page::Page;

/// Whichever page a step leads to.
#[derive(rocket::Responder)]
pub enum Next<T> {
    Show(Box<Page<T>>),
    Go(Box<Redirect>),
}
