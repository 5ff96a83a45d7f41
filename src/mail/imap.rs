//! The reply mailbox by IMAP (RFC 3501): what is unread is fetched, taken, and marked as read. New
//! mail is waited for with IDLE (RFC 2177) where the server offers it.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_imap::{Client, Session, extensions::idle::IdleResponse};
use futures_util::TryStreamExt;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};
use url::Url;

use super::inbound::LARGEST;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long one IDLE lasts: servers drop clients after half an hour, and routers sooner.
const IDLE: Duration = Duration::from_secs(240);

/// How long is waited between looks where there is no IDLE.
const BETWEEN_LOOKS: Duration = Duration::from_secs(60);

/// Takes one message, or says why it could not be taken. Boxed, because it is called in a task of
/// its own, whose future must be `Send`.
pub type Take = dyn Fn(Vec<u8>) -> Taking + Send + Sync;

/// A message being taken.
pub type Taking = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Where the mailbox is, and who reads it.
#[derive(Clone)]
pub struct ReplyMailbox {
    host: String,
    port: u16,
    encrypted: bool,
    user: String,
    password: String,
    folder: String,
    authorities: Arc<RootCertStore>,
}

/// A mailbox whose address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailboxUrlError {
    /// Not `imaps://USER@HOST/FOLDER`.
    #[error("write imaps://USER@HOST/FOLDER, with @ in the user's name as %40")]
    Unreadable,
    /// Passwords are not sent in the clear across a network.
    #[error("imap:// without encryption is for this machine only: write imaps://")]
    Unencrypted,
    /// The file of the authority holds no certificate.
    #[error("there is no certificate in this file: give one or more in PEM")]
    NoAuthority,
}

/// Why the mailbox could not be read. Names no address.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The server did not answer in time.
    #[error("the mail server does not answer")]
    Silent,
    /// The connection failed.
    #[error("no connection: {0}")]
    Connection(#[from] std::io::Error),
    /// The server said no, or something else than IMAP.
    #[error("the mail server refused: {0}")]
    Refused(#[from] async_imap::error::Error),
    /// What was fetched could not be taken; it stays unread.
    #[error("a message could not be taken: {0}")]
    Taking(String),
}

impl ReplyMailbox {
    /// Reads `imaps://USER@HOST[:PORT]/FOLDER`; without a folder it is the inbox.
    ///
    /// # Errors
    /// [`MailboxUrlError`].
    pub fn parse(text: &str, password: &str) -> Result<Self, MailboxUrlError> {
        let url = Url::parse(text).map_err(|_| MailboxUrlError::Unreadable)?;
        let encrypted = match url.scheme() {
            "imaps" => true,
            "imap" => false,
            _ => return Err(MailboxUrlError::Unreadable),
        };
        let host = url.host_str().ok_or(MailboxUrlError::Unreadable)?.to_owned();
        if !encrypted && !matches!(host.as_str(), "127.0.0.1" | "localhost" | "[::1]") {
            return Err(MailboxUrlError::Unencrypted);
        }
        let decoded = |text: &str| {
            let mut pairs = form_urlencoded::parse(text.as_bytes());
            pairs.next().map(|(text, _)| text.into_owned()).unwrap_or_default()
        };
        let user = decoded(&url.username().replace('+', "%2B"));
        if user.is_empty() {
            return Err(MailboxUrlError::Unreadable);
        }
        let folder = decoded(&url.path().trim_start_matches('/').replace('+', "%2B"));
        Ok(Self {
            host,
            port: url.port().unwrap_or(if encrypted { 993 } else { 143 }),
            encrypted,
            user,
            password: password.to_owned(),
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
            authorities: Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }),
        })
    }

    /// The mailbox on a server whose certificate is vouched for by an authority of the
    /// organisation's own, and by no other: certificates in PEM.
    ///
    /// # Errors
    /// [`MailboxUrlError::NoAuthority`] when the text holds no certificate that can be used.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, MailboxUrlError> {
        let mut authorities = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let added = certificate.map(|one| authorities.add(one));
            if !matches!(added, Ok(Ok(()))) {
                return Err(MailboxUrlError::NoAuthority);
            }
        }
        if authorities.is_empty() {
            return Err(MailboxUrlError::NoAuthority);
        }
        self.authorities = Arc::new(authorities);
        Ok(self)
    }

    /// Hands every unread message to `take` and marks it as read; then waits for more. Returns only
    /// on an error: messages that were not taken stay unread.
    ///
    /// # Errors
    /// [`MailboxError`].
    pub async fn watch(&self, take: &Take) -> Result<(), MailboxError> {
        let stream = in_time(TcpStream::connect((self.host.as_str(), self.port))).await??;
        if !self.encrypted {
            return self.read(stream, take).await;
        }
        let config = ClientConfig::builder()
            .with_root_certificates(Arc::clone(&self.authorities))
            .with_no_client_auth();
        let name = ServerName::try_from(self.host.clone()).map_err(std::io::Error::other)?;
        let connector = TlsConnector::from(Arc::new(config));
        let stream = in_time(connector.connect(name, stream)).await??;
        self.read(stream, take).await
    }

    async fn read<T>(&self, stream: T, take: &Take) -> Result<(), MailboxError>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug,
    {
        let mut client = Client::new(stream);
        in_time(client.read_response()).await??;
        let login = in_time(client.login(&self.user, &self.password)).await?;
        let mut session = login.map_err(|(error, _)| error)?;
        in_time(session.select(&self.folder)).await??;
        let can_idle = in_time(session.capabilities()).await??.has_str("IDLE");
        loop {
            // The server tells of a message once: what came while others were taken is told of
            // already, so IDLE would not hear of it.
            while take_unread(&mut session, take).await? > 0 {}
            session = wait(session, can_idle).await?;
        }
    }
}

