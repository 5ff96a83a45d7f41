//! The evenings of a series, as the first step offers them.

use crate::domain::id::{SeriesId, SessionCode};

/// What of a series can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub series: SeriesId,
    pub name: String,
    /// Whether nothing can be left out.
    pub is_whole: bool,
    pub evenings: Vec<Choosable>,
}

/// An evening that can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Choosable {
    pub code: SessionCode,
    pub when: String,
    /// `12 of 30 places left`.
    pub places: String,
    pub is_chosen: bool,
}
