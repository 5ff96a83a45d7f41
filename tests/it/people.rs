//! The people we know: recognised on bookings, found, changed and merged.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            hold_places::{HoldRequest, hold_places},
        },
        door::check_in::{Taps, check_in},
        people::know_people::know_people,
    },
    domain::{
        alliance::Alliance,
        attendance::{Mark, Presence},
        audit::Actor,
        occupancy::TeamPolicy::Together,
        person::Person,
        registration::Sender,
        staff::Role,
    },
    store::{Window, catalogue, people, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, leader, name, request, sender},
};

on_both_databases!(
    people_are_recognised_across_bookings_and_shared_inboxes_kept_apart,
    two_people_are_made_one_after_a_look_and_stay_one,
    an_organiser_sees_the_people_of_her_alliances,
);

async fn known(turnout: &TestTurnout) -> Vec<Person> {
    let (one, two) = tokio::join!(know_people(&turnout.ctx), know_people(&turnout.ctx));
    assert!(one.is_ok() || two.is_ok(), "two nodes at once");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 100 };
    people::search(&mut conn, "", None, window).await.expect("people").items
}

fn names(people: &[Person]) -> Vec<&str> {
    people.iter().map(|person| person.name.as_str()).collect()
}

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

/// Ada books herself, Ben who reads her mail, and Cy of the parish without an address.
async fn book(turnout: &TestTurnout, code: &str) -> turnout::domain::registration::Registration {
    let code = turnout.plan(code, "first", 20, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 3, Together);
    team.sender = sender(1);
    let mut ben = attendee("Ben Low");
    ben.email = team.leader.email.clone();
    let mut cy = attendee("Cy Dunn");
    cy.email = None;
    team.attendees[1] = Some(ben);
    team.attendees[2] = Some(cy);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking").registration
}

async fn people_are_recognised_across_bookings_and_shared_inboxes_kept_apart(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let first = book(&turnout, "S1").await;
    book(&turnout, "S2").await;
    let typing = HoldRequest {
        session: first.session.clone(),
        leader: leader("Only Typing"),
        sender: Sender::Herself,
        team: Together,
        places: 1,
        leader_comes: true,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    hold_places(&turnout.ctx, typing).await.expect("a hold");
    let people = known(&turnout).await;
    assert_eq!(names(&people), ["Ada Obi", "Ben Low", "Cy Dunn"], "each once");
    let ruth = turnout.account("ruth", Role::Administrator, &[]).await;
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &ruth).await.expect("a read").expect("an account");
    drop(conn);
    let at = turnout.ctx.now();
    let mark = Mark { place: first.places[0].id, presence: Presence::Attended, at };
    let taps = Taps { marks: vec![mark], ..Taps::default() };
    check_in(&turnout.ctx, &member, &first.session, 1, &taps).await.expect("taps");
    let browser = office(&turnout).await;
    let ada = page(&browser, &format!("/office/people/{}", people[0].id)).await;
    assert!(ada.contains("Came to 1 of 1 day, 2 hours of learning"), "{ada}");
    assert!(ada.contains("Courses done:</b> Course first") && ada.contains(">Ben Low, ada.obi"));
    assert_eq!(ada.matches("/office/bookings/").count(), 4, "where she comes and what she booked");
    let found = page(&browser, "/office/people?q=institution+1").await;
    assert!(found.contains("3 people"), "{found}");
    assert!(page(&browser, "/office/people?q=nobody").await.contains("Nobody called"));

    let path = format!("/office/people/{}", people[2].id);
    let (status, again) = post(&browser, &path, "name=&email=cy&phone=1").await;
    assert_eq!(status, Status::UnprocessableEntity);
    for words in ["Enter a name", "Check the email address", "Check the telephone number"] {
        assert!(again.contains(words), "{words}");
    }
    let body = "name=Cyril+Dunn&email=cy%40example.org&institution=I0001";
    let (_, there) = post(&browser, &path, body).await;
    assert!(page(&browser, &there).await.contains("Cyril Dunn"));
    // She is recognised by both from now on.
    let code = turnout.plan("S3", "first", 20, |one| {
        one.sittings[0] = turnout.sitting(1, one.sittings[0].starts + Duration::days(30));
    });
    let code = code.await;
    let mut team = request(&code, "Ada Obi", 2, Together);
    team.sender = sender(1);
    let mut cyril = attendee("Cyril Dunn");
    cyril.email = "cy@example.org".parse().ok();
    team.attendees[1] = Some(cyril);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    assert_eq!(names(&known(&turnout).await), ["Ada Obi", "Ben Low", "Cyril Dunn"]);
    turnout.is_sound().await;
}

