//! A day of a session that is held elsewhere than the others: what is shown of it, who is told, and what calendars
//! say.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy,
        session::Publication, staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
    start,
};

on_both_databases!(
    a_day_is_held_elsewhere_and_only_its_calendars_change,
    a_day_follows_the_venue_it_is_held_at,
    a_draft_keeps_where_its_days_are_held,
    two_who_move_a_day_at_once_are_told_of_each_other,
);

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

/// A session of two days, with somebody on it.
async fn two_days(turnout: &TestTurnout) -> SessionCode {
    let first = start().naive_utc() + Duration::days(28);
    let days = vec![turnout.sitting(1, first), turnout.sitting(2, first + Duration::days(7))];
    let code = turnout.plan("S1", "first", 10, |session| session.sittings = days).await;
    let team = request(&code, "Ada Obi", 1, TeamPolicy::Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
    code
}

const ELSEWHERE: &str = "where=venue&venue=Town+Hall&address=1+Square";
const PATH: &str = "/office/sessions/S1/days/2/place";

async fn feed(turnout: &TestTurnout) -> String {
    page(&turnout.browser().await, "/feeds/all.ics").await.replace("\r\n ", "")
}

/// The events of a feed that say this place, each with its SEQUENCE.
fn at(feed: &str, place: &str) -> Vec<String> {
    let events = feed.split("BEGIN:VEVENT").skip(1).filter(|event| event.contains(place));
    let sequence = |event: &str| {
        let line = event.lines().find(|line| line.starts_with("SEQUENCE:"));
        line.expect("a sequence").trim_end().to_owned()
    };
    events.map(sequence).collect()
}

async fn a_day_is_held_elsewhere_and_only_its_calendars_change(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = two_days(&turnout).await;
    let list = page(&browser, "/office/sessions/S1/days").await;
    assert!(list.contains("Hold day 2 elsewhere"), "{list}");
    let form = page(&browser, PATH).await;
    assert!(form.contains("Only this day changes") && form.contains("tell 1 person"), "{form}");
    let nothing = post(&browser, PATH, "where=venue&venue=&address=").await;
    assert!(nothing.0 == Status::UnprocessableEntity, "{}", nothing.1);
    assert!(nothing.1.contains("Enter the name of the venue"), "{}", nothing.1);
    assert_eq!(at(&feed(&turnout).await, "Copeland").len(), 2);
    let (_, to) = post(&browser, PATH, ELSEWHERE).await;
    assert_eq!(to, "/office/sessions/S1?done=moved-1");
    let session = turnout.session(&code).await;
    let place = Location::venue("Town Hall", "1 Square").expect("a place");
    assert_eq!(session.location_on(&session.sittings[1]), place);
    assert_eq!(session.location_on(&session.sittings[0]), session.location);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1, "one day, one letter");
    let said = "Day 2, where: was St Aidan's Hall, 41 Copeland Lane; now Town Hall, 1 Square";
    assert!(letters[0].text.contains(said), "{}", letters[0].text);
    let invite = letters[0].calendar.clone().expect("an invite");
    let invite = String::from_utf8(invite).expect("text").replace("\r\n ", "");
    assert!(invite.contains("LOCATION:Town Hall\\, 1 Square"), "{invite}");
    assert!(invite.contains("SEQUENCE:1"), "{invite}");
    let after = feed(&turnout).await;
    assert_eq!(at(&after, "LOCATION:Town Hall\\, 1 Square"), ["SEQUENCE:1"]);
    assert_eq!(at(&after, "Copeland"), ["SEQUENCE:0"]);
    let public = page(&turnout.browser().await, "/sessions/S1").await;
    assert!(public.contains("At Town Hall, 1 Square"), "{public}");
    let api = page(&turnout.browser().await, "/api/v1/sessions/S1").await;
    assert!(api.contains("\"name\":\"Town Hall\""), "{api}");
    for path in ["/office/sessions/S1", "/trainer/sessions/S1/roster"] {
        assert!(page(&browser, path).await.contains("at Town Hall, 1 Square"), "{path}");
    }
    assert!(page(&browser, "/office/season?view=term&by=venue").await.contains(">Town Hall</h2>"));
    // Back where the others are.
    let (_, to) = post(&browser, PATH, "where=same").await;
    assert_eq!(to, "/office/sessions/S1?done=moved-1");
    assert_eq!(at(&feed(&turnout).await, "Copeland"), ["SEQUENCE:0", "SEQUENCE:2"]);
    assert_eq!(turnout.letters().await.len(), 1);
    let again = post(&browser, PATH, "where=same").await;
    assert_eq!(again.0, Status::UnprocessableEntity, "that is how it is already");
    turnout.is_sound().await;
}

