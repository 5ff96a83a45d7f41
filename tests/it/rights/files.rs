//! The routes of files that are brought in, handed out, and read by a spreadsheet.

use rocket::http::Method;
use turnout::domain::permission::Permission as P;

use super::About::{self, Session as OfSession, Something};

pub(super) const ROUTES: &[(Method, &str, P, About)] = &[
    (Method::Get, "/office/import", P::ImportFiles, Something),
    (Method::Post, "/office/import", P::ImportFiles, Something),
    (Method::Get, "/office/import/<id>", P::ImportFiles, Something),
    (Method::Post, "/office/import/<id>/columns", P::ImportFiles, Something),
    (Method::Post, "/office/import/<id>/make", P::ImportFiles, Something),
    (Method::Get, "/office/import/<id>/take-back", P::ImportFiles, Something),
    (Method::Post, "/office/import/<id>/take-back", P::ImportFiles, Something),
    (Method::Post, "/office/import/<id>/discard", P::ImportFiles, Something),
    (Method::Get, "/office/sheets", P::ManageBookings, Something),
    (Method::Post, "/office/sheets", P::ManageBookings, Something),
    (Method::Get, "/office/sheets/<id>/end", P::ManageBookings, Something),
    (Method::Post, "/office/sheets/<id>/end", P::ManageBookings, Something),
    (Method::Get, "/office/people.csv", P::ManagePeople, Something),
    (Method::Get, "/office/people.xlsx", P::ManagePeople, Something),
    (Method::Get, "/office/bookings.csv", P::ManageBookings, Something),
    (Method::Get, "/office/bookings.xlsx", P::ManageBookings, Something),
    (Method::Get, "/trainer/sessions/<code>/roster.csv", P::ReadRoster, OfSession),
    (Method::Get, "/trainer/sessions/<code>/roster.xlsx", P::ReadRoster, OfSession),
    (Method::Get, "/office/sessions/<code>/feedback.csv", P::WatchSessions, OfSession),
    (Method::Get, "/office/turnout.csv", P::WatchSessions, Something),
    (Method::Get, "/office/turnout.xlsx", P::WatchSessions, Something),
];
