//! What strangers can try.

use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::Client,
};
use turnout::cli::import;

use crate::support::{TestTurnout, web::client};

async fn with_sample() -> (TestTurnout, Client) {
    let turnout = TestTurnout::on_sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    import::sample::write_sample(folder.path()).expect("the sample");
    import::import(&turnout.ctx, folder.path(), 0).await.expect("an import");
    let client = client(&turnout).await;
    (turnout, client)
}

/// A path of a route with something well-formed in each place.
fn path(uri: &str) -> String {
    let path = uri.split_once('?').map_or(uri, |(path, _)| path);
    path.replace("<token>", &"0".repeat(26))
        .replace("<reference>", "RM7K-4TQ2")
        .replace("<alliance>", "oxford")
        .replace("<letter>", "invite")
        .replace("<code>", "S001")
        .replace("<login>", "ruth.okafor")
        .replace("<id>", "01890a5d-ac96-774b-bcce-b302099a8057")
        .replace("<record>", "01890a5d-ac96-774b-bcce-b302099a8057")
        .replace("<question>", "Q0001")
        .replace("<number>", "1")
        .replace("<slug>", "oxford.ics")
}

#[tokio::test]
async fn every_route_that_changes_something_refuses_other_sites() {
    let (_turnout, client) = with_sample().await;
    let routes: Vec<_> = client
        .rocket()
        .routes()
        .filter(|route| route.method != Method::Get)
        .map(|route| (route.method, path(&route.uri.to_string())))
        .collect();
    assert!(routes.len() > 10, "{routes:?}");
    for (method, uri) in routes {
        for header in [
            Header::new("Sec-Fetch-Site", "cross-site"),
            Header::new("Sec-Fetch-Site", "same-site"),
            Header::new("Origin", "https://elsewhere.example"),
        ] {
            let request = client.req(method, uri.clone()).header(header.clone());
            let request = request.header(Header::new("Host", "turnout.example"));
            let answer = request.dispatch().await;
            assert_eq!(answer.status(), Status::Forbidden, "{method} {uri} {header}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_the_page_that_says_it_cannot_be_found() {
    let (_turnout, client) = with_sample().await;
    let unknown = "0".repeat(26);
    for uri in [
        "/nowhere".to_owned(),
        "/sessions/NONE".to_owned(),
        "/sessions/%F0%9F%92%A9".to_owned(),
        "/sessions/..%2F..%2Fetc".to_owned(),
        "/r/short".to_owned(),
        format!("/r/{unknown}"),
        format!("/r/{unknown}/booked"),
        format!("/r/{unknown}/places/x"),
        format!("/p/{unknown}"),
        "/feeds/alliances/none.ics".to_owned(),
        "/feeds/courses/two-day".to_owned(),
        "/mailbox".to_owned(),
        "/static/..%2fCargo.toml".to_owned(),
    ] {
        let answer = client.get(&uri).dispatch().await;
        assert_eq!(answer.status(), Status::NotFound, "{uri}");
        let page = answer.into_string().await.unwrap_or_default();
        assert!(page.contains("We cannot find that page"), "{uri}");
    }
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_finds_no_page() {
    let (_turnout, client) = with_sample().await;
    for asked in ["month=2027-99", "format=x", "alliance=%00", "page=-3"] {
        let answer = client.get(format!("/?{asked}")).dispatch().await;
        assert_eq!(answer.status(), Status::NotFound, "{asked}");
    }
    let answer = client.get("/?q=&month=&alliance=").dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "what is empty asks for nothing");
    assert!(answer.into_string().await.unwrap_or_default().contains("30 sessions"));
}

#[tokio::test]
async fn a_form_of_five_megabytes_is_refused_with_a_sentence() {
    let (_turnout, client) = with_sample().await;
    let answer = client.post("/lost-link").body("x".repeat(5 << 20)).dispatch().await;
    assert_eq!(answer.status(), Status::PayloadTooLarge);
    assert!(answer.into_string().await.unwrap_or_default().contains("That was too long"));
}

#[tokio::test]
async fn every_page_carries_the_policy_and_private_ones_are_never_kept() {
    let (_turnout, client) = with_sample().await;
    for uri in ["/", "/sessions/S001", "/nowhere", "/static/app.css"] {
        let answer = client.get(uri).dispatch().await;
        let policy = answer.headers().get_one("Content-Security-Policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{uri}");
    }
    let answer = client.get("/sign-in").dispatch().await;
    assert_eq!(answer.headers().get_one("Cache-Control"), Some("no-store"));
    assert_eq!(answer.headers().get_one("Referrer-Policy"), Some("no-referrer"));
}

#[tokio::test]
async fn wrong_answers_come_back_with_what_was_typed() {
    let (_turnout, client) = with_sample().await;
    let form = "places=7&self=yes&name=%E2%80%AEx&email=kwame.example.org&tel=1&institution=";
    let answer = client
        .post("/sessions/S009/register")
        .header(rocket::http::ContentType::Form)
        .body(form)
        .dispatch()
        .await;
    assert_eq!(answer.status(), Status::UnprocessableEntity);
    let page = answer.into_string().await.unwrap_or_default();
    for words in [
        "Choose how many places you need, from 1 to 6",
        "Use ordinary letters and signs for your name",
        "It should look like name@example.org",
        "Check your mobile number",
        "Choose your institution, or type its name",
        "kwame.example.org",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_form_from_the_site_itself_passes_a_proxy_that_rewrites_the_host() {
    let (turnout, client) = with_sample().await;
    for (origin, status) in [
        (turnout.ctx.letterhead.base_url.as_str(), Status::Ok),
        ("http://127.0.0.1:8000", Status::Ok),
        ("http://turnout.example", Status::Forbidden),
        ("https://turnout.example.evil.example", Status::Forbidden),
        ("null", Status::Forbidden),
    ] {
        let request = client.post("/lost-link").header(ContentType::Form);
        let request = request.header(Header::new("Origin", origin.to_owned()));
        let request = request.header(Header::new("Host", "127.0.0.1:8000"));
        let answer = request.body("email=nobody@example.org").dispatch().await;
        assert_eq!(answer.status(), status, "{origin}");
    }
}
