//! Venues that several people and alliances use.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::domain::staff::Role;

use super::{HALL, at_the_hall, hall, hidden, office, organiser, place, plan};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    two_organisers_who_correct_a_venue_at_once_are_told_of_each_other,
    a_venue_of_all_alliances_is_corrected_by_an_administrator_alone,
    a_venue_stays_where_other_alliances_have_sessions,
    sessions_at_the_same_place_are_adopted_and_follow_from_then_on,
);

async fn another_alliance(turnout: &TestTurnout) -> Client {
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email)
             values ('elsewhere', 'Elsewhere Citizens', 'Europe/London', 'else@example.org')",
        )
        .await;
    let login = turnout.account("otto", Role::Organiser, &["elsewhere"]).await;
    turnout.signed_in(&login).await
}

async fn two_organisers_who_correct_a_venue_at_once_are_told_of_each_other(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (first, second) = (organiser(&turnout).await, office(&turnout).await);
    hall(&first).await;
    let drawn = hidden(&page(&first, "/office/venues/V001").await, "drawn").replace(' ', "+");
    let one = format!("{}&drawn={drawn}", HALL.replace("41+", "43+"));
    let two = format!("{}&drawn={drawn}", HALL.replace("41+", "45+"));
    let other = format!("{}&drawn={drawn}", HALL.replace("capacity=40", "capacity=50"));
    assert_eq!(post(&first, "/office/venues/V001", &one).await.0, Status::SeeOther);
    let (status, shown) = post(&second, "/office/venues/V001", &two).await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("43 Copeland Lane") && shown.contains("45 Copeland Lane"), "{shown}");
    assert_eq!(post(&second, "/office/venues/V001", &other).await.0, Status::SeeOther);
    let shown = page(&first, "/office/venues/V001").await;
    assert!(shown.contains("43 Copeland Lane") && shown.contains("<dd>50</dd>"), "both are kept");
    // A new venue that is sent twice is one.
    let attempt = hidden(&page(&first, "/office/venues/new").await, "attempt");
    let new = format!("{HALL}&attempt={attempt}");
    let (_, once) = post(&first, "/office/venues/new", &new).await;
    assert_eq!(post(&first, "/office/venues/new", &new).await.1, once);
}

async fn a_venue_of_all_alliances_is_corrected_by_an_administrator_alone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (hers, all) = (organiser(&turnout).await, office(&turnout).await);
    let elsewhere = another_alliance(&turnout).await;
    hall(&hers).await;
    let shared = HALL.replace("alliance=oxford", "alliance=");
    let (_, to) = post(&all, "/office/venues/new", &shared).await;
    assert_eq!(to, "/office/venues/V002?done=added");
    let list = page(&elsewhere, "/office/venues").await;
    assert!(list.contains("V002") && !list.contains("V001"), "{list}");
    assert_eq!(elsewhere.get("/office/venues/V001").dispatch().await.status(), Status::Forbidden);
    for path in ["/office/venues/V001", "/office/venues/V001/adopt", "/office/venues/V002"] {
        assert_eq!(post(&elsewhere, path, HALL).await.0, Status::Forbidden, "{path}");
    }
    assert!(page(&elsewhere, "/office/venues/V002").await.contains("an administrator corrects it"));
    // She takes no venue of another alliance for a session, nor makes one for it.
    let planned = plan("&venue_id=V001").replace("alliance=oxford", "alliance=elsewhere");
    assert_eq!(
        post(&elsewhere, "/office/new-session", &planned).await.0,
        Status::UnprocessableEntity
    );
    let made = post(&elsewhere, "/office/venues/new", HALL).await;
    assert!(
        made.0 == Status::UnprocessableEntity && made.1.contains("Choose one of your"),
        "{made:?}"
    );
    let own = post(&elsewhere, "/office/venues/new", "name=Barn").await;
    assert_eq!(own.1, "/office/venues/V003?done=added", "hers alone, as she has one alliance");
}

async fn a_venue_stays_where_other_alliances_have_sessions(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let all = office(&turnout).await;
    another_alliance(&turnout).await;
    post(&all, "/office/venues/new", &HALL.replace("alliance=oxford", "alliance=")).await;
    at_the_hall(&turnout, "S1", 20).await;
    let narrowed = HALL.replace("alliance=oxford", "alliance=elsewhere");
    let (status, shown) = post(&all, "/office/venues/V001", &narrowed).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Another alliance has sessions there"), "{shown}");
    let (_, to) = post(&all, "/office/venues/V001", HALL).await;
    assert_eq!(to, "/office/venues/V001?done=saved-0-0", "its own may have it");
}

async fn sessions_at_the_same_place_are_adopted_and_follow_from_then_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    for (code, name) in [("S1", "St Aidan's Hall"), ("S2", "st aidans hall"), ("S3", "Town Hall")] {
        turnout
            .plan(code, "first", 10, |session| session.location = place(name, "41 Copeland Lane"))
            .await;
    }
    hall(&browser).await;
    let shown = page(&browser, "/office/venues/V001").await;
    assert!(shown.contains("Link 2 sessions to this venue"), "{shown}");
    let (_, to) = post(&browser, "/office/venues/V001/adopt", "").await;
    assert_eq!(to, "/office/venues/V001?done=adopted-2");
    let adopted = turnout.session(&"S2".parse().expect("a code")).await;
    assert_eq!(adopted.venue, "V001".parse().ok());
    assert_eq!(adopted.location, place("st aidans hall", "41 Copeland Lane"), "what people know");
    assert_eq!(turnout.session(&"S3".parse().expect("a code")).await.venue, None);
    assert!(!page(&browser, &to).await.contains("to this venue</button>"));
    let new = format!("{}&sure=yes", HALL.replace("41+", "43+"));
    post(&browser, "/office/venues/V001", &new).await;
    let moved = turnout.session(&"S2".parse().expect("a code")).await;
    assert_eq!(moved.location, place("St Aidan's Hall", "43 Copeland Lane"));
}
