//! Rows that are people, to be known beforehand.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ImportKind, Known, Read, Said, Sheet,
    cells::{Named, Reader},
};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    id::PersonId,
    institution::Institution,
    person::Person,
    text::Name,
};

/// A row that is somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Where she stands.
    pub row: u32,
    /// Her name.
    pub name: Name,
    /// Her address.
    pub email: Option<EmailAddress>,
    /// Her number.
    pub phone: Option<PhoneNumber>,
    /// Whom she belongs to, on the list.
    pub institution: Option<Institution>,
}

impl PersonRow {
    /// Whom the row says, known by this id since this moment.
    pub fn person(&self, id: PersonId, now: DateTime<Utc>) -> Person {
        Person {
            id,
            name: self.name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            institution: self.institution.as_ref().map(|one| one.code.clone()),
            known_since: now,
            archived_at: None,
            merged_into: None,
        }
    }
}

/// Reads the rows of a file of people.
pub fn people(sheet: &Sheet, known: &Known, all: &Said, today: NaiveDate) -> Read<PersonRow> {
    let reader = Reader::new(ImportKind::People, sheet, (known, all), today);
    if !["name", "first_name", "last_name"].iter().any(|key| reader.holds(key)) {
        reader.fault("Say which column holds the name");
        return reader.into_read(Vec::new());
    }
    let mut rows = Vec::new();
    for cells in reader.rows() {
        let name = match cells.name() {
            Some(None) => cells.fault("name", "is missing"),
            Some(name) => name,
            None => None,
        };
        let (email, phone) = (cells.email("email"), cells.phone("phone"));
        let institution = match cells.institution() {
            Some(Named::Nobody) => Some(None),
            Some(Named::Listed(one)) => Some(Some(one)),
            Some(Named::Typed(typed, _)) => cells.fault(
                "institution",
                format!("\u{201c}{typed}\u{201d} is not on the list: import institutions first"),
            ),
            None => None,
        };
        let (Some(name), Some(email), Some(phone)) = (name, email, phone) else { continue };
        let Some(institution) = institution else { continue };
        rows.push(PersonRow { row: cells.row, name, email, phone, institution });
    }
    reader.into_read(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{import::samples::brought, samples::institution};

    fn read(keys: &[&str], rows: &[&[&str]]) -> Read<PersonRow> {
        let (sheet, all) = brought(keys, rows, &[]);
        let zion = institution("I0001", "Zion Chapel");
        let known = Known { institutions: vec![zion], ..Known::default() };
        people(&sheet, &known, &all, "2027-01-01".parse().expect("a day"))
    }

    fn faults(read: &Read<PersonRow>) -> Vec<String> {
        read.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn whoever_has_a_name_is_known_with_what_her_row_says() {
        let keys = ["first_name", "last_name", "email", "phone", "institution"];
        let rows: [&[&str]; 2] = [
            &["Ada", "Obi", "ada@example.org", "7700900117", "zion chapel"],
            &["Ben", "", "", "", ""],
        ];
        let found = read(&keys, &rows);
        assert_eq!(faults(&found), [""; 0]);
        let known = |row: &PersonRow| {
            let person = row.person(PersonId::new(uuid::Uuid::nil()), DateTime::UNIX_EPOCH);
            let code = person.institution.map(|code| code.to_string());
            let [email, phone] =
                [person.email.map(|one| one.to_string()), person.phone.map(|one| one.to_string())];
            [Some(person.name.to_string()), email, phone, code].map(Option::unwrap_or_default)
        };
        assert_eq!(known(&found.rows[0]), ["Ada Obi", "ada@example.org", "07700900117", "I0001"]);
        assert_eq!(known(&found.rows[1]), ["Ben", "", "", ""]);
        assert_eq!(found.rows[1].row, 3);
    }

    #[test]
    fn a_row_that_cannot_be_used_is_left_out_and_told() {
        let none = read(&["email"], &[&["ada@example.org"]]);
        assert_eq!(faults(&none), ["Say which column holds the name"]);
        assert_eq!(none.rows, []);
        let rows: [&[&str]; 3] = [&["", ""], &["Ada", "Bethel"], &["Ben", ""]];
        let found = read(&["name", "institution"], &rows);
        let missing = "Row 2, name: is missing";
        let bethel = "Row 3, institution: “Bethel” is not on the list: import institutions first";
        assert_eq!(faults(&found), [missing, bethel]);
        assert_eq!(found.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [4]);
    }
}
