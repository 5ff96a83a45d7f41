//! Whether somebody has done what a course asks for first (B7).

use crate::{
    domain::{attendee::Attendee, registration::Registration, session::Session},
    store::{Conn, StoreError, attendances},
};

/// Whether somebody has done every course that comes before this one, as far as their address
/// tells. A place whose name is to follow is looked at when somebody is named.
pub(in crate::actions) async fn meets(
    conn: &mut Conn,
    session: &Session,
    attendee: Option<&Attendee>,
) -> Result<bool, StoreError> {
    let Some(attendee) = attendee else { return Ok(true) };
    for course in &session.course.prerequisites {
        let Some(email) = &attendee.email else { return Ok(false) };
        if !attendances::has_attended(conn, email, &course.slug).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The people of a booking who, as far as we know, have not done what comes before; by name.
///
/// # Errors
/// [`StoreError`].
pub async fn who_lacks(
    conn: &mut Conn,
    session: &Session,
    registration: &Registration,
) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for place in registration.places.iter().filter(|place| place.state.status().is_open()) {
        if let Some(attendee) = &place.attendee
            && !meets(conn, session, Some(attendee)).await?
        {
            names.push(attendee.name.to_string());
        }
    }
    Ok(names)
}
