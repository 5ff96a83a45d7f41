//! How many of the places asked for a session gives right now (B2, B3, B4).

use crate::{
    domain::{
        occupancy::{Allocation, TeamPolicy, allocate},
        registration::Sender,
        session::Session,
    },
    store::{Conn, StoreError, queue, reserves},
};

/// Who asks, as far as the sharing of places goes.
#[derive(Debug, Clone, Copy)]
pub(in crate::actions) struct Party<'a> {
    pub(in crate::actions) sender: &'a Sender,
    pub(in crate::actions) team: TeamPolicy,
    /// Whether whoever records the booking has looked at the prerequisites.
    pub(in crate::actions) vouched: bool,
    /// Whether the organiser has said yes: she books, moves or decides herself.
    pub(in crate::actions) decided: bool,
}

/// How `asked` places of a session are shared out to a party right now.
pub(in crate::actions) async fn share(
    conn: &mut Conn,
    session: &Session,
    party: Party<'_>,
    asked: u32,
) -> Result<Allocation, StoreError> {
    let room = institution_room(conn, session, party.sender).await?;
    let free = room_for(conn, session, party.sender, asked).await?;
    Ok(allocate(asked, free, room, party.team))
}

/// How many of `asked` places are free for whoever sends: what is kept for a group is for those who belong to it.
pub(in crate::actions) async fn room_for(
    conn: &mut Conn,
    session: &Session,
    sender: &Sender,
    asked: u32,
) -> Result<u32, StoreError> {
    let seating = reserves::seating(conn, session, sender.code()).await?;
    Ok(seating.room(sender.code(), asked))
}

/// How many more places the party's institution may take, where that is limited (B2).
pub(in crate::actions) async fn institution_room(
    conn: &mut Conn,
    session: &Session,
    sender: &Sender,
) -> Result<Option<u32>, StoreError> {
    let (Some(limit), Some(code)) = (session.places_per_institution, sender.code()) else {
        return Ok(None);
    };
    let taken = queue::occupied_by(conn, &session.code, code).await?;
    Ok(Some(limit.saturating_sub(taken)))
}
