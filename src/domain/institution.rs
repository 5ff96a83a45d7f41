//! A member congregation, union branch, school or community group.

use std::collections::BTreeSet;

use super::{
    finding::folded,
    id::{AllianceSlug, InstitutionCode},
    vocabulary::words,
};

/// What kind of institution it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstitutionKind {
    /// A congregation of any faith.
    Faith,
    /// A school, college or university.
    School,
    /// A union or union branch.
    Union,
    /// A tenants', residents' or other community group.
    Community,
    /// A health service or practice.
    Health,
    /// None of these, such as a housing association.
    Other,
}

/// Whether the institution is in membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Membership {
    /// Pays dues to its alliance.
    Member,
    /// On the way to joining.
    Prospective,
}

words!(InstitutionKind {
    Faith => "faith",
    School => "school",
    Union => "union",
    Community => "community",
    Health => "health",
    Other => "other",
});
words!(Membership { Member => "member", Prospective => "prospective" });

/// A member congregation, union branch, school or community group of one alliance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Its code on the organisation's own list.
    pub code: InstitutionCode,
    /// Its name as people say it.
    pub name: String,
    /// What kind it is.
    pub kind: InstitutionKind,
    /// The alliance it belongs to.
    pub alliance: AllianceSlug,
    /// Whether it is in membership.
    pub membership: Membership,
}

/// A name that leaders typed, since they did not find theirs on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedInstitution {
    /// As one of them typed it.
    pub name: String,
    /// In how many bookings it stands, in upper or lower case.
    pub bookings: i64,
}

/// Words that many names have, and that people write or leave out as they like.
const COMMON: &[&str] = &["the", "of", "and", "in", "at", "church", "parish", "school", "branch"];

/// What tells a name from others: its words without case, signs, and those that come and go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellingWords(BTreeSet<String>);

impl TellingWords {
    /// The words of a name.
    pub fn of(name: &str) -> Self {
        // An apostrophe, however typed, parts no word.
        let parts = |c: char| {
            c.is_whitespace()
                || c.is_ascii_punctuation() && !"'`".contains(c)
                || ('\u{2010}'..='\u{2015}').contains(&c)
        };
        let words = name.split(parts).map(folded).filter(|word| !word.is_empty());
        let spelt = words.map(|word| if word == "saint" { "st".to_owned() } else { word });
        let spelt: BTreeSet<String> = spelt.collect();
        let telling: BTreeSet<String> =
            spelt.iter().filter(|word| !COMMON.contains(&word.as_str())).cloned().collect();
        // A name made of nothing else is told by what it has.
        Self(if telling.is_empty() { spelt } else { telling })
    }

    /// The words themselves.
    pub(super) fn words(&self) -> &BTreeSet<String> {
        &self.0
    }

    /// Whether two names may mean one institution: one says all that the other says, and that is more
    /// than one word or the whole of it.
    pub fn may_be(&self, other: &Self) -> bool {
        let (less, more) =
            if self.0.len() <= other.0.len() { (self, other) } else { (other, self) };
        let (less, more) = (&less.0, &more.0);
        !less.is_empty() && less.is_subset(more) && (less.len() > 1 || less.len() == more.len())
    }
}

/// Whether two names may mean one institution.
pub fn may_be_one(one: &str, other: &str) -> bool {
    TellingWords::of(one).may_be(&TellingWords::of(other))
}

#[cfg(test)]
mod tests {
    use super::may_be_one;

    #[test]
    fn a_name_written_otherwise_may_be_the_same() {
        for (one, other) in [
            ("St Mary's Church", "Saint Marys"),
            ("The Parish of St. Mary", "ST MARY"),
            ("East London Mosque", "East London Mosque & Centre"),
            ("Unison, Camden branch", "camden UNISON"),
            ("The School", "the school"),
            ("Église de Peckham", "eglise PECKHAM de"),
            ("St Mary`s", "St Mary\u{2019}s"),
        ] {
            assert!(may_be_one(one, other) && may_be_one(other, one), "{one}, {other}");
        }
    }

    #[test]
    fn another_name_is_another() {
        for (one, other) in [
            ("St Mary", "St Mark"),
            ("Unison Camden", "Unison Islington"),
            ("Mosque", "East London Mosque"),
            ("", "St Mary"),
            ("", ""),
        ] {
            assert!(!may_be_one(one, other) && !may_be_one(other, one), "{one}, {other}");
        }
    }
}
