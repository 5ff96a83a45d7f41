//! What may be typed, in the same words by every way in; and nothing is quietly made smaller.

use rocket::http::Status;
use turnout::{
    actions::{
        booking::book_places::book_places,
        sessions::change_session::{ChangeSessionError, move_session},
    },
    domain::{
        audit::Actor,
        location::{Location, LocationFault},
        occupancy::TeamPolicy,
        session::BookingMode,
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    a_room_that_is_no_web_page_is_refused_by_every_way_in,
    numbers_and_pages_past_the_end_are_refused_and_not_cut,
    an_address_in_other_letters_is_kept_as_mail_servers_know_it,
    booking_at_once_asks_what_becomes_of_those_who_wait_for_an_answer,
);

const OFFICE: Actor = Actor::CommandLine;

async fn a_room_that_is_no_web_page_is_refused_by_every_way_in(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for room in ["javascript:alert(1)", "https://[::1", "https://meet.example/\"onclick=x", "  "] {
        let location = Location::Online { room: room.to_owned() };
        let refused = move_session(&turnout.ctx, &OFFICE, &code, location, None).await;
        let fault = LocationFault::Room;
        assert!(
            matches!(&refused, Err(ChangeSessionError::Location(one)) if *one == fault),
            "{refused:?}"
        );
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("where", "online"), ("room", room)])
            .finish();
        let (status, shown) = post(&browser, "/office/sessions/S1/venue", &body).await;
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(shown.contains("Enter the link to the video call. It starts with https://"));
    }
    let unseen = "where=venue&venue=%E2%80%8B";
    let (status, shown) = post(&browser, "/office/sessions/S1/venue", unseen).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Enter the name of the venue"), "{shown}");
    assert!(!turnout.session(&code).await.location.is_online());
}

async fn numbers_and_pages_past_the_end_are_refused_and_not_cut(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for capacity in ["4000000000", "100001", "99999999999999999999"] {
        let body = format!("capacity={capacity}");
        let (status, shown) = post(&browser, "/office/sessions/S1/places", &body).await;
        assert_eq!(status, Status::UnprocessableEntity, "{capacity}");
        assert!(shown.contains("100000 places") || shown.contains("1 to 100,000"), "{shown}");
    }
    assert_eq!(turnout.session(&code).await.occupancy.capacity, 9);
    for list in ["sessions", "people", "letters", "audit"] {
        let answer = browser.get(format!("/office/{list}?page=99999")).dispatch().await;
        assert_eq!(answer.status(), Status::NotFound, "{list}");
        let shown = answer.into_string().await.unwrap_or_default();
        assert!(shown.contains("The list has fewer pages") && shown.contains("The last page"));
    }
    for path in ["/office/sessions/S1/repeat?weeks=99", "/office/sessions/S1/repeat?weeks=0"] {
        let answer = browser.get(path).dispatch().await;
        assert_eq!(answer.status(), Status::UnprocessableEntity, "{path}");
    }
    let (status, shown) = post(&browser, "/office/sessions/S1/repeat", "week=1&week=99").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Choose from 1 to 52 weeks"), "{shown}");
}

async fn an_address_in_other_letters_is_kept_as_mail_servers_know_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let browser = turnout.browser().await;
    let start = |email: &str| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("places", "1"),
                ("self", "yes"),
                ("name", "Ida"),
                ("email", email),
                ("institution", "none"),
                ("team", "together"),
            ])
            .finish()
    };
    let (status, to) = post(&browser, "/sessions/S1/register", &start("ida@münchen.example")).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let shown = page(&browser, &to).await;
    assert!(shown.contains("ida@xn--mnchen-3ya.example"), "{shown}");
    for bad in ["a@example.org?subject=x", "a@[::1", "a\"onclick=x@example.org"] {
        let (status, shown) = post(&browser, "/sessions/S1/register", &start(bad)).await;
        assert_eq!(status, Status::UnprocessableEntity, "{bad}");
        assert!(shown.contains("It should look like name@example.org"), "{shown}");
    }
}

async fn booking_at_once_asks_what_becomes_of_those_who_wait_for_an_answer(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let code = turnout.plan("S1", "first", 1, |session| session.mode = BookingMode::Approval).await;
    let mut ids = Vec::new();
    for who in ["Ada Obi", "Ben Low"] {
        let asked = request(&code, who, 1, TeamPolicy::Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a request");
        ids.push(booked.registration.id);
        turnout.clock.advance(chrono::Duration::minutes(1));
    }
    let switch = "per_booking=6&mode=instant&waiting=1";
    let (status, shown) = post(&browser, "/office/sessions/S1/edit", switch).await;
    assert_eq!(status, Status::UnprocessableEntity, "{shown}");
    assert!(shown.contains("2 people wait for your answer"), "{shown}");
    assert!(shown.contains("name=\"asking\"") && shown.contains("answer each of them first"));
    assert_eq!(turnout.session(&code).await.mode, BookingMode::Approval);
    let switch = "per_booking=6&mode=instant&waiting=1&asking=approve";
    let (status, to) = post(&browser, "/office/sessions/S1/edit", switch).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(turnout.session(&code).await.mode, BookingMode::Instant);
    assert_eq!(turnout.states(ids[0]).await, ["confirmed"]);
    assert_eq!(turnout.states(ids[1]).await, ["waiting"]);
}
