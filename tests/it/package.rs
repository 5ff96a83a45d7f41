//! What the Debian package holds, whether systemd understands it, and what installing it does.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::support::{program::run, server::Server};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What the package installs: the file of ours, where it goes, and its mode.
fn assets() -> Vec<(String, String, u32)> {
    let text = fs::read_to_string(root("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = text.parse().expect("TOML");
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().expect("assets");
    let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
    assets
        .iter()
        .map(|asset| {
            let mode = u32::from_str_radix(&text(&asset[2]), 8).expect("a mode");
            (text(&asset[0]), text(&asset[1]), mode)
        })
        .collect()
}

/// Everything the package installs, laid out below a folder as `dpkg` would.
fn installed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (ours, target, mode) in assets() {
        let is_folder = target.ends_with('/');
        let name = Path::new(&ours).file_name().expect("a name");
        let target = folder.path().join(&target);
        let target = if is_folder { target.join(name) } else { target };
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        if ours == "target/release/turnout" {
            symlink(env!("CARGO_BIN_EXE_turnout"), &target).expect("the program");
        } else {
            fs::copy(root(&ours), &target).unwrap_or_else(|error| panic!("{ours}: {error}"));
            fs::set_permissions(&target, fs::Permissions::from_mode(mode)).expect("a mode");
        }
    }
    folder
}

/// Whether a tool is there; said aloud where it is not.
fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        eprintln!("SKIPPED part of the package's tests: {tool} is not installed");
    }
    found
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id").stdout;
    let is_root = id.starts_with(b"0\n");
    if !is_root {
        eprintln!("SKIPPED installing the package into a folder: that needs root");
    }
    is_root
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

#[test]
fn everything_a_server_needs_is_in_the_package() {
    let modes: BTreeMap<String, u32> =
        assets().into_iter().map(|(ours, _, mode)| (ours, mode)).collect();
    for (ours, mode) in [
        ("target/release/turnout", 0o755),
        ("deploy/turnout-admin", 0o755),
        ("deploy/turnout.service", 0o644),
        ("deploy/turnout-backup.service", 0o644),
        ("deploy/turnout-backup.timer", 0o644),
        ("deploy/turnout.sysusers", 0o644),
        ("deploy/turnout.tmpfiles", 0o644),
        ("deploy/turnout.toml", 0o644),
        ("docs/operating.md", 0o644),
        ("docs/configuration.md", 0o644),
        ("docs/privacy.md", 0o644),
    ] {
        assert_eq!(modes.get(ours), Some(&mode), "{ours}");
    }
    let folder = installed();
    for path in [
        "usr/bin/turnout",
        "usr/sbin/turnout-admin",
        "usr/lib/systemd/system/turnout.service",
        "usr/lib/systemd/system/turnout-backup.timer",
        "usr/lib/sysusers.d/turnout.conf",
        "usr/lib/tmpfiles.d/turnout.conf",
        "usr/share/turnout/turnout.toml",
    ] {
        assert!(folder.path().join(path).exists(), "{path} is not where it belongs");
    }
}

#[test]
fn systemd_understands_the_units_and_finds_them_shut_tight() {
    if !has("systemd-analyze") {
        return;
    }
    let folder = installed();
    let units = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("usr/bin/turnout").display().to_string();
    let mut paths = Vec::new();
    for name in ["turnout.service", "turnout-backup.service", "turnout-backup.timer"] {
        let unit = folder.path().join("usr/lib/systemd/system").join(name);
        let text = fs::read_to_string(unit).expect("a unit");
        let path = units.path().join(name);
        fs::write(&path, text.replace("/usr/bin/turnout", &program)).expect("a unit");
        paths.push(path);
    }
    let verify = || {
        let verified = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .args(&paths)
            .output()
            .expect("systemd-analyze");
        // It only warns of a word it does not know.
        (verified.status.success(), said(&verified))
    };
    assert_eq!(verify(), (true, String::new()));
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "service")) {
        let judged = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=20", "--no-pager"])
            .arg(path)
            .output()
            .expect("systemd-analyze");
        assert!(judged.status.success(), "too open: {}", said(&judged));
    }
    // A control: a mistyped word is noticed.
    let text = fs::read_to_string(&paths[0]).expect("a unit");
    fs::write(&paths[0], text.replace("ProtectHome=", "ProtectHom=")).expect("a unit");
    assert!(verify().1.contains("ProtectHom"));
}

