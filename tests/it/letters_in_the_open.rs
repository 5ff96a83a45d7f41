//! A letter is read before it goes, and carries the words of whoever changed something.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, sessions::announce::tell_gathered},
    domain::{
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        session::{BookingMode, Publication},
        staff::Role,
    },
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    the_letter_of_new_times_is_read_first_and_carries_her_words,
    words_of_several_changes_stand_in_one_letter,
    the_letter_of_another_place_is_read_first,
    the_letter_of_a_cancelled_session_is_read_first,
    the_letters_of_a_day_more_and_a_day_less_are_read_first,
    the_letter_of_a_refusal_is_read_first,
    words_that_cannot_be_kept_change_nothing,
);

/// Ada leads and comes; Ben has an address as well. An organiser's browser.
async fn booked(turnout: &TestTurnout, code: &SessionCode) -> Client {
    let mut team = request(code, "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

const TIMES: &str = "/office/sessions/S1/times";
const LATER: &str = "d1_date=2027-02-06&d1_start=10%3A00&d1_end=12%3A00";
const MILL: &str = "where=venue&venue=The+Mill&address=1+Mill+Lane";

fn to<'l>(letters: &'l [ReadLetter], who: &str) -> &'l ReadLetter {
    letters.iter().find(|one| one.to.contains(who)).expect("a letter")
}

/// That a page shows the letters to both, without what opens anything.
fn shows(look: &str, words: &[&str]) {
    assert!(look.contains("The letter that would go"), "{look}");
    for words in words {
        assert!(look.contains(words), "{words} in {look}");
    }
    let (_, text) = look.split_once("id=\"letters\"").expect("letters");
    let secret = |word: &str| {
        let last = word.rsplit('/').next().unwrap_or_default();
        word.contains("turnout.example/") && last.len() >= 26 && !last.contains('-')
    };
    assert!(!text.split_whitespace().any(secret) && !text.contains('~'), "{text}");
}

async fn the_letter_of_new_times_is_read_first_and_carries_her_words(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = booked(&turnout, &code).await;
    let before = turnout.session(&code).await;
    assert!(page(&office, TIMES).await.contains("name=\"words\""));
    let form = format!("{LATER}&words=The+hall+is+%3Cbeing%3E+painted.");
    let (status, look) = post(&office, TIMES, &format!("{form}&action=look")).await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(
        &look,
        &[
            "To Ada Obi, ada.obi@example.org: Changed: Course first",
            "To Ben Low",
            "now Sat 6 February",
        ],
    );
    assert!(look.contains("A WORD FROM THE ORGANISER"), "{look}");
    assert_eq!(turnout.session(&code).await, before, "nothing is kept of it");
    assert!(turnout.letters().await.is_empty());
    turnout.is_sound().await;

    let (status, _) = post(&office, TIMES, &form).await;
    assert_eq!(status, Status::SeeOther);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2);
    for who in ["ada.obi", "ben.low"] {
        let letter = to(&letters, who);
        let said = "A WORD FROM THE ORGANISER\nThe hall is <being> painted.";
        assert_eq!(letter.text.matches(said).count(), 1, "{}", letter.text);
        assert!(letter.html.contains("The hall is &#60;being&#62; painted."), "{}", letter.html);
        let ics = String::from_utf8(letter.calendar.clone().expect("an invite")).expect("text");
        assert!(!ics.contains("painted"), "an event says facts: {ics}");
    }
    turnout.is_sound().await;
}

async fn words_of_several_changes_stand_in_one_letter(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.gather = Duration::minutes(2);
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = booked(&turnout, &code).await;
    post(&office, TIMES, &format!("{LATER}&words=The+hall+is+taken.")).await;
    let venue = "/office/sessions/S1/venue";
    let (status, said) = post(&office, venue, &format!("{MILL}&words=The+mill+has+a+lift.")).await;
    assert_eq!(status, Status::SeeOther, "{said}");
    assert!(turnout.letters().await.is_empty(), "they wait for what changes next");
    turnout.clock.advance(Duration::minutes(2));
    tell_gathered(&turnout.ctx).await.expect("a look");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2);
    for letter in &letters {
        let said = "A WORD FROM THE ORGANISER\nThe hall is taken.\n\nThe mill has a lift.";
        assert_eq!(letter.text.matches(said).count(), 1, "{}", letter.text);
        assert!(letter.text.contains("now Sat 6 February") && letter.text.contains("The Mill"));
    }
    turnout.is_sound().await;
}

