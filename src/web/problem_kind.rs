//! The kinds of problem that a program is told of; each has a stable `type`.

use rocket::http::Status;

use crate::domain::vocabulary::words;

/// A kind of problem.
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
    /// The evenings of the series are booked together, and not one alone.
    WholeSeries,
    /// Booking opens later.
    NotYetOpen,
    /// Booking has closed, or the session is over.
    Closed,
    /// The session was called off.
    Cancelled,
    /// Somebody may be on the session already; `errors` says who, and how to say that she is somebody
    /// else.
    SamePerson,
    /// The `Idempotency-Key` was used for another request.
    KeyReused,
    /// There is something at this address, but not for this method.
    WrongMethod,
    /// The body is longer than is read.
    TooLong,
    /// Too many requests; `Retry-After` says when to come back.
    TooMany,
    /// The request comes from another site.
    Forbidden,
    /// A fault of ours.
    Broken,
    /// The database is away, or too many came at once; `Retry-After` says when to come back.
    Unavailable,
}

words!(ProblemKind {
    MalformedJson => "malformed-json",
    InvalidFields => "invalid-fields",
    NotFound => "not-found",
    Full => "full",
    InstitutionLimit => "institution-limit",
    WholeSeries => "whole-series",
    NotYetOpen => "not-yet-open",
    Closed => "closed",
    Cancelled => "cancelled",
    SamePerson => "same-person",
    KeyReused => "key-reused",
    WrongMethod => "wrong-method",
    TooLong => "too-long",
    TooMany => "too-many-requests",
    Forbidden => "forbidden",
    Broken => "broken",
    Unavailable => "unavailable",
});

impl ProblemKind {
    /// The status it answers with.
    pub const fn status(self) -> Status {
        match self {
            Self::MalformedJson => Status::BadRequest,
            Self::InvalidFields | Self::KeyReused => Status::UnprocessableEntity,
            Self::NotFound => Status::NotFound,
            Self::Full
            | Self::InstitutionLimit
            | Self::WholeSeries
            | Self::NotYetOpen
            | Self::Closed
            | Self::Cancelled
            | Self::SamePerson => Status::Conflict,
            Self::WrongMethod => Status::MethodNotAllowed,
            Self::TooLong => Status::PayloadTooLarge,
            Self::TooMany => Status::TooManyRequests,
            Self::Forbidden => Status::Forbidden,
            Self::Broken => Status::InternalServerError,
            Self::Unavailable => Status::ServiceUnavailable,
        }
    }

    /// What it is, for a person.
    pub const fn title(self) -> &'static str {
        match self {
            Self::MalformedJson => "The body is not JSON",
            Self::InvalidFields => "Some fields cannot be used",
            Self::NotFound => "There is no such thing",
            Self::Full => "There are not enough places",
            Self::InstitutionLimit => "The institution has all the places it may have",
            Self::WholeSeries => "The evenings are booked together",
            Self::NotYetOpen => "Booking has not opened yet",
            Self::Closed => "Booking has closed",
            Self::Cancelled => "The session is cancelled",
            Self::SamePerson => "Somebody may be on the session already",
            Self::KeyReused => "The Idempotency-Key was used for a different request",
            Self::WrongMethod => "The address does not answer to this method",
            Self::TooLong => "The body is too long",
            Self::TooMany => "Too many requests",
            Self::Forbidden => "The request comes from another site",
            Self::Broken => "Something of ours is broken",
            Self::Unavailable => "We cannot do that just now",
        }
    }
}
