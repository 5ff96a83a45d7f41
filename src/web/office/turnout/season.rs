//! Pledged, named and attended: by session, institution, alliance and season.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{
    domain::{
        alliance::Alliance,
        finding::{Wanted, sort_key},
        id::{InstitutionCode, SessionCode},
        institution::{Institution, InstitutionKind},
        pledge::{Turnout, TurnoutCell, TurnoutLine},
        session::Session,
        wording,
    },
    web::spreadsheet::{Cell, Table},
};

/// By what the turnout of a season is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    #[default]
    Institution,
    Alliance,
    Session,
    Kind,
    Campaign,
}

impl By {
    /// All of them with their words in addresses and their heads.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Institution, "institution", "Institution"),
        (Self::Alliance, "alliance", "Alliance"),
        (Self::Session, "session", "Session"),
        (Self::Kind, "kind", "Kind of institution"),
        (Self::Campaign, "campaign", "Campaign"),
    ];
}

/// What the tables are made of.
#[derive(Debug, Clone, Default)]
pub struct Season {
    pub cells: Vec<TurnoutCell>,
    pub sessions: Vec<Session>,
    pub institutions: Vec<Institution>,
    pub alliances: Vec<Alliance>,
}

/// What those are called who come for no institution on the list.
const NOT_LISTED: &str = "For themselves, or not listed";

fn sum(name: &str, turnout: Turnout) -> TurnoutLine {
    TurnoutLine {
        name: name.to_owned(),
        detail: String::new(),
        session: None,
        institution: None,
        turnout,
    }
}

/// The institutions of the list by their codes.
type Listed<'s> = HashMap<&'s InstitutionCode, &'s Institution>;

fn kind(listed: &Listed<'_>, cell: &TurnoutCell) -> Option<InstitutionKind> {
    listed.get(cell.institution.as_ref()?).map(|one| one.kind)
}

impl Season {
    fn sums<'s, K: Ord>(
        &'s self,
        key: impl Fn(&'s TurnoutCell) -> Option<K>,
    ) -> BTreeMap<K, Turnout> {
        let mut sums: BTreeMap<K, Turnout> = BTreeMap::new();
        for cell in &self.cells {
            if let Some(key) = key(cell) {
                let sum = sums.entry(key).or_default();
                *sum = sum.plus(cell.turnout);
            }
        }
        sums
    }

    /// Only what is called by all these words: sessions by what is taught, where and by whom; institutions
    /// by their name and their alliance's.
    pub fn narrowed(mut self, by: By, words: &str) -> Self {
        let wanted = Wanted::typed(words);
        if words.is_empty() {
            return self;
        }
        if by == By::Session {
            self.sessions.retain(|one| {
                let place = one.location.public_line();
                let said = [one.code.as_str(), &one.course.title, &one.alliance.name, &place];
                wanted.is_among(said)
            });
            let known: HashSet<_> = self.sessions.iter().map(|one| one.code.clone()).collect();
            self.cells.retain(|cell| known.contains(&cell.session));
            return self;
        }
        let run_by: HashMap<_, _> =
            self.sessions.iter().map(|one| (one.code.clone(), one.alliance.slug.clone())).collect();
        let listed = self.listed();
        let campaigns = self.campaigns();
        let is_found = |cell: &TurnoutCell| match by {
            By::Alliance => run_by
                .get(&cell.session)
                .is_some_and(|slug| wanted.is_among([&*self.alliance(slug)])),
            By::Kind => {
                wanted.is_among([kind(&listed, cell).map_or(NOT_LISTED, InstitutionKind::people)])
            }
            By::Campaign => {
                campaigns.get(&cell.session).is_some_and(|name| wanted.is_among([*name]))
            }
            By::Institution | By::Session => {
                let (name, detail) = self.said_of(&listed, cell.institution.as_ref());
                wanted.is_among([&*name, &*detail])
            }
        };
        let cells = self.cells.iter().filter(|cell| is_found(cell)).cloned().collect();
        self.cells = cells;
        self
    }

