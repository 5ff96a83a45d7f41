//! A way to PostgreSQL on which the answer to a commit can be lost: the server has done it, and nobody hears.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// The way; it ends with the test.
pub struct LostAnswers {
    /// The address of the database over it.
    pub url: String,
    loses: Arc<AtomicBool>,
}

impl LostAnswers {
    /// Before the server of this address.
    pub async fn before(url: &str) -> Self {
        let mut over = url::Url::parse(url).expect("an address");
        let server = (over.host_str().expect("a host").to_owned(), over.port().unwrap_or(5432));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        over.set_host(Some("127.0.0.1")).expect("a host");
        over.set_port(Some(port)).expect("a port");
        let loses = Arc::new(AtomicBool::new(false));
        let when = Arc::clone(&loses);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(hand_on(client, server.clone(), Arc::clone(&when)));
            }
        });
        Self { url: over.into(), loses }
    }

    /// The answer to the next commit is lost, with the connection.
    pub fn lose_the_next(&self) {
        self.loses.store(true, Ordering::SeqCst);
    }

    /// Whether one was lost since.
    pub fn has_lost(&self) -> bool {
        !self.loses.load(Ordering::SeqCst)
    }
}

async fn hand_on(client: TcpStream, server: (String, u16), loses: Arc<AtomicBool>) {
    let server = TcpStream::connect((&*server.0, server.1)).await.expect("the server");
    let (mut asks, mut hears) = client.into_split();
    let (mut answers, mut takes) = server.into_split();
    let to = tokio::spawn(async move { tokio::io::copy(&mut asks, &mut takes).await });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = answers.read(&mut bytes).await {
        let is_commit = bytes[..read].windows(7).any(|part| part == b"COMMIT\0");
        if is_commit && loses.swap(false, Ordering::SeqCst) {
            break;
        }
        if hears.write_all(&bytes[..read]).await.is_err() {
            break;
        }
    }
    // Both ways end: whoever waits for the answer finds the connection closed.
    to.abort();
}
