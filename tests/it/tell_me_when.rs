//! Being told when there is a date of a course: nothing before it is confirmed by a letter, then once for each session
//! that comes onto the lists, in turn; and an organiser sees where people wait.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        asking::tell_interested::tell_interested,
        booking::book_places::book_places,
        people::{erase_person::erase_person, know_people::know_people},
        retention::erase_due::erase_due,
    },
    domain::{
        admission::Admission,
        audit::Actor,
        location::Location,
        occupancy::TeamPolicy::Together,
        session::{Publication, Session},
        staff::Role,
    },
    store::{Window, people},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    everything,
    form::Form,
    plan::{attendee, request},
};

on_both_databases!(
    nobody_is_told_before_she_has_confirmed_it,
    publishing_tells_those_who_wait_once_and_in_turn,
    what_no_list_shows_tells_nobody_until_it_does,
    only_what_is_near_enough_is_told,
    whoever_books_the_course_waits_no_more,
    the_organiser_sees_where_people_wait,
    what_is_typed_wrong_is_said_beside_it,
    nothing_of_it_is_kept_for_longer_than_it_must_be,
);

const ASK: &str = "/courses/first/tell-me";

/// Somebody asks to be told; her letter's path.
async fn asks(turnout: &TestTurnout, browser: &Client, name: &str, more: &str) -> String {
    let email = name.to_lowercase().replace(' ', ".");
    let name = name.replace(' ', "+");
    let body = format!("name={name}&email={email}%40example.org&alliance=oxford{more}");
    let (status, said) = post(browser, ASK, &body).await;
    assert_eq!(status, Status::Ok, "{said}");
    assert!(said.contains("Look at your email"), "{said}");
    let letters = turnout.letters().await;
    let letter = letters.iter().rev().find(|one| one.to.contains(&email)).expect("a letter");
    path_in(&letter.text)
}

fn path_in(text: &str) -> String {
    let at = text.find("/interest/").expect("a link");
    text[at..].split_whitespace().next().expect("a path").to_owned()
}

async fn waits(turnout: &TestTurnout, browser: &Client, name: &str, more: &str) -> String {
    let path = asks(turnout, browser, name, more).await;
    let (_, said) = post(browser, &path, "act=confirm").await;
    assert!(said.contains("We tell you"), "{said}");
    turnout.clock.advance(Duration::seconds(1));
    path
}

/// Publishes a draft as an organiser does.
async fn publish(office: &Client, code: &str) {
    let form = Form::open(office, &format!("/office/sessions/{code}/publish")).await;
    let (status, said) = form.send(office).await;
    assert_eq!(status, Status::SeeOther, "{said}");
}

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

fn draft(one: &mut Session) {
    one.publication = Publication::Draft;
}

/// To whom letters went that tell of a date.
async fn told(turnout: &TestTurnout) -> Vec<String> {
    let subjects = turnout.subjects().await;
    let of_dates = subjects.into_iter().filter(|one| one.contains("There is a date"));
    let first_name = |one: String| {
        let address = one.split_once('<').map_or(one.as_str(), |(_, address)| address);
        address.split(['.', '@']).next().unwrap_or_default().to_owned()
    };
    of_dates.map(first_name).collect()
}

async fn nobody_is_told_before_she_has_confirmed_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/courses/first").await;
    assert!(html.contains("Tell me when there is one"), "{html}");
    assert!(page(&browser, ASK).await.contains("How far would you go?"));
    let link = asks(&turnout, &browser, "Ada Obi", "").await;
    let before = everything(&turnout).await;
    assert!(page(&browser, &link).await.contains("Shall we tell you?"));
    assert_eq!(before, everything(&turnout).await, "a GET changed something");
    let office = organiser(&turnout).await;
    turnout.plan("S1", "first", 9, draft).await;
    publish(&office, "S1").await;
    assert!(told(&turnout).await.is_empty());
    // Whoever asks again is sent the letter again, and waits once; but not for ever.
    for _ in 0..4 {
        post(&browser, ASK, "name=Ada+Obi&email=ada.obi%40example.org&alliance=oxford").await;
    }
    assert_eq!(turnout.letters().await.len(), 2);
    post(&browser, &link, "act=stop").await;
    assert!(page(&browser, &link).await.contains("We tell you no more"));
    turnout.is_sound().await;
}

