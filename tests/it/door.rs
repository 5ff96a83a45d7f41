//! The door: taps from two devices, late, twice and out of order, lose and double nobody.

use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::{Actor, AuditEvent},
        id::{PlaceId, SessionCode},
        occupancy::TeamPolicy,
        session::Trainer,
        staff::Role,
    },
    store::{
        Window, attendances,
        audit_search::{self, AuditFilter},
        door, registrations,
    },
};

use crate::support::{TestTurnout, browser::page, plan::request};

on_both_databases!(
    the_door_works_one_page_at_a_time,
    two_devices_without_signal_lose_and_double_nobody,
    closing_the_day_counts_who_came_and_remembers_who_did_the_course,
    what_was_seen_outranks_the_end_of_the_day_whichever_came_last,
    people_are_checked_in_from_two_hours_before_and_corrected_afterwards,
    a_device_is_answered_for_each_tap_and_told_which_were_not_taken,
    certificates_are_ready_when_the_day_is_closed,
);

/// What happened on a session, latest first.
async fn log_of(turnout: &TestTurnout, code: SessionCode) -> Vec<AuditEvent> {
    let until = turnout.ctx.now() + Duration::days(1);
    let filter = AuditFilter { session: Some(code), ..AuditFilter::until(until) };
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let found = audit_search::search(&mut conn, &filter, Window { offset: 0, limit: 100 }).await;
    found.expect("events").items
}

const DOOR: &str = "/trainer/sessions/S1/check-in/1";

async fn evening(turnout: &TestTurnout) -> (Client, SessionCode, Vec<PlaceId>) {
    let login = turnout.account("trainer", Role::Trainer, &[]).await;
    let lead = Trainer { login: login.clone(), name: "Trainer".to_owned() };
    let code = turnout.plan("S1", "first", 10, |session| session.trainers = vec![lead]).await;
    for who in ["Ruth Okafor", "Kwame Mensah", "Leila Haddad"] {
        let one = request(&code, who, 1, TeamPolicy::Together);
        book_places(&turnout.ctx, &Actor::Api, one).await.expect("a booking");
    }
    turnout.clock.advance(Duration::days(28));
    let browser = turnout.signed_in(&login).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let booked = registrations::of_session(&mut conn, &code).await.expect("bookings");
    let mut places: Vec<_> = booked.into_iter().flat_map(|one| one.places).collect();
    places.sort_by_key(|place| place.attendee.as_ref().map(|one| one.name.to_string()));
    (browser, code, places.into_iter().map(|place| place.id).collect())
}

async fn tap(browser: &Client, body: String) -> String {
    let answer = browser.post(DOOR).header(ContentType::Form).body(body).dispatch().await;
    answer.headers().get_one("Location").unwrap_or_default().to_owned()
}

async fn the_door_works_one_page_at_a_time(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, _, places) = evening(&turnout).await;
    let to = tap(&browser, format!("in={}", places[1])).await;
    let shown = page(&browser, &to).await;
    assert!(shown.contains("Leila Haddad is checked in"), "{shown}");
    assert!(shown.contains("Here since 10am"), "{shown}");
    assert!(shown.contains("Not here yet (<span id=\"missing-count\">2</span>)"), "{shown}");
    let found = page(&browser, &format!("{DOOR}?q=okaf")).await;
    assert!(found.contains("Ruth Okafor") && !found.contains("Kwame Mensah"));
    assert!(page(&browser, &format!("{DOOR}?q=Sam")).await.contains("No one called “Sam”"));

    turnout.clock.advance(Duration::minutes(1));
    tap(&browser, format!("undo={}", places[1])).await;
    assert!(!page(&browser, DOOR).await.contains("Here since"));
    let to = tap(&browser, "add=1&name=Sam+Walk-in&institution=Hope".to_owned()).await;
    let shown = page(&browser, &to).await;
    assert!(shown.contains("Sam Walk-in is checked in") && shown.contains("Hope. Not on the list"));
    let id = shown.split("name=\"remove\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    tap(&browser, format!("remove={}", id.expect("an undo button"))).await;
    assert!(!page(&browser, DOOR).await.contains("Sam Walk-in"));
    assert_eq!(tap(&browser, "add=1&name=".to_owned()).await, "", "a line without a name");
    let to = page(&browser, "/trainer").await;
    assert!(to.contains(DOOR), "the door of today is not on the trainer's page");
}

