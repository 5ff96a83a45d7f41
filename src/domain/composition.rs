//! Who comes to a session, against whom it hopes for.

use super::{
    aims::{Hopes, Whom},
    institution::InstitutionKind,
};

/// Who has a place on a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Composition {
    /// How many people.
    pub people: u32,
    /// By kind of institution, those there are.
    pub kinds: Vec<(InstitutionKind, u32)>,
    /// For none on the list.
    pub unlisted: u32,
    /// People who were never seen to come to anything else.
    pub first_timers: u32,
    /// People whose names follow, or whom we have not recognised yet.
    pub unknown: u32,
    /// By alliance of their institution.
    pub alliances: Vec<(String, u32)>,
}

/// A group of those who come, beside what is hoped for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// Who.
    pub name: &'static str,
    /// How many come.
    pub coming: u32,
    /// How many should, and the words for it.
    pub hoped: Option<(u32, String)>,
}

impl GroupLine {
    /// How many are lacking.
    pub fn lacking(&self) -> u32 {
        self.hoped.as_ref().map_or(0, |(hoped, _)| hoped.saturating_sub(self.coming))
    }
}

impl Composition {
    /// Counts people of institutions of a kind, or of none on the list.
    pub fn add(&mut self, kind: Option<InstitutionKind>, people: u32) {
        self.people += people;
        let Some(kind) = kind else {
            self.unlisted += people;
            return;
        };
        match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += people,
            None => self.kinds.push((kind, people)),
        }
    }

    fn of(&self, whom: Whom) -> u32 {
        match whom {
            Whom::FirstTimers => self.first_timers,
            Whom::Kind(kind) => {
                self.kinds.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count)
            }
        }
    }

    /// The groups of which anybody comes or should.
    pub fn lines(&self, hopes: &Hopes) -> Vec<GroupLine> {
        let line = |whom: Whom| GroupLine {
            name: whom.name(),
            coming: self.of(whom),
            hoped: hopes.for_whom(whom).map(|many| (many.of(self.people), many.to_string())),
        };
        let is_there = |line: &GroupLine| line.coming > 0 || line.hoped.is_some();
        Whom::all().map(line).filter(is_there).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_shown_where_anybody_comes_or_should() {
        let mut all = Composition { first_timers: 2, ..Composition::default() };
        all.add(Some(InstitutionKind::School), 3);
        all.add(Some(InstitutionKind::School), 1);
        all.add(None, 6);
        let hopes = "school=6; union=2; first-timers=20%".parse().expect("hopes");
        let lines = all.lines(&hopes);
        let seen: Vec<_> = lines.iter().map(|one| (one.name, one.coming, one.lacking())).collect();
        assert_eq!(seen, [("Schools", 4, 2), ("Unions", 0, 2), ("First-timers", 2, 0)]);
        assert_eq!((all.people, all.unlisted), (10, 6));
    }
}
