//! All background work, on one page. It decides nothing: it calls actions.
//!
//! | Work | How often |
//! |---|---|
//! | deliver letters | as soon as they are written here, every second otherwise |
//! | recognise people on new bookings, fill in keys of names that another version wrote | every fifteen seconds |
//! | write the letters of messages to many | every two seconds, and one batch after the other while any is left |
//! | end holds and offers that ran out, offer on what is free, release declined places | every fifteen seconds |
//! | erase what was still to be told about people who were erased | every fifteen seconds |
//! | count who came to sessions whose turnout changed | every fifteen seconds |
//! | tell people of a change to their session, once it waited for the next | every two seconds |
//! | the same, where telling them was cut short | every fifteen seconds |
//! | remind people of what is near, ask once more how they stay before rooms are given out, ask what they thought of what is over, tell organisers who want it of places given up, remind them to decide about sessions with too few people, tell those who wait for a course of new dates | every five minutes |
//! | tell applicants whose day has come what was decided | every fifteen seconds |
//! | tell people what was decided of the help they asked for, once it waited for the next decision | every two seconds |
//! | take answers of calendars | as they arrive in the reply mailbox |
//! | derive instants anew where the time zone database changed, and tell whom it concerns | at the start, and every hour |
//! | tell people that the site has another address than when it was started last | at the start |
//! | stamp what the settings or an import changed of what feeds show | at the start, and every hour |
//! | erase what the table of `domain/retention.rs` says is due, forget forms that were sent a month ago | every hour |
//!
//! Safe on many nodes at once: letters are claimed, sessions are locked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use rocket::Shutdown;

use crate::{
    actions::{
        ActionContext,
        asking::tell_interested::tell_interested,
        attempt::forget_attempts,
        booking::keep_draft::forget_drafts,
        calendars::{stamp::stamp_everything, take_reply::take_mail},
        door::count_turnout::count_turnout,
        help_requests::tell::tell_decided,
        letters::{
            ask_feedback::ask_feedback, deliver_letters::Delivery,
            list_withdrawals::list_withdrawals, message_people::write_next, remind::remind,
        },
        people::{know_people::know_people, questions::ask_about_known},
        places::settle::settle_all,
        retention::erase_due::{erase_due, erase_sent},
        sessions::{
            announce::{tell_gathered, tell_late},
            follow_address::follow_address,
            follow_zones::follow_zones,
            go_ahead::remind_to_decide,
        },
        stay::ask_once_more::ask_once_more,
        waiting::{decision_day::tell_due, release_declined::release_declined},
        work_done::WorkDone,
    },
    mail::{
        Transport,
        imap::{ReplyMailbox, Taking},
    },
    store::StoreError,
};

/// How long the reply mailbox is left alone after a failure, first and at most.
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// How long the outbox is left alone after letters were claimed or marked, at least, so that a rush
/// of bookings does not share the database with a turn for each of them.
const BETWEEN_TURNS: Duration = Duration::from_millis(20);

/// How long the database is left alone at least between batches of work that nobody waits for, so that another program
/// that writes the same file has its turn.
const SHORTEST_REST: Duration = Duration::from_millis(50);

/// How long at most, so that a rush that does not end is kept up with all the same.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// How long it is left alone at most while the database is away.
const LONGEST_TURN_PAUSE: Duration = Duration::from_secs(10);

/// How long letters may take to finish when the program ends.
const LONGEST_END: Duration = Duration::from_secs(3);

/// What every kind of work has.
#[derive(Clone)]
struct Worker {
    ctx: ActionContext,
    done: Arc<WorkDone>,
}

impl Worker {
    /// Notes how work went, and says in the log when it failed, in these words.
    fn noted<T: Default>(
        &self,
        work: &'static str,
        words: &str,
        outcome: Result<T, StoreError>,
    ) -> T {
        self.done.note(work, outcome.is_ok(), self.ctx.now());
        outcome.unwrap_or_else(|error| {
            log::error!("{words}: {error}");
            T::default()
        })
    }
}

impl Worker {
    /// Leaves the database to others between batches of work that nobody waits for: for as long as the one took that
    /// began then, and while they write, as in a rush of bookings. When the next one begins.
    async fn stand_back(&self, began: DateTime<Utc>) -> DateTime<Utc> {
        let took = (self.ctx.now() - began).to_std().unwrap_or_default();
        let (mut rested, mut is_quiet) = (Duration::ZERO, false);
        while rested < LONGEST_REST && !(is_quiet && rested >= took) {
            let before = self.ctx.store.generation();
            tokio::time::sleep(SHORTEST_REST).await;
            is_quiet = self.ctx.store.generation() == before;
            rested += SHORTEST_REST;
        }
        self.ctx.now()
    }
}

