//! When a government moves its clocks, people still meet at the same wall time (C6), and calendars hear of it
//! once. When the site moves, they hear of that.

use std::{fs, sync::Arc};

use chrono::{Duration, NaiveDate};
use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        booking::book_places::book_places,
        calendars::stamp::stamp_everything,
        examine::examine,
        sessions::{
            announce::tell_gathered,
            change_session::{NewTimes, move_session, reschedule_session},
            follow_address::follow_address,
            follow_zones::follow_zones,
        },
    },
    calendar::Publisher,
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy::Together,
        session::Session,
    },
    mail::{Letterhead, reading::ReadLetter},
    store::session_changes,
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{attendee, request},
    program::run,
    web::client,
};

on_both_databases!(
    days_follow_the_clocks_and_everybody_is_told_once,
    a_time_that_is_there_no_more_is_left_to_an_organiser,
    whoever_has_links_is_told_of_another_address_once,
);

/// Ada leads and comes, and so does Ben.
async fn booked(turnout: &TestTurnout, code: &SessionCode) {
    let mut team = request(code, "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
}

fn calendar(letter: &ReadLetter) -> String {
    let ics = letter.calendar.clone().expect("a calendar");
    String::from_utf8(ics).expect("text").replace("\r\n ", "")
}

fn line(ics: &str, start: &str) -> String {
    let found = ics.lines().find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("{start} in {ics}")).to_owned()
}

/// SEQUENCE and LAST-MODIFIED of a session of one day.
async fn stamps(client: &Client) -> (String, String) {
    let feed = page(client, "/sessions/S1.ics").await;
    (line(&feed, "SEQUENCE:"), line(&feed, "LAST-MODIFIED:"))
}

async fn days_follow_the_clocks_and_everybody_is_told_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let true_to_the_clock = |session: &mut Session| {
        // As an older database had it, by which London's summer time began a day earlier.
        let day = &mut session.sittings[0];
        day.starts_at -= Duration::hours(1);
        day.ends_at -= Duration::hours(1);
    };
    let code = turnout.plan("S1", "first", 9, true_to_the_clock).await;
    let over = turnout
        .plan("S2", "first", 9, |session| {
            session.sittings[0] =
                turnout.sitting(1, (turnout.ctx.now() - Duration::days(3)).naive_utc());
            session.sittings[0].starts_at -= Duration::hours(1);
        })
        .await;
    booked(&turnout, &code).await;
    stamp_everything(&turnout.ctx).await.expect("stamps");
    let client = client(&turnout).await;
    let before = stamps(&client).await;
    let found = examine(&turnout.ctx).await.expect("a look");
    let rows: Vec<_> = found.iter().map(|one| one.row.as_str()).collect();
    assert!(rows.contains(&"S1 day 1"), "the doctor names it: {rows:?}");

    turnout.clock.advance(Duration::minutes(1));
    assert_eq!(follow_zones(&turnout.ctx).await.expect("a look"), 1, "what is over stays");
    let day = turnout.session(&code).await.sittings[0].clone();
    assert_eq!(day.starts_at.naive_utc(), day.starts, "London is on universal time in January");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2, "Ada and Ben, each once");
    for letter in &letters {
        assert!(letter.text.contains("The clocks of London time change otherwise than was known"));
        assert!(letter.text.contains("It stays at Sat 30 January 2027, 10am to noon"));
        let ics = calendar(letter);
        assert_eq!(line(&ics, "SEQUENCE:"), "SEQUENCE:1");
        assert!(line(&ics, "DTSTART;TZID").ends_with("20270130T100000"), "{ics}");
    }
    let after = stamps(&client).await;
    assert_ne!(after.0, before.0);
    assert!(after.1 > before.1, "{after:?} after {before:?}");
    assert_eq!(follow_zones(&turnout.ctx).await.expect("a look"), 0);
    assert_eq!(turnout.letters().await.len(), 0);
    let found = examine(&turnout.ctx).await.expect("a look");
    let rows: Vec<_> = found.iter().map(|one| one.row.as_str()).collect();
    assert_eq!(rows, ["S2 day 1"], "nothing but what is over, and stays as it was");
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let mut day = turnout.session(&over).await.sittings[0].clone();
    day.starts_at += Duration::hours(1);
    session_changes::set_times(&mut tx, &day).await.expect("its own time");
    tx.commit().await.expect("a commit");
    stamp_everything(&turnout.ctx).await.expect("stamps");
}

