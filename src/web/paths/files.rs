//! Files that are handed out, brought in, and read by a spreadsheet.

use uuid::Uuid;

use super::{Href, office};
use crate::{domain::id::SessionCode, token::Token};

/// A list as it is narrowed, as a file.
fn narrowed(list: Href, ending: &str, words: &str) -> Href {
    let file = Href(format!("{list}.{ending}"));
    if words.is_empty() { file } else { file.with("q", words) }
}

pub fn people_csv(words: &str) -> Href {
    narrowed(office::people(), "csv", words)
}

pub fn people_xlsx(words: &str) -> Href {
    narrowed(office::people(), "xlsx", words)
}

pub fn bookings_csv(words: &str) -> Href {
    narrowed(office::bookings(), "csv", words)
}

pub fn bookings_xlsx(words: &str) -> Href {
    narrowed(office::bookings(), "xlsx", words)
}

/// Bringing in a file.
pub fn import() -> Href {
    Href::of("/office/import")
}

/// The same, with who comes to a session.
pub fn import_to(code: &SessionCode) -> Href {
    import().with("session", code)
}

/// A file that was brought in.
pub fn import_file(id: &Uuid) -> Href {
    import().join(id)
}

pub fn import_columns(id: &Uuid) -> Href {
    import_file(id).join("columns")
}

pub fn import_make(id: &Uuid) -> Href {
    import_file(id).join("make")
}

pub fn import_take_back(id: &Uuid) -> Href {
    import_file(id).join("take-back")
}

pub fn import_discard(id: &Uuid) -> Href {
    import_file(id).join("discard")
}

/// The addresses that spreadsheets read.
pub fn sheets() -> Href {
    Href::of("/office/sheets")
}

pub fn sheet_end(id: &Uuid) -> Href {
    sheets().join(id).join("end")
}

/// What a spreadsheet reads.
pub fn sheet(token: &Token) -> Href {
    Href::of("/sheets").join(format_args!("{}.csv", token.secret()))
}
