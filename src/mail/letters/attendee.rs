//! Letters to an attendee, one for each sitting: a message that carries an invite can carry only
//! one.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{Button, Details, Frame, Opening, day_of, short_title, signed, site_name, when},
};
use crate::domain::{
    attendee::Attendee,
    session::{Publication, Session},
    sitting::Sitting,
    wording,
};

struct Invite {
    frame: Frame,
    details: Details,
    /// Which day the invite is for, where there are several.
    calendar: String,
    button: Button,
}

/// To an attendee: her place on one day, and her own link, which opens her place and no other.
/// Never pass the leader's link.
pub fn invite(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    attendee: &Attendee,
    leader_name: &str,
    place_url: &str,
) -> Content {
    let title = &session.course.title;
    let name = attendee.name.as_str();
    let site = site_name(sender);
    let booked_herself = plain::one_line(leader_name) == plain::one_line(name);
    let (lead, why) = if booked_herself {
        (format!("{title}."), format!("You get this email because you booked at {site}."))
    } else {
        (
            format!("{title}. {leader_name} booked it for you."),
            format!("You get this email because {leader_name} booked a place for you at {site}."),
        )
    };
    let calendar = match day_of(session, sitting) {
        Some(day) => {
            format!("The invite is for {}. ", day.to_lowercase())
                + "Each other day comes in an email of its own."
        }
        None => String::new(),
    };
    let letter = Invite {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("You have a place: {}", day(session, sitting)),
                heading: "You have a place",
                lead,
                to_name: name,
                why,
                signed: signed(session),
            },
        ),
        details: Details::of_sitting(sender, session, sitting),
        calendar,
        button: Button {
            url: place_url.to_owned(),
            label: "See your place",
            caution: "This link is private. Anyone who has it can change your place, so please \
                      do not forward this email."
                .to_owned(),
        },
    };
    content!(&letter, Invite, "letters/invite/body.txt", "letters/invite/body.html")
}

/// Why a place is an attendee's no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Somebody else comes instead of her.
    Replaced,
    /// Whoever booked for her, or the office, gave the place up.
    CancelledByLeader,
    /// She gave it up herself.
    CancelledByAttendee,
    /// Her calendar declined, and has taken the day out by itself: she gets no letter.
    DeclinedByCalendar,
    /// An organiser moved her to another session: its own invites come with it.
    Moved,
    /// The session was called off.
    SessionCancelled,
}

impl Withdrawal {
    /// The letter's heading, and what happened in a sentence.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Replaced => (
                "Your place has changed hands",
                "Somebody else is coming instead of you, so you do not need to come.",
            ),
            Self::Moved => (
                "Your place has moved to another date",
                "You do not need to come on this day. Another email tells you about the new date.",
            ),
            Self::CancelledByLeader => (
                "Your place is cancelled",
                "Your place was cancelled for you, so you do not need to come.",
            ),
            Self::CancelledByAttendee | Self::DeclinedByCalendar => {
                ("You gave up your place", "Thank you for telling us. Somebody else can come now.")
            }
            Self::SessionCancelled => {
                ("This session is cancelled", "We are sorry. Please do not travel.")
            }
        }
    }
}

struct Withdrawn {
    frame: Frame,
    title: String,
    when: String,
    reason: String,
}

/// To an attendee: her place on one day is hers no more; it goes with the CANCEL of that day.
pub fn withdrawn(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    why: Withdrawal,
) -> Content {
    let (heading, lead) = why.words();
    let reason = match &session.publication {
        Publication::Cancelled { reason, .. } if why == Withdrawal::SessionCancelled => {
            plain::one_line(reason)
        }
        _ => String::new(),
    };
    let site = site_name(sender);
    let letter = Withdrawn {
        frame: Frame::new(
            sender,
            &Opening {
                subject: format!("{heading}: {}", day(session, sitting)),
                heading,
                lead: lead.to_owned(),
                to_name: name,
                why: format!("You get this email because you had a place, booked at {site}."),
                signed: signed(session),
            },
        ),
        title: plain::one_line(&session.course.title),
        when: when(sitting),
        reason,
    };
    content!(&letter, Withdrawn, "letters/withdrawn/body.txt", "letters/withdrawn/body.html")
}

/// `Two-day leadership training, Sat 5 September 2026`, for subjects.
fn day(session: &Session, sitting: &Sitting) -> String {
    format!("{}, {}", short_title(session), wording::long_date(sitting.starts.date()))
}