async fn sync(browser: &Client, body: &Value) -> Value {
    let request = browser.post(format!("{DOOR}/sync")).header(ContentType::JSON);
    let answer = request.body(body.to_string()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    serde_json::from_str(&answer.into_string().await.expect("a body")).expect("JSON")
}

fn here(standing: &Value) -> Vec<&str> {
    let lines = standing["here"].as_array().expect("lines");
    let mut here: Vec<_> = lines.iter().filter_map(|line| line["place"].as_str()).collect();
    here.sort_unstable();
    here
}

async fn two_devices_without_signal_lose_and_double_nobody(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, code, places) = evening(&turnout).await;
    let [kwame, leila, ruth] = [places[0], places[1], places[2]].map(|id| id.to_string());
    let sam = "3f333df6-90a4-4fda-8dd3-9485d27cee36";
    // One device: Kwame ten minutes ago, Ruth nine; Ruth taken back five minutes ago.
    let one = json!({
        "marks": [
            { "place": kwame, "here": true, "age": 600 },
            { "place": ruth, "here": true, "age": 540 },
            { "place": ruth, "here": false, "age": 300 },
        ],
        "walk_ins": [{ "id": sam, "name": "Sam", "institution": "", "email": "", "age": 500 }],
    });
    // The other: Kwame too, Leila, and Ruth before she was taken back.
    let two = json!({ "marks": [
        { "place": kwame, "here": true, "age": 590 },
        { "place": leila, "here": true, "age": 100 },
        { "place": ruth, "here": true, "age": 400 },
    ] });
    let mut expected = [kwame.as_str(), leila.as_str()];
    expected.sort_unstable();
    sync(&browser, &one).await;
    for bundle in [&two, &one, &two, &one] {
        let standing = sync(&browser, bundle).await;
        assert_eq!(here(&standing), expected);
        assert_eq!(standing["walk_ins"].as_array().map(Vec::len), Some(1));
    }
    let gone = sync(&browser, &json!({ "removed": [sam] })).await;
    assert_eq!(gone["walk_ins"].as_array().map(Vec::len), Some(0));
    let again = sync(&browser, &one).await;
    assert_eq!(again["walk_ins"].as_array().map(Vec::len), Some(0), "a line came back");

    let events = log_of(&turnout, code).await;
    let count = |word: &str| events.iter().filter(|one| one.action.as_str() == word).count();
    assert_eq!((count("checked-in"), count("walk-in-added"), count("walk-in-removed")), (4, 1, 1));

    // The place of another session is nobody at this door.
    turnout.plan("S2", "first", 10, |_| {}).await;
    let other = request(&"S2".parse().expect("a code"), "Zenobia", 1, TeamPolicy::Together);
    let booked = {
        turnout.clock.advance(Duration::hours(-24));
        book_places(&turnout.ctx, &Actor::Api, other).await.expect("a booking")
    };
    let stranger = booked.registration.places[0].id.to_string();
    let tapped = json!({ "marks": [{ "place": stranger, "here": true, "age": 0 }] });
    assert_eq!(here(&sync(&browser, &tapped).await), expected);
}

