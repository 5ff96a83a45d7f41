//! Which state each person of a booking gets: the rules B1, B2, B4 and B7 put to work.

use super::{prerequisites, refusals::HoldError};
use crate::{
    actions::{
        ActionContext,
        places::share::{Party, institution_room, room_for, share},
    },
    domain::{
        attendee::Attendee,
        place::PlaceState,
        prerequisite::Preparation,
        registration::Sender,
        session::{BookingMode, Session},
    },
    store::{
        StoreError, Tx,
        session_lock::{self, Locked},
    },
};

/// How people are seated.
pub(in crate::actions) struct Seats {
    /// The state of each, in order.
    pub(in crate::actions) states: Vec<PlaceState>,
    /// Whether somebody has, as far as we know, not done what comes before, so that a word for her is
    /// needed. Of whom it is only unclear, the organiser is asked without one.
    pub(in crate::actions) lacks: bool,
}

/// The state of each of `attendees`, in order. The session is locked and settled.
///
/// # Errors
/// [`HoldError::NotEnough`] or [`HoldError::InstitutionLimit`] when somebody would have to wait
/// and the session has no waiting list.
pub(in crate::actions) async fn seat(
    locked: &mut Locked<'_>,
    session: &Session,
    party: Party<'_>,
    attendees: &[Option<&Attendee>],
) -> Result<Seats, HoldError> {
    if session.mode == BookingMode::Approval && !party.decided {
        return Ok(Seats { states: vec![PlaceState::Requested; attendees.len()], lacks: false });
    }
    let prepared = match party.vouched {
        true => vec![Preparation::Done; attendees.len()],
        false => prerequisites::meet(locked, session, attendees, party.sender.code()).await?,
    };
    let lacks = prepared.contains(&Preparation::Lacking);
    let may_come: Vec<_> = prepared.iter().map(|one| *one == Preparation::Done).collect();
    let asked = u32::try_from(may_come.iter().filter(|may| **may).count()).unwrap_or(u32::MAX);
    let shared = share(locked, session, party, asked).await?;
    if shared.later > 0 && !session.waiting_list {
        return Err(shortage(locked, session, party.sender).await?);
    }
    let queue = match shared.later {
        0 => 0,
        _ => session_lock::next_queue_number(locked).await?,
    };
    let mut now = shared.now;
    let states = may_come
        .into_iter()
        .map(|may| match (may, now) {
            (false, _) => PlaceState::Requested,
            (true, 0) => PlaceState::Waiting { queue },
            (true, _) => {
                now -= 1;
                PlaceState::Confirmed
            }
        })
        .collect();
    Ok(Seats { states, lacks })
}

/// Why a party does not get what it asks for at once.
pub(in crate::actions) async fn shortage(
    tx: &mut Tx,
    session: &Session,
    sender: &Sender,
) -> Result<HoldError, StoreError> {
    let free = room_for(tx, session, sender, u32::MAX).await?;
    Ok(match institution_room(tx, session, sender).await? {
        Some(room) if room < free => HoldError::InstitutionLimit { room },
        _ => HoldError::NotEnough { free },
    })
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
