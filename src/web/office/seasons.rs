//! What an institution or a person did, season by season.

use std::collections::BTreeMap;

use crate::{
    domain::{pledge::Turnout, season::school_year},
    store::person_records::OnSession,
};

/// One season: what it is called, what was pledged, named and attended, and on how many sessions.
pub struct SeasonLine {
    pub words: String,
    pub turnout: Turnout,
    pub sessions: usize,
}

/// The seasons, latest first. What has no day is in none.
pub fn seasons(sessions: Vec<OnSession>) -> Vec<SeasonLine> {
    let mut years: BTreeMap<i32, (Turnout, usize)> = BTreeMap::new();
    for (_, starts, turnout) in sessions {
        let Some(starts) = starts else { continue };
        let (sum, count) = years.entry(school_year(starts.date_naive())).or_default();
        *sum = sum.plus(turnout);
        *count += 1;
    }
    let line = |(year, (turnout, sessions)): (i32, (Turnout, usize))| SeasonLine {
        words: format!("{year}/{:02}", (year + 1).rem_euclid(100)),
        turnout,
        sessions,
    };
    years.into_iter().rev().map(line).collect()
}
