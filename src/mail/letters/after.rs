//! After a session: three questions, and what is theirs now. Before it: who comes for a pledge.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{pledge::Turnout, session::Session};

struct FeedbackAsked {
    frame: Frame,
    session: About,
    url: String,
}

/// To somebody who attended: three questions, and where her certificate is.
pub fn feedback_asked(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    place_url: &str,
) -> Content {
    let letter = FeedbackAsked {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
        url: format!("{place_url}/feedback"),
    };
    content!(
        &letter,
        FeedbackAsked,
        "letters/feedback-asked/subject.txt",
        "letters/feedback-asked/body.txt",
        "letters/feedback-asked/body.html"
    )
}

struct PledgeChased {
    frame: Frame,
    session: About,
    institution: String,
    pledged: u32,
    named: u32,
    behind: u32,
    url: String,
}

/// To a leader of an institution that has named fewer people than it pledged.
pub fn pledge_chased(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    (institution, turnout): (&str, Turnout),
) -> Content {
    let about = About::session(letterhead, session);
    let letter = PledgeChased {
        frame: Frame::about(letterhead, session, name),
        institution: plain::one_line(institution),
        pledged: turnout.pledged,
        named: turnout.named,
        behind: turnout.behind(),
        url: about.page.as_ref().map(|page| format!("{page}/register")).unwrap_or_default(),
        session: about,
    };
    content!(
        &letter,
        PledgeChased,
        "letters/pledge-chased/subject.txt",
        "letters/pledge-chased/body.txt",
        "letters/pledge-chased/body.html"
    )
}
