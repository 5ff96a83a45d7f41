//! The routes of files that are brought in, handed out, and read by a spreadsheet.

use rocket::http::Method;
use turnout::domain::permission::Permission as P;

use super::About::{self, Everything, Session as OfSession, Something};

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
    (Method::Get, "/office/sessions/<code>/handouts", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/handouts", P::PlanSessions, OfSession),
    (Method::Get, "/office/courses/<slug>/handouts", P::ManageCourses, Everything),
    (Method::Post, "/office/courses/<slug>/handouts", P::ManageCourses, Everything),
    (Method::Get, "/office/handouts/<id>", P::PlanSessions, Something),
    (Method::Post, "/office/handouts/<id>", P::PlanSessions, Something),
    (Method::Get, "/office/handouts/<id>/file", P::PlanSessions, Something),
    (Method::Get, "/trainer/sessions/<code>/handouts", P::CheckIn, OfSession),
    (Method::Get, "/trainer/sessions/<code>/handouts/<id>", P::CheckIn, OfSession),
    (Method::Get, "/office/feedback", P::WatchSessions, Something),
    (Method::Get, "/office/feedback.csv", P::WatchSessions, Something),
    (Method::Get, "/office/sessions/<code>/feedback-questions", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/feedback-questions", P::PlanSessions, OfSession),
    (Method::Get, "/office/courses/<slug>/feedback-questions", P::ManageCourses, Everything),
    (Method::Post, "/office/courses/<slug>/feedback-questions", P::ManageCourses, Everything),
    (Method::Get, "/office/feedback/questions/<id>/end", P::PlanSessions, Something),
    (Method::Post, "/office/feedback/questions/<id>/end", P::PlanSessions, Something),
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
