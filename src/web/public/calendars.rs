//! How to subscribe, per calendar app.

use askama::Template;

use super::super::page::Chrome;
use crate::domain::{
    alliance::Alliance,
    id::{AllianceSlug, CourseSlug},
};

/// The ways to one feed.
#[derive(Debug, Clone)]
pub struct SubscribeLinks {
    /// Its address.
    pub https: String,
    /// The same for apps that open `webcal:`.
    pub webcal: String,
    /// Google Calendar's page that subscribes.
    pub google: String,
    /// Outlook.com's.
    pub outlook: String,
    /// Outlook's at work.
    pub office: String,
}

impl SubscribeLinks {
    /// The ways to the feed at `https`, shown as `name`.
    pub fn to(https: &str, name: &str) -> Self {
        let webcal = https
            .split_once("://")
            .map_or_else(String::new, |(_, rest)| format!("webcal://{rest}"));
        let quoted =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let add = |host: &str| {
            let query = format!("url={}&name={}", quoted(https), quoted(name).replace('+', "%20"));
            format!("https://{host}/calendar/0/addfromweb?{query}")
        };
        Self {
            https: https.to_owned(),
            google: format!("https://calendar.google.com/calendar/r?cid={}", quoted(&webcal)),
            outlook: add("outlook.live.com"),
            office: add("outlook.office.com"),
            webcal,
        }
    }
}

/// How to subscribe.
#[derive(Debug, Template)]
#[template(path = "public/calendars.html")]
pub struct CalendarsPage {
    /// The frame.
    pub chrome: Chrome,
    /// The feed's name.
    pub name: String,
    /// The ways to it.
    pub links: SubscribeLinks,
    /// Every alliance.
    pub alliances: Vec<Alliance>,
    /// Every course with its title.
    pub courses: Vec<(CourseSlug, String)>,
    /// The alliance chosen.
    pub chosen_alliance: Option<AllianceSlug>,
    /// The course chosen.
    pub chosen_course: Option<CourseSlug>,
}

impl CalendarsPage {
    /// The query that leads back to the dates chosen.
    fn query(&self) -> String {
        match (&self.chosen_alliance, &self.chosen_course) {
            (Some(slug), _) => format!("?alliance={slug}"),
            (None, Some(slug)) => format!("?course={slug}"),
            (None, None) => String::new(),
        }
    }
}
