//! Random histories of leaders, lapses and capacity changes, played on Turnout and on a model of
//! the rules so small that it can be read in a minute. They must agree after every step.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Duration;
use proptest::{
    prelude::*,
    test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner},
};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        places::settle::settle_all,
        sessions::change_capacity::change_capacity,
        waiting::answer_offer::{Decline, accept_offer, decline_offer, wait_again},
    },
    domain::{
        audit::Actor,
        id::RegistrationId,
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
    },
};

use crate::support::{TestTurnout, plan::request};

/// What can happen; numbers choose among the bookings there are.
#[derive(Debug, Clone)]
enum Step {
    Book { places: usize, together: bool },
    CancelOne(usize, usize),
    CancelAll(usize),
    LeaveList(usize),
    Accept(usize),
    PassOn(usize),
    Leave(usize),
    WaitAgain(usize),
    Hours(i64),
    Capacity(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..12_usize;
    prop_oneof![
        5 => (1..6_usize, any::<bool>()).prop_map(|(places, together)| Step::Book { places, together }),
        2 => (who.clone(), 0..4_usize).prop_map(|(one, place)| Step::CancelOne(one, place)),
        3 => who.clone().prop_map(Step::CancelAll),
        1 => who.clone().prop_map(Step::LeaveList),
        4 => who.clone().prop_map(Step::Accept),
        2 => who.clone().prop_map(Step::PassOn),
        1 => who.clone().prop_map(Step::Leave),
        1 => who.prop_map(Step::WaitAgain),
        3 => (1..100_i64).prop_map(Step::Hours),
        1 => (1..9_u32).prop_map(Step::Capacity),
    ]
}

/// A place of the model: where it stands, with its number in the queue, and for an offer, until which hour.
#[derive(Debug, Clone, Copy, PartialEq)]
enum P {
    Confirmed,
    Waiting { queue: i64 },
    Offered { queue: i64, until: i64 },
    Lapsed,
    Declined,
    Cancelled,
}

#[derive(Debug, Clone)]
struct Booking {
    together: bool,
    rests_until: i64,
    places: Vec<P>,
}

impl Booking {
    /// The first number of those who wait: a team stands where the first of it does.
    fn queue(&self) -> Option<i64> {
        let numbers = self.places.iter().filter_map(|place| match place {
            P::Waiting { queue } => Some(*queue),
            _ => None,
        });
        numbers.min()
    }
}

/// The rules of the waiting list, as somebody would explain them.
#[derive(Debug, Default)]
struct Model {
    hour: i64,
    capacity: usize,
    last_queue: i64,
    bookings: Vec<Booking>,
}

impl Model {
    fn free(&self) -> usize {
        let taken = |place: &&P| matches!(place, P::Confirmed | P::Offered { .. });
        self.capacity - self.bookings.iter().flat_map(|b| &b.places).filter(taken).count()
    }

    /// First come, first served; a team that comes together is passed only while it does not fit.
    fn offer(&mut self) {
        let mut order: Vec<usize> = (0..self.bookings.len()).collect();
        order.sort_by_key(|at| self.bookings[*at].queue());
        for at in order {
            let (free, hour) = (self.free(), self.hour);
            let booking = &mut self.bookings[at];
            let wait = booking.places.iter().filter(|place| WAITING(place)).count();
            let given = if booking.together && wait > free { 0 } else { wait.min(free) };
            if booking.rests_until <= hour {
                let waiting = booking.places.iter_mut().filter_map(|place| match *place {
                    P::Waiting { queue } => Some((place, queue)),
                    _ => None,
                });
                for (place, queue) in waiting.take(given) {
                    *place = P::Offered { queue, until: hour + 48 };
                }
            }
        }
    }

    fn settle(&mut self) {
        for booking in &mut self.bookings {
            for place in &mut booking.places {
                if matches!(place, P::Offered { until, .. } if *until <= self.hour) {
                    *place = P::Lapsed;
                    booking.rests_until = self.hour + 24;
                }
            }
        }
        self.offer();
    }

