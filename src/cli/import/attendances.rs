//! Who has done which course in earlier years: what prerequisites are checked against (B7).

use std::path::Path;

use super::{
    ImportError,
    catalogue::Catalogue,
    table::{CellError, Row, Table},
};
use crate::domain::{
    course::CourseAttendance,
    text::{Name, TextFault},
};

const FILE: &str = "attendances.csv";
const COLUMNS: [&str; 4] = ["course", "name", "email", "attended_on"];

/// The lines of the file; none if there is no such file.
pub(super) fn read(
    dir: &Path,
    catalogue: &Catalogue,
) -> Result<Vec<CourseAttendance>, ImportError> {
    if !dir.join(FILE).exists() {
        return Ok(Vec::new());
    }
    let table = Table::read(dir, FILE, &COLUMNS)?;
    let lines = table.rows().map(|row| line(row, catalogue));
    Ok(lines.collect::<Result<_, _>>()?)
}

fn line(row: Row<'_>, catalogue: &Catalogue) -> Result<CourseAttendance, CellError> {
    let slug = row.text("course");
    let course = catalogue.courses.iter().find(|course| course.slug.as_str() == slug);
    let course =
        course.ok_or_else(|| row.fail("course", format!("no course \"{slug}\" in courses.csv")))?;
    Ok(CourseAttendance {
        course: course.slug.clone(),
        name: Name::parse(row.text("name")).map_err(|fault: TextFault| row.fail("name", fault))?,
        email: row.parse("email")?,
        attended_on: row.parse("attended_on")?,
    })
}
