//! Round the day itself and after it: papers of the roster, the code at the door, learning hours,
//! certificates and what people thought.

use std::io::{Cursor, Write};

use calamine::{Data, Reader, Xlsx};
use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::{
            check_in::{Taps, check_in},
            close_sitting::close_sitting,
        },
        letters::ask_feedback::ask_feedback,
    },
    domain::{
        attendance::{Mark, Presence},
        audit::Actor,
        id::{SessionCode, StaffLogin},
        occupancy::TeamPolicy::Together,
        registration::Registration,
        session::{Session, Trainer},
        staff::Role,
    },
    store::staff,
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{attendee, name, request, sender},
};

on_both_databases!(
    the_roster_opens_in_a_spreadsheet_and_nothing_in_it_runs,
    the_roster_is_ordered_and_narrowed,
    the_roster_says_who_came_and_when,
    a_code_opens_the_right_line_for_the_trainer_alone,
    whoever_came_to_most_days_gets_a_certificate,
    whoever_came_is_asked_once_and_read_without_a_name,
);

async fn file(browser: &Client, path: &str) -> Vec<u8> {
    let answer = browser.get(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    answer.into_bytes().await.unwrap_or_default()
}

/// A session of two days led by `ruth`, booked by Ada for herself, Ben and a name to follow.
async fn booked(turnout: &TestTurnout) -> (SessionCode, StaffLogin, Registration) {
    let ruth = turnout.account("ruth", Role::Trainer, &["oxford"]).await;
    let lead = |session: &mut Session| {
        session.trainers = vec![Trainer { login: ruth.clone(), name: "Ruth".to_owned() }];
        let next = session.sittings[0].starts + Duration::days(1);
        session.sittings.push(turnout.sitting(2, next));
    };
    let code = turnout.plan("S1", "first", 9, lead).await;
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.sender = sender(1);
    team.attendees[1] = Some(attendee("Ben Low"));
    let ben = team.attendees[1].as_mut().expect("Ben");
    ben.dietary = "=HYPERLINK(\"http://x.example\")".parse_need();
    let booking = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    (code, ruth, booking.registration)
}

trait Needed {
    fn parse_need(&self) -> Option<turnout::domain::text::Need>;
}

impl Needed for str {
    fn parse_need(&self) -> Option<turnout::domain::text::Need> {
        turnout::domain::text::Need::parse(self).ok()
    }
}

/// Marks these places, by number, as here on a day, and closes it.
async fn day(
    turnout: &TestTurnout,
    code: &SessionCode,
    ruth: &StaffLogin,
    number: u32,
    here: &[u32],
) {
    let session = turnout.session(code).await;
    let sitting = &session.sittings[number as usize - 1];
    turnout.clock.advance(sitting.ends_at - turnout.ctx.now());
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, ruth).await.expect("a read").expect("an account");
    let bookings =
        turnout::store::registrations::of_session(&mut conn, code).await.expect("bookings");
    drop(conn);
    let places = bookings.iter().flat_map(|one| &one.places);
    let marks = places.filter(|place| here.contains(&place.number)).map(|place| Mark {
        place: place.id,
        presence: Presence::Attended,
        at: sitting.starts_at,
    });
    let taps = Taps { marks: marks.collect(), ..Taps::default() };
    check_in(&turnout.ctx, &member, code, number, &taps).await.expect("taps");
    close_sitting(&turnout.ctx, &member, code, number).await.expect("a closed day");
}

/// The private link in the newest letter to somebody.
async fn link(turnout: &TestTurnout, to: &str) -> String {
    let letters = turnout.letters().await;
    let letter = letters.iter().rev().find(|one| one.to.contains(to)).expect("a letter");
    let (_, rest) = letter.text.split_once("https://turnout.example/p/").expect("a link");
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/p/{secret}")
}

async fn the_roster_opens_in_a_spreadsheet_and_nothing_in_it_runs(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, ruth, _) = booked(&turnout).await;
    let browser = turnout.signed_in(&ruth).await;
    let bytes = file(&browser, "/trainer/sessions/S1/roster.xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["People", "Food"]);
    let people = book.worksheet_range("People").expect("a sheet");
    let row = |at: usize| people.rows().nth(at).expect("a row").to_vec();
    assert_eq!(row(0)[0], Data::String("Name".to_owned()));
    assert_eq!(row(1)[..2], ["Ada Obi", "Institution 1"].map(|text| Data::String(text.to_owned())));
    let formula = "=HYPERLINK(\"http://x.example\")".to_owned();
    assert_eq!(row(2)[4], Data::String(formula), "kept as it was typed");
    let formulas = book.worksheet_formula("People").expect("a sheet");
    assert!(formulas.cells().all(|(_, _, text)| text.is_empty()), "nothing runs");
    let food = book.worksheet_range("Food").expect("a sheet");
    assert_eq!(food.rows().nth(1).expect("a row")[1], Data::Float(1.0));
    let csv = file(&browser, "/trainer/sessions/S1/roster.csv").await;
    let mut rows = csv::Reader::from_reader(&csv[..]);
    let second = rows.records().nth(1).expect("a row").expect("a record");
    assert!(second[4].starts_with("'=HYPERLINK"), "{second:?}");
    let badges = page(&browser, "/trainer/sessions/S1/badges").await;
    assert_eq!(badges.matches("class=\"badge\"").count(), 2, "the third has no name yet");
    assert!(!badges.contains("HYPERLINK"), "no needs on paper");
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let log = page(&turnout.signed_in(&office).await, "/office/audit?session=S1").await;
    assert_eq!(log.matches("Roster read").count(), 3, "each reading is in the log");
}

