//! Letters leave several at once, the urgent first, and to each reader in order.

use std::sync::Arc;

use chrono::Duration;
use tokio::{sync::Barrier, time::timeout};
use turnout::{
    actions::{
        booking::book_places::book_places,
        letters::deliver_letters::{Delivery, deliver_due},
    },
    domain::{
        audit::Actor,
        id::{LetterId, PlaceId},
        letter::{Letter, LetterKind},
        occupancy::TeamPolicy::Together,
        place::{Place, PlaceState},
    },
    mail::{DeliveryError, Memory, Transport, reading::ReadLetter},
    store::{
        Store, enqueue,
        letter_search::{self, Progress},
        outbox::{self, About},
        places::{self, Cause},
        session_lock,
    },
    token::{SystemRandom, secret_uuid},
};

use crate::support::{
    TestTurnout,
    mail_server::{MailServer, Manners, Taken},
    plan::request,
};

fn letter(kind: LetterKind, to: &str, subject: &str) -> Letter {
    Letter {
        id: LetterId::new(secret_uuid(&SystemRandom)),
        kind,
        to_name: None,
        to: to.parse().expect("an address"),
        subject: subject.to_owned(),
        text: "Words.\n".to_owned(),
        html: "<p>Words.</p>".to_owned(),
        calendar: None,
        thread: None,
        day: None,
        reply_to: None,
        session: None,
    }
}

/// Writes letters, in this order.
async fn write(turnout: &TestTurnout, letters: &[(LetterKind, &str, &str)]) {
    let letters = letters.iter().map(|(kind, to, subject)| letter(*kind, to, subject));
    let letters: Vec<_> = letters.map(|letter| (letter, About::default())).collect();
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    enqueue::letters(&mut tx, &letters, turnout.ctx.now()).await.expect("letters");
    tx.commit().await.expect("a commit");
}

/// Writes twelve letters to each of these readers in turn, numbered.
async fn write_to(turnout: &TestTurnout, readers: &[String]) {
    for number in 0..12 {
        let subject = format!("Letter {number:02}");
        let letters = readers.iter().map(|to| (LetterKind::Invite, to.as_str(), subject.as_str()));
        write(turnout, &letters.collect::<Vec<_>>()).await;
    }
}

fn over(server: &MailServer, connections: usize) -> Arc<Transport> {
    Arc::new(Transport::from_url(&server.url, connections).expect("a transport"))
}

async fn deliver(turnout: &TestTurnout, transport: &Arc<Transport>) {
    deliver_due(&turnout.ctx, Arc::clone(transport)).await.expect("a delivery");
}

fn subject(message: &[u8]) -> String {
    ReadLetter::parse(message).expect("a letter").subject
}

fn subjects(taken: &[Taken], to: &str) -> Vec<String> {
    taken.iter().filter(|one| one.to == to).map(|one| subject(&one.message)).collect()
}

fn readers() -> Vec<String> {
    (0..9).map(|number| format!("reader{number}@example.org")).collect()
}

fn in_order() -> Vec<String> {
    (0..12).map(|number| format!("Letter {number:02}")).collect()
}

async fn failed(turnout: &TestTurnout) -> i64 {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    letter_search::count(&mut conn, Progress::Failed, None).await.expect("a count")
}

async fn each_reader_gets_letters_in_order_over_several_connections(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    write_to(&turnout, &readers()).await;
    deliver(&turnout, &over(&server, 4)).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 108);
    for reader in readers() {
        assert_eq!(subjects(&taken, &reader), in_order(), "{reader}");
    }
    assert_eq!(server.connections(), 4, "each connection is kept, and all are used");
}

async fn as_many_letters_are_on_their_way_as_there_are_connections(turnout: TestTurnout) {
    // The server answers nobody before eight ask it at once: seven connections would never end.
    let together = Some(Arc::new(Barrier::new(8)));
    let server = MailServer::start(Manners { together, ..Manners::default() }).await;
    let readers: Vec<_> = (0..8).map(|number| format!("reader{number}@example.org")).collect();
    let letters: Vec<_> =
        readers.iter().map(|to| (LetterKind::Invite, to.as_str(), "Together")).collect();
    write(&turnout, &letters).await;
    deliver(&turnout, &over(&server, 8)).await;
    assert_eq!(server.count(), 8);
}

