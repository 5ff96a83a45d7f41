//! What institutions pledge, and how it is compared with whom they name and who comes.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::check_in::{Taps, check_in},
    },
    domain::{
        attendance::{Mark, Presence},
        audit::Actor,
        id::{SessionCode, StaffLogin},
        occupancy::TeamPolicy::Together,
        registration::Registration,
        staff::Role,
    },
    store::staff,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{request, sender},
};

on_both_databases!(
    a_leader_and_an_organiser_pledge_and_the_season_adds_up,
    institutions_behind_their_pledge_are_reminded_once_a_day,
);

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn book(
    turnout: &TestTurnout,
    code: &SessionCode,
    (who, from, places): (&str, u32, usize),
) -> (Registration, String) {
    let mut team = request(code, who, places, Together);
    team.sender = sender(from);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    (booked.registration, format!("/r/{}", booked.token.secret()))
}

/// The day comes, and two of a booking's people with it; an administrator who saw it.
async fn two_come(turnout: &TestTurnout, code: &SessionCode, booking: &Registration) -> StaffLogin {
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    let ruth = turnout.account("ruth", Role::Administrator, &[]).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &ruth).await.expect("a read").expect("an account");
    drop(conn);
    let mark = |number: usize| Mark {
        place: booking.places[number].id,
        presence: Presence::Attended,
        at: turnout.ctx.now(),
    };
    let taps = Taps { marks: vec![mark(0), mark(1)], ..Taps::default() };
    check_in(&turnout.ctx, &member, code, 1, &taps).await.expect("taps");
    ruth
}

async fn a_leader_and_an_organiser_pledge_and_the_season_adds_up(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let other = turnout.plan("S2", "second", 30, |_| {}).await;
    let (booking, link) = book(&turnout, &code, ("Ada Obi", 1, 3)).await;
    let nobody = turnout.browser().await;
    assert!(page(&nobody, &link).await.contains(&format!("{link}/pledge")));
    let path = format!("{link}/pledge");
    assert!(page(&nobody, &path).await.contains("How many will Institution 1 bring?"));
    let (status, again) = post(&nobody, &path, "people=many").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Enter a whole number") && again.contains("value=\"many\""));
    let (_, there) = post(&nobody, &path, "people=8").await;
    assert!(page(&nobody, &there).await.contains("We have written it down"));

    let office = organiser(&turnout).await;
    let pledges = "/office/sessions/S1/pledges";
    let (status, again) = post(&office, pledges, "institution=&people=-1").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Choose an institution") && again.contains("from 0 to 5000"));
    post(&office, pledges, "institution=I0002&people=4").await;
    post(&office, "/office/sessions/S2/pledges", "institution=I0002&people=5").await;
    post(&office, "/office/sessions/S2/pledges", "institution=I0003&people=9").await;
    post(&office, "/office/sessions/S2/pledges", "institution=I0003&people=0").await;
    let shown = page(&office, pledges).await;
    assert!(shown.contains("5 still to name") && shown.contains("4 still to name"), "{shown}");

    let ruth = two_come(&turnout, &code, &booking).await;
    let office = turnout.signed_in(&ruth).await;
    let season = "/office/turnout.csv?from=2026-09-01&to=2027-08-31&by=";
    let csv = page(&office, &format!("{season}institution")).await;
    assert!(csv.contains("Institution 1,Oxford Citizens,8,3,2\r\n"), "{csv}");
    assert!(csv.contains("Institution 2,Oxford Citizens,9,0,0\r\n") && !csv.contains("on 3,"));
    let csv = page(&office, &format!("{season}alliance")).await;
    assert!(csv.contains("Oxford Citizens,,17,3,2\r\n"), "{csv}");
    let empty = page(&office, "/office/turnout?from=2020-01-01&to=2020-12-31").await;
    assert!(empty.contains("There is nothing to count in this time."));
    let wrong = office.get("/office/turnout?from=soon").dispatch().await;
    assert_eq!(wrong.status(), Status::UnprocessableEntity);
    drop(wrong);
    let path = "/office/turnout.xlsx?from=2026-09-01&to=2027-08-31";
    let bytes = office.get(path).dispatch().await.into_bytes().await.expect("a file");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Sessions", "Institutions", "Alliances"]);
    let sheet = book.worksheet_range("Sessions").expect("a sheet");
    let row = sheet.rows().find(|row| row[0] == Data::String("S1".to_owned())).expect("a row");
    let numbers = [30.0, 12.0, 3.0, 2.0, 0.0, 2.0].map(Data::Float);
    assert_eq!(row[5..], numbers, "capacity, pledged, named, attended, waiting, institutions");
    let shown = page(&office, "/office/sessions/S1").await;
    assert!(
        shown.contains("class=\"plot__line\"") && shown.contains("Places booked after each day")
    );
    assert!(page(&office, &format!("/office/sessions/{other}")).await.contains("How full it is"));
    turnout.is_sound().await;
}

async fn institutions_behind_their_pledge_are_reminded_once_a_day(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let earlier = turnout.plan("S2", "first", 30, |_| {}).await;
    book(&turnout, &code, ("Ada Obi", 1, 3)).await;
    book(&turnout, &earlier, ("Ben Low", 2, 1)).await;
    let office = organiser(&turnout).await;
    let pledges = "/office/sessions/S1/pledges";
    for body in
        ["institution=I0001&people=5", "institution=I0002&people=4", "institution=I0003&people=2"]
    {
        post(&office, pledges, body).await;
    }
    turnout.letters().await;
    let ask = page(&office, &format!("{pledges}/chase")).await;
    assert!(ask.contains("Remind 3 institutions") && ask.contains("pledged 5, named 3"), "{ask}");
    let (_, there) = post(&office, &format!("{pledges}/chase"), "").await;
    let done = page(&office, &there).await;
    assert!(done.contains("We are reminding 2 institutions."), "{done}");
    assert!(done.contains("1 institution has given us no email address"));
    let letters = turnout.letters().await;
    let to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(to, ["Ada Obi <ada.obi@example.org>", "Ben Low <ben.low@example.org>"]);
    let text = &letters[0].text;
    assert!(
        text.contains("Institution 1 pledged 5 people") && text.contains("3 are booked so far")
    );
    assert!(text.contains("https://turnout.example/sessions/S1/register"), "{text}");
    post(&office, &format!("{pledges}/chase"), "").await;
    assert_eq!(turnout.letters().await.len(), 0, "not twice in a day");
    turnout.clock.advance(Duration::days(1));
    let office = {
        drop(office);
        let login = "organiser".parse().expect("a login");
        turnout.signed_in(&login).await
    };
    post(&office, &format!("{pledges}/chase"), "").await;
    assert_eq!(turnout.letters().await.len(), 2);
}
