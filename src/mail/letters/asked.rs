//! Asking somebody to come.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{
    session::Session,
    text::{Name, Paragraph},
    wording,
};

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
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    ask: PersonalAsk<'_>,
    url: &str,
) -> Content {
    let lines = ask.words.map_or("", Paragraph::as_str).lines();
    let letter = PersonallyInvited {
        frame: Frame { reference: "", ..Frame::about(letterhead, session, name) },
        session: About::session(letterhead, session),
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

struct InvitationChanged {
    frame: Frame,
    session: About,
    is_cancelled: bool,
    /// What changed, line by line.
    changes: Vec<String>,
    /// Why it is called off, if somebody said.
    reason: String,
    /// Until when she may answer; empty if she cannot.
    deadline: String,
    /// Her link; empty for somebody who is nominated, whom nobody asked yet.
    url: String,
}

/// What happened to a session that somebody was asked to.
#[derive(Debug, Clone, Copy)]
pub enum AskedNews<'a> {
    /// It is at another time or place: a line for each change.
    Changed(&'a [String]),
    /// It is called off, and why.
    Cancelled(Option<&'a Paragraph>),
}

/// To somebody who was asked by name, or nominated, and has no place: what is said of the session now. Whoever was
/// asked has a link, and until when to answer where she still can.
pub fn invitation_changed(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    (news, deadline, url): (AskedNews<'_>, Option<&str>, Option<&str>),
) -> Content {
    let (changes, reason) = match news {
        AskedNews::Changed(lines) => {
            (lines.iter().map(|line| plain::one_line(line)).collect(), None)
        }
        AskedNews::Cancelled(reason) => (Vec::new(), reason),
    };
    let letter = InvitationChanged {
        frame: Frame { reference: "", ..Frame::about(letterhead, session, name) },
        session: About::session(letterhead, session),
        is_cancelled: matches!(news, AskedNews::Cancelled(_)),
        changes,
        reason: reason.map(|one| plain::one_line(one.as_str())).unwrap_or_default(),
        deadline: deadline.unwrap_or_default().to_owned(),
        url: url.unwrap_or_default().to_owned(),
    };
    content!(
        &letter,
        InvitationChanged,
        "letters/invitation-changed/subject.txt",
        "letters/invitation-changed/body.txt",
        "letters/invitation-changed/body.html"
    )
}

struct AnswersAsked {
    frame: Frame,
    session: About,
    /// `1 question`.
    questions: String,
    /// For whom else she answers.
    others: String,
    url: String,
}

/// What somebody is to answer.
#[derive(Debug, Clone, Copy)]
pub struct MissingAnswers<'a> {
    /// How many answers are missing.
    pub count: usize,
    /// For whom else she answers: people without an address.
    pub others: &'a [Name],
    /// The page on which she does.
    pub url: &'a str,
}

/// To a leader or an attendee: what is asked of her and not answered yet.
pub fn answers_asked(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    asks: MissingAnswers<'_>,
) -> Content {
    let others: Vec<_> = asks.others.iter().map(|one| plain::one_line(one.as_str())).collect();
    let letter = AnswersAsked {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
        questions: wording::count(asks.count, "question", "questions"),
        others: wording::list(&others),
        url: asks.url.to_owned(),
    };
    content!(
        &letter,
        AnswersAsked,
        "letters/answers-asked/subject.txt",
        "letters/answers-asked/body.txt",
        "letters/answers-asked/body.html"
    )
}

struct InterestAsked {
    frame: Frame,
    course: String,
    url: String,
}

/// To whoever wants to be told of dates: a link by which she confirms it, since anybody may type any address.
pub fn interest_asked(letterhead: &Letterhead, name: &str, course: &str, url: &str) -> Content {
    let letter = InterestAsked {
        frame: Frame::from_us(letterhead, name),
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
pub fn date_announced(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    stop: &str,
) -> Content {
    let about = About::session(letterhead, session);
    let letter = DateAnnounced {
        frame: Frame { reference: "", stop: "", ..Frame::about(letterhead, session, name) },
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
