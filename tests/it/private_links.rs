//! Private links: what each opens, what it cannot, and when it ends.

use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::{Client, LocalResponse},
};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor,
        id::RegistrationId,
        occupancy::TeamPolicy::Together,
        staff::{Role, StaffMember},
    },
    mail::reading::ReadLetter,
    store::staff,
};

use crate::support::{
    TestTurnout,
    plan::{attendee, request},
    web::browser,
};

async fn post<'c>(client: &'c Client, uri: &str, form: &str) -> LocalResponse<'c> {
    let request = client.post(uri.to_owned()).header(ContentType::Form);
    request.body(form).dispatch().await
}

async fn get(client: &Client, uri: &str) -> (Status, String) {
    let answer = client.get(uri.to_owned()).dispatch().await;
    (answer.status(), answer.into_string().await.unwrap_or_default())
}

/// The path of the first link of a kind in a letter.
fn link(letter: &ReadLetter, start: &str) -> String {
    let url = format!("https://turnout.example{start}");
    let at = letter.text.find(&url).unwrap_or_else(|| panic!("no {start} in {}", letter.text));
    let rest = &letter.text[at + "https://turnout.example".len()..];
    rest.split_whitespace().next().expect("a link").to_owned()
}

fn to<'l>(letters: &'l [ReadLetter], who: &str) -> &'l ReadLetter {
    let found = letters.iter().find(|letter| letter.to.contains(who));
    found.unwrap_or_else(|| panic!("nothing to {who}"))
}

fn calendar(letter: &ReadLetter) -> String {
    String::from_utf8(letter.calendar.clone().expect("a calendar")).expect("text")
}

fn uid(ics: &str) -> &str {
    ics.lines().find(|line| line.starts_with("UID:")).expect("a UID")
}

async fn booked_for_two(turnout: &TestTurnout) -> (RegistrationId, Vec<ReadLetter>) {
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&session, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    (booked.registration.id, turnout.letters().await)
}

async fn a_sign_in_link_works_once_and_for_fifteen_minutes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let trainer = StaffMember {
        login: "amina.yusuf".parse().expect("a login"),
        name: "Amina Yusuf".to_owned(),
        email: "amina@example.org".parse().expect("an address"),
        role: Role::Trainer,
        alliances: vec![],
        about: None,
    };
    staff::insert(&mut tx, &trainer).await.expect("an account");
    tx.commit().await.expect("a commit");
    let client = browser(&turnout).await;

    let known = post(&client, "/sign-in", "email=amina@example.org").await;
    let known = known.into_string().await.expect("a page");
    let stranger = post(&client, "/sign-in", "email=nobody@example.org").await;
    let stranger = stranger.into_string().await.expect("a page");
    assert_eq!(known.replace("amina@", "nobody@"), stranger, "the answer tells nothing");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    let path = link(&letters[0], "/sign-in/");

    for _ in 0..2 {
        assert_eq!(get(&client, &path).await.0, Status::Ok, "mail scanners open links");
    }
    assert_eq!(client.get("/trainer").dispatch().await.status(), Status::SeeOther);
    let signed_in = post(&client, &path, "").await;
    assert_eq!(signed_in.status(), Status::SeeOther);
    assert_eq!(get(&client, "/trainer").await.0, Status::Ok);
    let again = browser(&turnout).await;
    let (_, page) = get(&again, &path).await;
    assert!(page.contains("This link no longer works"), "spent");
    post(&again, &path, "").await;
    assert_ne!(get(&again, "/trainer").await.0, Status::Ok);

    post(&client, "/sign-in", "email=amina@example.org").await;
    let path = link(&turnout.letters().await[0], "/sign-in/");
    turnout.clock.advance(Duration::minutes(15));
    let (_, page) = get(&again, &path).await;
    assert!(page.contains("This link no longer works"), "too late");
    post(&client, "/sign-out", "").await;
    assert_ne!(get(&client, "/trainer").await.0, Status::Ok);
}

async fn somebody_else_comes_and_both_calendars_learn_of_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (id, letters) = booked_for_two(&turnout).await;
    let client = browser(&turnout).await;
    let manage = link(to(&letters, "ada.obi"), "/r/");
    let old = uid(&calendar(to(&letters, "ben.low"))).to_owned();
    let form = "name=Cy+Dunn&email=cy@example.org&diet=&access=step-free";
    let saved = post(&client, &format!("{manage}/places/2"), form).await;
    assert_eq!(saved.status(), Status::SeeOther);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 3, "the old, the new, and the leader");
    let gone = calendar(to(&letters, "ben.low"));
    assert!(gone.contains("METHOD:CANCEL") && uid(&gone) == old);
    let new = calendar(to(&letters, "cy@example.org"));
    assert!(new.contains("METHOD:REQUEST") && uid(&new) != old);
    assert!(!new.contains("step-free") && !to(&letters, "ada.obi").text.contains("step-free"));
    assert_eq!(turnout.states(id).await, ["confirmed", "confirmed"], "it never costs the place");

    let same = "name=Cy+Dunn&email=cy@example.org&diet=halal&access=";
    post(&client, &format!("{manage}/places/2"), same).await;
    assert!(turnout.letters().await.is_empty(), "needs alone are told to nobody");
    let bad = post(&client, &format!("{manage}/places/2"), "name=&email=cy&diet=vegan").await;
    assert_eq!(bad.status(), Status::UnprocessableEntity);
    let page = bad.into_string().await.expect("a page");
    assert!(page.contains("vegan") && page.contains("It should look like name@example.org"));
}

