//! Connections kept open for whoever asks next.
//!
//! deadpool takes one back the moment it is dropped and lends the one that came back last, whose statements are
//! prepared. sqlx's own pool asks each first whether it lives, in a task of its own; whoever asks meanwhile, and that
//! is the same visitor with the next question, opens another.

use std::{
    io::ErrorKind,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool::managed::{self, Manager, Metrics, Object, PoolError, QueueMode, RecycleError};
use sqlx::{Connection, SqliteConnection};
use tokio::{
    runtime::Handle,
    time::{sleep, timeout},
};

use super::StoreError;

/// How long a test of a connection may take, and what is done to one that nobody waits for.
pub(super) const TEST: Duration = Duration::from_secs(2);

/// After how long a connection that nobody asked for is tested before it is lent: firewalls forget them.
const DOUBTED: Duration = Duration::from_secs(30);

/// After how long one that nobody asks for is closed, and one that is in use makes room for another: a process of
/// PostgreSQL's grows with all that it has planned.
const RESTED: Duration = Duration::from_secs(10 * 60);
const OLD: Duration = Duration::from_secs(30 * 60);

/// How long to wait before a server that refuses connections is asked again: at first, and at most.
const AGAIN: [Duration; 2] = [Duration::from_millis(10), Duration::from_secs(1)];

/// A connection on loan: it goes back when it is dropped.
pub(super) type Lent<C> = Object<Opener<C>>;

/// When a connection was last found cut off.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<Instant>>>);

impl Trouble {
    pub(super) fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection that has lain idle for so long lay idle then.
    fn concerns(&self, idle: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle >= DOUBTED || last.is_some_and(|last| last.elapsed() <= idle)
    }
}

/// Opens connections, and says which of those that lay idle may be used again.
pub(super) struct Opener<C: Connection> {
    pub(super) options: C::Options,
    /// Where they lead over a network, which may cut them off; one into a file stays as it is.
    trouble: Option<Trouble>,
}

impl<C: Connection> Manager for Opener<C> {
    type Type = C;
    type Error = sqlx::Error;

    /// A server that is about to start refuses; it is asked again for as long as whoever waits has patience.
    async fn create(&self) -> Result<C, sqlx::Error> {
        let [mut pause, longest] = AGAIN;
        loop {
            match C::connect_with(&self.options).await {
                Err(error) if is_for_now(&error) => sleep(pause).await,
                opened => return opened,
            }
            pause = longest.min(pause * 2);
        }
    }

    async fn recycle(
        &self,
        conn: &mut C,
        metrics: &Metrics,
    ) -> Result<(), RecycleError<sqlx::Error>> {
        let Some(trouble) = &self.trouble else { return Ok(()) };
        if metrics.age() >= OLD {
            return Err(RecycleError::message("an old connection"));
        }
        if !trouble.concerns(metrics.last_used()) {
            return Ok(());
        }
        let tested = timeout(TEST, conn.ping()).await;
        Ok(tested.unwrap_or(Err(sqlx::Error::PoolTimedOut))?)
    }
}

/// Whether a server that refused a connection may soon accept one.
fn is_for_now(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        sqlx::Error::Database(refusal) => refusal.is_transient_in_connect_phase(),
        _ => false,
    }
}

/// Up to so many connections.
pub(in crate::store) struct Pool<C: Connection> {
    kept: managed::Pool<Opener<C>>,
    /// How long somebody waits for one.
    wait: Duration,
    /// When those that rested were last closed.
    tidied: Arc<Mutex<Instant>>,
}

impl<C: Connection> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self { kept: self.kept.clone(), wait: self.wait, tidied: Arc::clone(&self.tidied) }
    }
}

impl<C: Connection + 'static> Pool<C> {
    /// Opens the first of at most `most`.
    pub(super) async fn open(
        options: C::Options,
        trouble: Option<Trouble>,
        most: usize,
        wait: Duration,
    ) -> Result<Self, StoreError> {
        let kept = managed::Pool::builder(Opener { options, trouble });
        let kept = kept.max_size(most).queue_mode(QueueMode::Lifo).build();
        // Only a pool that keeps time itself can fail to be built.
        let kept = kept.map_err(|_| sqlx::Error::PoolClosed)?;
        let pool = Self { kept, wait, tidied: Arc::new(Mutex::new(Instant::now())) };
        drop(pool.lend().await?);
        Ok(pool)
    }

    /// The connection that came back last, or a new one.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] when there is none in time.
    pub(super) async fn lend(&self) -> Result<Lent<C>, sqlx::Error> {
        self.tidy();
        match timeout(self.wait, self.kept.get()).await {
            Ok(Ok(lent)) => Ok(lent),
            Ok(Err(PoolError::Backend(error))) => Err(error),
            Ok(Err(PoolError::Closed)) => Err(sqlx::Error::PoolClosed),
            Ok(Err(_)) | Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Closes the connections to a server that nobody asked for in a while.
    fn tidy(&self) {
        if self.kept.manager().trouble.is_none() {
            return;
        }
        let mut tidied = self.tidied.lock().unwrap_or_else(PoisonError::into_inner);
        if tidied.elapsed() < RESTED {
            return;
        }
        *tidied = Instant::now();
        let rested = self.kept.retain(|_, metrics| metrics.last_used() < RESTED).removed;
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                for conn in rested {
                    let _ = timeout(TEST, conn.close()).await;
                }
            });
        }
    }

    pub(super) fn options(&self) -> &C::Options {
        &self.kept.manager().options
    }

    /// How many connections are open, how many of them nobody uses, and how many there may be.
    pub(super) fn counts(&self) -> [u32; 3] {
        let status = self.kept.status();
        [status.size, status.available, status.max_size]
            .map(|count| u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Closes those that nobody uses, and each of the others once it comes back.
    pub(super) async fn close(&self) {
        let idle = self.kept.retain(|_, _| false).removed;
        self.kept.close();
        for conn in idle {
            if let Err(error) = conn.close().await {
                log::debug!("a connection to the database did not close cleanly: {error}");
            }
        }
    }
}

/// A connection into a SQLite file that sees it as it was when it was lent.
pub(in crate::store) struct Snapshot(Option<Lent<SqliteConnection>>);

impl Snapshot {
    pub(super) async fn of(mut lent: Lent<SqliteConnection>) -> Result<Self, StoreError> {
        sqlx::query("begin").execute(&mut *lent).await?;
        Ok(Self(Some(lent)))
    }

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::WorkerCrashed)
    }
}

impl Drop for Snapshot {
    /// Goes back once it sees what is new again.
    fn drop(&mut self) {
        let Some(mut lent) = self.0.take() else { return };
        let Ok(runtime) = Handle::try_current() else { return drop(Object::take(lent)) };
        runtime.spawn(async move {
            if sqlx::query("rollback").execute(&mut *lent).await.is_err() {
                drop(Object::take(lent));
            }
        });
    }
}

#[cfg(test)]
mod tests;
