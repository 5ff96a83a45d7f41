//! Which papers somebody may read: those for whoever has a place, and those for whoever came.

use crate::{
    domain::{
        handout::Handout,
        place::{Place, PlaceStatus},
        session::Session,
    },
    store::{Conn, StoreError, door, handouts},
};

/// What whoever has some of these places may read, oldest first. A place that was given up reads nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn readable(
    conn: &mut Conn,
    session: &Session,
    places: &[&Place],
) -> Result<Vec<Handout>, StoreError> {
    let mut all = handouts::on_session(conn, &session.code).await?;
    if all.is_empty() {
        return Ok(all);
    }
    let days = door::attended_sittings(conn, &session.code).await?;
    let confirmed = |place: &&&Place| place.state.status() == PlaceStatus::Confirmed;
    let has_place = places.iter().any(|place| confirmed(&place));
    let came = |place: &&Place| days.get(&place.id).is_some_and(|days| *days > 0);
    let came = places.iter().filter(confirmed).any(came);
    all.retain(|one| one.is_for(has_place, came));
    Ok(all)
}
