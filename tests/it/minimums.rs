//! A session may need a least number of people: planned with the day on which to decide, reminded of once, and
//! decided in one press; the public is told nothing of it.

use chrono::{Duration, NaiveDate};
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, sessions::go_ahead::remind_to_decide},
    domain::{aims::Aims, audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
};

on_both_databases!(
    a_least_number_is_planned_kept_and_checked_against_places_and_days,
    whoever_decides_is_reminded_once_on_the_day_by_the_sessions_clock,
    a_session_goes_ahead_in_one_press_or_is_called_off,
    the_public_is_told_nothing_of_it,
);

const NEEDS: &str = "Course first has 2 of the 4 people it needs";

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// An organiser, and a session on 30 January that needs four people, decided about by the 20th; two come.
async fn planned(turnout: &TestTurnout) -> Client {
    let code = turnout
        .plan("S1", "first", 10, |one| {
            let decide_by = day("2027-01-20");
            one.aims = Aims { minimum: Some(4), decide_by, ..Aims::default() };
        })
        .await;
    let asked = request(&code, "Ada Obi", 2, Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    turnout.letters().await;
    organiser(turnout).await
}

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn again(turnout: &TestTurnout) -> Client {
    turnout.signed_in(&"organiser".parse().expect("a login")).await
}

async fn more_come(turnout: &TestTurnout) {
    let asked = request(&"S1".parse().expect("a code"), "Bo Lee", 2, Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    turnout.letters().await;
}

async fn a_least_number_is_planned_kept_and_checked_against_places_and_days(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = organiser(&turnout).await;
    let plan = "course=first&alliance=oxford&where=online&room=https://meet.example/r&capacity=20\
                &per_booking=6&mode=instant&waiting=1&d1_date=2027-03-20&d1_start=10:00&d1_end=12:00";
    for (more, said) in [
        ("&minimum=21", "The least number is from 1 to the number of places, 20"),
        ("&minimum=none", "Enter a whole number from 1"),
        ("&decide_by=2027-03-01", "Say how many people it needs"),
        ("&minimum=8&decide_by=2027-03-21", "Decide before the first day"),
        ("&hope_school=some", "Enter a number of people, such as 10, or a share, such as 30%"),
    ] {
        let (status, html) = post(&office, "/office/new-session", &format!("{plan}{more}")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{more}");
        assert!(html.contains(said), "{more}: {html}");
    }
    let aims = "&minimum=8&decide_by=2027-03-09&hope_school=10&hope_first-timers=30%25";
    let (_, to) = post(&office, "/office/new-session", &format!("{plan}{aims}")).await;
    let code = to.trim_start_matches("/office/sessions/").split('?').next().expect("a code");
    let edit = format!("/office/sessions/{code}/edit");
    let html = page(&office, &edit).await;
    assert!(html.contains("value=\"8\"") && html.contains("value=\"2027-03-09\""), "{html}");
    assert!(html.contains("value=\"30%\""), "{html}");
    // A form that does not name them leaves them as they are.
    let (status, html) = post(&office, &edit, plan).await;
    assert_eq!(status, Status::SeeOther, "{html}");
    let kept = turnout.session(&code.parse().expect("a code")).await.aims;
    assert_eq!((kept.minimum, kept.decide_by), (Some(8), day("2027-03-09")));
    assert_eq!(kept.hopes.to_string(), "school=10; first-timers=30%");
    post(&office, &format!("/office/sessions/{code}/publish"), "").await;
    let form = Form::open(&office, &edit).await.with("minimum", "9");
    let (status, html) = form.send(&office).await;
    assert_eq!(status, Status::SeeOther, "{html}");
    let kept = turnout.session(&code.parse().expect("a code")).await.aims;
    assert_eq!(kept.minimum, Some(9));
    let places = format!("/office/sessions/{code}/places");
    let (status, html) = post(&office, &places, "capacity=8").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("It needs 9 people"), "{html}");
    let log = page(&office, &format!("/office/audit?session={code}")).await;
    assert!(log.contains("Fewest people"), "{log}");
    turnout.is_sound().await;
}

async fn whoever_decides_is_reminded_once_on_the_day_by_the_sessions_clock(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = planned(&turnout).await;
    let told = || async {
        remind_to_decide(&turnout.ctx).await.expect("a round");
        let letters = turnout.letters().await;
        let hers = letters.iter().filter(|letter| letter.to.contains("oxford@example.org"));
        hers.map(|letter| letter.subject.clone()).collect::<Vec<_>>()
    };
    assert!(!page(&office, "/office").await.contains(NEEDS), "there is time until the 13th");
    assert!(page(&office, "/office?show=later").await.contains(NEEDS));
    assert_eq!(told().await, [""; 0]);
    turnout.clock.advance(Duration::days(12));
    assert!(page(&again(&turnout).await, "/office").await.contains(NEEDS));
    assert_eq!(told().await, [""; 0]);
    // 6.59am on the 20th, and a minute later.
    turnout.clock.advance(Duration::days(5) + Duration::hours(20) + Duration::minutes(59));
    assert_eq!(told().await, [""; 0]);
    turnout.clock.advance(Duration::minutes(1));
    assert_eq!(told().await, ["Go ahead or call off? Course first has 2 of 4 people"]);
    assert_eq!(told().await, [""; 0], "once");
    assert!(page(&again(&turnout).await, "/office").await.contains("Decide now"));
    more_come(&turnout).await;
    assert!(!page(&again(&turnout).await, "/office").await.contains("people it needs"));
    turnout.is_sound().await;
}

async fn a_session_goes_ahead_in_one_press_or_is_called_off(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = planned(&turnout).await;
    let shown = page(&office, "/office/sessions/S1").await;
    assert!(shown.contains("It needs 4 people; 2 have a place."), "{shown}");
    assert!(shown.contains("href=\"/office/sessions/S1/cancel\">Call it off"), "{shown}");
    let (_, to) = post(&office, "/office/sessions/S1/go-ahead", "").await;
    assert_eq!(to, "/office/sessions/S1?done=goes-ahead");
    assert!(page(&office, &to).await.contains("It goes ahead."));
    turnout.clock.advance(Duration::days(20));
    assert_eq!(remind_to_decide(&turnout.ctx).await.expect("a round"), 0);
    let office = again(&turnout).await;
    assert!(!page(&office, "/office").await.contains("people it needs"));
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("goes ahead: 2 of 4 people"), "{log}");
    post(&office, "/office/sessions/S1/go-ahead", "act=again").await;
    assert!(page(&office, "/office").await.contains(NEEDS), "open again");
    turnout.plan("S2", "first", 10, |_| {}).await;
    let (_, to) = post(&office, "/office/sessions/S2/go-ahead", "").await;
    assert_eq!(to, "/office/sessions/S2?done=nothing-to-decide");
}

async fn the_public_is_told_nothing_of_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout
        .plan("S1", "first", 10, |one| {
            let hopes = "school=7".parse().expect("hopes");
            let decide_by = day("2027-01-20");
            one.aims = Aims { minimum: Some(7), decide_by, hopes, went_ahead: None };
        })
        .await;
    let visitor = turnout.browser().await;
    for path in ["/", "/sessions/S1", "/api/v1/sessions", "/api/v1/sessions/S1"] {
        let answer = visitor.get(path).dispatch().await.into_string().await.unwrap_or_default();
        for word in ["minimum", "decide", "hopes", "Enough people", "20 January"] {
            assert!(!answer.contains(word), "{path}: {word}");
        }
    }
}