async fn the_letter_of_another_place_is_read_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = booked(&turnout, &code).await;
    let before = turnout.session(&code).await;
    let venue = "/office/sessions/S1/venue";
    let form = format!("{MILL}&words=Mind+the+step.");
    let (status, look) = post(&office, venue, &format!("{form}&action=look")).await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(&look, &["now The Mill, 1 Mill Lane", "Mind the step."]);
    assert_eq!(turnout.session(&code).await, before);
    post(&office, venue, &form).await;
    let letters = turnout.letters().await;
    assert!(letters.iter().all(|one| one.text.contains("Mind the step.")), "{letters:?}");
}

async fn the_letter_of_a_cancelled_session_is_read_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = booked(&turnout, &code).await;
    let cancel = "/office/sessions/S1/cancel";
    shows(&page(&office, cancel).await, &["Cancelled: Course first", "Please do not travel"]);
    let (status, look) = post(&office, cancel, "action=look&why=The+boiler+is+broken.").await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(&look, &["WHY\nThe boiler is broken."]);
    assert!(look.contains(">\nThe boiler is broken.</textarea>"), "what she typed stays");
    assert_eq!(turnout.session(&code).await.publication, Publication::Published);
    assert!(turnout.letters().await.is_empty());
    let (status, _) = post(&office, cancel, "why=The+boiler+is+broken.&typed=CANCEL").await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(turnout.letters().await.len(), 2);
    turnout.is_sound().await;
}

async fn the_letters_of_a_day_more_and_a_day_less_are_read_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = booked(&turnout, &code).await;
    let days = "/office/sessions/S1/days";
    let form = "d2_date=2027-02-06&d2_start=10%3A00&d2_end=12%3A00&words=There+is+more+to+say.";
    let (status, look) = post(&office, days, &format!("{form}&action=look")).await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(&look, &["A day more: Sat 6 February", "There is more to say."]);
    assert_eq!(turnout.session(&code).await.sittings.len(), 1);
    post(&office, days, form).await;
    let letters = turnout.letters().await;
    assert!(to(&letters, "ada.obi").text.contains("There is more to say."), "{letters:?}");

    let day = turnout.session(&code).await.sittings[1].id;
    let look = page(&office, &format!("/office/sessions/S1/remove-day?day={day}")).await;
    shows(&look, &["A day less: Sat 6 February"]);
    let (path, form) =
        ("/office/sessions/S1/remove-day", format!("day={day}&words=It+was+too+much."));
    let (status, look) = post(&office, path, &format!("{form}&action=look")).await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(&look, &["One day less", "It was too much."]);
    assert_eq!(turnout.session(&code).await.sittings.len(), 2);
    assert_eq!(post(&office, path, &form).await.0, Status::SeeOther);
    let letters = turnout.letters().await;
    let off: Vec<_> = letters.iter().filter(|one| one.text.contains("It was too much.")).collect();
    assert!(off.len() >= 2, "the leader and whoever comes: {letters:?}");
    turnout.is_sound().await;
}

async fn the_letter_of_a_refusal_is_read_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |one| one.mode = BookingMode::Approval).await;
    let asked = request(&code, "Eve Obi", 2, Together);
    let asked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a request");
    let office = booked(&turnout, &code).await;
    let (id, reference) = (asked.registration.id, asked.registration.reference);
    let one = "/office/sessions/S1/requests";
    let form = format!("reference={reference}&reason=It+is+for+stewards.");
    let (status, look) = post(&office, one, &format!("{form}&decision=read-refusal")).await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(
        &look,
        &["An answer to your request: Course first", "WHAT THEY SAY\nIt is for stewards."],
    );
    let form = format!("tick={reference}&decision=refuse&reason=It+is+for+stewards.");
    let (status, look) = post(&office, &format!("{one}/many"), &form).await;
    assert_eq!(status, Status::Ok, "{look}");
    shows(&look, &["To Eve Obi, eve.obi@example.org", "WHAT THEY SAY\nIt is for stewards."]);
    let form = format!("{form}&sure=yes&action=look");
    assert_eq!(post(&office, &format!("{one}/many"), &form).await.0, Status::Ok);
    assert_eq!(turnout.states(id).await, ["requested", "requested"]);
    assert!(turnout.letters().await.is_empty());
    turnout.is_sound().await;
}

async fn words_that_cannot_be_kept_change_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = booked(&turnout, &code).await;
    let before = turnout.session(&code).await;
    for (path, form) in [(TIMES, LATER), ("/office/sessions/S1/venue", MILL)] {
        for words in ["x".repeat(1001), "Come%00".to_owned()] {
            let (status, said) = post(&office, path, &format!("{form}&words={words}")).await;
            assert_eq!(status, Status::UnprocessableEntity, "{said}");
            assert!(said.contains("id=\"words-e\""), "{said}");
        }
    }
    assert_eq!(turnout.session(&code).await, before);
    assert!(turnout.letters().await.is_empty());
}
