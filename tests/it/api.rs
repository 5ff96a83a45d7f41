//! The API, through HTTP; every answer is checked against the document that describes it.

use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::{Client, LocalResponse},
};
use serde_json::{Value, json};
use turnout::{
    domain::{series::InSeries, session::Session},
    web::api::OPENAPI,
};

use crate::support::{TestTurnout, web::client};

/// An answer, read and found to be as documented.
struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    async fn read(template: &str, method: &str, answer: LocalResponse<'_>) -> Self {
        let status = answer.status().code;
        let kind = answer.content_type().expect("a content type").to_string();
        let body = answer.into_string().await.expect("a body");
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let document: Value = serde_json::from_str(OPENAPI).expect("a document");
        let media = kind.split(';').next().unwrap_or_default().trim().replace('/', "~1");
        let pointer = format!(
            "/paths/{}/{method}/responses/{status}/content/{media}/schema",
            template.replace('/', "~1")
        );
        let schema = document.pointer(&pointer).unwrap_or_else(|| panic!("no {pointer}")).clone();
        let mut whole = schema;
        whole["components"] = document["components"].clone();
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        let faults: Vec<_> = validator.iter_errors(&body).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{method} {template} {status}: {faults:?}\n{body}");
        Self { status, body }
    }

    fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().expect("a type");
        kind.rsplit('/').next().expect("a kind")
    }

    fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().expect("errors");
        errors.iter().map(|error| error["pointer"].as_str().expect("a pointer")).collect()
    }
}

struct Api {
    turnout: TestTurnout,
    client: Client,
}

impl Api {
    async fn with(turnout: TestTurnout, capacity: u32, change: impl FnOnce(&mut Session)) -> Self {
        let turnout = turnout.season().await;
        turnout.plan("S1", "first", capacity, change).await;
        let client = client(&turnout).await;
        Self { turnout, client }
    }

    async fn get(&self, template: &str, uri: &str) -> Answer {
        Answer::read(template, "get", self.client.get(uri).dispatch().await).await
    }

    async fn post(&self, code: &str, body: impl ToString, key: Option<&str>) -> Answer {
        let uri = format!("/api/v1/sessions/{code}/registrations");
        let mut request = self.client.post(uri).header(ContentType::JSON);
        if let Some(key) = key {
            request.add_header(Header::new("Idempotency-Key", key.to_owned()));
        }
        let answer = request.body(body.to_string()).dispatch().await;
        Answer::read("/api/v1/sessions/{code}/registrations", "post", answer).await
    }
}

fn ruth(places: usize) -> Value {
    let others = (1..places).map(|_| json!({}));
    let places: Vec<Value> = std::iter::once(json!({"name": "Ruth Okafor", "same_person": "no"}))
        .chain(others)
        .collect();
    json!({
        "leader": {"name": "Ruth Okafor", "email": "ruth@example.org"},
        "institution": "I0001",
        "places": places,
    })
}

async fn sessions_are_listed_and_read_without_the_online_room(turnout: TestTurnout) {
    let room = "https://video.example/secret-room";
    let api = Api::with(turnout, 5, |session| {
        session.location = turnout::domain::location::Location::Online { room: room.to_owned() };
    })
    .await;
    let list = api.get("/api/v1/sessions", "/api/v1/sessions").await;
    assert_eq!(list.body["total"], 1);
    assert!(!list.body.to_string().contains("secret-room"));
    let none = api.get("/api/v1/sessions", "/api/v1/sessions?format=in-person").await;
    assert_eq!(none.body["total"], 0);
    let one = api.get("/api/v1/sessions/{code}", "/api/v1/sessions/S1").await;
    assert_eq!(one.body["status"], "open");
    assert_eq!(one.body["places_left"], 5);
    assert_eq!(one.body["sittings"][0]["starts_local"], "2027-01-30T10:00:00");
    let missing = api.get("/api/v1/sessions/{code}", "/api/v1/sessions/NONE").await;
    assert_eq!((missing.status, missing.problem()), (404, "not-found"));
}

