//! Letters to somebody on a path: her link, what became of what she claimed, and her certificate.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::Frame,
};

struct PathLink {
    frame: Frame,
    path: String,
    /// `50 hours of training and 50 hours of action`.
    hours: String,
    /// Whether she, or somebody who knows her address, asked for it.
    asked: bool,
    url: String,
}

/// To somebody who was put on a path, or asked for her link: what it is, and the link.
pub fn path_link(
    letterhead: &Letterhead,
    name: &str,
    (path, hours, asked): (&str, &str, bool),
    url: &str,
) -> Content {
    let letter = PathLink {
        frame: Frame::from_us(letterhead, name),
        path: plain::one_line(path),
        hours: hours.to_owned(),
        asked,
        url: url.to_owned(),
    };
    content!(
        &letter,
        PathLink,
        "letters/path-link/subject.txt",
        "letters/path-link/body.txt",
        "letters/path-link/body.html"
    )
}

struct PathChanged {
    frame: Frame,
    path: String,
    /// What its newer version takes; empty for somebody who was taken off.
    hours: String,
    url: String,
}

/// To somebody who was moved to the newer version of a path, or taken off it.
pub fn path_changed(
    letterhead: &Letterhead,
    name: &str,
    (path, hours): (&str, Option<&str>),
    url: &str,
) -> Content {
    let letter = PathChanged {
        frame: Frame::from_us(letterhead, name),
        path: plain::one_line(path),
        hours: hours.unwrap_or_default().to_owned(),
        url: url.to_owned(),
    };
    content!(
        &letter,
        PathChanged,
        "letters/path-changed/subject.txt",
        "letters/path-changed/body.txt",
        "letters/path-changed/body.html"
    )
}

/// What an organiser said of something that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimAnswer {
    /// What was claimed: `3 hours, Assembly at City Hall, Sat 3 October 2026`.
    pub what: String,
    /// Whether it counts.
    pub is_confirmed: bool,
    /// Why it does not.
    pub reason: Option<String>,
    /// Her own link, while she is on a path.
    pub url: Option<String>,
}

struct ClaimAnswered {
    frame: Frame,
    what: String,
    is_confirmed: bool,
    reason: String,
    url: String,
}

/// To somebody who claimed something: what an organiser said of it.
pub fn claim_answered(letterhead: &Letterhead, name: &str, answer: &ClaimAnswer) -> Content {
    let letter = ClaimAnswered {
        frame: Frame::from_us(letterhead, name),
        what: plain::one_line(&answer.what),
        is_confirmed: answer.is_confirmed,
        reason: plain::one_line(answer.reason.as_deref().unwrap_or_default()),
        url: answer.url.clone().unwrap_or_default(),
    };
    content!(
        &letter,
        ClaimAnswered,
        "letters/claim-answered/subject.txt",
        "letters/claim-answered/body.txt",
        "letters/claim-answered/body.html"
    )
}

struct PathFinished {
    frame: Frame,
    path: String,
    number: String,
    url: String,
}

/// To somebody who finished a path: where her certificate is.
pub fn path_finished(
    letterhead: &Letterhead,
    name: &str,
    (path, number): (&str, &str),
    url: &str,
) -> Content {
    let letter = PathFinished {
        frame: Frame::from_us(letterhead, name),
        path: plain::one_line(path),
        number: number.to_owned(),
        url: url.to_owned(),
    };
    content!(
        &letter,
        PathFinished,
        "letters/path-finished/subject.txt",
        "letters/path-finished/body.txt",
        "letters/path-finished/body.html"
    )
}
