//! Every private page, rendered with awkward but real values.

mod leader;
mod samples;
mod staff;

use askama::Template;

/// Renders a page, holds it to what every page owes, and keeps it where the environment says.
fn rendered(name: &str, page: &impl Template) -> String {
    let html = page.render().unwrap();
    let lower = html.to_lowercase();
    for banned in ["<style", " style=", " onclick=", " onload=", "<script>", "javascript:"] {
        assert!(!lower.contains(banned), "{name} contains {banned}");
    }
    let scripts = lower.matches("<script").count();
    let ours = lower.matches("<script src=\"/static/").count();
    assert_eq!(scripts, ours, "{name} loads a script that is not a file of ours");
    assert_eq!(lower.matches("<h1").count(), 1, "{name} has not exactly one h1");
    let mut ids: Vec<_> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{name} uses an id twice");
    if let Ok(folder) = std::env::var("TURNOUT_RENDER_DIR") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), &html).unwrap();
    }
    html
}

/// Holds a page to words it must carry.
fn contains_all(html: &str, words: &[&str]) {
    for expected in words {
        assert!(html.contains(expected), "the page lacks {expected:?}");
    }
}
