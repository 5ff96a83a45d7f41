//! Files from outside: whatever a spreadsheet saved is read, or it is said what to do about it,
//! with file, line and column, and everything at once.

use std::{fs, path::Path};

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        examine::examine,
        sessions::change_session::{NewTimes, cancel_session, reschedule_session},
    },
    cli::import::{self, Fault, ImportError, ImportReport, Letters},
    domain::{audit::Actor, staff::Role},
    mail::reading::ReadLetter,
    store::registrations,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    every_fault_is_told_at_once_with_its_place,
    a_row_that_changed_in_the_file_is_told_apart,
    rows_of_commas_are_nothing,
    a_booking_whose_rows_changed_is_told_apart,
    an_import_writes_to_nobody_unless_it_is_asked_to,
    a_booking_told_to_nobody_is_told_at_a_button,
    a_booking_told_to_nobody_is_told_by_its_first_change,
);

fn sample() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    import::sample::write_sample(folder.path()).expect("the sample");
    folder
}

/// Changes a file of the sample.
fn edit(folder: &Path, file: &str, change: impl FnOnce(String) -> String) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(path, change(text)).expect("a file");
}

/// Changes one line, counted from 1.
fn edit_line(folder: &Path, file: &str, number: usize, from: &str, to: &str) {
    edit(folder, file, |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = &mut lines[number - 1];
        assert!(line.contains(from), "{line}");
        *line = line.replacen(from, to, 1);
        lines.join("\r\n") + "\r\n"
    });
}

async fn load(turnout: &TestTurnout, folder: &Path) -> ImportReport {
    import::import(&turnout.ctx, folder, 0).await.expect("an import")
}

async fn faults(turnout: &TestTurnout, folder: &Path) -> Vec<Fault> {
    match import::import(&turnout.ctx, folder, 0).await {
        Err(ImportError::Faults(faults)) => faults.iter().cloned().collect(),
        other => panic!("no faults but {other:?}"),
    }
}

async fn every_fault_is_told_at_once_with_its_place(turnout: TestTurnout) {
    let folder = sample();
    edit_line(folder.path(), "alliances.csv", 5, "Europe/London", "BST");
    edit_line(folder.path(), "courses.csv", 2, "12.0", "\"12,0\"");
    edit_line(folder.path(), "sessions.csv", 3, "london-citizens", "londres");
    edit_line(folder.path(), "sessions.csv", 3, ",24,", ",0,");
    edit_line(folder.path(), "sittings.csv", 2, "2027-01-09T09:30", "09/01/2027 09:30");
    let found = faults(&turnout, folder.path()).await;
    let places: Vec<_> =
        found.iter().map(|one| (one.file, one.line, one.column.unwrap_or_default())).collect();
    assert_eq!(
        places,
        [
            ("alliances.csv", Some(5), "time_zone"),
            ("courses.csv", Some(2), "learning_hours"),
            ("sessions.csv", Some(3), "alliance"),
            ("sessions.csv", Some(3), "capacity"),
            ("sittings.csv", Some(2), "starts"),
        ],
        "{found:#?}"
    );
    assert!(found[0].message.contains("such as Europe/London"), "{}", found[0]);
    assert!(found[1].message.contains("12.0"), "{}", found[1]);
    assert!(found[4].message.contains("like 2027-01-09T09:30"), "{}", found[4]);
    let again = load(&turnout, sample().path()).await;
    assert_eq!(again.alliances.new, 13, "a refused import left something behind");
}

async fn a_row_that_changed_in_the_file_is_told_apart(turnout: TestTurnout) {
    let folder = sample();
    load(&turnout, folder.path()).await;
    edit_line(folder.path(), "institutions.csv", 3, "Peckham", "Camberwell");
    edit_line(folder.path(), "sessions.csv", 2, ",30,8,", ",28,8,");
    edit_line(folder.path(), "sittings.csv", 2, "T09:30", "T10:00");
    let again = load(&turnout, folder.path()).await;
    assert_eq!((again.institutions.known, again.institutions.changed.len()), (198, 1));
    let institution = &again.institutions.changed[0];
    assert_eq!((institution.line, institution.columns.as_slice()), (3, &["name"][..]));
    let session = &again.sessions.changed[0];
    assert_eq!(session.columns, ["capacity", "the days in sittings.csv"]);
    let said = again.to_string();
    assert!(said.contains("198 already there, 1 changed in the file"), "{said}");
    assert!(said.contains("left as it is: institutions.csv line 3, I0002: name"), "{said}");
    let kept = turnout.session(&"S001".parse().expect("a code")).await;
    assert_eq!(kept.occupancy.capacity, 30, "an import wrote over what was there");
}

