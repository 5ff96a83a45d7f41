//! The restore drill: what was saved under load comes back elsewhere, whole; and nothing is written
//! over by mistake.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use serde_json::json;
use turnout::{
    clock::{Clock, SystemClock},
    store::registrations,
};

use crate::support::{
    TestTurnout,
    program::{Said, run},
    server::Server,
};

/// A Turnout in a folder, with letters in a folder beside its database.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path("turnout.db").display())
    }

    /// Runs a command with this place's settings.
    fn run(&self, arguments: &[&str]) -> Said {
        let mail = format!("folder:{}", self.path("mail").display());
        let url = self.url();
        let settings = [
            ("TURNOUT_DATABASE_URL", &*url),
            ("TURNOUT_MAIL", &*mail),
            ("TURNOUT_PUBLIC_URL", "https://turnout.example"),
        ];
        run(self.folder.path(), arguments, &settings)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// What a command says on standard error, which is one line.
fn refusal(said: &Said) -> &str {
    assert!(!said.ok, "{}", said.out);
    let line = said.err.trim();
    assert_eq!(line.lines().count(), 1, "{line}");
    line
}

/// A season with a session far enough ahead to be booked by the real clock.
async fn with_a_session(turnout: TestTurnout) -> TestTurnout {
    let turnout = turnout.season().await.by_the_real_clock();
    let starts = SystemClock.now().naive_utc() + chrono::Duration::days(28);
    let days = vec![turnout.sitting(1, starts)];
    turnout.plan("S1", "first", 2000, |session| session.sittings = days).await;
    turnout
}

/// Whoever books waits as long as a busy machine takes: what is tested is what was answered.
const PATIENT: [(&str, &str); 3] = [
    ("TURNOUT_DATABASE_CONNECTION_SECONDS", "60"),
    ("TURNOUT_DATABASE_LOCK_SECONDS", "60"),
    ("TURNOUT_DATABASE_STATEMENT_SECONDS", "60"),
];

/// Books over the network until told to stop; the references that were answered.
async fn book_on(server: Arc<Server>, number: usize, answered: Arc<std::sync::Mutex<Vec<String>>>) {
    let key = format!("a-drill-that-nobody-guesses-{number}");
    let body = json!({
        "leader": {"name": "Ruth Okafor", "email": format!("leader{number}@example.org")},
        "team": "together",
        "places": [{"name": "Ruth Okafor", "email": format!("leader{number}@example.org")}, {}],
    });
    // Told to try again, she does, as the answer says; the key makes it the same booking.
    let mut answer = server.book("S1", &key, &body).await.expect("an answer");
    for _ in 0..20 {
        if answer.0 != 503 {
            break;
        }
        answer = server.book("S1", &key, &body).await.expect("an answer");
    }
    let (status, body) = answer;
    assert_eq!(status, 201, "{body}");
    let reference = body["reference"].as_str().expect("a reference").to_owned();
    answered.lock().expect("a list").push(reference);
}

/// Whatever was answered before `save` began is in what `restore` brings back, and that is sound.
async fn drill(
    server: Server,
    save: impl FnOnce() + Send + 'static,
    restore: impl FnOnce() -> String,
) {
    let (server, answered) = (Arc::new(server), Arc::default());
    let leader = |number| book_on(Arc::clone(&server), number, Arc::clone(&answered));
    for number in 0..20 {
        leader(number).await;
    }
    let mut rush: tokio::task::JoinSet<()> = (20..320).map(leader).collect();
    for _ in 0..40 {
        rush.join_next().await.expect("a task").expect("a booking");
    }
    let before = answered.lock().expect("a list").clone();
    tokio::task::spawn_blocking(save).await.expect("a backup");
    let meanwhile = answered.lock().expect("a list").len();
    while let Some(ended) = rush.join_next().await {
        ended.expect("a booking");
    }
    assert!(before.len() >= 60, "{}", before.len());
    assert!(meanwhile > before.len(), "nobody booked while it was saved");
    let restored = TestTurnout::at(&restore()).await;
    let mut conn = restored.ctx.store.read().await.expect("a connection");
    for reference in &before {
        let reference = reference.parse().expect("a reference");
        let found = registrations::find_by_reference(&mut conn, &reference).await;
        assert!(found.expect("a read").is_some(), "{reference} was answered and is gone");
    }
    drop(conn);
    restored.is_sound().await;
    restored.ctx.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_under_load_comes_back_elsewhere_on_sqlite() {
    let (live, other) = (Arc::new(Place::new()), Place::new());
    let turnout = with_a_session(TestTurnout::at(&live.url()).await).await;
    let server = Server::start_with(&turnout.url, live.folder.path(), &PATIENT).await;
    let file = other.path("saved.tar.gz");
    let shown = file.display().to_string();
    let (saving, to) = (Arc::clone(&live), shown.clone());
    let save = move || {
        let said = saving.run(&["backup", &to]);
        assert!(said.ok, "{}", said.err);
        assert!(said.out.contains("bookings and"), "the letters are missing: {}", said.out);
    };
    drill(server, save, || {
        let said = other.run(&["restore", &shown]);
        assert!(said.ok, "{}", said.err);
        assert!(said.out.contains("is as it was on"), "{}", said.out);
        other.url()
    })
    .await;
    let letters = fs::read_dir(other.path("mail")).expect("the letters").count();
    assert!(letters > 0, "what was sent is in the archive");
    let left = live.names().into_iter().find(|name| name.starts_with('.'));
    assert_eq!(left, None, "something was left beside the database");
    assert!(other.run(&["doctor"]).ok);
    turnout.ctx.store.close().await;
}

/// As `docs/operating.md` has it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_under_load_comes_back_elsewhere_on_postgres() {
    let Some(turnout) = TestTurnout::on_postgres().await else { return };
    if Command::new("pg_dump").arg("--version").output().is_err() {
        eprintln!("SKIPPED the restore drill on PostgreSQL: pg_dump is not installed");
        return;
    }
    let turnout = with_a_session(turnout).await;
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_with(&turnout.url, folder.path(), &PATIENT).await;
    let file = folder.path().join("turnout.dump").display().to_string();
    let (url, to) = (turnout.url.clone(), format!("--file={file}"));
    let save = move || {
        let saved = Command::new("pg_dump").args(["--format=custom", &to, &url]).output();
        let saved = saved.expect("pg_dump");
        assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
    };
    let (base, name) = turnout.url.rsplit_once('/').expect("a database in the URL");
    let elsewhere = format!("{name}_restored");
    turnout::store::create_postgres_database(&turnout.url, &elsewhere).await.expect("a database");
    drill(server, save, || {
        let to = format!("{base}/{elsewhere}");
        let restored = Command::new("pg_restore")
            .args(["--no-owner", "--exit-on-error", &format!("--dbname={to}"), &file])
            .output()
            .expect("pg_restore");
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        to
    })
    .await;
}

/// A place with an empty database and a letter, and a backup of it.
fn saved() -> (Place, String) {
    let place = Place::new();
    assert!(place.run(&["migrate"]).ok);
    fs::create_dir(place.path("mail")).expect("a folder");
    fs::write(place.path("mail/one.eml"), "Subject: One").expect("a letter");
    let file = place.path("saved.tar.gz").display().to_string();
    let said = place.run(&["backup", &file]);
    assert!(said.ok, "{}", said.err);
    assert_eq!(said.out.trim(), format!("{file} holds 0 bookings and 1 letter."));
    (place, file)
}

#[test]
fn a_backup_writes_over_nothing_and_is_for_its_owner_alone() {
    let (place, file) = saved();
    let before = fs::read(&file).expect("a backup");
    let said = place.run(&["backup", &file]);
    assert_eq!(refusal(&said), format!("turnout: {file} is there already; choose another name"));
    assert_eq!(fs::read(&file).expect("a backup"), before);
    let said = place.run(&["backup", "no/such/folder/saved.tar.gz"]);
    assert!(refusal(&said).contains("nothing can be written into no/such/folder"), "{}", said.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).expect("a backup").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "others may read everybody's needs");
    }
    // Any machine opens it.
    let listed = Command::new("tar").args(["-tzf", &file]).output().expect("tar");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert_eq!(listed.lines().collect::<Vec<_>>(), ["label.json", "turnout.db", "mail/one.eml"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_writes_over_nothing_unless_told_and_never_over_a_database_in_use() {
    let (place, file) = saved();
    let database = place.path("turnout.db");
    let said = tokio::task::block_in_place(|| place.run(&["restore", &file]));
    let shown = database.display();
    let expected =
        format!("turnout: there is a database at {shown}; --replace puts the backup in its place");
    assert_eq!(refusal(&said), expected);
    let server = Server::start_with(&place.url(), place.folder.path(), &PATIENT).await;
    let said = tokio::task::block_in_place(|| place.run(&["restore", "--replace", &file]));
    assert_eq!(refusal(&said), format!("turnout: {shown} is in use; stop the server first"));
    server.kill();
    fs::write(place.path("mail/two.eml"), "Subject: Two").expect("a letter");
    let said = tokio::task::block_in_place(|| place.run(&["restore", "--replace", &file]));
    assert!(said.ok, "{}", said.err);
    let names = place.names();
    let kept: Vec<_> = names.iter().filter(|name| name.contains(".replaced-")).collect();
    assert_eq!(kept.len(), 2, "what was there is kept: {names:?}");
    assert_eq!(names.len(), 5, "{names:?}");
    let old = kept.iter().find(|name| name.starts_with("mail")).expect("the old letters");
    assert!(place.path(old).join("two.eml").exists());
    assert!(place.path("mail/one.eml").exists() && !place.path("mail/two.eml").exists());
    assert!(tokio::task::block_in_place(|| place.run(&["doctor"])).ok);
}

#[test]
fn letters_without_a_database_are_in_the_way_too() {
    let (place, file) = saved();
    fs::remove_file(place.path("turnout.db")).expect("no database");
    assert!(refusal(&place.run(&["restore", &file])).contains("there are letters in"));
    fs::remove_file(place.path("mail/one.eml")).expect("no letter");
    assert!(place.run(&["restore", &file]).ok, "an empty folder is in nobody's way");
    assert!(place.path("mail/one.eml").exists());
}

/// What an archive holds; nothing where its own checksum does not stand.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut whole).ok().map(|_| whole)
}

#[test]
fn a_damaged_archive_brings_nothing_back() {
    let (from, file) = saved();
    let whole = fs::read(&file).expect("a backup");
    let damaged = |bytes: &[u8]| {
        let other = Place::new();
        let file = other.path("damaged.tar.gz");
        fs::write(&file, bytes).expect("a file");
        let said = other.run(&["restore", &file.display().to_string()]);
        assert!(refusal(&said).contains("is damaged, or no backup of Turnout"), "{}", said.err);
        assert_eq!(other.names(), ["damaged.tar.gz"], "something was left behind");
    };
    damaged(b"");
    damaged(b"PK\x03\x04");
    let tenths = (1..10).map(|tenth| whole.len() * tenth / 10);
    for part in tenths.chain([whole.len() - 4]) {
        damaged(&whole[..part]);
        let mut flipped = whole.clone();
        flipped[part] ^= 0x10;
        // Where zeros are copied from zeros, another distance packs the same: nothing is damaged then.
        if unpacked(&flipped) != unpacked(&whole) {
            damaged(&flipped);
        }
    }
    let said = from.run(&["restore", "missing.tar.gz"]);
    assert!(!said.ok);
    assert!(Place::new().run(&["restore", &file]).ok, "the whole one does come back");
}

#[test]
fn a_database_that_is_damaged_is_not_saved_as_if_it_were_whole() {
    let (place, _) = saved();
    let database = place.path("turnout.db");
    let mut bytes = fs::read(&database).expect("a database");
    let half = bytes.len() / 2;
    bytes[half..].fill(0x5A);
    fs::write(&database, bytes).expect("a database");
    let said = place.run(&["backup", "second.tar.gz"]);
    assert!(refusal(&said).contains(&database.display().to_string()), "{}", said.err);
    assert_eq!(place.names(), ["mail", "saved.tar.gz", "turnout.db"]);
}

#[test]
fn backups_in_a_folder_are_named_by_their_time_and_the_oldest_go() {
    let (place, _) = saved();
    let folder = place.path("backups");
    fs::create_dir(&folder).expect("a folder");
    for day in ["20200101", "20200102", "20200103"] {
        fs::write(folder.join(format!("turnout-{day}T020000Z.tar.gz")), "").expect("a file");
    }
    fs::write(folder.join("something-else.tar.gz"), "").expect("a file");
    let said = place.run(&["backup", "--into", "backups", "--keep", "2"]);
    assert!(said.ok, "{}", said.err);
    let mut names: Vec<_> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[..2], ["something-else.tar.gz", "turnout-20200103T020000Z.tar.gz"]);
    assert_ne!(fs::metadata(folder.join(&names[2])).expect("a backup").len(), 0);
}

