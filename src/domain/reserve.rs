//! Places of a session that are kept for a group until a moment: an institution, an alliance, or a kind of
//! institution. Whoever belongs to the group takes what is kept first, and then what is open; others see the rest.
//! At the moment it is released to everybody, the waiting list first.

use std::{collections::HashMap, fmt, str::FromStr};

use chrono::{DateTime, Utc};

use super::{
    id::{AllianceSlug, InstitutionCode, ReserveId},
    institution::InstitutionKind,
    vocabulary::UnknownWord,
};

/// For whom places are kept. What is narrower comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// One institution.
    Institution(InstitutionCode),
    /// All institutions of an alliance.
    Alliance(AllianceSlug),
    /// All institutions of a kind.
    Kind(InstitutionKind),
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Institution(code) => write!(f, "institution:{code}"),
            Self::Alliance(slug) => write!(f, "alliance:{slug}"),
            Self::Kind(kind) => write!(f, "kind:{kind}"),
        }
    }
}

impl FromStr for Group {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (word, key) = text.split_once(':').unwrap_or((text, ""));
        let group = match word {
            "institution" => key.parse().ok().map(Self::Institution),
            "alliance" => key.parse().ok().map(Self::Alliance),
            "kind" => key.parse().ok().map(Self::Kind),
            _ => None,
        };
        group.ok_or_else(|| UnknownWord {
            found: text.to_owned(),
            allowed: &["institution:CODE", "alliance:SLUG", "kind:KIND"],
        })
    }
}

/// What an institution belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Belongs {
    /// Itself.
    pub institution: InstitutionCode,
    /// The alliance it is a member of.
    pub alliance: AllianceSlug,
    /// Of which kind it is.
    pub kind: InstitutionKind,
}

impl Group {
    /// Whether an institution belongs to it.
    pub fn takes(&self, one: &Belongs) -> bool {
        match self {
            Self::Institution(code) => *code == one.institution,
            Self::Alliance(slug) => *slug == one.alliance,
            Self::Kind(kind) => *kind == one.kind,
        }
    }
}

/// Places that are kept for a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// Which.
    pub id: ReserveId,
    /// For whom.
    pub group: Group,
    /// What the group is called.
    pub name: String,
    /// How many are kept in all.
    pub places: u32,
    /// How many of them nobody of the group has taken yet.
    pub unused: u32,
    /// From when they are everybody's.
    pub until: DateTime<Utc>,
}

/// Who sits on a session, as far as it decides who may sit down: how much is free, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seating {
    free: u32,
    reserves: Vec<(Group, u32)>,
    taken: Vec<(Belongs, u32)>,
    /// What those belong to who ask.
    known: HashMap<InstitutionCode, Belongs>,
}

/// Places of which none is kept for anybody.
impl From<u32> for Seating {
    fn from(free: u32) -> Self {
        Self { free, ..Self::default() }
    }
}

