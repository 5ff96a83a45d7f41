//! What only an export reads: everything of a kind, whatever its state.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Conn, StoreError, codec::parse};
use crate::domain::{
    contact::EmailAddress,
    course::CourseAttendance,
    id::{CourseSlug, RegistrationId, SessionCode},
    text::Name,
};

row! {
    struct AttendanceRow {
        id: Uuid,
        course: String,
        name: String,
        email: String,
        attended_on: NaiveDate,
    }
}

statements! {
    ATTENDANCES: AttendanceRow =
        "select id, course, name, email, attended_on from course_attendances
         order by attended_on, course, email, name",
        reads_all: "an export is all there is";

    ATTEMPTS: (Uuid, String) =
        "select id, attempt from registrations
         where session = $1 and attempt like 'import:%'";
}

/// Who did which course, whenever and wherever.
pub async fn attendances(conn: &mut Conn) -> Result<Vec<CourseAttendance>, StoreError> {
    const TABLE: &str = "course_attendances";
    let rows = ATTENDANCES.all(conn, ()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(CourseAttendance {
                course: parse::<CourseSlug>(TABLE, "course", &row.id, &row.course)?,
                email: EmailAddress::stored(&row.email),
                attended_on: row.attended_on,
                name: Name::stored(&row.name),
            })
        })
        .collect()
}

/// The bookings of a session that came from files, each with what the file called it.
pub async fn keys_of_files(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<RegistrationId, String>, StoreError> {
    let rows = ATTEMPTS.all(conn, [session.as_str()]).await?;
    let read = |(id, attempt): (Uuid, String)| {
        let key = attempt.strip_prefix("import:").unwrap_or(&attempt).to_owned();
        (RegistrationId::new(id), key)
    };
    Ok(rows.into_iter().map(read).collect())
}
