//! A bulkhead for each session that many book at once.
//!
//! PostgreSQL lets whoever locks a session's row wait inside the database, on a connection. A rush on one session
//! would fill every connection with people who wait, and keep all others out; and the more of them stand at one
//! row, the longer each handing over takes. So of those in this process who hold or book places
//! (`Store::begin_on`) two come as far as the row, one who works and one who is ready, and the others wait here,
//! with nothing in their hands. Whoever sends off what is held already comes by its booking, and waits at the row.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::StoreError;

/// How many of one session are let through.
const AT_ONCE: usize = 2;

/// The bulkheads of those sessions that somebody writes to just now.
#[derive(Debug, Clone, Default)]
pub(super) struct Bulkheads(Arc<Mutex<HashMap<String, Weak<Semaphore>>>>);

/// Lets somebody through until it is dropped.
pub(super) type Pass = OwnedSemaphorePermit;

impl Bulkheads {
    /// Waits to be let through to a session, first come, first served, but no longer than `patience`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when that was too long.
    pub(super) async fn pass(
        &self,
        session: &str,
        patience: Option<Duration>,
    ) -> Result<Pass, StoreError> {
        let passing = self.of(session).acquire_owned();
        let pass = match patience {
            None => passing.await,
            Some(patience) => timeout(patience, passing).await.map_err(|_| StoreError::away())?,
        };
        pass.map_err(|_| StoreError::away())
    }

    fn of(&self, session: &str) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bulkhead) = all.get(session).and_then(Weak::upgrade) {
            return bulkhead;
        }
        all.retain(|_, bulkhead| bulkhead.strong_count() > 0);
        let bulkhead = Arc::new(Semaphore::new(AT_ONCE));
        all.insert(session.to_owned(), Arc::downgrade(&bulkhead));
        bulkhead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn let_through(bulkheads: &Bulkheads, session: &str) -> bool {
        bulkheads.of(session).available_permits() > 0
    }

    #[tokio::test]
    async fn who_comes_third_waits_and_holds_up_nobody_elsewhere() {
        let bulkheads = Bulkheads::default();
        let first = bulkheads.pass("S1", None).await.expect("a pass");
        let second = bulkheads.pass("S1", None).await.expect("a pass");
        assert!(!let_through(&bulkheads, "S1"));
        let third = bulkheads.pass("S1", Some(Duration::ZERO)).await;
        assert!(third.expect_err("no pass").is_away());
        drop(bulkheads.pass("S2", Some(Duration::ZERO)).await.expect("a pass"));
        drop(first);
        drop(bulkheads.pass("S1", Some(Duration::ZERO)).await.expect("a pass"));
        drop(second);
    }

    #[tokio::test]
    async fn a_session_that_nobody_writes_to_is_forgotten() {
        let bulkheads = Bulkheads::default();
        for number in 0..9 {
            drop(bulkheads.pass(&format!("S{number}"), None).await.expect("a pass"));
        }
        let kept = bulkheads.pass("S1", None).await.expect("a pass");
        let names =
            |all: &Bulkheads| all.0.lock().expect("a lock").keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&bulkheads), ["S1"]);
        drop(kept);
    }
}
