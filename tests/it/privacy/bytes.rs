//! What was erased is gone from the disk as well: no byte of a used SQLite file holds it, nor of the log that
//! SQLite writes beside it.

use std::path::Path;

use turnout::{
    actions::{
        booking::{book_places::book_places, change_attendee::change_attendee},
        people::{erase_person::erase_person, know_people::know_people, own_data::meant_by},
        retention::erase_due::erase_due,
    },
    domain::{
        audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, registration::Registration,
        text::Need,
    },
};

use crate::support::{
    TestTurnout,
    plan::{attendee, request},
};

/// Her name, address, number and needs, and what she needed at first.
const HERS: [&str; 6] =
    ["tamsin", "brackenbury", "900444", "rampside seat", "no pistachio", "a lantern"];

/// Which of these words stand in the files of the database, and where.
fn written(url: &str) -> Vec<String> {
    let file = Path::new(url.strip_prefix("sqlite://").expect("a file"));
    let mut found = Vec::new();
    for name in [file.to_owned(), file.with_extension("db-wal"), file.with_extension("db-shm")] {
        let bytes = std::fs::read(&name).unwrap_or_default().to_ascii_lowercase();
        for word in HERS {
            if bytes.windows(word.len()).any(|part| part == word.as_bytes()) {
                found.push(format!("{word} in {}", name.display()));
            }
        }
    }
    found
}

/// She books for herself among many others, and says later what she needs.
async fn lived(turnout: &TestTurnout, code: &SessionCode) -> Registration {
    let others = async |from: usize| {
        for number in from..from + 40 {
            let asked = request(code, &format!("Somebody Number {number}"), 1, Together);
            book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
        }
    };
    others(0).await;
    let mut hers = request(code, "Tamsin Brackenbury", 1, Together);
    hers.leader.phone = "07700 900444".parse().ok();
    let mut she = attendee("Tamsin Brackenbury");
    she.access = Need::parse("a lantern").ok();
    hers.attendees[0] = Some(she.clone());
    let booked = book_places(&turnout.ctx, &Actor::Api, hers).await.expect("a booking");
    others(40).await;
    she.access = Need::parse("rampside seat").ok();
    she.dietary = Need::parse("no pistachio").ok();
    let place = booked.registration.places[0].id;
    let id = booked.registration.id;
    change_attendee(&turnout.ctx, &Actor::Leader, id, place, she).await.expect("a change");
    turnout.letters().await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    booked.registration
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_the_file_holds_whoever_was_erased() {
    let turnout = TestTurnout::on_sqlite().await.season().await;
    let code = turnout.plan("S1", "first", 200, |_| {}).await;
    lived(&turnout, &code).await;
    assert!(written(&turnout.url).len() >= HERS.len() - 1, "it is there to be erased");
    let she = meant_by(&turnout.ctx, "Tamsin Brackenbury").await.expect("a look");
    erase_person(&turnout.ctx, &Actor::CommandLine, she[0].id).await.expect("she asks");
    turnout.letters().await;
    erase_due(&turnout.ctx).await.expect("the hourly work");
    assert_eq!(written(&turnout.url), [""; 0]);
    turnout.is_sound().await;
    assert_eq!(written(&turnout.url), [""; 0]);
}
