//! Pages and letters claim only what is so: each sentence is shown where it is true, and not where it is not.

mod sentences;

use rocket::http::Status;
use turnout::{
    actions::{
        booking::{
            book_places::{Booked, book_places},
            cancel_places::{Which, cancel_places},
        },
        places::settle::settle_all,
    },
    domain::{
        attendee::Attendee, audit::Actor, location::Location, occupancy::TeamPolicy::Together,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    nobody_without_an_address_is_said_to_be_told,
    a_booking_cancelled_bit_by_bit_frees_no_more_than_it_had,
    an_offer_goes_to_the_next_only_where_somebody_waits,
    a_call_has_no_door,
    whoever_gave_up_reads_when_and_links_are_told_apart,
    whoever_gave_only_a_number_is_phoned_and_the_office_knows,
    a_link_is_said_to_be_sent_only_where_it_was,
);

fn without_address(who: &str) -> Attendee {
    Attendee { email: None, ..attendee(who) }
}

async fn booked(turnout: &TestTurnout, people: &[Attendee], phone: bool) -> (Booked, String) {
    let code = "S1".parse().expect("a code");
    let name = people[0].name.to_string();
    let mut asked = request(&code, &name, people.len(), Together);
    asked.attendees = people.iter().cloned().map(Some).collect();
    if phone {
        asked.leader.email = None;
        asked.leader.phone = "07700 900123".parse().ok();
    }
    let booked = book_places(&turnout.ctx, &Actor::Visitor, asked).await.expect("a booking");
    let link = format!("/r/{}", booked.token.secret());
    (booked, link)
}

/// The link of an attendee in the letter to this address.
async fn own_link(turnout: &TestTurnout, address: &str) -> String {
    let letters = turnout.letters().await;
    let letter = letters.iter().find(|one| one.to.contains(address)).expect("a letter");
    let (_, rest) = letter.text.split_once("https://turnout.example/p/").expect("a link");
    format!("/p/{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
}

async fn nobody_without_an_address_is_said_to_be_told(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let people = [attendee("Ada Obi"), attendee("Ben Low"), without_address("Tom Ash")];
    let (_, link) = booked(&turnout, &people, false).await;
    let html = page(&browser, &format!("{link}/booked")).await;
    assert!(html.contains("Tell Tom Ash") && html.contains("Ben Low"), "{html}");
    let html = page(&browser, &format!("{link}/cancel")).await;
    assert!(html.contains("You and Ben Low"), "Tom gets no letter: {html}");
    let own = own_link(&turnout, "ben.low@example.org").await;
    let html = page(&browser, &format!("{own}/cancel")).await;
    assert!(html.contains("Ada Obi, who booked for you"), "{html}");
    let (_, there) = post(&browser, &format!("{own}/cancel"), "").await;
    assert!(page(&browser, &there).await.contains("We have written to whoever booked for you"));
    let people = [without_address("Cara May"), attendee("Dan Oak")];
    booked(&turnout, &people, true).await;
    let own = own_link(&turnout, "dan.oak@example.org").await;
    let html = page(&browser, &format!("{own}/cancel")).await;
    assert!(!html.contains("We will tell"), "Cara gave only a number: {html}");
    let (_, there) = post(&browser, &format!("{own}/cancel"), "").await;
    let html = page(&browser, &there).await;
    assert!(!html.contains("whoever booked for you"), "{html}");
    assert!(html.contains("An email takes the days out of your calendar"), "{html}");
}

async fn a_booking_cancelled_bit_by_bit_frees_no_more_than_it_had(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let people = [attendee("Ada Obi"), attendee("Ben Low"), attendee("Cara May")];
    let (booking, link) = booked(&turnout, &people, false).await;
    let (id, third) = (booking.registration.id, booking.registration.places[2].id);
    let ctx = &turnout.ctx;
    cancel_places(ctx, &Actor::Leader, id, Which::One(third), None).await.expect("one less");
    let html = page(&browser, &format!("{link}/cancel")).await;
    assert!(html.contains("Cancel both places?") && !html.contains("Cara May"), "{html}");
    let (status, there) = post(&browser, &format!("{link}/cancel"), "").await;
    assert_eq!(status, Status::SeeOther);
    let html = page(&browser, &there).await;
    assert!(html.contains("Nobody is coming to Course first"), "{html}");
    assert!(!html.contains("All 3 places") && !html.contains("free for other"), "{html}");
}

async fn an_offer_goes_to_the_next_only_where_somebody_waits(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 1, |_| {}).await;
    let browser = turnout.browser().await;
    let (first, _) = booked(&turnout, &[attendee("Ada Obi")], false).await;
    let (_, link) = booked(&turnout, &[attendee("Ben Low")], false).await;
    let id = first.registration.id;
    let ctx = &turnout.ctx;
    cancel_places(ctx, &Actor::Leader, id, Which::All, None).await.expect("a place is free");
    let manage = page(&browser, &link).await;
    assert!(manage.contains("We are holding a place for you until"), "{manage}");
    let (offer, people) =
        (manage.find("Answer the offer").expect("it"), manage.find("person is waiting"));
    assert!(people.is_some_and(|people| offer < people), "the offer comes first");
    let offer = link.replace("/r/", "/offers/");
    let html = page(&browser, &offer).await;
    assert!(html.contains("After that the offer ends") && !html.contains("next person"), "{html}");
    booked(&turnout, &[attendee("Cara May")], false).await;
    assert!(page(&browser, &offer).await.contains("to the next person"));
    turnout.letters().await;
    turnout.clock.advance(chrono::Duration::days(3));
    settle_all(&turnout.ctx).await.expect("a sweep");
    let html = page(&browser, &offer).await;
    assert!(html.contains("This offer has ended") && !html.contains("next person"), "{html}");
    let told = turnout.letters().await;
    let told = told.iter().find(|one| one.to.contains("ben.low@")).expect("a letter");
    assert!(!told.text.contains("next person"), "{}", told.text);
}

async fn a_call_has_no_door(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let room = Location::Online { room: "https://meet.example/room".to_owned() };
    turnout.plan("S1", "first", 30, |session| session.location = room).await;
    let browser = turnout.browser().await;
    let (_, link) = booked(&turnout, &[attendee("Ada Obi"), attendee("Ben Low")], false).await;
    for path in ["/booked", "", "/share"] {
        let html = page(&browser, &format!("{link}{path}")).await;
        assert!(!html.contains("at the door") && !html.contains("At the door"), "{path}: {html}");
    }
}

async fn whoever_gave_up_reads_when_and_links_are_told_apart(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let (_, link) = booked(&turnout, &[attendee("Ada Obi"), attendee("Ben Low")], false).await;
    let own = own_link(&turnout, "ben.low@example.org").await;
    let said = async |path: String| {
        let answer = browser.get(path).dispatch().await;
        (answer.status(), answer.into_string().await.unwrap_or_default())
    };
    let (status, html) = said(own.replace("/p/", "/r/")).await;
    assert_eq!(status, Status::NotFound);
    assert!(html.contains("for one person") && html.contains(&own), "{html}");
    let (status, html) = said(link.replace("/r/", "/p/")).await;
    assert_eq!(status, Status::NotFound);
    assert!(html.contains("for a whole booking") && html.contains(&link), "{html}");
    let (status, html) = said(format!("/p/{}", "2".repeat(26))).await;
    assert_eq!(status, Status::NotFound);
    assert!(html.contains("mistyped"), "{html}");
    post(&browser, &format!("{own}/cancel"), "").await;
    let (status, html) = said(own).await;
    assert_eq!(status, Status::Ok);
    assert!(html.contains("You gave up this place on Sat 2 January 2027 at 10am"), "{html}");
    assert!(!html.contains("mistyped"), "{html}");
}

async fn whoever_gave_only_a_number_is_phoned_and_the_office_knows(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 1, |_| {}).await;
    let browser = turnout.browser().await;
    let (first, _) = booked(&turnout, &[attendee("Ada Obi")], false).await;
    let (_, link) = booked(&turnout, &[without_address("Cara May")], true).await;
    let html = page(&browser, &link).await;
    assert!(html.contains("the office phones you") && !html.contains("We will write"), "{html}");
    let office = turnout.signed_in(&turnout.account("admin", Role::Administrator, &[]).await).await;
    assert!(!page(&office, "/office").await.contains("a place is offered"));
    let (ctx, id) = (&turnout.ctx, first.registration.id);
    cancel_places(ctx, &Actor::Leader, id, Which::All, None).await.expect("a place is free");
    let html = page(&office, "/office").await;
    assert!(html.contains("Phone Cara May on 07700 900123: a place is offered"), "{html}");
    let (status, _) = post(&browser, &link.replace("/r/", "/offers/"), "answer=accept").await;
    assert_eq!(status, Status::SeeOther);
    assert!(!page(&office, "/office").await.contains("a place is offered"), "she has answered");
}

async fn a_link_is_said_to_be_sent_only_where_it_was(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let (_, link) = booked(&turnout, &[attendee("Ada Obi")], false).await;
    turnout.letters().await;
    for _ in 0..5 {
        let (_, there) = post(&browser, &format!("{link}/resend"), "").await;
        assert!(page(&browser, &there).await.contains("We have emailed you your link again"));
    }
    let (_, there) = post(&browser, &format!("{link}/resend"), "").await;
    let html = page(&browser, &there).await;
    assert!(html.contains("We sent no letter") && !html.contains("We have emailed"), "{html}");
    assert_eq!(turnout.letters().await.len(), 5);
}
