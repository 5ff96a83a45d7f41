//! Files that an organiser brings in: whatever her spreadsheet saved is looked through, imported as a whole or
//! not at all, and taken back as one for a day.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places, people::know_people::know_people,
        retention::erase_due::erase_due,
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    everything,
    plan::request,
    sheets::{archive, ods, upload, xlsx},
};

on_both_databases!(
    what_a_school_sends_is_booked_and_taken_back_as_one,
    institutions_of_a_workbook_are_all_made_or_none,
    a_term_of_an_ods_becomes_drafts,
    people_are_known_beforehand_once,
    what_cannot_be_read_is_said_beside_the_file,
    nobody_sees_what_somebody_else_brings,
    what_a_file_holds_is_forgotten_within_a_day,
);

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

/// Brings a file in; the address of its page.
async fn brought(browser: &Client, fields: &[(&str, &str)], file: (&str, &[u8])) -> String {
    let (status, to) = upload(browser, fields, file).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    to
}

async fn made(browser: &Client, here: &str, body: &str) {
    let (status, to) = post(browser, &format!("{here}/make"), body).await;
    assert_eq!(status, Status::SeeOther, "{to}");
}

/// How many rows a table has, as far as SQL says.
async fn count(turnout: &TestTurnout, table: &str) -> usize {
    everything(turnout).await[table].len()
}

async fn what_a_school_sends_is_booked_and_taken_back_as_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let ada = request(&code, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, ada).await.expect("a booking");
    turnout.letters().await;
    let browser = organiser(&turnout).await;
    // As Excel saves it in the United Kingdom, with headings of the school's own.
    let text = "Year 9 trip\r\nPupil;E-mail;Dietary requirements;Form\r\n\
                Ben Low;;;9B\r\nZo\u{eb} Bront\u{eb};zoe@example.org;Halal;9B\r\n\
                Ada Obi;ada.obi@example.org;;9C\r\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(text);
    let fields = [("kind", "bookings"), ("session", "S1")];
    let here = brought(&browser, &fields, ("trip.csv", &bytes)).await;
    let shown = page(&browser, &here).await;
    for words in ["Zo\u{eb} Bront\u{eb}", "trip.csv", "needs an email address"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let says = "institution=I0001&leader=Tess+Teacher&leader_email=tess%40example.org";
    let (status, to) = post(&browser, &format!("{here}/columns"), says).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert!(page(&browser, &here).await.contains("Row 5: Ada Obi"), "she has a place already");
    let (status, refused) = post(&browser, &format!("{here}/make"), "").await;
    assert_eq!(status, Status::UnprocessableEntity, "the question about Ada waits");
    assert!(refused.contains("answer the questions"), "{refused}");
    assert_eq!(count(&turnout, "registrations").await, 1, "nothing is written until it is pressed");
    made(&browser, &here, "row-5=leave").await;
    let session = turnout.session(&code).await;
    assert_eq!(session.occupancy.occupied, 3, "Zo\u{eb}, Ben and Ada");
    let told = turnout.subjects().await;
    assert!(told.iter().any(|one| one.contains("tess@example.org")), "{told:?}");
    assert!(told.iter().any(|one| one.contains("zoe@example.org")), "{told:?}");
    let listed = page(&browser, &here).await;
    assert!(listed.contains("Tess Teacher, 2 people"), "{listed}");
    // Pressed twice it is imported once.
    made(&browser, &here, "").await;
    assert_eq!(count(&turnout, "registrations").await, 2);
    let asked = page(&browser, &format!("{here}/take-back")).await;
    assert!(asked.contains("Take all of it back?"), "{asked}");
    let (_, to) = post(&browser, &format!("{here}/take-back"), "").await;
    assert!(to.contains("back-1-0"), "{to}");
    assert_eq!(turnout.session(&code).await.occupancy.occupied, 1);
    let log = page(&browser, "/office/audit?actor=ruth").await;
    for words in ["Imported", "1 booking for 2 people", "Import taken back"] {
        assert!(log.contains(words), "{words}: {log}");
    }
}

