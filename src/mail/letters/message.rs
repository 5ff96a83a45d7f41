//! What an organiser writes to people of a session.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{session::Session, text::Message, wording};

struct MessageLetter {
    frame: Frame,
    session: About,
    subject: String,
    paragraphs: Vec<String>,
    url: String,
}

/// To people of a session: the organiser's own words, and which session it is about.
pub fn message(
    letterhead: &Letterhead,
    session: &Session,
    names: &[String],
    subject: &str,
    body: &Message,
) -> Content {
    let names: Vec<String> = names.iter().map(|name| plain::one_line(name)).collect();
    let paragraphs = body.as_str().split("\n\n").map(|one| {
        let lines = one.lines().map(plain::one_line).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    });
    let about = About::session(letterhead, session);
    let letter = MessageLetter {
        frame: Frame::about(letterhead, session, &wording::list(&names)),
        subject: plain::one_line(subject),
        paragraphs: paragraphs.filter(|one| !one.is_empty()).collect(),
        url: about.page.clone().unwrap_or_default(),
        session: about,
    };
    content!(
        &letter,
        MessageLetter,
        "letters/message/subject.txt",
        "letters/message/body.txt",
        "letters/message/body.html"
    )
}
