//! Files that are handed out, brought in, and read by a spreadsheet.

use super::{Href, office};

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
