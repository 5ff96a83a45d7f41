//! The less frequent pages of the office, for those who may open them.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::permission::{Permission, allows_everywhere, allows_somewhere},
    web::{
        Desk,
        guard::{Granted, WatchSessions},
        page::{Area, Chrome, Page},
    },
};

pub fn routes() -> Vec<Route> {
    routes![more]
}

/// Where the rest is.
#[derive(Template)]
#[template(path = "office/other_pages.html")]
struct MorePage {
    chrome: Chrome,
    links: Vec<(&'static str, &'static str, &'static str)>,
}

/// Belongs to no alliance, so it needs the right everywhere.
const REPLIES: &str = "/office/replies";

/// Every page, with the right it needs.
const PAGES: &[(Permission, &str, &str, &str)] = &[
    (Permission::DecideRequests, "/office/requests", "Requests", "Who asks for places"),
    (
        Permission::ManageInstitutions,
        "/office/institutions",
        "Institutions",
        "Who belongs to your alliances",
    ),
    (Permission::ManagePeople, "/office/people", "People", "Who booked and who came"),
    (Permission::WatchSessions, "/office/turnout", "Turnout", "Who pledged, named and came"),
    (Permission::ManageCourses, "/office/courses", "Courses", "What is taught"),
    (Permission::ManageAlliances, "/office/alliances", "Alliances", "The local chapters"),
    (Permission::ReadLetters, "/office/letters", "Letters", "Which wait, went out or failed"),
    (Permission::ReadLetters, REPLIES, "Answers", "What calendars and people wrote back"),
    (Permission::ReadAudit, "/office/audit", "Log", "Who did what, and when"),
    (Permission::ManageAccounts, "/office/accounts", "Accounts", "Who may sign in, and what for"),
];

#[get("/office/more")]
fn more(desk: &State<Desk>, who: Granted<WatchSessions>) -> Page<MorePage> {
    let may = |page: &&(Permission, &str, _, _)| match page.1 {
        REPLIES => allows_everywhere(&who.member, page.0),
        _ => allows_somewhere(&who.member, page.0),
    };
    let links = PAGES.iter().filter(may).map(|(_, href, name, purpose)| (*href, *name, *purpose));
    Page::ok(MorePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        links: links.collect(),
    })
}
