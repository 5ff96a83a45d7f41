//! No route without an address, and no address that is not walked.

use std::collections::HashSet;

use super::*;

/// Addresses that no page links to: programs know them.
const UNLINKED: &[&str] = &[
    "/health/live",
    "/health/ready",
    "/apple-touch-icon.png",
    "/favicon.ico",
    "/manifest.webmanifest",
    "/robots.txt",
    "/static/<path..>",
    "/trainer/door-worker.js",
    "/sessions",
];

#[test]
fn every_route_has_a_path() {
    let paths = every_path();
    let missing: Vec<String> = web::routes()
        .iter()
        .filter(|route| !UNLINKED.contains(&route.uri.path()))
        .filter(|route| {
            !paths.iter().any(|(_, methods, href)| {
                let origin = Origin::parse(href.as_str()).unwrap();
                methods.contains(&route.method)
                    && answers(route, route.method, origin.path().as_str())
            })
        })
        .map(|route| format!("{} {}", route.method, route.uri))
        .collect();
    assert!(missing.is_empty(), "no path leads to {missing:#?}");
}

#[test]
fn the_walk_leaves_no_path_out() {
    let walked: HashSet<_> = every_path().into_iter().map(|(name, ..)| name.to_owned()).collect();
    let sources = [
        ("account", include_str!("../account.rs")),
        ("attendee", include_str!("../attendee.rs")),
        ("booking", include_str!("../booking.rs")),
        ("desk", include_str!("../desk.rs")),
        ("feedback", include_str!("../feedback.rs")),
        ("files", include_str!("../files.rs")),
        ("handouts", include_str!("../handouts.rs")),
        ("help_requests", include_str!("../help_requests.rs")),
        ("helper", include_str!("../helper.rs")),
        ("leader", include_str!("../leader.rs")),
        ("mailbox", include_str!("../mailbox.rs")),
        ("office", include_str!("../office.rs")),
        ("path", include_str!("../path.rs")),
        ("public", include_str!("../public.rs")),
        ("records", include_str!("../records.rs")),
        ("stay", include_str!("../stay.rs")),
        ("trainer", include_str!("../trainer.rs")),
        ("venues", include_str!("../venues.rs")),
        ("office", include_str!("../office_words.rs")),
    ];
    let written: HashSet<_> = sources
        .iter()
        .flat_map(|(area, source)| {
            let names = source.lines().filter_map(|line| line.strip_prefix("pub fn "));
            names.filter_map(move |rest| Some(format!("{area}::{}", rest.split_once('(')?.0)))
        })
        .collect();
    assert_eq!(written.difference(&walked).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(written.len() > 100, "the sources were not read");
}
