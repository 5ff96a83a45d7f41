//! The roster as a spreadsheet: opened by a double click, and never run as a formula.

use csv::{Terminator, WriterBuilder};

use crate::domain::{contact::EmailAddress, roster::Roster, session::Session};

/// Told to spreadsheets so that they read names as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The roster in CSV (RFC 4180), needs included: for trainers and organisers only (P1).
///
/// # Errors
/// [`csv::Error`], which writing to memory never gives.
pub fn to_csv(roster: &Roster) -> Result<Vec<u8>, csv::Error> {
    let start = BYTE_ORDER_MARK.as_bytes().to_vec();
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start);
    writer.write_record([
        "Name",
        "Institution",
        "Email",
        "Phone",
        "Dietary",
        "Access",
        "Reference",
        "Booked by",
        "Calendar",
    ])?;
    for line in &roster.lines {
        let email = line.place.attendee.as_ref().and_then(|attendee| attendee.email.as_ref());
        let cells = [
            line.name(),
            line.institution.as_deref().unwrap_or_default(),
            email.map_or("", EmailAddress::as_str),
            line.phone.as_deref().unwrap_or_default(),
            line.dietary().unwrap_or_default(),
            line.access().unwrap_or_default(),
            &line.reference,
            &line.leader,
            line.answer_words(),
        ];
        writer.write_record(cells.map(safe_cell))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// What the file is called: `roster-S001.csv`.
pub fn file_name(session: &Session) -> String {
    format!("roster-{}.csv", session.code)
}

/// A cell that no spreadsheet takes for a formula: an apostrophe in front makes it text.
fn safe_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_becomes_text() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            assert_eq!(safe_cell(&format!("{start}1")), format!("'{start}1"));
        }
        assert_eq!(safe_cell("Zoë O'Hara-Smith"), "Zoë O'Hara-Smith");
        assert_eq!(safe_cell(""), "");
    }

    #[test]
    fn an_empty_roster_still_names_its_columns() {
        let file = to_csv(&Roster::default()).unwrap();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "\u{FEFF}Name,Institution,Email,Phone,Dietary,Access,Reference,Booked by,Calendar\r\n"
        );
    }
}
