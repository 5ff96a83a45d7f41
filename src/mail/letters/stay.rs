//! Staying overnight: asking once more, before rooms are given out; and telling which room it is.

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{session::Session, wording};

struct StayAsked {
    frame: Frame,
    session: About,
    /// Until which day she can say.
    until: String,
    /// For whom, if not for herself.
    people: String,
    url: String,
}

/// To whoever has a place and said nothing; or to whoever booked, of `people` of hers.
pub fn stay_asked(
    letterhead: &Letterhead,
    session: &Session,
    (name, people): (&str, &[String]),
    stay_url: &str,
) -> Content {
    let people: Vec<String> = people.iter().map(|name| plain::one_line(name)).collect();
    let letter = StayAsked {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
        until: session.asks_stays_by().unwrap_or_default(),
        people: wording::list(&people),
        url: stay_url.to_owned(),
    };
    content!(
        &letter,
        StayAsked,
        "letters/stay-asked/subject.txt",
        "letters/stay-asked/body.txt",
        "letters/stay-asked/body.html"
    )
}

/// Somebody's room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRoom {
    /// Whose.
    pub name: String,
    /// What it is called, and where it is.
    pub room: String,
}

struct RoomTold {
    frame: Frame,
    session: About,
    rooms: Vec<ToldRoom>,
    url: String,
}

impl RoomTold {
    /// Whether it is about its reader alone.
    fn is_own(&self) -> bool {
        matches!(self.rooms.as_slice(), [one] if one.name == self.frame.to_name)
    }
}

/// To whoever has a place: her room; or to whoever booked, those of people we tell by her.
pub fn room_told(
    letterhead: &Letterhead,
    session: &Session,
    (name, rooms): (&str, &[ToldRoom]),
    stay_url: &str,
) -> Content {
    let plain = |one: &ToldRoom| ToldRoom {
        name: plain::one_line(&one.name),
        room: plain::one_line(&one.room),
    };
    let letter = RoomTold {
        frame: Frame::about(letterhead, session, name),
        session: About::session(letterhead, session),
        rooms: rooms.iter().map(plain).collect(),
        url: stay_url.to_owned(),
    };
    content!(
        &letter,
        RoomTold,
        "letters/room-told/subject.txt",
        "letters/room-told/body.txt",
        "letters/room-told/body.html"
    )
}
