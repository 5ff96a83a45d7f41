//! The same person on one session again (H2, B5): a question that names what exists, by whichever way
//! she comes; and never a silent second place.

use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use turnout::{
    actions::booking::{
        book_places::book_places,
        change_attendee::{ChangeError, change_attendee},
        move_places::{MoveError, MoveRequest, move_places},
        refusals::{BookError, HoldError},
    },
    domain::{
        attendee::Attendee, audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together,
        staff::Role,
    },
    store::seated,
};

use crate::support::{
    TestTurnout,
    browser::post,
    plan::{attendee, name, request},
};

on_both_databases!(
    the_pages_ask_before_the_same_person_books_again,
    the_second_step_asks_about_whoever_is_named_there,
    two_windows_are_one_question_at_the_last_step,
    the_waiting_list_takes_nobody_twice,
    a_program_is_told_and_may_say_that_it_is_somebody_else,
    the_office_learns_whose_the_other_place_is,
    naming_swapping_and_moving_ask_as_booking_does,
    a_file_gives_nobody_a_second_place,
);

async fn session(turnout: &TestTurnout, code: &str, capacity: u32) -> SessionCode {
    turnout.plan(code, "first", capacity, |_| {}).await
}

async fn there(turnout: &TestTurnout, code: &SessionCode) -> Vec<String> {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let all = seated::of_session(&mut conn, code).await.expect("people");
    let mut names: Vec<_> = all
        .iter()
        .map(|one| {
            format!("{}: {}", one.name.as_ref().map_or("?", |name| name.as_str()), one.status)
        })
        .collect();
    names.sort();
    names
}

/// The first step, as a browser sends it.
fn start(who: &str, email: &str, more: &str) -> String {
    let (who, email) = (who.replace(' ', "+"), email.replace('@', "%40"));
    format!(
        "places=1&self=yes&name={who}&email={email}&tel=&institution=none&institution_other=\
         &team=together&nomination={more}"
    )
}

/// The whole of a booking on the pages; where it ends.
async fn book(browser: &Client, code: &str, who: &str, email: &str) -> (Status, String) {
    let path = format!("/sessions/{code}/register");
    let (status, people) = post(browser, &path, &start(who, email, "")).await;
    if status != Status::SeeOther {
        return (status, people);
    }
    finish(browser, &people, who, email, "").await
}

/// Its second and third step.
async fn finish(
    browser: &Client,
    people: &str,
    who: &str,
    email: &str,
    more: &str,
) -> (Status, String) {
    let (who, email) = (who.replace(' ', "+"), email.replace('@', "%40"));
    let body = format!("p1_name={who}&p1_email={email}&p1_diet=&p1_access={more}");
    let (status, check) = post(browser, people, &body).await;
    if status != Status::SeeOther {
        return (status, check);
    }
    post(browser, &check, "permission=yes").await
}

async fn the_pages_ask_before_the_same_person_books_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 9).await;
    let browser = turnout.browser().await;
    let (status, _) = book(&browser, "S1", "Same Person", "same11@example.org").await;
    assert_eq!(status, Status::SeeOther);
    for (who, email) in
        [("Same Person", "same11@example.org"), ("same  person", "SAME11@example.org")]
    {
        let stranger = turnout.browser().await;
        let (status, asked) = book(&stranger, "S1", who, email).await;
        assert_eq!(status, Status::Conflict, "{who}");
        let words = format!("{who} already has a place on this session. Is this somebody else?");
        assert!(asked.contains(&words), "{asked}");
        let mut conn = turnout.ctx.store.read().await.expect("a connection");
        let all = seated::of_session(&mut conn, &code).await.expect("people");
        let whose = all[0].reference.to_string();
        assert!(!asked.contains(&whose), "whose booking it is stays private");
        assert!(asked.contains("value=\"same11@example.org\"") || who != "Same Person");
    }
    assert_eq!(there(&turnout, &code).await, ["Same Person: confirmed"]);
    let other = turnout.browser().await;
    let path = "/sessions/S1/register";
    let (status, asked) = post(&other, path, &start("Ben Low", "same11@example.org", "")).await;
    assert_eq!(status, Status::Conflict, "the same address under another name");
    assert!(asked.contains("Somebody else with the address same11@example.org has a place"));
    assert!(!asked.contains("Same Person"), "whose name it is stays private");
    let on = start("Ben Low", "same11@example.org", "&same_person=no");
    let (status, people) = post(&other, path, &on).await;
    assert_eq!(status, Status::SeeOther);
    let (status, _) = finish(&other, &people, "Ben Low", "same11@example.org", "").await;
    assert_eq!(status, Status::SeeOther, "who was told apart once is not asked again");
    assert_eq!(there(&turnout, &code).await, ["Ben Low: confirmed", "Same Person: confirmed"]);
    turnout.is_sound().await;
}

