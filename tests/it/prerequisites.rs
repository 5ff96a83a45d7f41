//! What a course asks for first is asked of the person (B7, H3): without an address she can qualify, by
//! another's attendance she cannot, and where it is unclear who she is an organiser decides.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        booking::{
            book_places::{BookRequest, Booked, book_places},
            change_attendee::change_attendee,
            refusals::BookError,
        },
        door::check_in::{Taps, check_in},
        people::know_people::{know_people, merge_people},
    },
    domain::{
        attendance::{Mark, Presence},
        attendee::Attendee,
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        staff::Role,
    },
    store::{Window, people, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, name, request, sender},
};

on_both_databases!(
    somebody_without_an_address_qualifies_by_name_and_institution,
    a_shared_inbox_qualifies_nobody_by_anothers_attendance,
    an_unclear_match_asks_the_organiser_and_says_why,
    a_corrected_and_a_merged_person_keep_what_they_did,
    a_newcomer_is_asked_about_and_no_place_is_lost,
);

fn without_address(who: &str) -> Attendee {
    Attendee { email: None, ..attendee(who) }
}

fn ask(code: &SessionCode, institution: u32, people: Vec<Attendee>) -> BookRequest {
    let mut asked = request(code, "Ruth Okafor", people.len(), Together);
    asked.sender = sender(institution);
    asked.attendees = people.into_iter().map(Some).collect();
    asked
}

/// These people of an institution did the first course; the session they came to.
async fn did(turnout: &TestTurnout, institution: u32, who: Vec<Attendee>) -> Booked {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, ask(&code, institution, who)).await;
    let booked = booked.expect("a booking");
    let login = turnout.account("ruth", Role::Administrator, &[]).await;
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &login).await.expect("a read").expect("an account");
    drop(conn);
    let at = turnout.ctx.now();
    let places = booked.registration.places.iter();
    let marks =
        places.map(|one| Mark { place: one.id, presence: Presence::Attended, at }).collect();
    let taps = Taps { marks, ..Taps::default() };
    check_in(&turnout.ctx, &member, &code, 1, &taps).await.expect("taps");
    while know_people(&turnout.ctx).await.expect("a round") {}
    booked
}

/// A session of the course that comes after it.
async fn second(turnout: &TestTurnout) -> SessionCode {
    turnout
        .plan("S9", "second", 9, |one| {
            one.sittings[0] = turnout.sitting(1, one.sittings[0].starts + Duration::days(60));
        })
        .await
}

async fn states(
    turnout: &TestTurnout,
    code: &SessionCode,
    institution: u32,
    who: Attendee,
) -> Result<String, BookError> {
    let asked = ask(code, institution, vec![who]);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await?;
    Ok(booked.registration.places[0].state.status().to_string())
}

async fn somebody_without_an_address_qualifies_by_name_and_institution(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    did(&turnout, 1, vec![without_address("Cy Dunn")]).await;
    let code = second(&turnout).await;
    let who = without_address("cy  DUNN");
    assert_eq!(states(&turnout, &code, 1, who).await.expect("a booking"), "confirmed");
    let other = states(&turnout, &code, 1, without_address("Di Eze")).await;
    assert!(matches!(other, Err(BookError::NominationMissing)), "{other:?}");
    turnout.is_sound().await;
}

async fn a_shared_inbox_qualifies_nobody_by_anothers_attendance(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    did(&turnout, 1, vec![attendee("Ann Baker")]).await;
    let code = second(&turnout).await;
    let ben = Attendee { name: name("Ben Low"), ..attendee("Ann Baker") };
    let refused = states(&turnout, &code, 1, ben).await;
    assert!(matches!(refused, Err(BookError::NominationMissing)), "{refused:?}");
    let ann = states(&turnout, &code, 2, attendee("Ann Baker")).await;
    assert_eq!(ann.expect("a booking"), "confirmed", "she herself, from wherever");
    turnout.is_sound().await;
}

