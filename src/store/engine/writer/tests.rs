//! A group of transactions that commit together, and what becomes of it when something fails.

use std::path::Path;

use sqlx::{
    ConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::*;

async fn open(folder: &Path) -> (Writer, SqliteConnection) {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("t.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let writer = Writer::open(options.clone()).await.expect("a writer");
    let mut turn = writer.begin().await.expect("a turn");
    let table = "create table t (number integer primary key, word text not null) strict";
    sqlx::query(table).execute(turn.connection()).await.expect("a table");
    turn.commit().await.expect("a commit");
    (writer, options.connect().await.expect("a reader"))
}

async fn write(turn: &mut Turn, number: i64) -> Result<(), sqlx::Error> {
    let insert = sqlx::query("insert into t (number, word) values ($1, 'a row')").bind(number);
    insert.execute(turn.connection()).await.map(|_| ())
}

async fn numbers(reader: &mut SqliteConnection) -> Vec<i64> {
    let all = sqlx::query_scalar("select number from t order by number");
    all.fetch_all(reader).await.expect("numbers")
}

/// Commits in the write-ahead log: frames whose header says how large the database is after.
fn commits(folder: &Path) -> usize {
    let log = std::fs::read(folder.join("t.db-wal")).expect("the log");
    let page = usize::try_from(u32::from_be_bytes(log[8..12].try_into().expect("four bytes")));
    let frames = log[32..].chunks(24 + page.expect("a size"));
    frames.filter(|frame| frame.len() > 24 && frame[4..8] != [0; 4]).count()
}

/// Waits until so many wait for a turn.
async fn until_waiting(writer: &Writer, count: usize) {
    while writer.waiting.load(Ordering::Acquire) < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn those_who_wait_share_a_commit_and_one_that_fails_takes_nothing_from_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (writer, mut reader) = open(folder.path()).await;
    let before = commits(folder.path());
    let mut first = writer.begin().await.expect("a turn");
    write(&mut first, 0).await.expect("a row");
    let others: Vec<_> = (1..=12)
        .map(|number| {
            let writer = writer.clone();
            tokio::spawn(async move {
                let mut turn = writer.begin().await.expect("a turn");
                write(&mut turn, number).await.expect("a row");
                match number % 4 {
                    // Dropped without a commit.
                    1 => false,
                    // A statement that fails, and the rest of the turn is given up.
                    2 => {
                        write(&mut turn, 0).await.expect_err("the number is taken");
                        false
                    }
                    _ => turn.commit().await.is_ok(),
                }
            })
        })
        .collect();
    until_waiting(&writer, 12).await;
    first.commit().await.expect("a commit");
    let mut expected = vec![0];
    for (number, other) in (1..).zip(others) {
        if other.await.expect("an answer") {
            expected.push(number);
        }
    }
    assert_eq!(expected, [0, 3, 4, 7, 8, 11, 12]);
    assert_eq!(numbers(&mut reader).await, expected);
    assert_eq!(commits(folder.path()) - before, 1, "seven turns, one commit");
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit_that_makes_it_durable() {
    let folder = tempfile::tempdir().expect("a folder");
    let (writer, mut reader) = open(folder.path()).await;
    let mut first = writer.begin().await.expect("a turn");
    write(&mut first, 1).await.expect("a row");
    let next = tokio::spawn({
        let writer = writer.clone();
        async move { writer.begin().await.expect("a turn") }
    });
    until_waiting(&writer, 1).await;
    let answer = tokio::spawn(first.commit());
    let mut second = next.await.expect("a turn");
    write(&mut second, 2).await.expect("a row");
    assert!(!answer.is_finished() && numbers(&mut reader).await.is_empty());
    second.commit().await.expect("a commit");
    answer.await.expect("an answer").expect("a commit");
    assert_eq!(numbers(&mut reader).await, [1, 2]);
}

#[tokio::test]
async fn when_the_database_gives_the_transaction_up_everybody_in_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (writer, mut reader) = open(folder.path()).await;
    let mut first = writer.begin().await.expect("a turn");
    write(&mut first, 1).await.expect("a row");
    let next = tokio::spawn({
        let writer = writer.clone();
        async move { writer.begin().await.expect("a turn") }
    });
    until_waiting(&writer, 1).await;
    let answer = tokio::spawn(first.commit());
    let mut second = next.await.expect("a turn");
    // As a full disk would: the whole transaction is gone, the savepoint with it.
    sqlx::query("rollback").execute(second.connection()).await.expect("a rollback");
    second.commit().await.expect_err("there is nothing to commit");
    answer.await.expect("an answer").expect_err("it was lost with the second");
    assert!(numbers(&mut reader).await.is_empty());
    let mut third = writer.begin().await.expect("a turn");
    write(&mut third, 3).await.expect("a row");
    third.commit().await.expect("a commit");
    assert_eq!(numbers(&mut reader).await, [3]);
}
