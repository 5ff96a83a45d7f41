//! What an organiser writes to people of a session.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{Button, Details, Frame, Opening, signed, site_name},
};
use crate::domain::{session::Session, text::Message, wording};

struct MessageLetter {
    frame: Frame,
    details: Details,
    paragraphs: Vec<String>,
    button: Button,
}

/// To people of a session: the organiser's own words, and which session it is about.
pub fn message(
    sender: &Sender,
    session: &Session,
    names: &[String],
    subject: &str,
    body: &Message,
) -> Content {
    let names: Vec<String> = names.iter().map(|name| plain::one_line(name)).collect();
    let opening = Opening {
        subject: subject.to_owned(),
        heading: subject,
        lead: format!("From the organisers of {}", session.course.title),
        to_name: &wording::list(&names),
        why: format!(
            "You get this email because you booked, or asked for a place, at {}.",
            site_name(sender)
        ),
        signed: signed(session),
    };
    let details = Details::of_session(sender, session);
    let button = Button {
        url: details.page.clone(),
        label: "See the session",
        caution: "To change your place, use the private link in your booking email.".to_owned(),
    };
    let paragraphs = body.as_str().split("\n\n").map(|one| {
        let lines = one.lines().map(plain::one_line).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    });
    let paragraphs = paragraphs.filter(|one| !one.is_empty()).collect();
    let letter = MessageLetter { frame: Frame::new(sender, &opening), details, paragraphs, button };
    content!(&letter, MessageLetter, "letters/message/body.txt", "letters/message/body.html")
}
