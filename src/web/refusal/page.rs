//! The page of a refusal: why, whether anything was done, and where to go on.

use askama::Template;
use rocket::{
    Request,
    response::{self, Responder},
};

use crate::web::{
    Desk,
    page::{Area, Chrome, Page},
    paths::{self, Href},
    refusal::{Refusal, Refused},
};

/// A refusal on its way to whoever asked.
#[derive(Debug)]
pub struct Answer {
    refused: Refused,
    onward: Vec<(Href, String)>,
}

impl Answer {
    pub fn new(refused: Refused) -> Self {
        Self { refused, onward: Vec::new() }
    }

    pub fn kind(&self) -> Refusal {
        self.refused.kind
    }

    /// Where to go on, first things first.
    pub fn leads(mut self, to: Href, words: impl Into<String>) -> Self {
        self.onward.push((to, words.into()));
        self
    }
}

#[derive(Debug, Template)]
#[template(path = "public/refused.html")]
struct RefusedPage {
    chrome: Chrome,
    refused: Refused,
    onward: Vec<(Href, String)>,
}

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let Self { refused, mut onward } = self;
        let status = refused.kind.status();
        let Some(desk) = request.rocket().state::<Desk>() else { return Err(status) };
        if onward.is_empty() {
            onward.push((paths::public::catalogue(), "Find training".to_owned()));
            onward.push((paths::public::lost_link(), "Get a new link to your booking".to_owned()));
        }
        let chrome = desk.private_chrome(Area::Elsewhere);
        Page { status, template: RefusedPage { chrome, refused, onward } }.respond_to(request)
    }
}
