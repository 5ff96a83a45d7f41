//! Settings that cannot be used: one line each, which names the key and says what to write.

use std::fs;

use crate::support::program::{Said, run};

/// The one line with which a command refuses.
fn refusal(said: &Said) -> String {
    assert!(!said.ok, "{}", said.out);
    let lines: Vec<_> = said.err.lines().collect();
    assert_eq!(lines.len(), 1, "{}", said.err);
    lines[0].to_owned()
}

#[test]
fn every_setting_that_cannot_be_used_is_one_line_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for (key, value, words) in [
        ("TURNOUT_HOLD_MINUTES", "soon", "must be a number of minutes from 1 to 120"),
        ("TURNOUT_HOLD_MINUTES", "0", "must be a number of minutes from 1 to 120"),
        ("TURNOUT_HOLD_MINUTES", "", "must be a number of minutes from 1 to 120"),
        ("TURNOUT_HOLD_MINUTES", "true", "must be a number of minutes from 1 to 120"),
        ("TURNOUT_HOLD_MINUTES", "99999999999999999999", "must be a number of minutes"),
        ("TURNOUT_OFFER_HOURS", "1.5", "must be a number of hours from 1 to 336"),
        ("TURNOUT_MAIL_CONNECTIONS", "-1", "must be a number from 1 to 100"),
        ("TURNOUT_MAIL_FROM", "nobody", "must be an e-mail address"),
        ("TURNOUT_OFFICE_EMAIL", "nobody", "must be an e-mail address"),
        ("TURNOUT_REMINDER_DAYS", "7;1", "must be numbers of days from 1 to 60"),
        ("TURNOUT_GATHER_SECONDS", "3601", "must be a number of seconds from 0 to 3600"),
        ("TURNOUT_CHECK_IN_HOURS", "337", "must be a number of hours from 0 to 336"),
        ("TURNOUT_RATE_LIMITS", "perhaps", "must be on or off"),
        ("TURNOUT_DEMO", "perhaps", "must be true or false"),
        ("TURNOUT_LOG", "xml", "must be json or text"),
        ("TURNOUT_LOG_LEVEL", "turnout=loud", "must be error, warn, info, debug or trace"),
        ("TURNOUT_PUBLIC_URL", "training.example.org", ""),
        ("TURNOUT_DATABASE_URL", "mysql://x", "must start with sqlite: or postgres:"),
        ("ROCKET_PORT", "http", "must be a number from 0 to 65535"),
        ("ROCKET_PORT", "70000", "must be a number from 0 to 65535"),
        ("ROCKET_ADDRESS", "everywhere", "must be an IP address"),
        ("ROCKET_SECRET_KEY", "short", "must be 256 bits in base64"),
        ("ROCKET_LOG_LEVEL", "loud", "must be off, critical, normal or debug"),
        ("ROCKET_WORKERS", "many", "must be a number of threads"),
        ("ROCKET_LIMITS", "{form=\"64 gallons\"}", "must be a table of sizes"),
        ("ROCKET_CONFIG", "/no/such/file.toml", "there is no file /no/such/file.toml"),
    ] {
        let line = refusal(&run(folder.path(), &["migrate"], &[(key, value)]));
        assert!(line.starts_with(&format!("turnout: {key}: ")), "{key}={value}: {line}");
        assert!(line.contains(words), "{key}={value}: {line}");
    }
    assert!(fs::read_dir(folder.path()).expect("a folder").next().is_none(), "nothing was made");
}

#[test]
fn a_key_that_nobody_reads_is_refused_with_the_nearest_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    for (key, near) in [
        ("TURNOUT_PUBLIC_ULR", "did you mean TURNOUT_PUBLIC_URL?"),
        ("TURNOUT_MAILFROM", "did you mean TURNOUT_MAIL_FROM?"),
        ("TURNOUT_HOLD_MINUTE", "did you mean TURNOUT_HOLD_MINUTES?"),
        ("TURNOUT_XYZZY_PLUGH_AND_THE_REST", "docs/configuration.md lists those there are"),
        ("ROCKET_PROT", "did you mean ROCKET_PORT?"),
        ("ROCKET_SECRETKEY", "did you mean ROCKET_SECRET_KEY?"),
    ] {
        let line = refusal(&run(folder.path(), &["migrate"], &[(key, "1")]));
        assert_eq!(line, format!("turnout: {key}: there is no such setting; {near}"));
    }
    for beside in ["TURNOUT_TEST_POSTGRES", "TURNOUT_BENCH_KEEP", "TURNOUT_BIN"] {
        let said = run(folder.path(), &["migrate"], &[(beside, "1")]);
        assert!(said.ok, "{beside} is for tests: {}", said.err);
    }
}