async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, MailboxError> {
    timeout(PATIENCE, work).await.map_err(|_| MailboxError::Silent)
}

/// Takes what is unread; how many messages that were.
async fn take_unread<T>(session: &mut Session<T>, take: &Take) -> Result<usize, MailboxError>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug,
{
    let mut unread: Vec<u32> =
        in_time(session.uid_search("UNSEEN UNDELETED")).await??.into_iter().collect();
    unread.sort_unstable();
    for uid in &unread {
        // One octet more than is read tells that it is too large; no more of it is fetched.
        let query = format!("(UID BODY.PEEK[]<0.{}>)", LARGEST + 1);
        let fetched: Vec<_> = {
            let stream = in_time(session.uid_fetch(uid.to_string(), query)).await??;
            in_time(stream.try_collect()).await??
        };
        for message in &fetched {
            let Some(raw) = message.body() else { continue };
            take(raw.to_vec()).await.map_err(MailboxError::Taking)?;
        }
        let stored = in_time(session.uid_store(uid.to_string(), "+FLAGS (\\Seen)")).await??;
        let _: Vec<_> = in_time(stored.try_collect()).await??;
    }
    Ok(unread.len())
}

/// Waits until there may be more.
async fn wait<T>(mut session: Session<T>, can_idle: bool) -> Result<Session<T>, MailboxError>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug,
{
    if !can_idle {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        in_time(session.noop()).await??;
        return Ok(session);
    }
    let mut idle = session.idle();
    in_time(idle.init()).await??;
    let (news, stop) = idle.wait_with_timeout(IDLE);
    let news = news.await?;
    drop(stop);
    log::debug!("the reply mailbox: {}", matches!(news, IdleResponse::NewData(_)));
    Ok(in_time(idle.done()).await??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_who_reads_which_folder_and_never_in_the_clear() {
        let read = |text| ReplyMailbox::parse(text, "secret");
        let box_ = read("imaps://trainings%40example.org@mail.example.org/Replies").unwrap();
        assert_eq!((box_.user.as_str(), box_.port), ("trainings@example.org", 993));
        assert_eq!(box_.folder, "Replies");
        assert_eq!(
            read("imap://me@127.0.0.1:1143").map(|one| one.folder).ok(),
            Some("INBOX".to_owned())
        );
        let error = |text| read(text).err();
        assert_eq!(error("imap://me@mail.example.org"), Some(MailboxUrlError::Unencrypted));
        for bad in ["", "mail.example.org", "imaps://mail.example.org", "smtp://a@b"] {
            assert_eq!(error(bad), Some(MailboxUrlError::Unreadable), "{bad}");
        }
    }
}