async fn a_booking_whose_rows_changed_is_told_apart(turnout: TestTurnout) {
    let folder = sample();
    assert_eq!(load(&turnout, folder.path()).await.registrations.new, 96);
    edit_line(folder.path(), "registrations.csv", 3, "Chlo", "Klo");
    let again = load(&turnout, folder.path()).await;
    assert_eq!((again.registrations.new, again.registrations.changed.len()), (0, 1));
    assert_eq!(again.registrations.changed[0].line, 3);
}

async fn an_import_writes_to_nobody_unless_it_is_asked_to(turnout: TestTurnout) {
    let folder = sample();
    let said = load(&turnout, folder.path()).await.to_string();
    assert_eq!(turnout.subjects().await, Vec::<String>::new());
    assert!(said.contains("Letters: none were written. 96 new bookings"), "{said}");
    assert!(said.contains("--send-letters"), "{said}");
    assert_eq!(examine(&turnout.ctx).await.expect("a look"), []);
    let again = load(&turnout, folder.path()).await.to_string();
    assert!(again.ends_with("Letters: none were written."), "{again}");
    assert_eq!(turnout.subjects().await, Vec::<String>::new());

    edit(folder.path(), "registrations.csv", |text| {
        text + "S002,S002-99,,Zed Newcomer,zed@example.org,yes,,\r\n"
    });
    let asked = import::import_with(&turnout.ctx, folder.path(), 0, Letters::Written).await;
    let said = asked.expect("an import").to_string();
    assert!(said.ends_with("Letters: we write to the people of 1 new booking."), "{said}");
    let letters = turnout.subjects().await;
    assert!(!letters.is_empty() && letters.iter().all(|one| one.contains("zed@example.org")));
    assert_eq!(examine(&turnout.ctx).await.expect("a look"), []);
}

/// The calendar of a letter.
fn calendar(letter: &ReadLetter) -> String {
    letter.calendar.clone().map_or_else(String::new, |ics| String::from_utf8(ics).expect("text"))
}

async fn a_booking_told_to_nobody_is_told_at_a_button(turnout: TestTurnout) {
    load(&turnout, sample().path()).await;
    let code = "S001".parse().expect("a code");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let bookings = registrations::of_session(&mut conn, &code).await.expect("bookings");
    drop(conn);
    let reference = &bookings[0].reference;
    let login = turnout.account("keeper", Role::Administrator, &[]).await;
    let client = turnout.signed_in(&login).await;
    let path = format!("/office/bookings/{reference}");
    let shown = page(&client, &path).await;
    assert!(shown.contains("Not told yet") && shown.contains("Send the confirmation now"));
    let (status, _) = post(&client, &format!("{path}/resend"), "").await;
    assert_eq!(status, Status::SeeOther);
    let letters = turnout.letters().await;
    assert!(letters.iter().any(|one| one.subject.starts_with("You're booked")));
    let invites = letters.iter().filter(|one| calendar(one).contains("METHOD:REQUEST"));
    let invites: Vec<_> = invites.collect();
    assert!(!invites.is_empty());
    assert!(invites.iter().all(|one| calendar(one).contains("SEQUENCE:0")));
    assert!(page(&client, &path).await.contains("Send their letters again"));
    assert_eq!(examine(&turnout.ctx).await.expect("a look"), []);
}

