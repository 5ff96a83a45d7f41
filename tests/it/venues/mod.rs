//! Venues as records: kept on a list, chosen for sessions, corrected once for all of them, and asked about
//! before two sessions meet in one.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy, staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
    start,
};

on_both_databases!(
    a_venue_is_added_found_and_archived,
    a_correction_is_looked_at_and_reaches_every_session_in_one_go,
    what_only_the_office_reads_of_a_venue_tells_nobody,
    directions_of_a_venue_go_to_the_pages_of_its_sessions,
    a_venue_is_chosen_in_planning_and_the_typed_place_goes_on_working,
    a_session_moves_to_a_venue_of_the_list,
);

mod asked;
mod exported;
mod shared;

const HALL: &str = "name=St+Aidan%27s+Hall&address=41+Copeland+Lane&alliance=oxford&capacity=40\
    &contact_name=Vera+Keys&contact_phone=020+7946+0111&contact_email=vera%40hall.example\
    &cost=%C2%A390+a+day&hire_notes=Key+from+the+caf%C3%A9&directions=Bus+3&access=A+ramp";

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

/// The hall as V001.
async fn hall(browser: &Client) {
    let added = post(browser, "/office/venues/new", HALL).await;
    assert_eq!(added, (Status::SeeOther, "/office/venues/V001?done=added".to_owned()));
}

/// A session at the hall's place, so many days from now.
async fn at_the_hall(turnout: &TestTurnout, code: &str, days: i64) -> SessionCode {
    let day = turnout.sitting(1, start().naive_utc() + Duration::days(days));
    turnout
        .plan(code, "first", 10, |session| {
            session.venue = "V001".parse().ok();
            session.sittings = vec![day];
        })
        .await
}

async fn book(turnout: &TestTurnout, code: &SessionCode, who: &str) {
    let team = request(code, who, 1, TeamPolicy::Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
}

fn place(name: &str, address: &str) -> Location {
    Location::Venue { name: name.to_owned(), address: address.to_owned() }
}

/// The form on a page, as it was drawn: the value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let from = page.find(&start).expect("a hidden field") + start.len();
    let end = page[from..].find('"').expect("its end");
    page[from..from + end].to_owned()
}

/// A plan on Saturday 30 January 2027 with some more fields.
fn plan(more: &str) -> String {
    format!(
        "course=first&alliance=oxford&where=venue&capacity=30&per_booking=6&mode=instant&days=1\
         &d1_date=2027-01-30&d1_start=10:00&d1_end=12:00&action=save{more}"
    )
}

