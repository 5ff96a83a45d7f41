//! Who looks after a booking is changed by herself or by the office, both addresses are told, and pages that
//! were opened before are refused or merged.

use rocket::http::Status;
use turnout::{
    actions::{
        booking::{book_places::book_places, change_attendee::change_attendee},
        people::know_people::{know_people, merge_people},
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
    store::{Window, people},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, request},
};

on_both_databases!(
    a_leader_changes_how_she_is_reached_and_both_addresses_are_told,
    two_who_change_the_same_leader_are_asked,
    letters_are_sent_again_once_however_often_the_button_is_pressed,
    nobody_is_moved_from_a_page_that_showed_somebody_else,
    somebody_merged_away_while_her_form_was_open_is_said_to_be,
);

async fn a_leader_changes_how_she_is_reached_and_both_addresses_are_told(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 2, Together));
    let booked = booked.await.expect("a booking");
    turnout.letters().await;
    let browser = turnout.browser().await;
    let path = format!("/r/{}/contact", booked.token.secret());
    let form = Form::open(&browser, &path).await;
    assert_eq!(form.value("leader_email"), "ada.obi@example.org");
    for (field, value, words) in [
        ("leader_email", "ada@", "It should look like"),
        ("leader_name", "\u{200B}", "the name of whoever booked"),
        ("leader_phone", "ask", "such as 07700 900117"),
        ("leader_email", "", "Give an email address or a telephone number"),
    ] {
        let (status, shown) = form.clone().with(field, value).send(&browser).await;
        assert_eq!(status, Status::UnprocessableEntity, "{field}: {shown}");
        assert!(shown.contains(words), "{field}: {shown}");
    }
    let (status, to) = form.clone().with("leader_email", "obi@example.org").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let letters = turnout.letters().await;
    let mut told: Vec<_> = letters.iter().map(|letter| letter.to.clone()).collect();
    told.sort();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("ada.obi@example.org") && told[1].contains("obi@example.org"));
    for letter in &letters {
        let has_link = letter.text.contains("https://turnout.example/r/");
        assert_eq!(has_link, !letter.to.contains("ada.obi@"), "{}", letter.text);
    }
    let after = turnout.registration(booked.registration.id).await;
    assert_eq!(after.leader.email, "obi@example.org".parse().ok());
    assert_eq!(after.places[0].attendee, Some(attendee("Ada Obi")), "whoever comes keeps hers");
    // The same again changes nothing and tells nobody.
    let (status, _) = Form::open(&browser, &path).await.send(&browser).await;
    assert_eq!(status, Status::SeeOther);
    assert!(turnout.letters().await.is_empty());
}

async fn two_who_change_the_same_leader_are_asked(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 1, Together));
    let booked = booked.await.expect("a booking");
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let path = format!("/office/bookings/{}/leader", booked.registration.reference);
    let (one, two) = (Form::open(&office, &path).await, Form::open(&office, &path).await);
    let (status, _) = one.with("leader_phone", "07700 900117").send(&office).await;
    assert_eq!(status, Status::SeeOther);
    let (status, shown) = two.clone().with("leader_phone", "07700 900118").send(&office).await;
    assert_eq!(status, Status::Conflict, "{shown}");
    assert!(shown.contains("07700 900117") && shown.contains("07700 900118"), "{shown}");
    let (status, _) = two.with("leader_name", "Ada O. Obi").send(&office).await;
    assert_eq!(status, Status::SeeOther, "another field merges");
    let leader = turnout.registration(booked.registration.id).await.leader;
    assert_eq!(leader.name.as_str(), "Ada O. Obi");
    assert_eq!(leader.phone.map(|phone| phone.to_string()).as_deref(), Some("07700 900117"));
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(
        log.contains("Name of whoever booked changed") || log.contains("whoever booked"),
        "{log}"
    );
    assert!(!log.contains("Ada O. Obi"), "the log names nobody: {log}");
}

async fn letters_are_sent_again_once_however_often_the_button_is_pressed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 1, Together));
    let reference = booked.await.expect("a booking").registration.reference;
    turnout.letters().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let form = Form::open(&office, &format!("/office/bookings/{reference}")).await;
    let again = format!("/office/bookings/{reference}/resend");
    let (_, to) = form.send_to(&office, &again).await;
    let (_, twice) = form.send_to(&office, &again).await;
    assert_eq!(to, twice);
    assert_eq!(turnout.letters().await.len(), 1);
    let anew = Form::open(&office, &format!("/office/bookings/{reference}")).await;
    anew.send_to(&office, &again).await;
    assert_eq!(turnout.letters().await.len(), 1, "whoever asks anew gets them anew");
}

async fn nobody_is_moved_from_a_page_that_showed_somebody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    turnout.plan("S2", "first", 9, |_| {}).await;
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 1, Together));
    let booked = booked.await.expect("a booking").registration;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let path = format!("/office/bookings/{}/move", booked.reference);
    let stale = Form::open(&office, &path).await.with("to", "S2");
    let place = booked.places[0].id;
    change_attendee(&turnout.ctx, &Actor::Leader, booked.id, place, attendee("Ben Low"))
        .await
        .expect("a swap");
    let (status, shown) = stale.send(&office).await;
    assert_eq!(status, Status::Conflict, "{shown}");
    assert!(shown.contains("Nothing was changed."), "{shown}");
    assert_eq!(turnout.session(&"S2".parse().expect("a code")).await.occupancy.occupied, 0);
    let (status, to) = Form::open(&office, &path).await.with("to", "S2").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{to}");
}

async fn somebody_merged_away_while_her_form_was_open_is_said_to_be(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for who in ["Ada Obi", "Ada Oby"] {
        book_places(&turnout.ctx, &Actor::Api, request(&code, who, 1, Together))
            .await
            .expect("one");
    }
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 9 };
    let known = people::search(&mut conn, "ada", None, window).await.expect("people").items;
    drop(conn);
    let (kept, gone) = (known[0].id, known[1].id);
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let form = Form::open(&office, &format!("/office/people/{gone}")).await;
    merge_people(&turnout.ctx, &Actor::CommandLine, kept, gone).await.expect("one person");
    let (status, shown) = form.with("name", "Ada O.").send(&office).await;
    assert_eq!(status, Status::Conflict, "{shown}");
    assert!(shown.contains(&format!("/office/people/{kept}")), "{shown}");
    let shown = page(&office, &format!("/office/people/{kept}")).await;
    assert!(!shown.contains("Ada O."), "{shown}");
    let (status, _) = post(&office, &format!("/office/people/{kept}"), "name=Ada+Obi").await;
    assert_eq!(status, Status::SeeOther);
}
