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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{id::RoomId, stay::Stay, text::Line};

    fn room(number: u32, beds: u32) -> Room {
        Room {
            id: RoomId::new(Uuid::from_u128(number.into())),
            name: Line::parse(&format!("Room {number}")).expect("a name"),
            beds,
            is_step_free: false,
            is_quiet: false,
            notes: None,
        }
    }

    fn guest(number: u32, with: &[u32]) -> Guest {
        let place = |number: u32| PlaceId::new(Uuid::from_u128(number.into()));
        Guest {
            place: place(number),
            name: format!("Guest {number}"),
            institution: None,
            stay: Some(Stay::default()),
            nights: vec!["2027-02-14".parse().expect("a date")],
            with: with.iter().map(|number| place(*number)).collect(),
        }
    }

    fn from(institution: &str, guest: Guest) -> Guest {
        Guest { institution: Some(institution.to_owned()), ..guest }
    }

    fn wishing(wish: impl Fn(&mut Stay), guest: Guest) -> Guest {
        let mut stay = guest.stay.clone().unwrap_or_default();
        wish(&mut stay);
        Guest { stay: Some(stay), ..guest }
    }

    /// The room of each guest by its number, 0 for none.
    fn rooms_of(guests: &[Guest], rooms: &[Room], known: &Rooming) -> Vec<u128> {
        let found = suggest(guests, rooms, known);
        let number = |one: &Guest| found.of(one.place).map_or(0, |room| room.uuid().as_u128());
        guests.iter().map(number).collect()
    }

    fn given(guests: &[Guest], rooms: &[Room]) -> Vec<u128> {
        rooms_of(guests, rooms, &Rooming::default())
    }

    #[test]
    fn those_who_wish_each_other_share_the_room_that_leaves_fewest_beds_empty() {
        let guests = [guest(1, &[2]), guest(2, &[1]), guest(3, &[])];
        assert_eq!(given(&guests, &[room(1, 3), room(2, 2), room(3, 1)]), [2, 2, 3]);
        // Who is wished and does not wish back may be somebody else.
        let one_sided = [guest(1, &[2]), guest(2, &[])];
        assert_eq!(given(&one_sided, &[room(1, 1), room(2, 1)]), [1, 2]);
    }

    #[test]
    fn a_group_that_fits_nowhere_comes_one_by_one() {
        let guests = [guest(1, &[2, 3]), guest(2, &[1, 3]), guest(3, &[1, 2])];
        assert_eq!(given(&guests, &[room(1, 2), room(2, 1)]), [2, 1, 1]);
        assert_eq!(given(&guests, &[room(1, 2)]), [1, 1, 0], "there is no bed for the third");
    }

    #[test]
    fn a_room_without_steps_is_kept_for_whoever_needs_one() {
        let step_free = |room| Room { is_step_free: true, ..room };
        let rooms = [step_free(room(1, 1)), room(2, 1)];
        let needs = wishing(|stay| stay.is_step_free = true, guest(2, &[]));
        assert_eq!(given(&[guest(1, &[]), needs.clone()], &rooms), [2, 1]);
        assert_eq!(given(&[guest(1, &[])], &rooms), [2], "steps would do");
        assert_eq!(given(&[needs], &rooms[1..]), [0], "no room as she needs it");
    }

    #[test]
    fn whoever_asks_for_a_room_of_her_own_sleeps_alone() {
        let alone = wishing(|stay| stay.is_alone = true, guest(1, &[2]));
        let other = guest(2, &[1]);
        assert_eq!(given(&[alone.clone(), other.clone()], &[room(1, 2), room(2, 2)]), [1, 2]);
        assert_eq!(given(&[alone, other], &[room(1, 2)]), [1, 0]);
    }

    #[test]
    fn whoever_asks_for_quiet_has_it_where_there_is_any() {
        let rooms = [room(1, 1), Room { is_quiet: true, ..room(2, 1) }];
        let quiet = wishing(|stay| stay.is_quiet = true, guest(1, &[]));
        assert_eq!(given(std::slice::from_ref(&quiet), &rooms), [2]);
        assert_eq!(given(&[quiet], &rooms[..1]), [1], "a bed is better than none");
    }

    #[test]
    fn people_of_an_institution_share_before_strangers_do() {
        let guests = [
            from("Zion", guest(1, &[])),
            from("St Mary", guest(2, &[])),
            from("Zion", guest(3, &[])),
        ];
        let found = given(&guests, &[room(1, 2), room(2, 2)]);
        assert_eq!(found[0], found[2]);
        assert_ne!(found[0], found[1]);
        let nobodys = [guest(1, &[]), guest(2, &[])];
        assert_eq!(given(&nobodys, &[room(1, 2), room(2, 1)]), [2, 1], "strangers sleep apart");
    }

    #[test]
    fn whoever_has_a_room_stays_there_and_a_friend_comes_to_her() {
        let guests = [guest(1, &[2]), guest(2, &[1]), guest(3, &[])];
        let rooms = [room(1, 1), room(2, 3)];
        let known = Rooming([(guests[0].place, rooms[1].id)].into());
        assert_eq!(rooms_of(&guests, &rooms, &known), [2, 2, 1]);
        let full = Rooming([(guests[0].place, rooms[0].id)].into());
        assert_eq!(rooms_of(&guests, &rooms, &full), [1, 2, 2]);
    }

    #[test]
    fn a_bed_is_given_to_two_who_never_sleep_there_on_one_night() {
        let early = guest(1, &[]);
        let nights = vec!["2027-02-15".parse().expect("a date")];
        let late = Guest { nights, ..guest(2, &[]) };
        assert_eq!(given(&[early.clone(), late.clone()], &[room(1, 1)]), [1, 1]);
        let home = Guest { nights: Vec::new(), ..guest(3, &[]) };
        assert_eq!(given(&[early.clone(), home], &[room(1, 2)]), [1, 0], "she goes home");
        assert_eq!(given(&[early, guest(2, &[])], &[room(1, 1)]), [1, 0]);
    }

    #[test]
    fn the_only_room_without_steps_is_for_whoever_needs_it() {
        let rooms = [Room { is_step_free: true, ..room(1, 1) }];
        let needs = wishing(|stay| stay.is_step_free = true, guest(2, &[]));
        assert_eq!(given(&[guest(1, &[]), needs], &rooms), [0, 1]);
    }

    #[test]
    fn a_wish_that_is_not_returned_makes_no_pair_and_still_brings_two_together() {
        let one_sided = [guest(1, &[2]), guest(2, &[])];
        assert_eq!(given(&one_sided, &[room(1, 2), room(2, 1), room(3, 1)]), [2, 3]);
        // Whoever has a room is joined, by whom she wishes and by who wishes her.
        let rooms = [room(1, 1), room(2, 3)];
        for at in 0..2 {
            let known = Rooming([(one_sided[at].place, rooms[1].id)].into());
            assert_eq!(rooms_of(&one_sided, &rooms, &known), [2, 2]);
        }
    }

    #[test]
    fn two_come_where_fewest_beds_stay_empty_beside_those_who_are_there() {
        let rooms = [room(1, 6), room(2, 3)];
        let there = (1..5).map(|number| guest(number, &[]));
        let guests: Vec<_> = there.chain([guest(5, &[6]), guest(6, &[5])]).collect();
        let known = [(0, 0), (1, 0), (2, 0), (3, 1)];
        let known = known.map(|(who, at): (usize, usize)| (guests[who].place, rooms[at].id));
        assert_eq!(rooms_of(&guests, &rooms, &Rooming(known.into())), [1, 1, 1, 2, 2, 2]);
    }
}
