//! The pages for what went wrong: a plain apology, whether a booking happened, and a way on.

use std::borrow::Cow;

use askama::Template;
use rocket::{Catcher, Request, State, catch, catchers, http::Status, outcome::Outcome};

use crate::{
    domain::{
        permission::{Permission, allows_somewhere, whose},
        staff::StaffMember,
    },
    web::{
        Desk,
        caught::{self, Caught},
        failure::Unsure,
        guard::{LetIn, Needed, PasskeyFirst},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::role_name,
    },
};

/// What went wrong, whether anything was booked, and a way on.
#[derive(Debug, Template)]
#[template(path = "public/error.html")]
struct ErrorPage {
    chrome: Chrome,
    /// What went wrong.
    heading: &'static str,
    /// What it means, and what to do.
    message: Cow<'static, str>,
    /// Where somebody who is signed in goes on.
    home: Option<Href>,
}

impl ErrorPage {
    /// The page for a status.
    pub fn of(chrome: Chrome, status: u16, is_unsure: bool) -> Self {
        let (heading, message) = match status {
            503 if is_unsure => (
                "We cannot tell whether that went through",
                "Our database went away at the last moment. Look at your email in a minute: a \
                 booking that went through has a letter. If there is none, send the form again as \
                 it is: what went through is not made twice.",
            ),
            404 => (
                "We cannot find that page",
                "The link may be old, or mistyped. A private link that no longer works can be \
                 replaced: ask for a new one by email.",
            ),
            403 => (NOT_YOURS, "Nothing was changed. Start again from our own page."),
            405 => (
                "This address cannot be used like that",
                "Nothing was booked or changed. Start again from our own page.",
            ),
            413 => ("That was too long", "Nothing was saved. Please send less text."),
            429 => (
                "Too many tries",
                "Many requests came from your network just now. Nothing was booked or sent by this \
                 one. Please wait a few minutes, then try again, or phone us.",
            ),
            503 => (
                "We cannot do that just now",
                "Nothing was booked or changed by this request: our database does not answer, or too \
                 many people came at once. Please try again in a minute, or phone us.",
            ),
            500..=599 => (
                "Something went wrong",
                "It is our fault, not yours. If you were booking, check your email before you try \
                 again: a booking that went through has a letter.",
            ),
            _ => ("That did not work", "Nothing was booked or changed. Please try again."),
        };
        Self { chrome, heading, message: message.into(), home: None }
    }

    /// The same in the frame of somebody signed in, with whose right it would be.
    fn for_staff(self, desk: &Desk, who: &StaffMember, area: Area, needed: Needed) -> Self {
        let has_office = allows_somewhere(who, Permission::WatchSessions);
        let home = if has_office { paths::office::overview() } else { paths::trainer::sessions() };
        let message = match needed.0.filter(|_| self.heading == NOT_YOURS) {
            Some(permission) => Cow::Owned(format!(
                "You are signed in as {} ({}). This is for {}. Nothing was changed. If you need it, ask an \
                 administrator.",
                who.name,
                role_name(who.role).to_lowercase(),
                whose(permission)
            )),
            None => self.message,
        };
        let chrome = desk.signed_in_chrome(area, who);
        Self { chrome, message, home: Some(home), ..self }
    }
}

/// The heading where somebody may not do what was asked.
const NOT_YOURS: &str = "You cannot open this page";

/// To which part of the staff's pages an address belongs.
fn staff_area(request: &Request<'_>) -> Option<Area> {
    match request.uri().path().segments().get(0)? {
        "office" => Some(Area::Office),
        "trainer" => Some(Area::Trainer),
        "account" => Some(Area::Account),
        _ => None,
    }
}

#[catch(default)]
async fn any(status: Status, request: &Request<'_>) -> Result<Caught<Page<ErrorPage>>, Status> {
    let Outcome::Success(desk) = request.guard::<&State<Desk>>().await else { return Err(status) };
    let status = caught::status(request, status);
    let chrome = desk.chrome(Area::Elsewhere);
    let is_unsure = request.local_cache(Unsure::default).0;
    let mut template = ErrorPage::of(chrome, status.code, is_unsure);
    // Where the database is away, nobody knows who is signed in.
    if let Some(area) = staff_area(request).filter(|_| status.code < 500)
        && let Outcome::Success(who) = request.guard::<LetIn>().await
    {
        let needed = *request.local_cache(Needed::default);
        template = template.for_staff(desk, &who.member, area, needed);
    }
    let page = Page { status, template };
    Ok(Caught::new(request, status, page))
}

#[catch(401)]
fn sign_in_first(request: &Request<'_>) -> rocket::response::Redirect {
    // Whoever is signed in by a letter, and needs a passkey, is led to where one is added.
    let first = request.local_cache(PasskeyFirst::default).0;
    let to = if first { paths::account::passkeys() } else { paths::account::sign_in() };
    rocket::response::Redirect::to(to)
}

pub fn catchers() -> Vec<Catcher> {
    catchers![any, sign_in_first]
}
