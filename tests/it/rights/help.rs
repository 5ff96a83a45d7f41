//! The routes of help so that people can come.

use rocket::http::Method;
use turnout::domain::permission::Permission as P;

use super::About::{self, Session as OfSession, Something};

pub(super) const ROUTES: &[(Method, &str, P, About)] = &[
    (Method::Get, "/office/help", P::DecideRequests, Something),
    (Method::Get, "/office/help.csv", P::DecideRequests, Something),
    (Method::Get, "/office/help/<id>", P::DecideRequests, Something),
    (Method::Post, "/office/help/<id>", P::DecideRequests, Something),
    (Method::Get, "/office/sessions/<code>/help", P::DecideRequests, OfSession),
    (Method::Post, "/office/sessions/<code>/help/many", P::DecideRequests, OfSession),
    (Method::Get, "/office/sessions/<code>/help/offer", P::PlanSessions, OfSession),
    (Method::Post, "/office/sessions/<code>/help/offer", P::PlanSessions, OfSession),
];
