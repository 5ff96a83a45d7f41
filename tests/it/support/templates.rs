//! Databases with our tables and nothing in them, made once and copied for each test: the migrations take longer
//! than most tests.
//!
//! They are kept under a name that says which migrations made them, so that others make others.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;
use turnout::{
    store::{Store, create_postgres_database},
    token::{SystemRandom, secret_uuid},
};

/// A name no other run has.
pub fn unique() -> String {
    secret_uuid(&SystemRandom).simple().to_string()
}

/// What the migrations of a folder are, as a short name.
fn digest(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("migrations")
        .map(|entry| entry.expect("a migration").path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    // What is written beside them by a version of the program is part of a template too.
    Store::newest_migration().hash(&mut hasher);
    for file in files {
        std::fs::read(file).expect("a migration").hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

async fn migrated(url: &str) {
    let store = Store::open(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    store.close().await;
}

/// A SQLite file to copy.
async fn sqlite() -> PathBuf {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    let make = || async {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let template = folder.join(format!("template-{}.db", digest("sqlite")));
        if !template.exists() {
            let (new, copy) = (folder.join(unique()), folder.join(unique()));
            migrated(&format!("sqlite://{}", new.display())).await;
            Store::copy_sqlite(&new, &copy).await.expect("a copy");
            // Another run may have made it meanwhile, which is the same.
            std::fs::rename(copy, &template).expect("a template");
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{ending}", new.display()));
            }
        }
        template
    };
    TEMPLATE.get_or_init(make).await.clone()
}

/// Puts our tables into a SQLite file that is not there yet.
pub async fn copy_to(file: &Path) {
    if !file.exists() {
        std::fs::copy(sqlite().await, file).expect("a copy of the template");
    }
}

/// The name of a PostgreSQL database to copy, on the server of `url`.
async fn postgres(url: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let make = || async {
        let template = format!("turnout_template_{}", digest("postgres"));
        let mut conn = PgConnection::connect(url).await.expect("PostgreSQL");
        // One run makes it, and others wait.
        let lock = "select pg_advisory_lock(7406)";
        sqlx::query(lock).execute(&mut conn).await.expect("a lock");
        let known = "select exists (select 1 from pg_database where datname = $1)";
        let known = sqlx::query_scalar::<_, bool>(known).bind(&template);
        if !known.fetch_one(&mut conn).await.expect("an answer") {
            let new = format!("turnout_{}", unique());
            create_postgres_database(url, &new).await.expect("a database");
            let (base, _) = url.rsplit_once('/').expect("a database in the URL");
            migrated(&format!("{base}/{new}")).await;
            let rename = format!("alter database \"{new}\" rename to \"{template}\"");
            sqlx::query(AssertSqlSafe(rename)).execute(&mut conn).await.expect("a template");
        }
        conn.close().await.expect("the end");
        template
    };
    TEMPLATE.get_or_init(make).await.clone()
}

/// A PostgreSQL database of one test, gone when this is: hundreds of them would fill the memory or the disk that
/// they are kept on. Who failed keeps hers, to look into.
pub struct Database {
    pub url: String,
    server: String,
    name: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let (server, name) = (std::mem::take(&mut self.server), std::mem::take(&mut self.name));
        // A thread of its own: whoever drops it may be in the middle of a runtime, or at the end of one.
        let gone = std::thread::spawn(move || -> Result<(), sqlx::Error> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut conn = PgConnection::connect(&server).await?;
                let text = format!("drop database \"{name}\" with (force)");
                sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await?;
                conn.close().await
            })
        });
        if let Ok(Err(error)) = gone.join() {
            eprintln!("a test's database stays: {error}");
        }
    }
}

/// Makes a PostgreSQL database with our tables, on the server of `url`.
pub async fn postgres_database(url: &str) -> Database {
    let (template, name) = (postgres(url).await, format!("turnout_{}", unique()));
    let mut conn = PgConnection::connect(url).await.expect("PostgreSQL");
    // Copied as files where the server knows how (15 and later): a third less work than through its log.
    let copies_files = conn.server_version_num().is_some_and(|version| version >= 150_000);
    let strategy = if copies_files { "strategy file_copy" } else { "" };
    let text = format!("create database \"{name}\" template \"{template}\" {strategy}");
    sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.expect("a database");
    conn.close().await.expect("the end");
    let (base, _) = url.rsplit_once('/').expect("a database in the URL");
    Database { url: format!("{base}/{name}"), server: url.to_owned(), name }
}
