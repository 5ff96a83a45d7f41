//! Who has done which course: what prerequisites are checked against (B7).

use uuid::Uuid;

use super::{Conn, StoreError, Tx};
use crate::domain::{contact::EmailAddress, course::CourseAttendance, id::CourseSlug};

/// Whether somebody with this address has done a course.
///
/// # Errors
/// [`StoreError`].
pub async fn has_attended(
    conn: &mut Conn,
    email: &EmailAddress,
    course: &CourseSlug,
) -> Result<bool, StoreError> {
    let found = run!(
        value i64, conn,
        "select count(*) from course_attendances where email = $1 and course = $2",
        email.as_str(), course.as_str(),
    )?;
    Ok(found > 0)
}

/// Remembers that somebody did a course; `false` if that was known. `source` says from where:
/// `door` or `import`.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    attendance: &CourseAttendance,
    source: &str,
) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into course_attendances (id, course, name, email, attended_on, source)
         values ($1, $2, $3, $4, $5, $6) on conflict (course, email, name) do nothing",
        id,
        attendance.course.as_str(),
        attendance.name.as_str(),
        attendance.email.as_str(),
        attendance.attended_on,
        source,
    )?;
    Ok(written == 1)
}
