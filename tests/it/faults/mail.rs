//! A mail server that refuses us, not a letter; and one that comes back after a long weekend.

use std::sync::Arc;

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::letters::deliver_letters::{Delivery, deliver_due},
    domain::{
        id::LetterId,
        letter::{Letter, LetterKind},
        staff::Role,
    },
    mail::Transport,
    store::{
        Window, enqueue,
        letter_search::{self, LetterLine, Progress},
        outbox::{self, About},
    },
    token::{SystemRandom, secret_uuid},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    mail_server::{MailServer, Manners},
};

/// Writes a letter to each of some readers.
async fn write(turnout: &TestTurnout, readers: usize) {
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    for number in 0..readers {
        let letter = Letter {
            id: LetterId::new(secret_uuid(&SystemRandom)),
            kind: LetterKind::BookingConfirmed,
            to_name: None,
            to: format!("reader{number}@example.org").parse().expect("an address"),
            subject: format!("Letter {number}"),
            text: "Words.\n".to_owned(),
            html: "<p>Words.</p>".to_owned(),
            calendar: None,
            thread: None,
            day: None,
            reply_to: None,
            session: None,
        };
        let written = enqueue::letter(&mut tx, &letter, About::default(), turnout.ctx.now()).await;
        written.expect("a letter");
    }
    tx.commit().await.expect("a commit");
}

fn over(server: &MailServer) -> Arc<Transport> {
    Arc::new(Transport::from_url(&server.url, 2).expect("a transport"))
}

async fn letters(turnout: &TestTurnout, progress: Progress) -> Vec<LetterLine> {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { limit: 50, offset: 0 };
    letter_search::search(&mut conn, progress, None, window).await.expect("letters")
}

/// Sends until nothing more is to be sent now.
async fn send(delivery: &mut Delivery) {
    while delivery.turn().await.expect("a turn") {
        delivery.progress().await;
    }
}

async fn a_server_that_refuses_us_costs_no_letter_a_try(turnout: TestTurnout) {
    for refusal in [
        "greeting 554 5.7.1 your network is blocked",
        "550 5.7.1 not from you",
        "530 5.7.0 sign in",
    ] {
        let server = MailServer::start(Manners::default()).await;
        match refusal.strip_prefix("greeting ") {
            Some(greeting) => server.greet(greeting),
            None => server.answer_senders(refusal),
        }
        write(&turnout, 12).await;
        let mut delivery = Delivery::new(turnout.ctx.clone(), over(&server));
        send(&mut delivery).await;
        let waiting = letters(&turnout, Progress::Queued).await;
        assert_eq!(waiting.len(), 12, "{refusal}: nothing was given up");
        assert!(waiting.iter().all(|letter| letter.attempts == 0), "{waiting:?}");
        let why = waiting.iter().find_map(|letter| letter.last_error.clone()).expect("a reason");
        assert!(why.starts_with("the mail server answered 5"), "{why}");

        // It is left alone, for longer each time.
        for pause in [15, 30, 60] {
            let knocked = server.knocks();
            turnout.clock.advance(Duration::seconds(pause - 1));
            send(&mut delivery).await;
            assert_eq!(server.knocks(), knocked, "{refusal}: within {pause} seconds");
            turnout.clock.advance(Duration::seconds(1));
            send(&mut delivery).await;
            assert!(server.knocks() > knocked, "{refusal}: after {pause} seconds");
        }
        server.relent();
        turnout.clock.advance(Duration::minutes(5));
        send(&mut delivery).await;
        assert_eq!(server.count(), 12, "{refusal}: all leave once it relents");
        assert!(letters(&turnout, Progress::Failed).await.is_empty());
    }
}

