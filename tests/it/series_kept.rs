//! What a leader does with evenings she booked as one: going from one to another, and giving up all that are to come.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::booking::{
        book_evenings::{BookEvenings, BookedEvenings, book_evenings},
        change_leader::change_leader,
    },
    domain::{
        audit::Actor,
        occupancy::TeamPolicy::Together,
        series::{IfFull, InSeries},
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, request},
    start,
};

on_both_databases!(
    the_leader_goes_from_one_evening_to_another,
    all_evenings_to_come_are_cancelled_at_once_after_a_look,
    booking_all_twice_by_one_attempt_is_booking_once,
);

/// Two people on three weekly evenings.
async fn booked(turnout: TestTurnout) -> (TestTurnout, BookedEvenings, String) {
    let turnout = turnout.season().await;
    for (number, code) in (0..).zip(["E1", "E2", "E3"]) {
        let day = turnout.sitting(1, start().naive_utc() + Duration::days(28 + 7 * number));
        let series =
            InSeries { id: "evenings".parse().expect("a series"), bookable: Default::default() };
        let planned = turnout.plan(code, "first", 9, |session| {
            session.sittings = vec![day];
            session.series = Some(series);
        });
        planned.await;
    }
    let booked = book_evenings(&turnout.ctx, &Actor::Api, all(), None).await.expect("a booking");
    let link = format!("/r/{}", booked.token.secret());
    turnout.letters().await;
    (turnout, booked, link)
}

fn all() -> BookEvenings {
    let mut each = request(&"E1".parse().expect("a code"), "Ada Obi", 2, Together);
    each.attendees[1] = Some(attendee("Ben Low"));
    each.attempt = Some("one attempt".to_owned());
    let series = "evenings".parse().expect("a series");
    BookEvenings { series, evenings: vec![], if_full: IfFull::Every, each }
}

async fn the_leader_goes_from_one_evening_to_another(turnout: TestTurnout) {
    let (turnout, booked, link) = booked(turnout).await;
    let browser = turnout.browser().await;
    let html = page(&browser, &link).await;
    assert!(html.contains("One of 3 evenings"), "{html}");
    for (_, one) in &booked.all {
        assert!(html.contains(one.reference.as_str()), "{html}");
    }
    let other = &booked.all[1].1;
    let (status, there) = post(&browser, &format!("{link}/evenings/{}", other.reference), "").await;
    assert_eq!(status, Status::SeeOther);
    assert!(there.starts_with("/r/") && there != link, "{there}");
    let html = page(&browser, &there).await;
    assert!(html.contains(other.reference.as_str()) && html.contains("One of 3 evenings"));
    // Whom another evening was given to since, she looks after it.
    let whom = crate::support::plan::leader("Cy Dunn");
    change_leader(&turnout.ctx, &Actor::Leader, other.id, &whom, None).await.expect("a change");
    let (status, _) = post(&browser, &format!("{link}/evenings/{}", other.reference), "").await;
    assert_eq!(status, Status::NotFound);
}

async fn all_evenings_to_come_are_cancelled_at_once_after_a_look(turnout: TestTurnout) {
    let (turnout, booked, link) = booked(turnout).await;
    turnout.clock.advance(Duration::days(30));
    turnout.letters().await;
    let browser = turnout.browser().await;
    let ask = format!("{link}/evenings/cancel");
    let html = page(&browser, &ask).await;
    assert!(html.contains("Cancel all 2 evenings that are to come?"), "{html}");
    assert_eq!(turnout.session(&booked.all[1].0.code).await.occupancy.occupied, 2);
    let (status, there) = Form::of(&ask, &html).send(&browser).await;
    assert_eq!(
        (status, there.as_str()),
        (Status::SeeOther, format!("{link}?done=evenings-cancelled").as_str())
    );
    let mut left = Vec::new();
    for (session, _) in &booked.all {
        left.push(turnout.session(&session.code).await.occupancy.occupied);
    }
    assert_eq!(left, [2, 0, 0], "the evening that is over stays as it was");
    let letters = turnout.letters().await;
    let whole: Vec<_> = letters.iter().filter(|one| one.text.contains("/r/")).collect();
    assert_eq!(whole.len(), 1, "one letter for the whole");
    assert_eq!(whole[0].subject, "Your booking is cancelled: Course first, 2 evenings");
    let (status, _) = post(&browser, &ask, "").await;
    assert_eq!(status, Status::SeeOther, "twice is once");
    assert!(turnout.letters().await.is_empty());
}

async fn booking_all_twice_by_one_attempt_is_booking_once(turnout: TestTurnout) {
    let (turnout, booked, _) = booked(turnout).await;
    let again = book_evenings(&turnout.ctx, &Actor::Api, all(), None).await.expect("the same");
    assert!(again.repeated);
    let ids = |one: &BookedEvenings| one.all.iter().map(|(_, it)| it.id).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&booked));
    assert!(turnout.letters().await.is_empty());
}
