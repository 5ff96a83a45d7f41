//! Letters to an attendee, one for each sitting: a message that carries an invite can carry only
//! one.

use super::{
    super::{Letterhead, plain},
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
    /// Where she makes a calendar of her own, if the letter is about many days.
    calendar: Option<String>,
}

impl Invite {
    fn new(
        (letterhead, session): (&Letterhead, &Session),
        about: (About, String),
        attendee: &Attendee,
        leader_name: &str,
        place_url: &str,
    ) -> Self {
        let name = attendee.name.as_str();
        let leader = plain::one_line(leader_name);
        Self {
            frame: Frame::about(letterhead, session, name),
            session: about.0,
            date: about.1,
            booked_by: Some(leader).filter(|leader| *leader != plain::one_line(name)),
            url: place_url.to_owned(),
            calendar: None,
        }
    }

    fn content(&self) -> Content {
        content!(
            self,
            Invite,
            "letters/invite/subject.txt",
            "letters/invite/body.txt",
            "letters/invite/body.html"
        )
    }
}

/// To an attendee: her place on one day, and her own link, which opens her place and no other.
/// Never pass the leader's link.
pub fn invite(
    letterhead: &Letterhead,
    session: &Session,
    sitting: &Sitting,
    attendee: &Attendee,
    leader_name: &str,
    place_url: &str,
) -> Content {
    let date = wording::long_date(sitting.starts.date());
    let about = (About::sitting(letterhead, session, sitting), date);
    Invite::new((letterhead, session), about, attendee, leader_name, place_url).content()
}

/// The same of all the days of a session with many: one letter with a file of them.
pub fn invite_to_many(
    letterhead: &Letterhead,
    session: &Session,
    attendee: &Attendee,
    leader_name: &str,
    place_url: &str,
) -> Content {
    let about = About::session(letterhead, session).with_room(session, Joining::ByYourself);
    let about = (about, wording::days(session));
    let letter = Invite::new((letterhead, session), about, attendee, leader_name, place_url);
    Invite { calendar: Some(format!("{place_url}/calendar")), ..letter }.content()
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
    /// The day was taken off the session; her place on the others stands.
    DayRemoved,
    /// She had another place on the session, which stands.
    HasAnother,
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
pub fn called_off(letterhead: &Letterhead, session: &Session, name: &str) -> Content {
    let when: Vec<String> = session.sittings.iter().map(when).collect();
    let letter = Withdrawn {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
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
    letterhead: &Letterhead,
    session: &Session,
    sitting: &Sitting,
    name: &str,
    why: Withdrawal,
) -> Content {
    withdrawn_from(letterhead, session, &[sitting], name, why)
}

/// The same of many days: one letter, with a file that calls them off.
pub fn withdrawn_from(
    letterhead: &Letterhead,
    session: &Session,
    days: &[&Sitting],
    name: &str,
    why: Withdrawal,
) -> Content {
    let first = days.first().map(|day| wording::long_date(day.starts.date()));
    let when: Vec<String> = days.iter().map(|day| when(day)).collect();
    let letter = Withdrawn {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
        date: first.unwrap_or_default(),
        why,
        when: wording::list(&when),
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
