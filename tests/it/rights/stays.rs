//! Staying overnight: what people say of it.

use rocket::http::Method;

use super::{
    About::{self, Session as OfSession},
    P,
};

/// Each route, the right it needs, and on what.
pub const ROUTES: &[(Method, &str, P, About)] = &[
    (
        Method::Get,
        "/office/bookings/<reference>/places/<number>/stay",
        P::ManageBookings,
        OfSession,
    ),
    (
        Method::Post,
        "/office/bookings/<reference>/places/<number>/stay",
        P::ManageBookings,
        OfSession,
    ),
    (Method::Get, "/office/sessions/<code>/rooms", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/rooms", P::PlanSessions, OfSession),
    (Method::Get, "/office/sessions/<code>/rooms/<id>", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/rooms/<id>", P::PlanSessions, OfSession),
    (Method::Get, "/trainer/sessions/<code>/rooms", P::CheckIn, OfSession),
    (Method::Get, "/trainer/sessions/<code>/rooms.csv", P::CheckIn, OfSession),
    (Method::Get, "/trainer/sessions/<code>/rooms.xlsx", P::CheckIn, OfSession),
];
