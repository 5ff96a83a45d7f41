//! Who is on a path, with how far each is.

use chrono::NaiveDate;

use super::Who;
use crate::{
    domain::{
        path::{Hours, PathStanding, Tally, tally},
        vocabulary::words,
        wording,
    },
    store::{
        Conn, StoreError, path_learning,
        path_people::{self, Walker},
        paths::PathFound,
    },
    web::paths::{self, Href},
};

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One required course short.
    OneShort,
    /// Nothing was heard of them for long.
    Stopped,
    /// Everything is there, and the certificate can be granted.
    Reached,
    /// The certificate was granted.
    Finished,
    /// On a version before the latest.
    Older,
}

words!(Which {
    OneShort => "one-short",
    Stopped => "stopped",
    Reached => "reached",
    Finished => "finished",
    Older => "older",
});

impl Which {
    /// As the filter calls it.
    pub const fn called(self) -> &'static str {
        match self {
            Self::OneShort => "One course short",
            Self::Stopped => "Have stopped coming",
            Self::Reached => "Have everything",
            Self::Finished => "Finished",
            Self::Older => "On an older version",
        }
    }
}

/// Somebody on a path.
#[derive(Debug, Clone)]
pub struct Line {
    pub walker: Walker,
    pub tally: Tally,
    pub standing: PathStanding,
    /// Whether there is a newer version than hers.
    pub is_older: bool,
}

impl Line {
    pub fn is(&self, which: Which) -> bool {
        match which {
            Which::OneShort => self.standing.one_short.is_some(),
            Which::Stopped => self.standing.has_stopped,
            Which::Reached => self.standing.is_reached,
            Which::Finished => self.standing.is_finished,
            Which::Older => self.is_older,
        }
    }

    pub fn training(&self) -> String {
        Hours(self.tally.training).to_string()
    }

    pub fn action(&self) -> String {
        Hours(self.tally.action).to_string()
    }

    pub fn last(&self) -> String {
        wording::long_date(self.standing.last)
    }

    pub fn institution(&self) -> &str {
        self.walker.institution.as_ref().map_or("", |(_, name)| name)
    }

    /// Where she stands; that she has stopped is said beside what she lacks.
    pub fn state(&self) -> String {
        let words = self.standing.words();
        match self.standing.has_stopped && self.standing.one_short.is_some() {
            true => format!("{words}. Has stopped coming"),
            false => words,
        }
    }

    pub fn href(&self) -> Href {
        paths::path::person(&self.walker.on.person)
    }
}

/// Everybody on a path whom somebody may see, by name.
pub async fn lines(
    conn: &mut Conn,
    who: &Who,
    found: &PathFound,
    today: NaiveDate,
) -> Result<Vec<Line>, StoreError> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let walkers = path_people::all_of(conn, &found.path.slug, within).await?;
    let people: Vec<_> = walkers.iter().map(|one| one.on.person).collect();
    let mut learnt = path_learning::of_people(conn, &people).await?;
    let latest = found.published().map_or(0, |one| one.number);
    let lines = walkers.into_iter().filter_map(|walker| {
        let version = found.version(walker.on.version)?;
        let learning = learnt.remove(&walker.on.person).unwrap_or_default();
        let hers = tally(&version.rules, &learning);
        let rules = (&version.rules, found.path.quiet_months);
        Some(Line {
            standing: PathStanding::of(rules, (&walker.on, &hers), today),
            is_older: walker.on.finished.is_none() && walker.on.version < latest,
            tally: hers,
            walker,
        })
    });
    Ok(lines.collect())
}
