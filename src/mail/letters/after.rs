//! After a session: three questions, and what is theirs now.

use super::{
    super::{Sender, plain},
    Content,
    frame::{Button, Details, Frame, Opening, Step, short_title, signed, site_name},
    note::Note,
};
use crate::domain::{pledge::Turnout, session::Session, wording};

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

/// To a leader of an institution that has named fewer people than it pledged.
pub fn pledge_chased(
    sender: &Sender,
    session: &Session,
    name: &str,
    (institution, turnout): (&str, Turnout),
) -> Content {
    let named = match turnout.named {
        0 => "Nobody is booked yet".to_owned(),
        named => format!("{} booked so far", wording::count(named as usize, "is", "are")),
    };
    let behind = wording::count(turnout.behind() as usize, "place", "places");
    let opening = Opening {
        subject: format!("Who is coming? {}", short_title(session)),
        heading: "Who is coming with you?",
        lead: format!(
            "{} pledged {} for {}. {named}.",
            plain::one_line(institution),
            wording::count(turnout.pledged as usize, "person", "people"),
            session.course.title
        ),
        to_name: name,
        why: format!(
            "You get this email because you booked for {} at {}.",
            plain::one_line(institution),
            site_name(sender)
        ),
        signed: signed(session),
    };
    let details = Details::of_session(sender, session);
    Note {
        frame: Frame::new(sender, &opening),
        button: Button {
            url: format!("{}/register", details.page),
            label: "Book their places",
            caution: "You need only their names. Email addresses and needs can follow.".to_owned(),
        },
        details,
        steps: vec![Step {
            title: "What to do",
            words: format!(
                "Please book {behind} more, or reply to this email if fewer people are coming."
            ),
        }],
    }
    .render()
}
