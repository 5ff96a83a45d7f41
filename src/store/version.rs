//! Whether anything in the database may have changed: what validates pages that are kept rendered.

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use crate::store::{Store, StoreError, open::Db};

/// A state of the database. Equal versions mean that whatever was read at one is still so at the
/// other; different ones that it may not be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Version {
    /// Commits of this process.
    own: u64,
    /// What the database says of everybody's.
    foreign: String,
}

/// How often the database is asked about other processes. Our own commits are known at once.
const LOOK: Duration = Duration::milliseconds(250);

/// What the database said last, and when.
#[derive(Default)]
pub(super) struct Watch {
    seen: Mutex<Option<(DateTime<Utc>, String)>>,
    /// SQLite's `data_version` speaks for one connection, so the same one is always asked.
    connection: Mutex<Option<sqlx::pool::PoolConnection<sqlx::Sqlite>>>,
}

impl Store {
    /// The version of the database: this process's commits at once, those of others within a
    /// quarter of a second of `now`.
    ///
    /// SQLite counts the commits of other connections in `data_version`. PostgreSQL's current
    /// snapshot says which transactions are visible: an equal snapshot sees equal rows, on however
    /// many nodes.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn version(&self, now: DateTime<Utc>) -> Result<Version, StoreError> {
        let own = self.generation();
        let mut seen = self.watch.seen.lock().await;
        if let Some((at, foreign)) = &*seen
            && now - *at < LOOK
            && *at <= now
        {
            return Ok(Version { own, foreign: foreign.clone() });
        }
        let foreign = self.ask().await?;
        *seen = Some((now, foreign.clone()));
        Ok(Version { own, foreign })
    }

    async fn ask(&self) -> Result<String, StoreError> {
        match &self.db {
            Db::Sqlite { read, .. } => {
                let mut slot = self.watch.connection.lock().await;
                if slot.is_none() {
                    *slot = Some(read.acquire().await?);
                }
                let Some(conn) = slot.as_mut() else { return Err(sqlx::Error::PoolClosed.into()) };
                let text = "pragma data_version";
                let version: i64 = sqlx::query_scalar(text).fetch_one(&mut **conn).await?;
                Ok(version.to_string())
            }
            Db::Postgres(pool) => {
                let text = "select pg_current_snapshot()::text";
                Ok(sqlx::query_scalar(text).fetch_one(pool).await?)
            }
        }
    }

    /// Lets go of the connection that watches, so that the pool can close.
    pub(super) async fn stop_watching(&self) {
        self.watch.connection.lock().await.take();
    }
}
