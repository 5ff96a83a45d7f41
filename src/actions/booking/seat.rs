//! Which state each person of a booking gets: the rules B1, B2, B4 and B7 put to work.

use super::{hold_places::HoldError, prerequisites};
use crate::{
    actions::ActionContext,
    domain::{
        attendee::Attendee,
        occupancy::{Allocation, TeamPolicy, allocate},
        place::PlaceState,
        registration::Sender,
        session::{BookingMode, Session},
    },
    store::{StoreError, Tx, queue, sessions},
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

/// The state of each of `attendees`, in order. The session is locked and settled.
///
/// # Errors
/// [`HoldError::NotEnough`] or [`HoldError::InstitutionLimit`] when somebody would have to wait
/// and the session has no waiting list.
pub(in crate::actions) async fn seat(
    tx: &mut Tx,
    session: &Session,
    party: Party<'_>,
    attendees: &[Option<&Attendee>],
) -> Result<Vec<PlaceState>, HoldError> {
    if session.mode == BookingMode::Approval && !party.decided {
        return Ok(vec![PlaceState::Requested; attendees.len()]);
    }
    let mut may_come = Vec::with_capacity(attendees.len());
    for attendee in attendees {
        may_come.push(party.vouched || prerequisites::meets(tx, session, *attendee).await?);
    }
    let asked = u32::try_from(may_come.iter().filter(|may| **may).count()).unwrap_or(u32::MAX);
    let shared = share(tx, session, party, asked).await?;
    if shared.later > 0 && !session.waiting_list {
        return Err(shortage(tx, session, party.sender).await?);
    }
    let queue = match shared.later {
        0 => 0,
        _ => sessions::next_queue_number(tx, &session.code).await?,
    };
    let mut now = shared.now;
    Ok(may_come
        .into_iter()
        .map(|may| match (may, now) {
            (false, _) => PlaceState::Requested,
            (true, 0) => PlaceState::Waiting { queue },
            (true, _) => {
                now -= 1;
                PlaceState::Confirmed
            }
        })
        .collect())
}

/// How `asked` places of a session are shared out to a party right now.
pub(in crate::actions) async fn share(
    tx: &mut Tx,
    session: &Session,
    party: Party<'_>,
    asked: u32,
) -> Result<Allocation, StoreError> {
    let room = institution_room(tx, session, party.sender).await?;
    Ok(allocate(asked, session.occupancy, room, party.team))
}

/// Why a party does not get what it asks for at once.
pub(in crate::actions) async fn shortage(
    tx: &mut Tx,
    session: &Session,
    sender: &Sender,
) -> Result<HoldError, StoreError> {
    let free = session.occupancy.open_to_all();
    Ok(match institution_room(tx, session, sender).await? {
        Some(room) if room < free => HoldError::InstitutionLimit { room },
        _ => HoldError::NotEnough { free },
    })
}

/// How many more places the party's institution may take, where that is limited (B2).
async fn institution_room(
    tx: &mut Tx,
    session: &Session,
    sender: &Sender,
) -> Result<Option<u32>, StoreError> {
    let (Some(limit), Some(code)) = (session.places_per_institution, sender.code()) else {
        return Ok(None);
    };
    let taken = queue::occupied_by(tx, &session.code, code).await?;
    Ok(Some(limit.saturating_sub(taken)))
}

impl ActionContext {
    /// New places for `attendees` in the states they were given, numbered from `first`.
    pub(in crate::actions) fn places(
        &self,
        first: u32,
        attendees: Vec<Option<Attendee>>,
        states: Vec<PlaceState>,
    ) -> Vec<crate::domain::place::Place> {
        (first..)
            .zip(attendees.into_iter().zip(states))
            .map(|(number, (attendee, state))| crate::domain::place::Place {
                id: self.place_id(),
                number,
                attendee,
                state,
            })
            .collect()
    }
}
