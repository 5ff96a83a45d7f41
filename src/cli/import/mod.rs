//! Loading the organisation's CSV files. Everything is read and checked before anything is
//! written; loading the same files again changes nothing.

mod attendances;
mod catalogue;
mod registrations;
pub mod sample;
mod sessions;
mod table;

use std::{fmt, path::Path};

use chrono::{DateTime, Duration, Utc};

use crate::{actions::ActionContext, store, token::row_id};

pub use table::{CellError, TableError};

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A cell cannot be used.
    #[error(transparent)]
    Cell(#[from] CellError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// How many rows of a kind were new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Added now.
    pub new: usize,
    /// There already; left as they are.
    pub known: usize,
}

impl Counted {
    fn add(&mut self, is_new: bool) {
        if is_new { self.new += 1 } else { self.known += 1 }
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Alliances.
    pub alliances: Counted,
    /// Institutions.
    pub institutions: Counted,
    /// Courses.
    pub courses: Counted,
    /// Staff accounts.
    pub staff: Counted,
    /// Sessions.
    pub sessions: Counted,
    /// Lines of who has done which course.
    pub attendances: Counted,
    /// Registrations.
    pub registrations: Counted,
    /// Places in new registrations.
    pub places: usize,
    /// Bookings the rules did not let in, with why.
    pub refused: Vec<String>,
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            ("alliances", self.alliances),
            ("institutions", self.institutions),
            ("courses", self.courses),
            ("staff", self.staff),
            ("sessions", self.sessions),
            ("attendances", self.attendances),
            ("registrations", self.registrations),
        ];
        for (name, Counted { new, known }) in lines {
            writeln!(f, "  {name:<14} {new} new, {known} already there")?;
        }
        write!(f, "  {:<14} {}", "places", self.places)?;
        for refusal in &self.refused {
            write!(f, "\n  not booked: {refusal}")?;
        }
        Ok(())
    }
}

/// Loads the files in `dir`, moving every date by whole weeks.
///
/// # Errors
/// [`ImportError`], naming file, line and column; nothing is loaded then.
pub async fn import(
    ctx: &ActionContext,
    dir: &Path,
    shift_weeks: i64,
) -> Result<ImportReport, ImportError> {
    let shift = Duration::weeks(shift_weeks);
    let catalogue = catalogue::Catalogue::read(dir)?;
    let sessions = sessions::read(ctx, dir, &catalogue, shift)?;
    let attendances = attendances::read(dir, &catalogue)?;
    let bookings = registrations::read(dir, &catalogue, &sessions)?;
    let mut report = ImportReport::default();
    let mut tx = ctx.store.begin().await?;
    catalogue.write(&mut tx, &mut report).await?;
    for session in &sessions {
        report.sessions.add(store::sessions::insert(&mut tx, session).await?);
    }
    for attendance in &attendances {
        let id = row_id(&*ctx.random, &*ctx.clock);
        let is_new = store::attendances::insert(&mut tx, id, attendance, "import").await?;
        report.attendances.add(is_new);
    }
    tx.commit().await?;
    registrations::book(ctx, bookings, &mut report).await?;
    Ok(report)
}

/// Whole weeks to move the dates by so that the first sitting is three to nine days after `now`.
///
/// # Errors
/// [`ImportError`], when the sittings cannot be read.
pub fn weeks_to_shift(dir: &Path, now: DateTime<Utc>) -> Result<i64, ImportError> {
    let first = sessions::first_start(dir)?;
    let days = (now.date_naive() + Duration::days(3) - first.date()).num_days();
    Ok(days.div_euclid(7) + i64::from(days.rem_euclid(7) > 0))
}
