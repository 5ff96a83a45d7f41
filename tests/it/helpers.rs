//! A helper at the door, with a link for one day and without an account: she checks people in, and learns nothing
//! else.

use chrono::Duration;
use rocket::{
    http::{ContentType, Method, Status},
    local::asynchronous::Client,
};
use serde_json::{Value, json};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor, id::PlaceId, occupancy::TeamPolicy::Together, session::Trainer, staff::Role,
        text::Need,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    a_helper_checks_people_in_and_sees_names_alone,
    a_link_is_good_on_its_day_and_until_it_is_ended,
    people_without_a_booking_are_added_only_where_that_was_said,
    a_device_without_signal_sends_what_it_took,
    no_other_route_opens_to_a_helpers_link,
    a_roster_is_told_by_institution_on_paper_and_in_files,
);

/// Ada, with needs and a telephone, and Ben, on a session that a trainer leads four weeks from now.
async fn evening(turnout: &TestTurnout) -> (Client, [PlaceId; 2]) {
    let login = turnout.account("tom", Role::Trainer, &[]).await;
    let lead = Trainer { login: login.clone(), name: "Tom".to_owned() };
    let code = turnout.plan("S1", "first", 10, |session| session.trainers = vec![lead]).await;
    let mut asked = request(&code, "Ada Obi", 2, Together);
    asked.leader.phone = "07700 900106".parse().ok();
    asked.attendees[1] = Some(attendee("Ben Low"));
    let ada = asked.attendees[0].as_mut().expect("Ada");
    ada.access = Need::parse_optional("Wheelchair").ok().flatten();
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let places = booked.registration.places.iter().map(|one| one.id).collect::<Vec<_>>();
    (turnout.signed_in(&login).await, [places[0], places[1]])
}

/// The link that a trainer makes.
async fn link(trainer: &Client, body: &str) -> String {
    let (status, made) = post(trainer, "/trainer/sessions/S1/helpers", body).await;
    assert_eq!(status, Status::Ok, "{made}");
    assert!(made.contains("<svg"), "a code to show");
    let (_, rest) = made.split_once("https://turnout.example/helper/").expect("a link");
    format!("/helper/{}", &rest[..26])
}

async fn a_helper_checks_people_in_and_sees_names_alone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (trainer, [ada, _]) = evening(&turnout).await;
    let path = link(&trainer, "day=1").await;
    turnout.clock.advance(Duration::days(28));
    let helper = turnout.browser().await;
    let answer = helper.get(path.clone()).dispatch().await;
    assert_eq!(answer.headers().get_one("Referrer-Policy"), Some("no-referrer"));
    assert_eq!(answer.headers().get_one("Cache-Control"), Some("no-store"));
    let door = answer.into_string().await.expect("a page");
    assert!(door.contains("Ada Obi") && door.contains("Ben Low"), "{door}");
    for hidden in ["Wheelchair", "7700", "ada.obi@", "Close the day", "/trainer/sessions"] {
        assert!(!door.contains(hidden), "{hidden} in {door}");
    }
    let (status, to) = post(&helper, &path, &format!("in={ada}")).await;
    assert_eq!((status, to.starts_with(&path)), (Status::SeeOther, true), "{to}");
    assert!(page(&helper, &to).await.contains("Ada Obi is checked in"));
    turnout.clock.advance(Duration::minutes(1));
    assert_eq!(post(&helper, &path, &format!("undo={ada}")).await.0, Status::SeeOther);
    assert!(page(&helper, &path).await.contains("missing-count\">2<"));
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let log = page(&turnout.signed_in(&office).await, "/office/audit").await;
    assert!(log.contains("Helper\u{2019}s link made by tom"), "{log}");
    assert!(log.contains("Helper link made") && log.contains("Checked in"), "{log}");
}