impl Seating {
    /// So many free places, of which some are kept. `taken` says who occupies how many, `known` what whoever
    /// asks belongs to.
    pub fn new<'a>(
        free: u32,
        reserves: impl IntoIterator<Item = &'a Reserve>,
        mut taken: Vec<(Belongs, u32)>,
        known: impl IntoIterator<Item = Belongs>,
    ) -> Self {
        let mut reserves: Vec<_> =
            reserves.into_iter().map(|one| (one.group.clone(), one.places)).collect();
        reserves.sort();
        let known = known.into_iter().map(|one| (one.institution.clone(), one)).collect();
        taken.sort();
        Self { free, reserves, taken, known }
    }

    /// How many places are neither confirmed nor offered nor held.
    pub fn free(&self) -> u32 {
        self.free
    }

    /// How many places of each reserve nobody of its group has taken, in the order in which they were given:
    /// what somebody occupies counts for the narrowest of her groups that has room.
    pub fn unused(&self) -> Vec<(Group, u32)> {
        let mut left = self.taken.clone();
        let mut unused = Vec::with_capacity(self.reserves.len());
        for (group, places) in &self.reserves {
            let mut open = *places;
            for (_, count) in left.iter_mut().filter(|(one, _)| group.takes(one)) {
                let used = open.min(*count);
                open -= used;
                *count -= used;
            }
            unused.push((group.clone(), open));
        }
        unused
    }

    /// How many places are kept for groups that have not taken them; no more than are free.
    pub fn kept(&self) -> u32 {
        self.unused().iter().map(|(_, open)| *open).sum::<u32>().min(self.free)
    }

    /// How many of `asked` places an institution may take, or somebody who comes for none on the list.
    pub fn room(&self, code: Option<&InstitutionCode>, asked: u32) -> u32 {
        if self.reserves.is_empty() {
            return self.free.min(asked);
        }
        // Each place more leaves one fewer free, and at most one fewer kept: what fits once fits before.
        let (mut fits, mut too_many) = (0, self.free.min(asked).saturating_add(1));
        while fits + 1 < too_many {
            let middle = fits + (too_many - fits) / 2;
            if self.fits(code, middle) {
                fits = middle;
            } else {
                too_many = middle;
            }
        }
        fits
    }

    fn fits(&self, code: Option<&InstitutionCode>, asked: u32) -> bool {
        let mut after = self.clone();
        after.sit(code, asked);
        let kept: u32 = after.unused().iter().map(|(_, open)| *open).sum();
        asked <= self.free && after.free >= kept
    }

    /// Takes places: they are somebody's now.
    pub fn sit(&mut self, code: Option<&InstitutionCode>, count: u32) {
        self.free = self.free.saturating_sub(count);
        let Some(one) = code.and_then(|code| self.known.get(code)) else { return };
        match self.taken.iter_mut().find(|(known, _)| known == one) {
            Some((_, taken)) => *taken += count,
            None => {
                self.taken.push((one.clone(), count));
                self.taken.sort();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(number: u8) -> InstitutionCode {
        format!("I{number}").parse().expect("a code")
    }

    /// Six institutions: two kinds, three alliances.
    fn belongs(number: u8) -> Belongs {
        let kinds = [InstitutionKind::School, InstitutionKind::Faith];
        Belongs {
            institution: code(number),
            alliance: format!("a{}", number / 2).parse().expect("a slug"),
            kind: kinds[usize::from(number % 2)],
        }
    }

    fn reserve(group: &str, places: u32) -> Reserve {
        Reserve {
            id: ReserveId::new(uuid::Uuid::nil()),
            group: group.parse().expect("a group"),
            name: String::new(),
            places,
            unused: 0,
            until: DateTime::UNIX_EPOCH,
        }
    }

    fn seating(free: u32, reserves: &[Reserve], taken: Vec<(Belongs, u32)>) -> Seating {
        Seating::new(free, reserves, taken, (0..6).map(belongs))
    }

    #[test]
    fn a_group_takes_what_is_kept_first_and_others_see_the_rest() {
        let kept = [reserve("kind:school", 5)];
        let mut one = seating(7, &kept, vec![]);
        let (school, church) = (code(0), code(1));
        assert_eq!((one.room(None, 9), one.room(Some(&church), 9)), (2, 2));
        assert_eq!(one.room(Some(&school), 9), 7, "what is kept, and then what is open");
        one.sit(Some(&school), 3);
        assert_eq!((one.kept(), one.room(None, 9), one.room(Some(&school), 9)), (2, 2, 4));
        one.sit(None, 2);
        assert_eq!((one.room(None, 9), one.room(Some(&school), 9)), (0, 2));
        one.sit(Some(&school), 2);
        assert_eq!((one.free(), one.kept()), (0, 0));
    }

    #[test]
    fn what_one_occupies_counts_for_the_narrowest_of_her_groups() {
        let kept =
            [reserve("kind:school", 2), reserve("institution:I0", 2), reserve("alliance:a0", 1)];
        let one = seating(9, &kept, vec![(belongs(0), 3)]);
        let unused: Vec<_> = one.unused().into_iter().map(|(_, open)| open).collect();
        assert_eq!(unused, [0, 0, 2], "institution, alliance, kind");
    }

    fn groups() -> impl Strategy<Value = String> {
        prop_oneof![
            (0..6u8).prop_map(|n| format!("institution:I{n}")),
            (0..3u8).prop_map(|n| format!("alliance:a{n}")),
            prop_oneof![Just("kind:school".to_owned()), Just("kind:faith".to_owned())],
        ]
    }

    proptest! {
        /// Whatever is kept and whoever sits down in which order: as many as there is room for, and never so
        /// that a group's own places are gone.
        #[test]
        fn nobody_takes_what_is_kept_for_others(
            capacity in 0..40u32,
            asked_to_keep in prop::collection::vec((groups(), 1..9u32), 0..5),
            people in prop::collection::vec((0..8u8, 1..6u32), 0..20),
        ) {
            let mut reserves: Vec<Reserve> = Vec::new();
            for (group, places) in asked_to_keep {
                let sum: u32 = reserves.iter().map(|one| one.places).sum();
                if sum + places <= capacity {
                    reserves.push(reserve(&group, places));
                }
            }
            let mut one = seating(capacity, &reserves, vec![]);
            for (who, asked) in people {
                let institution = (who < 6).then(|| code(who));
                let (free, kept) = (one.free(), one.kept());
                let room = one.room(institution.as_ref(), asked);
                prop_assert!(room >= one.room(None, asked), "a group sees no less than others");
                prop_assert!(free - kept >= one.room(None, u32::MAX));
                prop_assert_eq!(one.room(None, u32::MAX), free - kept);
                if room < asked {
                    prop_assert!(!one.fits(institution.as_ref(), room + 1), "as many as fit");
                }
                one.sit(institution.as_ref(), room);
                let unused: u32 = one.unused().iter().map(|(_, open)| *open).sum();
                prop_assert!(unused <= one.free(), "what is kept is there");
                prop_assert!(kept >= unused && kept - unused <= room);
            }
            // Released, all of it is everybody's.
            prop_assert_eq!(seating(one.free(), &[], vec![]).room(None, u32::MAX), one.free());
        }
    }

    #[test]
    fn places_of_which_none_is_kept_are_anybodys() {
        let one = Seating::from(3);
        assert_eq!((one.free(), one.kept(), one.room(None, 9)), (3, 0, 3));
    }

    #[test]
    fn a_group_is_written_as_it_is_read() {
        for written in ["institution:I0", "alliance:citizens-mk", "kind:school"] {
            let group: Group = written.parse().expect("a group");
            assert_eq!(group.to_string(), written);
        }
        for bad in ["", "school", "kind:", "kind:pub", "town:leeds"] {
            assert!(bad.parse::<Group>().is_err(), "{bad}");
        }
    }

    #[test]
    fn whoever_sits_down_uses_her_own_groups_places_whoever_sat_there_before() {
        let kept = [reserve("institution:I0", 2), reserve("institution:I1", 4)];
        let mut one = seating(9, &kept, vec![(belongs(1), 1)]);
        let unused = |one: &Seating| -> Vec<u32> {
            one.unused().into_iter().map(|(_, open)| open).collect()
        };
        assert_eq!(unused(&one), [2, 3]);
        one.sit(Some(&code(0)), 1);
        assert_eq!(unused(&one), [1, 3]);
        one.sit(Some(&code(1)), 1);
        assert_eq!(unused(&one), [1, 2]);
    }
}
