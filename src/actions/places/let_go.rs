//! Whether places may still be given up, taken back, moved or passed on: asked by every verb that does.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        place::Place,
        session::{Session, Settled},
    },
    store::{Conn, StoreError, door},
};

/// Whether a session lets go of some of its places at `now`. Of none, it always does.
///
/// # Errors
/// [`StoreError`]; within it [`Settled`], which says why not.
pub async fn places_let_go(
    conn: &mut Conn,
    session: &Session,
    places: &[&Place],
    now: DateTime<Utc>,
) -> Result<Result<(), Settled>, StoreError> {
    if places.is_empty() {
        return Ok(Ok(()));
    }
    let attended = door::attended_sittings(conn, &session.code).await?;
    let came = |place: &&&Place| attended.get(&place.id).is_some_and(|days| *days > 0);
    Ok(session.lets_go(places.iter().any(|place| came(&place)), now))
}