async fn a_booking_told_to_nobody_is_told_by_its_first_change(turnout: TestTurnout) {
    load(&turnout, sample().path()).await;
    let code = "S001".parse().expect("a code");
    let session = turnout.session(&code).await;
    let later = session.sittings.iter().map(|day| NewTimes {
        number: day.number,
        starts: day.starts + Duration::days(21),
        ends: day.ends + Duration::days(21),
    });
    let times: Vec<_> = later.collect();
    let actor = Actor::CommandLine;
    reschedule_session(&turnout.ctx, &actor, &code, &times, None).await.expect("new times");
    let letters = turnout.letters().await;
    let invites: Vec<_> = letters.iter().map(calendar).filter(|one| !one.is_empty()).collect();
    assert!(!invites.is_empty());
    assert!(invites.iter().all(|one| one.contains("SEQUENCE:0") && one.contains("REQUEST")));
    assert_eq!(examine(&turnout.ctx).await.expect("a look"), []);

    let code = "S002".parse().expect("a code");
    cancel_session(&turnout.ctx, &actor, &code, None, None).await.expect("a cancellation");
    let letters = turnout.letters().await;
    let mut readers: Vec<_> = letters.iter().map(|one| one.to.as_str()).collect();
    let all = readers.len();
    readers.sort_unstable();
    readers.dedup();
    assert!(all > 0 && readers.len() == all, "each once");
    assert!(letters.iter().all(|one| one.calendar.is_none()), "no calendar has it");
    assert_eq!(examine(&turnout.ctx).await.expect("a look"), []);
}

async fn rows_of_commas_are_nothing(turnout: TestTurnout) {
    let folder = sample();
    edit(folder.path(), "alliances.csv", |text| text + ",,,\r\n , ,,\r\n\r\n");
    edit(folder.path(), "courses.csv", |text| {
        text.replacen("needs_guardian", "needs_guardian,,", 1)
    });
    assert_eq!(load(&turnout, folder.path()).await.alliances.new, 13);
}

#[tokio::test]
async fn what_other_spreadsheets_save_is_named_with_what_to_do() {
    let turnout = TestTurnout::on_sqlite().await;
    let separated = |by: char| {
        move |text: String| {
            let mut reader = csv(&text);
            let mut writer =
                ::csv::WriterBuilder::new().delimiter(by as u8).from_writer(Vec::new());
            reader.records().for_each(|row| {
                writer.write_record(&row.expect("a row")).expect("a row");
            });
            String::from_utf8(writer.into_inner().expect("bytes")).expect("text")
        }
    };
    for (by, name) in [(';', "semicolons"), ('\t', "tabs")] {
        let folder = sample();
        for file in ["alliances.csv", "sessions.csv"] {
            edit(folder.path(), file, separated(by));
        }
        let found = faults(&turnout, folder.path()).await;
        let told: Vec<_> =
            found.iter().filter(|one| one.message.contains(name)).map(|one| one.file).collect();
        assert_eq!(told, ["alliances.csv", "sessions.csv"], "{found:#?}");
    }
    for (file, bytes, words) in [
        ("staff.csv", b"PK\x03\x04...".to_vec(), "XLSX"),
        ("staff.csv", utf16("login,name"), "UTF-16"),
        ("staff.csv", b"login,name,email,role,alliances\r\na,Ren\xE9e,,,".to_vec(), "UTF-8"),
        ("staff.csv", b"sep=;\r\nlogin;name".to_vec(), "semicolons"),
        ("staff.csv", Vec::new(), "empty"),
    ] {
        let folder = sample();
        fs::write(folder.path().join(file), bytes).expect("a file");
        let found = faults(&turnout, folder.path()).await;
        assert!(found.iter().any(|one| one.message.contains(words)), "{words}: {found:#?}");
    }
}

fn csv(text: &str) -> ::csv::Reader<&[u8]> {
    ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes())
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[tokio::test]
async fn lines_are_counted_as_an_editor_counts_them() {
    let turnout = TestTurnout::on_sqlite().await;
    for end in ["\n", "\r\n", "\r"] {
        let folder = sample();
        edit_line(folder.path(), "alliances.csv", 5, "Europe/London", "BST");
        edit(folder.path(), "alliances.csv", |text| text.replace("\r\n", end));
        let found = faults(&turnout, folder.path()).await;
        assert_eq!(found[0].line, Some(5), "{end:?}");
    }
}

#[tokio::test]
async fn a_key_that_stands_twice_and_a_cell_too_many_are_faults() {
    let turnout = TestTurnout::on_sqlite().await;
    let folder = sample();
    edit(folder.path(), "staff.csv", |text| {
        let second = text.lines().nth(1).expect("a line").to_owned();
        text + &second + "\r\n" + "x,y,z@example.org,trainer,citizens-mk,and,more\r\n"
    });
    let found = faults(&turnout, folder.path()).await;
    assert!(found[0].message.contains("stands on line 2 already"), "{found:#?}");
    assert!(found[1].message.contains("7 cells, but the header names 6"), "{found:#?}");
}
