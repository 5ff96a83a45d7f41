//! What calendars were told, compared with what is true (C7): *confirmed places with an address ×
//! days that have not begun* against the invitations that stand.

use std::collections::{HashMap, HashSet};

use super::{
    contact::EmailAddress,
    id::{PlaceId, SittingId},
    invitation::{EventMark, Invitation},
    text::Name,
};

/// A day of somebody who comes and whom we can write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Her place.
    pub place: PlaceId,
    /// The day.
    pub sitting: SittingId,
    /// Where her invite goes.
    pub address: EmailAddress,
    /// Her name as it is now.
    pub name: Name,
    /// What her calendar should say of the day; `None` once it has begun, when what calendars say
    /// is left in peace.
    pub mark: Option<EventMark>,
}

/// What cannot be seen from values, but was decided by whoever changed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decided {
    /// Somebody else sits on this place now, even if name and address are the same.
    pub swapped: Option<PlaceId>,
    /// What this place's calendar was told goes out again: it may have thrown the event away.
    pub again: Option<PlaceId>,
}

/// Something a calendar is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarStep {
    /// A day it does not know.
    Invite(Due),
    /// A day it knows, that is different now.
    Update {
        /// What it was told last.
        invitation: Invitation,
        /// What is true.
        due: Due,
        /// Whether she is asked anew, because it is another time or another place.
        asks: bool,
    },
    /// A day that is hers no more.
    Withdraw(Invitation),
}

impl CalendarStep {
    /// The place it is about.
    pub const fn place(&self) -> PlaceId {
        match self {
            Self::Invite(due) | Self::Update { due, .. } => due.place,
            Self::Withdraw(invitation) => invitation.place,
        }
    }
}

/// What calendars are to be told so that what stands there is what is due. Withdrawals come first:
/// nobody is ever invited twice to one day on one place.
pub fn difference(due: &[Due], stored: &[Invitation], decided: Decided) -> Vec<CalendarStep> {
    let by_key: HashMap<_, _> = due.iter().map(|one| ((one.place, one.sitting), one)).collect();
    let (mut withdrawn, mut updated) = (Vec::new(), Vec::new());
    let mut kept = HashSet::new();
    for invitation in stored.iter().filter(|one| !one.withdrawn) {
        let key = (invitation.place, invitation.sitting);
        let due = by_key
            .get(&key)
            .filter(|due| due.address == invitation.address && decided.swapped != Some(due.place));
        let Some(due) = due else {
            withdrawn.push(CalendarStep::Withdraw(invitation.clone()));
            continue;
        };
        kept.insert(key);
        let Some(mark) = &due.mark else { continue };
        let is_told = invitation.mark.as_ref() == Some(mark) && invitation.name == due.name;
        if !is_told || decided.again == Some(due.place) {
            let occasion = invitation.mark.as_ref().map(|told| &told.occasion);
            let asks = occasion != Some(&mark.occasion);
            let (invitation, due) = (invitation.clone(), (*due).clone());
            updated.push(CalendarStep::Update { invitation, due, asks });
        }
    }
    let is_new = |one: &&Due| one.mark.is_some() && !kept.contains(&(one.place, one.sitting));
    let invited = due.iter().filter(is_new).cloned().map(CalendarStep::Invite);
    withdrawn.into_iter().chain(updated).chain(invited).collect()
}