    fn book(&mut self, places: usize, together: bool) {
        self.settle();
        let free = self.free();
        let now = if places <= free {
            places
        } else if together {
            0
        } else {
            free
        };
        self.last_queue += i64::from(now < places);
        let mut states = vec![P::Confirmed; now];
        states.resize(places, P::Waiting { queue: self.last_queue });
        self.bookings.push(Booking { together, rests_until: 0, places: states });
    }

    /// Moves the places of a booking that are in one of `from`; whether there were any.
    fn turn(&mut self, at: usize, from: fn(&P) -> bool, to: P) -> bool {
        let mut any = false;
        for place in self.bookings[at].places.iter_mut().filter(|place| from(place)) {
            (*place, any) = (to, true);
        }
        any
    }

    /// What is offered to a booking waits again, where it stood; whether there was anything.
    fn pass_on(&mut self, at: usize) -> bool {
        let mut any = false;
        for place in &mut self.bookings[at].places {
            if let P::Offered { queue, .. } = *place {
                (*place, any) = (P::Waiting { queue }, true);
            }
        }
        any
    }
}

const OFFERED: fn(&P) -> bool = |place| matches!(place, P::Offered { .. });
const WAITING: fn(&P) -> bool = |place| matches!(place, P::Waiting { .. });
const OPEN: fn(&P) -> bool = |place| *place == P::Confirmed || WAITING(place) || OFFERED(place);
const GONE: fn(&P) -> bool = |place| matches!(place, P::Lapsed | P::Declined);

/// A history, on both sides at once.
struct Play<'a> {
    turnout: &'a TestTurnout,
    session: turnout::domain::id::SessionCode,
    ids: Vec<RegistrationId>,
    model: Model,
}

impl Play<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm for each thing that can happen")]
    async fn step(&mut self, step: &Step) {
        let (ctx, leader) = (&self.turnout.ctx, Actor::Leader);
        let count = self.ids.len();
        match *step {
            Step::Book { places, together } => {
                let team = if together { Together } else { AsManyAsPossible };
                let who = format!("Leader {} {}", self.session, count);
                let asked = request(&self.session, &who, places, team);
                let booked = book_places(ctx, &Actor::Api, asked).await.expect("a booking");
                self.ids.push(booked.registration.id);
                self.model.book(places, together);
            }
            Step::Hours(hours) => {
                self.turnout.clock.advance(Duration::hours(hours));
                settle_all(ctx).await.expect("a sweep");
                self.model.hour += hours;
                self.model.settle();
            }
            Step::Capacity(capacity) => {
                let done =
                    change_capacity(ctx, &leader, &self.session, capacity, None).await.is_ok();
                self.model.settle();
                let taken = self.model.capacity - self.model.free();
                assert_eq!(done, capacity as usize >= taken, "lowered below what is taken");
                if done {
                    self.model.capacity = capacity as usize;
                    self.model.offer();
                }
            }
            _ if count == 0 => {}
            Step::CancelOne(one, place) => {
                let at = one % count;
                let places = self.turnout.registration(self.ids[at]).await.places;
                let number = place % places.len();
                let which = Which::One(places[number].id);
                cancel_places(ctx, &leader, self.ids[at], which, None).await.expect("an answer");
                let place = &mut self.model.bookings[at].places[number];
                let was = *place;
                if OPEN(&was) {
                    *place = P::Cancelled;
                    self.after_cancelling(at, OFFERED(&was));
                }
            }
            Step::CancelAll(one) => {
                let at = one % count;
                cancel_places(ctx, &leader, self.ids[at], Which::All, None)
                    .await
                    .expect("an answer");
                let was_offered = self.model.bookings[at].places.iter().any(OFFERED);
                if self.model.turn(at, OPEN, P::Cancelled) {
                    self.after_cancelling(at, was_offered);
                }
            }
            Step::LeaveList(one) => {
                let (at, which) = (one % count, Which::Waiting);
                cancel_places(ctx, &leader, self.ids[at], which, None).await.expect("an answer");
                if self.model.turn(at, WAITING, P::Cancelled) {
                    self.after_cancelling(at, false);
                }
            }
            Step::Accept(one) => {
                let at = one % count;
                let _ = accept_offer(ctx, &leader, self.ids[at], None).await;
                self.model.settle();
                if self.model.turn(at, OFFERED, P::Confirmed) {
                    self.model.offer();
                }
            }
            Step::PassOn(one) | Step::Leave(one) => {
                let at = one % count;
                let passes = matches!(step, Step::PassOn(_));
                let how = if passes { Decline::PassItOn } else { Decline::LeaveTheList };
                let _ = decline_offer(ctx, &leader, self.ids[at], how).await;
                self.model.settle();
                let waited = self.model.bookings[at].places.iter().any(OFFERED);
                if waited && !passes {
                    self.model.turn(at, WAITING, P::Cancelled);
                }
                let passed = if passes {
                    self.model.pass_on(at)
                } else {
                    self.model.turn(at, OFFERED, P::Declined)
                };
                if passed {
                    self.model.bookings[at].rests_until = self.model.hour + 24;
                    self.model.offer();
                }
            }
            Step::WaitAgain(one) => {
                let at = one % count;
                let _ = wait_again(ctx, &leader, self.ids[at]).await;
                if self.model.bookings[at].places.iter().any(GONE) {
                    self.model.last_queue += 1;
                    self.model.bookings[at].rests_until = 0;
                    let queue = self.model.last_queue;
                    self.model.turn(at, GONE, P::Waiting { queue });
                    self.model.offer();
                }
            }
        }
    }

    fn after_cancelling(&mut self, at: usize, was_offered: bool) {
        if was_offered {
            self.model.bookings[at].rests_until = self.model.hour + 24;
        }
        self.model.offer();
    }

    async fn agrees(&self) -> Result<(), String> {
        for (at, (id, booking)) in self.ids.iter().zip(&self.model.bookings).enumerate() {
            let real = self.turnout.states(*id).await;
            let words = booking.places.iter().map(|place| match place {
                P::Confirmed => "confirmed",
                P::Waiting { .. } => "waiting",
                P::Offered { .. } => "offered",
                P::Lapsed => "lapsed",
                P::Declined => "declined",
                P::Cancelled => "cancelled",
            });
            let expected: Vec<&str> = words.collect();
            if real != expected {
                return Err(format!("booking {at} is {real:?}, the model says {expected:?}"));
            }
        }
        Ok(())
    }
}

