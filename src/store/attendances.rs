//! Who has done which course: what prerequisites are checked against (B7).

use std::collections::HashSet;

use uuid::Uuid;

use super::{Conn, StoreError, Tx, rows};
use crate::domain::{contact::EmailAddress, course::CourseAttendance, id::CourseSlug};

/// Whether somebody with this address has done a course.
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

const ATTENDED_SQLITE: &str = "select distinct a.email, a.course from course_prerequisites p
     join course_attendances a on a.course = p.prerequisite
     where p.course = $1 and a.email in (select value from json_each($2))";

const ATTENDED_POSTGRES: &str = "select distinct a.email, a.course from course_prerequisites p
     join course_attendances a on a.course = p.prerequisite
     where p.course = $1 and a.email = any(array(select json_array_elements_text($2::json)))";

/// Who of these addresses has done which of the courses that come before `course`.
pub async fn done_before(
    conn: &mut Conn,
    course: &CourseSlug,
    emails: &[&EmailAddress],
) -> Result<HashSet<(String, String)>, StoreError> {
    let emails: Vec<_> = emails.iter().map(|email| email.as_str()).collect();
    let text = if conn.is_postgres() { ATTENDED_POSTGRES } else { ATTENDED_SQLITE };
    let rows = run!(all(String, String), conn, text, course.as_str(), rows::json(&emails)?)?;
    Ok(rows.into_iter().collect())
}