async fn evenings_of_a_series_are_booked_in_one_request(turnout: TestTurnout) {
    let series = || {
        let id = "evenings".parse().expect("a series");
        Some(InSeries { id, bookable: Default::default() })
    };
    let api = Api::with(turnout, 3, |session| session.series = series()).await;
    api.turnout.plan("S2", "first", 1, |session| session.series = series()).await;
    let template = "/api/v1/series/{id}/registrations";
    let post = async |id: &str, body: Value| {
        let request = api.client.post(format!("/api/v1/series/{id}/registrations"));
        let request = request.header(ContentType::JSON);
        let request = request.header(Header::new("Idempotency-Key", "evenings-of-a-series"));
        Answer::read(template, "post", request.body(body.to_string()).dispatch().await).await
    };
    assert_eq!(post("nothing", ruth(2)).await.status, 404);
    let full = post("evenings", ruth(2)).await;
    assert_eq!((full.status, full.problem()), (409, "full"));
    let mut some = ruth(2);
    some["evenings"] = json!(["S1", "S9"]);
    assert_eq!(post("evenings", some.clone()).await.pointers(), ["/evenings"]);
    some["evenings"] = Value::Null;
    some["if_full"] = json!("maybe");
    assert_eq!(post("evenings", some.clone()).await.pointers(), ["/if_full"]);
    some["if_full"] = json!("room");
    let made = post("evenings", some.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["evenings"][0]["places"][1]["state"], "confirmed");
    assert_eq!(made.body["evenings"][1]["places"][1]["state"], "waiting");
    let again = post("evenings", some.clone()).await;
    assert_eq!(again.body["evenings"], made.body["evenings"], "twice is once");
    some["evenings"] = json!(["S1"]);
    let other = post("evenings", some).await;
    assert_eq!((other.status, other.problem()), (422, "key-reused"));
}

async fn a_team_is_booked_and_what_does_not_fit_waits(turnout: TestTurnout) {
    let api = Api::with(turnout, 3, |_| {}).await;
    let made = api.post("S1", ruth(2), None).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["places"][0]["state"], "confirmed");
    assert_eq!(made.body["places"][0]["name"], "Ruth Okafor");
    let link = made.body["manage_url"].as_str().expect("a link");
    let path = link.strip_prefix("https://turnout.example").expect("our own");
    assert_eq!(api.client.get(path).dispatch().await.status(), Status::Ok);
    let mut some = ruth(2);
    some["team"] = json!("as-many-as-possible");
    let made = api.post("S1", some, None).await;
    assert_eq!(made.body["places"][0]["state"], "confirmed");
    assert_eq!(made.body["places"][1]["state"], "waiting");
    assert_eq!(made.body["places"][1]["position"], 1);
    assert!(made.body["places"][0].get("position").is_none());
    assert!(api.turnout.subjects().await.iter().any(|subject| subject.contains("You're booked")));
}

async fn the_same_key_is_the_same_registration(turnout: TestTurnout) {
    let api = Api::with(turnout, 9, |_| {}).await;
    let key = "8e03978e-40d5-43dd-bc93-6894a57f9324";
    let one = api.post("S1", ruth(2), Some(key)).await;
    let two = api.post("S1", ruth(2), Some(&format!("\"{key}\""))).await;
    assert_eq!((one.status, two.status), (201, 201));
    assert_eq!(one.body["reference"], two.body["reference"]);
    let other = api.post("S1", ruth(3), Some(key)).await;
    assert_eq!((other.status, other.problem()), (422, "key-reused"));
    let guessable = api.post("S1", ruth(1), Some("1")).await;
    assert_eq!((guessable.status, guessable.problem()), (422, "invalid-fields"));
    let code = "S1".parse().expect("a code");
    assert_eq!(api.turnout.session(&code).await.occupancy.occupied, 2);
}