/// How many histories are played on each database, of up to how many steps.
const HISTORIES: u32 = 64;
const STEPS: usize = 50;

fn histories_agree_with_the_model(turnout: &TestTurnout, runtime: &tokio::runtime::Runtime) {
    let played = AtomicU32::new(0);
    let seeds = "tests/it/fair_places.regressions";
    let mut runner = TestRunner::new(Config {
        cases: HISTORIES,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(seeds))),
        max_shrink_iters: 200,
        ..Config::default()
    });
    let history = (1..7_u32, prop::collection::vec(step(), 1..STEPS));
    let outcome = runner.run(&history, |(capacity, steps)| {
        runtime.block_on(async {
            let code = format!("S{}", played.fetch_add(1, Ordering::Relaxed));
            let session = turnout
                .plan(&code, "first", capacity, |session| {
                    // At noon, which every day has: the hours a history lets pass may end in the
                    // one that the clocks skip in spring.
                    let later = (turnout.ctx.now() + Duration::days(400)).date_naive();
                    let later = later.and_hms_opt(12, 0, 0).expect("noon");
                    session.sittings = vec![turnout.sitting(1, later)];
                })
                .await;
            let model = Model { capacity: capacity as usize, ..Model::default() };
            let mut play = Play { turnout, session, ids: Vec::new(), model };
            for (at, step) in steps.iter().enumerate() {
                play.step(step).await;
                play.agrees().await.map_err(|why| {
                    TestCaseError::fail(format!("after step {at}, {step:?}: {why}"))
                })?;
            }
            turnout.is_sound().await;
            Ok(())
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn histories_agree_with_the_model_on_sqlite() {
    let runtime = runtime();
    let turnout = runtime.block_on(async { TestTurnout::on_sqlite().await.season().await });
    histories_agree_with_the_model(&turnout, &runtime);
}

#[test]
fn histories_agree_with_the_model_on_postgres() {
    let runtime = runtime();
    let turnout =
        runtime.block_on(async { Some(TestTurnout::on_postgres().await?.season().await) });
    if let Some(turnout) = turnout {
        histories_agree_with_the_model(&turnout, &runtime);
    }
}
