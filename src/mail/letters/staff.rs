//! Letters to the people who hold it: trainers, and whoever has a new account.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    super::{Letterhead, plain},
    Content, content,
    frame::{About, Frame, Joining},
};
use crate::domain::{session::Session, wording};

/// What concerns a trainer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainerNews {
    /// She was put on the session.
    Leads,
    /// She was taken off it.
    LeadsNoMore,
    /// It is at another time or place: what changed, a line each.
    Changed(Vec<String>),
    /// It is called off, and why.
    Cancelled(String),
}

struct TrainerTold {
    frame: Frame,
    session: About,
    news: TrainerNews,
    url: String,
}

impl TrainerTold {
    /// Whether she leads it, with something to prepare.
    fn leads(&self) -> bool {
        matches!(self.news, TrainerNews::Leads | TrainerNews::Changed(_))
    }
}

/// To a trainer: what happened to a session of hers. Her room is in it where she leads it.
pub fn trainer_told(
    letterhead: &Letterhead,
    session: &Session,
    name: &str,
    news: TrainerNews,
) -> Content {
    let lines = |lines: Vec<String>| lines.iter().map(|line| plain::one_line(line)).collect();
    let news = match news {
        TrainerNews::Changed(changes) => TrainerNews::Changed(lines(changes)),
        TrainerNews::Cancelled(reason) => TrainerNews::Cancelled(plain::one_line(&reason)),
        other => other,
    };
    let about = About::session(letterhead, session);
    let mut letter = TrainerTold {
        frame: Frame::from_the_alliance(letterhead, session, name),
        url: format!("{}/trainer/sessions/{}/roster", letterhead.base_url, session.code),
        session: about,
        news,
    };
    if letter.leads() {
        letter.session = letter.session.with_room(session, Joining::ByYourself);
    }
    content!(
        &letter,
        TrainerTold,
        "letters/trainer-told/subject.txt",
        "letters/trainer-told/body.txt",
        "letters/trainer-told/body.html"
    )
}

struct AccountAdded {
    frame: Frame,
    deadline: String,
    url: String,
}

/// To somebody with a new account: a link that signs her in once, until a moment.
pub fn account_added(
    letterhead: &Letterhead,
    name: &str,
    url: &str,
    (until, zone): (DateTime<Utc>, Tz),
) -> Content {
    let letter = AccountAdded {
        frame: Frame::from_us(letterhead, name),
        deadline: wording::deadline(until, zone),
        url: url.to_owned(),
    };
    content!(
        &letter,
        AccountAdded,
        "letters/account-added/subject.txt",
        "letters/account-added/body.txt",
        "letters/account-added/body.html"
    )
}

/// A session on which places were given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// The session's page in the office.
    pub url: String,
    /// The title of its course.
    pub title: String,
    /// Its days in words.
    pub days: String,
    /// Who had the places; nobody where the name was to follow.
    pub names: Vec<Option<String>>,
    /// How many places are taken now.
    pub taken: u32,
    /// How many there are.
    pub capacity: u32,
}

impl GivenUp {
    /// `Ada Obi, Ben Low and 2 without a name`.
    fn people(&self) -> String {
        let mut people: Vec<String> =
            self.names.iter().flatten().map(|name| plain::one_line(name)).collect();
        let unnamed = self.names.len() - people.len();
        people.extend((unnamed > 0).then(|| format!("{unnamed} without a name")));
        wording::list(&people)
    }
}

struct WithdrawalsListed {
    frame: Frame,
    since: String,
    places: usize,
    sessions: Vec<GivenUp>,
    url: String,
}

/// To an organiser who wants it: who gave up their places since a moment, in words, by session.
pub fn withdrawals_listed(
    letterhead: &Letterhead,
    name: &str,
    since: &str,
    sessions: Vec<GivenUp>,
) -> Content {
    let sessions =
        sessions.into_iter().map(|one| GivenUp { title: plain::one_line(&one.title), ..one });
    let sessions: Vec<_> = sessions.collect();
    let letter = WithdrawalsListed {
        frame: Frame::from_us(letterhead, name),
        since: since.to_owned(),
        places: sessions.iter().map(|one| one.names.len()).sum(),
        url: format!("{}/account", letterhead.base_url),
        sessions,
    };
    content!(
        &letter,
        WithdrawalsListed,
        "letters/withdrawals-listed/subject.txt",
        "letters/withdrawals-listed/body.txt",
        "letters/withdrawals-listed/body.html"
    )
}

struct BelowMinimum {
    frame: Frame,
    title: String,
    days: String,
    coming: u32,
    minimum: u32,
    url: String,
}

/// To an alliance: `coming` people have a place on a session that needs `minimum`, and today it is decided.
pub fn below_minimum(
    letterhead: &Letterhead,
    (title, days): (&str, &str),
    (coming, minimum): (u32, u32),
    url: &str,
) -> Content {
    let letter = BelowMinimum {
        frame: Frame::from_us(letterhead, ""),
        title: plain::one_line(title),
        days: days.to_owned(),
        coming,
        minimum,
        url: url.to_owned(),
    };
    content!(
        &letter,
        BelowMinimum,
        "letters/below-minimum/subject.txt",
        "letters/below-minimum/body.txt",
        "letters/below-minimum/body.html"
    )
}

struct ThingGiven {
    frame: Frame,
    by: String,
    what: String,
    about: String,
    url: String,
}

/// To staff: `by`, a colleague, gave her something to look after. `what` names it as the overview does, and
/// `about` the session it concerns, if it concerns one; who booked there is not in it.
pub fn thing_given(
    letterhead: &Letterhead,
    name: &str,
    by: &str,
    (what, about): (&str, &str),
    url: &str,
) -> Content {
    let letter = ThingGiven {
        frame: Frame::from_us(letterhead, name),
        by: plain::one_line(by),
        what: what.to_owned(),
        about: plain::one_line(about),
        url: url.to_owned(),
    };
    content!(
        &letter,
        ThingGiven,
        "letters/thing-given/subject.txt",
        "letters/thing-given/body.txt",
        "letters/thing-given/body.html"
    )
}
