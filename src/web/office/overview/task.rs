//! One thing on the overview, and what all of them are told from.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    actions::overview::mark_thing::SeenThing,
    domain::{
        alliance::Alliance,
        id::StaffLogin,
        session::Session,
        thing::{ThingKey, ThingKind},
        wording,
    },
    web::{
        guard::{Granted, WatchSessions},
        office::filling::Filling,
        paths::{self, Href},
    },
};

/// One thing that needs somebody.
#[derive(Debug, Clone)]
pub struct Task {
    /// By what it is known, how new it is, and whom it concerns.
    pub seen: SeenThing,
    /// Whose it was from the beginning, if it was anybody's.
    pub whose: Option<StaffLogin>,
    /// From when it is to be done; none: at once.
    pub from: Option<DateTime<Utc>>,
    /// In which zone its days are.
    pub zone: Tz,
    /// How urgent, as a colour class; never the only signal.
    pub class: &'static str,
    pub icon: &'static str,
    pub href: Href,
    pub title: String,
    pub detail: String,
    /// Until when, or what is the matter.
    pub tag: String,
}

impl Task {
    /// One about a session, to be done at once.
    pub fn about(one: &Filling, kind: ThingKind, about: &str, fact: i64) -> Self {
        let session = &one.session;
        Self {
            seen: SeenThing {
                key: ThingKey::new(kind, about),
                fact,
                alliance: Some(session.alliance.slug.clone()),
                session: Some(session.code.clone()),
            },
            whose: None,
            from: None,
            zone: session.zone(),
            class: "t-danger",
            icon: "clock",
            href: one.href(),
            title: String::new(),
            detail: String::new(),
            tag: String::new(),
        }
    }

    /// The page on which it is done, given to somebody, or left for later.
    pub fn page(&self) -> Href {
        paths::desk::thing(&self.seen.key)
    }
}

pub type Who = Granted<WatchSessions>;

/// What everything is told from.
pub struct Board<'a> {
    pub who: &'a Who,
    pub coming: &'a [Filling],
    pub alliances: &'a [Alliance],
    pub now: DateTime<Utc>,
}

/// Which session a task is about, in words.
pub fn about(session: &Session) -> String {
    format!("{}, {}", session.alliance.name, wording::days(session))
}
