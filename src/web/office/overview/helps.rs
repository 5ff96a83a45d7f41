//! Who could still fill a session: whoever pledged and has not booked, and whoever came to what comes before.

use crate::{
    domain::{session::Session, wording},
    store::{Conn, StoreError, pledges, things},
    web::paths::{self, Href},
};

/// What helps, with where it is done.
pub async fn helps(conn: &mut Conn, session: &Session) -> Result<Vec<(String, Href)>, StoreError> {
    let mut helps = Vec::new();
    let lines = pledges::of_session(conn, &session.code).await?;
    let owing = lines.iter().filter(|one| one.turnout.pledged > one.turnout.named);
    let (mut institutions, mut people) = (0, 0);
    for one in owing {
        institutions += 1;
        people += one.turnout.pledged - one.turnout.named;
    }
    if institutions > 0 {
        let whose = wording::count(institutions, "institution", "institutions");
        let people = wording::count(people as usize, "person", "people");
        helps.push((
            format!("{whose} pledged {people} more than they have booked"),
            paths::office::session_pledges(&session.code),
        ));
    }
    let course = &session.course;
    if !course.prerequisites.is_empty() {
        let path = (&course.slug, &session.alliance.slug);
        let count = usize::try_from(things::count_who_could(conn, path).await?).unwrap_or(0);
        if count > 0 {
            let titles: Vec<_> = course.prerequisites.iter().map(|one| &*one.title).collect();
            let people = wording::count(count, "person", "people");
            helps.push((
                format!("{people} came to {} and have not booked this", wording::list(&titles)),
                paths::desk::session_could_come(&session.code),
            ));
        }
    }
    Ok(helps)
}