#[test]
fn a_file_of_settings_is_read_as_strictly_and_the_line_says_which() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("Rocket.toml");
    for (text, words) in [
        ("[default.turnout]\nhold_minute = 5", "did you mean TURNOUT_HOLD_MINUTES?"),
        ("[default.turnout]\nhold_minutes = \"5\"", "TURNOUT_HOLD_MINUTES: must be"),
        ("[default.turnout]\noffice_phone = 5", "TURNOUT_OFFICE_PHONE: must be"),
        ("[default]\nport = \"http\"", "ROCKET_PORT: must be"),
    ] {
        fs::write(&file, text).expect("a file");
        let line = refusal(&run(folder.path(), &["migrate"], &[]));
        assert!(line.contains(words) && line.contains("Rocket.toml"), "{text}: {line}");
    }
    fs::write(&file, "[default\nport = 1").expect("a file");
    assert!(refusal(&run(folder.path(), &["migrate"], &[])).contains("configuration: "));
}

#[test]
fn the_environment_wins_over_every_table_and_keeps_what_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "[default.turnout]\nhold_minutes = 500\n[release.turnout]\nhold_minutes = 600\n\
                database_url = \"sqlite://wrong.db\"";
    fs::write(folder.path().join("Rocket.toml"), text).expect("a file");
    let settings = [
        ("ROCKET_PROFILE", "release"),
        ("TURNOUT_HOLD_MINUTES", "20"),
        ("TURNOUT_DATABASE_URL", "sqlite://right.db"),
        // Digits are no number where a text is asked for.
        ("TURNOUT_OFFICE_PHONE", "02079460123"),
        ("TURNOUT_REPLY_MAILBOX_PASSWORD", "1234"),
    ];
    let said = run(folder.path(), &["migrate"], &settings);
    assert!(said.ok, "{}", said.err);
    assert!(folder.path().join("right.db").exists() && !folder.path().join("wrong.db").exists());
}

/// What a release needs, all of it right.
const RELEASE: [(&str, &str); 6] = [
    ("ROCKET_PROFILE", "release"),
    ("ROCKET_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
    ("TURNOUT_PUBLIC_URL", "https://training.example.org"),
    ("TURNOUT_MAIL", "smtps://user:hunter2@mail.example.org"),
    ("TURNOUT_MAIL_FROM", "training@example.org"),
    ("TURNOUT_OFFICE_PHONE", "020 7946 0999"),
];

/// The refusal of a release with one setting taken away, or another in its place.
fn without(key: &str, instead: Option<&str>) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings: Vec<_> = RELEASE.into_iter().filter(|(name, _)| *name != key).collect();
    settings.extend(instead.map(|value| (key, value)));
    refusal(&run(folder.path(), &["serve"], &settings))
}

#[test]
fn a_release_does_not_serve_with_what_is_good_enough_to_try_it() {
    for (key, instead, words) in [
        ("ROCKET_SECRET_KEY", None, "is missing; make one with `openssl rand -base64 32`"),
        ("TURNOUT_PUBLIC_URL", None, "is missing; write an address such as"),
        ("TURNOUT_MAIL", None, "is missing; write smtp://USER:PASSWORD@HOST"),
        ("TURNOUT_MAIL", Some("smtp://u:hunter2@mail.example.org:25"), "in clear"),
        ("TURNOUT_MAIL_FROM", None, "is the sample's"),
        ("TURNOUT_MAIL_FROM", Some("trainings@turnout.example"), "is the sample's"),
        ("TURNOUT_OFFICE_PHONE", None, "is the sample's"),
        ("TURNOUT_OFFICE_PHONE", Some("02079460142"), "is the sample's"),
    ] {
        let line = without(key, instead);
        assert!(line.starts_with(&format!("turnout: {key}: ")), "{line}");
        assert!(line.contains(words) && !line.contains("hunter2"), "{line}");
    }
    // With all of it right, what is missing is the database.
    assert!(without("ROCKET_PORT", None).contains("`turnout migrate` makes one"));
}
