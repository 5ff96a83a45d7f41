//! Random lives: bookings under names, shared inboxes and no address at all, attendance, merges and what takes
//! them back, against a model that can be read in a minute. Nobody's attendance is lost or another's, and what
//! a course asks for first agrees.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Europe::London;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tokio::runtime::Runtime;
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::check_in::{Taps, check_in},
        people::{
            know_people::know_people,
            merge_people::{UnmergeError, merge_people, unmerge_people},
        },
    },
    domain::{
        attendance::{Mark, Presence},
        attendee::Attendee,
        audit::Actor,
        id::{PersonId, PlaceId},
        staff::{Role, StaffMember},
    },
    store::{people, staff},
};

use super::{asks, who};
use crate::support::TestTurnout;

#[derive(Debug, Clone)]
enum Step {
    /// Somebody of these names books under one of these addresses for one of these institutions.
    Come {
        name: usize,
        address: usize,
        institution: u32,
        attends: bool,
    },
    Merge(usize, usize),
    TakeBack(usize),
    Hours(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let come = (0..3_usize, 0..4_usize, 1..3_u32, any::<bool>());
    prop_oneof![
        5 => come.prop_map(|(name, address, institution, attends)| Step::Come {
            name, address, institution, attends
        }),
        3 => (0..9_usize, 0..9_usize).prop_map(|(kept, gone)| Step::Merge(kept, gone)),
        2 => (0..9_usize).prop_map(Step::TakeBack),
        1 => (1..30_i64).prop_map(Step::Hours),
    ]
}

/// Under what somebody books: her name, her address if she has one, and without one her institution.
type Key = (usize, usize, u32);

/// Whoever books under the same is the same; a merge joins what two are known by, and taking it back parts it.
#[derive(Default)]
struct Model {
    owner: BTreeMap<Key, usize>,
    people: usize,
    merges: Vec<Merge>,
    places: Vec<(PlaceId, Key, bool)>,
}

struct Merge {
    kept: usize,
    gone: usize,
    at: DateTime<Utc>,
    keys: Vec<Key>,
}

impl Model {
    fn books(&mut self, key: Key) {
        let next = self.people;
        if *self.owner.entry(key).or_insert(next) == next {
            self.people += 1;
        }
    }

    /// Whoever is somebody of her own, by number.
    fn living(&self) -> Vec<usize> {
        let gone = |one: &usize| self.merges.iter().any(|merge| merge.gone == *one);
        (0..self.people).filter(|one| !gone(one)).collect()
    }

    fn merge(&mut self, kept: usize, gone: usize, at: DateTime<Utc>) {
        let hers = self.owner.iter().filter(|(_, owner)| **owner == gone);
        let keys: Vec<Key> = hers.map(|(key, _)| *key).collect();
        for key in &keys {
            self.owner.insert(*key, kept);
        }
        self.merges.push(Merge { kept, gone, at, keys });
    }

    /// Takes the last merge into somebody back, within a day; whether there was one.
    fn take_back(&mut self, kept: usize, now: DateTime<Utc>) -> bool {
        let last = self.merges.iter().rposition(|one| one.kept == kept);
        let Some(at) = last.filter(|at| now - self.merges[*at].at < Duration::days(1)) else {
            return false;
        };
        let merge = self.merges.remove(at);
        for key in merge.keys {
            self.owner.insert(key, merge.gone);
        }
        true
    }

    fn did(&self, key: Key) -> bool {
        let owner = self.owner.get(&key);
        owner.is_some()
            && self.places.iter().any(|(_, at, came)| *came && self.owner.get(at) == owner)
    }
}

struct Play<'a> {
    turnout: &'a TestTurnout,
    trainer: &'a StaffMember,
    case: u32,
    model: Model,
    /// Who is whom of the model.
    ids: BTreeMap<usize, PersonId>,
}

const NAMES: [&str; 3] = ["Ada Obi", "Ada Obbi", "Ben Low"];

