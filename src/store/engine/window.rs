//! Long lists, searched, and a part at a time.

use super::StoreError;
use crate::domain::finding::Wanted;

/// Which part of a long list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many to leave out at the start.
    pub offset: i64,
    /// How many to take at most.
    pub limit: i64,
}

/// A part of a long list, and how long the whole is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: i64,
}

/// Whether all that is looked for is found in a key: a condition for `$n`, which is what [`wanted`] made. PostgreSQL
/// takes it for rare, and then follows indexes from the few that are found.
macro_rules! finds {
    (sqlite, $words:literal in $key:literal) => {
        concat!(
            "not exists (select 1 from json_each(",
            $words,
            ") w where instr(coalesce(",
            $key,
            ", ''), w.value) = 0)"
        )
    };
    (postgres, $words:literal in $key:literal) => {
        concat!(
            "coalesce(",
            $key,
            ", '') like all (array(select
                 '%' || replace(replace(replace(w.value, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
                 from json_array_elements_text(",
            $words,
            "::json) w(value)))"
        )
    };
}

/// The words somebody looks for, as a condition of `finds!` takes them: none find everything.
pub(in crate::store) fn wanted(typed: &str) -> Result<String, StoreError> {
    let failed = |error| StoreError::Failed(sqlx::Error::Encode(Box::new(error)));
    serde_json::to_string(Wanted::typed(typed).words()).map_err(failed)
}