async fn an_attendee_sees_her_own_place_alone_and_may_give_it_up(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (id, letters) = booked_for_two(&turnout).await;
    let client = browser(&turnout).await;
    let own = link(to(&letters, "ben.low"), "/p/");
    let (status, page) = get(&client, &own).await;
    assert_eq!(status, Status::Ok);
    assert!(page.contains("Ben Low") && !page.contains("ada.obi@example.org"));
    assert_eq!(get(&client, &own.replacen("/p/", "/r/", 1)).await.0, Status::NotFound);
    assert_eq!(get(&client, &own.replacen("/p/", "/offers/", 1)).await.0, Status::NotFound);
    assert_eq!(get(&client, &format!("{own}/cancel")).await.0, Status::Ok);
    assert_eq!(turnout.states(id).await, ["confirmed", "confirmed"], "a GET changes nothing");
    let gone = post(&client, &format!("{own}/cancel"), "why=").await;
    assert_eq!(gone.status(), Status::SeeOther);
    assert_eq!(turnout.states(id).await, ["confirmed", "cancelled"]);
    let letters = turnout.letters().await;
    assert!(calendar(to(&letters, "ben.low")).contains("METHOD:CANCEL"));
    assert!(to(&letters, "ada.obi").subject.contains("Your booking has changed"));
    let (status, page) = get(&client, &own).await;
    assert_eq!(status, Status::Ok, "her old link says what became of the place");
    assert!(page.contains("Your place is cancelled"), "{page}");
    assert_eq!(get(&client, &format!("{own}/cancel")).await.0, Status::Conflict);
}

async fn a_lost_link_comes_by_email_and_the_page_tells_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    booked_for_two(&turnout).await;
    let client = browser(&turnout).await;
    let mut pages = Vec::new();
    for email in ["ada.obi@example.org", "who.knows@example.org"] {
        let answer = post(&client, "/lost-link", &format!("email={email}")).await;
        assert_eq!(answer.status(), Status::Ok);
        pages.push(answer.into_string().await.expect("a page").replace(email, ""));
    }
    assert_eq!(pages[0], pages[1]);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    let manage = link(to(&letters, "ada.obi"), "/r/");
    assert_eq!(get(&client, &manage).await.0, Status::Ok);
}

async fn looking_at_private_pages_changes_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, letters) = booked_for_two(&turnout).await;
    let client = browser(&turnout).await;
    let manage = link(to(&letters, "ada.obi"), "/r/");
    let own = link(to(&letters, "ben.low"), "/p/");
    // That somebody reads what is sent there is noted once.
    for first in [&manage, &own] {
        assert_eq!(get(&client, first).await.0, Status::Ok);
    }
    let before = turnout.ctx.store.generation();
    for uri in [
        manage.clone(),
        format!("{manage}/booked"),
        format!("{manage}/places/1"),
        format!("{manage}/places/1/cancel"),
        format!("{manage}/cancel"),
        format!("{manage}/calendar.ics"),
        manage.replacen("/r/", "/offers/", 1),
        own.clone(),
        format!("{own}/cancel"),
    ] {
        let answer = client.get(uri.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{uri}");
        let header = |name: &str| answer.headers().get_one(name).map(str::to_owned);
        assert_eq!(header("Cache-Control").as_deref(), Some("no-store"), "{uri}");
        assert_eq!(header("Referrer-Policy").as_deref(), Some("no-referrer"), "{uri}");
        assert_eq!(header("X-Robots-Tag").as_deref(), Some("noindex"), "{uri}");
    }
    assert_eq!(turnout.ctx.store.generation(), before, "nothing was written");
}

on_both_databases!(
    a_sign_in_link_works_once_and_for_fifteen_minutes,
    somebody_else_comes_and_both_calendars_learn_of_it,
    an_attendee_sees_her_own_place_alone_and_may_give_it_up,
    a_lost_link_comes_by_email_and_the_page_tells_nothing,
    looking_at_private_pages_changes_nothing,
);