async fn the_second_step_asks_about_whoever_is_named_there(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 9).await;
    let browser = turnout.browser().await;
    book(&browser, "S1", "Ida Green", "ida@example.org").await;
    let leader = turnout.browser().await;
    let body = start("Lea Der", "lea@example.org", "").replace("self=yes", "self=no");
    let (_, people) = post(&leader, "/sessions/S1/register", &body).await;
    let (status, asked) = finish(&leader, &people, "Ida Green", "", "").await;
    assert_eq!(status, Status::Conflict);
    assert!(asked.contains("Ida Green already has a place on this session"), "{asked}");
    assert!(asked.contains("name=\"same_person\" value=\"no\""));
    let (status, _) = finish(&leader, &people, "Ida Green", "", "&same_person=no").await;
    assert_eq!(status, Status::SeeOther, "her namesake");
    assert_eq!(there(&turnout, &code).await.len(), 2);
    turnout.is_sound().await;
}

async fn two_windows_are_one_question_at_the_last_step(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 9).await;
    let (one, two) = (turnout.browser().await, turnout.browser().await);
    let who = start("Ida Green", "ida@example.org", "");
    let (_, first) = post(&one, "/sessions/S1/register", &who).await;
    let (_, second) = post(&two, "/sessions/S1/register", &who).await;
    let named = "p1_name=Ida+Green&p1_email=ida%40example.org&p1_diet=&p1_access=";
    let (_, check_one) = post(&one, &first, named).await;
    let (_, check_two) = post(&two, &second, named).await;
    let (status, _) = post(&one, &check_one, "permission=yes").await;
    assert_eq!(status, Status::SeeOther);
    let (status, asked) = post(&two, &check_two, "permission=yes").await;
    assert_eq!(status, Status::Conflict);
    assert!(asked.contains("Ida Green already has a place on this session"), "{asked}");
    assert_eq!(there(&turnout, &code).await, ["Ida Green: confirmed"]);
    let (status, _) = post(&two, &check_two, "permission=yes&same_person=no").await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(there(&turnout, &code).await.len(), 2, "said to be somebody else");
    turnout.is_sound().await;
}

async fn the_waiting_list_takes_nobody_twice(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 1).await;
    let full = request(&code, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, full).await.expect("a booking");
    let path = "/sessions/S1/waiting-list";
    let mut told = Vec::new();
    for _ in 0..2 {
        let browser = turnout.browser().await;
        told.push(post(&browser, path, &start("Dup Wait", "dup28@example.org", "")).await);
    }
    assert_eq!(told[0].0, Status::SeeOther);
    assert_eq!(told[1].0, Status::Conflict);
    let words = "Dup Wait is already on the waiting list of this session";
    assert!(told[1].1.contains(words), "{}", told[1].1);
    assert_eq!(there(&turnout, &code).await, ["Ada Obi: confirmed", "Dup Wait: waiting"]);
    turnout.is_sound().await;
}

async fn a_program_is_told_and_may_say_that_it_is_somebody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 9).await;
    let client = turnout.browser().await;
    let send = async |places: Value| {
        let body = json!({
            "leader": {"name": "Ruth Okafor", "email": "ruth@example.org"}, "places": places,
        });
        let request = client
            .post("/api/v1/sessions/S1/registrations")
            .header(ContentType::JSON)
            .header(Header::new("Accept", "application/json"));
        let answer = request.body(body.to_string()).dispatch().await;
        let status = answer.status().code;
        let body: Value =
            serde_json::from_str(&answer.into_string().await.expect("a body")).expect("JSON");
        (status, body)
    };
    let ida = json!({"name": "Ida Green", "email": "ida@example.org"});
    assert_eq!(send(json!([ida])).await.0, 201);
    let (status, problem) = send(json!([{"name": "Ben Low"}, ida])).await;
    assert_eq!(status, 409, "{problem}");
    assert!(problem["type"].as_str().is_some_and(|kind| kind.ends_with("/problems/same-person")));
    assert_eq!(problem["errors"][0]["pointer"], "/places/1/same_person");
    let (status, problem) = send(json!([{"name": "Cy", "email": "c@example.org"},
        {"name": "cy", "email": "C@example.org"}]))
    .await;
    assert_eq!(status, 409, "twice in one booking: {problem}");
    let mut other = ida.clone();
    other["same_person"] = json!("perhaps");
    assert_eq!(send(json!([other])).await.0, 422);
    other["same_person"] = json!("no");
    assert_eq!(send(json!([other])).await.0, 201);
    assert_eq!(there(&turnout, &code).await.len(), 2);
    turnout.is_sound().await;
}

