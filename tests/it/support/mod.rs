//! A database of its own for each test, on SQLite and on PostgreSQL.

#[macro_use]
mod databases;
pub mod browser;
pub mod device;
mod everything;
pub mod form;
pub mod help;
mod letters;
pub mod lost_answers;
pub mod mail_server;
pub mod plan;
pub mod private_postgres;
pub mod program;
pub mod server;
pub mod sheets;
pub mod small_disk;
mod templates;
pub mod web;

use std::sync::Arc;

pub use everything::everything;

use chrono::{DateTime, Duration, Utc};
use turnout::{
    actions::{
        ActionContext, Demand, SignIns, door::count_turnout::count_turnout, examine::examine,
        places::settle::settle_all, retention::erase_due::erase_due,
    },
    calendar::Publisher,
    clock::{FixedClock, SystemClock},
    domain::{contact::EmailAddress, retention::Controller},
    mail::Letterhead,
    store::Store,
    token::SystemRandom,
};

/// A test's own Turnout: a real database, a clock that stands still. Clones share both.
#[derive(Clone)]
pub struct TestTurnout {
    pub ctx: ActionContext,
    pub clock: FixedClock,
    /// The address of its database.
    pub url: String,
    _folder: Option<Arc<tempfile::TempDir>>,
    _database: Option<Arc<templates::Database>>,
}

/// Some day before all of the sample's sessions.
pub fn start() -> DateTime<Utc> {
    "2027-01-02T10:00:00Z".parse().expect("a moment")
}

impl TestTurnout {
    /// On a SQLite file.
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        templates::copy_to(&folder.path().join("turnout.db")).await;
        let url = format!("sqlite://{}/turnout.db", folder.path().display());
        Self::open(&url, Some(folder)).await
    }

    /// On a SQLite file in a folder that somebody else looks after.
    pub async fn on_sqlite_in(folder: &std::path::Path) -> Self {
        Self::open(&format!("sqlite://{}/turnout.db", folder.display()), None).await
    }

    /// On a PostgreSQL database that somebody else looks after.
    pub async fn on_postgres_at(url: &str) -> Self {
        Self::open(url, None).await
    }

    /// On a PostgreSQL database of its own; `None`, said aloud, where `TURNOUT_TEST_POSTGRES` does
    /// not name a server.
    pub async fn on_postgres() -> Option<Self> {
        let Ok(server) = std::env::var("TURNOUT_TEST_POSTGRES") else {
            eprintln!("SKIPPED on PostgreSQL: TURNOUT_TEST_POSTGRES is not set");
            return None;
        };
        let database = templates::postgres_database(&server).await;
        let turnout = Self::open(&database.url, None).await;
        Some(Self { _database: Some(Arc::new(database)), ..turnout })
    }

    /// On a database that is there already, seen at the present time.
    pub async fn at(url: &str) -> Self {
        Self::open(url, None).await.by_the_real_clock()
    }

    /// The same database, seen at the present time: for programs that live by the real clock.
    pub fn by_the_real_clock(mut self) -> Self {
        self.ctx.clock = Arc::new(SystemClock);
        self
    }

    /// Once everything that has run out is settled and erased, no rule is broken.
    pub async fn is_sound(&self) {
        settle_all(&self.ctx).await.expect("a sweep");
        erase_due(&self.ctx).await.expect("what is due is erased");
        while count_turnout(&self.ctx).await.expect("a count") {}
        let found = examine(&self.ctx).await.expect("a look");
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Runs a statement behind the program's back, as earlier versions or other programs left things.
    pub async fn write(&self, statement: &'static str) {
        use sqlx::Connection as _;
        if self.url.starts_with("sqlite:") {
            let mut conn = sqlx::SqliteConnection::connect(&self.url).await.expect("SQLite");
            sqlx::query(statement).execute(&mut conn).await.expect("a write");
        } else {
            let mut conn = sqlx::PgConnection::connect(&self.url).await.expect("PostgreSQL");
            sqlx::query(statement).execute(&mut conn).await.expect("a write");
        }
    }

    /// What a statement counts, asked behind the program's back.
    pub async fn count(&self, statement: &'static str) -> i64 {
        use sqlx::Connection as _;
        if self.url.starts_with("sqlite:") {
            let mut conn = sqlx::SqliteConnection::connect(&self.url).await.expect("SQLite");
            sqlx::query_scalar(statement).fetch_one(&mut conn).await.expect("a count")
        } else {
            let mut conn = sqlx::PgConnection::connect(&self.url).await.expect("PostgreSQL");
            sqlx::query_scalar(statement).fetch_one(&mut conn).await.expect("a count")
        }
    }

    async fn open(url: &str, folder: Option<tempfile::TempDir>) -> Self {
        let store = Store::open(url).await.expect("the database opens");
        store.migrate().await.expect("the migrations run");
        let clock = FixedClock::at(start());
        let address: EmailAddress = "trainings@turnout.example".parse().expect("an address");
        let ctx = ActionContext {
            store,
            clock: Arc::new(clock.clone()),
            random: Arc::new(SystemRandom),
            publisher: Arc::new(Publisher {
                product_version: "test".to_owned(),
                host: "turnout.example".to_owned(),
                organizer_name: "Turnout trainings".to_owned(),
                organizer_email: address.clone(),
                base_url: "https://turnout.example".to_owned(),
            }),
            letterhead: Arc::new(Letterhead {
                name: "Turnout trainings".to_owned(),
                address,
                base_url: "https://turnout.example".to_owned(),
                phone: "020 7946 0142".to_owned(),
                host: "turnout.example".to_owned(),
            }),
            hold: Duration::minutes(15),
            trusted_host: None,
            reminders: [7, 1].into(),
            check_in: Duration::hours(2),
            gather: Duration::zero(),
            undo: Duration::zero(),
            invites_a_day: Some(1000),
            held_per_network: Some(60),
            sign_ins: SignIns { idle: Duration::days(14), passkeys: Demand::OnceThereIsOne },
            controller: Arc::new(Controller {
                name: "Common Ground".to_owned(),
                ..Controller::default()
            }),
            offer: Duration::hours(48),
        };
        Self { ctx, clock, url: url.to_owned(), _folder: folder.map(Arc::new), _database: None }
    }
}