async fn what_cannot_be_used_is_named_by_pointer_and_nothing_is_booked(turnout: TestTurnout) {
    let api = Api::with(turnout, 9, |_| {}).await;
    let bad = json!({
        "leader": {"name": "a\u{202E}b", "email": "no address"},
        "institution": "NONE",
        "team": "whatever",
        "places": [{"name": "x".repeat(10_000)}, {"email": "a@example.org"}],
    });
    let answer = api.post("S1", bad, None).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-fields"));
    let expected = [
        "/leader/name",
        "/leader/email",
        "/institution",
        "/team",
        "/places/0/name",
        "/places/1/name",
    ];
    assert_eq!(answer.pointers(), expected);
    for (body, pointer) in [
        (json!({"leader": {"name": 7}, "places": [{}]}), "/leader/name"),
        (json!({"leader": {"name": "A"}, "places": [{}]}), "/leader"),
        (json!({"leader": {"name": "A", "phone": "07700 900117"}, "places": []}), "/places"),
        (json!({"leader": {"name": "A", "phone": "1"}, "places": [{"x": 1}]}), "/places/0/x"),
        (ruth(21), "/places"),
    ] {
        let answer = api.post("S1", &body, None).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.pointers(), [pointer], "{body}");
    }
    let malformed = api.post("S1", "{\"leader\":", None).await;
    assert_eq!((malformed.status, malformed.problem()), (400, "malformed-json"));
    let long = api.post("S1", "x".repeat(5 << 20), None).await;
    assert_eq!((long.status, long.problem()), (413, "too-long"));
    let code = "S1".parse().expect("a code");
    assert_eq!(api.turnout.session(&code).await.occupancy.occupied, 0);
}

async fn a_session_that_cannot_be_booked_says_why(turnout: TestTurnout) {
    let api = Api::with(turnout, 1, |session| session.waiting_list = false).await;
    api.post("S1", ruth(1), None).await;
    let full = api.post("S1", ruth(1), None).await;
    assert_eq!((full.status, full.problem()), (409, "full"));
    let turnout = &api.turnout;
    turnout
        .plan("S2", "first", 5, |session| {
            session.booking_opens = session.starts_at().map(|at| at - chrono::Duration::days(2));
        })
        .await;
    let early = api.post("S2", ruth(1), None).await;
    assert_eq!((early.status, early.problem()), (409, "not-yet-open"));
    turnout
        .plan("S3", "first", 5, |session| {
            let (at, reason) = (crate::support::start(), "The hall flooded".to_owned());
            session.publication = turnout::domain::session::Publication::Cancelled { at, reason };
        })
        .await;
    let off = api.post("S3", ruth(1), None).await;
    assert_eq!((off.status, off.problem()), (409, "cancelled"));
    turnout.plan("S4", "second", 5, |_| {}).await;
    let unprepared = api.post("S4", ruth(1), None).await;
    assert_eq!(unprepared.pointers(), ["/nomination"]);
    let mut nominated = ruth(1);
    nominated["nomination"] = json!("She led an action in 2019");
    let asked = api.post("S4", nominated, None).await;
    assert_eq!(asked.body["places"][0]["state"], "requested");
    turnout.clock.advance(chrono::Duration::days(28));
    let late = api.post("S1", ruth(1), None).await;
    assert_eq!((late.status, late.problem()), (409, "closed"));
}

#[tokio::test]
async fn every_route_of_the_api_is_documented_and_every_documented_one_exists() {
    let turnout = TestTurnout::on_sqlite().await;
    let client = client(&turnout).await;
    let mut mounted: Vec<String> = client
        .rocket()
        .routes()
        .filter(|route| route.uri.path().starts_with("/api/v1"))
        .map(|route| {
            let path = route.uri.path().replace('<', "{").replace('>', "}");
            let method = if route.method == Method::Get { "get" } else { "post" };
            format!("{method} {path}")
        })
        .collect();
    let document: Value = serde_json::from_str(OPENAPI).expect("a document");
    let mut documented = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("an item").keys().filter(|key| *key != "parameters") {
            documented.push(format!("{method} {path}"));
        }
    }
    mounted.sort();
    documented.sort();
    assert_eq!(mounted, documented);
    let served = client.get("/api/v1/openapi.json").dispatch().await;
    let served = served.into_string().await.expect("a body");
    assert_eq!(serde_json::from_str::<Value>(&served).expect("JSON"), document);
}

on_both_databases!(
    sessions_are_listed_and_read_without_the_online_room,
    a_team_is_booked_and_what_does_not_fit_waits,
    evenings_of_a_series_are_booked_in_one_request,
    the_same_key_is_the_same_registration,
    what_cannot_be_used_is_named_by_pointer_and_nothing_is_booked,
    a_session_that_cannot_be_booked_says_why,
);
