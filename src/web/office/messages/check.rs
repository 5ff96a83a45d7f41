//! A last look at a message before it goes out.

use askama::Template;

use crate::{
    actions::letters::message_people::Draft,
    domain::{
        mailing::{Audience, MailingReach},
        session::Session,
        wording,
    },
    token::{SystemRandom, Token},
    web::{
        Desk,
        guard::{Granted, MessagePeople},
        office::messages::audience::audience_words,
        page::{Area, Chrome},
        paths,
    },
};

type Who = Granted<MessagePeople>;

#[derive(Template)]
#[template(path = "office/messages/check.html")]
pub struct MessageCheckPage {
    pub chrome: Chrome,
    pub notice: Option<String>,
    pub session: Session,
    pub audience: Audience,
    pub reach: MailingReach,
    pub subject: String,
    pub body: String,
    /// Marks this sending, so that a second press sends nothing.
    pub attempt: String,
}

impl MessageCheckPage {
    fn to(&self) -> String {
        audience_words(&self.audience, &self.session)
    }

    fn letters(&self) -> String {
        wording::count(self.reach.recipients.len(), "email", "emails")
    }

    fn people(&self) -> String {
        wording::count(self.reach.people, "person", "people")
    }

    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.body.split("\n\n").map(|one| one.lines().collect()).collect()
    }
}

pub fn check_page(
    desk: &Desk,
    who: &Who,
    session: Session,
    draft: Draft,
    reach: MailingReach,
    notice: Option<String>,
) -> MessageCheckPage {
    MessageCheckPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice,
        session,
        audience: draft.audience,
        reach,
        subject: draft.subject.to_string(),
        body: draft.body.as_str().to_owned(),
        attempt: Token::generate(&SystemRandom).secret().to_owned(),
    }
}
