//! What was decided for somebody who asked for help so that she can come.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{
    help_request::{HelpKind, HelpState},
    session::Session,
    support::pounds,
    text::Paragraph,
};

/// What was decided about one request.
#[derive(Debug, Clone)]
pub struct HelpAnswer {
    /// What was asked for.
    pub what: HelpKind,
    /// For whom, where the reader asked for others.
    pub whose: Option<String>,
    /// Where it stands.
    pub state: HelpState,
    /// How much was granted, in pence.
    pub amount: Option<u32>,
    /// Why it was refused.
    pub reason: Option<Paragraph>,
}

/// What somebody is told.
#[derive(Debug, Clone)]
pub struct HelpDecided<'a> {
    /// Her name.
    pub name: &'a str,
    /// What was decided, at least one.
    pub answers: Vec<HelpAnswer>,
    /// Where it all stands.
    pub url: String,
    /// Where the place can be given up, where somebody said that she comes only if it is granted.
    pub give_up: Option<String>,
}

struct Told {
    frame: Frame,
    session: About,
    lines: Vec<String>,
    url: String,
    give_up: String,
}

/// `Travel: granted, £25.50`.
fn line(answer: &HelpAnswer) -> String {
    let what = match &answer.whose {
        Some(name) => format!("{}, {}", plain::one_line(name), answer.what.in_letters_for_others()),
        None => answer.what.in_letters().to_owned(),
    };
    let amount = answer.amount.map(|pence| format!(", {}", pounds(pence.into())));
    let amount = amount.unwrap_or_default();
    match answer.state {
        HelpState::Granted => format!("{what}: granted{amount}"),
        HelpState::Refused => {
            let reason = answer.reason.as_ref().map(|reason| plain::one_line(reason.as_str()));
            let reason = reason.map_or_else(String::new, |reason| format!(". {reason}"));
            format!("{what}: not granted{reason}")
        }
        HelpState::Asked | HelpState::Later | HelpState::Withdrawn => {
            format!("{what}: is being looked at again")
        }
    }
}

/// To whoever asked for help, or to the leader for people without an address: what was decided.
pub fn help_decided(letterhead: &Letterhead, session: &Session, told: HelpDecided<'_>) -> Content {
    let letter = Told {
        frame: Frame::about(letterhead, session, told.name),
        session: About::session(letterhead, session),
        lines: told.answers.iter().map(line).collect(),
        url: told.url,
        give_up: told.give_up.unwrap_or_default(),
    };
    content!(
        &letter,
        Told,
        "letters/help-decided/subject.txt",
        "letters/help-decided/body.txt",
        "letters/help-decided/body.html"
    )
}