async fn a_link_is_good_on_its_day_and_until_it_is_ended(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (trainer, [ada, _]) = evening(&turnout).await;
    let path = link(&trainer, "").await;
    turnout.clock.advance(Duration::minutes(1));
    let other = link(&trainer, "").await;
    let helper = turnout.browser().await;
    let early = page(&helper, &path).await;
    assert!(early.contains("This link is for") && !early.contains("Ada Obi"), "{early}");
    assert!(!page_of(&post(&helper, &path, &format!("in={ada}")).await).contains("checked in"));
    let roster = page(&trainer, "/trainer/sessions/S1/roster").await;
    assert_eq!(roster.matches("Made by tom").count(), 2, "{roster}");
    let end = roster.split("action=\"").filter_map(|rest| rest.split('"').next());
    let end = end.filter(|action| action.ends_with("/end")).last().expect("a way to end it");
    turnout.clock.advance(Duration::days(28));
    assert!(page(&helper, &other).await.contains("Ada Obi"));
    let login = "tom".parse().expect("a login");
    let trainer = turnout.signed_in(&login).await;
    assert_eq!(post(&trainer, end, "").await.0, Status::SeeOther);
    assert_eq!(helper.get(other.clone()).dispatch().await.status(), Status::Gone);
    assert_eq!(post(&helper, &other, &format!("in={ada}")).await.0, Status::Gone);
    assert!(page(&helper, &path).await.contains("Ada Obi"), "the first goes on");
    turnout.clock.advance(Duration::days(1));
    assert_eq!(helper.get(path.clone()).dispatch().await.status(), Status::Gone);
    turnout.clock.advance(Duration::days(100));
    turnout.is_sound().await;
    assert_eq!(helper.get(path).dispatch().await.status(), Status::NotFound, "it is forgotten");
}

fn page_of(answer: &(Status, String)) -> &str {
    &answer.1
}

async fn people_without_a_booking_are_added_only_where_that_was_said(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (trainer, _) = evening(&turnout).await;
    let without = link(&trainer, "").await;
    let with = link(&trainer, "walk_ins=1").await;
    turnout.clock.advance(Duration::days(28));
    let helper = turnout.browser().await;
    assert!(!page(&helper, &without).await.contains("add-form"));
    let (status, refused) = post(&helper, &without, "add=1&name=Sam+Walk").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(refused.contains("added by the trainers"), "{refused}");
    let form = page(&helper, &with).await;
    assert!(form.contains("add-form") && !form.contains("type=\"email\""), "{form}");
    let (status, to) = post(&helper, &with, "add=1&name=Sam+Walk").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert!(page(&helper, &to).await.contains("Sam Walk is checked in"));
}

