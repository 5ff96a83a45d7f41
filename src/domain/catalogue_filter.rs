//! What a visitor looks for in the catalogue.

use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use super::{
    finding::Wanted,
    id::{AllianceSlug, CourseSlug},
    postcode::{Nearness, Outward},
    session::Session,
};

/// A calendar month, such as `2027-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month a day is in.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The first of the month.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self(self.0 + Months::new(1))
    }

    /// As in URLs: `2027-01`.
    pub fn code(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// As people read it: `January 2027`.
    pub fn name(self) -> String {
        self.0.format("%B %Y").to_string()
    }
}

/// A text that is not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month: it looks like 2027-01")]
pub struct InvalidMonth;

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let well_formed = text.len() == 7 && text.is_ascii();
        let day = format!("{text}-01").parse::<NaiveDate>().map_err(|_| InvalidMonth)?;
        let sensible = (1970..=9998).contains(&day.year());
        if well_formed && sensible { Ok(Self(day)) } else { Err(InvalidMonth) }
    }
}

/// How people take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Held by video call.
    Online,
    /// Held at a venue, with or without a call beside it.
    InPerson,
}

super::vocabulary::words!(Format { Online => "online", InPerson => "in-person" });

/// A campaign or programme as addresses name it: `living-wage`. What is called an alliance of its own, such as
/// `schools-alliance`, is known by its first words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Campaign(String);

impl Campaign {
    /// The campaign a course serves, as it was typed; `None` if it serves none.
    pub fn of(typed: &str) -> Option<Self> {
        let slug = typed.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
        let slug = slug.strip_suffix("-alliance").unwrap_or(&slug);
        (!slug.is_empty()).then(|| Self(slug.to_owned()))
    }

    /// As in addresses.
    pub fn slug(&self) -> &str {
        &self.0
    }

    /// As people say it: `Living Wage`, `Strangers into Citizens`.
    pub fn name(&self) -> String {
        let small = ["and", "for", "in", "into", "of", "the", "to"];
        let word = |(at, word): (usize, &str)| {
            let mut letters = word.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            let is_small = at > 0 && small.contains(&word);
            if is_small { word.to_owned() } else { format!("{first}{}", letters.as_str()) }
        };
        self.0.split('-').enumerate().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// Whom something is to be near to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// Whoever lives there.
    Postcode(Outward),
    /// An alliance: wherever it meets.
    Alliance(AllianceSlug),
}

/// What a visitor looks for; every part but `near`, which orders it, narrows the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogueFilter {
    /// Words to find in the course, the venue, the alliance, the note or the names of its trainers.
    pub words: Option<String>,
    /// Only sessions that this alliance runs.
    pub alliance: Option<AllianceSlug>,
    /// Only scheduled runs of this course.
    pub course: Option<CourseSlug>,
    /// Only those with a sitting in this month.
    pub month: Option<Month>,
    /// Only online, or only in a room.
    pub format: Option<Format>,
    /// Only what serves this campaign.
    pub campaign: Option<Campaign>,
    /// What is near comes first.
    pub near: Option<Near>,
}

impl CatalogueFilter {
    /// Whether it narrows nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it lets a session through.
    pub fn matches(&self, session: &Session) -> bool {
        let alliance = self.alliance.as_ref().is_none_or(|slug| *slug == session.alliance.slug);
        let course = self.course.as_ref().is_none_or(|slug| *slug == session.course.slug);
        let format = self
            .format
            .is_none_or(|format| (format == Format::Online) == session.location.is_online());
        let month = self.month.is_none_or(|month| {
            session.sittings.iter().any(|sitting| Month::of(sitting.starts.date()) == month)
        });
        let campaign = self
            .campaign
            .as_ref()
            .is_none_or(|one| Campaign::of(&session.course.campaign).as_ref() == Some(one));
        alliance && course && format && month && campaign && self.finds_words(session)
    }

    /// The sessions it lets through: in order of time, and what is near first where that is asked for.
    pub fn found<'a>(&self, all: &'a [Session]) -> Vec<&'a Session> {
        let mut found: Vec<_> = all.iter().filter(|session| self.matches(session)).collect();
        if let Some(near) = &self.near {
            // Sorting is stable: what is as near stays in order of time.
            found.sort_by_cached_key(|session| near.nearness(session, all));
        }
        found
    }

    /// Whether every word stands somewhere in what the catalogue shows of the session.
    fn finds_words(&self, session: &Session) -> bool {
        let Some(words) = &self.words else { return true };
        let shown = [
            session.course.title.as_str(),
            &session.course.summary,
            &session.alliance.name,
            &session.location.public_line(),
            session.note.as_deref().unwrap_or_default(),
            session.code.as_str(),
        ];
        let trainers = session.trainers.iter().map(|trainer| trainer.name.as_str());
        Wanted::typed(words).is_among(shown.into_iter().chain(trainers))
    }
}

impl Near {
    /// How far away a session is; `all` says where an alliance meets.
    pub fn nearness(&self, session: &Session, all: &[Session]) -> Nearness {
        let Some(there) = session.location.outward() else { return Nearness::Unknown };
        match self {
            Self::Postcode(here) => here.nearness(&there),
            Self::Alliance(slug) if session.alliance.slug == *slug => Nearness::Here,
            Self::Alliance(slug) => {
                let its = all.iter().filter(|other| other.alliance.slug == *slug);
                let places = its.filter_map(|other| other.location.outward());
                places.map(|here| here.nearness(&there)).min().unwrap_or(Nearness::Unknown)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Campaign;

    #[test]
    fn a_campaign_is_called_as_people_say_it() {
        for (typed, slug, name) in [
            ("Living wage", "living-wage", "Living Wage"),
            ("strangers-into-citizens", "strangers-into-citizens", "Strangers into Citizens"),
            ("Sanctuary alliance", "sanctuary", "Sanctuary"),
        ] {
            let campaign = Campaign::of(typed).expect("a campaign");
            assert_eq!((campaign.slug(), campaign.name().as_str()), (slug, name));
        }
    }
}
