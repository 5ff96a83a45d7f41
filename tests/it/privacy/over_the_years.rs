//! Four years in the life of a session: what is promised to be erased is found nowhere any more, in no column
//! of no table, and the numbers are as they were.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            hold_places::{HoldRequest, hold_places},
        },
        calendars::take_reply::take_mail,
        door::{
            check_in::{Taps, check_in},
            close_sitting::close_sitting,
        },
        examine::examine,
        letters::message_people::write_next,
        people::know_people::know_people,
        places::settle::settle_all,
        retention::erase_due::erase_due,
    },
    domain::{
        attendance::{Mark, Presence},
        attendee::{Attendee, Guardian},
        audit::Actor,
        occupancy::TeamPolicy::Together,
        registration::{Registration, Sender},
        staff::Role,
        text::{Need, Paragraph},
    },
    store::staff,
};

use super::found;
use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, leader, name, request, sender},
};

on_both_databases!(
    what_is_due_is_erased_everywhere_and_the_numbers_stay,
    a_hold_that_ran_out_is_forgotten_within_a_day,
    doctor_finds_what_nobody_erased,
);

const NEEDS: [&str; 6] =
    ["pistachio", "rampside", "Gwendolyn Marlowe", "07700 900555", "too steep for", "carsick"];
const NAMES: [&str; 6] =
    ["Zebedee", "Quillfeather", "Tamsin", "Brackenbury", "Walkaby", "07700 900444"];
const LETTERS: [&str; 3] = ["Bring a lantern", "May my sister come", "less shouting"];

fn need(text: &str) -> Option<Need> {
    Need::parse(text).ok()
}

fn tamsin() -> Attendee {
    let guardian = Guardian { name: name("Gwendolyn Marlowe"), contact: name("07700 900555") };
    Attendee {
        dietary: need("no pistachio, please"),
        access: need("rampside seat"),
        guardian: Some(guardian),
        ..attendee("Tamsin Brackenbury")
    }
}

/// Zebedee books for himself and Tamsin; both come, and somebody without a booking; everybody is written to,
/// and they write back. The office looks at it afterwards.
pub(super) async fn lived(turnout: &TestTurnout) -> (Client, Registration) {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Zebedee Quillfeather", 2, Together);
    team.sender = sender(1);
    team.leader.phone = "07700 900444".parse().ok();
    team.attendees[1] = Some(tamsin());
    team.nomination =
        Paragraph::parse_optional("The stairs were too steep for her").expect("words");
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let gone = request(&code, "Zebedee Walkaby", 1, Together);
    let gone = book_places(&turnout.ctx, &Actor::Api, gone).await.expect("a booking");
    let path = format!("/office/bookings/{}/cancel", gone.registration.reference);
    post(&office, &path, "why=I+get+carsick").await;
    turnout.letters().await;
    let words = "to=coming&subject=Bring+a+lantern&body=Dear+Zebedee,+Bring+a+lantern.";
    let path = "/office/sessions/S1/message";
    let (_, check) = post(&office, path, &format!("{words}&do=check")).await;
    let (_, rest) = check.split_once("name=\"attempt\" value=\"").expect("an attempt");
    let attempt = rest.split('"').next().unwrap_or_default();
    post(&office, path, &format!("{words}&do=send&attempt={attempt}")).await;
    while write_next(&turnout.ctx).await.expect("a batch") {}
    let letters = turnout.letters().await;
    let text = &letters.last().expect("a letter").text;
    assert!(text.contains("lantern"), "{text}");
    day(turnout, &login, &booked.registration).await;
    let walk_in =
        "add=1&name=Walkaby+Quillfeather&institution=Institution+2&email=walkaby@example.org";
    assert_eq!(post(&office, "/trainer/sessions/S1/check-in/1", walk_in).await.0, Status::SeeOther);
    let mail = b"From: tamsin.brackenbury@example.org\r\nTo: trainings@turnout.example\r\n\
        Message-ID: <m1@example.org>\r\nSubject: Tamsin\r\n\r\nMay my sister come?\r\n";
    take_mail(&turnout.ctx, mail).await.expect("a letter");
    while know_people(&turnout.ctx).await.expect("a round") {}
    (office, booked.registration)
}

async fn day(
    turnout: &TestTurnout,
    login: &turnout::domain::id::StaffLogin,
    booked: &Registration,
) {
    let session = turnout.session(&booked.session).await;
    turnout.clock.advance(session.sittings[0].ends_at - turnout.ctx.now());
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, login).await.expect("a read").expect("an account");
    drop(conn);
    let mark = |place: &turnout::domain::place::Place| Mark {
        place: place.id,
        presence: Presence::Attended,
        at: session.sittings[0].starts_at,
    };
    let taps = Taps { marks: booked.places.iter().map(mark).collect(), ..Taps::default() };
    check_in(&turnout.ctx, &member, &session.code, 1, &taps).await.expect("taps");
    close_sitting(&turnout.ctx, &member, &session.code, 1).await.expect("a closed day");
}

