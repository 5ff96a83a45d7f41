use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn nomination() -> Nomination {
    Nomination {
        id: NominationId::new(Uuid::nil()),
        course: "first".parse().expect("a slug"),
        session: None,
        alliance: "oxford".parse().expect("a slug"),
        person: None,
        name: Name::parse("Ada Obi").expect("a name"),
        email: None,
        phone: None,
        institution: None,
        reason: Paragraph::parse_optional("She asks the right questions.")
            .expect("words")
            .expect("some"),
        by: Nominator::Staff("ruth".parse().expect("a login")),
        at: at("2027-01-01T10:00:00Z"),
        decision: None,
        withdrawn_at: None,
        before: Talk::default(),
        after: Talk::default(),
    }
}

/// What somebody does, or what the world does.
#[derive(Debug, Clone, Copy)]
enum Event {
    Step(Step),
    Answers(Answer),
    Place(Option<PlaceStatus>),
    Comes,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let steps = prop::sample::select(Step::ALL).prop_map(Event::Step);
    let answers = prop::sample::select(Answer::ALL).prop_map(Event::Answers);
    let places = prop::option::of(prop::sample::select(PlaceStatus::ALL));
    let one = prop_oneof![
        4 => steps,
        1 => answers,
        1 => places.prop_map(Event::Place),
        1 => Just(Event::Comes),
    ];
    prop::collection::vec(one, 0..24)
}

fn done(one: &mut Nomination, facts: &mut Facts, step: Step) {
    let now = at("2027-02-01T10:00:00Z");
    match step {
        Step::Approve => one.decision = Some(Decision::Approved),
        Step::Decline => one.decision = Some(Decision::Declined),
        Step::Ask => (facts.asked, facts.answer) = (true, None),
        Step::Before => one.before.done_at = Some(now),
        Step::After => one.after.done_at = Some(now),
        Step::Withdraw => one.withdrawn_at = Some(now),
    }
}

proptest! {
    #[test]
    fn whatever_happens_only_what_makes_sense_is_done(events in events()) {
        let (mut one, mut facts) = (nomination(), Facts::default());
        for event in events {
            let before = one.state(facts);
            match event {
                Event::Step(step) if before.may(step).is_ok() => done(&mut one, &mut facts, step),
                Event::Step(_) => {}
                Event::Answers(answer) if facts.asked => facts.answer = Some(answer),
                Event::Answers(_) => {}
                Event::Place(place) => facts.seat.place = place,
                Event::Comes => facts.seat.came = true,
            }
            let after = one.state(facts);
            // Whoever was declined or taken back stays out, whatever she does by herself.
            if matches!(before, NominationState::Declined | NominationState::Withdrawn) {
                prop_assert_eq!(after, before);
            }
            // Nobody is asked, booked or reviewed as nominated before an organiser has said yes.
            if one.decision.is_none() && one.withdrawn_at.is_none() {
                prop_assert_eq!(after, NominationState::Proposed);
            }
            if after == NominationState::Reviewed {
                prop_assert!(facts.seat.came && one.after.done_at.is_some());
            }
            if facts.seat.came && one.decision == Some(Decision::Approved)
                && one.withdrawn_at.is_none()
            {
                prop_assert!(matches!(after, NominationState::Came | NominationState::Reviewed));
            }
            let open = [Which::Before, Which::After].map(|which| one.is_due(which, facts));
            prop_assert!(!after.is_final() || !open[0]);
        }
    }

    #[test]
    fn what_is_final_takes_no_step_but_another_look(
        state in prop::sample::select(NominationState::ALL),
        step in prop::sample::select(Step::ALL),
    ) {
        if state.is_final() && state.may(step).is_ok() {
            prop_assert_eq!((state, step), (NominationState::Reviewed, Step::After));
        }
    }
}

#[test]
fn every_state_but_the_last_has_a_way_on() {
    for state in NominationState::ALL {
        let ways = Step::ALL.iter().filter(|step| state.may(**step).is_ok()).count();
        assert!(ways > 0 || state.is_final(), "{state}");
    }
}