async fn two_nodes_share_the_letters_and_keep_each_readers_order(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    write_to(&turnout, &readers()).await;
    let mut other = turnout.clone();
    other.ctx.store = Store::open(&turnout.url).await.expect("the database opens");
    let (one, two) = (over(&server, 3), over(&server, 3));
    // Each stops when it finds nothing it may claim, so both are asked until nothing is left.
    while server.count() < 108 {
        tokio::join!(deliver(&turnout, &one), deliver(&other, &two));
    }
    let taken = server.taken();
    assert_eq!(taken.len(), 108);
    for reader in readers() {
        assert_eq!(subjects(&taken, &reader), in_order(), "{reader}");
    }
    other.ctx.store.close().await;
}

async fn links_and_offers_overtake_news_and_news_overtakes_messages_to_many(turnout: TestTurnout) {
    let memory = Memory::default();
    let transport = Arc::new(Transport::Memory(memory.clone()));
    let many: Vec<_> = (0..60).map(|number| format!("reader{number}@example.org")).collect();
    let many: Vec<_> =
        many.iter().map(|to| (LetterKind::Message, to.as_str(), "To many")).collect();
    write(&turnout, &many).await;
    write(
        &turnout,
        &[
            (LetterKind::Reminder, "ruth@example.org", "Tomorrow"),
            (LetterKind::BookingConfirmed, "ruth@example.org", "Booked"),
            (LetterKind::PlaceOffered, "sam@example.org", "Offered"),
            (LetterKind::SignInLink, "ruth@example.org", "Sign in"),
            (LetterKind::LostLink, "sam@example.org", "Your bookings"),
        ],
    )
    .await;
    deliver(&turnout, &transport).await;
    let sent: Vec<_> = memory.sent().iter().map(|one| subject(&one.message)).collect();
    assert_eq!(sent.len(), 65);
    assert_eq!(sent[..4], ["Sign in", "Your bookings", "Offered", "Booked"]);
    assert_eq!(sent[64], "Tomorrow");
}

async fn an_offer_does_not_overtake_the_news_before_it_to_the_same_reader(turnout: TestTurnout) {
    let memory = Memory::default();
    let transport = Arc::new(Transport::Memory(memory.clone()));
    write(
        &turnout,
        &[
            (LetterKind::WaitingListJoined, "ruth@example.org", "You wait"),
            (LetterKind::PlaceOffered, "ruth@example.org", "Offered"),
        ],
    )
    .await;
    deliver(&turnout, &transport).await;
    let sent: Vec<_> = memory.sent().iter().map(|one| subject(&one.message)).collect();
    assert_eq!(sent, ["You wait", "Offered"]);
}

async fn what_waits_for_what_is_the_same_in_the_outbox_as_in_the_domain(turnout: TestTurnout) {
    let later = turnout.ctx.now() + Duration::seconds(30);
    for earlier in LetterKind::ALL {
        for kind in LetterKind::ALL {
            let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
            let letters = [*earlier, *kind].map(|kind| letter(kind, "ruth@example.org", "Words"));
            let now = turnout.ctx.now();
            for (letter, due) in letters.iter().zip([later, now]) {
                let about = About::default();
                enqueue::letter(&mut tx, letter, about, due).await.expect("a letter");
            }
            let claimed = outbox::claim(&mut tx, 2, now, later).await.expect("a claim");
            assert_eq!(claimed.is_empty(), kind.waits_for(*earlier), "{kind} behind {earlier}");
            // Dropped, the transaction never happened.
        }
    }
}

async fn one_refused_reader_among_many_costs_nobody_else_anything(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    server.refuse("reader4@example.org", "550 5.1.1 nobody of that name");
    write_to(&turnout, &readers()).await;
    deliver(&turnout, &over(&server, 2)).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 96);
    assert!(subjects(&taken, "reader4@example.org").is_empty());
    assert_eq!(subjects(&taken, "reader5@example.org"), in_order());
    assert_eq!(failed(&turnout).await, 12);
    assert_eq!(server.connections(), 2, "a refusal costs no connection");
}