impl Play<'_> {
    fn attendee(&self, (name, address, _): Key) -> Attendee {
        let case = self.case;
        let email = match address {
            0 => String::new(),
            1 => format!("family{case}@example.org"),
            other => format!("own{other}x{case}@example.org"),
        };
        who(&format!("{} the {case}th", NAMES[name]), &email)
    }

    async fn play(&mut self, step: &Step) {
        match *step {
            Step::Come { name, address, institution, attends } => {
                let institution = if address == 0 { institution } else { 0 };
                self.come((name, address, institution), attends).await;
            }
            Step::Merge(kept, gone) => self.merge(kept, gone).await,
            Step::TakeBack(kept) => self.take_back(kept).await,
            Step::Hours(hours) => self.turnout.clock.advance(Duration::hours(hours)),
        }
        self.agrees().await;
    }

    async fn come(&mut self, key: Key, attends: bool) {
        let turnout = self.turnout;
        let code = format!("F{}x{}", self.case, self.model.places.len());
        let starts = (turnout.ctx.now() + Duration::hours(2)).with_timezone(&London).naive_local();
        let code =
            turnout.plan(&code, "first", 5, |one| one.sittings = vec![turnout.sitting(1, starts)]);
        let code = code.await;
        let asked = asks(&code, key.2.max(1), &self.attendee(key));
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        let place = booked.registration.places[0].id;
        while know_people(&turnout.ctx).await.expect("a round") {}
        self.model.books(key);
        self.model.places.push((place, key, attends));
        turnout.clock.advance(Duration::hours(3));
        if attends {
            let mark = Mark { place, presence: Presence::Attended, at: turnout.ctx.now() };
            let taps = Taps { marks: vec![mark], ..Taps::default() };
            check_in(&turnout.ctx, self.trainer, &code, 1, &taps).await.expect("a tap");
        }
    }

    fn chosen(&self, number: usize) -> Option<usize> {
        let living = self.model.living();
        (!living.is_empty()).then(|| living[number % living.len()])
    }

    async fn merge(&mut self, kept: usize, gone: usize) {
        let (Some(kept), Some(gone)) = (self.chosen(kept), self.chosen(gone)) else { return };
        let both = (self.ids[&kept], self.ids[&gone]);
        self.turnout.clock.advance(Duration::minutes(1));
        let ctx = &self.turnout.ctx;
        let done = merge_people(ctx, &Actor::CommandLine, both.0, both.1).await;
        assert_eq!(done.is_ok(), kept != gone, "{done:?}");
        if kept != gone {
            self.model.merge(kept, gone, ctx.now());
        }
    }

    async fn take_back(&mut self, kept: usize) {
        let Some(kept) = self.chosen(kept) else { return };
        let ctx = &self.turnout.ctx;
        let done = unmerge_people(ctx, &Actor::CommandLine, self.ids[&kept], None).await;
        match self.model.take_back(kept, ctx.now()) {
            true => assert!(done.is_ok(), "{done:?}"),
            false => assert!(matches!(done, Err(UnmergeError::TooLate)), "{done:?}"),
        }
    }

    /// Every place is hers whom the model says, and she was seen as often.
    async fn agrees(&mut self) {
        let mut conn = self.turnout.ctx.store.read().await.expect("a connection");
        for (place, key, _) in &self.model.places {
            let id = people::of_place(&mut conn, *place).await.expect("a read").expect("somebody");
            let owner = self.model.owner[key];
            assert_eq!(*self.ids.entry(owner).or_insert(id), id, "{key:?} is {owner}");
        }
        let living = self.model.living();
        let mut ids: Vec<_> = living.iter().filter_map(|one| self.ids.get(one)).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), living.len(), "each is somebody of her own");
        for one in living {
            let came =
                |(_, key, came): &&(PlaceId, Key, bool)| *came && self.model.owner[key] == one;
            let expected = self.model.places.iter().filter(came).count();
            let seats = people::seats(&mut conn, self.ids[&one]).await.expect("places");
            let attended: i64 = seats.iter().map(|seat| seat.attended).sum();
            assert_eq!(usize::try_from(attended).ok(), Some(expected), "{one} of {seats:?}");
        }
    }

    /// Whoever did the first course, and nobody else, is confirmed for the second without a word.
    async fn qualify(&self) {
        let turnout = self.turnout;
        let starts = (turnout.ctx.now() + Duration::days(90)).with_timezone(&London).naive_local();
        let code = format!("N{}", self.case);
        let code = turnout
            .plan(&code, "second", 90, |one| one.sittings = vec![turnout.sitting(1, starts)]);
        let code = code.await;
        let mut keys: Vec<Key> = (0..3).map(|name| (name, 1, 0)).collect();
        keys.extend(self.model.owner.keys());
        for key in keys {
            let asked = asks(&code, key.2.max(1), &self.attendee(key));
            let booked = book_places(&turnout.ctx, &Actor::Api, asked).await;
            let state = booked.map(|one| one.registration.places[0].state.status().to_string());
            let is_in = state.as_ref().is_ok_and(|state| state == "confirmed");
            assert_eq!(is_in, self.model.did(key), "{key:?}: {state:?}");
        }
    }
}

fn lives_agree_with_the_model(turnout: &TestTurnout, runtime: &Runtime, cases: u32) {
    let trainer = runtime.block_on(async {
        let login = turnout.account("ruth", Role::Administrator, &[]).await;
        let mut conn = turnout.ctx.store.read().await.expect("a connection");
        staff::find(&mut conn, &login).await.expect("a read").expect("an account")
    });
    let played = AtomicU32::new(0);
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&prop::collection::vec(step(), 4..16), |steps| {
        runtime.block_on(async {
            let case = played.fetch_add(1, Ordering::Relaxed);
            let (model, ids) = (Model::default(), BTreeMap::new());
            let mut play = Play { turnout, trainer: &trainer, case, model, ids };
            for step in &steps {
                play.play(step).await;
            }
            play.qualify().await;
        });
        Ok(())
    });
    outcome.expect("lives agree with the model");
    runtime.block_on(turnout.is_sound());
}

#[test]
fn lives_agree_with_the_model_on_sqlite() {
    let runtime = Runtime::new().expect("a runtime");
    let turnout = runtime.block_on(async { TestTurnout::on_sqlite().await.season().await });
    lives_agree_with_the_model(&turnout, &runtime, 24);
}

#[test]
fn lives_agree_with_the_model_on_postgres() {
    let runtime = Runtime::new().expect("a runtime");
    let turnout =
        runtime.block_on(async { Some(TestTurnout::on_postgres().await?.season().await) });
    if let Some(turnout) = turnout {
        lives_agree_with_the_model(&turnout, &runtime, 8);
    }
}