async fn a_venue_is_added_found_and_archived(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let empty = page(&browser, "/office/venues").await;
    assert!(empty.contains("None yet") && empty.contains("/office/venues/new"), "{empty}");
    assert!(page(&browser, "/office/more").await.contains("/office/venues"));
    let wrong = post(&browser, "/office/venues/new", "name=&capacity=many&contact_email=x").await;
    assert_eq!(wrong.0, Status::UnprocessableEntity);
    for said in ["Enter the name of the venue", "whole number from 1", "name@example.org"] {
        assert!(wrong.1.contains(said), "{said}: {}", wrong.1);
    }
    hall(&browser).await;
    let shown = page(&browser, "/office/venues/V001?done=added").await;
    for said in ["Vera Keys", "020 7946 0111", "mailto:vera@hall.example", "Key from the café"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(shown.contains("None yet. Choose it where you plan a session"), "{shown}");
    let found = page(&browser, "/office/venues?q=copeland").await;
    assert!(found.contains("/office/venues/V001") && found.contains("holds 40"), "{found}");
    assert!(!page(&browser, "/office/venues?q=elsewhere").await.contains("/office/venues/V001"));
    let archived = post(&browser, "/office/venues/V001", &format!("{HALL}&archived=1")).await;
    assert_eq!(archived.1, "/office/venues/V001?done=saved-0-0");
    let shown = page(&browser, "/office/venues/V001").await;
    assert!(shown.contains("Archived") && !shown.contains("<dd>Vera Keys"), "{shown}");
    assert!(!page(&browser, "/office/new-session").await.contains("value=\"V001\""));
}

async fn a_correction_is_looked_at_and_reaches_every_session_in_one_go(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    let mut codes = Vec::new();
    for (number, days) in [(1, 20), (2, 30), (3, 40)] {
        let code = at_the_hall(&turnout, &format!("S{number}"), days).await;
        book(&turnout, &code, &format!("Ada Obi{number}")).await;
        codes.push(code);
    }
    let draft = at_the_hall(&turnout, "S4", 50).await;
    turnout.write("update sessions set publication = 'draft' where code = 'S4'").await;
    turnout.letters().await;
    let new = HALL.replace("41+Copeland", "43+Copeland");
    let (status, look) = post(&browser, "/office/venues/V001", &new).await;
    assert_eq!(status, Status::Ok);
    for said in ["4 future sessions:", "3 have people who are written to", "1 is a draft"] {
        assert!(look.contains(said), "{said}: {look}");
    }
    assert!(look.contains("43 Copeland Lane") && look.contains("tell 3 people"), "{look}");
    assert_eq!(turnout.letters().await.len(), 0, "nothing happens before she says so");
    let sure = format!("{new}&drawn={}&sure=yes", hidden(&look, "drawn").replace(' ', "+"));
    let (_, to) = post(&browser, "/office/venues/V001", &sure).await;
    assert_eq!(to, "/office/venues/V001?done=saved-4-3");
    for code in codes.iter().chain([&draft]) {
        let session = turnout.session(code).await;
        assert_eq!(session.location, place("St Aidan's Hall", "43 Copeland Lane"), "{code}");
    }
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 3, "one letter for each, who leads and comes herself");
    assert!(letters.iter().all(|one| one.text.contains("now St Aidan's Hall, 43 Copeland Lane")));
    let shown = page(&browser, &to).await;
    assert!(shown.contains("Saved, and 4 sessions with it. We are telling 3 people."), "{shown}");
    let again = post(&browser, "/office/venues/V001", &sure).await;
    assert_eq!(again.1, "/office/venues/V001?done=saved-0-0", "sent twice tells once");
    assert_eq!(turnout.letters().await.len(), 0);
    turnout.is_sound().await;
}

async fn what_only_the_office_reads_of_a_venue_tells_nobody(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    let code = at_the_hall(&turnout, "S1", 20).await;
    book(&turnout, &code, "Ada Obi").await;
    turnout.letters().await;
    let new =
        HALL.replace("90", "120").replace("Vera+Keys", "Otto+Lock").replace("caf%C3%A9", "bar");
    let (_, to) = post(&browser, "/office/venues/V001", &new).await;
    assert_eq!(to, "/office/venues/V001?done=saved-0-0");
    assert_eq!(turnout.letters().await.len(), 0);
    let shown = page(&browser, "/office/venues/V001").await;
    assert!(shown.contains("£120 a day") && shown.contains("Otto Lock"), "{shown}");
    let public = page(&turnout.browser().await, "/sessions/S1").await;
    assert!(!public.contains("Otto Lock") && !public.contains("£120"), "{public}");
    // The log says that the contact changed, and not to whom.
    let log = page(&office(&turnout).await, "/office/audit").await;
    assert!(log.contains("enue kept") && !log.contains("Otto Lock"), "{log}");
}

async fn directions_of_a_venue_go_to_the_pages_of_its_sessions(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    at_the_hall(&turnout, "S1", 20).await;
    at_the_hall(&turnout, "S2", 30).await;
    turnout.write("update sessions set directions = 'Bus 3' where code = 'S1'").await;
    turnout.write("update sessions set directions = 'Walk' where code = 'S2'").await;
    post(&browser, "/office/venues/V001", &HALL.replace("Bus+3", "Bus+9")).await;
    let stranger = turnout.browser().await;
    let first = page(&stranger, "/sessions/S1").await;
    assert!(first.contains("Bus 9") && first.contains("A ramp"), "{first}");
    let second = page(&stranger, "/sessions/S2").await;
    assert!(
        second.contains("Walk") && !second.contains("Bus 9"),
        "words of its own stay: {second}"
    );
    assert_eq!(turnout.letters().await.len(), 0);
}

