//! What a session needs and hopes for: a least number of people with the day on which to decide, and who should be
//! among them. It is the organiser's own affair: no public page tells of it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, Utc};

use super::{institution::InstitutionKind, vocabulary::UnknownWord};

/// What a session needs and hopes for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aims {
    /// The fewest people it is worth while for.
    pub minimum: Option<u32>,
    /// The day, by its own clock, on which it is decided whether it takes place.
    pub decide_by: Option<NaiveDate>,
    /// Who should be among those who come.
    pub hopes: Hopes,
    /// When it was decided to go ahead with fewer.
    pub went_ahead: Option<DateTime<Utc>>,
}

/// What is wrong with aims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AimsFault {
    /// Nobody, or more people than there are places.
    #[error("the least number is from 1 to the number of places, {0}")]
    Minimum(u32),
    /// There is nothing to decide.
    #[error("say how many people it needs, or leave out the day on which to decide")]
    NothingToDecide,
    /// By then it has begun.
    #[error("decide before the first day, or on it")]
    TooLate,
}

impl Aims {
    /// What is wrong with them for a session of so many places that begins on `first`.
    ///
    /// # Errors
    /// [`AimsFault`], the first there is.
    pub fn checked(&self, capacity: u32, first: Option<NaiveDate>) -> Result<(), AimsFault> {
        if self.minimum.is_some_and(|minimum| !(1..=capacity).contains(&minimum)) {
            return Err(AimsFault::Minimum(capacity));
        }
        match self.decide_by {
            Some(_) if self.minimum.is_none() => Err(AimsFault::NothingToDecide),
            Some(day) if first.is_some_and(|first| day > first) => Err(AimsFault::TooLate),
            _ => Ok(()),
        }
    }

    /// How many people it needs, if `coming` are fewer and nobody decided to go ahead with them.
    pub fn lacking(&self, coming: u32) -> Option<u32> {
        self.minimum.filter(|minimum| coming < *minimum && self.went_ahead.is_none())
    }
}

/// Of whom so many should come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    /// People of institutions of a kind.
    Kind(InstitutionKind),
    /// People who have not been to anything before.
    FirstTimers,
}

impl Whom {
    /// All of them, in the order of forms.
    pub fn all() -> impl Iterator<Item = Self> {
        InstitutionKind::ALL.iter().map(|kind| Self::Kind(*kind)).chain([Self::FirstTimers])
    }

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.as_str(),
            Self::FirstTimers => "first-timers",
        }
    }

    /// As pages say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.people(),
            Self::FirstTimers => "First-timers",
        }
    }
}

impl InstitutionKind {
    /// Institutions of this kind, as pages say it.
    pub const fn people(self) -> &'static str {
        match self {
            Self::Faith => "Faith groups",
            Self::School => "Schools",
            Self::Union => "Unions",
            Self::Community => "Community groups",
            Self::Health => "Health services",
            Self::Other => "Other institutions",
        }
    }
}

/// How many that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// So many people.
    People(u32),
    /// So many in a hundred of those who come.
    Percent(u32),
}

impl Many {
    /// How many people that is when `coming` come; rounded up.
    pub fn of(self, coming: u32) -> u32 {
        match self {
            Self::People(people) => people,
            Self::Percent(percent) => (coming * percent).div_ceil(100),
        }
    }
}