/// What is counted of the season, as the office sees it.
async fn numbers(office: &Client) -> Vec<String> {
    let mut all = Vec::new();
    for by in ["institution", "alliance", "session"] {
        let path = format!("/office/turnout.csv?from=2026-09-01&to=2027-08-31&by={by}");
        all.push(page(office, &path).await);
    }
    all
}

/// Nothing is late, something is due, and a second round finds nothing.
async fn erased(turnout: &TestTurnout) {
    assert!(erase_due(&turnout.ctx).await.expect("an erasure") > 0);
    assert_eq!(erase_due(&turnout.ctx).await.expect("nothing left"), 0);
    let late = examine(&turnout.ctx).await.expect("a look");
    assert!(late.is_empty(), "{late:#?}");
}

async fn what_is_due_is_erased_everywhere_and_the_numbers_stay(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, booked) = lived(&turnout).await;
    let login = "office".parse().expect("a login");
    let before = numbers(&turnout.signed_in(&login).await).await;
    erase_due(&turnout.ctx).await.expect("nothing of this is due");
    let all = found(&turnout, &[&NEEDS[..], &NAMES[..], &LETTERS[..2]].concat()).await;
    for word in NEEDS.iter().chain(&NAMES).chain(&LETTERS[..2]) {
        assert!(
            all.iter().any(|line| line.contains(word)),
            "{word} is there to be erased: {all:#?}"
        );
    }

    turnout.clock.advance(Duration::days(31));
    erased(&turnout).await;
    assert_eq!(found(&turnout, &NEEDS).await, [""; 0]);
    assert!(!found(&turnout, &NAMES[..1]).await.is_empty(), "names are kept");

    turnout.clock.advance(Duration::days(340));
    erased(&turnout).await;
    assert_eq!(found(&turnout, &LETTERS).await, [""; 0]);
    let kept = found(&turnout, &NAMES).await;
    for table in ["outbox", "received_mails", "mailing"] {
        assert!(!kept.iter().any(|line| line.starts_with(table)), "{kept:#?}");
    }

    turnout.clock.advance(Duration::days(3 * 365));
    erased(&turnout).await;
    assert_eq!(found(&turnout, &NAMES).await, [""; 0]);
    assert_eq!(
        found(&turnout, &["tamsin.brackenbury@", "zebedee.quillfeather@", "walkaby@"]).await,
        [""; 0]
    );
    let office = turnout.signed_in(&login).await;
    assert_eq!(numbers(&office).await, before);
    for path in ["/trainer/sessions/S1/roster", "/office/sessions/S1/bookings", "/sessions/S1.ics"]
    {
        let answer = office.get(path).dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{path}");
    }
    assert!(page(&office, "/trainer/sessions/S1/roster").await.contains("Name removed"));
    let path = format!("/office/bookings/{}", booked.reference);
    assert!(page(&office, &path).await.contains("Name removed"));
    let people = page(&office, "/office/people").await;
    assert!(!people.contains("Name removed"), "nobody is looked for who has no name");
    assert!(!know_people(&turnout.ctx).await.expect("a round"), "nor is anybody recognised");
}

async fn a_hold_that_ran_out_is_forgotten_within_a_day(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let asked = HoldRequest {
        session: code,
        leader: leader("Zebedee Quillfeather"),
        sender: Sender::Herself,
        team: Together,
        places: 2,
        leader_comes: true,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    hold_places(&turnout.ctx, asked).await.expect("a hold");
    turnout.clock.advance(Duration::minutes(16));
    settle_all(&turnout.ctx).await.expect("a sweep");
    erase_due(&turnout.ctx).await.expect("not yet");
    assert!(!found(&turnout, &["Quillfeather"]).await.is_empty(), "so that he can go on");
    turnout.clock.advance(Duration::hours(23));
    erased(&turnout).await;
    assert_eq!(found(&turnout, &["Quillfeather", "zebedee"]).await, [""; 0]);
}

async fn doctor_finds_what_nobody_erased(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    lived(&turnout).await;
    let late = async |days| {
        turnout.clock.advance(Duration::days(days));
        let found = examine(&turnout.ctx).await.expect("a look");
        found.iter().map(|one| one.row.clone()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(late(29).await, "sign-ins: 2 sign-ins", "all else may stay for a month");
    let month = late(2).await;
    for words in ["needs: 1 places", "guardian: 1 places", "words: 1 bookings with a nomination"] {
        assert!(month.contains(words), "{words} in {month}");
    }
    let year = late(340).await;
    for words in ["letters: ", "received: ", "messages: 1"] {
        assert!(year.contains(words), "{words} in {year}");
    }
    let long = late(3 * 365).await;
    for words in ["names: S1", "people", "log: "] {
        assert!(long.contains(words), "{words} in {long}");
    }
}