async fn closing_the_day_counts_who_came_and_remembers_who_did_the_course(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, code, places) = evening(&turnout).await;
    let close = || async {
        let answer = browser.post(format!("{DOOR}/close")).dispatch().await;
        answer.headers().get_one("Location").unwrap_or_default().to_owned()
    };
    turnout.clock.advance(Duration::minutes(-5));
    assert_eq!(close().await, format!("{DOOR}/close"), "closed before it began");
    assert!(page(&browser, &format!("{DOOR}/close")).await.contains("It has not begun"));
    turnout.clock.advance(Duration::minutes(10));
    tap(&browser, format!("in={}", places[0])).await;
    tap(&browser, "add=1&name=Sam".to_owned()).await;
    let asked = page(&browser, &format!("{DOOR}/close")).await;
    assert!(asked.contains("<b>2 came.</b> 2 people are not here"), "{asked}");
    let to = close().await;
    assert_eq!(to, format!("{DOOR}?done=closed.2.2"));
    assert!(page(&browser, &to).await.contains("Closed. 2 came, 2 did not"));

    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let tally = door::tallies(&mut conn, &code).await.expect("tallies")[0];
    assert_eq!((tally.attended, tally.absent, tally.walk_ins), (1, 2, 1));
    let did = |who: &'static str| {
        let (ctx, course) = (turnout.ctx.clone(), "first".parse().expect("a slug"));
        async move {
            let mut conn = ctx.store.read().await.expect("a connection");
            let email = format!("{who}@example.org").parse().expect("an address");
            attendances::has_attended(&mut conn, &email, &course).await.expect("an answer")
        }
    };
    assert!(did("kwame.mensah").await && !did("ruth.okafor").await);
    // Somebody late is still checked in; closing again counts again.
    turnout.clock.advance(Duration::minutes(5));
    tap(&browser, format!("in={}", places[2])).await;
    assert_eq!(close().await, format!("{DOOR}?done=closed.3.1"));
    assert!(did("ruth.okafor").await && !did("leila.haddad").await);
}

async fn close(browser: &Client) -> String {
    let answer = browser.post(format!("{DOOR}/close")).dispatch().await;
    answer.headers().get_one("Location").unwrap_or_default().to_owned()
}

async fn tally(turnout: &TestTurnout, code: &SessionCode) -> (i64, i64, i64) {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let tally = door::tallies(&mut conn, code).await.expect("tallies")[0];
    (tally.attended, tally.absent, tally.walk_ins)
}

async fn did(turnout: &TestTurnout, who: &str) -> bool {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let (email, course) = (format!("{who}@example.org"), "first".parse().expect("a slug"));
    let email = email.parse().expect("an address");
    attendances::has_attended(&mut conn, &email, &course).await.expect("an answer")
}

async fn what_was_seen_outranks_the_end_of_the_day_whichever_came_last(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, code, places) = evening(&turnout).await;
    let [kwame, leila, ruth] = [places[0], places[1], places[2]].map(|id| id.to_string());
    turnout.clock.advance(Duration::minutes(30));
    // Leila was tapped and taken back; the day is closed with Kwame alone.
    sync(
        &browser,
        &json!({ "marks": [
        { "place": kwame, "here": true, "age": 1200 },
        { "place": leila, "here": true, "age": 900 },
        { "place": leila, "here": false, "age": 600 },
    ] }),
    )
    .await;
    assert_eq!(close(&browser).await, format!("{DOOR}?done=closed.1.2"));
    assert!(!page(&browser, DOOR).await.contains("Arrived after closing"));

    // The phone from the cellar: it saw Ruth at 10.10am, and Leila before she was taken back.
    turnout.clock.advance(Duration::minutes(5));
    let cellar = json!({
        "marks": [
            { "place": ruth, "here": true, "age": 1500 },
            { "place": leila, "here": true, "age": 1300 },
        ],
        "walk_ins": [{ "id": "3f333df6-90a4-4fda-8dd3-9485d27cee36", "name": "Sam", "age": 1200 }],
    });
    let mut expected = [kwame.as_str(), ruth.as_str()];
    expected.sort_unstable();
    for _ in 0..2 {
        assert_eq!(here(&sync(&browser, &cellar).await), expected);
    }
    assert_eq!(tally(&turnout, &code).await, (2, 1, 1), "counted");
    assert!(did(&turnout, "ruth.okafor").await && !did(&turnout, "leila.haddad").await);
    for path in [DOOR, "/trainer/sessions/S1/roster"] {
        let shown = page(&browser, path).await;
        assert!(shown.contains("Arrived after closing"), "{shown}");
        assert!(shown.contains("Ruth Okafor, seen at 10.10am by trainer"), "{shown}");
        assert!(shown.contains("Sam, seen at 10.15am by trainer"), "{shown}");
        assert!(!shown.contains("Leila Haddad, seen"), "{shown}");
    }
    assert!(page(&browser, DOOR).await.contains(": 3 came, 1 did not."));
    let events = log_of(&turnout, code.clone()).await;
    let logged = |words: &str| events.iter().any(|one| one.detail.as_deref() == Some(words));
    assert!(logged("day 1: attended, seen at 10.10am, arrived after closing"));

    // Whoever closes again has taken note; an undo that arrives late leaves nobody's word, so absent.
    assert_eq!(close(&browser).await, format!("{DOOR}?done=closed.3.1"));
    assert!(!page(&browser, DOOR).await.contains("Arrived after closing"));
    sync(&browser, &json!({ "marks": [{ "place": ruth, "here": false, "age": 1400 }] })).await;
    assert_eq!(tally(&turnout, &code).await, (1, 2, 1));
    assert!(!did(&turnout, "ruth.okafor").await, "what the door remembered is forgotten");
    // Two observations of one moment: whoever saw her is right, in either order.
    for marks in [[true, false], [false, true]] {
        turnout.clock.advance(Duration::minutes(1));
        for seen in marks {
            sync(&browser, &json!({ "marks": [{ "place": ruth, "here": seen, "age": 0 }] })).await;
        }
        assert_eq!(tally(&turnout, &code).await, (2, 1, 1));
    }
}

