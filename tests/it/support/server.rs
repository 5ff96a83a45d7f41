//! The program itself as a process: started, asked over HTTP, killed.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The file, in its folder, with all that it says on standard output and standard error.
pub const OUTPUT: &str = "output.log";

/// A server of its own process. Dropped, it is killed without warning.
pub struct Server {
    child: Mutex<Child>,
    port: u16,
}

impl Server {
    /// Starts `turnout serve` on a database, writing letters into `folder/mail`, and waits until
    /// it is ready.
    pub async fn start(database: &str, folder: &Path) -> Self {
        Self::start_with(database, folder, &[]).await
    }

    /// The same with further settings.
    pub async fn start_with(database: &str, folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::launch(database, folder, settings, [Stdio::null(), Stdio::null()]).await
    }

    /// The same, and what it says stands in the file [`OUTPUT`] of its folder.
    pub async fn start_heard(database: &str, folder: &Path, settings: &[(&str, &str)]) -> Self {
        let heard = std::fs::File::create(folder.join(OUTPUT)).expect("a file");
        let also = heard.try_clone().expect("a file");
        Self::launch(database, folder, settings, [heard.into(), also.into()]).await
    }

    async fn launch(
        database: &str,
        folder: &Path,
        settings: &[(&str, &str)],
        [out, err]: [Stdio; 2],
    ) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout"));
        for (name, _) in std::env::vars() {
            if name.starts_with("TURNOUT_") || name.starts_with("ROCKET_") || name == "DATABASE_URL"
            {
                command.env_remove(name);
            }
        }
        let child = command
            .arg("serve")
            .current_dir(folder)
            .env("TURNOUT_DATABASE_URL", database)
            .env("TURNOUT_MAIL", format!("folder:{}/mail", folder.display()))
            .env("TURNOUT_RATE_LIMITS", "off")
            .env("TURNOUT_PUBLIC_URL", "https://turnout.example")
            .env("ROCKET_PORT", port.to_string())
            .envs(settings.iter().copied())
            .stdout(out)
            .stderr(err)
            .spawn()
            .expect("the program starts");
        let server = Self { child: Mutex::new(child), port };
        let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while !matches!(server.send("GET", "/health/ready", &[], "").await, Some((200, _))) {
            let ended = server.process().try_wait().expect("a process");
            assert!(ended.is_none() && std::time::Instant::now() < end, "no server: {ended:?}");
            tokio::task::yield_now().await;
        }
        server
    }

    /// Kills the process at once, as a power cut would.
    pub fn kill(&self) {
        let mut process = self.process();
        process.kill().expect("a kill");
        process.wait().expect("an end");
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Tells it to stop, and waits for its end, so long at most.
    pub async fn terminate(&self, longest: std::time::Duration) -> std::process::ExitStatus {
        let pid = self.process().id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("kill").success());
        let end = std::time::Instant::now() + longest;
        loop {
            if let Some(status) = self.process().try_wait().expect("a process") {
                return status;
            }
            assert!(std::time::Instant::now() < end, "it does not end");
            tokio::task::yield_now().await;
        }
    }

    fn process(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Books over the API; status and body, or nothing if the answer never came.
    pub async fn book(&self, session: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let path = format!("/api/v1/sessions/{session}/registrations");
        let headers = [("Idempotency-Key", key), ("Content-Type", "application/json")];
        let (status, text) = self.send("POST", &path, &headers, &body.to_string()).await?;
        Some((status, serde_json::from_str(&text).ok()?))
    }

    /// Asks for a page with further headers; status and text.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Option<(u16, String)> {
        self.send("GET", path, headers, "").await
    }

    /// Sends one request, as it stands, and reads what comes back, headers and all.
    pub async fn exchange(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Content-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8(answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
        let whole = length.parse() == Ok(body.len());
        let status = head.split(' ').nth(1)?.parse().ok()?;
        whole.then(|| (status, body.to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut process = self.process();
        let _ = process.kill();
        let _ = process.wait();
    }
}
