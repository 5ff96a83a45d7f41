//! A booking is a record that the office works on: notes for staff, every letter and every event of it, needs put
//! right, people added, named and given a booking of their own.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        people::{erase_person::erase_person, know_people::know_people, own_data::hand_out},
    },
    domain::{
        audit::Actor, id::PersonId, occupancy::TeamPolicy::Together, registration::Registration,
        staff::Role,
    },
    store::people,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    a_note_is_for_staff_and_for_nobody_else,
    a_next_step_is_somebodys_until_it_is_done,
    a_note_is_taken_back_by_whoever_wrote_it,
    notes_are_handed_to_whom_they_are_about_and_go_with_her,
    every_letter_and_event_of_a_booking_stands_on_it,
    the_office_puts_needs_right_and_the_log_says_who_looked,
    the_office_adds_names_and_parts_people,
);

/// Ada's booking for herself, Ben and somebody whose name follows.
async fn booked(turnout: &TestTurnout) -> Registration {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 3, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    booked.registration
}

async fn organiser(turnout: &TestTurnout, login: &str) -> Client {
    let login = turnout.account(login, Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

/// The id in the first link of a page that ends so.
fn id_before<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    let links = page.split(start).skip(1);
    let mut ids = links.filter_map(|rest| rest.split_once(end).map(|(id, _)| id));
    ids.find(|id| id.len() == 36).expect("a link")
}

async fn a_note_is_for_staff_and_for_nobody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let office = organiser(&turnout, "olive").await;
    let there = format!("/office/bookings/{}", booking.reference);
    let empty = page(&office, &there).await;
    assert!(empty.contains("Nothing is noted."), "{empty}");
    let (status, again) = post(&office, &format!("{there}/notes"), "note=+&step_by=soon").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Enter a note") && again.contains("value=\"soon\""), "{again}");
    let words = "Pays+by+invoice+to+the+deanery";
    let (status, to) = post(&office, &format!("{there}/notes"), &format!("note={words}")).await;
    assert_eq!((status, to.contains("done=noted")), (Status::SeeOther, true), "{to}");
    let shown = page(&office, &there).await;
    assert!(shown.contains("Pays by invoice to the deanery") && shown.contains("olive"), "{shown}");
    let trainer = turnout.account("tom", Role::Trainer, &["oxford"]).await;
    let trainer = turnout.signed_in(&trainer).await;
    assert_eq!(trainer.get(there.clone()).dispatch().await.status(), Status::Forbidden);
    let letters = turnout.letters().await;
    let link =
        letters.iter().find_map(|letter| letter.text.split_once("https://turnout.example/r/"));
    let token = link.and_then(|(_, rest)| rest.get(..26)).expect("the leader's link").to_owned();
    let leader = turnout.browser().await;
    let hers = page(&leader, &format!("/r/{token}")).await;
    let kitchen = page(&office, "/trainer/sessions/S1/kitchen").await;
    let roster = page(&office, "/trainer/sessions/S1/roster").await;
    let csv = page(&office, "/trainer/sessions/S1/roster.csv").await;
    for (where_, text) in [("leader", hers), ("kitchen", kitchen), ("roster", roster), ("csv", csv)]
    {
        assert!(!text.contains("deanery"), "{where_}");
    }
    assert!(letters.iter().all(|letter| !letter.text.contains("deanery")));
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("Note written") && !log.contains("deanery"), "{log}");
}

async fn a_next_step_is_somebodys_until_it_is_done(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let office = organiser(&turnout, "olive").await;
    turnout.account("otto", Role::Organiser, &["oxford"]).await;
    let there = format!("/office/bookings/{}", booking.reference);
    let notes = format!("{there}/notes");
    let (status, again) = post(&office, &notes, "note=Call+her&step_for=nobody").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Choose somebody from the list"), "{again}");
    let body = "note=Call+her&step_for=otto&step_by=2027-03-01";
    assert_eq!(post(&office, &notes, body).await.0, Status::SeeOther);
    let shown = page(&office, &there).await;
    assert!(shown.contains("Next step: otto, by Mon 1 March 2027"), "{shown}");
    let id = id_before(&shown, "/office/notes/", "/done").to_owned();
    let done = format!("/office/notes/{id}/done");
    assert_eq!(post(&office, &done, "").await.0, Status::SeeOther);
    assert_eq!(post(&office, &done, "").await.0, Status::SeeOther, "twice is once");
    let shown = page(&office, &there).await;
    assert!(shown.contains("by olive") && !shown.contains("Next step:"), "{shown}");
    let log = page(&office, "/office/audit").await;
    assert_eq!(log.matches("Next step done").count(), 1, "{log}");
}

async fn a_note_is_taken_back_by_whoever_wrote_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let olive = organiser(&turnout, "olive").await;
    let otto = organiser(&turnout, "otto").await;
    let there = format!("/office/bookings/{}", booking.reference);
    post(&olive, &format!("{there}/notes"), "note=A+mistake").await;
    let shown = page(&olive, &there).await;
    let id = id_before(&shown, "/office/notes/", "/take-back").to_owned();
    let path = format!("/office/notes/{id}/take-back");
    assert!(!page(&otto, &there).await.contains(&path), "it is not hers");
    assert_eq!(otto.get(path.clone()).dispatch().await.status(), Status::Forbidden);
    assert_eq!(post(&otto, &path, "").await.0, Status::Forbidden);
    assert!(page(&olive, &path).await.contains("A mistake"));
    assert_eq!(post(&olive, &path, "").await.0, Status::SeeOther);
    assert!(!page(&olive, &there).await.contains("A mistake"));
    assert_eq!(post(&olive, &path, "").await.0, Status::NotFound);
    let log = page(&olive, "/office/audit").await;
    assert!(log.contains("Note taken back") && !log.contains("A mistake"), "{log}");
}

