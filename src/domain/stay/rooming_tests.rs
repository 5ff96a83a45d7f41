use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    Nights, Stay,
    rooming::{
        Guest, NightCount, Room, RoomFault, Rooming, Unmet, count_nights, recognise, too_many,
        unmet,
    },
    suggest::suggest,
};
use crate::domain::{
    edit::{Drawn, merge},
    id::{PlaceId, RoomId},
    text::Line,
};

fn place(number: u32) -> PlaceId {
    PlaceId::new(Uuid::from_u128(number.into()))
}

fn room(number: u32, beds: u32, is_step_free: bool) -> Room {
    Room {
        id: RoomId::new(Uuid::from_u128(1_000 + u128::from(number))),
        name: Line::parse(&format!("Room {number}")).expect("a name"),
        beds,
        is_step_free,
        is_quiet: false,
        notes: None,
    }
}

fn nights() -> Vec<NaiveDate> {
    let first: NaiveDate = "2027-02-14".parse().expect("a date");
    (0..3).map(|day| first + Days::new(day)).collect()
}

fn guest(number: u32, name: &str, with: &str) -> Guest {
    let with_whom = Line::parse_optional(with).expect("a line");
    Guest {
        place: place(number),
        name: name.to_owned(),
        institution: None,
        stay: Some(Stay { with_whom, ..Stay::default() }),
        nights: nights(),
        with: BTreeSet::new(),
    }
}

#[test]
fn a_room_is_typed_on_one_line() {
    let id = room(1, 1, false).id;
    let typed = Room::typed(id, "Oak 3, 2 beds, Step-free, first floor, quiet").expect("a room");
    assert_eq!((typed.beds, typed.is_step_free, typed.is_quiet), (2, true, true));
    assert_eq!(typed.line(), "Oak 3, 2 beds, step-free, quiet, first floor");
    assert_eq!(Room::typed(id, &typed.line()), Ok(typed));
    assert_eq!(Room::typed(id, "Elm, 1").map(|one| one.line()), Ok("Elm, 1 bed".to_owned()));
    for bad in ["Oak", "Oak, many", "Oak, 0 beds", "Oak, 61"] {
        assert_eq!(Room::typed(id, bad), Err(RoomFault::Beds), "{bad}");
    }
    assert_eq!(Room::typed(id, ", 2"), Err(RoomFault::Name));
}

#[test]
fn with_whom_is_recognised_by_whole_names_and_by_first_names_that_are_one_persons() {
    let mut guests = vec![
        guest(1, "Ada Obi", "Bo Lee and José"),
        guest(2, "Bo Lee", "ada obi, please"),
        guest(3, "José García", "Bo"),
        guest(4, "Bo Chen", ""),
        guest(5, "Ruth Day", "Obi; somebody who does not snore"),
    ];
    recognise(&mut guests);
    let with: Vec<Vec<PlaceId>> =
        guests.iter().map(|one| one.with.iter().copied().collect()).collect();
    assert_eq!(with[0], [place(2), place(3)]);
    assert_eq!(with[1], [place(1)]);
    assert!(with[2].is_empty(), "there are two Bos");
    assert!(with[3].is_empty() && with[4].is_empty());
}

#[test]
fn what_is_unmet_is_said_of_each() {
    let mut guests = vec![
        guest(1, "Ada Obi", "Bo Lee"),
        guest(2, "Bo Lee", "Ada Obi"),
        guest(3, "Cy Day", "Ada Obi"),
        guest(4, "Di Fox", ""),
    ];
    if let Some(stay) = &mut guests[2].stay {
        (stay.is_step_free, stay.is_quiet, stay.is_alone) = (true, true, true);
    }
    guests[3].nights = Vec::new();
    recognise(&mut guests);
    let rooms = [room(1, 1, true), room(2, 2, false)];
    let given = [(place(1), rooms[0].id), (place(2), rooms[1].id), (place(3), rooms[1].id)];
    let rooming = Rooming(given.into_iter().collect());
    let of = |at: usize| unmet(&guests[at], (&guests, &rooms), &rooming);
    assert_eq!(of(0), [Unmet::Apart(place(2), true)]);
    assert_eq!(of(1), [Unmet::Apart(place(1), true)]);
    let wanted = [Unmet::Steps, Unmet::Noise, Unmet::NotAlone, Unmet::Apart(place(1), false)];
    assert_eq!(of(2), wanted);
    assert!(of(3).is_empty(), "she goes home at night");
    assert_eq!(unmet(&guests[0], (&guests, &rooms), &Rooming::default()), [Unmet::NoRoom]);
    let crowd = Rooming((1..=3).map(|one| (place(one), rooms[0].id)).collect());
    assert_eq!(too_many(&rooms[0], &nights(), &guests, &crowd), nights());
    let counts = count_nights(&nights()[..1], (&guests, &rooms), &rooming);
    let night = nights()[0];
    assert_eq!(counts, [NightCount { night, sleep: 3, roomed: 3, free: 0 }]);
}

