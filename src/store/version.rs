//! Whether what the public sees may have changed, and what of it: what validates answers that are kept
//! rendered.
//!
//! After each commit of this process that could show, and every quarter second for those of others, the
//! database is asked. First whether anybody committed at all, which costs next to nothing: SQLite counts
//! the commits of other connections in `data_version`, and PostgreSQL's snapshot says which transactions
//! are visible, on however many nodes. Then what the numbers of [`changes`](super::changes) are now. They
//! are compared row by row, so that it does not matter in which order transactions commit, and no
//! booking waits for another to count itself.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, Utc};
use tokio::{sync::Mutex, time::timeout};

use crate::store::{
    Conn, Store, StoreError,
    changes::{Changes, Seen},
};

/// How often the database is asked about other processes. Our own commits are known at once.
const LOOK: Duration = Duration::milliseconds(250);

/// How long a look may take, and for how long nobody looks again after one that failed: whoever asks
/// meanwhile hears at once that the database is away.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
const AWAY: Duration = Duration::seconds(1);

/// How long after its end a session is watched: feeds show it for 60 days.
const WATCHED: Duration = Duration::days(62);

statements! {
    COMMITS: String = {
        sqlite: "select cast(data_version as text) from pragma_data_version",
        postgres: "select cast(pg_current_snapshot() as text)",
    };

    /// Names are never deleted, and their versions never fall: this rises with each change.
    NAMES: i64 =
        "select (select count(*) + coalesce(sum(seen_version), 0) from alliances)
              + (select count(*) + coalesce(sum(seen_version), 0) from courses)
              + (select count(*) + coalesce(sum(seen_version), 0) from staff)";

    SESSIONS: Seen =
        "select s.code, s.course, s.alliance, s.seen_version, s.occupied,
                (select count(*) from places p
                 where p.session = s.code and p.state = 'waiting') as waiting
         from sessions s
         where s.code in (select session from sittings where ends_at > $1)
           and s.publication <> 'draft'";
}

/// A look at the database.
#[derive(Clone)]
struct Look {
    at: DateTime<Utc>,
    /// How many commits of ours that could show it has seen, at least.
    own: u64,
    /// What the database said of everybody's.
    commits: String,
    changes: Arc<Changes>,
}

impl Look {
    fn is_good(&self, own: u64, now: DateTime<Utc>) -> bool {
        self.own >= own && now - self.at < LOOK && self.at <= now
    }
}

/// The latest look, and the connection that looks.
#[derive(Default)]
pub(super) struct Watch {
    latest: RwLock<Option<Look>>,
    /// Whoever looks holds it; SQLite's `data_version` speaks for one connection, so the same one is
    /// always asked.
    connection: Mutex<Option<Conn>>,
    /// How many looks failed, and when the last did.
    failures: AtomicU64,
    failed_at: RwLock<Option<DateTime<Utc>>>,
}

impl Watch {
    fn latest(&self) -> Option<Look> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note_failure(&self, now: DateTime<Utc>) {
        self.failures.fetch_add(1, Ordering::AcqRel);
        *self.failed_at.write().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Whether a look failed just now.
    fn is_away(&self, now: DateTime<Utc>) -> bool {
        let failed_at = *self.failed_at.read().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| now >= at && now - at < AWAY)
    }

    /// The changes known at a moment, if they are known without asking.
    fn good(&self, own: u64, now: DateTime<Utc>) -> Option<Arc<Changes>> {
        let latest = self.latest.read().unwrap_or_else(PoisonError::into_inner);
        let look = latest.as_ref().filter(|look| look.is_good(own, now))?;
        Some(Arc::clone(&look.changes))
    }
}

impl Store {
    /// What changed of what the public sees: by this process at once, by others within a quarter of a
    /// second of `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn changes(&self, now: DateTime<Utc>) -> Result<Arc<Changes>, StoreError> {
        if let Some(changes) = self.watch.good(self.shown(), now) {
            return Ok(changes);
        }
        if self.watch.is_away(now) {
            return Err(StoreError::away());
        }
        let failures = self.watch.failures.load(Ordering::Acquire);
        let mut slot = self.watch.connection.lock().await;
        // Read before the database is, so that no commit is taken as seen that was not.
        let own = self.shown();
        if let Some(changes) = self.watch.good(own, now) {
            return Ok(changes);
        }
        // The look that we waited for failed; another would make the next in the row wait as long again.
        if self.watch.failures.load(Ordering::Acquire) != failures {
            return Err(StoreError::away());
        }
        let looked = timeout(PATIENCE, self.look(&mut slot, own, now)).await;
        let looked = looked.unwrap_or_else(|_| Err(StoreError::away()));
        if looked.is_err() {
            self.watch.note_failure(now);
        }
        looked
    }

    /// What was last seen, and when: what is sent while the database is away.
    pub fn last_changes(&self) -> Option<(DateTime<Utc>, Arc<Changes>)> {
        self.watch.latest().map(|look| (look.at, look.changes))
    }

    async fn look(
        &self,
        slot: &mut Option<Conn>,
        own: u64,
        now: DateTime<Utc>,
    ) -> Result<Arc<Changes>, StoreError> {
        // A connection that fails, or whose question is given up, is not put back; what another says
        // of the commits of others cannot be compared with what it said.
        let mut latest = self.watch.latest();
        let mut conn = match slot.take() {
            Some(conn) => conn,
            None => {
                latest = latest.map(|look| Look { commits: String::new(), ..look });
                self.read().await?
            }
        };
        let look = look(&mut conn, latest, own, now).await?;
        if self.keeps_watching() {
            slot.replace(conn);
        }
        let changes = Arc::clone(&look.changes);
        *self.watch.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(look);
        Ok(changes)
    }

    /// Lets go of the connection that watches, so that the pool can close.
    pub(super) async fn stop_watching(&self) {
        self.watch.connection.lock().await.take();
    }
}

async fn look(
    conn: &mut Conn,
    latest: Option<Look>,
    own: u64,
    now: DateTime<Utc>,
) -> Result<Look, StoreError> {
    let commits = COMMITS.value(conn, ()).await?;
    if let Some(look) = latest.as_ref().filter(|look| look.own == own && look.commits == commits) {
        return Ok(Look { at: now, ..look.clone() });
    }
    let names = NAMES.value(conn, ()).await?;
    let sessions = SESSIONS.all(conn, [now - WATCHED]).await?;
    let before = latest.map(|look| look.changes).unwrap_or_default();
    Ok(Look { at: now, own, commits, changes: Arc::new(before.after(names, sessions)) })
}
