//! What the machine itself can do: the limits that durable bookings meet.

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions, PgPool, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

const WINDOW: Duration = Duration::from_secs(1);

/// How long a server that has just started is waited for, at most.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until the processors have nothing to do, so that what a server does at its start is not measured with what it
/// is asked for.
pub async fn until_idle() {
    let began = Instant::now();
    let mut before = processor_ticks();
    while began.elapsed() < PATIENCE {
        tokio::time::sleep(WINDOW).await;
        let now = processor_ticks();
        let (idle, all) = (now.0 - before.0, now.1 - before.1);
        if idle * 10 >= all * 9 {
            return;
        }
        before = now;
    }
    println!("The machine was still busy after {PATIENCE:?}.");
}

/// Ticks of all processors since the machine started: those without work, and all (proc(5), `/proc/stat`).
fn processor_ticks() -> (u64, u64) {
    let stat = std::fs::read_to_string("/proc/stat").expect("figures of the processors");
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<u64> =
        line.split_whitespace().skip(1).take(8).filter_map(|word| word.parse().ok()).collect();
    let idle =
        ticks.get(3).copied().unwrap_or_default() + ticks.get(4).copied().unwrap_or_default();
    (idle, ticks.iter().sum())
}

/// Small writes per second that the disk makes durable, one after the other.
pub fn synced_writes(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("fsync")).expect("a file");
    let (began, mut synced) = (Instant::now(), 0_u32);
    while began.elapsed() < WINDOW {
        file.write_all(&[0; 4096]).expect("a write");
        file.sync_data().expect("a sync");
        synced += 1;
    }
    f64::from(synced) / began.elapsed().as_secs_f64()
}

/// Commits of a single row per second that SQLite makes durable, as Turnout sets it.
pub async fn sqlite_commits(folder: &Path) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("limit.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut conn: SqliteConnection = options.connect().await.expect("a database");
    let table = "create table rows (number integer primary key, text text not null) strict";
    sqlx::query(table).execute(&mut conn).await.expect("a table");
    let (began, mut commits) = (Instant::now(), 0_u32);
    while began.elapsed() < WINDOW {
        let insert = sqlx::query("insert into rows (text) values ('a booking')");
        insert.execute(&mut conn).await.expect("a row");
        commits += 1;
    }
    f64::from(commits) / began.elapsed().as_secs_f64()
}

/// Commits of a single row per second that PostgreSQL makes durable for so many clients at once.
pub async fn postgres_commits(url: &str, clients: u32) -> f64 {
    let pool = PgPool::connect(url).await.expect("a database");
    let table = "create table if not exists limit_rows (text text not null)";
    sqlx::query(table).execute(&pool).await.expect("a table");
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients.min(16))
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut conn = pool.acquire().await.expect("a connection");
                let mut commits = 0_u32;
                while began.elapsed() < WINDOW {
                    let insert = sqlx::query("insert into limit_rows values ('a booking')");
                    insert.execute(&mut *conn).await.expect("a row");
                    commits += 1;
                }
                commits
            })
        })
        .collect();
    let mut commits = 0;
    for task in tasks {
        commits += task.await.expect("a client");
    }
    let rate = f64::from(commits) / began.elapsed().as_secs_f64();
    pool.close().await;
    rate
}

/// Has PostgreSQL count what its tables hold, as it does by itself once a minute. It plans by that: with tables that
/// were empty a moment ago it would read a whole session for each booking, as it does on nobody's second day.
pub async fn count_tables(database: &str) {
    let pool = PgPool::connect(database).await.expect("a database");
    sqlx::query("analyze").execute(&pool).await.expect("counts");
}
