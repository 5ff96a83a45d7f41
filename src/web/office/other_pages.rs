//! The less frequent pages of the office, for those who may open them.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::permission::{Permission, allows_everywhere, allows_somewhere},
    web::{
        Desk,
        guard::{Granted, WatchSessions},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![more]
}

struct OtherPage {
    right: Permission,
    /// Whether it belongs to no alliance, so that it needs the right everywhere.
    is_everywhere: bool,
    href: Href,
    name: &'static str,
    purpose: &'static str,
}

#[derive(Template)]
#[template(path = "office/other_pages.html")]
struct OtherPages {
    chrome: Chrome,
    pages: Vec<OtherPage>,
}

fn page(right: Permission, href: Href, name: &'static str, purpose: &'static str) -> OtherPage {
    OtherPage { right, is_everywhere: false, href, name, purpose }
}

fn all() -> Vec<OtherPage> {
    let mut pages = about_people();
    pages.extend(about_the_rest());
    pages
}

/// Who comes where.
fn about_people() -> Vec<OtherPage> {
    use Permission as May;
    use paths::office as to;
    vec![
        page(May::DecideRequests, to::requests(), "Requests", "Who asks for places"),
        page(
            May::ManageInstitutions,
            to::institutions(),
            "Institutions",
            "Who belongs to your alliances",
        ),
        page(May::WatchSessions, to::season(), "Season", "A month or a term on one wall"),
        page(
            May::PlanSessions,
            paths::venues::list(),
            "Venues",
            "Buildings: whom to ask, what they hold and cost",
        ),
        page(
            May::PlanSessions,
            paths::desk::supports(),
            "Interpreters and other support",
            "What is arranged for the season, and what it costs",
        ),
        page(
            May::DecideRequests,
            paths::help_requests::list(),
            "Help so that people can come",
            "Who asks for a bursary, childcare, an interpreter or travel",
        ),
        page(
            May::ManageBookings,
            to::bookings(),
            "Bookings",
            "Find one by a name, a number or a reference",
        ),
        page(
            May::PlanSessions,
            paths::desk::demand(),
            "Waiting for a date",
            "Who wants to be told of which course, and where they are",
        ),
        page(
            May::ManageBookings,
            paths::records::nominations(),
            "Nominations",
            "Whom to ask to which course, and the talks before and after",
        ),
        page(May::ManagePeople, to::people(), "People", "Who booked and who came"),
        page(
            May::ManagePeople,
            paths::records::people_questions(),
            "Who is who",
            "People who may be the same person",
        ),
        page(May::ManagePeople, paths::path::list(), "Paths", "Who learns what, and how far"),
    ]
}

/// What came of it, and what is kept, written and looked up.
fn about_the_rest() -> Vec<OtherPage> {
    use Permission as May;
    use paths::office as to;
    vec![
        page(May::WatchSessions, to::turnout(), "Turnout", "Who pledged, named and came"),
        page(
            May::WatchSessions,
            paths::feedback::over_time(),
            "What people thought",
            "By month, course, trainer and alliance",
        ),
        page(
            May::ImportFiles,
            paths::files::import(),
            "Files",
            "Bring in a spreadsheet, or let one read your numbers",
        ),
        page(May::ManageCourses, to::courses(), "Courses", "What is taught"),
        page(May::ManageAlliances, to::alliances(), "Alliances", "The local chapters"),
        page(May::ReadLetters, to::letters(), "Letters", "Which wait, went out or failed"),
        page(May::MessagePeople, to::messages(), "Messages", "Write to people of many sessions"),
        page(May::MessagePeople, to::wording(), "Wording", "What letters say in your own words"),
        OtherPage {
            is_everywhere: true,
            ..page(
                May::ReadLetters,
                to::replies(),
                "Answers",
                "What calendars and people wrote back",
            )
        },
        page(May::ReadAudit, to::audit(), "Log", "Who did what, and when"),
        page(May::ManageAccounts, to::accounts(), "Accounts", "Who may sign in, and what for"),
    ]
}

#[get("/office/more")]
fn more(desk: &State<Desk>, who: Granted<WatchSessions>) -> Page<OtherPages> {
    let mut pages = all();
    pages.retain(|page| match page.is_everywhere {
        true => allows_everywhere(&who.member, page.right),
        false => allows_somewhere(&who.member, page.right),
    });
    Page::ok(OtherPages { chrome: desk.signed_in_chrome(Area::Office, &who.member), pages })
}
