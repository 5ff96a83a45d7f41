//! All background work, on one page. It decides nothing: it calls actions.
//!
//! | Work | How often |
//! |---|---|
//! | deliver letters | as soon as they are written here, every second otherwise |
//! | recognise people on new bookings, fill in keys of names that another version wrote | every fifteen seconds |
//! | write the letters of messages to many | every two seconds, and one batch after the other while any is left |
//! | end holds and offers that ran out, offer on what is free, release declined places | every fifteen seconds |
//! | tell people of a change to their session, once it waited for the next | every two seconds |
//! | the same, where telling them was cut short | every fifteen seconds |
//! | remind people of what is near, ask what they thought of what is over, tell organisers who want it of places given up | every five minutes |
//! | take answers of calendars | as they arrive in the reply mailbox |
//! | derive instants anew where the time zone database changed, and tell whom it concerns | at the start, and every hour |
//! | stamp what the settings or an import changed of what feeds show | at the start, and every hour |
//! | erase needs thirty days after the last sitting, forget forms that were sent a month ago | every hour |
//!
//! Safe on many nodes at once: letters are claimed, sessions are locked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rocket::Shutdown;

use crate::{
    actions::{
        ActionContext,
        attempt::forget_attempts,
        calendars::{stamp::stamp_everything, take_reply::take_mail},
        letters::{
            ask_feedback::ask_feedback, deliver_letters::Delivery,
            list_withdrawals::list_withdrawals, message_people::write_next, remind::remind,
        },
        people::{erase_needs::erase_needs, know_people::know_people},
        places::settle::settle_all,
        sessions::{
            announce::{tell_gathered, tell_late},
            follow_zones::follow_zones,
        },
        waiting::release_declined::release_declined,
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

/// Works until `shutdown`, finishing the letters on their way.
pub async fn run(
    ctx: ActionContext,
    transport: Arc<Transport>,
    replies: Option<ReplyMailbox>,
    shutdown: Shutdown,
) {
    let letters = deliver(ctx.clone(), transport, shutdown.clone());
    let mailings = write(ctx.clone(), shutdown.clone());
    let holds = sweep(ctx.clone(), shutdown.clone());
    let answers = listen(ctx.clone(), replies, shutdown.clone());
    let reminders = remind_all(ctx.clone(), shutdown.clone());
    let needs = forget(ctx, shutdown);
    tokio::join!(letters, mailings, holds, answers, reminders, needs);
}

/// Reads the reply mailbox for as long as it can be reached; tries again after a while, and then
/// after a longer one.
async fn listen(ctx: ActionContext, replies: Option<ReplyMailbox>, mut shutdown: Shutdown) {
    let Some(mailbox) = replies else { return };
    let mut pause = SHORTEST_PAUSE;
    loop {
        let taken = Arc::new(AtomicBool::new(false));
        let (ctx, noted) = (ctx.clone(), Arc::clone(&taken));
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
            ended = mailbox.watch(&take) => if let Err(error) = ended {
                log::warn!("the reply mailbox: {error}");
            },
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

async fn deliver(ctx: ActionContext, transport: Arc<Transport>, mut shutdown: Shutdown) {
    let store = ctx.store.clone();
    let mut delivery = Delivery::new(ctx, transport);
    loop {
        let turn = delivery.turn().await;
        let pause = if turn.is_ok() { BETWEEN_TURNS } else { Duration::from_secs(1) };
        log_failure(turn);
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
    log_failure(delivery.finish().await);
}

fn log_failure<T>(outcome: Result<T, StoreError>) {
    if let Err(error) = outcome {
        log::error!("letters could not be delivered: {error}");
    }
}

async fn write(ctx: ActionContext, mut shutdown: Shutdown) {
    loop {
        if let Err(error) = tell_gathered(&ctx).await {
            log::error!("people could not be told of a change: {error}");
        }
        let more = write_next(&ctx).await.unwrap_or_else(|error| {
            log::error!("the letters of a message could not be written: {error}");
            false
        });
        let pause = if more { Duration::ZERO } else { Duration::from_secs(2) };
        if stopped(&mut shutdown, pause).await {
            return;
        }
    }
}

async fn sweep(ctx: ActionContext, mut shutdown: Shutdown) {
    while !stopped(&mut shutdown, Duration::from_secs(15)).await {
        if let Err(error) = settle_all(&ctx).await {
            log::error!("waiting lists could not be settled: {error}");
        }
        if let Err(error) = release_declined(&ctx).await {
            log::error!("declined places could not be released: {error}");
        }
        if let Err(error) = tell_late(&ctx).await {
            log::error!("people could not be told of a change: {error}");
        }
        if let Err(error) = ctx.store.fill_keys().await {
            log::error!("keys of names could not be filled in: {error}");
        }
        // Until nobody is left: an import brings thousands at once.
        while know_people(&ctx).await.unwrap_or_else(|error| {
            log::error!("people could not be recognised: {error}");
            false
        }) {}
    }
}

async fn remind_all(ctx: ActionContext, mut shutdown: Shutdown) {
    while !stopped(&mut shutdown, Duration::from_secs(300)).await {
        if let Err(error) = remind(&ctx).await {
            log::error!("people could not be reminded: {error}");
        }
        if let Err(error) = ask_feedback(&ctx).await {
            log::error!("people could not be asked for feedback: {error}");
        }
        if let Err(error) = list_withdrawals(&ctx).await {
            log::error!("organisers could not be told of withdrawals: {error}");
        }
    }
}

async fn forget(ctx: ActionContext, mut shutdown: Shutdown) {
    loop {
        if let Err(error) = follow_zones(&ctx).await {
            log::error!("days could not follow their time zones: {error}");
        }
        if let Err(error) = stamp_everything(&ctx).await {
            log::error!("what feeds show could not be stamped: {error}");
        }
        if let Err(error) = forget_attempts(&ctx).await {
            log::error!("old attempts could not be forgotten: {error}");
        }
        if let Err(error) = erase_needs(&ctx).await {
            log::error!("needs could not be erased: {error}");
        }
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
