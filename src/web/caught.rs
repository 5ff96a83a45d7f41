//! What is answered where no handler did: which status it is, and what its answer carries even where
//! the request could not be read.

use std::collections::BTreeSet;

use rocket::{
    Request, Response,
    http::{Header, Status},
    response::{self, Responder},
};

use super::{access_log, headers};

/// The answer of a catcher.
pub(super) struct Caught<T> {
    answer: T,
    /// The methods that would have done, for a 405 (RFC 9110 15.5.6).
    allowed: Option<String>,
}

impl<T> Caught<T> {
    /// An answer for the status that [`Caught::status`] says.
    pub(super) fn new(request: &Request<'_>, status: Status, answer: T) -> Self {
        let is_wrong = status == Status::MethodNotAllowed;
        Self { answer, allowed: is_wrong.then(|| allowed(request).join(", ")) }
    }
}

/// The status of what nobody answered. An address that cannot be read is an address that leads
/// nowhere; one that leads somewhere by another method says so.
pub(super) fn status(request: &Request<'_>, status: Status) -> Status {
    match status.code {
        422 => Status::NotFound,
        404 if request.route().is_none() && !allowed(request).is_empty() => {
            Status::MethodNotAllowed
        }
        _ => status,
    }
}

/// The methods by which an address can be asked, where the one of this request is none of them.
fn allowed(request: &Request<'_>) -> Vec<&'static str> {
    let path = request.uri().path();
    let routes = request.rocket().routes().filter(|route| leads(route.uri.path(), path.as_str()));
    let mut methods: BTreeSet<&str> = routes.map(|route| route.method.as_str()).collect();
    if methods.contains(request.method().as_str()) {
        return Vec::new();
    }
    if methods.contains("GET") {
        methods.insert("HEAD");
    }
    methods.into_iter().collect()
}

/// Whether a path is of a route's form. Nobody learns by a method that there are numbers to read.
fn leads(route: &str, path: &str) -> bool {
    if route == "/metrics" {
        return false;
    }
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    for expected in route.split('/').filter(|part| !part.is_empty()) {
        if expected.starts_with('<') && expected.ends_with("..>") {
            return true;
        }
        match parts.next() {
            Some(part) if expected.starts_with('<') || part == expected => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

impl<'r, 'o: 'r, T: Responder<'r, 'o>> Responder<'r, 'o> for Caught<T> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'o> {
        let mut response: Response<'o> = self.answer.respond_to(request)?;
        if let Some(allowed) = self.allowed {
            response.set_header(Header::new("Allow", allowed));
        }
        if !access_log::is_whole(request) {
            headers::dress(request, &mut response);
            access_log::write(request, &mut response, |_| false);
        }
        Ok(response)
    }
}
