//! A PostgreSQL of a test's own, that can be stopped, killed and started again.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The server; killed when this goes.
pub struct PrivatePostgres {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    /// The address of its database.
    pub url: String,
}

/// The newest of PostgreSQL's programs on this machine.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let programs = versions.filter_map(Result::ok).map(|version| version.path().join("bin"));
    programs.filter(|path| path.join("initdb").exists()).max()
}

impl PrivatePostgres {
    /// Starts one; `None`, said aloud, where PostgreSQL is not installed or not to be tested on.
    pub fn start() -> Option<Self> {
        let wanted = std::env::var("TURNOUT_TEST_POSTGRES").is_ok();
        let Some(programs) = programs().filter(|_| wanted) else {
            eprintln!(
                "SKIPPED: a PostgreSQL that is stopped and killed needs its server's programs"
            );
            return None;
        };
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let server = Self { folder, programs, port, url };
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(server.folder.path()).status();
            assert!(given.expect("chown").success());
        }
        let cluster = server.cluster();
        let cluster = cluster.to_str().expect("a path");
        server.run("initdb", &["-D", cluster, "-U", "postgres", "--auth=trust", "--no-sync"]);
        server.start_again();
        Some(server)
    }

    fn cluster(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }

    /// PostgreSQL refuses to run as root.
    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // Its output goes nowhere: the server would hold a pipe open for as long as it lives.
        let log = std::fs::File::create(self.folder.path().join("output")).expect("a file");
        let errors = log.try_clone().expect("a file");
        command.args(arguments).current_dir(self.folder.path()).stdout(log).stderr(errors);
        let status = command.status().expect("a program");
        let said = std::fs::read_to_string(self.folder.path().join("output"));
        assert!(status.success(), "{command:?}: {said:?}");
    }

    /// Starts it where it was.
    pub fn start_again(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -p {} -c unix_socket_directories='' -c fsync=off",
            self.port
        );
        let (cluster, log) = (self.cluster(), self.folder.path().join("log"));
        let (cluster, log) = (cluster.to_str().expect("a path"), log.to_str().expect("a path"));
        self.run("pg_ctl", &["-D", cluster, "-w", "-t", "60", "-l", log, "-o", &options, "start"]);
    }

    /// Stands still, as a machine does whose disk hangs.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    /// Goes on.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    /// Is gone at once, as after a power cut.
    pub fn kill(&self) {
        self.signal("-KILL");
        let pid = self.cluster().join("postmaster.pid");
        let number = self.pid();
        while number.as_ref().is_some_and(|pid| Path::new("/proc").join(pid).join("exe").exists()) {
            std::thread::yield_now();
        }
        let _ = std::fs::remove_file(pid);
    }

    fn pid(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?;
        text.lines().next().map(str::to_owned)
    }

    /// To the server first, then to each of its processes.
    fn signal(&self, signal: &str) {
        let Some(pid) = self.pid() else { return };
        let children = Command::new("pgrep").args(["-P", &pid]).output().expect("pgrep");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        let all = [pid.as_str()].into_iter().chain(children.lines());
        let _ = Command::new("kill").arg(signal).args(all).status();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        self.kill();
    }
}
