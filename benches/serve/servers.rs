//! The programs under load: Turnout, and a bare Rocket that says hello.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{load, season};

/// A key for cookies nobody gets.
const KEY: &str = "abababababababababababababababababababababababababababababababab";

/// A server of its own process; killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub port: u16,
    /// From its start until it answered.
    pub ready_after: Duration,
}

impl Server {
    async fn wait(mut command: Command, port: u16, path: &str) -> Self {
        let began = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a server");
        while load::once(port, path, "").await.is_none() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not answer");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { child, port, ready_after: began.elapsed() }
    }

    /// Turnout on a database, with letters into a folder.
    pub async fn turnout(database: &str, folder: &Path) -> Self {
        Self::mailing_to(database, folder, &format!("folder:{}/mail", folder.display())).await
    }

    /// Turnout on a database, with letters to where `mail` says.
    pub async fn mailing_to(database: &str, folder: &Path, mail: &str) -> Self {
        let port = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout"));
        command
            .arg("serve")
            .current_dir(folder)
            .env("TURNOUT_DATABASE_URL", database)
            .env("TURNOUT_MAIL", mail)
            .env("TURNOUT_MAIL_FROM", season::MAIL_FROM)
            .env("TURNOUT_OFFICE_PHONE", "020 7946 0001")
            .env("TURNOUT_RATE_LIMITS", "off")
            .env("TURNOUT_LOG_LEVEL", "error")
            .env("TURNOUT_PUBLIC_URL", season::PUBLIC_URL)
            .env("ROCKET_SECRET_KEY", KEY)
            .env("ROCKET_PORT", port.to_string());
        Self::wait(command, port, "/health/ready").await
    }

    /// A bare Rocket with a route for each number of bytes.
    pub async fn hello() -> Self {
        let port = free_port();
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command
            .env("SAY_HELLO", "yes")
            .env("ROCKET_SECRET_KEY", KEY)
            .env("ROCKET_LOG_LEVEL", "off")
            .env("ROCKET_PORT", port.to_string());
        Self::wait(command, port, "/13").await
    }

    /// Its resident memory, in MiB.
    pub fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

#[rocket::get("/<bytes>")]
fn hello(bytes: usize) -> Vec<u8> {
    vec![b'.'; bytes]
}

/// Serves constant bodies until killed.
pub async fn say_hello() {
    let server = rocket::build().mount("/", rocket::routes![hello]);
    server.launch().await.expect("a server");
}