    fn listed(&self) -> Listed<'_> {
        self.institutions.iter().map(|one| (&one.code, one)).collect()
    }

    /// The campaign of each session's course.
    fn campaigns(&self) -> HashMap<&SessionCode, &str> {
        self.sessions.iter().map(|one| (&one.code, &*one.course.campaign)).collect()
    }

    /// What an institution is called, and what it is part of.
    fn said_of(&self, listed: &Listed<'_>, code: Option<&InstitutionCode>) -> (String, String) {
        match code.and_then(|code| listed.get(code)) {
            Some(one) => (one.name.clone(), self.alliance(&one.alliance)),
            None => (NOT_LISTED.to_owned(), String::new()),
        }
    }

    /// The lines of one table, the biggest pledge or turnout first; sessions by date.
    pub fn lines(&self, by: By) -> Vec<TurnoutLine> {
        let mut lines = match by {
            By::Institution => self.by_institution(),
            By::Alliance => self.by_alliance(),
            By::Session => return self.by_session(),
            By::Kind => self.by_kind(),
            By::Campaign => self.by_campaign(),
        };
        let size = |line: &TurnoutLine| line.turnout.pledged.max(line.turnout.named);
        lines.sort_by(|a, b| {
            size(b).cmp(&size(a)).then_with(|| sort_key(&a.name).cmp(&sort_key(&b.name)))
        });
        lines
    }

    fn alliance(&self, slug: &crate::domain::id::AllianceSlug) -> String {
        let known = self.alliances.iter().find(|one| one.slug == *slug);
        known.map_or_else(|| slug.to_string(), |alliance| alliance.name.clone())
    }

    fn by_institution(&self) -> Vec<TurnoutLine> {
        let listed = self.listed();
        let sums = self.sums(|cell| Some(cell.institution.as_ref()));
        let line = |(code, turnout): (Option<&InstitutionCode>, Turnout)| {
            let (name, detail) = self.said_of(&listed, code);
            TurnoutLine { name, detail, session: None, institution: code.cloned(), turnout }
        };
        sums.into_iter().map(line).collect()
    }

    /// By the alliance that runs the session.
    fn by_alliance(&self) -> Vec<TurnoutLine> {
        let run_by: HashMap<_, _> =
            self.sessions.iter().map(|one| (&one.code, &one.alliance.slug)).collect();
        let sums = self.sums(|cell| run_by.get(&cell.session).copied());
        let line = |(slug, turnout)| TurnoutLine {
            name: self.alliance(slug),
            detail: String::new(),
            session: None,
            institution: None,
            turnout,
        };
        sums.into_iter().map(line).collect()
    }

    fn by_kind(&self) -> Vec<TurnoutLine> {
        let line = |(kind, turnout): (Option<InstitutionKind>, Turnout)| {
            sum(kind.map_or(NOT_LISTED, InstitutionKind::people), turnout)
        };
        let listed = self.listed();
        self.sums(|cell| Some(kind(&listed, cell))).into_iter().map(line).collect()
    }

    /// By the campaign of the course.
    fn by_campaign(&self) -> Vec<TurnoutLine> {
        let campaigns = self.campaigns();
        let sums = self.sums(|cell| campaigns.get(&cell.session).copied());
        sums.into_iter().map(|(name, turnout)| sum(name, turnout)).collect()
    }

    fn by_session(&self) -> Vec<TurnoutLine> {
        let sums = self.sums(|cell| Some(&cell.session));
        let line = |session: &Session| TurnoutLine {
            name: session.course.title.clone(),
            detail: format!("{}. {}", wording::days(session), session.alliance.name),
            session: Some(session.code.clone()),
            institution: None,
            turnout: sums.get(&session.code).copied().unwrap_or_default(),
        };
        self.sessions.iter().map(line).collect()
    }

    pub fn total(&self) -> Turnout {
        self.cells.iter().fold(Turnout::default(), |sum, cell| sum.plus(cell.turnout))
    }

    /// The season as tables for a spreadsheet: sessions, institutions, alliances.
    pub fn tables(&self) -> [Table; 3] {
        [self.session_table(), self.table(By::Institution), self.table(By::Alliance)]
    }

    /// One table for a spreadsheet.
    pub fn table(&self, by: By) -> Table {
        if by == By::Session {
            return self.session_table();
        }
        let (name, head) = match by {
            By::Alliance => ("Alliances", "Alliance"),
            By::Kind => ("Kinds", "Kind of institution"),
            By::Campaign => ("Campaigns", "Campaign"),
            _ => ("Institutions", "Institution"),
        };
        let rows = self.lines(by).into_iter().map(|line| {
            let mut row: Vec<Cell> = vec![line.name.into(), line.detail.into()];
            row.extend(numbers(line.turnout));
            row
        });
        let heads = [head, "Part of", "Pledged", "Named", "Attended"];
        Table { name, heads: heads.map(str::to_owned).to_vec(), rows: rows.collect() }
    }

    fn session_table(&self) -> Table {
        let sums = self.sums(|cell| Some(&cell.session));
        let mut senders: BTreeMap<&SessionCode, BTreeSet<&InstitutionCode>> = BTreeMap::new();
        for cell in &self.cells {
            if let Some(institution) = &cell.institution {
                senders.entry(&cell.session).or_default().insert(institution);
            }
        }
        let rows = self.sessions.iter().map(|session| {
            let date = session.sittings.first().map(|one| one.starts.date().to_string());
            let institutions = senders.get(&session.code).map_or(0, BTreeSet::len);
            let mut row: Vec<Cell> = vec![
                session.code.as_str().into(),
                session.course.title.as_str().into(),
                session.alliance.name.as_str().into(),
                date.unwrap_or_default().into(),
                session.location.public_line().into(),
                i64::from(session.occupancy.capacity).into(),
            ];
            row.extend(numbers(sums.get(&session.code).copied().unwrap_or_default()));
            row.push(i64::from(session.occupancy.waiting).into());
            row.push(i64::try_from(institutions).unwrap_or(0).into());
            row
        });
        let heads = [
            "Session",
            "Course",
            "Alliance",
            "First day",
            "Where",
            "Capacity",
            "Pledged",
            "Named",
            "Attended",
            "Waiting",
            "Institutions",
        ];
        Table { name: "Sessions", heads: heads.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}

fn numbers(turnout: Turnout) -> [Cell; 3] {
    [turnout.pledged, turnout.named, turnout.attended].map(|count| i64::from(count).into())
}
