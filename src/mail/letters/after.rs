//! After a session: three questions, and what is theirs now.

use super::{
    super::Sender,
    Content,
    frame::{Button, Details, Frame, Opening, Step, short_title, signed, site_name},
    note::Note,
};
use crate::domain::session::Session;

/// To somebody who attended: three questions, and where her certificate is.
pub fn feedback_asked(sender: &Sender, session: &Session, name: &str, place_url: &str) -> Content {
    let opening = Opening {
        subject: format!("How was it? {}", short_title(session)),
        heading: "Thank you for coming",
        lead: format!("Please tell us how {} was. It is three questions.", session.course.title),
        to_name: name,
        why: format!("You get this email because you came, booked at {}.", site_name(sender)),
        signed: signed(session),
    };
    Note {
        frame: Frame::new(sender, &opening),
        details: Details::of_session(sender, session),
        steps: vec![
            Step {
                title: "Who reads it",
                words: "The organisers and trainers read the answers without names.".to_owned(),
            },
            Step {
                title: "Your certificate",
                words: "If you came to more than half of the days, your certificate of attendance \
                        is on your page."
                    .to_owned(),
            },
        ],
        button: Button {
            url: format!("{place_url}/feedback"),
            label: "Answer three questions",
            caution: "This link is private. Anyone who has it can see your place, so please do \
                      not forward this email."
                .to_owned(),
        },
    }
    .render()
}