/// The person that somebody is to us.
async fn person(turnout: &TestTurnout, address: &str) -> PersonId {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let address = address.parse().expect("an address");
    let found = people::recognised_by_address(&mut conn, &address).await.expect("people");
    found.first().expect("somebody").id
}

async fn notes_are_handed_to_whom_they_are_about_and_go_with_her(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let office = organiser(&turnout, "olive").await;
    let there = format!("/office/bookings/{}", booking.reference);
    post(&office, &format!("{there}/notes"), "note=Wants+a+lift").await;
    let held = |id| {
        let ctx = turnout.ctx.clone();
        async move {
            let data = hand_out(&ctx, &Actor::CommandLine, id).await.expect("data");
            let data = data.expect("somebody");
            let notes = data.parts.iter().find(|part| part.key == "notes").expect("notes");
            notes.records.iter().flatten().any(|(_, value)| value == "Wants a lift")
        }
    };
    let ada = person(&turnout, "ada.obi@example.org").await;
    let ben = person(&turnout, "ben.low@example.org").await;
    assert!(held(ada).await, "she looks after the booking");
    assert!(!held(ben).await, "it may be about others");
    erase_person(&turnout.ctx, &Actor::CommandLine, ben).await.expect("erased");
    assert!(!page(&office, &there).await.contains("Wants a lift"), "it may have been about him");
}

async fn every_letter_and_event_of_a_booking_stands_on_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let office = organiser(&turnout, "olive").await;
    let there = format!("/office/bookings/{}", booking.reference);
    let waits = page(&office, &there).await;
    assert!(waits.contains("Waits to be sent") && waits.contains("ben.low@example.org"), "{waits}");
    let before = turnout.letters().await.len();
    post(&office, &format!("{there}/cancel?place=2"), "").await;
    turnout.letters().await;
    let shown = page(&office, &there).await;
    let letters = shown.matches("href=\"/office/letters/").count();
    assert!(letters > before, "{letters} letters, of them {before} before: {shown}");
    for words in ["Places booked", "Place cancelled", "Sent ", "Every letter about this booking"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    // Each can be read, also the one that took the days out of his calendar.
    for id in shown.split("href=\"/office/letters/").skip(1) {
        let path = format!("/office/letters/{}", &id[..36]);
        assert!(page(&office, &path).await.contains("<pre class=\"msg"), "{path}");
    }
}

async fn the_office_puts_needs_right_and_the_log_says_who_looked(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let office = organiser(&turnout, "olive").await;
    let there = format!("/office/bookings/{}", booking.reference);
    let needs = format!("{there}/places/2/needs");
    assert!(page(&office, &there).await.contains(&needs));
    assert!(page(&office, &needs).await.contains("What Ben Low needs"));
    let body = "diet=Peanuts&allergy=yes&access=Step-free";
    let (status, to) = post(&office, &needs, body).await;
    assert_eq!((status, to.ends_with("needs-2")), (Status::SeeOther, true), "{to}");
    let again = page(&office, &needs).await;
    assert!(again.contains("value=\"Peanuts\"") && again.contains("Step-free"), "{again}");
    let place = turnout.registration(booking.id).await.places[1].clone();
    assert!(place.attendee.expect("Ben").ticks.allergy);
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("Roster read") && !log.contains("Peanuts"), "{log}");
    let unnamed = office.get(format!("{there}/places/3/needs")).dispatch().await;
    assert_eq!(unnamed.status(), Status::SeeOther, "nobody is named there");
    // Whoever corrects only the name leaves the needs alone.
    post(&office, &format!("{there}/places/2"), "name=Benn+Low&email=ben.low@example.org").await;
    assert!(page(&office, &needs).await.contains("value=\"Peanuts\""));
}

async fn the_office_adds_names_and_parts_people(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let office = organiser(&turnout, "olive").await;
    let there = format!("/office/bookings/{}", booking.reference);
    let shown = page(&office, &there).await;
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("Name them"), "the nameless are offered a name: {shown}");
    let (status, to) = post(&office, &format!("{there}/places/3"), "name=Cy+Dunn&email=").await;
    assert_eq!((status, to.ends_with("swapped-3")), (Status::SeeOther, true), "{to}");
    let (status, again) = post(&office, &format!("{there}/add"), "name=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Enter the name of the person who is coming"), "{again}");
    turnout.write("update sessions set booking_closes = '2026-12-01T00:00:00+00:00'").await;
    let (status, to) = post(&office, &format!("{there}/add"), "name=Di+Fay&email=").await;
    assert_eq!((status, to.ends_with("booked-1-0")), (Status::SeeOther, true), "{to}");
    let (status, again) = post(&office, &format!("{there}/add"), "name=Di+Fay&email=").await;
    assert_eq!(status, Status::Conflict, "she is there already");
    assert!(again.contains("Is this somebody else?"), "{again}");
    let split = format!("{there}/places/2/split");
    assert!(page(&office, &split).await.contains("Give Ben Low a booking of their own?"));
    let (status, again) = post(&office, &split, "email=&phone=").await;
    assert_eq!(status, Status::UnprocessableEntity, "{again}");
    let (status, to) = post(&office, &split, "email=ben.low%40example.org").await;
    assert_eq!((status, to.ends_with("?done=split")), (Status::SeeOther, true), "{to}");
    assert!(page(&office, &to).await.contains("Booking by Ben Low"));
    let old = turnout.registration(booking.id).await;
    assert_eq!(old.places.len(), 3, "Ada, Cy and Di stay");
    turnout.clock.advance(Duration::hours(1));
    turnout.is_sound().await;
}