async fn an_unclear_match_asks_the_organiser_and_says_why(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    did(&turnout, 1, vec![attendee("Ann Baker")]).await;
    let code = second(&turnout).await;
    for (institution, who) in [
        (1, without_address("Ann Baker")),
        (2, Attendee { email: "another@example.org".parse().ok(), ..attendee("Ann Baker") }),
        (1, Attendee { name: name("Ann Bakker"), ..attendee("Ann Baker") }),
    ] {
        let words = format!("{who:?}");
        let state = states(&turnout, &code, institution, who).await;
        assert_eq!(state.unwrap_or_else(|error| panic!("{words}: {error}")), "requested");
    }
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let requests = page(&office, "/office/sessions/S9/requests").await;
    assert_eq!(requests.matches("We could not tell which Ann Baker this is").count(), 2);
    assert!(requests.contains("We could not tell which Ann Bakker this is"), "{requests}");
    assert!(requests.contains("/office/people?q=Ann+Baker"), "{requests}");
    turnout.is_sound().await;
}

async fn a_corrected_and_a_merged_person_keep_what_they_did(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booked = did(&turnout, 1, vec![attendee("Nat Nutt")]).await.registration;
    let ctx = &turnout.ctx;
    let married = Attendee { name: name("Nat Nutt-Smith"), ..attendee("Nat Nutt") };
    let id = booked.places[0].id;
    let changed = change_attendee(ctx, &Actor::Leader, booked.id, id, married.clone()).await;
    changed.expect("a correction");
    let code = second(&turnout).await;
    assert_eq!(states(&turnout, &code, 2, married).await.expect("a booking"), "confirmed");
    // What an organiser has once said to be one person is one.
    let other = turnout.plan("S8", "first", 9, |one| {
        one.sittings[0] = turnout.sitting(1, one.sittings[0].starts + Duration::days(60));
    });
    let other = other.await;
    let elsewhere = attendee("Nat Smith");
    states(&turnout, &other, 1, elsewhere.clone()).await.expect("a booking");
    while know_people(ctx).await.expect("a round") {}
    let mut conn = ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 100 };
    let all = people::search(&mut conn, "nat", None, window).await.expect("people").items;
    drop(conn);
    let id = |who: &str| all.iter().find(|one| one.name.as_str() == who).expect("her").id;
    let (kept, gone) = (id("Nat Nutt-Smith"), id("Nat Smith"));
    merge_people(ctx, &Actor::CommandLine, kept, gone).await.expect("one person");
    let state = states(&turnout, &code, 1, elsewhere).await.expect("a booking");
    assert_eq!(state, "confirmed");
    turnout.is_sound().await;
}

async fn a_newcomer_is_asked_about_and_no_place_is_lost(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    did(&turnout, 1, vec![attendee("Ada Obi")]).await;
    let code = second(&turnout).await;
    let mut asked = ask(&code, 1, vec![attendee("Ada Obi")]);
    asked.attendees.push(None);
    asked.apart.push(2);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let id = booked.registration.id;
    assert_eq!(turnout.states(id).await, ["confirmed", "confirmed"]);
    let browser = turnout.browser().await;
    let manage = format!("/r/{}/places", booked.token.secret());
    let named = "verb=swap&name=Ben+Low&email=ben%40example.org";
    for (number, status) in [(1, Status::Conflict), (2, Status::Conflict)] {
        let (told, shown) = post(&browser, &format!("{manage}/{number}"), named).await;
        assert_eq!(told, status, "{shown}");
        assert!(shown.contains("Ben Low has not done Course first, which comes first"), "{shown}");
        assert!(shown.contains("name=\"nomination\"") && shown.contains("value=\"Ben Low\""));
    }
    assert_eq!(turnout.states(id).await, ["confirmed", "confirmed"]);
    assert_eq!(turnout.registration(id).await.places[0].attendee, Some(attendee("Ada Obi")));
    let why = format!("{named}&nomination=Ben+leads+the+choir");
    let (status, to) = post(&browser, &format!("{manage}/2"), &why).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(turnout.states(id).await, ["confirmed", "confirmed"]);
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let reference = &booked.registration.reference;
    let shown = page(&office, &format!("/office/bookings/{reference}")).await;
    assert!(shown.contains("Ben Low: Ben leads the choir"), "{shown}");
    // Ada did it: she may take Ben's place without a word, and so may whoever the office names.
    let form = format!("/office/bookings/{reference}/places/2");
    let (status, to) = post(&office, &form, "verb=swap&name=Cy+Dunn&email=cy%40example.org").await;
    assert_eq!(status, Status::SeeOther, "{to}");
}
