//! Staying overnight: asking once more, before rooms are given out.

use super::{
    super::{Sender, plain},
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
    sender: &Sender,
    session: &Session,
    (name, people): (&str, &[String]),
    stay_url: &str,
) -> Content {
    let people: Vec<String> = people.iter().map(|name| plain::one_line(name)).collect();
    let letter = StayAsked {
        frame: Frame::about(sender, session, name),
        session: About::session(sender, session),
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
