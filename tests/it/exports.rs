//! Everything out, in the format it came in, and back: nothing is lost on the way.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        catalogue::pledge::pledge,
    },
    cli::{
        export::{Export, export},
        import::{self, sample::write_sample},
    },
    domain::{
        audit::Actor,
        location::Location,
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
        page_words::DayWords,
        place::PlaceStatus,
        registration::Sender,
        session::{BookingMode, Publication, Session},
        text::{Line, Paragraph},
    },
};

use crate::support::{
    TestTurnout,
    plan::{attendee, leader, name, request, sender},
    program::run,
};

on_both_databases!(
    what_is_exported_and_imported_elsewhere_is_exported_the_same,
    an_export_read_back_where_it_came_from_changes_nothing,
    the_sample_comes_out_as_it_went_in,
    a_season_is_the_sessions_that_begin_in_it,
);

/// Exports into a folder that appears now.
async fn out(turnout: &TestTurnout, folder: &Path, name: &str) -> PathBuf {
    let dir = folder.join(name);
    export(&turnout.ctx, &Export::all(dir.clone())).await.expect("an export");
    dir
}

/// The files that an import reads, by name.
fn read_back(dir: &Path) -> BTreeMap<String, String> {
    let beside = ["help_requests.csv", "places.csv", "pledges.csv", "walk_ins.csv"];
    let entries = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("a file"));
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry));
    named
        .filter(|(name, _)| !beside.contains(&&**name))
        .map(|(name, entry)| (name, fs::read_to_string(entry.path()).expect("a text")))
        .collect()
}

/// One column of a file: a code may stand by chance inside a drawn reference.
fn column(file: &str, name: &str) -> Vec<String> {
    let mut rows = csv::Reader::from_reader(file.as_bytes());
    let heads = rows.headers().expect("a heading");
    let at = heads.iter().position(|head| head == name).expect("a column");
    rows.records().map(|row| row.expect("a row")[at].to_owned()).collect()
}

/// A database of the same kind, with nothing in it.
async fn another(turnout: &TestTurnout) -> Option<TestTurnout> {
    match turnout.url.starts_with("sqlite") {
        true => Some(TestTurnout::on_sqlite().await),
        false => TestTurnout::on_postgres().await,
    }
}

fn worded(session: &mut Session) {
    session.words.directions = Some("Bus 2, then on foot\nPark behind it".to_owned());
    session.words.days =
        vec![DayWords { title: Some("Power; people".to_owned()), note: Some("Tea".to_owned()) }];
}

/// A season in which everything stands that a file must carry: words with commas, quotes and line
/// breaks, people without a name, a queue, somebody who decides, what is over and what is called off.
async fn rich(turnout: TestTurnout) -> TestTurnout {
    let turnout = turnout.season().await;
    accounts(&turnout).await;

    let instant = turnout.plan("S1", "first", 4, |session| {
        session.note = Some("Bring a pen, \"a good one\"".to_owned());
        worded(session);
        session.access = vec!["step-free".to_owned(), "hearing loop".to_owned()];
        session.places_per_institution = Some(9);
        session.on_decline = turnout::domain::reply::OnDecline::Ask;
        session.changes_close = Some(turnout.ctx.now() + chrono::Duration::days(20));
    });
    let instant = instant.await;
    let decided = turnout.plan("S2", "second", 5, |session| session.mode = BookingMode::Approval);
    let decided = decided.await;
    turnout
        .plan("S3", "first", 5, |session| {
            session.location = Location::Online { room: "https://meet.example/a?b=c,d".to_owned() };
            session.waiting_list = false;
            session.publication = Publication::Draft;
        })
        .await;
    let at = turnout.ctx.now();
    let reason = "The roof leaks,\nbadly".to_owned();
    let off = Publication::Cancelled { at, reason };
    turnout.plan("S4", "first", 5, |session| session.publication = off).await;

    let book = async |mut asked: turnout::actions::booking::book_places::BookRequest| {
        asked.vouched = true;
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        booked.registration
    };
    let mut first = request(&instant, "Ada Obi", 2, Together);
    let mut who = attendee("Małgorzata \"Gosia\" Nowak");
    who.dietary = Line::parse_optional("no nuts, severe; EpiPen").expect("a need");
    who.ticks.allergy = true;
    who.guardian = Some(turnout::domain::attendee::Guardian {
        name: name("Ewa Nowak"),
        contact: name("07700 900123"),
    });
    first.attendees = vec![Some(who), None];
    first.leader.phone = Some("07700 900456".parse().expect("a number"));
    first.sender = Sender::NotListed(name("St Mary's, Cowley"));
    book(first).await;
    book(request(&instant, "Ben Cole", 4, AsManyAsPossible)).await;
    book(request(&instant, "Cleo Diaz", 3, Together)).await;
    let mut alone = request(&instant, "Dora Ek", 1, Together);
    alone.attendees = vec![Some(attendee("Dora Ek"))];
    alone.leader = leader("Dora Ek");
    alone.sender = sender(2);
    let alone = book(alone).await;
    assert_eq!(alone.places_in(PlaceStatus::Waiting).count(), 1);
    let mut asks = request(&decided, "Eve Fry", 2, Together);
    asks.nomination = Paragraph::parse_optional("She led two actions,\nand more").expect("words");
    book(asks).await;
    let gone = book(request(&instant, "Flo Gray", 1, Together)).await;
    cancel_places(&turnout.ctx, &Actor::Leader, gone.id, Which::All, None).await.expect("gone");
    walked(&turnout).await;
    let code = sender(1).code().expect("a code").clone();
    pledge(&turnout.ctx, &Actor::CommandLine, &instant, &code, 12, None).await.expect("a pledge");
    turnout
}

