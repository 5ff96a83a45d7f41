//! Reminders, some days before each day of a session.

use super::{
    super::{Sender, plain},
    Content,
    frame::{Button, Details, Frame, Opening, Step, short_title, signed, site_name},
    note::Note,
};
use crate::domain::{session::Session, sitting::Sitting, wording};

/// `Tomorrow`, or `In 7 days`.
fn when(days_before: u32) -> String {
    match days_before {
        1 => "Tomorrow".to_owned(),
        days => format!("In {days} days"),
    }
}

fn opening<'a>(
    session: &Session,
    sitting: &Sitting,
    days_before: u32,
    to_name: &'a str,
    lead: String,
    why: String,
) -> Opening<'a> {
    let day = wording::long_date(sitting.starts.date());
    Opening {
        subject: format!("{}: {}, {day}", when(days_before), short_title(session)),
        heading: if days_before == 1 { "See you tomorrow" } else { "See you soon" },
        lead,
        to_name,
        why,
        signed: signed(session),
    }
}

/// What helps at the venue.
fn access(session: &Session) -> Option<Step> {
    let words = plain::one_line(&session.access.join(", "));
    (!words.is_empty()).then_some(Step { title: "At the venue", words })
}

/// To an attendee, before one day: when, where, and how to give the place up.
pub fn reminder(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    days_before: u32,
    place_url: &str,
) -> Content {
    let lead = format!("You have a place on {}.", session.course.title);
    let why =
        format!("You get this email because you have a place, booked at {}.", site_name(sender));
    let mut steps: Vec<Step> = access(session).into_iter().collect();
    steps.push(Step {
        title: "Cannot come?",
        words: "Please give up your place, even at the last minute, so that somebody else can \
                come."
            .to_owned(),
    });
    Note {
        frame: Frame::new(sender, &opening(session, sitting, days_before, name, lead, why)),
        details: Details::of_sitting(sender, session, sitting),
        steps,
        button: Button {
            url: place_url.to_owned(),
            label: "See your place",
            caution: "This link is private. Anyone who has it can change your place, so please \
                      do not forward this email."
                .to_owned(),
        },
    }
    .render()
}

/// To the leader, before one day: the people we cannot write to, for her to remind.
pub fn reminder_to_pass_on(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    leader: (&str, &[String]),
    days_before: u32,
    manage_url: &str,
) -> Content {
    let (name, people) = leader;
    let lead = format!("Please remind the people you booked for {}.", session.course.title);
    let why = format!("You get this email because you booked at {}.", site_name(sender));
    let people: Vec<String> = people.iter().map(|name| plain::one_line(name)).collect();
    let mut steps =
        vec![Step { title: "We have no email address for", words: wording::list(&people) }];
    steps.extend(access(session));
    Note {
        frame: Frame::new(sender, &opening(session, sitting, days_before, name, lead, why)),
        details: Details::of_session(sender, session),
        steps,
        button: Button {
            url: manage_url.to_owned(),
            label: "See your booking",
            caution: "This link is private. Anyone who has it can change your booking, so please \
                      do not forward this email."
                .to_owned(),
        },
    }
    .render()
}
