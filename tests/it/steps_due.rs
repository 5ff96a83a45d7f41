//! What was to be done next about a booking, a person or an institution stands on the overview once it is due, and is
//! done and left there; and the newest bookings are read page by page.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, people::know_people::know_people},
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, staff::Role},
    store::{Window, people},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    a_step_that_is_due_is_done_or_left_on_the_overview,
    a_step_of_another_alliance_is_not_seen_and_one_for_later_waits,
    the_newest_bookings_are_read_to_the_last_page_by_page,
);

async fn booked(turnout: &TestTurnout, who: &str) -> String {
    let code: SessionCode = "S1".parse().expect("a code");
    let booked = book_places(&turnout.ctx, &Actor::Api, request(&code, who, 1, Together)).await;
    booked.expect("a booking").registration.reference.to_string()
}

async fn planned(turnout: TestTurnout) -> (TestTurnout, Client, String) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 200, |_| {}).await;
    let reference = booked(&turnout, "Ada Obi").await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    (turnout, office, reference)
}

async fn noted(office: &Client, about: &str, words: &str, by: &str) {
    let (status, to) =
        post(office, &format!("{about}/notes"), &format!("note={words}&step=1&step_by={by}")).await;
    assert_eq!(status, Status::SeeOther, "{to}");
}

/// Where a thing of this title is done.
async fn thing(office: &Client, title: &str) -> String {
    let html = page(office, "/office").await;
    let (_, rest) = html.split_once(title).unwrap_or_else(|| panic!("{title}: {html}"));
    let (_, rest) = rest.split_once("/office/things/").expect("a page of it");
    format!("/office/things/{}", rest.split('"').next().expect("an address"))
}

async fn a_step_that_is_due_is_done_or_left_on_the_overview(turnout: TestTurnout) {
    let (turnout, office, reference) = planned(turnout).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 9 };
    let found = people::search(&mut conn, "Ada", None, window).await.expect("people");
    let ada = format!("/office/people/{}", found.items[0].id);
    drop(conn);
    let day = |days| (turnout.ctx.now() + Duration::days(days)).date_naive().to_string();
    let booking = format!("/office/bookings/{reference}");
    noted(&office, &booking, "Ring+about+the+ramp", &day(2)).await;
    noted(&office, &ada, "Ask+her+to+chair", &day(-3)).await;
    noted(&office, "/office/institutions/I0001", "Visit+the+new+head", &day(5)).await;
    let html = page(&office, "/office").await;
    for words in ["Next steps", "Ring about the ramp", "Ask her to chair", "Visit the new head"] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(page(&office, "/office?show=mine").await.contains("Ask her to chair"));
    // Done on the overview is done on the note.
    let one = thing(&office, "Ask her to chair").await;
    assert_eq!(post(&office, &one, "act=done").await.0, Status::SeeOther);
    assert!(!page(&office, "/office").await.contains("Ask her to chair"));
    assert!(!page(&office, &ada).await.contains("/done\""), "nothing of hers is left to do");
    let one = thing(&office, "Ring about the ramp").await;
    let (status, to) = post(&office, &one, &format!("act=snooze&until={}", day(6))).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert!(!page(&office, "/office").await.contains("Ring about the ramp"));
    assert!(page(&office, "/office?show=snoozed").await.contains("Ring about the ramp"));
    let login = turnout.account("boss", Role::Administrator, &[]).await;
    let log = page(&turnout.signed_in(&login).await, "/office/audit").await;
    assert!(log.contains("Next step done"), "{log}");
}

async fn a_step_of_another_alliance_is_not_seen_and_one_for_later_waits(turnout: TestTurnout) {
    let (turnout, office, reference) = planned(turnout).await;
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email) \
             values ('leeds', 'Leeds', 'Europe/London', 'leeds@example.org')",
        )
        .await;
    let login = turnout.account("other", Role::Organiser, &["leeds"]).await;
    let other = turnout.signed_in(&login).await;
    let day = |days| (turnout.ctx.now() + Duration::days(days)).date_naive().to_string();
    noted(&office, &format!("/office/bookings/{reference}"), "Ring+her", &day(1)).await;
    noted(&office, "/office/institutions/I0001", "Visit+them", &day(30)).await;
    assert!(page(&office, "/office").await.contains("Ring her"));
    assert!(!page(&office, "/office").await.contains("Visit them"), "there is time for it");
    assert!(!page(&other, "/office").await.contains("Ring her"));
    let one = thing(&office, "Ring her").await;
    let (_, to) = post(&other, &one, "act=done").await;
    assert!(to.ends_with("done=gone"), "{to}");
    assert!(page(&office, "/office").await.contains("Ring her"));
}

async fn the_newest_bookings_are_read_to_the_last_page_by_page(turnout: TestTurnout) {
    let (turnout, office, first) = planned(turnout).await;
    let mut references = vec![first];
    for number in 1..=110 {
        turnout.clock.advance(Duration::seconds(1));
        references.push(booked(&turnout, &format!("Person Number{number}")).await);
    }
    references.reverse();
    let mut seen = Vec::new();
    for number in 1..=3 {
        let html = page(&office, &format!("/office/bookings?page={number}")).await;
        assert_eq!(html.contains(">Next page</a>"), number < 3, "{number}");
        assert_eq!(html.contains(">Previous page</a>"), number > 1, "{number}");
        let here = references.iter().filter(|one| html.contains(one.as_str()));
        seen.extend(here.cloned());
    }
    assert_eq!(seen, references, "each once, the latest first");
    let past = office.get("/office/bookings?page=4").dispatch().await;
    assert_eq!(past.status(), Status::NotFound);
}
