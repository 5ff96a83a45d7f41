//! Loading the organisation's CSV files. Everything is read and checked before anything is
//! written; loading the same files again changes nothing.

mod asking;
mod asking_read;
mod attendances;
mod catalogue;
pub(super) mod columns;
mod fault;
mod feedback_questions;
mod handouts;
pub(super) mod help;
mod paths;
mod questions;
mod registrations;
mod report;
pub mod sample;
mod session_days;
mod sessions;
mod stays;
mod table;
mod text_file;
mod venues;

use std::path::Path;

use chrono::{DateTime, Duration, Utc};

use crate::{actions::ActionContext, store, token::row_id};
use fault::FaultList;

pub use fault::{Fault, Faults};
pub use report::{Changed, Counted, ImportReport, Letters};

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files must be put right first.
    #[error("{0}")]
    Faults(Faults),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

impl From<Faults> for ImportError {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}

/// Loads the files in `dir`, moving every date by whole weeks. Writes to nobody: whoever stands in a
/// file that was kept elsewhere knows of it, and would wonder at a letter.
///
/// # Errors
/// [`ImportError`], naming file, line and column of everything that must be put right; nothing is
/// loaded then.
pub async fn import(
    ctx: &ActionContext,
    dir: &Path,
    shift_weeks: i64,
) -> Result<ImportReport, ImportError> {
    import_with(ctx, dir, shift_weeks, Letters::None).await
}

/// The same, and says whether people of new bookings are written to.
///
/// # Errors
/// As [`import`].
pub async fn import_with(
    ctx: &ActionContext,
    dir: &Path,
    shift_weeks: i64,
    letters: Letters,
) -> Result<ImportReport, ImportError> {
    let shift = Duration::weeks(shift_weeks);
    let faults = FaultList::default();
    let catalogue = catalogue::Catalogue::read(dir, &faults);
    let venues = venues::read(dir, &catalogue, &faults);
    let sessions = sessions::read(ctx, dir, (&catalogue, &venues), shift, &faults);
    let attendances = attendances::read(dir, &catalogue, &faults);
    let bookings = registrations::read(dir, &catalogue, &sessions, &faults);
    let asked = questions::read(dir, &catalogue, &sessions, &faults);
    let answers = questions::answers(dir, &asked, &faults);
    let nightly = stays::read(dir, &sessions, shift, &faults);
    let help = help::read(dir, &sessions, &faults);
    let on_paths = paths::read(dir, &catalogue, shift, &faults);
    let people = asking_read::read(dir, (&catalogue, &sessions), shift, &faults);
    let handouts = handouts::read(dir, (&catalogue, &sessions), &faults);
    let feedback = feedback_questions::read(dir, (&catalogue, &sessions), &faults);
    faults.into_result()?;
    let mut report = ImportReport::default();
    let mut tx = ctx.store.begin().await?;
    catalogue.write(&mut tx, ctx.now(), &mut report).await?;
    venues::write(&mut tx, &venues, ctx.now(), &mut report).await?;
    sessions::write(&mut tx, &sessions, &mut report).await?;
    for (line, attendance) in &attendances {
        let id = row_id(&*ctx.random, &*ctx.clock);
        let is_new = store::attendances::insert(&mut tx, id, attendance, "import").await?;
        report.attendances.add(is_new, *line, &attendance.course, None);
    }
    questions::write(ctx, &mut tx, &asked, &mut report).await?;
    help::write(&mut tx, &help, &mut report).await?;
    paths::write(ctx, &mut tx, &on_paths, &mut report).await?;
    tx.commit().await?;
    registrations::book(ctx, bookings, letters, &mut report).await?;
    questions::save(ctx, answers, &mut report).await?;
    stays::save(ctx, nightly, &mut report).await?;
    handouts::write(ctx, handouts, &mut report).await?;
    feedback_questions::write(ctx, feedback, &mut report).await?;
    asking::write(ctx, people, &mut report).await?;
    Ok(report)
}

/// Whole weeks to move the dates by so that the first sitting is four to ten days after `now`: the
/// sample's bookings close three days before, in the afternoon.
///
/// # Errors
/// [`ImportError`], when the sittings cannot be read.
pub fn weeks_to_shift(dir: &Path, now: DateTime<Utc>) -> Result<i64, ImportError> {
    let first = sessions::first_start(dir)?;
    let days = (now.date_naive() + Duration::days(4) - first.date()).num_days();
    Ok(days.div_euclid(7) + i64::from(days.rem_euclid(7) > 0))
}
