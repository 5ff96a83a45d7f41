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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{id::InvitationId, samples::name};

    fn mark(rendered: &str, occasion: &str) -> EventMark {
        EventMark { rendered: rendered.to_owned(), occasion: occasion.to_owned() }
    }

    /// Ada's first day, as it is true now.
    fn due() -> Due {
        Due {
            place: PlaceId::new(Uuid::from_u128(1)),
            sitting: SittingId::new(Uuid::from_u128(1)),
            address: "ada@example.org".parse().expect("an address"),
            name: name("Ada Obi"),
            mark: Some(mark("as it is", "saturday in the hall")),
        }
    }

    /// What a calendar was told when that was true.
    fn told(due: Due) -> Invitation {
        Invitation {
            id: InvitationId::new(Uuid::from_u128(9)),
            place: due.place,
            sitting: due.sitting,
            uid: "secret-1".to_owned(),
            address: due.address,
            name: due.name,
            sequence: 0,
            stamp: DateTime::UNIX_EPOCH,
            withdrawn: false,
            organizer: None,
            mark: due.mark,
            asked: 0,
            answer: None,
            counted: 0,
        }
    }

    /// The steps in short: what is done, and the number of the day.
    fn steps(due: &[Due], stored: &[Invitation], decided: Decided) -> Vec<String> {
        let day = |sitting: &SittingId| sitting.uuid().as_u128();
        let short = |step: &CalendarStep| match step {
            CalendarStep::Invite(due) => format!("invite {}", day(&due.sitting)),
            CalendarStep::Update { due, asks: true, .. } => format!("ask {}", day(&due.sitting)),
            CalendarStep::Update { due, .. } => format!("tell {}", day(&due.sitting)),
            CalendarStep::Withdraw(told) => format!("withdraw {}", day(&told.sitting)),
        };
        difference(due, stored, decided).iter().map(short).collect()
    }

    #[test]
    fn a_calendar_that_says_what_is_true_is_told_nothing() {
        assert_eq!(steps(&[due()], &[told(due())], Decided::default()), [""; 0]);
        assert_eq!(steps(&[due()], &[], Decided::default()), ["invite 1"]);
        assert_eq!(steps(&[], &[told(due())], Decided::default()), ["withdraw 1"]);
    }

    #[test]
    fn somebody_is_asked_anew_only_for_another_time_or_place() {
        let update = |stored| steps(&[due()], &[stored], Decided::default());
        let reworded = mark("as it was", "saturday in the hall");
        assert_eq!(update(Invitation { mark: Some(reworded), ..told(due()) }), ["tell 1"]);
        assert_eq!(update(Invitation { name: name("Ada"), ..told(due()) }), ["tell 1"]);
        let moved = mark("as it was", "friday in the hall");
        assert_eq!(update(Invitation { mark: Some(moved), ..told(due()) }), ["ask 1"]);
        assert_eq!(update(Invitation { mark: None, ..told(due()) }), ["ask 1"]);
    }

    #[test]
    fn whoever_comes_instead_is_invited_once_the_day_was_taken_from_the_one_before() {
        let anew = ["withdraw 1", "invite 1"];
        let elsewhere = "obi@example.org".parse().expect("an address");
        let stored = Invitation { address: elsewhere, ..told(due()) };
        assert_eq!(steps(&[due()], &[stored], Decided::default()), anew);
        let (here, there) = (Some(due().place), Some(PlaceId::new(Uuid::from_u128(2))));
        let swapped = |swapped| Decided { swapped, ..Decided::default() };
        assert_eq!(steps(&[due()], &[told(due())], swapped(here)), anew);
        assert_eq!(steps(&[due()], &[told(due())], swapped(there)), [""; 0]);
        let again = |again| Decided { again, ..Decided::default() };
        assert_eq!(steps(&[due()], &[told(due())], again(here)), ["tell 1"]);
        assert_eq!(steps(&[due()], &[told(due())], again(there)), [""; 0]);
    }

    #[test]
    fn a_day_that_has_begun_and_an_invitation_that_was_withdrawn_are_left_in_peace() {
        let begun = Due { mark: None, ..due() };
        assert_eq!(steps(std::slice::from_ref(&begun), &[], Decided::default()), [""; 0]);
        assert_eq!(steps(&[begun], &[told(due())], Decided::default()), [""; 0]);
        let withdrawn = Invitation { withdrawn: true, ..told(due()) };
        assert_eq!(
            steps(&[], std::slice::from_ref(&withdrawn), Decided::default()),
            [""; 0],
            "nothing is taken out twice"
        );
        assert_eq!(steps(&[due()], &[withdrawn], Decided::default()), ["invite 1"]);
    }

    #[test]
    fn each_day_of_a_place_is_compared_with_itself() {
        let on = |day: u128| Due { sitting: SittingId::new(Uuid::from_u128(day)), ..due() };
        let renamed = Invitation { name: name("Ada"), ..told(on(2)) };
        let stored = [renamed, told(on(4)), told(on(1))];
        let found = steps(&[on(1), on(2), on(3)], &stored, Decided::default());
        assert_eq!(found, ["withdraw 4", "tell 2", "invite 3"]);
    }
}
