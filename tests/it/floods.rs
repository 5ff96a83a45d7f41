//! Floods: what is too often for one address, and for one e-mail.

use std::net::SocketAddr;

use chrono::Duration;
use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::{
        book_places::book_places,
        hold_places::{HoldRequest, hold_places},
        refusals::{BookError, HoldError},
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, registration::Sender},
};

use crate::support::{
    TestTurnout,
    plan::{leader, request},
    web::client,
};

async fn lost_link(client: &Client, from: &str, claimed: Option<&str>) -> (Status, Option<u32>) {
    let from: SocketAddr = format!("{from}:4711").parse().expect("an address");
    let mut asked = client.post("/lost-link").header(ContentType::Form).remote(from);
    if let Some(claimed) = claimed {
        asked.add_header(Header::new("X-Real-IP", claimed.to_owned()));
        asked.add_header(Header::new("X-Forwarded-For", claimed.to_owned()));
    }
    let answer = asked.body("email=nobody@example.org").dispatch().await;
    let wait = answer.headers().get_one("Retry-After").and_then(|text| text.parse().ok());
    (answer.status(), wait)
}

async fn an_address_that_floods_is_told_when_to_come_back(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = client(&turnout).await;
    for _ in 0..20 {
        assert_eq!(lost_link(&client, "192.0.2.1", None).await, (Status::Ok, None));
    }
    let (status, wait) = lost_link(&client, "192.0.2.1", None).await;
    assert_eq!(status, Status::TooManyRequests);
    assert!(wait.is_some_and(|seconds| (1..=600).contains(&seconds)), "{wait:?}");
    let (status, _) = lost_link(&client, "192.0.2.1", Some("198.51.100.7")).await;
    assert_eq!(status, Status::TooManyRequests, "a claimed address changes nothing");
    assert_eq!(lost_link(&client, "192.0.2.2", None).await.0, Status::Ok);
    let from: SocketAddr = "192.0.2.1:4711".parse().expect("an address");
    assert_eq!(client.get("/").remote(from).dispatch().await.status(), Status::Ok);
}

async fn behind_a_proxy_on_this_machine_each_visitor_counts_alone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = client(&turnout).await;
    for visitor in 0..30 {
        let forwarded = format!("198.51.100.7, 203.0.113.{visitor}");
        assert_eq!(lost_link(&client, "127.0.0.1", Some(&forwarded)).await.0, Status::Ok);
    }
    for claimed in 0..20 {
        let forwarded = format!("203.0.113.{claimed}, 192.0.2.9");
        assert_eq!(lost_link(&client, "127.0.0.1", Some(&forwarded)).await.0, Status::Ok);
    }
    let (status, _) = lost_link(&client, "127.0.0.1", Some("203.0.113.99, 192.0.2.9")).await;
    assert_eq!(status, Status::TooManyRequests, "what a visitor claims must not count");
}

async fn one_email_gets_only_so_many_links_an_hour(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let ctx = &turnout.ctx;
    book_places(ctx, &Actor::Api, request(&session, "Ada Obi", 1, Together)).await.expect("one");
    turnout.letters().await;
    let email = "ada.obi@example.org".parse().expect("an address");
    for _ in 0..8 {
        turnout::actions::letters::recover_links::recover_links(ctx, &email)
            .await
            .expect("an answer");
    }
    assert_eq!(turnout.letters().await.len(), 5);
    turnout.clock.advance(Duration::minutes(61));
    turnout::actions::letters::recover_links::recover_links(ctx, &email).await.expect("an answer");
    assert_eq!(turnout.letters().await.len(), 1);
}

async fn one_email_holds_and_books_only_so_much_at_a_time(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 50, |_| {}).await;
    let ask = || HoldRequest {
        session: session.clone(),
        leader: leader("Ada Obi"),
        sender: Sender::Herself,
        team: Together,
        places: 1,
        leader_comes: true,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    let ctx = &turnout.ctx;
    for _ in 0..3 {
        hold_places(ctx, ask()).await.expect("a hold");
    }
    assert!(matches!(hold_places(ctx, ask()).await, Err(HoldError::TooMany)));
    turnout.clock.advance(Duration::minutes(16));
    let held = hold_places(ctx, ask()).await.expect("the earlier ones ran out");
    let instead = HoldRequest { instead_of: Some(held.registration), ..ask() };
    hold_places(ctx, instead).await.expect("changing her mind is not a flood");

    let book = || book_places(ctx, &Actor::Api, request(&session, "Ben Low", 1, Together));
    for _ in 0..30 {
        book().await.expect("a booking");
    }
    let refused = book().await;
    assert!(matches!(refused, Err(BookError::Hold(HoldError::TooMany))));
    turnout.clock.advance(Duration::minutes(61));
    book().await.expect("an hour later");
}

on_both_databases!(
    an_address_that_floods_is_told_when_to_come_back,
    behind_a_proxy_on_this_machine_each_visitor_counts_alone,
    one_email_gets_only_so_many_links_an_hour,
    one_email_holds_and_books_only_so_much_at_a_time,
);