async fn people_are_checked_in_from_two_hours_before_and_corrected_afterwards(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let (browser, code, places) = evening(&turnout).await;
    let [kwame, leila, ruth] = [places[0], places[1], places[2]].map(|id| id.to_string());
    let refused = |answer: &Value| answer["refused"].to_string();
    turnout.clock.advance(Duration::hours(-2) - Duration::minutes(1));
    assert!(page(&browser, DOOR).await.contains("Check-in opens at 8am on"));
    let sent = json!({ "marks": [{ "place": kwame, "here": true, "age": 0 }] });
    let early = sync(&browser, &sent).await;
    assert!(refused(&early).contains("Check-in opens at 8am on"), "{early}");
    assert_eq!(here(&early), Vec::<&str>::new());
    let tapped = browser.post(DOOR).header(ContentType::Form).body(format!("in={kwame}"));
    let answer = tapped.dispatch().await;
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let said = answer.into_string().await.unwrap_or_default();
    assert!(said.contains("Kwame Mensah: Check-in opens at 8am"), "{said}");
    let added = browser.post(DOOR).header(ContentType::Form).body("add=1&name=Sam");
    assert_eq!(added.dispatch().await.status(), Status::UnprocessableEntity);

    turnout.clock.advance(Duration::minutes(1));
    let to = tap(&browser, format!("in={kwame}")).await;
    assert!(to.contains("done=in."), "two hours before, to the minute: {to}");

    // Half a year later a phone is found that saw Leila on the day; Ruth it claims to see now.
    turnout.clock.advance(Duration::days(180));
    let browser = turnout.signed_in(&"trainer".parse().expect("a login")).await;
    let age =
        (turnout.ctx.now() - turnout.session(&code).await.sittings[0].starts_at).num_seconds();
    let sent = json!({ "marks": [
        { "place": leila, "here": true, "age": age },
        { "place": ruth, "here": true, "age": 0 },
    ] });
    let found = sync(&browser, &sent).await;
    assert_eq!(here(&found).len(), 2);
    assert!(refused(&found).contains("Tapped after the day had ended, at noon on"), "{found}");
    // A page that was drawn before the end asks; then it says that it corrects.
    let stale = browser.post(DOOR).header(ContentType::Form).body(format!("in={ruth}"));
    let answer = stale.dispatch().await;
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let said = answer.into_string().await.unwrap_or_default();
    assert!(
        said.contains("This day ended at noon on") && said.contains("is a correction"),
        "{said}"
    );
    assert!(said.contains("name=\"correction\" value=\"1\""), "{said}");
    let to = tap(&browser, format!("correction=1&in={ruth}")).await;
    assert!(page(&browser, &to).await.contains("Corrected after the day"));
    tap(&browser, "correction=1&add=1&name=Sam".to_owned()).await;
    let device = json!({ "marks": [
        { "place": leila, "here": false, "age": 0, "correction": true },
    ] });
    assert_eq!(here(&sync(&browser, &device).await).len(), 2);
    let events = log_of(&turnout, code).await;
    let corrected = events.iter().filter(|one| {
        one.detail.as_deref().is_some_and(|detail| detail.ends_with(", a correction after the day"))
    });
    assert_eq!(corrected.count(), 3);
}

