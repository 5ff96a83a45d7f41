//! Where a booking stands in its session's queue.

use crate::{
    domain::{place::PlaceStatus, registration::Registration, waiting_list::position},
    store::{Conn, StoreError, queue},
};

/// Where a registration stands in the queue of its session, 1 for the first; `None` if none of
/// its places waits.
pub async fn standing(
    conn: &mut Conn,
    registration: &Registration,
) -> Result<Option<usize>, StoreError> {
    if registration.places_in(PlaceStatus::Waiting).next().is_none() {
        return Ok(None);
    }
    let waiters = queue::waiters(conn, &registration.session).await?;
    Ok(registration.queue().map(|number| position(number, &waiters)))
}
