//! A draft of who sleeps where: whoever wishes each other together, rooms without steps for those who need one, then
//! people of the same institution. It knows nothing of who would mind whom: an organiser reads it before it is kept.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::NaiveDate;

use super::rooming::{Guest, Room, Rooming};
use crate::domain::id::PlaceId;

/// Rooms as they fill.
struct Filling<'a> {
    rooms: &'a [Room],
    /// Of each room, who sleeps there so far.
    there: Vec<Vec<&'a Guest>>,
    /// All that were given a room.
    rooming: Rooming,
}

/// Gives a room to whoever has none, and leaves everybody else where she is. The same people and rooms make the same
/// draft. For whom there is no room as she needs it, stays without one.
pub fn suggest(guests: &[Guest], rooms: &[Room], known: &Rooming) -> Rooming {
    let in_room = |room: &Room| known.in_room(room.id, guests);
    let mut filling =
        Filling { rooms, there: rooms.iter().map(in_room).collect(), rooming: known.clone() };
    let open: Vec<&Guest> = guests
        .iter()
        .filter(|one| !one.nights.is_empty() && known.of(one.place).is_none())
        .collect();
    let mut groups = groups(&open);
    groups.sort_by_key(|group| {
        let any = |is: fn(&Guest) -> bool| group.iter().any(|one| is(one));
        let institution = group.iter().find_map(|one| one.institution.clone());
        (!any(Guest::is_step_free), !any(Guest::is_alone), Reverse(group.len()), institution)
    });
    let mut split = Vec::new();
    for group in groups {
        if !filling.take(&group) {
            split.extend(group);
        }
    }
    // Who does not fit together comes one by one.
    for one in split {
        filling.take(&[one]);
    }
    filling.rooming
}

/// Those who wish each other, together; whoever asks for a room of her own is a group of one.
fn groups<'a>(open: &[&'a Guest]) -> Vec<Vec<&'a Guest>> {
    let by_place: BTreeMap<PlaceId, &'a Guest> = open.iter().map(|one| (one.place, *one)).collect();
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for first in open {
        if !seen.insert(first.place) {
            continue;
        }
        let (mut group, mut at) = (vec![*first], 0);
        while at < group.len() {
            let one = group[at];
            at += 1;
            if one.is_alone() {
                continue;
            }
            for other in one.with.iter().filter_map(|place| by_place.get(place)) {
                let is_mutual = other.with.contains(&one.place) && !other.is_alone();
                if is_mutual && seen.insert(other.place) {
                    group.push(other);
                }
            }
        }
        groups.push(group);
    }
    groups
}

impl<'a> Filling<'a> {
    /// Puts a group into the room that suits it best; `false`: into none.
    fn take(&mut self, group: &[&'a Guest]) -> bool {
        let fits = (0..self.rooms.len()).filter(|at| self.fits(*at, group));
        let Some(best) = fits.min_by_key(|at| self.cost(*at, group)) else { return false };
        for one in group.iter().copied() {
            self.rooming.0.insert(one.place, self.rooms[best].id);
            self.there[best].push(one);
        }
        true
    }

    /// Whether a room has beds for all of them, no steps if one of them needs that, and nobody in it who asks to be
    /// alone, or whom one of them would be with who does.
    fn fits(&self, at: usize, group: &[&Guest]) -> bool {
        let (room, there) = (&self.rooms[at], &self.there[at]);
        let nights: BTreeSet<NaiveDate> =
            group.iter().flat_map(|one| one.nights.iter().copied()).collect();
        let sleep = |all: &[&Guest], night: &NaiveDate| {
            all.iter().filter(|one| one.nights.contains(night)).count()
        };
        let beds = usize::try_from(room.beds).unwrap_or(usize::MAX);
        let has_beds = nights.iter().all(|night| sleep(there, night) + sleep(group, night) <= beds);
        let has_steps = !room.is_step_free && group.iter().any(|one| one.is_step_free());
        let is_shared = group.len() > 1 || !there.is_empty();
        let is_alone = |one: &&Guest| one.is_alone();
        let mixes = is_shared && (group.iter().any(is_alone) || there.iter().any(is_alone));
        has_beds && !has_steps && !mixes
    }

    /// How badly a room suits, the worst reason first: that they are apart from somebody one of them wishes, that it is
    /// not quiet, that steps would do, that they are among strangers, and how many beds stay empty.
    fn cost(&self, at: usize, group: &[&Guest]) -> (bool, bool, bool, bool, u32, usize) {
        let (room, there) = (&self.rooms[at], &self.there[at]);
        let wishes = |one: &Guest, other: &Guest| {
            one.with.contains(&other.place) || other.with.contains(&one.place)
        };
        let with = group.iter().any(|one| there.iter().any(|other| wishes(one, other)));
        let is_quiet = room.is_quiet || !group.iter().any(|one| one.is_quiet());
        let wasted = room.is_step_free && !group.iter().any(|one| one.is_step_free());
        let is_same = |one: &Guest, other: &Guest| {
            one.institution.is_some() && one.institution == other.institution
        };
        let among = there.iter().any(|other| !group.iter().any(|one| is_same(one, other)));
        let people = u32::try_from(there.len() + group.len()).unwrap_or(u32::MAX);
        (!with, !is_quiet, wasted, among, room.beds.saturating_sub(people), at)
    }
}
