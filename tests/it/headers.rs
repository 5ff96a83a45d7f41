//! What every answer carries, whichever kind it is: a page, a file, a feed, the API, a failure.

use std::collections::BTreeSet;

use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::{Client, LocalResponse},
};
use turnout::domain::staff::Role;

use crate::support::{TestTurnout, server::Server, web::client};

/// What stands once in every answer.
const ONCE: [(&str, &str); 7] = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("Content-Security-Policy", ""),
    ("Referrer-Policy", ""),
];

fn carries_what_it_should(answer: &LocalResponse<'_>, what: &str) {
    let headers = answer.headers();
    // An embed may stand in a frame on any site; nothing else may.
    let is_framed = what.contains(" /embed/") && [200, 304].contains(&answer.status().code);
    for (name, value) in ONCE {
        if is_framed && name == "X-Frame-Options" {
            assert_eq!(headers.get_one(name), None, "{what}");
            continue;
        }
        let found: Vec<&str> = headers.get(name).collect();
        assert_eq!(found.len(), 1, "{what}: {name}: {found:?}");
        assert!(value.is_empty() || found == [value], "{what}: {name}: {found:?}");
    }
    let policy = headers.get_one("Content-Security-Policy").unwrap_or_default();
    let framed = if is_framed { "frame-ancestors *" } else { "frame-ancestors 'none'" };
    assert!(policy.contains(framed) && !policy.contains("unsafe"), "{what}");
    let kept: Vec<&str> = headers.get("Cache-Control").collect();
    assert_eq!(kept.len(), 1, "{what}: {kept:?}");
    if answer.status().code >= 400 {
        assert_eq!(kept, ["no-store"], "{what}: a failure is never kept");
    }
    assert_eq!(headers.get("X-Request-Id").count(), 1, "{what}");
    assert_eq!(headers.get_one("Server"), None, "{what}");
    assert_eq!(headers.get("Allow").count(), usize::from(answer.status().code == 405), "{what}");
}

async fn planned() -> (TestTurnout, Client) {
    let turnout = TestTurnout::on_sqlite().await.season().await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let login = turnout.account("ada.admin", Role::Administrator, &[]).await;
    let client = turnout.signed_in(&login).await;
    (turnout, client)
}

/// A path of a route, with something that may be there in each place.
fn path(pattern: &str) -> String {
    let part = |part: &str| match part {
        "<token>" => "0".repeat(26),
        "<code>" => "S1".to_owned(),
        "<login>" => "ada.admin".to_owned(),
        "<path..>" => "app.css".to_owned(),
        "<number>" => "1".to_owned(),
        "<reference>" => "RM7K-4TQ2".to_owned(),
        other if other.starts_with('<') => "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        other => other.to_owned(),
    };
    pattern.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_same_headers_once() {
    let (turnout, signed_in) = planned().await;
    let stranger = client(&turnout).await;
    let routes: BTreeSet<String> =
        stranger.rocket().routes().map(|route| path(route.uri.path())).collect();
    assert!(routes.len() > 100, "{}", routes.len());
    let mut statuses = BTreeSet::new();
    for path in &routes {
        for who in [&stranger, &signed_in] {
            for method in [Method::Get, Method::Head, Method::Post, Method::Delete] {
                let asked = who.req(method, path.clone()).header(ContentType::Form);
                let answer = asked.body("x=1").dispatch().await;
                carries_what_it_should(&answer, &format!("{method} {path}"));
                statuses.insert(answer.status().code);
            }
        }
    }
    for status in [200, 303, 401, 404, 405] {
        assert!(statuses.contains(&status) || status == 401, "{status} of {statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_what_was_not_changed() {
    let (turnout, _) = planned().await;
    let client = client(&turnout).await;
    for path in ["/", "/sessions/S1", "/static/app.css", "/feeds/all.ics", "/api/v1/sessions"] {
        let first = client.get(path).dispatch().await;
        let tag = first.headers().get_one("ETag").unwrap_or_else(|| panic!("{path}")).to_owned();
        let kept = first.headers().get_one("Cache-Control").map(str::to_owned);
        let again = client.get(path).header(Header::new("If-None-Match", tag)).dispatch().await;
        assert_eq!(again.status(), Status::NotModified, "{path}");
        carries_what_it_should(&again, path);
        assert_eq!(again.headers().get_one("Cache-Control"), kept.as_deref(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_is_told_the_right_ones() {
    let (turnout, _) = planned().await;
    let client = client(&turnout).await;
    let token = "0".repeat(26);
    for (method, path, allow) in [
        (Method::Post, "/".to_owned(), "GET, HEAD"),
        (Method::Delete, "/sessions/S1".to_owned(), "GET, HEAD"),
        (Method::Put, "/sign-in".to_owned(), "GET, HEAD, POST"),
        (Method::Post, format!("/r/{token}"), "GET, HEAD"),
        (Method::Post, "/static/app.css".to_owned(), "GET, HEAD"),
        (Method::Post, "/feeds/all.ics".to_owned(), "GET, HEAD"),
        (Method::Options, "/".to_owned(), "GET, HEAD"),
        (Method::Delete, "/api/v1/sessions".to_owned(), "GET, HEAD"),
        (Method::Get, "/api/v1/sessions/S1/registrations".to_owned(), "POST"),
    ] {
        let answer = client.req(method, path.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::MethodNotAllowed, "{method} {path}");
        assert_eq!(answer.headers().get_one("Allow"), Some(allow), "{method} {path}");
        carries_what_it_should(&answer, &path);
        let is_api = path.starts_with("/api/");
        let kind = answer.content_type().expect("a kind");
        assert_eq!(kind.is_html(), !is_api, "{path}: {kind}");
        let text = answer.into_string().await.unwrap_or_default();
        assert!(!is_api || text.contains("/problems/wrong-method"), "{text}");
    }
    for path in ["/nowhere", "/sessions/NONE/nothing", "/api/v1/nothing", "/metrics"] {
        let answer = client.post(path).dispatch().await;
        assert_eq!(answer.status(), Status::NotFound, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn even_what_cannot_be_read_is_answered_with_them_and_names_no_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/turnout.db", folder.path().display());
    TestTurnout::at(&url).await.ctx.store.close().await;
    let server = Server::start(&url, folder.path()).await;
    for (line, status) in [("GET / ", 200), ("BREW / ", 400), ("OPTIONS * ", 404), ("POST / ", 405)]
    {
        let asked = format!("{line}HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let answer = server.exchange(&asked).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        let (head, _) = answer.split_once("\r\n\r\n").expect("a head");
        let head = head.to_ascii_lowercase();
        for (name, _) in ONCE {
            let name = format!("\r\n{}: ", name.to_ascii_lowercase());
            assert_eq!(head.matches(&name).count(), 1, "{line}: {name}: {head}");
        }
        assert!(!head.contains("\r\nserver:"), "{head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_https_does_not_ask_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/turnout.db", folder.path().display());
    TestTurnout::at(&url).await.ctx.store.close().await;
    let settings = [("TURNOUT_PUBLIC_URL", "http://localhost:8000")];
    let server = Server::start_with(&url, folder.path(), &settings).await;
    let answer = server.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(!answer.to_ascii_lowercase().contains("strict-transport-security"), "{answer}");
}
