//! Asking somebody to come.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{session::Session, text::Paragraph};

struct PersonallyInvited {
    frame: Frame,
    session: About,
    by: String,
    /// What the organiser says to her, line by line.
    words: Vec<String>,
    deadline: String,
    again: bool,
    url: String,
}

/// What somebody who is asked by name is told.
#[derive(Debug, Clone, Copy)]
pub struct PersonalAsk<'a> {
    /// Who asks her.
    pub by: &'a str,
    /// What the organiser says to her.
    pub words: Option<&'a Paragraph>,
    /// Until when she may answer, in words.
    pub deadline: &'a str,
    /// Whether she was asked before.
    pub again: bool,
}

/// To somebody an organiser asks by name to come.
pub fn personally_invited(
    sender: &Sender,
    session: &Session,
    name: &str,
    ask: PersonalAsk<'_>,
    url: &str,
) -> Content {
    let lines = ask.words.map_or("", Paragraph::as_str).lines();
    let letter = PersonallyInvited {
        frame: Frame { reference: "", ..Frame::about(sender, session, name) },
        session: About::session(sender, session),
        by: plain::one_line(ask.by),
        words: lines.map(plain::one_line).collect(),
        deadline: ask.deadline.to_owned(),
        again: ask.again,
        url: url.to_owned(),
    };
    content!(
        &letter,
        PersonallyInvited,
        "letters/personally-invited/subject.txt",
        "letters/personally-invited/body.txt",
        "letters/personally-invited/body.html"
    )
}
