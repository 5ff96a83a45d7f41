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
