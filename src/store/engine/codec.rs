//! From columns to domain values: a value that cannot be read names its place.

use std::{fmt::Display, str::FromStr};

use super::StoreError;

/// Reads a text column as a domain value.
pub(in crate::store) fn parse<T: FromStr>(
    table: &'static str,
    column: &'static str,
    row: &dyn Display,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt { table, column, row: row.to_string() })
}

/// Reads a count, which is never negative.
pub(in crate::store) fn count(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// Writes a count.
pub(in crate::store) fn column(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
