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

struct InterestAsked {
    frame: Frame,
    course: String,
    url: String,
}

/// To whoever wants to be told of dates: a link by which she confirms it, since anybody may type any address.
pub fn interest_asked(sender: &Sender, name: &str, course: &str, url: &str) -> Content {
    let letter = InterestAsked {
        frame: Frame::from_us(sender, name),
        course: plain::shortened(course, 120),
        url: url.to_owned(),
    };
    content!(
        &letter,
        InterestAsked,
        "letters/interest-asked/subject.txt",
        "letters/interest-asked/body.txt",
        "letters/interest-asked/body.html"
    )
}

struct DateAnnounced {
    frame: Frame,
    session: About,
    url: String,
    stop: String,
}

/// To whoever wanted to be told: there is a date.
pub fn date_announced(sender: &Sender, session: &Session, name: &str, stop: &str) -> Content {
    let about = About::session(sender, session);
    let letter = DateAnnounced {
        frame: Frame { reference: "", stop: "", ..Frame::about(sender, session, name) },
        url: about.page.clone().unwrap_or_default(),
        session: about,
        stop: stop.to_owned(),
    };
    content!(
        &letter,
        DateAnnounced,
        "letters/date-announced/subject.txt",
        "letters/date-announced/body.txt",
        "letters/date-announced/body.html"
    )
}