async fn a_time_that_is_there_no_more_is_left_to_an_organiser(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let skipped = |session: &mut Session| {
        // The clocks of London skip from one to two on this night.
        let night = NaiveDate::from_ymd_opt(2027, 3, 28).expect("a day");
        let day = &mut session.sittings[0];
        day.starts = night.and_hms_opt(1, 30, 0).expect("a time");
        day.ends = night.and_hms_opt(4, 0, 0).expect("a time");
        day.starts_at = day.starts.and_utc();
        day.ends_at = day.ends.and_utc();
    };
    let code = turnout.plan("S1", "first", 9, skipped).await;
    let before = turnout.session(&code).await.sittings[0].starts_at;
    assert_eq!(follow_zones(&turnout.ctx).await.expect("a look"), 0);
    assert_eq!(turnout.session(&code).await.sittings[0].starts_at, before);
    let found = examine(&turnout.ctx).await.expect("a look");
    assert!(found.iter().any(|one| one.row == "S1 day 1"), "{found:?}");
    // She chooses another on the page of other times.
    let starts = before.naive_utc() + Duration::hours(9);
    let times = [NewTimes { number: 1, starts, ends: starts + Duration::hours(2) }];
    reschedule_session(&turnout.ctx, &Actor::CommandLine, &code, &times, None)
        .await
        .expect("times");
    turnout.is_sound().await;
}

async fn whoever_has_links_is_told_of_another_address_once(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    let (publisher, letterhead) = (turnout.ctx.publisher.clone(), turnout.ctx.letterhead.clone());
    let told = async |turnout: &TestTurnout| follow_address(&turnout.ctx).await.expect("a look");
    assert_eq!(told(&turnout).await, 0, "the first start");
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    booked(&turnout, &code).await;
    stamp_everything(&turnout.ctx).await.expect("stamps");
    assert_eq!(told(&turnout).await, 0, "where it was");

    let url = "https://training.example.org".to_owned();
    turnout.ctx.publisher =
        Arc::new(Publisher { base_url: url.clone(), ..(*turnout.ctx.publisher).clone() });
    turnout.ctx.letterhead =
        Arc::new(Letterhead { base_url: url, ..(*turnout.ctx.letterhead).clone() });
    turnout.ctx.gather = Duration::minutes(2);
    turnout.clock.advance(Duration::minutes(1));
    assert_eq!(told(&turnout).await, 2);
    assert_eq!(told(&turnout).await, 0, "another node, or another start");
    // What changes within two minutes is in the same letter.
    let mill = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    move_session(&turnout.ctx, &Actor::CommandLine, &code, mill, None).await.expect("a move");
    stamp_everything(&turnout.ctx).await.expect("stamps");
    turnout.clock.advance(Duration::minutes(2));
    tell_gathered(&turnout.ctx).await.expect("a look");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2);
    for letter in &letters {
        let words = "This site has a new address: https://training.example.org .";
        assert!(letter.text.contains(words), "{}", letter.text);
        assert!(letter.text.contains("now The Mill"), "{}", letter.text);
        assert!(!letter.text.contains("https://turnout.example/"), "{}", letter.text);
        let ics = calendar(letter);
        assert!(ics.contains("https://training.example.org/e/"), "{ics}");
        assert!(!ics.contains("https://turnout.example/"), "{ics}");
        assert_eq!(line(&ics, "SEQUENCE:"), "SEQUENCE:1");
    }
    turnout.is_sound().await;

    // And back: they are told again.
    (turnout.ctx.publisher, turnout.ctx.letterhead) = (publisher, letterhead);
    turnout.ctx.gather = Duration::zero();
    assert_eq!(told(&turnout).await, 2);
    stamp_everything(&turnout.ctx).await.expect("stamps");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2);
    assert!(letters[0].text.contains("This site has a new address: https://turnout.example ."));
    turnout.is_sound().await;
}

#[test]
fn the_doctor_says_how_old_the_time_zones_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = [("TURNOUT_DATABASE_URL", "sqlite://turnout.db")];
    assert!(run(folder.path(), &["migrate"], &database).ok);
    let said = run(folder.path(), &["doctor"], &database);
    assert!(said.ok, "{}", said.err);
    let line = said.out.lines().find(|line| line.starts_with("Time zones: ")).expect("a line");
    let release = chrono_tz::IANA_TZDB_VERSION;
    assert!(line.contains(&format!("tz database {release}, ")), "{line}");
    let days = line.split(" days ago").next().and_then(|rest| rest.rsplit(' ').next());
    let dated = line.contains("released on ");
    let age = days.and_then(|days| days.parse::<i64>().ok());
    assert!(!dated || age.is_some_and(|days| days > 100), "{line}");
    assert!(line.contains("docs/configuration.md"), "{line}");
}

#[test]
fn the_step_that_updates_time_zones_is_the_one_in_the_documentation() {
    let at = |name: &str| {
        let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).expect("a file of ours")
    };
    let docs = at("docs/configuration.md");
    let (_, section) = docs.split_once("## Time zones").expect("a section");
    assert!(section.contains("cargo update -p chrono-tz"), "{section}");
    // The step does something only as long as no exact version is asked for, and one is locked.
    let asked = at("Cargo.toml");
    let asked = asked.lines().find(|line| line.starts_with("chrono-tz")).expect("a dependency");
    assert!(!asked.contains("\"="), "{asked}");
    assert_eq!(at("Cargo.lock").matches("name = \"chrono-tz\"\n").count(), 1);
}
