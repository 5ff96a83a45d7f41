//! What the recurring work last did, for whoever watches it from outside.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};

/// Each kind of work of this process, by name. In memory: a node that has just started has done
/// nothing yet.
#[derive(Debug, Default)]
pub struct WorkDone(Mutex<BTreeMap<&'static str, Runs>>);

/// How one kind of work went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Runs {
    /// When it last went well.
    pub succeeded_at: Option<DateTime<Utc>>,
    /// How often it failed.
    pub failures: u64,
}

impl WorkDone {
    /// Notes how work went at a moment.
    pub fn note(&self, work: &'static str, went_well: bool, now: DateTime<Utc>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = all.entry(work).or_default();
        if went_well {
            runs.succeeded_at = Some(now);
        } else {
            runs.failures += 1;
        }
    }

    /// How all of it went.
    pub fn all(&self) -> Vec<(&'static str, Runs)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(work, runs)| (*work, *runs)).collect()
    }
}