async fn the_roster_is_ordered_and_narrowed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (code, ruth, _) = booked(&turnout).await;
    let mut other = request(&code, "Aaron Alone", 1, Together);
    other.sender = turnout::domain::registration::Sender::NotListed(name("A Club"));
    book_places(&turnout.ctx, &Actor::Api, other).await.expect("a booking");
    let browser = turnout.signed_in(&ruth).await;
    let at = |page: &str, name: &str| page.find(&format!("scope=\"row\">{name}")).expect("a line");
    let path = "/trainer/sessions/S1/roster";
    let shown = page(&browser, path).await;
    assert!(at(&shown, "Aaron Alone") < at(&shown, "Ada Obi"));
    let shown = page(&browser, &format!("{path}?sort=institution&q=")).await;
    assert!(at(&shown, "Ada Obi") > at(&shown, "Aaron Alone"), "A Club, then Institution 1");
    let shown = page(&browser, &format!("{path}?needs=1")).await;
    assert!(shown.contains("1 of 4 people shown.") && shown.contains("Ben Low"));
    let shown = page(&browser, &format!("{path}?q=club")).await;
    assert!(shown.contains("1 of 4 people shown.") && !shown.contains("scope=\"row\">Ada Obi"));
}

async fn a_code_opens_the_right_line_for_the_trainer_alone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, ruth, booking) = booked(&turnout).await;
    let own = link(&turnout, "ben.low").await;
    let nobody = turnout.browser().await;
    assert!(page(&nobody, &own).await.contains(&format!("{own}/ticket")));
    assert!(page(&nobody, &format!("{own}/ticket")).await.contains("Ben Low"));
    let code = page(&nobody, &format!("{own}/code.svg")).await;
    assert!(code.starts_with("<svg"), "{code}");
    let door = format!("/door/{}", booking.places[1].id);
    let expected = turnout::web::qr::svg(&format!("https://turnout.example{door}"));
    assert_eq!(Some(code), expected, "it holds no private link");

    turnout.clock.advance(Duration::days(28));
    let trainer = turnout.signed_in(&ruth).await;
    let answer = trainer.get(door.clone()).dispatch().await;
    let there = answer.headers().get_one("Location").expect("a line").to_owned();
    drop(answer);
    assert!(there.starts_with("/trainer/sessions/S1/check-in/1?place="), "{there}");
    let line = page(&trainer, &there).await;
    assert!(line.contains("Check in Ben Low") && !line.contains("Already checked in"), "{line}");
    let body = format!("in={}", booking.places[1].id);
    let form = ContentType::Form;
    let answer =
        trainer.post("/trainer/sessions/S1/check-in/1").header(form).body(body).dispatch().await;
    assert_eq!(answer.status(), Status::SeeOther);
    drop(answer);
    assert!(page(&trainer, &there).await.contains("Already checked in."));

    let stranger = turnout.account("other", Role::Trainer, &["oxford"]).await;
    let stranger = turnout.signed_in(&stranger).await;
    for (who, path) in [(&nobody, door.as_str()), (&stranger, &door), (&trainer, "/door/x")] {
        let said = page(who, path).await;
        assert!(said.contains("Trainers read this code") && !said.contains("Ben"), "{said}");
    }
}