async fn a_device_is_answered_for_each_tap_and_told_which_were_not_taken(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, _, places) = evening(&turnout).await;
    let [kwame, leila, ruth] = [places[0], places[1], places[2]].map(|id| id.to_string());
    let stranger = "3f333df6-90a4-4fda-8dd3-9485d27cee36";
    let answer = sync(
        &browser,
        &json!({
            "marks": [
                { "uid": "a", "place": kwame, "here": true, "age": 5, "name": "KWAME  MENSAH" },
                { "uid": "b", "place": leila, "here": true, "age": 5, "name": "Zed Came Instead" },
                { "uid": "c", "place": stranger, "here": true, "age": 5, "name": "Nobody" },
                { "uid": "d", "place": ruth, "here": true, "age": 20_000 },
            ],
            "walk_ins": [{ "uid": "e", "id": stranger, "name": "Sam", "age": 3 },
                         { "uid": "f", "id": kwame, "name": "", "age": 3 }],
            "removed": [{ "uid": "g", "id": leila }],
        }),
    )
    .await;
    let mut answered: Vec<_> = answer["answered"].as_array().expect("a list").iter().collect();
    answered.sort_by_key(ToString::to_string);
    assert_eq!(json!(answered), json!(["a", "b", "c", "d", "e", "f", "g"]));
    assert_eq!(here(&answer), [kwame.as_str()]);
    let refused = answer["refused"].as_array().expect("a list");
    let why = |uid: &str| {
        let one = refused.iter().find(|one| one["uid"] == uid).expect("a refusal");
        (one["name"].as_str().unwrap_or_default(), one["why"].as_str().unwrap_or_default())
    };
    assert_eq!(refused.len(), 4, "{answer}");
    assert_eq!(why("b").0, "Zed Came Instead");
    assert!(why("b").1.contains("this place is for Leila Haddad now"), "{answer}");
    assert!(why("c").1.contains("not on the list"), "{answer}");
    assert!(why("d").1.contains("Check-in opens"), "{answer}");
    assert!(why("f").1.contains("type it anew"), "{answer}");
}

async fn certificates_are_ready_when_the_day_is_closed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (browser, _, places) = evening(&turnout).await;
    let letters = turnout.letters().await;
    let hers = letters.iter().filter(|one| one.to.contains("kwame"));
    let mut links = hers.flat_map(|one| one.text.split("https://turnout.example"));
    let link = links.find(|rest| rest.starts_with("/p/")).expect("a private link");
    let link = link.split_whitespace().next().expect("its end").to_owned();
    turnout.clock.advance(Duration::minutes(30));
    tap(&browser, format!("in={}", places[0])).await;
    let certificate = format!("{link}/certificate");
    let status = async |path: &str| browser.get(path.to_owned()).dispatch().await.status();
    let all = "/trainer/sessions/S1/certificates.pdf";
    assert_eq!(status(&certificate).await, Status::NotFound);
    assert_eq!(status(all).await, Status::NotFound);
    close(&browser).await;
    assert_eq!(status(&certificate).await, Status::Ok, "an hour before the day was to end");
    assert_eq!(status(all).await, Status::Ok);
    assert!(page(&browser, &link).await.contains("Your certificate of attendance"));
    assert!(page(&browser, "/trainer/sessions/S1/roster").await.contains("Certificates (PDF)"));
}
