//! What is asked before a session is held at a venue.

use chrono::{DateTime, Utc};

use crate::{
    domain::clash::{VenueQuestion, VenueUse, venue_questions},
    store::{Conn, StoreError, sessions, venues},
};

/// The questions about a use of venues, at `now`; none where it uses none.
///
/// # Errors
/// [`StoreError`].
pub async fn ask(
    conn: &mut Conn,
    used: &VenueUse,
    now: DateTime<Utc>,
) -> Result<Vec<VenueQuestion>, StoreError> {
    if used.days.is_empty() {
        return Ok(Vec::new());
    }
    let coming = sessions::ending_after(conn, now).await?;
    let venues: Vec<_> = venues::all(conn).await?.into_iter().map(|(venue, _)| venue).collect();
    Ok(venue_questions(used, &venues, &coming))
}
