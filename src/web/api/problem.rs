//! Problem details (RFC 9457): what went wrong, for a program to act on.

#![deny(clippy::wildcard_enum_match_arm)]

use std::io::Cursor;

use rocket::{
    Catcher, Request, Response, catch, catchers, get,
    http::{ContentType, Status},
    response::{self, Responder},
};
use serde::Serialize;

use crate::{
    actions::booking::refusals::{BookError, HoldError},
    domain::already::{Already, sentence},
    store::StoreError,
    web::{
        Desk,
        asked::Unusable,
        caught::{self, Caught},
        kept::MaybeAway,
        problem_kind::ProblemKind,
        refusal::Cause,
    },
};

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where, as a JSON pointer (RFC 6901), such as `/places/0/name`.
    pub pointer: String,
    /// What would do, in words.
    pub detail: String,
}

/// What is said while the database is away.
const UNAVAILABLE: &str = "Nothing was booked. Try again once Retry-After is over.";

/// What is said when it went away at the last moment.
const UNSURE: &str = "We cannot tell whether this was booked. Send the same request with the same \
                      Idempotency-Key once Retry-After is over: it is booked once.";

/// A problem, ready to answer with.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    /// A problem of a kind, with what happened in words.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new() }
    }

    /// Fields that cannot be used.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = "Nothing was booked. See what to put right in errors.";
        Self { errors, ..Self::new(ProblemKind::InvalidFields, detail) }
    }

    /// Parts of the address that cannot be used, each by its name.
    pub fn asked(unusable: Vec<Unusable>) -> Self {
        let errors = unusable
            .into_iter()
            .map(|one| FieldError { pointer: format!("/{}", one.name), detail: one.would });
        let detail = "The address asks for what cannot be. See what to put right in errors.";
        Self { errors: errors.collect(), ..Self::new(ProblemKind::InvalidFields, detail) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        log::error!("{error}");
        match error {
            StoreError::Unavailable(_) => return Self::new(ProblemKind::Unavailable, UNAVAILABLE),
            StoreError::Unsure(_) => return Self::new(ProblemKind::Unavailable, UNSURE),
            StoreError::Failed(_)
            | StoreError::Taken
            | StoreError::Oversold
            | StoreError::Stale { .. }
            | StoreError::InvalidMove(_)
            | StoreError::Corrupt { .. }
            | StoreError::Migration(_)
            | StoreError::Address(_) => {}
        }
        Self::new(ProblemKind::Broken, "Please try again; nothing was booked.")
    }
}

impl MaybeAway for Problem {
    fn is_away(&self) -> bool {
        self.kind == ProblemKind::Unavailable
    }
}

impl From<&[Already]> for Problem {
    fn from(found: &[Already]) -> Self {
        let error = |one: &Already| FieldError {
            pointer: format!("/places/{}/same_person", one.number.saturating_sub(1)),
            detail: format!(
                "{}. Send \"no\" here if this is somebody else; if not, leave this place out",
                one.words()
            ),
        };
        let detail = format!("Nothing was booked: {}.", sentence(found));
        let errors = found.iter().map(error).collect();
        Self { errors, ..Self::new(ProblemKind::SamePerson, detail) }
    }
}

impl From<BookError> for Problem {
    fn from(error: BookError) -> Self {
        if let BookError::Hold(HoldError::AlreadyThere(found)) = &error {
            return found.as_slice().into();
        }
        let detail = format!("Nothing was booked: {error}.");
        let refused = match Cause::from(error) {
            Cause::Refused(refused) => refused,
            Cause::Store(error) => return error.into(),
        };
        match refused.field() {
            Some((pointer, detail)) => {
                Self::fields(vec![FieldError { pointer: pointer.to_owned(), detail }])
            }
            None => Self::new(refused.kind.problem(), detail),
        }
    }
}

impl<'r> Responder<'r, 'static> for Problem {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let base = request.rocket().state::<Desk>().map(|desk| &desk.ctx.letterhead.base_url);
        let base = base.map_or("", |url| url.as_str());
        let status = self.kind.status();
        let body = serde_json::to_vec(&Body {
            r#type: format!("{base}/api/v1/problems/{}", self.kind),
            title: self.kind.title(),
            status: status.code,
            detail: &self.detail,
            errors: &self.errors,
        });
        let body = body.map_err(|_| Status::InternalServerError)?;
        Response::build()
            .status(status)
            .header(ContentType::new("application", "problem+json"))
            .sized_body(body.len(), Cursor::new(body))
            .ok()
    }
}

/// What a `type` means, for whoever follows it.
#[get("/problems/<kind>")]
pub(super) fn explained(kind: &str) -> Result<&'static str, Problem> {
    kind.parse::<ProblemKind>()
        .map(ProblemKind::title)
        .map_err(|_| Problem::new(ProblemKind::NotFound, "There is no such kind of problem."))
}

#[catch(default)]
fn any(status: Status, request: &Request<'_>) -> Caught<Problem> {
    let status = caught::status(request, status);
    let problem = match status.code {
        400 => Problem::new(ProblemKind::MalformedJson, "The request could not be read."),
        403 => Problem::new(ProblemKind::Forbidden, "Send requests from a program, not a page."),
        405 => Problem::new(ProblemKind::WrongMethod, "Allow says by which methods it answers."),
        413 => Problem::new(ProblemKind::TooLong, "Nothing was booked."),
        429 => Problem::new(ProblemKind::TooMany, "Wait as long as Retry-After says."),
        503 => Problem::new(ProblemKind::Unavailable, UNAVAILABLE),
        500.. => Problem::new(ProblemKind::Broken, "Please try again; nothing was booked."),
        _ => Problem::new(ProblemKind::NotFound, "There is nothing at this address."),
    };
    Caught::new(request, status, problem)
}

pub(super) fn catchers() -> Vec<Catcher> {
    catchers![any]
}
