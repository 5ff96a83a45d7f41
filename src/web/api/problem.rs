//! Problem details (RFC 9457): what went wrong, for a program to act on.

use std::io::Cursor;

use rocket::{
    Catcher, Request, Response, catch, catchers, get,
    http::{ContentType, Status},
    response::{self, Responder},
};
use serde::Serialize;

use crate::{
    actions::booking::refusals::{BookError, HoldError},
    domain::{session::BookingStatus, vocabulary::words},
    store::StoreError,
    web::Desk,
};

/// The kinds of problem; each has a stable `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The body is not JSON.
    MalformedJson,
    /// Something of the request cannot be used; `errors` says what.
    InvalidFields,
    /// There is no such thing.
    NotFound,
    /// Too few places are left, and there is no waiting list.
    Full,
    /// The institution has all the places it may have.
    InstitutionLimit,
    /// Booking opens later.
    NotYetOpen,
    /// Booking has closed, or the session is over.
    Closed,
    /// The session was called off.
    Cancelled,
    /// The `Idempotency-Key` was used for another request.
    KeyReused,
    /// The body is longer than is read.
    TooLong,
    /// Too many requests; `Retry-After` says when to come back.
    TooMany,
    /// The request comes from another site.
    Forbidden,
    /// A fault of ours, or the database is away.
    Broken,
}

words!(ProblemKind {
    MalformedJson => "malformed-json",
    InvalidFields => "invalid-fields",
    NotFound => "not-found",
    Full => "full",
    InstitutionLimit => "institution-limit",
    NotYetOpen => "not-yet-open",
    Closed => "closed",
    Cancelled => "cancelled",
    KeyReused => "key-reused",
    TooLong => "too-long",
    TooMany => "too-many-requests",
    Forbidden => "forbidden",
    Broken => "broken",
});

impl ProblemKind {
    const fn status(self) -> Status {
        match self {
            Self::MalformedJson => Status::BadRequest,
            Self::InvalidFields | Self::KeyReused => Status::UnprocessableEntity,
            Self::NotFound => Status::NotFound,
            Self::Full
            | Self::InstitutionLimit
            | Self::NotYetOpen
            | Self::Closed
            | Self::Cancelled => Status::Conflict,
            Self::TooLong => Status::PayloadTooLarge,
            Self::TooMany => Status::TooManyRequests,
            Self::Forbidden => Status::Forbidden,
            Self::Broken => Status::InternalServerError,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::MalformedJson => "The body is not JSON",
            Self::InvalidFields => "Some fields cannot be used",
            Self::NotFound => "There is no such thing",
            Self::Full => "There are not enough places",
            Self::InstitutionLimit => "The institution has all the places it may have",
            Self::NotYetOpen => "Booking has not opened yet",
            Self::Closed => "Booking has closed",
            Self::Cancelled => "The session is cancelled",
            Self::KeyReused => "The Idempotency-Key was used for a different request",
            Self::TooLong => "The body is too long",
            Self::TooMany => "Too many requests",
            Self::Forbidden => "The request comes from another site",
            Self::Broken => "Something of ours is broken",
        }
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where, as a JSON pointer (RFC 6901), such as `/places/0/name`.
    pub pointer: String,
    /// What would do, in words.
    pub detail: String,
}

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
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        log::error!("{error}");
        Self::new(ProblemKind::Broken, "Please try again; nothing was booked.")
    }
}

impl From<BookError> for Problem {
    fn from(error: BookError) -> Self {
        let detail = format!("Nothing was booked: {error}.");
        let kind = match error {
            BookError::Hold(HoldError::Store(error)) => return error.into(),
            BookError::Hold(HoldError::WrongNumber { most }) => {
                let detail = format!("Ask for 1 to {most} places");
                return Self::fields(vec![FieldError { pointer: "/places".to_owned(), detail }]);
            }
            BookError::NominationMissing => {
                let detail = error.to_string();
                let pointer = "/nomination".to_owned();
                return Self::fields(vec![FieldError { pointer, detail }]);
            }
            BookError::Hold(HoldError::NotEnough { .. }) | BookError::HoldRanOut { .. } => {
                ProblemKind::Full
            }
            BookError::Hold(HoldError::TooMany) => ProblemKind::TooMany,
            BookError::Hold(HoldError::InstitutionLimit { .. }) => ProblemKind::InstitutionLimit,
            BookError::Hold(HoldError::NotOpen(BookingStatus::NotYetOpen { .. })) => {
                ProblemKind::NotYetOpen
            }
            BookError::Hold(HoldError::NotOpen(BookingStatus::Cancelled)) => ProblemKind::Cancelled,
            BookError::Hold(HoldError::NotOpen(_)) => ProblemKind::Closed,
            BookError::KeyReused => ProblemKind::KeyReused,
            _ => ProblemKind::NotFound,
        };
        Self::new(kind, detail)
    }
}

impl<'r> Responder<'r, 'static> for Problem {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let base = request.rocket().state::<Desk>().map(|desk| &desk.ctx.sender.base_url);
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
fn any(status: Status, _: &Request<'_>) -> Problem {
    match status.code {
        400 => Problem::new(ProblemKind::MalformedJson, "The request could not be read."),
        403 => Problem::new(ProblemKind::Forbidden, "Send requests from a program, not a page."),
        413 => Problem::new(ProblemKind::TooLong, "Nothing was booked."),
        429 => Problem::new(ProblemKind::TooMany, "Wait as long as Retry-After says."),
        500.. => Problem::new(ProblemKind::Broken, "Please try again; nothing was booked."),
        _ => Problem::new(ProblemKind::NotFound, "There is nothing at this address."),
    }
}

pub(super) fn catchers() -> Vec<Catcher> {
    catchers![any]
}
