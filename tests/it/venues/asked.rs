//! What is asked before two sessions meet in a venue, or too many people.

use rocket::http::Status;
use turnout::domain::session::Publication;

use super::{at_the_hall, hall, hidden, organiser, place, plan};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    a_second_session_at_one_time_is_asked_about_wherever_it_gets_there,
    more_places_than_a_venue_holds_are_asked_about,
    the_season_is_narrowed_to_a_venue_and_knows_it_by_its_number,
);

async fn a_second_session_at_one_time_is_asked_about_wherever_it_gets_there(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    at_the_hall(&turnout, "S1", 28).await;
    let question = "Course first (S1) is at St Aidan&#39;s Hall then: Sat 30 January";
    let asked = |answer: &(Status, String), where_: &str| {
        assert_eq!(answer.0, Status::UnprocessableEntity, "{where_}: {}", answer.1);
        assert!(answer.1.contains(question), "{where_}: {}", answer.1);
        assert!(answer.1.contains("name=\"venue_anyway\""), "{where_}");
    };
    let planned = plan("&venue_id=V001");
    asked(&post(&browser, "/office/new-session", &planned).await, "planning");
    let yes = format!("{planned}&venue_anyway=1");
    let (_, to) = post(&browser, "/office/new-session", &yes).await;
    assert_eq!(to, "/office/sessions/S002?done=planned");
    let form = page(&browser, "/office/new-session").await;
    let later = planned.replace("2027-01-30", "2027-02-06");
    let once = format!("{later}&attempt={}", hidden(&form, "attempt"));
    let first = post(&browser, "/office/new-session", &once).await;
    assert_eq!(first.1, "/office/sessions/S003?done=planned");
    assert_eq!(
        post(&browser, "/office/new-session", &once).await,
        first,
        "a double click asks nothing"
    );
    asked(&post(&browser, "/office/sessions/S002/publish", "").await, "publishing");
    assert!(page(&browser, "/office/sessions/S002/publish").await.contains(question));
    assert!(page(&browser, "/office/sessions/S002").await.contains(question));
    let (_, to) = post(&browser, "/office/sessions/S002/publish", "venue_anyway=1").await;
    assert_eq!(to, "/office/sessions/S002?done=published");
    // Words that say the same place are as good as its number.
    let typed = plan("&venue=st+aidans+hall&address=41+Copeland+Lane").replace("01-30", "01-31");
    post(&browser, "/office/new-session", &typed).await;
    let linked = plan("&venue_id=V001").replace("01-30", "01-31");
    let (status, html) = post(&browser, "/office/new-session", &linked).await;
    assert!(status == Status::UnprocessableEntity && html.contains("(S004) is at"), "{html}");
    // The other way round: a session that moves there, or then.
    turnout.plan("S3", "second", 10, |session| session.location = place("Barn", "")).await;
    let there = "where=venue&venue_id=V001&venue=Barn&address=";
    asked(&post(&browser, "/office/sessions/S3/venue", there).await, "moving there");
    at_the_hall(&turnout, "S4", 40).await;
    let then = "d1_date=2027-01-30&d1_start=11:00&d1_end=13:00";
    asked(&post(&browser, "/office/sessions/S4/times", then).await, "moving then");
    let day = "d2_date=2027-01-30&d2_start=11:00&d2_end=13:00";
    let early = post(&browser, "/office/sessions/S4/days", &day.replace("01-30", "02-30")).await;
    assert_eq!(early.0, Status::UnprocessableEntity);
    let free = then.replace("11:00", "14:00").replace("13:00", "15:00");
    let (_, to) = post(&browser, "/office/sessions/S4/times", &free).await;
    assert_eq!(to, "/office/sessions/S4?done=moved-0", "the afternoon is free");
    let repeated = page(&browser, "/office/sessions/S4/repeat?weeks=2").await;
    assert!(!repeated.contains("Is there a room for each?"), "{repeated}");
    let anyway = format!("{then}&venue_anyway=1");
    let (_, to) = post(&browser, "/office/sessions/S4/times", &anyway).await;
    assert_eq!(to, "/office/sessions/S4?done=moved-0");
}

async fn more_places_than_a_venue_holds_are_asked_about(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    at_the_hall(&turnout, "S1", 20).await;
    let more = post(&browser, "/office/sessions/S1/places", "capacity=60").await;
    assert_eq!(more.0, Status::UnprocessableEntity);
    let question = "St Aidan&#39;s Hall holds 40, and there are 60 places.";
    assert!(more.1.contains(question), "{}", more.1);
    let (_, to) = post(&browser, "/office/sessions/S1/places", "capacity=60&venue_anyway=1").await;
    assert_eq!(to, "/office/sessions/S1?done=places");
    let planned = plan("&venue_id=V001").replace("capacity=30", "capacity=60");
    let asked = post(&browser, "/office/new-session", &planned).await;
    assert!(asked.0 == Status::UnprocessableEntity && asked.1.contains(question), "{}", asked.1);
    let fewer = post(&browser, "/office/sessions/S1/places", "capacity=40").await;
    assert_eq!(fewer.1, "/office/sessions/S1?done=places", "as many as it holds");
}

async fn the_season_is_narrowed_to_a_venue_and_knows_it_by_its_number(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    at_the_hall(&turnout, "S1", 20).await;
    at_the_hall(&turnout, "S2", 20).await;
    turnout.write("update sessions set venue_name = 'Room 3' where code = 'S2'").await;
    turnout.plan("S3", "first", 10, |one| one.location = place("Barn", "")).await;
    let wall = page(&browser, "/office/season?venue=V001&month=2027-01").await;
    assert!(wall.contains("2 days of sessions") && !wall.contains("sessions/S3"), "{wall}");
    assert!(wall.contains("Is there a room for each?"), "{wall}");
    assert_eq!(
        turnout.session(&"S1".parse().expect("a code")).await.publication,
        Publication::Published
    );
}