/// Works until `shutdown`, finishing the letters on their way, and notes in `done` how it goes.
pub async fn run(
    ctx: ActionContext,
    transport: Arc<Transport>,
    replies: Option<ReplyMailbox>,
    done: Arc<WorkDone>,
    shutdown: Shutdown,
) {
    let worker = Worker { ctx, done };
    // On the heap: all of them together are too much for the stack of a thread.
    let letters = Box::pin(deliver(worker.clone(), transport, shutdown.clone()));
    let mailings = Box::pin(write(worker.clone(), shutdown.clone()));
    let holds = Box::pin(sweep(worker.clone(), shutdown.clone()));
    let people = Box::pin(know(worker.clone(), shutdown.clone()));
    let answers = Box::pin(listen(worker.clone(), replies, shutdown.clone()));
    let reminders = Box::pin(remind_all(worker.clone(), shutdown.clone()));
    let needs = Box::pin(forget(worker, shutdown.clone()));
    // All but the letters may stop wherever they are: a transaction that is not committed never
    // happened.
    let rest = async { tokio::join!(mailings, holds, people, answers, reminders, needs) };
    let told = shutdown.clone();
    let rest = async {
        tokio::select! {
            biased;
            () = told => {}
            _ = rest => {}
        }
    };
    // Letters may finish, unless the database itself stands still.
    let letters = async {
        tokio::select! {
            biased;
            () = letters => {}
            () = async { shutdown.await; tokio::time::sleep(LONGEST_END).await } => {
                log::warn!("letters could not be finished in {LONGEST_END:?}");
            }
        }
    };
    tokio::join!(letters, rest);
}

/// Reads the reply mailbox for as long as it can be reached; tries again after a while, and then
/// after a longer one.
async fn listen(worker: Worker, replies: Option<ReplyMailbox>, mut shutdown: Shutdown) {
    let Some(mailbox) = replies else { return };
    let mut pause = SHORTEST_PAUSE;
    loop {
        let taken = Arc::new(AtomicBool::new(false));
        let (ctx, noted) = (worker.ctx.clone(), Arc::clone(&taken));
        let take = move |raw: Vec<u8>| -> Taking {
            let (ctx, noted) = (ctx.clone(), Arc::clone(&noted));
            Box::pin(async move {
                take_mail(&ctx, &raw).await.map_err(|error| error.to_string())?;
                noted.store(true, Ordering::Relaxed);
                Ok(())
            })
        };
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            ended = mailbox.watch(&take) => {
                worker.done.note("take-answers", ended.is_ok(), worker.ctx.now());
                if let Err(error) = ended {
                    log::warn!("the reply mailbox: {error}");
                }
            }
        }
        pause = if taken.load(Ordering::Relaxed) {
            SHORTEST_PAUSE
        } else {
            (pause * 2).min(LONGEST_PAUSE)
        };
        if stopped(&mut shutdown, pause).await {
            return;
        }
    }
}

async fn deliver(worker: Worker, transport: Arc<Transport>, mut shutdown: Shutdown) {
    let store = worker.ctx.store.clone();
    let mut delivery = Delivery::new(worker.ctx.clone(), transport);
    let mut pause = BETWEEN_TURNS;
    loop {
        let turn = delivery.turn().await;
        pause = match &turn {
            Ok(_) => BETWEEN_TURNS,
            Err(_) => (pause * 2).clamp(Duration::from_secs(1), LONGEST_TURN_PAUSE),
        };
        worker.noted("deliver-letters", LETTERS, turn.map(|_| ()));
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            () = delivery.send_on() => {}
            () = tokio::time::sleep(pause) => {}
        }
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            () = delivery.progress() => {}
            () = store.letters_written() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
    worker.noted("deliver-letters", LETTERS, delivery.finish().await.map(|_| ()));
}

/// What is said when letters stay.
const LETTERS: &str = "letters could not be delivered";

async fn write(worker: Worker, mut shutdown: Shutdown) {
    loop {
        let told = tell_gathered(&worker.ctx).await.map(|_| ());
        worker.noted("tell-what-gathered", "people could not be told of a change", told);
        let told = tell_decided(&worker.ctx).await.map(|_| ());
        worker.noted("tell-help", "people could not be told what help they get", told);
        let written = write_next(&worker.ctx).await;
        let words = "the letters of a message could not be written";
        let more = worker.noted("write-messages", words, written);
        let pause = if more { Duration::ZERO } else { Duration::from_secs(2) };
        if stopped(&mut shutdown, pause).await {
            return;
        }
    }
}