async fn institutions_of_a_workbook_are_all_made_or_none(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let rows: &[&[&str]] = &[
        &["Organisation", "Type", "Status"],
        &["St Mark's Church", "church", "Member"],
        &["Peckham Primary", "Primary school", ""],
        &["Institution 1", "parish", "member"],
        &["Tenants of Hythe", "spaceship", "prospect"],
    ];
    let fields = [("kind", "institutions")];
    let here = brought(&browser, &fields, ("list.xlsx", &xlsx(rows))).await;
    let shown = page(&browser, &here).await;
    assert!(shown.contains("Row 5, Type: \u{201c}spaceship\u{201d} is not known"), "{shown}");
    let (status, _) = post(&browser, &format!("{here}/make"), "row-4=another").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert_eq!(count(&turnout, "institutions").await, 3, "all or nothing");
    let rows = [rows[0], rows[1], rows[2], rows[3], &["Tenants of Hythe", "tenants", "prospect"]];
    let here = brought(&browser, &fields, ("list.xlsx", &xlsx(&rows))).await;
    let shown = page(&browser, &here).await;
    assert!(shown.contains("Row 4: Institution 1") && shown.contains("I0001"), "{shown}");
    made(&browser, &here, "row-4=same:I0001").await;
    assert_eq!(count(&turnout, "institutions").await, 6);
    // One is changed and one has a booking before all of it is taken back.
    let edit = "name=St+Mark+of+Hythe&kind=faith&alliance=oxford&membership=member";
    post(&browser, "/office/institutions/I0004", edit).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 1, Together);
    asked.sender = turnout::domain::registration::Sender::Listed {
        code: "I0005".parse().expect("a code"),
        name: "Peckham Primary".to_owned(),
    };
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let (_, to) = post(&browser, &format!("{here}/take-back"), "").await;
    assert!(to.contains("back-1-2"), "{to}");
    let left = page(&browser, &here).await;
    assert!(left.contains("stayed, because it was changed since"), "{left}");
    assert!(left.contains("stayed, because 1 booking hangs on it"), "{left}");
    assert_eq!(count(&turnout, "institutions").await, 5);
}

async fn a_term_of_an_ods_becomes_drafts(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let year = turnout.ctx.now().format("%Y").to_string().parse::<i32>().expect("a year") + 1;
    let (date, slashes) = (format!("#{year}-03-13"), format!("03/04/{year}"));
    let rows: &[&[&str]] = &[
        &["Course", "Date", "Time", "Venue", "Post code", "Max", "Series"],
        &["Course first", &date, "9.30am - 4pm", "Town Hall", "ox11bx", "20", "A"],
        &["Course first", &slashes, "10:00 to 12:30", "Town Hall", "OX1 1BX", "20", "A"],
        &[
            "Course second",
            &format!("14 April {year}"),
            "2-4pm",
            "https://zoom.example/j/1",
            "",
            "",
            "",
        ],
    ];
    let fields = [("kind", "sessions")];
    let here = brought(&browser, &fields, ("term.ods", &ods(rows))).await;
    let shown = page(&browser, &here).await;
    assert!(shown.contains("(day first) or") && shown.contains("(month first)"), "{shown}");
    assert_eq!(count(&turnout, "sessions").await, 0);
    post(&browser, &format!("{here}/columns"), "dates=day-first").await;
    made(&browser, &here, "").await;
    let sessions = count(&turnout, "sessions").await;
    assert_eq!(sessions, 2, "two days of one, and another");
    let first = turnout.session(&"S001".parse().expect("a code")).await;
    let days: Vec<_> = first.sittings.iter().map(|day| day.starts.to_string()).collect();
    assert_eq!(days, [format!("{year}-03-13 09:30:00"), format!("{year}-04-03 10:00:00")]);
    assert_eq!(first.location.public_line(), "Town Hall, OX1 1BX");
    assert_eq!(first.publication, turnout::domain::session::Publication::Draft);
    let shown = page(&browser, "/office/sessions?stage=draft").await;
    assert!(shown.contains("Course second"), "{shown}");
    // The same file again: each may be there already.
    let again = brought(&browser, &fields, ("term.ods", &ods(rows))).await;
    post(&browser, &format!("{again}/columns"), "dates=day-first").await;
    let shown = page(&browser, &again).await;
    assert!(shown.contains("2 questions wait") && shown.contains("S001"), "{shown}");
    let (_, to) = post(&browser, &format!("{here}/take-back"), "").await;
    assert!(to.contains("back-2-0"), "{to}");
    assert_eq!(count(&turnout, "sessions").await, 0);
}

async fn people_are_known_beforehand_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let text = "First name,Surname,Email,Mobile,School\n\
                Ada,Obi,ada@example.org,7700900117,Institution 1\nBen,Low,ben@example.org,,I0002\n";
    let fields = [("kind", "people"), ("pasted", text)];
    let here = brought(&browser, &fields, ("", b"")).await;
    made(&browser, &here, "").await;
    assert_eq!(count(&turnout, "people").await, 2);
    let found = page(&browser, "/office/people?q=07700900117").await;
    assert!(found.contains("Ada Obi"), "her number has its nought again: {found}");
    let again = brought(&browser, &fields, ("", b"")).await;
    let shown = page(&browser, &again).await;
    assert!(shown.contains("known already"), "{shown}");
    made(&browser, &again, "row-2=another&row-3=another").await;
    assert_eq!(count(&turnout, "people").await, 2, "nobody is known twice");
    // Somebody books and is recognised: she stays.
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 1, Together);
    asked.leader.email = "ada@example.org".parse().ok();
    asked.attendees = vec![Some(asked.leader.attends())];
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let (_, to) = post(&browser, &format!("{here}/take-back"), "").await;
    assert!(to.contains("back-1-1"), "{to}");
    assert_eq!(count(&turnout, "people").await, 1);
    turnout.is_sound().await;
}

