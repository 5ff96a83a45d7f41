//! What is said to many: messages, the wording of letters, and changes that are told.

use rocket::http::Method;

use super::{
    About::{self, Session as OfSession, Something},
    P,
};

/// Each route, the right it needs, and on what.
pub const ROUTES: &[(Method, &str, P, About)] = &[
    (Method::Post, "/office/sessions/<code>/requests/undo", P::DecideRequests, OfSession),
    (Method::Get, "/office/sessions/<code>/move-everybody", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/move-everybody", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/series", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/series", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/requests/day", P::DecideRequests, OfSession),
    (Method::Post, "/office/sessions/<code>/requests/day", P::DecideRequests, OfSession),
    (Method::Get, "/office/sessions/<code>/requests/compare", P::DecideRequests, OfSession),
    (Method::Post, "/office/sessions/<code>/requests/scores", P::DecideRequests, OfSession),
    (Method::Get, "/office/sessions/<code>/questions", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/questions", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/questions/<question>", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/questions/<question>", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/unanswered", P::ManageBookings, OfSession),
    (Method::Post, "/office/sessions/<code>/unanswered", P::ManageBookings, OfSession),
    (Method::Get, "/office/bookings/<reference>/questions", P::ManageBookings, OfSession),
    (Method::Post, "/office/bookings/<reference>/questions", P::ManageBookings, OfSession),
    (Method::Get, "/office/messages", P::MessagePeople, Something),
    (Method::Post, "/office/messages", P::MessagePeople, Something),
    (Method::Get, "/office/messages/<id>", P::MessagePeople, Something),
    (Method::Get, "/office/wording", P::MessagePeople, Something),
    (Method::Get, "/office/wording/<alliance>", P::MessagePeople, OfSession),
    (Method::Post, "/office/wording/<alliance>", P::MessagePeople, OfSession),
    (Method::Get, "/office/wording/<alliance>/<letter>", P::MessagePeople, OfSession),
    (Method::Post, "/office/wording/<alliance>/<letter>", P::MessagePeople, OfSession),
];
