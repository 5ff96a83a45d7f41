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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{alliance::Alliance, import::samples::brought, samples};

    fn institution(code: &str, name: &str, alliance: &str) -> Institution {
        let alliance = alliance.parse().expect("a slug");
        Institution { alliance, ..samples::institution(code, name) }
    }

    /// What a file of these columns holds, where this was said of it.
    fn read(keys: &[&str], rows: &[&[&str]], said: &[(&str, &str)]) -> Read<InstitutionRow> {
        let (sheet, all) = brought(keys, rows, said);
        let slug = "leeds".parse().expect("a slug");
        let leeds = Alliance { slug, name: "Leeds Citizens".to_owned(), ..samples::alliance() };
        let listed = vec![
            institution("I0001", "St Mary, Bletchley", "citizens-mk"),
            institution("I0002", "Zion Chapel", "leeds"),
            institution("I0005", "Hope House", "york"),
        ];
        let alliances = vec![samples::alliance(), leeds];
        let known = Known { alliances, institutions: listed, ..Known::default() };
        institutions(&sheet, &known, &all, "2027-01-01".parse().expect("a day"))
    }

    /// The same of names and codes of members of Citizens MK.
    fn named(rows: &[&[&str]], said: &[(&str, &str)]) -> Read<InstitutionRow> {
        let every = [("alliance", "citizens-mk"), ("kind", "faith"), ("membership", "member")];
        read(&["name", "code"], rows, &[&every[..], said].concat())
    }

    fn faults<T>(read: &Read<T>) -> Vec<String> {
        read.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_institution_is_what_its_row_says_in_the_words_people_have_for_it() {
        let keys = ["name", "kind", "alliance", "membership", "code"];
        let rows: [&[&str]; 2] = [
            &["All Saints", "Primary School", "Leeds Citizens", "not yet", "I0100"],
            &["Peace House", "faith", "citizens-mk", "Full member", ""],
        ];
        let found = read(&keys, &rows, &[]);
        assert_eq!(faults(&found), [""; 0]);
        let [school, house] = found.rows.as_slice() else { panic!("two rows") };
        let all_saints = Institution {
            kind: InstitutionKind::School,
            membership: Membership::Prospective,
            ..institution("I0100", "All Saints", "leeds")
        };
        assert_eq!((&school.institution, school.row, school.has_code), (&all_saints, 2, true));
        let peace = institution("I0003", "Peace House", "citizens-mk");
        assert_eq!((&house.institution, house.row, house.has_code), (&peace, 3, false));
    }

    #[test]
    fn what_an_institution_lacks_is_told_at_its_row() {
        let none = read(&["kind"], &[&["faith"]], &[]);
        assert_eq!(faults(&none), ["Say which column holds the name of the institution"]);
        assert_eq!(none.rows.len(), 0);
        let row: &[&str] = &["", "", "", "", "a code"];
        let bare = read(&["name", "kind", "alliance", "membership", "code"], &[row], &[]);
        let kinds = "is missing: faith, school, union, community, health or other";
        let told = faults(&bare);
        let [alliance, code, kind, membership, name] = told.as_slice() else { panic!("{told:?}") };
        let no_alliance = "Row 2, alliance: no alliance: choose one for all rows, or a column";
        assert_eq!(alliance, no_alliance);
        assert!(code.starts_with("Row 2, code: “a code”: "), "{code}");
        assert_eq!(*kind, format!("Row 2, kind: {kinds}"));
        assert_eq!(membership, "Row 2, membership: is missing: member or prospective");
        assert_eq!(name, "Row 2, name: is missing: every institution has a name");
        assert_eq!(bare.rows.len(), 0);
    }

    #[test]
    fn an_institution_that_may_be_on_the_list_or_further_up_is_asked_about() {
        let (mary, zion, hope) = (
            "St Mary, Bletchley (I0001, Citizens MK)",
            "Zion Chapel (I0002, Leeds Citizens)",
            "Hope House (I0005, york)",
        );
        // Row 5 has no code of its own, so it is not the one on the list that has the code I0005.
        let rows: [(&str, &str, &[&str]); 10] = [
            ("St Mary, Bletchley", "", &[mary]),
            ("Saint Mary Bletchley", "", &[mary]),
            ("zion CHAPEL", "", &[zion]),
            ("Elim", "", &[]),
            ("Hope House", "", &[hope]),
            ("Hope House Selby", "", &[]),
            ("Bethel", "I0001", &[mary]),
            ("Salem", "I0009", &[]),
            ("ELIM", "", &["ELIM in row 5"]),
            ("Elim", "", &["Elim in row 5"]),
        ];
        let cells = rows.map(|(name, code, _)| [name, code]);
        let cells: Vec<&[&str]> = cells.iter().map(|row| &row[..]).collect();
        let found = named(&cells, &[]);
        assert_eq!(faults(&found), [""; 0]);
        for (row, (name, _, expected)) in found.rows.iter().zip(rows) {
            let alike = row.doubt.iter().flat_map(|doubt| &doubt.alike);
            let alike: Vec<_> = alike.map(|(_, words)| words.as_str()).collect();
            assert_eq!(alike, expected, "{name}");
        }
        let keys: Vec<_> = [0, 8]
            .into_iter()
            .filter_map(|at| found.rows[at].doubt.as_ref())
            .map(|doubt| (doubt.name.as_str(), doubt.row, doubt.alike[0].0.as_str()))
            .collect();
        assert_eq!(keys, [("row-2", 2, "I0001"), ("row-10", 10, "row-5")]);
    }

    #[test]
    fn what_was_said_of_a_row_that_may_be_known_stands_with_it() {
        let row: &[&str] = &["Zion Chapel", ""];
        let found = named(&[row], &[("row-2", "same:I0002")]);
        let doubt = found.rows[0].doubt.as_ref().expect("a question");
        assert_eq!(doubt.says, "Zion Chapel");
        assert!(doubt.leaves_out() && doubt.is_chosen("same:I0002"));
    }
}
