//! Letters about what the office changed: other times, another venue, or a session called off.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{Button, Details, Frame, Opening, Step, short_title, signed, site_name},
};
use crate::domain::{
    place::PlaceStatus, registration::Registration, session::Session, sitting::Sitting,
    text::Paragraph, wording,
};

struct SessionChanged {
    frame: Frame,
    details: Details,
    changes: Vec<String>,
    steps: Vec<Step>,
    button: Button,
}

fn render(letter: &SessionChanged) -> Content {
    content!(
        letter,
        SessionChanged,
        "letters/session-changed/body.txt",
        "letters/session-changed/body.html"
    )
}

fn lines(changes: &[String]) -> Vec<String> {
    changes.iter().map(|change| plain::one_line(change)).collect()
}

/// To an attendee: one day of her session is at another time or place; it goes with the new invite
/// of that day. `place_url` opens her own place.
pub fn day_changed(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    changes: &[String],
    place_url: &str,
) -> Content {
    let day = wording::long_date(sitting.starts.date());
    let letter = SessionChanged {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("Changed: {}, {day}", short_title(session)),
                heading: "Your training has changed",
                lead: format!("{}. Please look at the new details.", session.course.title),
                to_name: name,
                why: format!(
                    "You get this email because you have a place, booked at {}.",
                    site_name(sender)
                ),
                signed: signed(session),
            },
        ),
        details: Details::of_sitting(sender, session, sitting),
        changes: lines(changes),
        steps: vec![
            Step {
                title: "Your calendar",
                words: "This email changes the day in your calendar. Press Yes or Accept if your \
                        email asks."
                    .to_owned(),
            },
            Step {
                title: "Cannot come now?",
                words: "Please tell us with the button below, so that someone else can.".to_owned(),
            },
        ],
        button: Button {
            url: place_url.to_owned(),
            label: "See or give up your place",
            caution: "This link is private. Anyone who has it can change your place, so please \
                      do not forward this email."
                .to_owned(),
        },
    };
    render(&letter)
}

/// To the leader: what changed for her people.
pub fn session_changed(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    changes: &[String],
    manage_url: &str,
) -> Content {
    let days = wording::days(session);
    let letter = SessionChanged {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("Changed: {}, {days}", short_title(session)),
                heading: "Your training has changed",
                lead: format!(
                    "{}. Your booking {} stands.",
                    session.course.title, registration.reference
                ),
                to_name: registration.leader.name.as_str(),
                why: format!("You get this email because you booked at {}.", site_name(sender)),
                signed: signed(session),
            },
        ),
        details: Details::of_session(sender, session),
        changes: lines(changes),
        steps: vec![
            Step {
                title: "Who knows",
                words: "Each person with a place and an email address has a new invite. Please \
                        tell the others."
                    .to_owned(),
            },
            Step {
                title: "Cannot come now?",
                words: "Change who comes, or give places up, with the button below.".to_owned(),
            },
        ],
        button: Button {
            url: manage_url.to_owned(),
            label: "Change or cancel",
            caution: "This link is private. Anyone who has it can change your booking, so please \
                      do not forward this email."
                .to_owned(),
        },
    };
    render(&letter)
}

/// To the leader: the session does not take place, and why.
pub fn session_cancelled(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    reason: Option<&Paragraph>,
    manage_url: &str,
) -> Content {
    let days = wording::days(session);
    let mut steps = Vec::new();
    if let Some(reason) = reason {
        let words = plain::one_line(reason.as_str());
        steps.push(Step { title: "Why", words });
    }
    steps.push(Step {
        title: "Who knows",
        words: "We have told each person with a place and an email address, and their calendars. \
                Please tell the others."
            .to_owned(),
    });
    steps.push(Step {
        title: "Other dates",
        words: "Look for another date on our site, or reply to this email and talk to us."
            .to_owned(),
    });
    let letter = SessionChanged {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("Cancelled: {}, {days}", short_title(session)),
                heading: "This session is cancelled",
                lead: format!(
                    "{}, {days}. We are sorry. Please do not travel. Your booking was {}.",
                    session.course.title, registration.reference
                ),
                to_name: registration.leader.name.as_str(),
                why: format!("You get this email because you booked at {}.", site_name(sender)),
                signed: signed(session),
            },
        ),
        details: Details::of_session(sender, session),
        changes: Vec::new(),
        steps,
        button: Button {
            url: manage_url.to_owned(),
            label: "See your booking",
            caution: "This link is private, so please do not forward this email.".to_owned(),
        },
    };
    render(&letter)
}

/// To a leader: people she booked are on another session now, under a booking of its own.
pub fn places_moved(
    sender: &Sender,
    (from, to): (&Session, &Session),
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let names: Vec<String> = registration
        .places
        .iter()
        .map(|place| match &place.attendee {
            Some(attendee) => plain::one_line(attendee.name.as_str()),
            None => "somebody whose name is to follow".to_owned(),
        })
        .collect();
    let waiting = registration.places_in(PlaceStatus::Waiting).count();
    let waits = match (waiting, registration.places.len()) {
        (0, _) => String::new(),
        (waiting, all) if waiting == all => " They are on the waiting list there.".to_owned(),
        (waiting, _) => format!(" {waiting} of them are on the waiting list there."),
    };
    let letter = SessionChanged {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("Moved: {}, {}", short_title(to), wording::days(to)),
                heading: "We have moved places you booked",
                lead: format!("{}. Please look at the new details.", to.course.title),
                to_name: registration.leader.name.as_str(),
                why: format!("You get this email because you booked at {}.", site_name(sender)),
                signed: signed(to),
            },
        ),
        details: Details::of_session(sender, to),
        changes: vec![
            format!("Moved: {}.{waits}", wording::list(&names)),
            format!("From: {}, {}", plain::one_line(&from.course.title), wording::days(from)),
            format!("Your booking for the new date is {}", registration.reference),
        ],
        steps: vec![Step {
            title: "Does the new date not work?",
            words: "Tell us with the button below, or phone us, so that someone else can come."
                .to_owned(),
        }],
        button: Button {
            url: manage_url.to_owned(),
            label: "See your booking",
            caution: "This link is private. Anyone who has it can change your booking, so please \
                      do not forward this email."
                .to_owned(),
        },
    };
    render(&letter)
}