async fn sweep(worker: Worker, mut shutdown: Shutdown) {
    while !stopped(&mut shutdown, Duration::from_secs(15)).await {
        let settled = settle_all(&worker.ctx).await.map(|_| ());
        worker.noted("share-places", "waiting lists could not be settled", settled);
        let released = release_declined(&worker.ctx).await.map(|_| ());
        worker.noted("release-places", "declined places could not be released", released);
        let told = tell_due(&worker.ctx).await.map(|_| ());
        worker.noted("tell-decisions", "applicants could not be told", told);
        let told = tell_late(&worker.ctx).await.map(|_| ());
        worker.noted("tell-of-changes", "people could not be told of a change", told);
        let filled = worker.ctx.store.fill_keys().await.map(|_| ());
        worker.noted("fill-in-keys", "keys of names could not be filled in", filled);
        let left = erase_sent(&worker.ctx).await.map(|_| ());
        worker.noted("erase-what-left", "letters that left could not be erased", left);
    }
}

/// Apart from the sweep, which others wait for: an import or a rush brings thousands at once, and goes on until nobody
/// is left.
async fn know(worker: Worker, mut shutdown: Shutdown) {
    while !stopped(&mut shutdown, Duration::from_secs(15)).await {
        let words = "people could not be recognised";
        let mut began = worker.ctx.now();
        while worker.noted("recognise-people", words, know_people(&worker.ctx).await) {
            began = worker.stand_back(began).await;
        }
        let words = "turnout could not be counted";
        while worker.noted("count-turnout", words, count_turnout(&worker.ctx).await) {
            began = worker.stand_back(began).await;
        }
        let compared = ask_about_known(&worker.ctx).await.map(|_| ());
        worker.noted("compare-people", "people could not be compared", compared);
    }
}

async fn remind_all(worker: Worker, mut shutdown: Shutdown) {
    while !stopped(&mut shutdown, Duration::from_secs(300)).await {
        let reminded = remind(&worker.ctx).await.map(|_| ());
        worker.noted("remind", "people could not be reminded", reminded);
        let asked = ask_feedback(&worker.ctx).await.map(|_| ());
        worker.noted("ask-feedback", "people could not be asked for feedback", asked);
        let listed = list_withdrawals(&worker.ctx).await.map(|_| ());
        worker.noted("list-withdrawals", "organisers could not be told of withdrawals", listed);
        let told = tell_interested(&worker.ctx).await.map(|_| ());
        worker.noted("tell-interested", "those who wait for a date could not be told", told);
        let decide = remind_to_decide(&worker.ctx).await.map(|_| ());
        worker.noted("remind-to-decide", "alliances could not be reminded to decide", decide);
        let asked = ask_once_more(&worker.ctx).await.map(|_| ());
        worker.noted("ask-stays", "people could not be asked how they stay", asked);
    }
}

async fn forget(worker: Worker, mut shutdown: Shutdown) {
    let told = follow_address(&worker.ctx).await.map(|_| ());
    worker.noted("follow-address", "people could not be told of the new address", told);
    loop {
        let followed = follow_zones(&worker.ctx).await.map(|_| ());
        worker.noted("follow-zones", "days could not follow their time zones", followed);
        let stamped = stamp_everything(&worker.ctx).await.map(|_| ());
        worker.noted("stamp-feeds", "what feeds show could not be stamped", stamped);
        let forgotten = forget_attempts(&worker.ctx).await.map(|_| ());
        worker.noted("forget-attempts", "old attempts could not be forgotten", forgotten);
        let forgotten = forget_drafts(&worker.ctx).await.map(|_| ());
        worker.noted("forget-drafts", "what was typed could not be forgotten", forgotten);
        let erased = erase_due(&worker.ctx).await.map(|_| ());
        worker.noted("erase-what-is-due", "what is due could not be erased", erased);
        if stopped(&mut shutdown, Duration::from_secs(3600)).await {
            return;
        }
    }
}

/// Waits for `pause`; whether the program is to stop.
async fn stopped(shutdown: &mut Shutdown, pause: Duration) -> bool {
    tokio::select! {
        biased;
        () = shutdown => true,
        () = tokio::time::sleep(pause) => false,
    }
}
