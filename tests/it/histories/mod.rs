//! Random histories of the days after a booking: two organisers with windows that stay open,
//! leaders, attendees, two phones without signal. They are played on the running site, through its
//! pages, its API and its letters, and on a model; after every step what calendars hold, what the feed
//! says, what people need, who is here and the doctor's rules agree with it. Three programs that share no
//! code with it follow somebody's own feed and her mailbox through the same history.
//!
//! They are the same ones each time, so that a red build says something of the change at hand;
//! `TURNOUT_TEST_HISTORIES=500` plays as many that nobody has seen.

mod agreement;
mod answering;
mod door;
mod following;
mod leaders;
mod mailbox;
mod model;
mod organisers;
mod play;
mod step;

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{Config, FileFailurePersistence, TestCaseError, TestRng, TestRunner},
};
use turnout::{
    domain::{alliance::Alliance, staff::Role},
    store::catalogue,
};

use self::{
    following::{Followed, all_agree},
    play::Play,
    step::{Step, step},
};
use crate::support::{TestTurnout, plan::alliance};

/// How many histories are played on each database unless asked otherwise, of up to how many steps.
const HISTORIES: u32 = 16;
const STEPS: usize = 40;

fn histories() -> u32 {
    let asked = std::env::var("TURNOUT_TEST_HISTORIES").ok();
    asked.map_or(HISTORIES, |asked| asked.parse().expect("a number of histories"))
}

fn is_random() -> bool {
    std::env::var_os("TURNOUT_TEST_HISTORIES").is_some()
}

fn runner() -> TestRunner {
    let config = Config {
        cases: histories(),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/it/histories/regressions",
        ))),
        max_shrink_iters: 40,
        ..Config::default()
    };
    if is_random() {
        return TestRunner::new(config);
    }
    let same = TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, same)
}

/// Another alliance, where it is five hours earlier.
async fn abroad(turnout: &TestTurnout) -> Alliance {
    let abroad = Alliance {
        slug: "brooklyn".parse().expect("a slug"),
        name: "Brooklyn Citizens".to_owned(),
        time_zone: chrono_tz::America::New_York,
        contact_email: "brooklyn@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &abroad).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    abroad
}

fn what_was_promised_stays_true(mut turnout: TestTurnout, runtime: &tokio::runtime::Runtime) {
    let played = AtomicU32::new(0);
    turnout.ctx.gather = chrono::Duration::minutes(2);
    let turnout = &turnout;
    let (staff, abroad) = runtime.block_on(async {
        let abroad = abroad(turnout).await;
        let mut staff = Vec::new();
        for login in ["ola", "uma"] {
            let login = turnout.account(login, Role::Organiser, &["oxford", "brooklyn"]).await;
            staff.push((login, turnout.browser().await));
        }
        (staff, abroad)
    });
    let followed: RefCell<Vec<Followed>> = RefCell::default();
    let histories = (any::<bool>(), prop::collection::vec(step(), 1..STEPS));
    let outcome = runner().run(&histories, |(is_abroad, steps): (bool, Vec<Step>)| {
        let alliance = if is_abroad { abroad.clone() } else { alliance() };
        runtime.block_on(async {
            let code = format!("S{}", played.fetch_add(1, Ordering::Relaxed));
            let mut play = Play::begin(turnout, (&code, &alliance), &staff).await;
            for (at, step) in steps.iter().enumerate() {
                play.step(step).await.map_err(|why| {
                    eprintln!("after step {at} of {steps:?}: {why}");
                    TestCaseError::fail(format!("after step {at}, {step:?}: {why}"))
                })?;
            }
            // Of histories that nobody has seen, the one that fails is wanted small.
            match play.followed {
                Some(one) if is_random() => all_agree(&[one]).map_err(TestCaseError::fail),
                one => {
                    followed.borrow_mut().extend(one);
                    Ok(())
                }
            }
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let followed = followed.into_inner();
    assert!(is_random() || followed.len() > 5, "somebody was followed through most of them");
    all_agree(&followed).unwrap_or_else(|why| panic!("{why}"));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn what_was_promised_stays_true_on_sqlite() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let turnout = runtime.block_on(async { TestTurnout::on_sqlite().await.season().await });
    what_was_promised_stays_true(turnout, &runtime);
}

#[test]
fn what_was_promised_stays_true_on_postgres() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let turnout =
        runtime.block_on(async { Some(TestTurnout::on_postgres().await?.season().await) });
    if let Some(turnout) = turnout {
        what_was_promised_stays_true(turnout, &runtime);
    }
}
