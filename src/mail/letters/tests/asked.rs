//! Letters to people who are asked something, or who asked.

use super::forms;
use crate::{
    domain::{help_request::HelpState, pledge::Turnout, session::Session},
    mail::{letters::*, samples},
};

/// To people who are asked to come, or who asked to be told.
pub(super) fn to_the_asked(session: &Session, person: &str) -> Vec<Content> {
    let (letterhead, manage) = (samples::letterhead(), samples::MANAGE);
    let ask = PersonalAsk { by: person, words: None, deadline: "5pm", again: true };
    let news = (AskedNews::Cancelled(None), Some("5pm"), Some(manage));
    let (place, pledged) = (samples::PLACE, Turnout { pledged: 9, named: 2, attended: 0 });
    let room = ToldRoom { name: person.to_owned(), room: person.to_owned() };
    let missing = MissingAnswers { count: 2, others: &[], url: manage };
    vec![
        interest_asked(&letterhead, person, person, manage),
        date_announced(&letterhead, session, person, manage),
        personally_invited(&letterhead, session, person, ask, manage),
        invitation_changed(&letterhead, session, person, news),
        answers_asked(&letterhead, session, person, missing),
        help_decided(&letterhead, session, forms::decided(person, HelpState::Granted)),
        help_decided(&letterhead, session, forms::decided(person, HelpState::Refused)),
        feedback_asked(&letterhead, session, person, place),
        stay_asked(&letterhead, session, (person, &[]), place),
        room_told(&letterhead, session, (person, &[room]), place),
        pledge_chased(&letterhead, session, person, (person, pledged)),
    ]
}
