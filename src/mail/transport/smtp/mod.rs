//! Mail to a server, over connections that are kept open for the next letter.

mod connection;
mod failure;
mod server;
mod stream;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lettre::Message;
use tokio::time::{Instant, timeout};

use self::{
    connection::{Connection, Fault},
    server::Server,
};
use super::{DeliveryError, TransportUrlError};

/// How long a connection may take to open, and as long again a letter on it to the server's last word.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection is kept without a letter. Servers close theirs after some minutes.
const REST: Duration = Duration::from_secs(30);

/// A mail server. Clones share its connections.
#[derive(Clone)]
pub struct Smtp {
    server: Arc<Server>,
    timeout: Duration,
    connections: usize,
    resting: Arc<Mutex<Vec<Resting>>>,
}

/// A connection that waits for its next letter.
struct Resting {
    connection: Connection,
    since: Instant,
}

impl Smtp {
    /// Reads `smtp://USER:PASSWORD@HOST:PORT?tls=required`, `smtps://...`, or plain `smtp://...`
    /// for a server on the same machine, which takes letters over so many connections at once.
    /// Connects when the first letter leaves. The error does not repeat the URL.
    pub fn from_url(url: &str, connections: usize) -> Result<Self, TransportUrlError> {
        Self::with_timeout(url, connections, TIMEOUT)
    }

    fn with_timeout(
        url: &str,
        connections: usize,
        timeout: Duration,
    ) -> Result<Self, TransportUrlError> {
        let server = Arc::new(Server::from_url(url)?);
        Ok(Self { server, timeout, connections, resting: Arc::default() })
    }

    /// How many letters may be on their way at once.
    pub(super) fn connections(&self) -> usize {
        self.connections
    }

    /// A conversation that takes too long is given up and its connection closed, so that the late
    /// answer to this letter is not taken for the answer to the next.
    pub(super) async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        // As long again for a server that takes its time to greet us.
        match timeout(self.timeout * 2, self.converse(message)).await {
            Ok(outcome) => outcome.map_err(|fault| fault.told),
            Err(_) => Err(DeliveryError::Temporary("the mail server took too long".to_owned())),
        }
    }

    async fn converse(&self, message: &Message) -> Result<(), Fault> {
        if let Some(mut kept) = self.wake_one() {
            match kept.announce(message).await {
                // The server closed it meanwhile, or has had enough of it: it gets a new one.
                Err(fault) if fault.is_over => {}
                announced => return self.conclude(kept, announced, message).await,
            }
        }
        let opened = timeout(self.timeout, Connection::open(&self.server)).await;
        let late = |_| Fault::held("the mail server took too long to greet us".to_owned());
        let mut new = opened.map_err(late)??;
        let announced = new.announce(message).await;
        self.conclude(new, announced, message).await
    }

    /// Hands over what was announced, and keeps the connection if another letter may follow.
    async fn conclude(
        &self,
        mut connection: Connection,
        announced: Result<(), Fault>,
        message: &Message,
    ) -> Result<(), Fault> {
        let outcome = match announced {
            Ok(()) => connection.hand_over(message).await,
            refused => refused,
        };
        let goes_on = match &outcome {
            Ok(()) => true,
            Err(fault) if fault.is_over => false,
            Err(_) => connection.start_afresh().await.is_ok(),
        };
        if goes_on {
            self.resting().push(Resting { connection, since: Instant::now() });
        }
        outcome
    }

    /// Closes the connections that no letter has used for a while.
    pub(super) async fn close_unused(&self) {
        self.close_resting_for(REST).await;
    }

    async fn close_resting_for(&self, rest: Duration) {
        let is_old = |one: &mut Resting| one.since.elapsed() >= rest;
        let old: Vec<_> = self.resting().extract_if(.., is_old).collect();
        for one in old {
            // A server that does not answer even to this is not waited for long.
            let _ = timeout(Duration::from_secs(1), one.connection.quit()).await;
        }
    }

    /// The connection used last, so that those too many grow old.
    fn wake_one(&self) -> Option<Connection> {
        self.resting().pop().map(|one| one.connection)
    }

    /// A thread that panicked elsewhere does not make the list wrong.
    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