async fn a_device_without_signal_sends_what_it_took(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (trainer, [ada, ben]) = evening(&turnout).await;
    let path = link(&trainer, "").await;
    turnout.clock.advance(Duration::days(28));
    let helper = turnout.browser().await;
    assert!(page(&helper, &path).await.contains("data-worker=\"/helper/door-worker.js\""));
    assert_eq!(helper.get("/helper/door-worker.js").dispatch().await.status(), Status::Ok);
    let bundle = json!({
        "marks": [
            { "place": ada.to_string(), "here": true, "age": 60, "uid": "1" },
            { "place": ben.to_string(), "here": true, "age": 30, "uid": "2" },
        ],
        "walk_ins": [{ "id": "3f333df6-90a4-4fda-8dd3-9485d27cee36", "name": "Sam", "age": 5 }],
    });
    let request = helper.post(format!("{path}/sync")).header(ContentType::JSON);
    let answer = request.body(bundle.to_string()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    let text = answer.into_string().await.expect("a body");
    let standing: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(standing["here"].as_array().map(Vec::len), Some(2), "{standing}");
    assert!(standing["refused"].to_string().contains("added by the trainers"), "{standing}");
}

async fn no_other_route_opens_to_a_helpers_link(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (trainer, _) = evening(&turnout).await;
    let path = link(&trainer, "walk_ins=1").await;
    let token = path.rsplit('/').next().expect("a token").to_owned();
    turnout.clock.advance(Duration::days(28));
    let helper = turnout.browser().await;
    assert!(page(&helper, &path).await.contains("Ada Obi"));
    let mut asked = 0;
    for route in helper.rocket().routes() {
        let uri = route.uri.path();
        let behind = ["/office", "/trainer", "/account"].iter().any(|start| uri.starts_with(start));
        let by_token = uri.contains("<token>") && !uri.starts_with("/helper/");
        if !(behind || by_token) || !matches!(route.method, Method::Get | Method::Post) {
            continue;
        }
        asked += 1;
        let path = uri.replace("<token>", &token).replace("<code>", "S1").replace("<number>", "1");
        let path: Vec<_> =
            path.split('/')
                .map(|part| {
                    if part.starts_with('<') {
                        "01890a5d-ac96-774b-bcce-b302099a8057"
                    } else {
                        part
                    }
                })
                .collect();
        let path = path.join("/");
        let mut request = helper.req(route.method, path.clone());
        if uri.ends_with("/sync") {
            request = request.header(ContentType::JSON).body("{}");
        }
        let answer = request.dispatch().await;
        let (status, there) = (answer.status(), answer.headers().get_one("Location"));
        let sent_away = status == Status::SeeOther && there == Some("/sign-in");
        let refused = status.code >= 400 && status.code < 500;
        let there = there.unwrap_or_default().to_owned();
        let body = answer.into_string().await.unwrap_or_default();
        assert!(
            sent_away || refused || !body.contains("Ada Obi"),
            "{} {path}: {status}",
            route.method
        );
        assert!(!behind || sent_away || refused, "{} {path}: {status} {there}", route.method);
    }
    assert!(asked > 100, "{asked}");
}

async fn a_roster_is_told_by_institution_on_paper_and_in_files(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    for (who, number) in [("Ada Obi", 2), ("Ben Low", 1), ("Cy Dunn", 2)] {
        let mut asked = request(&code, who, 1, Together);
        asked.sender = crate::support::plan::sender(number);
        let one = asked.attendees[0].as_mut().expect("somebody");
        one.dietary = Need::parse_optional("Peanuts").ok().flatten().filter(|_| number == 2);
        one.ticks.allergy = number == 2;
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
    let office = turnout.signed_in(&login).await;
    let order = |text: &str| {
        let at = |name: &str| text.find(name).unwrap_or(usize::MAX);
        let mut names = ["Ada Obi", "Ben Low", "Cy Dunn"];
        names.sort_by_key(|name| at(name));
        names
    };
    let roster = "/trainer/sessions/S1/roster";
    let sheet = page(&office, &format!("{roster}?sort=institution")).await;
    let table = sheet.split("<tbody").nth(1).expect("a table").to_owned();
    assert_eq!(order(&table), ["Ben Low", "Ada Obi", "Cy Dunn"]);
    assert_eq!(sheet.matches("scope=\"rowgroup\"").count(), 2, "{sheet}");
    assert!(sheet.contains(&format!("{roster}.csv?sort=institution")), "{sheet}");
    assert!(sheet.contains("/office/sessions/S1/message"), "{sheet}");
    let csv = page(&office, &format!("{roster}.csv?sort=institution")).await;
    assert_eq!(order(&csv), ["Ben Low", "Ada Obi", "Cy Dunn"]);
    assert_eq!(
        order(&page(&office, &format!("{roster}.csv")).await),
        ["Ada Obi", "Ben Low", "Cy Dunn"]
    );
    let kitchen = page(&office, "/trainer/sessions/S1/kitchen").await;
    assert!(
        kitchen.contains("Allergies by institution") && kitchen.contains("2 Peanuts"),
        "{kitchen}"
    );
    assert!(!kitchen.contains("Ada Obi"), "{kitchen}");
}
