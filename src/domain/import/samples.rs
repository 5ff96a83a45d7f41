//! Files for the tests of what they hold.

use super::{Said, Sheet};

/// A file with these columns, each of which was said to hold what its name says, and what was said of it besides.
pub(super) fn brought(keys: &[&str], rows: &[&[&str]], said: &[(&str, &str)]) -> (Sheet, Said) {
    let own = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let rows = (2..).zip(rows.iter().map(|cells| own(cells))).collect();
    let sheet = Sheet { heads: own(keys), rows };
    let columns = keys.iter().enumerate().map(|(at, key)| (format!("column-{at}"), *key));
    let all = columns.chain(said.iter().map(|(name, text)| ((*name).to_owned(), *text)));
    (sheet, all.map(|(name, text)| (name, text.to_owned())).collect())
}
