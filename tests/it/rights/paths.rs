//! The routes of paths.

use rocket::http::Method;
use turnout::domain::permission::Permission as P;

use super::About::{self, Session as OfSession, Something};

pub(super) const ROUTES: &[(Method, &str, P, About)] = &[
    (Method::Get, "/office/paths", P::ManagePeople, Something),
    (Method::Get, "/office/new-path", P::ManagePeople, Something),
    (Method::Post, "/office/new-path", P::ManagePeople, Something),
    (Method::Get, "/office/claims", P::ManagePeople, Something),
    (Method::Get, "/office/paths/<slug>", P::ManagePeople, OfSession),
    (Method::Get, "/office/paths/<slug>/edit", P::ManagePeople, OfSession),
    (Method::Post, "/office/paths/<slug>/edit", P::ManagePeople, OfSession),
    (Method::Post, "/office/paths/<slug>/publish", P::ManagePeople, OfSession),
    (Method::Post, "/office/paths/<slug>/people", P::ManagePeople, OfSession),
    (Method::Get, "/office/paths/<slug>/people.csv", P::ManagePeople, OfSession),
    (Method::Get, "/office/paths/<slug>/people.xlsx", P::ManagePeople, OfSession),
    (Method::Get, "/office/paths/<slug>/people/<id>/off", P::ManagePeople, OfSession),
    (Method::Post, "/office/paths/<slug>/people/<id>/off", P::ManagePeople, OfSession),
    (Method::Post, "/office/paths/<slug>/people/<id>/newer", P::ManagePeople, OfSession),
    (Method::Post, "/office/paths/<slug>/people/<id>/certificate", P::ManagePeople, OfSession),
    (Method::Get, "/office/people/<id>/path", P::ManagePeople, OfSession),
    (Method::Get, "/office/people/<id>/path/transcript.pdf", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/path/records", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/path/records/<record>", P::ManagePeople, OfSession),
    (Method::Get, "/office/people/<id>/path/records/<record>/take-out", P::ManagePeople, OfSession),
    (
        Method::Post,
        "/office/people/<id>/path/records/<record>/take-out",
        P::ManagePeople,
        OfSession,
    ),
    (Method::Post, "/office/people/<id>/path/slip", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/path/link", P::ManagePeople, OfSession),
    (Method::Post, "/office/people/<id>/path/link/end", P::ManagePeople, OfSession),
];