async fn a_server_that_hangs_up_after_some_letters_gets_all_of_them_once(turnout: TestTurnout) {
    let server = MailServer::start(Manners { letters_each: Some(5), ..Manners::default() }).await;
    write_to(&turnout, &readers()).await;
    deliver(&turnout, &over(&server, 3)).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 108);
    for reader in readers() {
        assert_eq!(subjects(&taken, &reader), in_order(), "{reader}");
    }
    assert!(server.connections() >= 22, "{}", server.connections());
}

async fn a_letter_that_fails_for_now_holds_back_news_but_no_link(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    let transport = over(&server, 2);
    server.refuse("ruth@example.org", "451 4.7.1 come back later");
    write(
        &turnout,
        &[
            (LetterKind::BookingConfirmed, "ruth@example.org", "Booked"),
            (LetterKind::PlacesCancelled, "ruth@example.org", "Cancelled"),
            (LetterKind::BookingConfirmed, "sam@example.org", "Booked"),
        ],
    )
    .await;
    deliver(&turnout, &transport).await;
    assert_eq!(server.count(), 1, "Sam's");
    server.relent();
    write(
        &turnout,
        &[
            (LetterKind::AttendeeChanged, "ruth@example.org", "Changed"),
            (LetterKind::SignInLink, "ruth@example.org", "Sign in"),
        ],
    )
    .await;
    deliver(&turnout, &transport).await;
    assert_eq!(subjects(&server.taken(), "ruth@example.org"), ["Sign in"]);
    turnout.clock.advance(Duration::minutes(2));
    deliver(&turnout, &transport).await;
    let expected = ["Sign in", "Booked", "Cancelled", "Changed"];
    assert_eq!(subjects(&server.taken(), "ruth@example.org"), expected);
}

async fn a_letter_that_keeps_failing_holds_nothing_back_for_hours(turnout: TestTurnout) {
    let server = MailServer::start(Manners::default()).await;
    let transport = over(&server, 2);
    server.refuse("ruth@example.org", "451 4.7.1 come back later");
    write(&turnout, &[(LetterKind::BookingConfirmed, "ruth@example.org", "Booked")]).await;
    for minutes in [0, 1, 5, 15] {
        turnout.clock.advance(Duration::minutes(minutes));
        deliver(&turnout, &transport).await;
    }
    server.relent();
    write(&turnout, &[(LetterKind::PlacesCancelled, "ruth@example.org", "Cancelled")]).await;
    deliver(&turnout, &transport).await;
    assert_eq!(subjects(&server.taken(), "ruth@example.org"), ["Cancelled"]);
}

async fn what_a_node_had_in_hand_when_it_died_goes_out_again_as_the_same_letter(
    turnout: TestTurnout,
) {
    let memory = Memory::default();
    let transport = Arc::new(Transport::Memory(memory.clone()));
    write_to(&turnout, &readers()[..1]).await;
    let mut delivery = Delivery::new(turnout.ctx.clone(), Arc::clone(&transport));
    assert!(delivery.turn().await.expect("a turn"));
    delivery.progress().await;
    // It dies with some letters sent and not marked, and others claimed.
    drop(delivery);
    deliver(&turnout, &transport).await;
    let before = memory.sent();
    assert!((2..=4).contains(&before.len()), "its claim holds, and what follows waits");
    turnout.clock.advance(Duration::minutes(6));
    deliver(&turnout, &transport).await;
    let after = memory.sent().split_off(before.len());
    let sent: Vec<_> = after.iter().map(|one| subject(&one.message)).collect();
    assert_eq!(sent, in_order());
    assert_eq!(before[0].message, after[0].message, "byte for byte, the Message-ID too");
}

