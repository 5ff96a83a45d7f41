//! What every page shares: the frame round it, and the way it becomes a response.

use std::io::Cursor;

use askama::Template;
use rocket::{
    Request, Response,
    http::{ContentType, Status},
    response::{self, Responder},
};

use super::failure::Failure;

/// How people reach the office, on every page's foot and in errors.
#[derive(Debug, Clone)]
pub struct Office {
    /// A telephone number as people read it, such as `020 7946 0142`.
    pub phone: String,
    /// An address for questions.
    pub email: String,
}

impl Office {
    /// The number for `tel:` links: digits and a leading plus only.
    pub fn phone_link(&self) -> String {
        self.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// The part of the site a page belongs to, marked in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The catalogue, sessions and booking.
    Find,
    /// How to subscribe.
    Calendars,
    /// The leader's or an attendee's private page.
    Booking,
    /// The trainer's pages.
    Trainer,
    /// The organiser's overview.
    Overview,
    /// The organiser's sessions.
    Sessions,
    /// The rest of the office.
    Office,
    /// One's own account.
    Account,
    /// Anything else.
    Elsewhere,
}

/// What the navigation says to whoever is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Their name.
    pub name: String,
    /// Whether the office is open to them.
    pub has_office: bool,
}

/// The frame round a page: part of every page struct, named `chrome`.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// How to reach the office.
    pub office: Office,
    /// The part of the site.
    pub area: Area,
    /// Whoever is signed in.
    pub viewer: Option<Viewer>,
    /// Whether search engines must leave the page alone.
    pub private: bool,
    /// Whether this is the demo, whose mailbox anybody may open.
    pub demo: bool,
}

impl Chrome {
    /// Whether whoever looks may open the office.
    pub fn has_office(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.has_office)
    }

    /// Whether the page belongs to `area`; the template asks this for each link.
    pub fn is_in(&self, area: &str) -> bool {
        matches!(
            (self.area, area),
            (Area::Find, "find")
                | (Area::Calendars, "calendars")
                | (Area::Booking, "booking")
                | (Area::Trainer, "trainer")
                | (Area::Overview, "overview")
                | (Area::Sessions, "sessions")
                | (Area::Office, "office")
                | (Area::Account, "account")
        )
    }
}

/// A page with its status.
#[derive(Debug)]
pub struct Page<T> {
    /// The status it answers with.
    pub status: Status,
    /// The page.
    pub template: T,
}

impl<T: Template> Page<T> {
    /// A page that answers 200.
    pub fn ok(template: T) -> Self {
        Self { status: Status::Ok, template }
    }

    /// A form shown again because something in it must be put right: 422.
    pub fn unprocessable(template: T) -> Self {
        Self { status: Status::UnprocessableEntity, template }
    }
}

/// A page's HTML; one that cannot be rendered is logged.
///
/// # Errors
/// [`Failure::Broken`].
pub fn render(template: &impl Template) -> Result<String, Failure> {
    template.render().map_err(|error| {
        log::error!("a page could not be rendered: {error}");
        Failure::Broken
    })
}

impl<'r, T: Template> Responder<'r, 'static> for Page<T> {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let body = render(&self.template).map_err(|_| Status::InternalServerError)?;
        Response::build()
            .status(self.status)
            .header(ContentType::HTML)
            .sized_body(body.len(), Cursor::new(body))
            .ok()
    }
}