async fn two_people_are_made_one_after_a_look_and_stay_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    book(&turnout, "S1").await;
    let code = turnout.plan("S2", "first", 20, |_| {}).await;
    let mut misspelt = request(&code, "Ada Obbi", 1, Together);
    misspelt.leader.email = "ada.obi@example.org".parse().ok();
    misspelt.attendees[0].as_mut().expect("Ada").email = misspelt.leader.email.clone();
    let again = misspelt.clone();
    book_places(&turnout.ctx, &Actor::Api, misspelt).await.expect("a booking");
    let people = known(&turnout).await;
    assert_eq!(names(&people), ["Ada Obbi", "Ada Obi", "Ben Low", "Cy Dunn"]);
    let (wrong, right) = (people[0].id, people[1].id);
    let browser = office(&turnout).await;
    let right_page = page(&browser, &format!("/office/people/{right}")).await;
    assert!(right_page.contains("The same person?") && right_page.contains("Ada Obbi, ada.obi"));
    let preview = page(&browser, &format!("/office/people/{right}/merge?with={wrong}")).await;
    assert!(preview.contains("1 place and 1 booking she led move."), "{preview}");
    assert_eq!(known(&turnout).await.len(), 4, "a look changes nothing");
    let path = format!("/office/people/{right}/merge");
    let (_, there) = post(&browser, &path, &format!("with={wrong}")).await;
    assert!(page(&browser, &there).await.contains("They are one person now."));
    let answer = browser.get(format!("/office/people/{wrong}")).dispatch().await;
    let there = answer.headers().get_one("Location").expect("the one who is kept").to_owned();
    drop(answer);
    assert_eq!(there, format!("/office/people/{right}"));
    let (_, there) = post(&browser, &path, &format!("with={wrong}")).await;
    assert!(there.ends_with("/merge"), "not twice");
    let (_, there) = post(&browser, &path, &format!("with={right}")).await;
    assert!(there.ends_with("/merge"), "nor with herself");
    book_places(&turnout.ctx, &Actor::Api, again).await.expect("a booking");
    let people = known(&turnout).await;
    assert_eq!(names(&people), ["Ada Obi", "Ben Low", "Cy Dunn"], "the old name is hers too");
    turnout.is_sound().await;
}

async fn an_organiser_sees_the_people_of_her_alliances(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    let mut alone = request(&code, "Ada Obi", 1, Together);
    alone.sender = Sender::NotListed(name("A Club"));
    book_places(&turnout.ctx, &Actor::Api, alone).await.expect("a booking");
    let ada = known(&turnout).await[0].id;
    let mine = turnout.account("mine", Role::Organiser, &["oxford"]).await;
    let leeds = Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "leeds@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let other = turnout.account("other", Role::Organiser, &["leeds"]).await;
    let (mine, other) = (turnout.signed_in(&mine).await, turnout.signed_in(&other).await);
    assert!(page(&mine, "/office/people").await.contains("Ada Obi"), "she booked there");
    page(&mine, &format!("/office/people/{ada}")).await;
    assert!(page(&other, "/office/people").await.contains("Nobody yet"));
    let answer = other.get(format!("/office/people/{ada}")).dispatch().await;
    assert_eq!(answer.status(), Status::Forbidden);
}
