//! Who may find a session: everybody, whoever has its address, or whom an organiser books.

use std::collections::BTreeSet;

use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{admission::Admission, audit::Actor, occupancy::TeamPolicy, staff::Role},
};

use crate::support::{TestTurnout, browser::page, form::Form, plan::request};

on_both_databases!(
    what_is_not_public_stands_in_no_public_answer,
    an_unlisted_session_is_booked_by_its_address,
    a_closed_session_is_there_for_nobody_but_those_with_a_place,
    an_organiser_says_who_can_find_it,
);

async fn with_all_three(turnout: TestTurnout) -> TestTurnout {
    let turnout = turnout.season().await;
    turnout.plan("P001", "first", 9, |_| {}).await;
    turnout.plan("U001", "first", 9, |one| one.admission = Admission::Unlisted).await;
    turnout.plan("N001", "first", 9, |one| one.admission = Admission::Closed).await;
    turnout
}

/// Where a visitor begins: pages with lists, and what machines read.
const BEGINNINGS: &[&str] = &[
    "/",
    "/?q=course",
    "/?q=U001",
    "/?q=N001",
    "/?near=oxford",
    "/?campaign=leadership",
    "/?month=2027-01",
    "/?format=in-person",
    "/alliances/oxford",
    "/courses/first",
    "/calendars",
    "/help",
    "/feeds/new.atom",
    "/embed/alliances/oxford",
    "/embed/alliances/oxford/next",
    "/api/v1/sessions",
    "/api/v1/sessions?q=U001",
    "/api/v1/sessions?course=first",
    "/robots.txt",
];

/// Every address in an answer that begins with ours.
fn addresses(text: &str) -> BTreeSet<String> {
    let ours =
        text.replace("https://turnout.example/", "/").replace("webcal://turnout.example/", "/");
    let ours = ours.replace("&#38;", "&");
    let starts = ours.match_indices("\"/").map(|(at, _)| &ours[at + 1..]);
    starts.filter_map(|rest| Some(rest.split_once('"')?.0.split('#').next()?.to_owned())).collect()
}

/// All that a visitor reaches from the beginnings: addresses with their answers.
async fn walked(browser: &Client) -> Vec<(String, String)> {
    let mut open: Vec<String> = BEGINNINGS.iter().map(|one| (*one).to_owned()).collect();
    let (mut known, mut answers) = (BTreeSet::new(), Vec::new());
    while let Some(path) = open.pop() {
        let is_more = !path.starts_with("/static") && known.len() < 400;
        if !is_more || !known.insert(path.clone()) {
            continue;
        }
        let answer = browser.get(path.clone()).dispatch().await;
        let text = match answer.into_bytes().await {
            Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            None => String::new(),
        };
        open.extend(addresses(&text));
        answers.push((path, text));
    }
    answers
}

async fn what_is_not_public_stands_in_no_public_answer(turnout: TestTurnout) {
    let turnout = with_all_three(turnout).await;
    let browser = turnout.browser().await;
    let answers = walked(&browser).await;
    let met = |path: &str| answers.iter().any(|(at, text)| at == path && !text.is_empty());
    for path in ["/sessions/P001", "/sessions/P001.ics", "/sessions/P001/register"] {
        assert!(
            met(path),
            "{path} is not walked: {:?}",
            answers.iter().map(|one| &one.0).collect::<Vec<_>>()
        );
    }
    assert!(answers.iter().any(|(path, _)| path.ends_with("feed.ics") || path.contains(".ics")));
    for (path, text) in &answers {
        // A search says again what was searched for.
        let said = text.replace("value=\"U001\"", "").replace("value=\"N001\"", "");
        let asks = path.contains("q=");
        assert!(
            !said.contains("/sessions/U001") && (asks || !said.contains("U001")),
            "{path}: {said}"
        );
        assert!(
            !said.contains("/sessions/N001") && (asks || !said.contains("N001")),
            "{path}: {said}"
        );
    }
}

