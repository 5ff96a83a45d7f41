//! What every page shares: the frame round it, and the way it becomes a response.

use std::io::Cursor;

use askama::Template;
use rocket::{
    Request, Response,
    http::{ContentType, Status},
    response::{self, Responder},
};

use super::paths::{self, Href};

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

    fn link(&self, words: &'static str, href: Href, area: Option<Area>) -> NavLink {
        NavLink { words, href, is_here: area == Some(self.area) }
    }

    /// The navigation on top, by who looks.
    pub fn navigation(&self) -> Vec<NavLink> {
        use paths::{account, office, public, trainer};
        let link = |words, href, area| self.link(words, href, area);
        let mine = || link("My sessions", trainer::sessions(), Some(Area::Trainer));
        let account = || link("Account", account::account(), Some(Area::Account));
        let sign_out = || link("Sign out", account::sign_out(), None);
        match &self.viewer {
            Some(viewer) if viewer.has_office => vec![
                link("Overview", office::overview(), Some(Area::Overview)),
                link("Sessions", office::sessions(), Some(Area::Sessions)),
                link("More", office::other_pages(), Some(Area::Office)),
                mine(),
                account(),
                sign_out(),
            ],
            Some(_) => vec![
                mine(),
                link("Find training", public::catalogue(), None),
                link("Calendars", public::calendars(), None),
                account(),
                sign_out(),
            ],
            None => vec![
                link("Find training", public::catalogue(), Some(Area::Find)),
                link("Calendars", public::calendars(), Some(Area::Calendars)),
                link("My booking", public::lost_link(), Some(Area::Booking)),
                link("Sign in", account::sign_in(), None),
            ],
        }
    }

    /// Where bookings are looked for from every page of the office.
    pub fn search(&self) -> Option<Href> {
        self.has_office().then(paths::office::bookings)
    }

    /// The links on every page's foot.
    pub fn foot(&self) -> Vec<NavLink> {
        let link = |words, href| self.link(words, href, None);
        let mut foot = vec![
            link("Help", paths::public::help()),
            link("Accessibility", paths::public::accessibility()),
            link("Privacy", paths::public::privacy()),
            link("For other programs", paths::public::api()),
        ];
        if self.demo {
            foot.push(link("Demo mailbox", paths::mailbox::letters()));
        }
        foot
    }

    /// Where the site begins.
    pub fn beginning(&self) -> Href {
        paths::public::catalogue()
    }
}

/// A link round every page.
#[derive(Debug, Clone)]
pub struct NavLink {
    pub words: &'static str,
    pub href: Href,
    /// Whether the page belongs there.
    pub is_here: bool,
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

    /// A form shown again because somebody else changed the same meanwhile: 409.
    pub fn conflict(template: T) -> Self {
        Self { status: Status::Conflict, template }
    }

    /// A form shown again because something in it must be put right: 422.
    pub fn unprocessable(template: T) -> Self {
        Self { status: Status::UnprocessableEntity, template }
    }
}

/// A page that cannot be rendered; it was logged.
#[derive(Debug)]
pub struct Unrendered;

/// A page's HTML; one that cannot be rendered is logged.
///
/// # Errors
/// [`Unrendered`].
pub fn render(template: &impl Template) -> Result<String, Unrendered> {
    template.render().map_err(|error| {
        log::error!("a page could not be rendered: {error}");
        Unrendered
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