#[test]
fn whoever_sleeps_in_a_room_is_told_where_it_is() {
    let plain = room(3, 2, true);
    let notes = Line::parse("first floor").ok();
    assert_eq!(Room { notes, ..plain.clone() }.told(), "Room 3 (first floor)");
    assert_eq!(plain.told(), "Room 3");
}

#[test]
fn nobody_is_missed_or_minded_by_whom_she_does_not_meet_at_night() {
    let mut guests =
        [guest(1, "Ada Obi", "Bo Lee"), guest(2, "Bo Lee", ""), guest(3, "Cy Day", "")];
    guests[1].nights = nights()[2..].to_vec();
    if let Some(stay) = &mut guests[0].stay {
        stay.is_alone = true;
    }
    recognise(&mut guests);
    let rooms = [room(1, 2, false), room(2, 2, false)];
    let unmet_of_ada = |guests: &[Guest], given: &[(u32, usize)]| {
        let rooming = given.iter().map(|(who, at)| (place(*who), rooms[*at].id));
        unmet(&guests[0], (guests, &rooms), &Rooming(rooming.collect()))
    };
    let early = |guests: &[Guest; 3]| {
        let mut guests = guests.clone();
        guests[0].nights.truncate(2);
        guests
    };
    // They meet on the third night, unless Ada has left by then.
    assert_eq!(unmet_of_ada(&guests, &[(1, 0), (2, 1)]), [Unmet::Apart(place(2), false)]);
    assert_eq!(unmet_of_ada(&early(&guests), &[(1, 0), (2, 1)]), []);
    assert_eq!(unmet_of_ada(&guests, &[(1, 0), (2, 0)]), [Unmet::NotAlone]);
    assert_eq!(unmet_of_ada(&early(&guests), &[(1, 0), (2, 0)]), [], "she has it for herself");
    assert_eq!(unmet_of_ada(&early(&guests), &[(1, 0), (3, 1)]), [], "nobody else sleeps there");
}

#[test]
fn two_who_give_out_rooms_at_once_overwrite_nothing_of_each_others() {
    let rooms = [room(1, 2, false), room(2, 2, false)];
    let of = |given: &[(u32, usize)]| {
        Rooming(given.iter().map(|(one, at)| (place(*one), rooms[*at].id)).collect())
    };
    let drawn = Drawn::of(&of(&[(1, 0), (2, 0)]));
    let present = of(&[(1, 0), (2, 1), (3, 0)]);
    let sent = of(&[(1, 1), (2, 0)]);
    let merged = merge(Some(&drawn), &present, &sent, chrono_tz::UTC).expect("no conflict");
    assert_eq!(merged.record, of(&[(1, 1), (2, 1), (3, 0)]));
    let sent = of(&[(1, 0)]);
    let conflicts = merge(Some(&drawn), &present, &sent, chrono_tz::UTC).expect_err("a conflict");
    assert_eq!(conflicts.fields.len(), 1, "both moved the second");
}

