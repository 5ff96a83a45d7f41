//! What calendars are told, and when stamps rise, as rules of values: any history ends with what is due.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use turnout::domain::{
    difference::{CalendarStep, Decided, Due, difference},
    id::{InvitationId, PlaceId, SittingId},
    invitation::{EventMark, Invitation},
    stamp::Stamped,
    text::Name,
};
use uuid::Uuid;

fn at() -> DateTime<Utc> {
    "2027-01-02T10:00:00Z".parse().expect("a moment")
}

fn due(place: u128, sitting: u128, address: u8, name: u8, mark: Option<u8>) -> Due {
    Due {
        place: PlaceId::new(Uuid::from_u128(place)),
        sitting: SittingId::new(Uuid::from_u128(sitting)),
        address: format!("a{address}@example.org").parse().expect("an address"),
        name: Name::parse(&format!("Ada {name}")).expect("a name"),
        mark: mark
            .map(|mark| EventMark { rendered: mark.to_string(), occasion: (mark / 2).to_string() }),
    }
}

/// What a calendar holds once it was told: the step, carried out.
fn tell(stored: &mut Vec<Invitation>, step: CalendarStep) {
    match step {
        CalendarStep::Invite(due) => {
            let id = u128::try_from(stored.len()).expect("few");
            stored.push(Invitation {
                id: InvitationId::new(Uuid::from_u128(id)),
                place: due.place,
                sitting: due.sitting,
                uid: format!("{id}@turnout.example"),
                address: due.address,
                name: due.name,
                sequence: 0,
                stamp: at(),
                withdrawn: false,
                organizer: None,
                mark: due.mark,
                asked: 0,
                counted: 0,
                answer: None,
            });
        }
        CalendarStep::Update { invitation, due, .. } => {
            let known = stored.iter_mut().find(|one| one.id == invitation.id).expect("known");
            (known.name, known.mark) = (due.name, due.mark);
            known.sequence += 1;
        }
        CalendarStep::Withdraw(invitation) => {
            let known = stored.iter_mut().find(|one| one.id == invitation.id).expect("known");
            known.withdrawn = true;
            known.sequence += 1;
        }
    }
}

/// People and days as they may be at some moment: each place and day once.
fn moments() -> impl Strategy<Value = Vec<Due>> {
    let marks = prop_oneof![4 => (0..6_u8).prop_map(Some), 1 => Just(None)];
    let one = (0..3_u128, 0..3_u128, 0..2_u8, 0..2_u8, marks);
    prop::collection::vec(one, 0..8).prop_map(|all| {
        let mut seen = HashSet::new();
        all.into_iter()
            .filter(|(place, sitting, ..)| seen.insert((*place, *sitting)))
            .map(|(place, sitting, address, name, mark)| due(place, sitting, address, name, mark))
            .collect()
    })
}

proptest! {
    #[test]
    fn after_any_history_what_stands_is_what_is_due(
        history in prop::collection::vec(moments(), 1..6),
        swapped in prop::option::of(0..3_u128),
    ) {
        let swapped = swapped.map(|id| PlaceId::new(Uuid::from_u128(id)));
        let mut stored: Vec<Invitation> = Vec::new();
        for (number, due) in history.iter().enumerate() {
            let before = stored.clone();
            let decided = Decided {
                swapped: swapped.filter(|_| number == 1),
                again: None,
            };
            for step in difference(due, &stored, decided) {
                tell(&mut stored, step);
                let mut live = HashSet::new();
                let is_once = stored.iter().filter(|one| !one.withdrawn)
                    .all(|one| live.insert((one.place, one.sitting)));
                prop_assert!(is_once, "never two invites to one day on one place");
            }
            let live: Vec<_> = stored.iter().filter(|one| !one.withdrawn).collect();
            for one in due.iter().filter(|one| one.mark.is_some()) {
                let told = live.iter().find(|told| {
                    (told.place, told.sitting) == (one.place, one.sitting)
                });
                let told = told.expect("whoever comes is invited");
                prop_assert_eq!(&told.address, &one.address);
                prop_assert_eq!(&told.name, &one.name);
                prop_assert_eq!(&told.mark, &one.mark);
            }
            for told in &live {
                let stands = due.iter().any(|one| {
                    (one.place, one.sitting, &one.address)
                        == (told.place, told.sitting, &told.address)
                });
                prop_assert!(stands, "whoever does not come is not invited");
            }
            for (was, is) in before.iter().zip(&stored) {
                prop_assert!(was.uid == is.uid && was.sequence <= is.sequence);
                prop_assert!(!was.withdrawn || was == is, "what is withdrawn stays so");
            }
            prop_assert_eq!(difference(due, &stored, Decided::default()), []);
        }
    }
}

#[test]
fn words_alone_do_not_ask_anew_and_another_time_does() {
    let told = due(1, 1, 0, 0, Some(2));
    let mut stored = Vec::new();
    tell(&mut stored, CalendarStep::Invite(told));
    let asks = |mark, stored: &[Invitation]| {
        let steps = difference(&[due(1, 1, 0, 0, Some(mark))], stored, Decided::default());
        steps.iter().map(|step| matches!(step, CalendarStep::Update { asks: true, .. })).next()
    };
    assert_eq!(asks(2, &stored), None, "nothing changed");
    assert_eq!(asks(3, &stored), Some(false), "the same occasion in other words");
    assert_eq!(asks(4, &stored), Some(true), "another occasion");
}

#[test]
fn a_day_that_has_begun_is_left_in_peace_unless_the_place_is_hers_no_more() {
    let mut stored = Vec::new();
    tell(&mut stored, CalendarStep::Invite(due(1, 1, 0, 0, Some(2))));
    let begun = [due(1, 1, 0, 1, None)];
    assert_eq!(difference(&begun, &stored, Decided::default()), []);
    assert_eq!(difference(&[], &stored, Decided::default()).len(), 1);
    assert_eq!(difference(&begun, &[], Decided::default()), [], "nobody is invited to it");
}

#[test]
fn what_was_thrown_away_goes_out_again() {
    let mut stored = Vec::new();
    tell(&mut stored, CalendarStep::Invite(due(1, 1, 0, 0, Some(2))));
    let again = Decided { again: Some(PlaceId::new(Uuid::from_u128(1))), ..Decided::default() };
    let steps = difference(&[due(1, 1, 0, 0, Some(2))], &stored, again);
    assert!(matches!(steps[..], [CalendarStep::Update { asks: false, .. }]), "{steps:?}");
}

proptest! {
    #[test]
    fn stamps_rise_with_what_is_shown_and_stand_still_with_it(
        history in prop::collection::vec(("[ab]", -90..90_i64), 1..20),
    ) {
        let start: DateTime<Utc> = "2027-01-02T10:00:00.5Z".parse().expect("a moment");
        let mut stamped = Stamped {
            sitting: SittingId::new(Uuid::nil()),
            sequence: 0,
            changed_at: start,
            rendered: None,
        };
        let mut now = start;
        for (shown, seconds) in history {
            // Two nodes' clocks need not agree.
            now += Duration::seconds(seconds);
            let before = stamped.clone();
            stamped = stamped.seen(shown.clone(), now).unwrap_or(stamped);
            let is_new = before.rendered.as_ref().is_some_and(|said| *said != shown);
            prop_assert_eq!(stamped.sequence, before.sequence + u32::from(is_new));
            let seconds = |at: DateTime<Utc>| at.timestamp();
            prop_assert_eq!(
                seconds(stamped.changed_at) > seconds(before.changed_at), is_new
            );
        }
    }
}
