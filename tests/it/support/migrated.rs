//! Databases that have been through every migration: made once, copied for each test. What the
//! migrations do by themselves has tests of its own, and making the first is one more.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use turnout::store::{Store, create_postgres_database};

/// Lays a SQLite file where there is none yet, with all tables and no rows.
pub async fn sqlite_file(file: &Path) {
    let ready = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("migrated-{}.db", key("migrations/sqlite")));
    if !ready.exists() {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let first = format!("sqlite://{}", folder.path().join("first.db").display());
        migrate(&first).await;
        let whole = folder.path().join("whole.db");
        let mut conn = SqliteConnection::connect(&first).await.expect("SQLite");
        let text = format!("vacuum into '{}'", whole.display());
        sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.expect("one file");
        // Whoever else is making it makes the same: the last one stays.
        std::fs::rename(whole, &ready).expect("a file");
    }
    std::fs::copy(ready, file).expect("a copy");
}

/// Makes a PostgreSQL database of this name on a server, with all tables and no rows.
pub async fn postgres_database(server: &str, name: &str) {
    let ready = format!("turnout_migrated_{}", key("migrations/postgres"));
    let mut conn = PgConnection::connect(server).await.expect("PostgreSQL");
    if !exists(&mut conn, &ready).await {
        // One of all the tests makes it, the others wait; the lock ends with the connection.
        sqlx::query("select pg_advisory_lock(7467)").execute(&mut conn).await.expect("a lock");
        if !exists(&mut conn, &ready).await {
            let first = format!("{ready}_{}", std::process::id());
            create_postgres_database(server, &first).await.expect("a database");
            let (base, _) = server.rsplit_once('/').expect("a database in the URL");
            migrate(&format!("{base}/{first}")).await;
            run(&mut conn, format!("alter database \"{first}\" rename to \"{ready}\"")).await;
        }
        sqlx::query("select pg_advisory_unlock(7467)").execute(&mut conn).await.expect("unlocked");
    }
    run(&mut conn, format!("create database \"{name}\" template \"{ready}\"")).await;
    conn.close().await.expect("an end");
}

async fn exists(conn: &mut PgConnection, name: &str) -> bool {
    let text = "select exists (select 1 from pg_database where datname = $1)";
    sqlx::query_scalar(text).bind(name).fetch_one(conn).await.expect("a list of databases")
}

async fn run(conn: &mut PgConnection, text: String) {
    sqlx::query(AssertSqlSafe(text)).execute(conn).await.expect("a database");
}

async fn migrate(url: &str) {
    let store = Store::open(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    store.close().await;
}

/// Changes with every migration, so that what an earlier version made is never taken for this one's.
fn key(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the migrations")
        .map(|entry| entry.expect("a migration").path())
        .collect();
    files.sort();
    let mut sum = Sha256::new();
    for file in files {
        sum.update(file.file_name().expect("a name").as_encoded_bytes());
        sum.update(std::fs::read(file).expect("a migration"));
    }
    let sum = sum.finalize();
    sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
