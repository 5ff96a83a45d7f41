//! What somebody at a terminal meets: a mistyped setting is one line, and nothing is made by
//! mistake.

use std::fs;

use crate::support::program::run;

#[test]
fn a_command_without_a_database_says_how_to_make_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = [("TURNOUT_DATABASE_URL", "sqlite://mistyped.db")];
    for command in [
        &["doctor"][..],
        &["import", "."],
        &["staff", "list"],
        &["requests", "list"],
        &["receive-reply"],
        &["session", "capacity", "S001", "40"],
    ] {
        let said = run(folder.path(), command, &missing);
        assert!(!said.ok, "{command:?}");
        assert_eq!(
            said.err.trim().trim_start_matches("turnout: "),
            "there is no database at sqlite://mistyped.db; `turnout migrate` makes one",
            "{command:?}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "something was made");
    assert!(run(folder.path(), &["migrate"], &missing).ok);
    assert!(run(folder.path(), &["doctor"], &missing).ok);
}

#[tokio::test]
async fn an_empty_postgres_is_no_database_either() {
    let Ok(server) = std::env::var("TURNOUT_TEST_POSTGRES") else { return };
    let name = turnout::token::secret_uuid(&turnout::token::SystemRandom).simple();
    let name = format!("turnout_empty_{name}");
    turnout::store::create_postgres_database(&server, &name).await.expect("a database");
    let (start, _) = server.rsplit_once('/').expect("a URL");
    let url = format!("{start}/{name}");
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("DATABASE_URL", url.as_str())];
    let said = run(folder.path(), &["doctor"], &settings);
    assert!(!said.ok && said.err.contains("there is no database at"), "{}", said.err);
    assert!(run(folder.path(), &["migrate"], &settings).ok);
    assert!(run(folder.path(), &["doctor"], &settings).ok);
}

#[test]
fn an_address_that_cannot_work_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for url in [
        "https://example.org/training",
        "https://münchen.example",
        "https://[::1]:8443",
        "https://user:pw@example.org",
        "https://example.org?x=1",
        "https://",
    ] {
        let said = run(folder.path(), &["migrate"], &[("TURNOUT_PUBLIC_URL", url)]);
        assert!(!said.ok, "{url}");
        assert!(said.err.starts_with("turnout: TURNOUT_PUBLIC_URL: "), "{url}: {}", said.err);
        assert_eq!(said.err.trim().lines().count(), 1, "{url}: {}", said.err);
    }
}
