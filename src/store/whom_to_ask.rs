//! People who could be asked by name: of an institution, or who came to a course.

use uuid::Uuid;

use super::{Conn, StoreError, things::CouldCome};
use crate::domain::{
    id::{AllianceSlug, CourseSlug, InstitutionCode, PersonId},
    text::Name,
};

statements! {
    /// Whoever we know of an institution.
    OF_INSTITUTION: (Uuid, String, Option<String>) =
        "select e.id, e.name, i.name from people e join institutions i on i.code = e.institution
         where e.institution = $1 and e.merged_into is null and e.archived_at is null and e.erased_at is null
         order by e.sort_key, e.id limit $2";

    /// Whoever came to a course in an alliance.
    CAME_TO: (Uuid, String, Option<String>) =
        "select e.id, e.name, i.name from people e left join institutions i on i.code = e.institution
         where e.id in (select p.person from sessions s join places p on p.session = s.code
                        join attendances a on a.place = p.id
                        where s.alliance = $2 and s.course = $1 and a.presence = 'attended')
           and e.merged_into is null and e.archived_at is null and e.erased_at is null
         order by e.sort_key, e.id limit $3";
}

fn candidates(rows: Vec<(Uuid, String, Option<String>)>) -> Vec<CouldCome> {
    let read = |(id, name, institution): (Uuid, String, Option<String>)| CouldCome {
        id: PersonId::new(id),
        name: Name::stored(&name),
        institution,
    };
    rows.into_iter().map(read).collect()
}

/// Whoever we know of an institution, by name.
pub async fn of_institution(
    conn: &mut Conn,
    code: &InstitutionCode,
    most: i64,
) -> Result<Vec<CouldCome>, StoreError> {
    Ok(candidates(OF_INSTITUTION.all(conn, (code.as_str(), most)).await?))
}

/// Whoever came to a course in an alliance, by name.
pub async fn came_to(
    conn: &mut Conn,
    (course, alliance): (&CourseSlug, &AllianceSlug),
    most: i64,
) -> Result<Vec<CouldCome>, StoreError> {
    Ok(candidates(CAME_TO.all(conn, (course.as_str(), alliance.as_str(), most)).await?))
}
