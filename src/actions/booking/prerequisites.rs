//! Whether somebody has done what a course asks for first (B7).

use crate::{
    domain::{
        attendee::Attendee, contact::EmailAddress, course::Prerequisite,
        registration::Registration, session::Session,
    },
    store::{Conn, StoreError, attendances},
};

/// Which of these people have done every course that comes before this one, as far as their
/// addresses tell, in order. A place whose name is to follow is looked at when somebody is named.
pub(in crate::actions) async fn meet(
    conn: &mut Conn,
    session: &Session,
    attendees: &[Option<&Attendee>],
) -> Result<Vec<bool>, StoreError> {
    let asked = &session.course.prerequisites;
    if asked.is_empty() {
        return Ok(vec![true; attendees.len()]);
    }
    let named = attendees.iter().flatten();
    let emails: Vec<_> = named.filter_map(|attendee| attendee.email.as_ref()).collect();
    let done = attendances::done_before(conn, &session.course.slug, &emails).await?;
    let has_done = |email: &EmailAddress, course: &Prerequisite| {
        done.contains(&(email.to_string(), course.slug.to_string()))
    };
    let meets = |attendee: &Option<&Attendee>| match attendee.map(|one| &one.email) {
        None => true,
        Some(None) => false,
        Some(Some(email)) => asked.iter().all(|course| has_done(email, course)),
    };
    Ok(attendees.iter().map(meets).collect())
}

/// The people of a booking who, as far as we know, have not done what comes before; by name.
pub async fn who_lacks(
    conn: &mut Conn,
    session: &Session,
    registration: &Registration,
) -> Result<Vec<String>, StoreError> {
    let open = registration.places.iter().filter(|place| place.state.status().is_open());
    let people: Vec<_> = open.filter_map(|place| place.attendee.as_ref()).collect();
    let asked: Vec<_> = people.iter().map(|one| Some(*one)).collect();
    let meets = meet(conn, session, &asked).await?;
    let lacking = people.iter().zip(meets).filter(|(_, meets)| !meets);
    Ok(lacking.map(|(attendee, _)| attendee.name.to_string()).collect())
}