async fn a_day_follows_the_venue_it_is_held_at(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = two_days(&turnout).await;
    let hall = "name=Town+Hall&address=1+Square&alliance=oxford";
    post(&browser, "/office/venues/new", hall).await;
    let (_, to) = post(&browser, PATH, "where=venue&venue_id=V001&venue=&address=").await;
    assert_eq!(to, "/office/sessions/S1?done=moved-1");
    assert!(page(&browser, "/office/venues/V001").await.contains("/office/sessions/S1"));
    turnout.letters().await;
    // Another session there then is a question.
    let same = turnout.session(&code).await.sittings[1].starts;
    let day = vec![turnout.sitting(1, same)];
    turnout.plan("S2", "second", 10, |session| session.sittings = day).await;
    let there = "where=venue&venue_id=V001&venue=&address=";
    let asked = post(&browser, "/office/sessions/S2/venue", there).await;
    assert!(asked.0 == Status::UnprocessableEntity, "{}", asked.1);
    assert!(asked.1.contains("Is there a room for each?"), "{}", asked.1);
    let new = hall.replace("1+Square", "2+Square");
    let (status, look) = post(&browser, "/office/venues/V001", &new).await;
    assert!(status == Status::Ok && look.contains("1 has people who are written to"), "{look}");
    let (_, to) = post(&browser, "/office/venues/V001", &format!("{new}&sure=yes")).await;
    assert_eq!(to, "/office/venues/V001?done=saved-1-1");
    let session = turnout.session(&code).await;
    let place = Location::venue("Town Hall", "2 Square").expect("a place");
    assert_eq!(session.location_on(&session.sittings[1]), place);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("Day 2, where: was Town Hall, 1 Square"));
    turnout.is_sound().await;
}

async fn a_draft_keeps_where_its_days_are_held(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let plan = "course=first&alliance=oxford&where=venue&venue=Hall&per_booking=6&mode=instant\
        &days=2&d1_date=2027-03-20&d1_start=10:00&d1_end=12:00&d2_date=2027-03-27&d2_start=10:00\
        &d2_end=12:00&action=save";
    post(&browser, "/office/new-session", plan).await;
    let path = "/office/sessions/S001/days/2/place";
    assert!(page(&browser, path).await.contains("Nobody has seen this draft"));
    let (_, to) = post(&browser, path, ELSEWHERE).await;
    assert_eq!(to, "/office/sessions/S001?done=moved-0");
    let code: SessionCode = "S001".parse().expect("a code");
    let (_, to) =
        post(&browser, "/office/sessions/S001/edit", &format!("{plan}&note=Bring+a+pen")).await;
    assert_eq!(to, "/office/sessions/S001?done=saved");
    let draft = turnout.session(&code).await;
    assert_eq!(draft.note.as_deref(), Some("Bring a pen"));
    let place = draft.sittings[1].place.as_ref().expect("a place of its own");
    assert_eq!((place.name.as_str(), draft.publication), ("Town Hall", Publication::Draft));
    post(&browser, "/office/sessions/S001/repeat", "week=1").await;
    let copy = turnout.session(&"S002".parse().expect("a code")).await;
    assert!(copy.sittings[1].place.is_some() && copy.sittings[0].place.is_none());
    assert!(turnout.letters().await.is_empty());
}

async fn two_who_move_a_day_at_once_are_told_of_each_other(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = two_days(&turnout).await;
    let html = page(&browser, PATH).await;
    let from = html.find("name=\"drawn\" value=\"").expect("drawn") + 20;
    let drawn = html[from..from + html[from..].find('"').expect("its end")].replace(' ', "+");
    post(&browser, PATH, &format!("{ELSEWHERE}&drawn={drawn}")).await;
    let other = ELSEWHERE.replace("Town", "Guild");
    let (status, html) = post(&browser, PATH, &format!("{other}&drawn={drawn}")).await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("Somebody else changed where this day is held, to Town Hall"), "{html}");
    let session = turnout.session(&code).await;
    let place = session.sittings[1].place.as_ref().expect("a place of its own");
    assert_eq!(place.name, "Town Hall");
}