/// The text of a PDF as poppler reads it; `None`, told aloud, where it is not installed.
fn text_of(pdf: &[u8]) -> Option<String> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(pdf).expect("a write");
    let ran = std::process::Command::new("pdftotext").arg(file.path()).arg("-").output();
    let Ok(output) = ran else {
        eprintln!("SKIPPED: pdftotext is not installed, so the text of the PDF was not read");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn whoever_came_to_most_days_gets_a_certificate(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (code, ruth, booking) = booked(&turnout).await;
    let mut zoe = attendee("Zoe");
    zoe.name = name("Zoë Nguyễn-Škoda");
    let id = booking.places[1].id;
    turnout::actions::booking::change_attendee::change_attendee(
        &turnout.ctx,
        &Actor::Leader,
        booking.id,
        id,
        zoe,
    )
    .await
    .expect("a change");
    let own = link(&turnout, "zoe@").await;
    let nobody = turnout.browser().await;
    let trainer = turnout.signed_in(&ruth).await;
    let none = nobody.get(format!("{own}/certificate.pdf")).dispatch().await.status();
    assert_eq!(none, Status::NotFound, "not before it is over");
    day(&turnout, &code, &ruth, 1, &[1, 2]).await;
    let half = page(&nobody, &own).await;
    assert!(half.contains("You came to 1 of 2 days, 1 hour of learning"), "{half}");
    assert!(!half.contains("/certificate"));
    day(&turnout, &code, &ruth, 2, &[2]).await;
    let trainer = {
        drop(trainer);
        turnout.signed_in(&ruth).await
    };
    let done = page(&nobody, &own).await;
    assert!(done.contains("You came to 2 of 2 days, 2 hours of learning"), "{done}");
    let shown = page(&nobody, &format!("{own}/certificate")).await;
    assert!(shown.contains("Zoë Nguyễn-Škoda") && shown.contains("Oxford Citizens"), "{shown}");
    let one = file(&nobody, &format!("{own}/certificate.pdf")).await;
    assert!(one.starts_with(b"%PDF-"));
    if let Some(text) = text_of(&one) {
        for words in ["Certificate of attendance", "Zoë Nguyễn-Škoda", "2 of 2 days", "Led by ruth"]
        {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
    let all = file(&trainer, "/trainer/sessions/S1/certificates.pdf").await;
    if let Some(text) = text_of(&all) {
        assert_eq!(text.matches("Certificate of attendance").count(), 1, "Ada came to half of it");
    }
}

async fn whoever_came_is_asked_once_and_read_without_a_name(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (code, ruth, _) = booked(&turnout).await;
    turnout.letters().await;
    day(&turnout, &code, &ruth, 1, &[1, 2]).await;
    day(&turnout, &code, &ruth, 2, &[2, 3]).await;
    assert_eq!(ask_feedback(&turnout.ctx).await.expect("a round"), 0, "not in the doorway");
    turnout.clock.advance(Duration::hours(2));
    let (one, two) = tokio::join!(ask_feedback(&turnout.ctx), ask_feedback(&turnout.ctx));
    let asked = one.expect("a round") + two.expect("a round");
    assert_eq!(asked, 2, "Ada and Ben; the third has no address");
    assert_eq!(ask_feedback(&turnout.ctx).await.expect("a round"), 0, "once");
    let own = link(&turnout, "ben.low").await;
    let nobody = turnout.browser().await;
    let path = format!("{own}/feedback");
    let send = |body: &'static str| {
        nobody.post(path.clone()).header(ContentType::Form).body(body).dispatch()
    };
    let answer = send("useful=6&recommend=&change=Kept").await;
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let again = answer.into_string().await.unwrap_or_default();
    for words in ["Choose a number from 1 to 5", "Choose yes, maybe or no", "Kept"] {
        assert!(again.contains(words), "{words}");
    }
    for body in ["useful=3&recommend=maybe", "useful=5&recommend=yes&change=%3DWarmer+hall"] {
        assert_eq!(send(body).await.status(), Status::SeeOther);
    }
    assert!(page(&nobody, &path).await.contains("You can change your answers until"));
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&office).await;
    let results = page(&office, "/office/sessions/S1/feedback").await;
    assert!(results.contains("1 person answered. How useful: 5.0 of 5."), "{results}");
    assert!(results.contains("=Warmer hall") && !results.contains("Ben"));
    let csv = page(&office, "/office/sessions/S1/feedback.csv").await;
    assert!(csv.contains("What to change,'=Warmer hall"), "{csv}");
    turnout.clock.advance(Duration::days(31));
    let late = send("useful=1&recommend=no").await;
    assert_eq!(late.status(), Status::UnprocessableEntity);
    assert!(late.into_string().await.unwrap_or_default().contains("closed now"));
}

async fn the_roster_says_who_came_and_when(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (code, ruth, _) = booked(&turnout).await;
    let browser = turnout.signed_in(&ruth).await;
    let before = file(&browser, "/trainer/sessions/S1/roster.csv").await;
    let before = String::from_utf8(before).expect("text");
    assert!(before.lines().next().expect("heads").ends_with("Calendar"), "no day is noted yet");
    day(&turnout, &code, &ruth, 1, &[1]).await;
    turnout.sign_in(&browser, &ruth).await;
    let html = page(&browser, "/trainer/sessions/S1/roster").await;
    let first = turnout.session(&code).await.sittings[0].clone();
    let time = turnout::domain::wording::time(first.starts.time());
    let here = format!("Here {time}</span>");
    assert!(html.contains(&here) && html.contains("Not there</span>"), "{html}");
    let csv = String::from_utf8(file(&browser, "/trainer/sessions/S1/roster.csv").await);
    let csv = csv.expect("text");
    let heads = csv.lines().next().expect("heads");
    let day = turnout::domain::wording::long_date(first.starts.date());
    assert!(heads.contains(&format!(",Calendar,{day}")), "{heads}");
    let of = |name: &str| csv.lines().find(|line| line.contains(name)).expect("a line");
    assert!(of("Ada Obi,").ends_with(&format!(",Here {time}")), "{csv}");
    assert!(of("Ben Low").ends_with(",Not there"), "{csv}");
}