async fn what_cannot_be_read_is_said_beside_the_file(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let fields = [("kind", "institutions")];
    let zeros = vec![0u8; 31 * 1024 * 1024];
    let bomb = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/media/a.png", &zeros)]);
    assert!(bomb.len() < 1024 * 1024);
    let many = format!("Name,Kind\n{}", "St Mark,faith\n".repeat(2_001));
    let long = vec![b'x'; 5 * 1024 * 1024 + 1];
    for (bytes, words) in [
        (bomb.as_slice(), "unpacks to far more than it seems"),
        (b"\x89PNG\r\n\x1a\nxxxx".as_slice(), "no CSV, XLSX or ODS file"),
        (b"PK\x03\x04 nothing of the kind".as_slice(), "no CSV, XLSX or ODS file"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), "Save it as XLSX"),
        (many.as_bytes(), "more than 2000 rows"),
        (long.as_slice(), "larger than 5 MB"),
        (b"".as_slice(), "Choose a file"),
        (b"\n\n\n".as_slice(), "The file is empty"),
    ] {
        let (status, shown) = upload(&browser, &fields, ("a.xlsx", bytes)).await;
        assert_eq!(status, Status::UnprocessableEntity, "{words}");
        assert!(shown.contains(words) && shown.contains("There is a problem"), "{words}: {shown}");
    }
    let (_, shown) = upload(&browser, &[("kind", "bookings")], ("a.csv", b"Name\nAda\n")).await;
    assert!(shown.contains("Enter the code of one of your sessions"), "{shown}");
    assert_eq!(count(&turnout, "imports").await, 0);
}

async fn nobody_sees_what_somebody_else_brings(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let text = b"Name,Kind\nSt Mark,faith\n";
    let here = brought(&browser, &[("kind", "institutions")], ("a.csv", text)).await;
    let other = turnout.account("other", Role::Organiser, &["oxford"]).await;
    let others = turnout.signed_in(&other).await;
    for path in [here.clone(), format!("{here}/take-back")] {
        assert_eq!(others.get(path).dispatch().await.status(), Status::NotFound);
    }
    for end in ["columns", "make", "take-back", "discard"] {
        let (status, _) = post(&others, &format!("{here}/{end}"), "").await;
        assert_eq!(status, Status::NotFound, "{end}");
    }
    assert!(!page(&others, "/office/import").await.contains("a.csv"));
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&office).await;
    assert!(page(&office, &here).await.contains("St Mark"));
    // An alliance that is not hers is no alliance of the file's.
    let theirs = b"Name,Kind,Alliance\nSt Mark,faith,leeds\n";
    let there = brought(&browser, &[("kind", "institutions")], ("b.csv", theirs)).await;
    assert!(page(&browser, &there).await.contains("is no alliance of yours"));
    let (_, to) = post(&browser, &format!("{there}/discard"), "").await;
    assert_eq!(to, "/office/import?done=gone");
    assert_eq!(count(&turnout, "imports").await, 1);
}

async fn what_a_file_holds_is_forgotten_within_a_day(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let text = b"Name,Kind\nSt Hilda of Hythe,faith\n";
    let fields = [("kind", "institutions")];
    let kept = brought(&browser, &fields, ("secret-names.csv", text)).await;
    let here = brought(&browser, &fields, ("secret-names.csv", text)).await;
    let held = |all: &[String]| all.iter().filter(|row| row.contains("Hilda")).count();
    assert_eq!(held(&everything(&turnout).await["imports"]), 2);
    made(&browser, &here, "").await;
    let left = everything(&turnout).await;
    assert_eq!(held(&left["imports"]), 1, "what was imported is forgotten at once");
    turnout.clock.advance(Duration::hours(25));
    assert!(erase_due(&turnout.ctx).await.expect("an erasure") > 0);
    let left = everything(&turnout).await;
    assert_eq!((held(&left["imports"]), left["imports"].len()), (0, 1));
    let login = "ruth".parse().expect("a login");
    turnout.sign_in(&browser, &login).await;
    assert_eq!(browser.get(kept).dispatch().await.status(), Status::NotFound);
    let shown = page(&browser, &here).await;
    assert!(shown.contains("more than a day ago") && shown.contains("St Hilda"), "{shown}");
    let (_, to) = post(&browser, &format!("{here}/take-back"), "").await;
    assert!(!to.contains("back-"), "{to}");
    assert_eq!(count(&turnout, "institutions").await, 4);
}
