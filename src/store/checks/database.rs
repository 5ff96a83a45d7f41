//! A new database to check texts on, with all tables.

use sqlx::{PgPool, SqlitePool};

use crate::{
    store::{Store, create_postgres_database},
    token::{SystemRandom, secret_uuid},
};

/// A SQLite file, gone when this is.
pub struct OnSqlite {
    pub pool: SqlitePool,
    _folder: tempfile::TempDir,
}

pub async fn on_sqlite() -> OnSqlite {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/turnout.db", folder.path().display());
    make_tables(&url).await;
    let pool = SqlitePool::connect(&url).await.expect("a connection");
    OnSqlite { pool, _folder: folder }
}

/// The address of a PostgreSQL server; `None`, said aloud, where `TURNOUT_TEST_POSTGRES` does not name one.
pub fn server() -> Option<String> {
    let server = std::env::var("TURNOUT_TEST_POSTGRES").ok();
    if server.is_none() {
        eprintln!("SKIPPED on PostgreSQL: TURNOUT_TEST_POSTGRES is not set");
    }
    server
}

/// `None` where there is no server.
pub async fn on_postgres() -> Option<PgPool> {
    let server = server()?;
    let name = format!("turnout_{}", secret_uuid(&SystemRandom).simple());
    let (base, _) = server.rsplit_once('/').expect("a database in the URL");
    create_postgres_database(&server, &name).await.expect("a database");
    let url = format!("{base}/{name}");
    make_tables(&url).await;
    Some(PgPool::connect(&url).await.expect("a connection"))
}

async fn make_tables(url: &str) {
    let store = Store::open(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    store.close().await;
}