async fn a_long_weekend_without_mail_loses_nothing_and_five_days_are_enough(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    let transport = over(&server);
    server.refuse("reader0@example.org", "450 4.2.2 the mailbox is full");
    server.refuse("reader1@example.org", "550 5.1.1 nobody of that name");
    write(&turnout, 3).await;
    for _ in 0..(24 * 5 - 1) {
        deliver_due(&turnout.ctx, Arc::clone(&transport)).await.expect("a delivery");
        turnout.clock.advance(Duration::hours(1));
    }
    assert_eq!(server.count(), 1, "the third reader's");
    let failed = letters(&turnout, Progress::Failed).await;
    assert_eq!(failed.len(), 1, "whom the server does not know is given up at once");
    assert_eq!(failed[0].to, "reader1@example.org");
    assert_eq!(letters(&turnout, Progress::Queued).await[0].to, "reader0@example.org");
    turnout.clock.advance(Duration::hours(2));
    deliver_due(&turnout.ctx, transport).await.expect("a delivery");
    assert_eq!(letters(&turnout, Progress::Failed).await.len(), 2, "five days are over");
}

async fn the_office_sees_what_waits_and_sends_all_again_that_was_given_up(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    let transport = over(&server);
    let admin = turnout.account("admin", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&admin).await;
    server.greet("554 5.7.1 not you");
    write(&turnout, 3).await;
    deliver_due(&turnout.ctx, Arc::clone(&transport)).await.expect("a delivery");
    let waiting = page(&office, "/office/letters?progress=queued").await;
    assert!(waiting.contains("3 letters wait to be sent, the oldest since"), "{waiting}");
    assert!(waiting.contains("the mail server answered 554 5.7.1"), "{waiting}");

    turnout.clock.advance(Duration::days(6));
    deliver_due(&turnout.ctx, Arc::clone(&transport)).await.expect("a delivery");
    assert!(!letters(&turnout, Progress::Failed).await.is_empty());
    while !letters(&turnout, Progress::Queued).await.is_empty() {
        deliver_due(&turnout.ctx, Arc::clone(&transport)).await.expect("a delivery");
    }
    let office = turnout.signed_in(&admin).await;
    let failed = page(&office, "/office/letters?progress=failed").await;
    assert!(failed.contains("/office/letters/retry-all"), "{failed}");
    let asked = page(&office, "/office/letters/retry-all").await;
    assert!(asked.contains("Yes, send 3 letters again"), "{asked}");
    server.relent();
    let (status, to) = post(&office, "/office/letters/retry-all", "").await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&office, &to).await.contains("They are on their way again."));
    let (_, to) = post(&office, "/office/letters/retry-all", "").await;
    assert!(page(&office, &to).await.contains("no letter was given up"), "sent twice");
    deliver_due(&turnout.ctx, transport).await.expect("a delivery");
    assert_eq!(server.count(), 3);
}

async fn one_press_of_send_all_again_puts_back_what_was_given_up_then(turnout: TestTurnout) {
    let given_up = async |id: LetterId| {
        let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
        outbox::mark_failed(&mut tx, id, "550 no", None, turnout.ctx.now()).await.expect("a write");
        tx.commit().await.expect("a commit");
    };
    let admin = turnout.account("admin", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&admin).await;
    write(&turnout, 2).await;
    let waiting = letters(&turnout, Progress::Queued).await;
    given_up(waiting[0].id).await;
    let form = Form::open(&office, "/office/letters/retry-all").await;
    let (status, first) = form.send(&office).await;
    assert_eq!(status, Status::SeeOther);
    given_up(waiting[1].id).await;
    assert_eq!(form.send(&office).await, (Status::SeeOther, first), "the same press");
    assert_eq!(letters(&turnout, Progress::Failed).await.len(), 1, "the other was given up since");
    let anew = Form::open(&office, "/office/letters/retry-all").await;
    assert_eq!(anew.send(&office).await.0, Status::SeeOther);
    assert!(letters(&turnout, Progress::Failed).await.is_empty());
}

on_both_databases!(
    one_press_of_send_all_again_puts_back_what_was_given_up_then,
    a_server_that_refuses_us_costs_no_letter_a_try,
    a_long_weekend_without_mail_loses_nothing_and_five_days_are_enough,
    the_office_sees_what_waits_and_sends_all_again_that_was_given_up,
);
