//! Where a booking stands in its session's queue.

use crate::{
    domain::{place::PlaceStatus, registration::Registration},
    store::{Conn, StoreError, queue},
};

/// Where a registration stands in the queue of its session, 1 for the first; `None` if none of
/// its places waits.
pub async fn standing(
    conn: &mut Conn,
    registration: &Registration,
) -> Result<Option<usize>, StoreError> {
    let is_waiting = registration.places_in(PlaceStatus::Waiting).next().is_some();
    let Some(number) = registration.queue().filter(|_| is_waiting) else { return Ok(None) };
    Ok(Some(queue::ahead_of(conn, &registration.session, number).await? + 1))
}