/// A path in two versions, and somebody on the first, who did something elsewhere.
async fn walked(turnout: &TestTurnout) {
    let browser = crate::paths::office(turnout).await;
    let ada = crate::paths::put_ada_on(&browser).await;
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=action&title=Assembly%2C+%22big%22&done_on={day}&hours=1.5");
    crate::support::browser::post(&browser, &format!("{ada}/records"), &body).await;
    let edit = "/office/paths/community-organiser/edit";
    let body = "training=6&actions=Assembly%0AResearch";
    crate::support::browser::post(&browser, edit, body).await;
}

/// Accounts of every kind, one of them closed.
async fn accounts(turnout: &TestTurnout) {
    let boss = turnout.account("ada", turnout::domain::staff::Role::Administrator, &[]).await;
    turnout.account("ruth", turnout::domain::staff::Role::Organiser, &["oxford"]).await;
    let gone = turnout.account("gone", turnout::domain::staff::Role::Trainer, &["oxford"]).await;
    let disable = turnout::actions::staff::disable_account::disable_account;
    disable(&turnout.ctx, &Actor::Staff(boss), &gone).await.expect("a closed account");
}

async fn what_is_exported_and_imported_elsewhere_is_exported_the_same(turnout: TestTurnout) {
    let turnout = rich(turnout).await;
    let folder = tempfile::tempdir().expect("a folder");
    let first = out(&turnout, folder.path(), "first").await;
    let Some(other) = another(&turnout).await else { return };
    // Some of it is over by the time it is read elsewhere.
    other.clock.advance(chrono::Duration::days(40));
    let report = import::import(&other.ctx, &first, 0).await.expect("an import");
    assert_eq!(report.refused, Vec::<String>::new());
    assert_eq!(report.places, 2 + 4 + 3 + 1 + 2);
    let second = out(&other, folder.path(), "second").await;
    let (before, after) = (read_back(&first), read_back(&second));
    assert_eq!(before.len(), 22, "{:?}", before.keys());
    for (file, text) in &before {
        assert_eq!(Some(text), after.get(file), "{file}");
    }
    let bookings = &before["registrations.csv"];
    for words in ["no nuts, severe; EpiPen", "St Mary's, Cowley", "07700 900456", "Ewa Nowak"] {
        assert!(bookings.contains(words), "no {words} in\n{bookings}");
    }
    assert!(before["sessions.csv"].contains("The roof leaks,\nbadly"));
    assert!(
        before["staff.csv"].lines().any(|line| line.starts_with("gone,") && line.ends_with(",yes"))
    );
    // What nobody reads back says what became of it, and what was promised.
    let places = fs::read_to_string(first.join("places.csv")).expect("a text");
    assert!(places.lines().any(|line| line.contains("Flo Gray") && line.contains(",cancelled,")));
    let pledges = fs::read_to_string(first.join("pledges.csv")).expect("a text");
    assert!(pledges.contains("S1,I0001,12,"), "{pledges}");
    assert!(other.letters().await.is_empty(), "somebody was written to");
    other.is_sound().await;
}