/// People with wishes of every kind, some with a room already.
fn people() -> impl Strategy<Value = Vec<Guest>> {
    let one = (0..4u8, 0..8u8, prop::array::uniform3(prop::bool::weighted(0.25)), any::<u64>());
    prop::collection::vec(one, 0..24).prop_map(|all| {
        let count = u64::try_from(all.len()).unwrap_or(1).max(1);
        let guest = |(at, (institution, sleeps, wishes, with)): (u32, (u8, u8, [bool; 3], u64))| {
            let nights: Vec<_> = nights()
                .into_iter()
                .enumerate()
                .filter(|(night, _)| sleeps >= 7 || sleeps & (1 << night) != 0)
                .map(|(_, night)| night)
                .collect();
            let [is_step_free, is_quiet, is_alone] = wishes;
            let hers = Nights::Only(nights.iter().copied().collect());
            let stay = Stay { nights: hers, is_step_free, is_quiet, is_alone, ..Stay::default() };
            let other = place(u32::try_from(with % count).unwrap_or(0));
            // Half wish their neighbour, who may wish them too.
            let neighbour = place(at ^ 1);
            let with = if with % 2 == 0 { neighbour } else { other };
            Guest {
                place: place(at),
                name: String::new(),
                institution: (institution > 0).then(|| institution.to_string()),
                stay: Some(stay),
                nights,
                with: [with].into_iter().filter(|one| *one != place(at)).collect(),
            }
        };
        (0..).zip(all).map(guest).collect()
    })
}

fn houses() -> impl Strategy<Value = Vec<Room>> {
    prop::collection::vec((1..5u32, any::<bool>(), any::<bool>()), 0..9).prop_map(|rooms| {
        let of = |(number, (beds, is_step_free, is_quiet)): (u32, (u32, bool, bool))| Room {
            is_quiet,
            ..room(number, beds, is_step_free)
        };
        (0..).zip(rooms).map(of).collect()
    })
}

proptest! {
    /// Whoever wishes what: never more people than beds, steps for nobody who cannot take them, nobody with
    /// somebody who asked to be alone, nobody moved, and the same draft each time.
    #[test]
    fn a_draft_breaks_no_wish_that_matters(
        guests in people(),
        rooms in houses(),
        placed in prop::collection::vec((0..24u32, 0..9usize), 0..6),
    ) {
        // What was given out by hand, as far as it can be.
        let mut known = Rooming::default();
        for (who, at) in placed {
            let (one, room) = (guests.iter().find(|one| one.place == place(who)), rooms.get(at));
            if let (Some(one), Some(room)) = (one, room)
                && known.in_room(room.id, &guests).is_empty()
                && (room.is_step_free || !one.is_step_free())
            {
                known.0.insert(one.place, room.id);
            }
        }
        let draft = suggest(&guests, &rooms, &known);
        prop_assert_eq!(&draft, &suggest(&guests, &rooms, &known), "the same each time");
        for (who, room) in &known.0 {
            prop_assert_eq!(draft.of(*who), Some(*room), "nobody is moved");
        }
        for room in &rooms {
            prop_assert!(too_many(room, &nights(), &guests, &draft).is_empty(), "beds");
            let there = draft.in_room(room.id, &guests);
            for one in &there {
                prop_assert!(room.is_step_free || !one.is_step_free(), "steps");
                prop_assert!(!one.is_alone() || there.len() == 1, "alone");
            }
        }
        for one in &guests {
            let is_given = draft.of(one.place).is_some();
            prop_assert!(!is_given || !one.nights.is_empty() || known.of(one.place).is_some());
            // Whoever has no room could not have an empty one either.
            let could = rooms.iter().any(|room| {
                draft.in_room(room.id, &guests).is_empty() && (room.is_step_free || !one.is_step_free())
            });
            prop_assert!(is_given || one.nights.is_empty() || !could, "an empty room is left");
        }
    }

    /// Where there is room for all, whoever wish each other are together.
    #[test]
    fn two_who_wish_each_other_are_together_where_there_is_room(guests in people()) {
        let rooms: Vec<Room> = (0..40).map(|number| room(number, 24, true)).collect();
        let draft = suggest(&guests, &rooms, &Rooming::default());
        for one in guests.iter().filter(|one| !one.is_alone() && !one.nights.is_empty()) {
            for other in guests.iter().filter(|other| one.with.contains(&other.place)) {
                let is_mutual = other.with.contains(&one.place) && !other.is_alone();
                if is_mutual && !other.nights.is_empty() {
                    prop_assert_eq!(draft.of(one.place), draft.of(other.place));
                }
            }
        }
    }
}