async fn a_venue_is_chosen_in_planning_and_the_typed_place_goes_on_working(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    let form = page(&browser, "/office/new-session").await;
    assert!(form.contains("St Aidan&#39;s Hall, 41 Copeland Lane (holds 40)"), "{form}");
    let chosen =
        post(&browser, "/office/new-session", &plan("&venue_id=V001&venue=&address=")).await;
    assert_eq!(chosen.1, "/office/sessions/S001?done=planned");
    let code: SessionCode = "S001".parse().expect("a code");
    let session = turnout.session(&code).await;
    assert_eq!(session.location, place("St Aidan's Hall", "41 Copeland Lane"));
    assert_eq!(session.venue, "V001".parse().ok());
    assert_eq!(session.words.directions.as_deref(), Some("Bus 3"));
    assert_eq!(session.words.access_words.as_deref(), Some("A ramp"));
    assert!(page(&browser, "/office/venues/V001").await.contains("/office/sessions/S001"));
    // Who knows nothing of venues types a place as ever, and leaves a venue by typing another.
    let typed = plan("&venue=Town+Hall&address=1+Square");
    let (_, to) = post(&browser, "/office/new-session", &typed).await;
    assert_eq!(to, "/office/sessions/S002?done=planned");
    let kept = plan("&venue=St+Aidan%27s+Hall&address=41+Copeland+Lane");
    post(&browser, "/office/sessions/S001/edit", &kept).await;
    assert_eq!(turnout.session(&code).await.venue, "V001".parse().ok(), "the place stays");
    post(&browser, "/office/sessions/S001/edit", &typed).await;
    let session = turnout.session(&code).await;
    assert_eq!((session.venue, session.location), (None, place("Town Hall", "1 Square")));
    let odd = post(&browser, "/office/new-session", &plan("&venue_id=V999&venue=X")).await;
    assert_eq!(odd.0, Status::UnprocessableEntity);
    assert!(odd.1.contains("There is no such venue any more"), "{}", odd.1);
}

async fn a_session_moves_to_a_venue_of_the_list(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    hall(&browser).await;
    let code =
        turnout.plan("S1", "first", 10, |session| session.location = place("Old barn", "")).await;
    book(&turnout, &code, "Ada Obi").await;
    turnout.letters().await;
    let form = page(&browser, "/office/sessions/S1/venue").await;
    assert!(form.contains("name=\"venue_id\""), "{form}");
    let sent = "where=venue&venue_id=V001&venue=Old+barn&address=&room=";
    let (_, to) = post(&browser, "/office/sessions/S1/venue", sent).await;
    assert_eq!(to, "/office/sessions/S1?done=moved-1");
    let session = turnout.session(&code).await;
    assert_eq!(session.location, place("St Aidan's Hall", "41 Copeland Lane"));
    assert_eq!(session.words.directions.as_deref(), Some("Bus 3"));
    assert_eq!(turnout.letters().await.len(), 1);
    // A room in the building is told, and it is still the same building.
    let room =
        "where=venue&venue_id=V001&venue=St+Aidan%27s+Hall%2C+room+3&address=41+Copeland+Lane";
    post(&browser, "/office/sessions/S1/venue", room).await;
    let session = turnout.session(&code).await;
    assert_eq!(session.location, place("St Aidan's Hall, room 3", "41 Copeland Lane"));
    assert_eq!(session.venue, "V001".parse().ok());
    // To the same words without the record: nobody is told anything.
    turnout.letters().await;
    let typed = room.replace("V001", "");
    let (_, to) = post(&browser, "/office/sessions/S1/venue", &typed).await;
    assert_eq!(to, "/office/sessions/S1?done=moved-0");
    assert_eq!((turnout.session(&code).await.venue, turnout.letters().await.len()), (None, 0));
}