async fn the_office_learns_whose_the_other_place_is(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 9).await;
    let known = request(&code, "Ida Green", 1, Together);
    let known =
        book_places(&turnout.ctx, &Actor::Api, known).await.expect("a booking").registration;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let body = "name=Ruth+Okafor&email=ruth%40example.org&tel=&institution=none&team=together\
                &people=1&p1-name=Ida+Green&p1-email=&p1-diet=&p1-access=";
    let path = "/office/sessions/S1/book";
    let (status, asked) = post(&office, path, body).await;
    assert_eq!(status, Status::Conflict);
    let words = format!("booked by Ida Green, {}", known.reference);
    assert!(asked.contains(&words), "{asked}");
    let (status, _) = post(&office, path, &format!("{body}&same_person=no")).await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(there(&turnout, &code).await.len(), 2);
    turnout.is_sound().await;
}

async fn naming_swapping_and_moving_ask_as_booking_does(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (code, other) = (session(&turnout, "S1", 9).await, session(&turnout, "S2", 9).await);
    let ctx = &turnout.ctx;
    for session in [&code, &other] {
        let ida = request(session, "Ida Green", 1, Together);
        book_places(ctx, &Actor::Api, ida).await.expect("a booking");
    }
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    let team = book_places(ctx, &Actor::Api, team).await.expect("a booking").registration;
    for place in &team.places[1..] {
        let ida = Attendee { email: None, ..attendee("Ida Green") };
        let refused = change_attendee(ctx, &Actor::Leader, team.id, place.id, ida).await;
        assert!(matches!(refused, Err(ChangeError::AlreadyThere(_))), "{refused:?}");
    }
    let twice = Attendee { name: name("ada  obi"), ..attendee("Ada Obi") };
    let refused = change_attendee(ctx, &Actor::Leader, team.id, team.places[2].id, twice).await;
    let Err(ChangeError::AlreadyThere(found)) = refused else { panic!("{refused:?}") };
    assert_eq!(found[0].words_for(team.id), "ada  obi is in this booking already, as person 1");
    let mut ask = MoveRequest {
        registration: team.id,
        places: vec![team.places[0].id],
        to: other.clone(),
        may_wait: false,
        apart: false,
    };
    move_places(ctx, &Actor::Api, &ask).await.expect("Ada has no place there");
    let ada = request(&code, "Ada Obi", 1, Together);
    let ada = book_places(ctx, &Actor::Api, ada).await.expect("a booking").registration;
    (ask.registration, ask.places) = (ada.id, vec![ada.places[0].id]);
    let refused = move_places(ctx, &Actor::Api, &ask).await;
    assert!(matches!(refused, Err(MoveError::AlreadyThere(_))), "{refused:?}");
    ask.apart = true;
    move_places(ctx, &Actor::Api, &ask).await.expect("somebody else");
    turnout.is_sound().await;
}

async fn a_file_gives_nobody_a_second_place(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = session(&turnout, "S1", 9).await;
    let ctx = &turnout.ctx;
    let ida = request(&code, "Ida Green", 1, Together);
    book_places(ctx, &Actor::Api, ida).await.expect("a booking");
    let mut again = request(&code, "Ida Green", 1, Together);
    again.apart.clear();
    let refused = book_places(ctx, &Actor::CommandLine, again.clone()).await;
    let Err(BookError::Hold(error @ HoldError::AlreadyThere(_))) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(error.to_string(), "Ida Green already has a place on this session");
    // An address that is shared is no question to a file.
    again.attendees[0].as_mut().expect("her").name = name("Ben Low");
    book_places(ctx, &Actor::CommandLine, again).await.expect("a booking");
    turnout.is_sound().await;
}