async fn who_stops_marks_what_left_and_puts_the_rest_back(turnout: TestTurnout) {
    let memory = Memory::default();
    let transport = Arc::new(Transport::Memory(memory.clone()));
    write_to(&turnout, &readers()[..1]).await;
    let mut delivery = Delivery::new(turnout.ctx.clone(), Arc::clone(&transport));
    assert!(delivery.turn().await.expect("a turn"));
    delivery.finish().await.expect("an end");
    assert_eq!(memory.sent().len(), 1, "only what was on its way");
    // No claim is left to run out.
    deliver(&turnout, &transport).await;
    let sent: Vec<_> = memory.sent().iter().map(|one| subject(&one.message)).collect();
    assert_eq!(sent, in_order());
}

async fn a_mail_server_that_is_away_gets_everything_in_order_when_it_is_back(turnout: TestTurnout) {
    let memory = Memory::default();
    let transport = Arc::new(Transport::Memory(memory.clone()));
    memory.fail_with(DeliveryError::Temporary("away".to_owned()));
    write_to(&turnout, &readers()).await;
    deliver(&turnout, &transport).await;
    memory.recover();
    for _ in 0..2 {
        turnout.clock.advance(Duration::minutes(1));
        deliver(&turnout, &transport).await;
    }
    let sent = memory.sent();
    assert_eq!(sent.len(), 108);
    for reader in readers() {
        let to = sent.iter().filter(|one| one.to == [reader.as_str()]);
        assert_eq!(to.map(|one| subject(&one.message)).collect::<Vec<_>>(), in_order());
    }
}

async fn a_commit_that_wrote_letters_wakes_whoever_delivers_them(turnout: TestTurnout) {
    let store = turnout.ctx.store.clone();
    let is_woken =
        async || timeout(std::time::Duration::ZERO, store.letters_written()).await.is_ok();
    let tx = store.begin().await.expect("a transaction");
    tx.commit().await.expect("a commit");
    assert!(!is_woken().await, "nothing was written");
    write(&turnout, &[(LetterKind::SignInLink, "ruth@example.org", "Sign in")]).await;
    assert!(is_woken().await);
    assert!(!is_woken().await, "once is enough");
}

/// Places go to the database with whatever is asked next; a letter that must look at one comes after it.
async fn a_letter_about_a_place_of_a_moment_ago_knows_its_session(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let asked = request(&session, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let id = PlaceId::new(secret_uuid(&SystemRandom));
    let place = Place { id, number: 2, attendee: None, state: PlaceState::Confirmed };
    let news = letter(LetterKind::Message, "ada@example.org", "Another place");
    let (by, at) = (&Actor::Job, turnout.ctx.now());
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let locked = session_lock::lock(&mut tx, &session).await.expect("a lock");
    let (mut locked, cause) = (locked.expect("a session"), Cause { by, at, why: None });
    let written = places::insert(&mut locked, booked.registration.id, &[place], cause).await;
    written.expect("a place");
    let about = About { registration: None, place: Some(id) };
    enqueue::letter(&mut locked, &news, about, at).await.expect("a letter");
    tx.commit().await.expect("a commit");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let stored = outbox::find(&mut conn, news.id).await.expect("a read").expect("the letter");
    assert_eq!(stored.session, Some(session));
}

on_both_databases!(
    a_letter_about_a_place_of_a_moment_ago_knows_its_session,
    each_reader_gets_letters_in_order_over_several_connections,
    as_many_letters_are_on_their_way_as_there_are_connections,
    two_nodes_share_the_letters_and_keep_each_readers_order,
    links_and_offers_overtake_news_and_news_overtakes_messages_to_many,
    an_offer_does_not_overtake_the_news_before_it_to_the_same_reader,
    what_waits_for_what_is_the_same_in_the_outbox_as_in_the_domain,
    one_refused_reader_among_many_costs_nobody_else_anything,
    a_server_that_hangs_up_after_some_letters_gets_all_of_them_once,
    a_letter_that_fails_for_now_holds_back_news_but_no_link,
    a_letter_that_keeps_failing_holds_nothing_back_for_hours,
    what_a_node_had_in_hand_when_it_died_goes_out_again_as_the_same_letter,
    who_stops_marks_what_left_and_puts_the_rest_back,
    a_mail_server_that_is_away_gets_everything_in_order_when_it_is_back,
    a_commit_that_wrote_letters_wakes_whoever_delivers_them,
);
