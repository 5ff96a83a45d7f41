//! A booking never ends in a shrug: whatever came between, the last step says whether anything was booked and
//! where to go on, and an old link says what happened to it.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        sessions::{change_session::cancel_session, edit_session::edit_session},
    },
    domain::{
        audit::Actor, id::SessionCode, occupancy::TeamPolicy, plan::SessionDetails,
        session::Session, text::Paragraph,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    the_last_step_after_booking_closed_says_so_and_leads_on,
    a_hold_that_ended_is_taken_again_by_a_button_with_what_was_typed,
    a_hold_that_cannot_be_taken_again_leads_to_the_list_and_to_other_dates,
    an_old_link_says_what_happened_to_it,
);

const OFFICE: Actor = Actor::CommandLine;

/// Somebody who typed up to the last step, for two people; the addresses of its steps.
async fn typed(browser: &Client, code: &SessionCode) -> (String, String) {
    let body =
        "places=2&self=yes&name=Cy+Dunn&email=cy%40example.org&institution=none&team=together";
    let (_, people) = post(browser, &format!("/sessions/{code}/register"), body).await;
    assert!(people.ends_with("/people"), "{people}");
    let named = "p1_name=Cy+Dunn&p1_email=&p1_diet=Halal&p2_name=Di+Ellis&p2_email=";
    let (_, check) = post(browser, &people, named).await;
    assert!(check.ends_with("/check"), "{check}");
    (people, check)
}

fn details(session: &Session) -> SessionDetails {
    SessionDetails {
        access: session.access.clone(),
        places_per_institution: session.places_per_institution,
        places_per_booking: session.places_per_booking,
        mode: session.mode,
        booking_opens: session.booking_opens,
        booking_closes: session.booking_closes,
        waiting_list: session.waiting_list,
        admission: Default::default(),
        trainers: Vec::new(),
        note: None,
        words: Default::default(),
        aims: Default::default(),
        overnight: Default::default(),
    }
}

async fn the_last_step_after_booking_closed_says_so_and_leads_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    for (code, words) in [("S1", "Booking has closed"), ("S2", "The session is cancelled")] {
        let code = turnout.plan(code, "first", 9, |_| {}).await;
        let (people, check) = typed(&browser, &code).await;
        if code.as_str() == "S1" {
            let session = turnout.session(&code).await;
            let closed =
                SessionDetails { booking_closes: Some(turnout.ctx.now()), ..details(&session) };
            edit_session(&turnout.ctx, &OFFICE, &code, &closed, None).await.expect("an edit");
        } else {
            cancel_session(&turnout.ctx, &OFFICE, &code, None, None).await.expect("a cancel");
        }
        let (status, shown) = post(&browser, &check, "permission=yes").await;
        assert_eq!(status, Status::Conflict, "{shown}");
        assert!(shown.contains(words) && shown.contains("Nothing was booked."), "{shown}");
        assert!(shown.contains("Other dates") && shown.contains("020 7946 0142"), "{shown}");
        turnout.clock.advance(Duration::minutes(20));
        let late = page(&browser, &people).await;
        assert!(late.contains("Nothing is booked.") && !late.contains("Hold them again"), "{late}");
        let (status, shown) = post(&browser, &people.replace("/people", "/hold"), "").await;
        assert_eq!(status, Status::Conflict);
        assert!(shown.contains("Nothing was booked."), "{shown}");
    }
}

async fn a_hold_that_ended_is_taken_again_by_a_button_with_what_was_typed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let browser = turnout.browser().await;
    let (people, check) = typed(&browser, &code).await;
    turnout.clock.advance(Duration::minutes(20));
    let (status, shown) = post(&browser, &check, "permission=yes").await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("Your hold has ended") && shown.contains("Nothing was booked."));
    assert!(shown.contains(&people), "{shown}");
    let shown = page(&browser, &people).await;
    assert!(shown.contains("Hold them again"), "{shown}");
    assert_eq!(turnout.session(&code).await.occupancy.occupied, 0, "looking holds nothing");
    let (_, to) = post(&browser, &people.replace("/people", "/hold"), "hold=again").await;
    assert_eq!(to, people);
    let shown = page(&browser, &people).await;
    assert!(shown.contains("Di Ellis") && shown.contains("Halal"), "{shown}");
    let (_, to) = post(&browser, &check, "permission=yes").await;
    assert!(to.ends_with("/booked"), "{to}");
    assert_eq!(turnout.session(&code).await.occupancy.occupied, 2);
}

async fn a_hold_that_cannot_be_taken_again_leads_to_the_list_and_to_other_dates(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 3, |_| {}).await;
    let browser = turnout.browser().await;
    let (people, check) = typed(&browser, &code).await;
    turnout.clock.advance(Duration::minutes(20));
    let others = request(&code, "Ada Obi", 3, TeamPolicy::Together);
    book_places(&turnout.ctx, &Actor::Api, others).await.expect("a booking");
    for (path, body) in [
        (people.replace("/people", "/hold"), "hold=again"),
        (people.clone(), "p1_name=Cy+Dunn&p2_name=Di+Ellis"),
    ] {
        let (status, shown) = post(&browser, &path, body).await;
        assert_eq!(status, Status::Conflict, "{path}");
        assert!(shown.contains("There are not enough places"), "{shown}");
        assert!(shown.contains("Nothing was booked.") && shown.contains("Join the waiting list"));
    }
    let (status, shown) = post(&browser, &check, "permission=yes").await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("Nothing was booked."), "{shown}");
}

async fn an_old_link_says_what_happened_to_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let asked = request(&code, "Ada Obi", 2, TeamPolicy::Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let (id, token) = (booked.registration.id, booked.token);
    let letters = turnout.letters().await;
    let own = letters.iter().find_map(|letter| {
        let at = letter.text.find("https://turnout.example/p/")?;
        letter.text[at..].split_whitespace().next()
    });
    let own = own.expect("a link").replace("https://turnout.example", "");
    let own = own.split('/').take(3).collect::<Vec<_>>().join("/");
    let why = Paragraph::parse_optional("The boiler broke.").expect("words");
    let place = booked.registration.places[0].id;
    let staff = Actor::Staff("organiser".parse().expect("a login"));
    cancel_places(&turnout.ctx, &staff, id, Which::One(place), why.as_ref()).await.expect("done");
    let browser = turnout.browser().await;
    let shown = page(&browser, &own).await;
    assert!(shown.contains("Your place is cancelled"), "{shown}");
    assert!(
        shown.contains("The office took this place back on Sat 2 January 2027 at 10am"),
        "{shown}"
    );
    assert!(shown.contains("The boiler broke."), "{shown}");
    let manage = format!("/r/{}", token.secret());
    for path in [
        format!("{own}/cancel"),
        format!("{own}/ticket"),
        format!("{manage}/places/1"),
        format!("{manage}/places/1/cancel"),
        format!("{manage}/leave"),
    ] {
        let answer = browser.get(path.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::Conflict, "{path}");
        let shown = answer.into_string().await.unwrap_or_default();
        assert!(shown.contains("Nothing was changed."), "{path}: {shown}");
    }
    let (people, _) = typed(&browser, &code).await;
    let begun = people.split('/').nth(4).expect("a token");
    for path in [format!("/r/{begun}"), format!("/r/{begun}/booked"), format!("/offers/{begun}")] {
        let answer = browser.get(path.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::Conflict, "{path}");
        let shown = answer.into_string().await.unwrap_or_default();
        assert!(shown.contains("This booking was begun, and never sent off"), "{path}: {shown}");
        assert!(shown.contains(&people), "{path}: {shown}");
    }
}
