//! Sessions within an alliance's own site, and what other sites ask about links to ours.

use rocket::http::{ContentType, Status};
use serde_json::Value;
use turnout::domain::session::Publication;

use crate::support::{TestTurnout, browser::page};

on_both_databases!(
    an_alliance_shows_its_sessions_on_a_site_of_its_own,
    other_sites_are_told_how_to_show_a_link,
);

async fn an_alliance_shows_its_sessions_on_a_site_of_its_own(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    assert!(page(&browser, "/embed/alliances/oxford").await.contains("New dates are on the way"));
    turnout.plan("S1", "first", 9, |_| {}).await;
    turnout.plan("S2", "second", 9, |_| {}).await;
    turnout.plan("S3", "first", 9, |one| one.publication = Publication::Draft).await;
    for (path, shown, not) in [
        ("/embed/alliances/oxford", "/sessions/S2", "S3"),
        ("/embed/alliances/oxford/next", "/sessions/S1", "/sessions/S2"),
        ("/embed/sessions/S2", "/sessions/S2", "/sessions/S1"),
    ] {
        let answer = browser.get(path).dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{path}");
        let policy = answer.headers().get_one("Content-Security-Policy").unwrap_or_default();
        assert!(policy.contains("frame-ancestors *") && !policy.contains("script-src"), "{policy}");
        assert_eq!(answer.headers().get_one("X-Frame-Options"), None, "{path}");
        assert_eq!(answer.headers().get_one("Set-Cookie"), None, "{path}");
        let html = answer.into_string().await.unwrap_or_default();
        assert!(html.contains(shown) && !html.contains(not), "{path}: {html}");
        assert!(!html.contains("<script") && !html.contains("<form"), "{path}: {html}");
        assert_eq!(html.matches("<a ").count(), html.matches("target=\"_top\"").count(), "{html}");
    }
    for path in ["/embed/alliances/nowhere", "/embed/sessions/S3", "/sessions/S1", "/"] {
        let answer = browser.get(path).dispatch().await;
        assert_eq!(answer.headers().get_one("X-Frame-Options"), Some("DENY"), "{path}");
    }
    let html = page(&browser, "/alliances/oxford").await;
    let snippet = "&#60;iframe src=&#34;https://turnout.example/embed/alliances/oxford&#34;";
    assert!(html.contains(snippet), "{html}");
}

async fn other_sites_are_told_how_to_show_a_link(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    turnout.plan("S3", "first", 9, |one| one.publication = Publication::Draft).await;
    let browser = turnout.browser().await;
    for (at, frame) in [
        ("/sessions/S1", "https://turnout.example/embed/sessions/S1"),
        ("/alliances/oxford", "https://turnout.example/embed/alliances/oxford"),
    ] {
        let html = page(&browser, at).await;
        let (_, link) = html.split_once("json+oembed\" href=\"").expect("a link");
        let (link, _) = link.split_once('"').expect("its end");
        let path = link.strip_prefix("https://turnout.example").expect("our address");
        let answer = browser.get(path.replace("&#38;", "&")).dispatch().await;
        assert_eq!(answer.content_type(), Some(ContentType::JSON));
        let told: Value = answer.into_json().await.expect("JSON");
        assert_eq!((&told["version"], &told["type"]), (&"1.0".into(), &"rich".into()));
        assert!(told["html"].as_str().expect("a frame").contains(frame), "{told}");
    }
    let ask = async |query: &str| {
        let answer = browser.get(format!("/oembed?{query}")).dispatch().await;
        (answer.status().code, answer.into_string().await.unwrap_or_default())
    };
    let ours = "url=https://turnout.example/sessions/S1";
    let (status, text) = ask(&format!("{ours}&maxwidth=300&maxheight=100")).await;
    let told: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((status, &told["width"], &told["height"]), (200, &300.into(), &100.into()));
    assert!(told["thumbnail_url"].is_null(), "larger than was asked for");
    for (query, status) in [
        (format!("{ours}&format=xml"), 501),
        (format!("{ours}&maxwidth=wide"), 400),
        (String::new(), 400),
        ("url=https://elsewhere.example/sessions/S1".to_owned(), 404),
        ("url=https://turnout.example/sessions/S3".to_owned(), 404),
        ("url=https://turnout.example/sessions/S9".to_owned(), 404),
        ("url=https://turnout.example/office".to_owned(), 404),
    ] {
        assert_eq!(ask(&query).await.0, status, "{query}");
    }
}
