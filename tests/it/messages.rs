//! Writing to the people of a session: who gets it, once, whatever happens on the way.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, letters::message_people::write_next},
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, staff::Role},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, name, request},
};

on_both_databases!(
    a_message_is_checked_tested_and_sent_once_to_each_address,
    a_message_to_many_survives_a_restart_and_two_nodes,
    what_is_missing_is_said_beside_the_field_and_nothing_is_lost,
);

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn write_all(turnout: &TestTurnout) {
    while write_next(&turnout.ctx).await.expect("a batch") {}
}

/// The hidden field that marks the sending.
fn attempt(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"attempt\" value=\"").expect("an attempt");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Ada and Ben share an inbox; Cy has none, so that his leader Ada reads it; Di waits.
async fn season(turnout: TestTurnout) -> (TestTurnout, SessionCode) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 3, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    team.attendees[1].as_mut().expect("Ben").email = team.leader.email.clone();
    team.attendees[2] = Some(attendee("Cy Dunn"));
    team.attendees[2].as_mut().expect("Cy").email = None;
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let waits = request(&code, "Di Fay", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, waits).await.expect("a booking");
    turnout.letters().await;
    (turnout, code)
}

const WORDS: &str = "subject=The+hall+is+shut&body=Come+to+the+library.%0D%0A%0D%0ABring+a+pen.";

async fn a_message_is_checked_tested_and_sent_once_to_each_address(turnout: TestTurnout) {
    let (turnout, _) = season(turnout).await;
    let browser = organiser(&turnout).await;
    let path = "/office/sessions/S1/message";
    let form = page(&browser, path).await;
    assert!(form.contains("Everybody with a place (3 people)"), "{form}");
    assert!(form.contains("Everybody on the waiting list (1 person)"));
    assert!(!form.contains("did not come"), "nobody was marked at the door");

    let (status, check) = post(&browser, path, &format!("to=coming&do=check&{WORDS}")).await;
    assert_eq!(status, Status::Ok);
    assert!(check.contains("Send 1 email") && check.contains("for 3 people"), "{check}");
    assert!(check.contains("1 gave no address"));
    let (_, check) = post(&browser, path, &format!("to=coming&do=test&{WORDS}")).await;
    assert!(check.contains("We sent it to organiser@example.org. Nobody else has it yet."));
    let sent = turnout.subjects().await;
    assert_eq!(sent, ["organiser <organiser@example.org>: Test: The hall is shut"]);

    let send = format!("to=coming&to=waiting&do=send&{WORDS}&attempt={}", attempt(&check));
    let (status, there) = post(&browser, path, &send).await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(post(&browser, path, &send).await.1, there, "a double click sends once");
    assert!(page(&browser, &there).await.contains("0 of 2 sent"));
    write_all(&turnout).await;
    let letters = turnout.letters().await;
    let to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(to, ["ada.obi@example.org", "Di Fay <di.fay@example.org>"]);
    let shared = letters[0].text.replace("\r\n", "\n");
    assert!(shared.contains("Hello Ada Obi and Ben Low,"), "{shared}");
    assert!(shared.contains("Come to the library.\n\nBring a pen.\n"), "{shared}");
    assert!(!shared.contains("/r/") && !shared.contains("/p/"), "no private link");
    let far = page(&browser, &there).await;
    assert!(far.contains("2 of 2 sent") && far.contains("Your message is sent"), "{far}");
    assert!(page(&browser, path).await.contains("2 of 2 sent"));
    let log = page(&browser, "/office/audit?session=S1").await;
    assert!(log.contains("2 addresses: coming waiting"), "{log}");
    turnout.is_sound().await;
}

async fn a_message_to_many_survives_a_restart_and_two_nodes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 300, |_| {}).await;
    for team in 0..13 {
        let mut asked = request(&code, &format!("Leader {team}"), 20, Together);
        for (at, one) in asked.attendees.iter_mut().enumerate() {
            let mut person = attendee("Someone");
            person.name = name(&format!("Person {team} {at}"));
            person.email = format!("p{team}.{at}@example.org").parse().ok();
            *one = Some(person);
        }
        book_places(&turnout.ctx, &Actor::CommandLine, asked).await.expect("a booking");
    }
    turnout.letters().await;
    let browser = organiser(&turnout).await;
    let path = "/office/sessions/S1/message";
    let (_, check) = post(&browser, path, &format!("to=coming&leaders=1&do=check&{WORDS}")).await;
    assert!(check.contains("Send 273 emails"), "260 people and 13 leaders");
    let send = format!("to=coming&leaders=1&do=send&{WORDS}&attempt={}", attempt(&check));
    let (_, there) = post(&browser, path, &send).await;
    assert!(write_next(&turnout.ctx).await.expect("a batch"), "one batch, then a restart");
    let first = turnout.letters().await;
    assert_eq!(first.len(), 100);
    assert!(page(&browser, &there).await.contains("100 of 273 sent"));
    let (one, two) = tokio::join!(write_next(&turnout.ctx), write_next(&turnout.ctx));
    assert!(one.is_ok() && two.is_ok());
    write_all(&turnout).await;
    let rest = turnout.letters().await;
    let mut to: Vec<_> = first.iter().chain(&rest).map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    assert_eq!((first.len() + rest.len(), to.len()), (273, 273), "each once");
    assert!(page(&browser, &there).await.contains("273 of 273 sent"));
}

async fn what_is_missing_is_said_beside_the_field_and_nothing_is_lost(turnout: TestTurnout) {
    let (turnout, _) = season(turnout).await;
    let browser = organiser(&turnout).await;
    let path = "/office/sessions/S1/message";
    let body = "do=check&subject=&body=Keep+this";
    let (status, again) = post(&browser, path, body).await;
    assert_eq!(status, Status::UnprocessableEntity);
    for words in ["Choose who gets it", "Write a subject", "Keep this"] {
        assert!(again.contains(words), "{words}");
    }
    let (status, again) = post(&browser, path, &format!("to=cancelled&do=send&{WORDS}")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Nobody in these groups has an email address"));
    let long = format!("to=coming&do=check&subject=x&body={}", "y".repeat(5001));
    assert_eq!(post(&browser, path, &long).await.0, Status::UnprocessableEntity);
    let (status, _) = post(&browser, path, &format!("to=coming&do=send&{WORDS}&attempt=x")).await;
    assert_eq!(status, Status::Ok, "without the mark of a check it is checked, not sent");
    write_all(&turnout).await;
    assert_eq!(turnout.letters().await.len(), 0);
}