#[test]
fn installing_makes_the_user_and_settings_that_only_it_can_read() {
    if !has("systemd-sysusers") || !has("systemd-tmpfiles") || !is_root() {
        return;
    }
    let folder = installed();
    let etc = folder.path().join("etc");
    fs::create_dir_all(&etc).expect("a folder");
    let configure = || {
        let done = Command::new("sh")
            .arg(root("deploy/debian/postinst"))
            .arg("configure")
            .env("DPKG_ROOT", folder.path())
            .output()
            .expect("sh");
        assert!(done.status.success(), "{}", said(&done));
        fs::read_to_string(etc.join("turnout/turnout.toml")).expect("the settings")
    };
    let settings = configure();
    let users = fs::read_to_string(etc.join("passwd")).expect("the users");
    let user = users.lines().find(|line| line.starts_with("turnout:")).expect("the user");
    assert!(user.ends_with(":/var/lib/turnout:/usr/sbin/nologin"), "{user}");
    let mode = |path: &str| {
        let data = fs::metadata(folder.path().join(path)).expect("an entry");
        data.permissions().mode() & 0o777
    };
    assert_eq!(mode("etc/turnout/turnout.toml"), 0o600);
    assert_eq!(mode("var/lib/turnout"), 0o700);
    assert_eq!(mode("var/backups/turnout"), 0o700);
    // Each installation draws a key of its own, and keeps it.
    let parsed: toml::Table = settings.parse().expect("TOML");
    let key = parsed["default"]["secret_key"].as_str().expect("a key").to_owned();
    assert_eq!(key.len(), 44, "{key}");
    assert_eq!(configure(), settings, "an upgrade writes over the settings");
    fs::remove_file(etc.join("turnout/turnout.toml")).expect("no settings");
    assert!(!configure().contains(&key), "every installation has the same key");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_serves_by_the_packages_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("turnout.toml");
    let text = fs::read_to_string(root("deploy/turnout.toml")).expect("the settings");
    let key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    fs::write(&settings, text.replace("@SECRET_KEY@", key)).expect("the settings");
    let database = format!("sqlite://{}/turnout.db", folder.path().display());
    let settings = settings.display().to_string();
    let given = [("ROCKET_CONFIG", &*settings), ("TURNOUT_DATABASE_URL", &*database)];
    let said = tokio::task::block_in_place(|| run(folder.path(), &["migrate"], &given));
    assert!(said.ok, "{}", said.err);
    let server = Server::start_with(&database, folder.path(), &given[..1]).await;
    assert_eq!(server.get("/", &[]).await.expect("an answer").0, 200);
}

/// `Type=notify` and `WatchdogSec`: systemd starts what depends on it once it is ready, and replaces
/// it when it stands still.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_supervises_it_hears_that_it_is_ready_and_lives() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify").display().to_string();
    let socket = tokio::net::UnixDatagram::bind(&path).expect("a socket");
    let database = format!("sqlite://{}/turnout.db", folder.path().display());
    assert!(tokio::task::block_in_place(|| {
        run(folder.path(), &["migrate"], &[("TURNOUT_DATABASE_URL", &database)]).ok
    }));
    let settings = [("NOTIFY_SOCKET", &*path), ("WATCHDOG_USEC", "200000")];
    let server = Server::start_with(&database, folder.path(), &settings).await;
    let mut heard = Vec::new();
    while heard.len() < 4 {
        let mut message = [0; 64];
        let length = socket.recv(&mut message).await.expect("a message");
        heard.push(String::from_utf8_lossy(&message[..length]).into_owned());
    }
    assert_eq!(heard, ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]);
    drop(server);
}

/// What `cargo deb` makes of all this, where it is installed.
#[test]
fn cargo_deb_builds_what_the_manifest_says() {
    if Command::new("cargo-deb").arg("--version").output().is_err() {
        eprintln!("SKIPPED building the package: cargo-deb is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("target");
    fs::create_dir_all(target.join("release")).expect("a folder");
    // What is packed matters here, not how it was optimised.
    fs::write(target.join("release/turnout"), "#!/bin/sh\n").expect("a program");
    let built = Command::new("cargo-deb")
        .args(["deb", "--no-build", "--no-strip", "--output"])
        .arg(folder.path().join("turnout.deb"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .expect("cargo deb");
    assert!(built.status.success(), "{}", said(&built));
    let listed = Command::new("dpkg-deb")
        .arg("--contents")
        .arg(folder.path().join("turnout.deb"))
        .output()
        .expect("dpkg-deb");
    let listed = said(&listed);
    for path in ["./usr/bin/turnout", "./usr/lib/systemd/system/turnout.service"] {
        assert!(listed.contains(path), "no {path} in\n{listed}");
    }
    let scripts = Command::new("dpkg-deb")
        .arg("--ctrl-tarfile")
        .arg(folder.path().join("turnout.deb"))
        .output()
        .expect("dpkg-deb");
    assert!(scripts.status.success());
    for script in ["postinst", "prerm", "postrm"] {
        assert!(String::from_utf8_lossy(&scripts.stdout).contains(script), "no {script}");
    }
}