async fn an_export_read_back_where_it_came_from_changes_nothing(turnout: TestTurnout) {
    let turnout = rich(turnout).await;
    let folder = tempfile::tempdir().expect("a folder");
    let dir = out(&turnout, folder.path(), "first").await;
    let report = import::import(&turnout.ctx, &dir, 0).await.expect("an import");
    assert_eq!((report.places, report.refused.len()), (0, 0), "{report}");
    assert_eq!((report.registrations.new, report.registrations.changed.len()), (0, 0));
    let again = out(&turnout, folder.path(), "again").await;
    assert_eq!(read_back(&dir), read_back(&again));
}

async fn the_sample_comes_out_as_it_went_in(turnout: TestTurnout) {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = folder.path().join("sample");
    write_sample(&sample).expect("the sample");
    import::import(&turnout.ctx, &sample, 0).await.expect("an import");
    let exported = out(&turnout, folder.path(), "exported").await;
    for file in [
        "alliances",
        "institutions",
        "courses",
        "staff",
        "sessions",
        "sittings",
        "questions",
        "help",
        "answers",
    ] {
        let file = format!("{file}.csv");
        assert_eq!(
            rows(&sample.join(&file), None),
            rows(&exported.join(&file), Some(&sample.join(&file))),
            "{file}"
        );
    }
    let report = import::import(&turnout.ctx, &exported, 0).await.expect("an import");
    assert_eq!((report.registrations.new, report.registrations.changed.len()), (0, 0), "{report}");
    assert_eq!(report.sessions.changed.len(), 0, "{report}");
}

/// A cell; one that lists alliances lists them in any order.
fn list(column: &str, cell: &str) -> String {
    let mut parts: Vec<_> = cell.split(';').collect();
    if column == "alliances" {
        parts.sort_unstable();
    }
    parts.join(";")
}

/// The rows of a file in any order, each with the columns of `like` alone.
fn rows(file: &Path, like: Option<&Path>) -> BTreeSet<Vec<(String, String)>> {
    let header = |path: &Path| -> Vec<String> {
        let mut reader = csv::Reader::from_path(path).expect("a file");
        reader.headers().expect("a header").iter().map(str::to_owned).collect()
    };
    let (own, wanted) = (header(file), header(like.unwrap_or(file)));
    let mut reader = csv::Reader::from_path(file).expect("a file");
    let records = reader.records().map(|record| record.expect("a row"));
    records
        .map(|record| {
            let cells =
                own.iter().zip(&record).map(|(column, cell)| (column.clone(), list(column, cell)));
            cells.filter(|(column, _)| wanted.contains(column)).collect()
        })
        .collect()
}

async fn a_season_is_the_sessions_that_begin_in_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for (code, day) in [("S1", 1), ("S2", 28), ("S3", 60)] {
        let starts = crate::support::start().naive_utc() + chrono::Duration::days(day);
        let days = vec![turnout.sitting(1, starts)];
        let session = turnout.plan(code, "first", 5, |session| session.sittings = days).await;
        let asked = request(&session, &format!("Leader {code}"), 1, Together);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("season");
    let date = |text: &str| text.parse().expect("a date");
    let season = Export::all(dir.clone()).between(date("2027-01-30"), date("2027-02-28"));
    let said = export(&turnout.ctx, &season).await.expect("an export");
    assert!(said.contains("1 session, 1 place"), "{said}");
    let files = read_back(&dir);
    assert_eq!(column(&files["sessions.csv"], "code"), ["S2"]);
    assert_eq!(column(&files["registrations.csv"], "session"), ["S2"]);
    assert_eq!(files["institutions.csv"].lines().count(), 4, "the catalogue is whole");
}

#[test]
fn an_export_writes_over_nothing_and_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("TURNOUT_DATABASE_URL", "sqlite://turnout.db")];
    assert!(run(folder.path(), &["migrate"], &settings).ok);
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let said = run(folder.path(), &["export", "out"], &settings);
    assert!(said.ok && said.out.contains("out holds 0 sessions"), "{}{}", said.out, said.err);
    let mode = |path: &str| {
        let data = fs::metadata(folder.path().join(path)).expect("an entry");
        data.permissions().mode() & 0o777
    };
    assert_eq!((mode("out"), mode("out/staff.csv")), (0o700, 0o600));
    let said = run(folder.path(), &["export", "out"], &settings);
    assert_eq!(said.err.trim(), "turnout: out is there already; name a folder that is not");
}