fn approved() -> Nomination {
    Nomination { decision: Some(Decision::Approved), ..nomination() }
}

#[test]
fn the_office_reads_where_a_nomination_stands() {
    let words: Vec<_> = NominationState::ALL.iter().map(|state| state.in_words()).collect();
    assert_eq!(
        words,
        [
            "To decide",
            "Nominated",
            "Asked",
            "Answered: not now",
            "Waits for a place",
            "Booked",
            "Came",
            "Reviewed",
            "Declined",
            "Taken back",
        ]
    );
    let last: Vec<_> = NominationState::ALL.iter().filter(|state| state.is_final()).collect();
    use NominationState::{Declined, Reviewed, Withdrawn};
    assert_eq!(last, [&Reviewed, &Declined, &Withdrawn]);
}

#[test]
fn each_step_makes_sense_only_where_it_leads_on() {
    use NominationState as S;
    for (step, from) in [
        (Step::Approve, &[S::Proposed][..]),
        (Step::Decline, &[S::Proposed]),
        (Step::Ask, &[S::Nominated, S::Answered]),
        (Step::Before, &[S::Nominated, S::Asked, S::Answered, S::Waiting, S::Booked]),
        (Step::After, &[S::Booked, S::Came, S::Reviewed]),
        (Step::Withdraw, &[S::Proposed, S::Nominated, S::Asked, S::Answered]),
    ] {
        for state in S::ALL {
            assert_eq!(state.may(step).is_ok(), from.contains(state), "{step} when {state}");
        }
    }
}

#[test]
fn where_an_approved_nomination_stands_follows_from_what_happened() {
    use NominationState as S;
    let facts = |asked, answer, place, came| Facts { asked, answer, seat: Seat { place, came } };
    for (facts, state) in [
        (facts(false, None, None, false), S::Nominated),
        (facts(true, None, None, false), S::Asked),
        (facts(true, Some(Answer::No), None, false), S::Answered),
        (facts(true, None, Some(PlaceStatus::Waiting), false), S::Waiting),
        (facts(true, None, Some(PlaceStatus::Offered), false), S::Waiting),
        (facts(false, None, Some(PlaceStatus::Requested), false), S::Waiting),
        (facts(true, Some(Answer::Yes), Some(PlaceStatus::Confirmed), false), S::Booked),
        // What was given up counts no more than if she had never booked.
        (facts(true, None, Some(PlaceStatus::Cancelled), false), S::Asked),
        (facts(false, None, Some(PlaceStatus::Confirmed), true), S::Came),
    ] {
        assert_eq!(approved().state(facts), state, "{facts:?}");
    }
}

#[test]
fn a_talk_is_due_while_it_has_a_day_was_not_had_and_still_makes_sense() {
    let due = Talk { due: "2027-03-01".parse().ok(), ..Talk::default() };
    let had = Talk { done_at: Some(at("2027-02-01T10:00:00Z")), ..due.clone() };
    let (asked, came) = (Facts { asked: true, ..Facts::default() }, {
        Facts { seat: Seat { came: true, ..Seat::default() }, ..Facts::default() }
    });
    let both = |talk: &Talk| Nomination { before: talk.clone(), after: talk.clone(), ..approved() };
    let open =
        |one: &Nomination, facts| [Which::Before, Which::After].map(|w| one.is_due(w, facts));
    assert_eq!(open(&both(&due), asked), [true, true]);
    assert_eq!(open(&both(&due), came), [false, true], "too late for the talk before");
    assert_eq!(open(&both(&had), asked), [false, false]);
    assert_eq!(open(&both(&Talk::default()), asked), [false, false]);
    let only_after = Nomination { before: had, ..both(&due) };
    assert_eq!(open(&only_after, asked), [false, true]);
    for out in [
        Nomination { decision: None, ..both(&due) },
        Nomination { decision: Some(Decision::Declined), ..both(&due) },
        Nomination { withdrawn_at: Some(at("2027-02-01T10:00:00Z")), ..both(&due) },
    ] {
        assert_eq!(open(&out, asked), [false, false]);
    }
}
