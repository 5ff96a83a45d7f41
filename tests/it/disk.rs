//! What is left on the disk.

use turnout::{
    domain::{
        id::LetterId,
        letter::{Letter, LetterKind},
    },
    store::{enqueue, outbox::About},
    token::{SystemRandom, row_id},
};

use crate::support::TestTurnout;

const MEGABYTE: u64 = 1024 * 1024;

/// Writes a letter of so many bytes.
async fn write(turnout: &TestTurnout, bytes: u64) {
    let letter = Letter {
        id: LetterId::new(row_id(&SystemRandom, &*turnout.ctx.clock)),
        kind: LetterKind::Message,
        to_name: None,
        to: "ada@example.org".parse().expect("an address"),
        subject: "Long".to_owned(),
        text: "x".repeat(usize::try_from(bytes).expect("a size")),
        html: String::new(),
        calendar: None,
        thread: None,
        day: None,
        reply_to: None,
        session: None,
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let written = enqueue::letter(&mut tx, &letter, About::default(), turnout.ctx.now()).await;
    written.expect("a letter");
    tx.commit().await.expect("a commit");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlites_log_shrinks_again_after_a_rush() {
    let turnout = TestTurnout::on_sqlite().await;
    let path = turnout.url.strip_prefix("sqlite://").expect("a file").to_owned() + "-wal";
    let size = || std::fs::metadata(&path).expect("the log").len();
    write(&turnout, 32 * MEGABYTE).await;
    assert!(size() > 32 * MEGABYTE, "the log holds all that was written");
    // The next commits start it anew, since everything before them stands in the database.
    for _ in 0..2 {
        write(&turnout, 10).await;
    }
    assert!(size() <= 8 * MEGABYTE, "{} bytes", size());
}