#[test]
fn what_cannot_be_saved_says_what_to_do() {
    let place = Place::new();
    let said = place.run(&["backup", "saved.tar.gz"]);
    assert!(refusal(&said).contains("there is no database at"), "{}", said.err);
    assert!(place.names().is_empty(), "something was made");
    let settings = [("DATABASE_URL", "postgres://turnout@127.0.0.1/turnout")];
    for command in ["backup", "restore"] {
        let said = run(place.folder.path(), &[command, "saved.tar.gz"], &settings);
        assert!(refusal(&said).contains("pg_dump --format=custom"), "{}", said.err);
    }
}

/// The backup before an upgrade is the way back from it, so it is of the old database as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_newer_version_is_refused_by_an_older_one() {
    let (place, _) = saved();
    let shown: &Path = &place.path("turnout.db");
    let url = format!("sqlite://{}", shown.display());
    let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.expect("one");
    let text = "insert into _sqlx_migrations (version, description, success, checksum,
        execution_time) values (20990101000000, 'from the future', true, x'00', 0)";
    sqlx::query(text).execute(&mut conn).await.expect("a row");
    sqlx::Connection::close(conn).await.expect("closed");
    tokio::task::block_in_place(|| {
        assert!(place.run(&["backup", "future.tar.gz"]).ok, "a backup judges no version");
        let other = Place::new();
        let file = place.path("future.tar.gz").display().to_string();
        let said = other.run(&["restore", &file]);
        assert!(refusal(&said).contains("newer than this program"), "{}", said.err);
        assert!(other.names().is_empty());
    });
}
