//! Letters put into an outbox as bookings would write them, and taken out again.

use chrono::{DateTime, Duration, Utc};
use turnout::{
    clock::{Clock, SystemClock},
    domain::{
        id::LetterId,
        letter::{CalendarMethod, CalendarPart, Letter, LetterKind},
    },
    store::{
        Store, enqueue,
        outbox::{self, About},
    },
    token::{SystemRandom, row_id},
};

/// Puts `count` letters of a usual size into the outbox, each to somebody else.
pub async fn fill(url: &str, kind: LetterKind, count: usize) {
    let letters = (0..count).map(|number| letter(kind, &format!("reader{number}@example.org")));
    write(url, letters.collect()).await;
}

/// Puts a link into the outbox that somebody waits for.
pub async fn write_link(url: &str, to: &str) {
    write(url, vec![letter(LetterKind::SignInLink, to)]).await;
}

/// Takes out what is still there.
pub async fn empty(url: &str) {
    let store = Store::open(url).await.expect("a database");
    let mut tx = store.begin().await.expect("a transaction");
    // Claims of a program that was stopped have run out by then.
    let tomorrow = now() + Duration::days(1);
    let left = outbox::claim(&mut tx, usize::MAX, tomorrow, tomorrow).await.expect("a claim");
    let left: Vec<_> = left.iter().map(|one| outbox::Sent::of(&one.letter)).collect();
    outbox::mark_sent(&mut tx, &left, tomorrow).await.expect("marks");
    tx.commit().await.expect("a commit");
    store.close().await;
}

async fn write(url: &str, letters: Vec<Letter>) {
    let store = Store::open(url).await.expect("a database");
    let letters: Vec<_> = letters.into_iter().map(|one| (one, About::default())).collect();
    for some in letters.chunks(500) {
        let mut tx = store.begin().await.expect("a transaction");
        enqueue::letters(&mut tx, some, now()).await.expect("letters");
        tx.commit().await.expect("a commit");
    }
    store.close().await;
}

fn letter(kind: LetterKind, to: &str) -> Letter {
    let id = row_id(&SystemRandom, &SystemClock);
    let ics = "DESCRIPTION:Bring what you need for the day.\r\n".repeat(40);
    Letter {
        id: LetterId::new(id),
        kind,
        to_name: Some("Ruth Okafor".to_owned()),
        to: to.parse().expect("an address"),
        subject: "You're booked: Two-day leadership training".to_owned(),
        text: "Bring what you need for the day, and tell us if you cannot come.\n".repeat(20),
        html: "<p style=\"margin:0\">Bring what you need for the day.</p>\n".repeat(120),
        calendar: Some(CalendarPart { method: CalendarMethod::Request, ics }),
        thread: Some(id.to_string()),
        day: None,
        reply_to: None,
        session: None,
    }
}

fn now() -> DateTime<Utc> {
    SystemClock.now()
}
