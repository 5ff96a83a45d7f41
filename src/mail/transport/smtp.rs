//! Mail to a server.

use std::{
    error::Error as _,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{self, AsyncSmtpTransportBuilder},
};

use super::{DeliveryError, TransportUrlError};

/// How long one delivery may take, from the connection to the server's last word.
const TIMEOUT: Duration = Duration::from_secs(30);

type Pool = AsyncSmtpTransport<Tokio1Executor>;

/// A mail server, with connections that are kept open for the next letter.
#[derive(Clone)]
pub struct Smtp {
    server: Arc<Server>,
}

struct Server {
    builder: AsyncSmtpTransportBuilder,
    timeout: Duration,
    /// Made when the first letter leaves: the pool needs a runtime to be made in, and settings are
    /// read before there is one.
    pool: Mutex<Option<Pool>>,
}

impl Smtp {
    /// Reads `smtp://USER:PASSWORD@HOST:PORT?tls=required`, `smtps://...`, or plain `smtp://...`
    /// for a server on the same machine. Connects when the first letter leaves.
    ///
    /// # Errors
    /// [`TransportUrlError::Smtp`], which does not repeat the URL.
    pub fn from_url(url: &str) -> Result<Self, TransportUrlError> {
        Self::with_timeout(url, TIMEOUT)
    }

    fn with_timeout(url: &str, timeout: Duration) -> Result<Self, TransportUrlError> {
        let builder = Pool::from_url(url).map_err(|_| TransportUrlError::Smtp)?;
        let builder = builder.timeout(Some(timeout));
        Ok(Self { server: Arc::new(Server { builder, timeout, pool: Mutex::default() }) })
    }

    /// The library's own timeout ends with the connection: a server that then falls silent would
    /// hold the letter for ever, so the whole conversation has one too.
    pub(super) async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let pool = self.server.pool();
        match tokio::time::timeout(self.server.timeout, pool.send(message.clone())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(classify(&error)),
            Err(_) => {
                // The library would keep the interrupted connection, and take the late answer to
                // this letter for the answer to the next.
                self.server.forget_pool();
                Err(DeliveryError::Temporary("the mail server took too long".to_owned()))
            }
        }
    }
}

impl Server {
    fn pool(&self) -> Pool {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.get_or_insert_with(|| self.builder.clone().build()).clone()
    }

    fn forget_pool(&self) {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(pool);
    }
}

impl Drop for Server {
    /// A pool says goodbye to its server in a task, and panics where none can be started: then the
    /// program is ending, and the connections end with it.
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_err() {
            let pool = self.pool.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(pool.take());
        }
    }
}

/// Whether trying again may help. Says the server's codes but never its words, which often repeat
/// the address.
fn classify(error: &smtp::Error) -> DeliveryError {
    let Some(status) = error.status() else {
        return DeliveryError::Temporary(unanswered(error));
    };
    let status = status.to_string();
    let detail = error.source().map(ToString::to_string).unwrap_or_default();
    let said = match detail.split_whitespace().next().filter(|word| is_enhanced(word)) {
        Some(enhanced) => format!("the mail server answered {status} {enhanced}"),
        None => format!("the mail server answered {status}"),
    };
    // A refused password is the office's to mend (RFC 4954 6), and no letter's fault.
    let is_sign_in = matches!(status.as_str(), "530" | "534" | "535" | "538");
    if error.is_permanent() && !is_sign_in {
        DeliveryError::Permanent(said)
    } else {
        DeliveryError::Temporary(said)
    }
}

/// Whether a word is an enhanced status code, such as `5.1.1` (RFC 3463).
fn is_enhanced(word: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    word.split('.').count() == 3 && word.split('.').all(is_number)
}

/// What went wrong when no status code came.
fn unanswered(error: &smtp::Error) -> String {
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(io) = source.downcast_ref::<io::Error>() {
            return format!("the mail server cannot be reached: {}", io.kind());
        }
        cause = source.source();
    }
    match error {
        _ if error.is_tls() => "the mail server's certificate or encryption failed",
        _ if error.is_response() => "the mail server's answer could not be understood",
        _ if error.is_client() => "the mail server lacks something that sending needs",
        _ => "the connection to the mail server failed",
    }
    .to_owned()
}

#[cfg(test)]
mod tests;
