//! Who may find a session: everybody, whoever has its address, or whom an organiser books.

use std::collections::BTreeSet;

use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        admission::Admission, audit::Actor, location::Location, occupancy::TeamPolicy,
        session::Session, staff::Role,
    },
};

use crate::support::{TestTurnout, browser::page, form::Form, plan::request};

on_both_databases!(
    what_is_not_public_stands_in_no_public_answer,
    an_unlisted_session_is_booked_by_its_address,
    a_closed_session_is_there_for_nobody_but_those_with_a_place,
    an_organiser_says_who_can_find_it,
);

/// The sessions, each with a word that stands in its note, its hall and the name of its day, and nowhere else.
const ALL_THREE: [(&str, &str, Admission); 3] = [
    ("P001", "crimson", Admission::Public),
    ("U001", "violet", Admission::Unlisted),
    ("N001", "amber", Admission::Closed),
];

async fn with_all_three(turnout: TestTurnout) -> TestTurnout {
    let turnout = turnout.season().await;
    for (code, word, admission) in ALL_THREE {
        let marked = |one: &mut Session| {
            one.admission = admission;
            one.note = Some(format!("Bring the {word} book"));
            let name = format!("The {word} hall");
            one.location = Location::Venue { name, address: format!("1 {word} Lane") };
        };
        turnout.plan(code, "first", 9, marked).await;
    }
    turnout
}

/// Where a visitor begins: pages with lists, and what machines read.
const BEGINNINGS: &[&str] = &[
    "/",
    "/?q=course",
    "/?q=U001",
    "/?q=N001",
    "/?q=crim",
    "/?q=viol",
    "/?q=ambe",
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
    "/api/v1/sessions?q=viol",
    "/api/v1/sessions?q=hall",
    "/api/v1/sessions?alliance=oxford",
    "/api/v1/sessions?month=2027-01",
    "/api/v1/openapi.json",
    "/oembed?url=https://turnout.example/alliances/oxford",
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

/// Every address that is read without a secret, about what is public and where there is no such thing.
fn routed(browser: &Client) -> Vec<String> {
    let choices = |part: &str| match part {
        "<code>" => vec!["P001", "P001.ics", "NONE"],
        "<path..>" => vec!["app.css"],
        _ if part.starts_with('<') => vec!["oxford", "first", "oxford.ics", "first.ics", "1"],
        _ => vec![],
    };
    let routes = browser.rocket().routes().filter(|route| route.method == Method::Get);
    let filled = routes.filter(|route| !route.uri.path().contains("<token>")).flat_map(|route| {
        route.uri.path().split('/').skip(1).fold(vec![String::new()], |begun, part| {
            let choices = choices(part);
            let choices = if choices.is_empty() { vec![part] } else { choices };
            let longer =
                |begun: &String| choices.iter().map(|one| format!("{begun}/{one}")).collect();
            begun.iter().flat_map::<Vec<_>, _>(longer).collect()
        })
    });
    filled.collect()
}

/// All that a visitor reaches from the beginnings: addresses with their answers.
async fn walked(browser: &Client) -> Vec<(String, String)> {
    let mut open = routed(browser);
    open.extend(BEGINNINGS.iter().map(|one| (*one).to_owned()));
    let (mut known, mut answers) = (BTreeSet::new(), Vec::new());
    while let Some(path) = open.pop() {
        let is_more = !path.starts_with("/static") && known.len() < 2000;
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
    // What is public is found everywhere where the others are looked for.
    for path in [
        "/",
        "/?q=crim",
        "/alliances/oxford",
        "/courses/first",
        "/feeds/all.ics",
        "/feeds/alliances/oxford.ics",
        "/feeds/courses/first.ics",
        "/feeds/new.atom",
        "/embed/alliances/oxford",
        "/embed/alliances/oxford/next",
        "/api/v1/sessions",
        "/api/v1/sessions?q=hall",
    ] {
        let found = answers.iter().any(|(at, text)| at == path && text.contains("crimson"));
        assert!(found, "{path} does not say what is public");
    }
    for (path, text) in &answers {
        for (code, word, _) in &ALL_THREE[1..] {
            // A search says again what was searched for.
            let says = text.contains(code) && !path.contains("q=");
            let says = says || text.contains(&format!("/sessions/{code}")) || text.contains(word);
            assert!(!says, "{path} tells of {code}: {text}");
        }
    }
}

async fn an_unlisted_session_is_booked_by_its_address(turnout: TestTurnout) {
    let turnout = with_all_three(turnout).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/sessions/U001").await;
    assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{html}");
    assert!(!page(&browser, "/sessions/P001").await.contains("noindex"));
    assert!(!html.contains("ld+json"), "{html}");
    for end in ["", ".ics", "/register", "/preview.png"] {
        is_read_and_not_listed(&browser, &format!("/sessions/{{}}{end}")).await;
    }
    is_read_and_not_listed(&browser, "/embed/sessions/{}").await;
    is_read_and_not_listed(&browser, "/api/v1/sessions/{}").await;
    let file = page(&browser, "/sessions/U001.ics").await;
    assert!(file.contains("The violet hall") && file.contains("/sessions/U001"), "{file}");
    assert_eq!(booked_by_api(&browser, "U001").await, Status::Created);
}

/// Whoever has the address of an unlisted session reads it, and no machine lists it; what is public may be listed.
async fn is_read_and_not_listed(browser: &Client, path: &str) {
    for (code, noindex) in [("U001", true), ("P001", path.contains("register"))] {
        let path = path.replace("{}", code);
        let answer = browser.get(path.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{path}");
        let said = answer.headers().get_one("X-Robots-Tag");
        assert_eq!(said == Some("noindex"), noindex, "{path}: {said:?}");
    }
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