impl fmt::Display for Many {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::People(people) => write!(f, "{people}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// A text that says no number and no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("enter a number of people, such as 10, or a share, such as 30%")]
pub struct NotMany;

impl FromStr for Many {
    type Err = NotMany;

    fn from_str(text: &str) -> Result<Self, NotMany> {
        let text = text.trim();
        let (digits, is_share) = match text.strip_suffix('%') {
            Some(digits) => (digits.trim_end(), true),
            None => (text, false),
        };
        let number = digits.parse::<u32>().map_err(|_| NotMany)?;
        match (is_share, number) {
            (true, 1..=100) => Ok(Self::Percent(number)),
            (false, 1..=100_000) => Ok(Self::People(number)),
            _ => Err(NotMany),
        }
    }
}

/// Who should be among those who come, and how many; each group once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hopes(Vec<(Whom, Many)>);

impl Hopes {
    /// These, in the order of forms.
    pub fn of(hopes: impl IntoIterator<Item = (Whom, Many)>) -> Self {
        let mut all: Vec<_> = hopes.into_iter().collect();
        all.sort_by_key(|(whom, _)| *whom);
        all.dedup_by_key(|(whom, _)| *whom);
        Self(all)
    }

    /// Each group with how many.
    pub fn iter(&self) -> impl Iterator<Item = (Whom, Many)> + '_ {
        self.0.iter().copied()
    }

    /// How many of a group.
    pub fn for_whom(&self, whom: Whom) -> Option<Many> {
        self.iter().find(|one| one.0 == whom).map(|one| one.1)
    }

    /// Whether nothing is hoped for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As columns have it: `school=10; first-timers=30%`.
impl fmt::Display for Hopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (whom, many)) in self.iter().enumerate() {
            let between = if at > 0 { "; " } else { "" };
            write!(f, "{between}{}={many}", whom.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for Hopes {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = |part: &str| UnknownWord { found: part.to_owned(), allowed: &["GROUP=MANY"] };
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        let read = parts.map(|part| {
            let (word, many) = part.split_once('=').ok_or_else(|| unknown(part))?;
            let whom = Whom::all().find(|one| one.as_str() == word).ok_or_else(|| unknown(part))?;
            Ok((whom, many.parse().map_err(|_| unknown(part))?))
        });
        Ok(Self::of(read.collect::<Result<Vec<_>, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aims(minimum: Option<u32>, decide_by: Option<&str>) -> Aims {
        let decide_by = decide_by.map(|day| day.parse().expect("a day"));
        Aims { minimum, decide_by, ..Aims::default() }
    }

    #[test]
    fn the_least_number_fits_into_the_places_and_the_day_comes_before_the_first() {
        let first = "2027-03-20".parse().ok();
        let check = |aims: Aims| aims.checked(30, first);
        assert_eq!(check(aims(None, None)), Ok(()));
        assert_eq!(check(aims(Some(30), Some("2027-03-20"))), Ok(()));
        assert_eq!(check(aims(Some(31), None)), Err(AimsFault::Minimum(30)));
        assert_eq!(check(aims(Some(0), None)), Err(AimsFault::Minimum(30)));
        assert_eq!(check(aims(None, Some("2027-03-01"))), Err(AimsFault::NothingToDecide));
        assert_eq!(check(aims(Some(9), Some("2027-03-21"))), Err(AimsFault::TooLate));
    }

    #[test]
    fn whoever_decided_to_go_ahead_is_reminded_no_more() {
        let needs = aims(Some(12), None);
        assert_eq!((needs.lacking(11), needs.lacking(12)), (Some(12), None));
        let goes = Aims { went_ahead: "2027-03-01T10:00:00Z".parse().ok(), ..needs };
        assert_eq!(goes.lacking(3), None);
        assert_eq!(Aims::default().lacking(0), None);
    }

    #[test]
    fn hopes_read_as_they_are_written_and_a_share_is_rounded_up() {
        let text = "school=10; first-timers=30%";
        let hopes: Hopes = text.parse().expect("hopes");
        assert_eq!(hopes.to_string(), text);
        assert_eq!("first-timers=30%;school=10".parse(), Ok(hopes));
        assert_eq!("".parse(), Ok(Hopes::default()));
        assert!("pupils=3".parse::<Hopes>().is_err() && "school".parse::<Hopes>().is_err());
        let many = |text: &str| text.parse::<Many>().ok().map(|many| many.of(11));
        assert_eq!((many("30%"), many(" 4 "), many("100 %")), (Some(4), Some(4), Some(11)));
        assert_eq!((many("0"), many("101%"), many("many")), (None, None, None));
    }

    #[test]
    fn each_group_is_written_and_named_in_its_own_words() {
        let words: Vec<_> = Whom::all().map(|whom| (whom.as_str(), whom.name())).collect();
        assert_eq!(
            words,
            [
                ("faith", "Faith groups"),
                ("school", "Schools"),
                ("union", "Unions"),
                ("community", "Community groups"),
                ("health", "Health services"),
                ("other", "Other institutions"),
                ("first-timers", "First-timers"),
            ]
        );
    }

    #[test]
    fn nothing_is_hoped_for_until_a_group_is_named_and_each_counts_once() {
        assert!(Hopes::default().is_empty());
        let school = Whom::Kind(InstitutionKind::School);
        let hopes = Hopes::of([(school, Many::People(10)), (school, Many::People(4))]);
        assert!(!hopes.is_empty());
        assert_eq!(hopes.for_whom(school), Some(Many::People(10)));
        assert_eq!(hopes.for_whom(Whom::FirstTimers), None);
        assert_eq!(hopes.to_string(), "school=10");
    }
}