async fn an_unlisted_session_is_booked_by_its_address(turnout: TestTurnout) {
    let turnout = with_all_three(turnout).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/sessions/U001").await;
    assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{html}");
    assert!(!page(&browser, "/sessions/P001").await.contains("noindex"));
    for path in ["/sessions/U001.ics", "/sessions/U001/register", "/api/v1/sessions/U001"] {
        assert_eq!(browser.get(path).dispatch().await.status(), Status::Ok, "{path}");
    }
    assert_eq!(booked_by_api(&browser, "U001").await, Status::Created);
}

async fn booked_by_api(browser: &Client, code: &str) -> Status {
    let body = r#"{"leader":{"name":"Ada Obi","email":"ada@example.org"},
        "institution":"I0001","places":[{"name":"Ben Ash"}]}"#;
    let request = browser.post(format!("/api/v1/sessions/{code}/registrations"));
    let request = request
        .header(ContentType::JSON)
        .header(Header::new("Idempotency-Key", code.to_owned() + "-is-booked-once"));
    request.body(body).dispatch().await.status()
}

async fn a_closed_session_is_there_for_nobody_but_those_with_a_place(turnout: TestTurnout) {
    let turnout = with_all_three(turnout).await;
    let browser = turnout.browser().await;
    for path in [
        "/sessions/N001",
        "/sessions/N001.ics",
        "/sessions/N001/preview.png",
        "/sessions/N001/register",
        "/sessions/N001/waiting-list",
        "/embed/sessions/N001",
        "/oembed?url=https://turnout.example/sessions/N001",
        "/api/v1/sessions/N001",
    ] {
        assert_eq!(browser.get(path).dispatch().await.status(), Status::NotFound, "{path}");
    }
    assert_eq!(booked_by_api(&browser, "N001").await, Status::NotFound);
    let body = "places=1&self=yes&name=Ada+Obi&email=ada%40example.org&institution=none";
    let sent = browser.post("/sessions/N001/register").header(ContentType::Form).body(body);
    assert_eq!(sent.dispatch().await.status(), Status::NotFound);

    let login = turnout.account("office", Role::Organiser, &["oxford"]).await;
    let code = "N001".parse().expect("a code");
    let asked = request(&code, "Ada Obi", 1, TeamPolicy::Together);
    let booked = book_places(&turnout.ctx, &Actor::Staff(login), asked).await.expect("a booking");
    let letters = turnout.letters().await;
    assert!(!letters.is_empty());
    for letter in letters {
        assert!(letter.text.contains("Course first"), "{}", letter.text);
        assert!(!letter.text.contains("/sessions/N001"), "{}", letter.text);
        let calendar = String::from_utf8(letter.calendar.expect("a calendar")).expect("text");
        assert!(!calendar.contains("/sessions/N001"), "{calendar}");
    }
    let html = page(&browser, &format!("/r/{}", booked.token.secret())).await;
    assert!(html.contains("Ada Obi") && !html.contains("\"/sessions/N001\""), "{html}");
}

async fn an_organiser_says_who_can_find_it(turnout: TestTurnout) {
    let turnout = with_all_three(turnout).await;
    let office = turnout.account("office", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&office).await;
    let stranger = turnout.browser().await;
    let lists = async || page(&stranger, "/?alliance=oxford").await.contains("/sessions/P001");
    assert!(lists().await);
    let form = Form::open(&office, "/office/sessions/P001/edit").await;
    assert_eq!(form.value("admission"), "public");
    let (status, said) = form.with("admission", "everyone").send(&office).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("Choose who can find it"), "{said}");
    let form = Form::open(&office, "/office/sessions/P001/edit").await;
    let (status, said) = form.with("admission", "unlisted").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{said}");
    assert!(!lists().await);
    // A form that does not ask leaves it as it is.
    let form = Form::open(&office, "/office/sessions/P001/edit").await.without("admission");
    assert_eq!(form.with("note", "Bring a pen").send(&office).await.0, Status::SeeOther);
    let code = "P001".parse().expect("a code");
    assert_eq!(turnout.session(&code).await.admission, Admission::Unlisted);
}