async fn publishing_tells_those_who_wait_once_and_in_turn(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    for name in ["Ada Obi", "Ben Ash", "Cleo Hall", "Dai Rees", "Eva Lin"] {
        waits(&turnout, &browser, name, "").await;
    }
    let office = organiser(&turnout).await;
    turnout.plan("S1", "first", 2, draft).await;
    publish(&office, "S1").await;
    assert_eq!(told(&turnout).await, ["ada", "ben", "cleo", "dai"], "twice the places, in turn");
    tell_interested(&turnout.ctx).await.expect("a round");
    assert!(told(&turnout).await.is_empty(), "a day has not passed");
    turnout.clock.advance(Duration::hours(25));
    tell_interested(&turnout.ctx).await.expect("a round");
    assert_eq!(told(&turnout).await, ["eva"]);
    // Whoever asks after it was published reads on the page that there is a date.
    waits(&turnout, &browser, "Flo Mey", "").await;
    turnout.clock.advance(Duration::hours(25));
    tell_interested(&turnout.ctx).await.expect("a round");
    assert!(told(&turnout).await.is_empty(), "everybody who waited was told, once");
    turnout.plan("S2", "first", 9, |_| {}).await;
    tell_interested(&turnout.ctx).await.expect("a round");
    assert_eq!(told(&turnout).await.len(), 6, "another date is told anew");
}

async fn what_no_list_shows_tells_nobody_until_it_does(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    let link = waits(&turnout, &browser, "Ada Obi", "").await;
    let office = organiser(&turnout).await;
    for (code, admission) in [("U1", Admission::Unlisted), ("N1", Admission::Closed)] {
        let planned = |one: &mut Session| {
            draft(one);
            one.admission = admission;
        };
        turnout.plan(code, "first", 9, planned).await;
        publish(&office, code).await;
    }
    tell_interested(&turnout.ctx).await.expect("a round");
    assert!(told(&turnout).await.is_empty());
    let form = Form::open(&office, "/office/sessions/U1/edit").await.with("admission", "public");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    tell_interested(&turnout.ctx).await.expect("a round");
    let letter = turnout.letters().await.remove(0);
    assert!(letter.text.contains("There is a date") || letter.subject.contains("There is a date"));
    assert!(letter.text.contains("/sessions/U1") && !letter.text.contains("N1"), "{}", letter.text);
    // Each letter has the link that stops them.
    post(&browser, &path_in(&letter.text), "act=stop").await;
    assert!(page(&browser, &link).await.contains("We tell you no more"));
    turnout.plan("S3", "first", 9, |_| {}).await;
    tell_interested(&turnout.ctx).await.expect("a round");
    assert!(told(&turnout).await.is_empty());
}

async fn only_what_is_near_enough_is_told(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    waits(&turnout, &browser, "Ada Obi", "&reach=here").await;
    waits(&turnout, &browser, "Ben Ash", "&reach=online").await;
    let far = "name=Cleo+Hall&email=cleo%40example.org&place=PL1&reach=here";
    post(&browser, ASK, far).await;
    let link = path_in(&turnout.letters().await[0].text);
    post(&browser, &link, "act=confirm").await;
    turnout.clock.advance(Duration::seconds(1));
    let online = |one: &mut Session| {
        one.location = Location::Online { room: "https://video.example/r/1".to_owned() };
    };
    turnout.plan("S1", "first", 9, online).await;
    tell_interested(&turnout.ctx).await.expect("a round");
    assert_eq!(told(&turnout).await, ["ben"]);
    let hall = |one: &mut Session| {
        let address = "62 Cowley Lane, Oxford OX4 0XX".to_owned();
        one.location = Location::Venue { name: "The Hall".to_owned(), address };
    };
    turnout.plan("S2", "first", 9, hall).await;
    tell_interested(&turnout.ctx).await.expect("a round");
    assert_eq!(told(&turnout).await, ["ada", "ben"]);
}

