//! What something was when it was made, so that what was changed since is told from what was not.

use sha2::{Digest, Sha256};

use crate::domain::{
    institution::Institution, person::Person, plan::SessionPlan, registration::Registration,
};

fn of(what: &dyn std::fmt::Debug) -> Vec<u8> {
    Sha256::digest(format!("{what:?}")).to_vec()
}

pub(super) fn institution(one: &Institution) -> Vec<u8> {
    of(one)
}

pub(super) fn session(plan: &SessionPlan) -> Vec<u8> {
    of(plan)
}

/// Who looks after a booking and who comes; where the places stand is left out, since that changes by itself.
pub(super) fn booking(one: &Registration) -> Vec<u8> {
    let people: Vec<_> = one.places.iter().map(|place| (place.number, &place.attendee)).collect();
    of(&(&one.leader, one.sender.code(), people))
}

pub(super) fn person(one: &Person) -> Vec<u8> {
    of(&(&one.name, &one.email, &one.phone, &one.institution, one.archived_at, one.merged_into))
}
