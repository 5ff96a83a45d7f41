//! Rows that are institutions.

use chrono::NaiveDate;

use super::{Doubt, ImportKind, Known, Read, Said, Sheet, cells::Reader};
use crate::domain::{
    finding::folded,
    id::InstitutionCode,
    institution::{Institution, InstitutionKind, Membership, TellingWords},
};

/// What people call kinds of institutions.
const KINDS: [(&str, InstitutionKind); 25] = [
    ("church", InstitutionKind::Faith),
    ("mosque", InstitutionKind::Faith),
    ("synagogue", InstitutionKind::Faith),
    ("temple", InstitutionKind::Faith),
    ("gurdwara", InstitutionKind::Faith),
    ("parish", InstitutionKind::Faith),
    ("congregation", InstitutionKind::Faith),
    ("faith", InstitutionKind::Faith),
    ("school", InstitutionKind::School),
    ("college", InstitutionKind::School),
    ("university", InstitutionKind::School),
    ("academy", InstitutionKind::School),
    ("education", InstitutionKind::School),
    ("union", InstitutionKind::Union),
    ("tenants", InstitutionKind::Community),
    ("residents", InstitutionKind::Community),
    ("community", InstitutionKind::Community),
    ("charity", InstitutionKind::Community),
    ("voluntary", InstitutionKind::Community),
    ("health", InstitutionKind::Health),
    ("hospital", InstitutionKind::Health),
    ("nhs", InstitutionKind::Health),
    ("surgery", InstitutionKind::Health),
    ("housing", InstitutionKind::Other),
    ("other", InstitutionKind::Other),
];

const MEMBERSHIPS: [(&str, Membership); 6] = [
    ("prospect", Membership::Prospective),
    ("joining", Membership::Prospective),
    ("not", Membership::Prospective),
    ("full", Membership::Member),
    ("member", Membership::Member),
    ("yes", Membership::Member),
];

/// A row that is an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionRow {
    /// Where it stands.
    pub row: u32,
    /// What it says. Its code stands for nothing unless `has_code`.
    pub institution: Institution,
    /// Whether the file gives it a code, rather than the list.
    pub has_code: bool,
    /// Those on the list, or further up in the file, that it may be.
    pub doubt: Option<Doubt>,
}

/// Reads the rows of a file of institutions.
pub fn institutions(
    sheet: &Sheet,
    known: &Known,
    all: &Said,
    today: NaiveDate,
) -> Read<InstitutionRow> {
    let reader = Reader::new(ImportKind::Institutions, sheet, (known, all), today);
    if !reader.holds("name") {
        reader.fault("Say which column holds the name of the institution");
        return reader.into_read(Vec::new());
    }
    let listed: Vec<Called<'_>> = known.institutions.iter().map(Called::of).collect();
    let mut rows: Vec<InstitutionRow> = Vec::new();
    let mut above: Vec<(u32, String)> = Vec::new();
    for cells in reader.rows() {
        let name = match cells.name() {
            Some(None) => cells.fault("name", "is missing: every institution has a name"),
            Some(name) => name,
            None => None,
        };
        let kinds = "faith, school, union, community, health or other";
        let kind = cells.word("kind", &KINDS, kinds);
        let membership = cells.word("membership", &MEMBERSHIPS, "member or prospective");
        let alliance = cells.alliance().map(|one| one.slug.clone());
        let code = match cells.text("code") {
            "" => Some(None),
            text => match text.parse::<InstitutionCode>() {
                Ok(code) => Some(Some(code)),
                Err(error) => cells.fault("code", format!("\u{201c}{text}\u{201d}: {error}")),
            },
        };
        let (Some(name), Some(kind), Some(membership)) = (name, kind, membership) else { continue };
        let (Some(alliance), Some(code)) = (alliance, code) else { continue };
        let has_code = code.is_some();
        let code = code.unwrap_or_else(|| InstitutionCode::numbered(i64::from(cells.row)));
        let name = name.to_string();
        let institution = Institution { code, name, kind, alliance, membership };
        let row = (cells.row, &institution, has_code);
        let doubt = doubt(row, (known, &listed), &above, all);
        above.push((cells.row, folded(&institution.name)));
        rows.push(InstitutionRow { row: cells.row, institution, has_code, doubt });
    }
    reader.into_read(rows)
}

/// An institution on the list with what it is told by, worked out once for all rows.
struct Called<'a> {
    institution: &'a Institution,
    name: String,
    words: TellingWords,
}

impl<'a> Called<'a> {
    fn of(institution: &'a Institution) -> Self {
        let words = TellingWords::of(&institution.name);
        Self { institution, name: folded(&institution.name), words }
    }
}

/// What a row may be: one on the list of the same code or called alike, or one of the same name further up.
fn doubt(
    (row, institution, has_code): (u32, &Institution, bool),
    (known, listed): (&Known, &[Called<'_>]),
    above: &[(u32, String)],
    all: &Said,
) -> Option<Doubt> {
    let this = Called::of(institution);
    let is_alike = |other: &&Called<'_>| {
        // The same name is asked about wherever it is; one that is only alike, in the same alliance.
        let is_own = other.institution.alliance == institution.alliance;
        other.name == this.name
            || (is_own && other.words.may_be(&this.words))
            || (has_code && other.institution.code == institution.code)
    };
    let listed = listed.iter().filter(is_alike).take(5).map(|other| {
        let one = other.institution;
        let alliance = known.alliances.iter().find(|other| other.slug == one.alliance);
        let whose = alliance.map_or(one.alliance.as_str(), |one| one.name.as_str());
        (one.code.to_string(), format!("{} ({}, {whose})", one.name, one.code))
    });
    let higher = above.iter().filter(|(_, name)| *name == this.name).take(1);
    let higher = higher
        .map(|(other, _)| (format!("row-{other}"), format!("{} in row {other}", institution.name)));
    let alike: Vec<_> = listed.chain(higher).collect();
    let says = institution.name.clone();
    (!alike.is_empty()).then(|| Doubt::new(("row", row), says, alike, all))
}
