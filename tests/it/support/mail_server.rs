//! A mail server on loopback that keeps what it is given, and can be made difficult.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Barrier,
};

/// How the server behaves.
#[derive(Clone, Default)]
pub struct Manners {
    /// How long it takes over each letter.
    pub pace: Duration,
    /// It takes a letter only once so many are being handed over at the same time.
    pub together: Option<Arc<Barrier>>,
    /// It hangs up after so many letters on one connection.
    pub letters_each: Option<usize>,
}

/// A letter the server took.
#[derive(Clone)]
pub struct Taken {
    pub to: String,
    pub message: Vec<u8>,
    pub connection: usize,
    #[allow(dead_code, reason = "the benchmark of letters reads it, and the tests do not")]
    pub at: Instant,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    refusals: HashMap<String, &'static str>,
    connections: usize,
    knocks: usize,
    greeting: Option<&'static str>,
    to_senders: Option<&'static str>,
}

/// The server; it ends with the test's runtime.
#[derive(Clone)]
pub struct MailServer {
    /// Where it is, as `TURNOUT_MAIL` names it.
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    /// Starts one on a free port.
    pub async fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let server = Self { url, state: Arc::default() };
        let each = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, manners) = (each.clone(), manners.clone());
                tokio::spawn(async move {
                    // Whoever hangs up in the middle is no concern of the server's.
                    let _ = server.converse(stream, &manners).await;
                });
            }
        });
        server
    }

    /// From now on readers at this address are refused like this.
    pub fn refuse(&self, address: &str, answer: &'static str) {
        self.state().refusals.insert(address.to_owned(), answer);
    }

    /// From now on whoever connects is greeted like this.
    #[allow(dead_code, reason = "the benchmark of letters has no use for it")]
    pub fn greet(&self, greeting: &'static str) {
        self.state().greeting = Some(greeting);
    }

    /// From now on whoever says from whom a letter is hears this.
    #[allow(dead_code, reason = "the benchmark of letters has no use for it")]
    pub fn answer_senders(&self, answer: &'static str) {
        self.state().to_senders = Some(answer);
    }

    /// Refuses nobody any more.
    pub fn relent(&self) {
        let mut state = self.state();
        state.refusals.clear();
        (state.greeting, state.to_senders) = (None, None);
    }

    /// How often somebody connected, or began a letter.
    #[allow(dead_code, reason = "the benchmark of letters has no use for it")]
    pub fn knocks(&self) -> usize {
        self.state().knocks
    }

    /// What was taken, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.state().taken.clone()
    }

    /// How much was taken.
    pub fn count(&self) -> usize {
        self.state().taken.len()
    }

    /// How many connections brought a letter.
    pub fn connections(&self) -> usize {
        let used: HashSet<usize> = self.state().taken.iter().map(|one| one.connection).collect();
        used.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the server's state")
    }

    async fn converse(&self, stream: TcpStream, manners: &Manners) -> std::io::Result<()> {
        let connection = {
            let mut state = self.state();
            state.connections += 1;
            state.knocks += 1;
            state.connections
        };
        stream.set_nodelay(true)?;
        let (read, mut write) = stream.into_split();
        let mut read = BufReader::new(read);
        let greeting = self.state().greeting.unwrap_or("220 test");
        write.write_all(format!("{greeting}\r\n").as_bytes()).await?;
        if greeting.starts_with('5') {
            return Ok(());
        }
        let (mut to, mut letters, mut line) = (String::new(), 0, Vec::new());
        loop {
            line.clear();
            if read.read_until(b'\n', &mut line).await? == 0 {
                return Ok(());
            }
            let command = String::from_utf8_lossy(&line).trim_end().to_owned();
            let answer = if let Some(address) = command.strip_prefix("RCPT TO:<") {
                address.trim_end_matches('>').clone_into(&mut to);
                self.state().refusals.get(&to).copied().unwrap_or("250 ok")
            } else if command.starts_with("MAIL") {
                let mut state = self.state();
                state.knocks += 1;
                state.to_senders.unwrap_or("250 ok")
            } else if command == "DATA" {
                write.write_all(b"354 go on\r\n").await?;
                let message = message(&mut read).await?;
                if let Some(together) = &manners.together {
                    together.wait().await;
                }
                tokio::time::sleep(manners.pace).await;
                let at = Instant::now();
                self.state().taken.push(Taken { to: to.clone(), message, connection, at });
                letters += 1;
                "250 kept"
            } else {
                match command.as_str() {
                    "QUIT" => "221 bye",
                    _ => "250 test",
                }
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await?;
            if manners.letters_each == Some(letters) {
                return Ok(());
            }
        }
    }
}

/// A message, up to the dot that ends it.
async fn message(read: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let start = message.len();
        if read.read_until(b'\n', &mut message).await? == 0 || &message[start..] == b".\r\n" {
            message.truncate(start);
            return Ok(message);
        }
        if message[start] == b'.' {
            message.remove(start);
        }
    }
}
