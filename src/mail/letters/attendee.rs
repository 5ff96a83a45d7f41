//! Letters to an attendee, one for each sitting: a message that carries an invite can carry only
//! one.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{About, Frame, Joining, when},
};
use crate::domain::{
    attendee::Attendee,
    session::{Publication, Session},
    sitting::Sitting,
    wording,
};

struct Invite {
    frame: Frame,
    session: About,
    date: String,
    /// Who booked for her, unless she did herself.
    booked_by: Option<String>,
    url: String,
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
    let name = attendee.name.as_str();
    let leader = plain::one_line(leader_name);
    let letter = Invite {
        frame: Frame::about(sender, session, name),
        session: About::sitting(sender, session, sitting),
        date: wording::long_date(sitting.starts.date()),
        booked_by: Some(leader).filter(|leader| *leader != plain::one_line(name)),
        url: place_url.to_owned(),
    };
    content!(
        &letter,
        Invite,
        "letters/invite/subject.txt",
        "letters/invite/body.txt",
        "letters/invite/body.html"
    )
}

/// Why a place is an attendee's no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Somebody else comes instead of her.
    Replaced,
    /// Her invites go to another address, which gets its own.
    NewAddress,
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

struct Withdrawn {
    frame: Frame,
    session: About,
    date: String,
    why: Withdrawal,
    when: String,
    /// Why the session was called off, if it was.
    reason: String,
    /// Whether her calendar has the day, and is told to take it out.
    is_in_calendar: bool,
}

/// Why a session was called off; nothing if it was not.
fn reason(session: &Session) -> String {
    match &session.publication {
        Publication::Cancelled { reason, .. } => plain::one_line(reason),
        _ => String::new(),
    }
}

/// To an attendee whose calendar was never told of her place: the session is called off.
pub fn called_off(sender: &Sender, session: &Session, name: &str) -> Content {
    let when: Vec<String> = session.sittings.iter().map(when).collect();
    let letter = Withdrawn {
        frame: Frame::about(sender, session, name),
        session: About::session(sender, session),
        date: wording::days(session),
        why: Withdrawal::SessionCancelled,
        when: wording::list(&when),
        reason: reason(session),
        is_in_calendar: false,
    };
    letter.content()
}

/// To an attendee: her place on one day is hers no more; it goes with the CANCEL of that day.
pub fn withdrawn(
    sender: &Sender,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    why: Withdrawal,
) -> Content {
    let letter = Withdrawn {
        frame: Frame::about(sender, session, name),
        session: About::session(sender, session),
        date: wording::long_date(sitting.starts.date()),
        why,
        when: when(sitting),
        reason: if why == Withdrawal::SessionCancelled { reason(session) } else { String::new() },
        is_in_calendar: true,
    };
    letter.content()
}

impl Withdrawn {
    fn content(&self) -> Content {
        content!(
            self,
            Withdrawn,
            "letters/withdrawn/subject.txt",
            "letters/withdrawn/body.txt",
            "letters/withdrawn/body.html"
        )
    }
}
