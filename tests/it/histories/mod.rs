//! Random histories of the days after a booking: two organisers with windows that stay open,
//! leaders, attendees, two phones without signal. They are played on the running site, through its
//! pages, its API and its letters, and on a model; after every step what calendars hold, what the feed
//! says, what people need, who is here and the doctor's rules agree with it.
//!
//! They are the same ones each time, so that a red build says something of the change at hand;
//! `TURNOUT_TEST_HISTORIES=500` plays as many that nobody has seen.

mod agreement;
mod door;
mod leaders;
mod mailbox;
mod model;
mod organisers;
mod play;
mod step;

use std::sync::atomic::{AtomicU32, Ordering};

use proptest::{
    prelude::*,
    test_runner::{Config, FileFailurePersistence, TestCaseError, TestRng, TestRunner},
};
use turnout::domain::staff::Role;

use self::{play::Play, step::step};
use crate::support::TestTurnout;

/// How many histories are played on each database unless asked otherwise, of up to how many steps.
const HISTORIES: u32 = 16;
const STEPS: usize = 40;

fn histories() -> u32 {
    let asked = std::env::var("TURNOUT_TEST_HISTORIES").ok();
    asked.map_or(HISTORIES, |asked| asked.parse().expect("a number of histories"))
}

fn what_was_promised_stays_true(turnout: &TestTurnout, runtime: &tokio::runtime::Runtime) {
    let played = AtomicU32::new(0);
    let config = Config {
        cases: histories(),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/it/histories/regressions",
        ))),
        max_shrink_iters: 40,
        ..Config::default()
    };
    let mut runner = if std::env::var_os("TURNOUT_TEST_HISTORIES").is_some() {
        TestRunner::new(config)
    } else {
        let same = TestRng::deterministic_rng(config.rng_algorithm);
        TestRunner::new_with_rng(config, same)
    };
    let staff = runtime.block_on(async {
        let mut staff = Vec::new();
        for login in ["ola", "uma"] {
            let login = turnout.account(login, Role::Organiser, &["oxford"]).await;
            staff.push((login, turnout.browser().await));
        }
        staff
    });
    let outcome = runner.run(&prop::collection::vec(step(), 1..STEPS), |steps| {
        runtime.block_on(async {
            let code = format!("S{}", played.fetch_add(1, Ordering::Relaxed));
            let mut play = Play::begin(turnout, &code, &staff).await;
            for (at, step) in steps.iter().enumerate() {
                play.step(step).await.map_err(|why| {
                    eprintln!("after step {at} of {steps:?}: {why}");
                    TestCaseError::fail(format!("after step {at}, {step:?}: {why}"))
                })?;
            }
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
fn what_was_promised_stays_true_on_sqlite() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let turnout = runtime.block_on(async { TestTurnout::on_sqlite().await.season().await });
    what_was_promised_stays_true(&turnout, &runtime);
}

#[test]
fn what_was_promised_stays_true_on_postgres() {
    let runtime = runtime();
    let _entered = runtime.enter();
    let turnout =
        runtime.block_on(async { Some(TestTurnout::on_postgres().await?.season().await) });
    if let Some(turnout) = turnout {
        what_was_promised_stays_true(&turnout, &runtime);
    }
}