async fn whoever_books_the_course_waits_no_more(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    waits(&turnout, &browser, "Ada Obi", "").await;
    waits(&turnout, &browser, "Ben Ash", "").await;
    let office = organiser(&turnout).await;
    let list = "/office/waiting-for-a-date";
    assert!(page(&office, list).await.contains("2 people wait for a date"));
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Cleo Hall", 1, Together);
    asked.attendees = vec![Some(attendee("Ada Obi"))];
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    assert!(page(&office, list).await.contains("1 person waits for a date"));
    turnout.letters().await;
    tell_interested(&turnout.ctx).await.expect("a round");
    assert_eq!(told(&turnout).await, ["ben"]);
}

async fn the_organiser_sees_where_people_wait(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    let office = organiser(&turnout).await;
    let list = "/office/waiting-for-a-date";
    assert!(page(&office, list).await.contains("Nobody waits for a date"));
    waits(&turnout, &browser, "Ada Obi", "").await;
    asks(&turnout, &browser, "Ben Ash", "").await;
    let words = "1 person: Oxford Citizens, near there or online";
    for path in [list, "/office/new-session"] {
        let html = page(&office, path).await;
        let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(html.contains(words) && html.contains("Course first"), "{path}: {html}");
    }
    assert!(page(&office, "/office/season").await.contains("1 person waits"));
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let admin = turnout.signed_in(&login).await;
    assert!(page(&admin, "/office/courses/first").await.contains("1 person waits for a date"));
    assert!(!page(&admin, "/office/courses/second").await.contains("waits for a date"));
    // A session that is full asks as well.
    let code = turnout.plan("S1", "first", 1, |_| {}).await;
    book_places(&turnout.ctx, &Actor::Api, request(&code, "Cleo Hall", 1, Together))
        .await
        .expect("a booking");
    assert!(page(&browser, "/sessions/S1").await.contains("Tell me when there is another date"));
    assert!(page(&browser, "/courses/first").await.contains("Tell me when there is another date"));
}

async fn what_is_typed_wrong_is_said_beside_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    for (body, said) in [
        ("email=a%40b.example&alliance=oxford", "Enter your name"),
        ("name=Ada&email=odd&alliance=oxford", "It should look like name@example.org"),
        ("name=Ada&email=a%40b.example", "Enter a postcode or town, choose an alliance"),
        ("name=Ada&email=a%40b.example&alliance=nowhere", "Choose an alliance from the list"),
        ("name=Ada&email=a%40b.example&alliance=oxford&reach=far", "Choose how far you would go"),
    ] {
        let (status, html) = post(&browser, ASK, body).await;
        assert_eq!(status, Status::UnprocessableEntity, "{body}");
        assert!(html.contains(said), "{body}: {html}");
    }
    assert!(turnout.letters().await.is_empty());
    for path in ["/courses/none/tell-me", "/interest/00000000000000000000000000"] {
        assert_eq!(browser.get(path).dispatch().await.status(), Status::NotFound, "{path}");
    }
}

async fn nothing_of_it_is_kept_for_longer_than_it_must_be(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    waits(&turnout, &browser, "Ada Obi", "").await;
    asks(&turnout, &browser, "Ben Ash", "").await;
    waits(&turnout, &browser, "Cleo Hall", "").await;
    let kept = async || {
        let all = everything(&turnout).await;
        all.get("interests").expect("a table").join("\n")
    };
    turnout.clock.advance(Duration::days(3));
    erase_due(&turnout.ctx).await.expect("an erasing");
    assert!(!kept().await.contains("Ben Ash") && kept().await.contains("Ada Obi"));
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book_places(&turnout.ctx, &Actor::Api, request(&code, "Cleo Hall", 1, Together))
        .await
        .expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 1 };
    let cleo =
        people::search(&mut conn, "Cleo", None, window).await.expect("people").items.remove(0);
    drop(conn);
    erase_person(&turnout.ctx, &Actor::CommandLine, cleo.id).await.expect("an erasing");
    assert!(!kept().await.contains("Cleo Hall"), "{}", kept().await);
    turnout.clock.advance(Duration::days(366));
    erase_due(&turnout.ctx).await.expect("an erasing");
    assert!(!kept().await.contains("Ada Obi"), "{}", kept().await);
}
