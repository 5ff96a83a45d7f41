//! Who has done which course: what prerequisites are checked against (B7).

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, rows};
use crate::domain::{contact::EmailAddress, course::CourseAttendance, id::CourseSlug};

arguments! {
    struct NewAttendance<'a> {
        id: Uuid,
        course: &'a str,
        name: &'a str,
        email: &'a str,
        attended_on: NaiveDate,
        source: &'a str,
    }
}

statements! {
    HAS_ATTENDED: i64 = "select count(*) from course_attendances where email = $1 and course = $2";

    INSERT(NewAttendance) = "insert into course_attendances (:columns) values (:values)
         on conflict (course, email, name) do nothing";

    FORGET =
        "delete from course_attendances
         where course = $1 and email = $2 and name = $3 and attended_on = $4 and source = 'door'";

    ATTENDED: (String, String) = {
        sqlite: "select distinct a.email, a.course from course_prerequisites p
            join course_attendances a on a.course = p.prerequisite
            where p.course = $1 and a.email in (select value from json_each($2))",
        postgres: "select distinct a.email, a.course from course_prerequisites p
            join course_attendances a on a.course = p.prerequisite
            where p.course = $1 and a.email = any(array(
                select json_array_elements_text($2::json)))",
    };
}

/// Whether somebody with this address has done a course.
pub async fn has_attended(
    conn: &mut Conn,
    email: &EmailAddress,
    course: &CourseSlug,
) -> Result<bool, StoreError> {
    let found = HAS_ATTENDED.value(conn, (email.as_str(), course.as_str())).await?;
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
    let new = NewAttendance {
        id,
        course: attendance.course.as_str(),
        name: attendance.name.as_str(),
        email: attendance.email.as_str(),
        attended_on: attendance.attended_on,
        source,
    };
    let written = INSERT.run(tx, new).await?;
    Ok(written == 1)
}

/// Forgets what the door had remembered of somebody who, as it turned out, did not do the course.
pub async fn forget(tx: &mut Tx, attendance: &CourseAttendance) -> Result<(), StoreError> {
    let (course, email) = (attendance.course.as_str(), attendance.email.as_str());
    FORGET.run(tx, (course, email, attendance.name.as_str(), attendance.attended_on)).await?;
    Ok(())
}

/// Who of these addresses has done which of the courses that come before `course`.
pub async fn done_before(
    conn: &mut Conn,
    course: &CourseSlug,
    emails: &[&EmailAddress],
) -> Result<HashSet<(String, String)>, StoreError> {
    let emails: Vec<_> = emails.iter().map(|email| email.as_str()).collect();
    let rows = ATTENDED.all(conn, (course.as_str(), rows::json(&emails)?)).await?;
    Ok(rows.into_iter().collect())
}
