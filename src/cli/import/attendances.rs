//! Who has done which course in earlier years: what prerequisites are checked against (B7).

use std::path::Path;

use super::{
    catalogue::Catalogue,
    columns::ATTENDANCES,
    fault::FaultList,
    table::{Row, Table},
};
use crate::domain::{course::CourseAttendance, text::Name};

const FILE: &str = "attendances.csv";

/// The lines of the file, each with its number; none if there is no such file.
pub(super) fn read(
    dir: &Path,
    catalogue: &Catalogue,
    faults: &FaultList,
) -> Vec<(u64, CourseAttendance)> {
    if !dir.join(FILE).exists() {
        return Vec::new();
    }
    let table = Table::read(dir, FILE, (&ATTENDANCES, &[]), faults);
    table.rows().filter_map(|row| Some((row.line, line(row, catalogue)?))).collect()
}

fn line(row: Row<'_>, catalogue: &Catalogue) -> Option<CourseAttendance> {
    let course = catalogue.courses.find(row, "course", row.text("course"));
    let name = row.checked("name", Name::parse(row.text("name")));
    let email = row.parse("email");
    let attended_on = row.parse_as("attended_on", "a date like 2025-09-13");
    Some(CourseAttendance {
        course: course?.slug.clone(),
        name: name?,
        email: email?,
        attended_on: attended_on?,
    })
}
