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
    use std::sync::Arc;

    use super::*;
    use crate::domain::{alliance::Alliance, location::Location, samples};

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

    #[test]
    fn a_course_of_no_campaign_serves_none() {
        assert_eq!((Campaign::of(""), Campaign::of("  ")), (None, None));
    }

    #[test]
    fn a_month_is_read_as_addresses_have_it() {
        let month: Month = "2026-12".parse().expect("a month");
        assert_eq!((month.code().as_str(), month.name().as_str()), ("2026-12", "December 2026"));
        assert_eq!(month.next().code(), "2027-01");
        let day = "2026-12-31".parse().expect("a day");
        assert_eq!(Month::of(day), month);
        assert_eq!(month.first_day().to_string(), "2026-12-01");
        assert!("1970-01".parse::<Month>().is_ok() && "9998-12".parse::<Month>().is_ok());
        for bad in ["", "2027", "2027-1", "2027-13", "02027-1", "1969-12", "9999-01", "+12027-01"] {
            assert_eq!(bad.parse::<Month>(), Err(InvalidMonth), "{bad}");
        }
    }

    /// An alliance's session at an address; by video call where there is none.
    fn session(code: &str, alliance: &str, address: &str) -> Session {
        let slug = alliance.parse().expect("a slug");
        let (name, address) = ("Hall".to_owned(), address.to_owned());
        let room = "https://meet.example/a".to_owned();
        let is_online = address.is_empty();
        Session {
            code: code.parse().expect("a code"),
            alliance: Arc::new(Alliance { slug, ..samples::alliance() }),
            location: if is_online {
                Location::Online { room }
            } else {
                Location::Venue { name, address }
            },
            ..samples::session()
        }
    }

    #[test]
    fn each_wish_alone_narrows_the_catalogue() {
        let session = samples::session();
        let any = CatalogueFilter::default();
        assert!(any.is_empty() && any.matches(&session));
        let words = |text: &str| CatalogueFilter { words: Some(text.to_owned()), ..any.clone() };
        let alliance = |slug: &str| CatalogueFilter { alliance: slug.parse().ok(), ..any.clone() };
        let course = |slug: &str| CatalogueFilter { course: slug.parse().ok(), ..any.clone() };
        let month = |code: &str| CatalogueFilter { month: code.parse().ok(), ..any.clone() };
        let format = |format| CatalogueFilter { format: Some(format), ..any.clone() };
        let campaign = |typed| CatalogueFilter { campaign: Campaign::of(typed), ..any.clone() };
        for (fits, other) in [
            (words("amina bradwell"), words("amina leeds")),
            (alliance("citizens-mk"), alliance("leeds")),
            (course("two-day"), course("first")),
            (month("2026-09"), month("2026-10")),
            (format(Format::InPerson), format(Format::Online)),
            (campaign("Core"), campaign("Living wage")),
        ] {
            assert!(!fits.is_empty() && fits.matches(&session), "{fits:?}");
            assert!(!other.matches(&session), "{other:?}");
        }
        let call = self::session("S002", "citizens-mk", "");
        assert!(format(Format::Online).matches(&call));
        assert!(!format(Format::InPerson).matches(&call));
    }

    #[test]
    fn all_that_is_shown_of_a_session_is_found_by_words() {
        let session = samples::session();
        for words in ["leadership", "change how a team", "Citizens MK", "MK13", "tea and", "s001"] {
            let filter =
                CatalogueFilter { words: Some(words.to_owned()), ..CatalogueFilter::default() };
            assert!(filter.matches(&session), "{words}");
        }
    }

    #[test]
    fn what_is_near_comes_first_and_what_is_as_near_stays_in_order_of_time() {
        let all = [
            session("FAR", "leeds", "1 Road, Leeds LS11 0XX"),
            session("CALL", "south", ""),
            session("NEAR", "north", "1 Road, London E1 1AA"),
            session("HERE", "south", "1 Road, London SE15 4QH"),
            session("FAR2", "leeds", "2 Road, Leeds LS1 1AA"),
        ];
        let order = |near| {
            let filter = CatalogueFilter { near, ..CatalogueFilter::default() };
            filter.found(&all).iter().map(|one| one.code.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(order(None), "FAR CALL NEAR HERE FAR2");
        let home = Near::Postcode("SE15".parse().expect("a postcode"));
        assert_eq!(order(Some(home)), "HERE NEAR FAR FAR2 CALL");
        let alliance = |slug: &str| Near::Alliance(slug.parse().expect("a slug"));
        assert_eq!(order(Some(alliance("leeds"))), "FAR FAR2 NEAR HERE CALL");
        // An alliance that never meets anywhere is near to nothing.
        assert_eq!(order(Some(alliance("wales"))), "FAR CALL NEAR HERE FAR2");
        assert_eq!(alliance("south").nearness(&all[2], &all), Nearness::Close);
        assert_eq!(alliance("south").nearness(&all[3], &all), Nearness::Here);
        assert_eq!(alliance("south").nearness(&all[3], &[]), Nearness::Here);
    }

    #[test]
    fn only_what_fits_is_found() {
        let all =
            [session("S001", "leeds", "1 Road, Leeds LS11 0XX"), session("S002", "leeds", "")];
        let format = Some(Format::Online);
        let filter = CatalogueFilter { format, ..CatalogueFilter::default() };
        let found = filter.found(&all);
        assert_eq!(found.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["S002"]);
    }

    #[test]
    fn a_campaign_begins_with_a_capital_though_its_first_word_is_small() {
        let campaign = Campaign::of("the right to buses").expect("a campaign");
        assert_eq!(campaign.name(), "The Right to Buses");
    }
}
