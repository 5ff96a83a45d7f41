//! What becomes of a connection that comes back, on either database.

use std::{future::poll_fn, pin::Pin, task::Poll};

use sqlx::{Row, sqlite::SqliteConnectOptions};

use super::*;
use crate::store::{checks::database, engine::postgres::Pools};

const WAIT: Duration = Duration::from_secs(60);

fn file(folder: &tempfile::TempDir) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(folder.path().join("t.db")).create_if_missing(true)
}

async fn into_a_file(folder: &tempfile::TempDir) -> Pool<SqliteConnection> {
    Pool::open(file(folder), None, 2, WAIT).await.expect("a pool")
}

#[tokio::test]
async fn whoever_asks_one_after_another_needs_one_connection() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = into_a_file(&folder).await;
    for _ in 0..10 {
        drop(pool.lend().await.expect("a connection"));
    }
    assert_eq!(pool.counts(), [1, 1, 2]);
    let two = (pool.lend().await.expect("one"), pool.lend().await.expect("another"));
    assert_eq!(pool.counts(), [2, 0, 2]);
    drop(two);
    assert_eq!(pool.counts(), [2, 2, 2]);
}

#[tokio::test]
async fn nobody_waits_for_ever_for_one_that_does_not_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = into_a_file(&folder).await;
    let two = (pool.lend().await.expect("one"), pool.lend().await.expect("another"));
    let pool = Pool { wait: Duration::from_millis(1), ..pool };
    assert!(matches!(pool.lend().await, Err(sqlx::Error::PoolTimedOut)));
    drop(two);
    assert!(pool.lend().await.is_ok(), "one that is there is not waited for");
}

#[tokio::test]
async fn a_closed_pool_keeps_nothing_and_lends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = into_a_file(&folder).await;
    let lent = pool.lend().await.expect("a connection");
    pool.close().await;
    assert!(matches!(pool.lend().await, Err(sqlx::Error::PoolClosed)));
    drop(lent);
    assert_eq!(pool.counts(), [0, 0, 0]);
}

/// Its transaction would keep the file from being cleared, and whoever has it next would see what was.
#[tokio::test]
async fn a_snapshot_goes_back_without_its_transaction() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = Pool::open(file(&folder), None, 1, WAIT).await.expect("a pool");
    let mut snapshot = Snapshot::of(pool.lend().await.expect("one")).await.expect("a snapshot");
    let conn = snapshot.connection().expect("a connection");
    let inside = sqlx::query("begin").execute(conn).await;
    assert!(inside.is_err(), "a transaction in a transaction");
    drop(snapshot);
    let mut next = pool.lend().await.expect("the same");
    assert_eq!(pool.counts(), [1, 0, 1]);
    sqlx::query("begin").execute(&mut *next).await.expect("no transaction is open");
}

/// Asks for something that takes a minute, and gives up once the question is on its way.
async fn give_up(pools: &Pools) {
    let mut lease = pools.reader().await.expect("a connection");
    let (conn, _) = lease.connection().expect("a connection");
    // In one message, which is sent at the first look.
    let asked = Box::pin(sqlx::raw_sql("select pg_sleep(60)").execute(conn));
    assert!(!is_ready_at_once(asked).await, "a minute has passed");
}

/// Looks once at something, and gives it up.
async fn is_ready_at_once<T>(mut it: Pin<Box<impl Future<Output = T>>>) -> bool {
    poll_fn(|cx| Poll::Ready(it.as_mut().poll(cx).is_ready())).await
}

#[tokio::test]
async fn nobody_waits_for_an_answer_that_another_gave_up() {
    let Some(url) = database::server() else { return };
    let pools = Pools::open(&url, None).await.expect("pools");
    give_up(&pools).await;
    let mut lease = pools.reader().await.expect("another connection");
    let (conn, _) = lease.connection().expect("a connection");
    let one = sqlx::query_scalar::<_, i32>("select 1").fetch_one(conn);
    let one = timeout(Duration::from_secs(30), one).await.expect("at once");
    assert_eq!(one.expect("an answer"), 1);
}

#[tokio::test]
async fn what_was_not_committed_is_undone_before_the_connection_is_lent() {
    let Some(url) = database::server() else { return };
    let pools = Pools::open(&url, None).await.expect("pools");
    for _ in 0..3 {
        let mut lease = pools.begin("begin").await.expect("a transaction");
        let (conn, _) = lease.connection().expect("a connection");
        let done = sqlx::query("create temporary table t (n int)").execute(conn).await;
        lease.note(&done);
        done.expect("a table of the connection's own, gone with the transaction");
    }
}

#[tokio::test]
async fn a_transaction_whose_beginning_was_given_up_is_not_lent_on() {
    let Some(url) = database::server() else { return };
    let pools = Pools::open(&url, None).await.expect("pools");
    let is_back = async || {
        while pools.write.counts() != [1, 1, 10] {
            tokio::task::yield_now().await;
        }
    };
    // From the second time on it is one message, which is sent at the first look; now and then the answer is there.
    pools.begin("begin").await.expect("a transaction").commit().await.expect("the end");
    while is_ready_at_once(Box::pin(pools.begin("begin"))).await {
        timeout(Duration::from_secs(30), is_back()).await.expect("it comes back");
    }
    timeout(Duration::from_secs(30), is_back()).await.expect("it comes back");
    let mut conn = pools.write.lend().await.expect("the same");
    // Asked in one message, which is a transaction of its own.
    let moments = sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(&mut *conn);
    let is_alone: bool = moments.await.expect("an answer").get(0);
    assert!(is_alone, "a transaction is open");
}
