//! Other people's crates, and what else a floor may not name.

use super::source::{Module, crate_modules, dependencies};

/// A crate, where it may be named, and what is behind the wall.
const WALLS: [(&str, &[&str], &str); 11] = [
    ("sqlx", &["store"], "SQL"),
    ("ical", &["calendar"], "the making of iCalendar text"),
    (
        "rocket",
        &["web", "cli", "config", ""],
        "HTTP; cli launches it and config reads its settings",
    ),
    ("askama", &["web", "mail"], "templates: of pages and of letters"),
    ("lettre", &["mail"], "messages and SMTP"),
    ("mail_parser", &["mail"], "messages that arrive"),
    ("async_imap", &["mail"], "the reply mailbox"),
    ("webauthn_rs", &["actions::staff"], "passkeys"),
    ("pdf_writer", &["web"], "PDF"),
    ("rust_xlsxwriter", &["web"], "spreadsheets"),
    ("getrandom", &["token"], "randomness"),
];

/// Names beyond a wall that are there all the same: module, path, and why.
const EXCEPTIONS: [(&str, &str, &str); 1] =
    [("jobs", "rocket::Shutdown", "when Rocket stops, so does the work; the type says no more")];

/// All that rules are made of. A new word here is asked whether it is a value.
/// ICU's three are tables of letters: how a name is found and sorted is a rule (`finding.rs`).
/// `proptest` is in tests only: it is no dependency of the program.
const DOMAIN: [&str; 11] = [
    "std",
    "chrono",
    "chrono_tz",
    "email_address",
    "icu_collator",
    "icu_normalizer",
    "icu_properties",
    "proptest",
    "thiserror",
    "url",
    "uuid",
];

/// Parts of the standard library that know the world.
const WORLD: [&str; 7] =
    ["std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread", "std::time"];

#[test]
fn only_the_floor_behind_a_wall_names_its_crate() {
    let found: Vec<String> =
        crate_modules().iter().flat_map(|module| beyond_walls(module, &EXCEPTIONS)).collect();
    assert!(found.is_empty(), "beyond its wall:\n{}", found.join("\n"));
}

#[test]
fn every_exception_to_a_wall_is_still_needed() {
    let modules = crate_modules();
    for (place, named, _) in EXCEPTIONS {
        let needed = modules
            .iter()
            .filter(|module| module.is_in(place))
            .any(|module| module.names.iter().any(|name| name.is_in(named)));
        assert!(needed, "{place} does not name {named} any more: take it off the list");
    }
}

#[test]
fn the_domain_is_pure() {
    let found: Vec<String> = crate_modules()
        .iter()
        .filter(|module| module.is_in("domain"))
        .flat_map(impurities)
        .collect();
    assert!(found.is_empty(), "the domain is values and rules:\n{}", found.join("\n"));
}

/// The one place that may is the system clock.
#[test]
fn nobody_reads_the_wall_clock() {
    let found: Vec<String> = crate_modules()
        .iter()
        .filter(|module| module.path != "clock")
        .flat_map(clock_readings)
        .collect();
    assert!(found.is_empty(), "take a Clock:\n{}", found.join("\n"));
}

fn beyond_walls(module: &Module, exceptions: &[(&str, &str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for name in &module.names {
        let wall = WALLS.iter().find(|(named, _, _)| name.is_in(named));
        let Some((_, places, behind)) = wall else { continue };
        let inside = places.iter().any(|place| module.is_in(place));
        let excepted = exceptions.iter().any(|(from, to, _)| module.is_in(from) && name.is_in(to));
        // Offered on by a `pub use`, it could be had elsewhere under another name.
        if !inside && !excepted || name.offered {
            found.push(format!("{}:{} names {}: {behind}", module.file, name.line, name.path));
        }
    }
    found
}

fn impurities(module: &Module) -> Vec<String> {
    let mut found = Vec::new();
    let dependencies = dependencies();
    for name in &module.names {
        let krate = name.path.split("::").next().unwrap_or_default();
        let foreign = dependencies.iter().any(|known| known == krate) && !DOMAIN.contains(&krate);
        if foreign || WORLD.iter().any(|part| name.is_in(part)) {
            found.push(format!("{}:{} names {}", module.file, name.line, name.path));
        }
    }
    for word in module.words().iter().filter(|word| ["async", "await"].contains(&word.as_str())) {
        found.push(format!("{} says {word}", module.file));
    }
    found
}

fn clock_readings(module: &Module) -> Vec<String> {
    const CLOCKS: [&str; 3] =
        ["chrono::Utc::now", "chrono::Local::now", "std::time::SystemTime::now"];
    let names = module.names.iter();
    names
        .filter(|name| CLOCKS.iter().any(|clock| name.is_in(clock)))
        .map(|name| format!("{}:{} reads {}", module.file, name.line, name.path))
        .collect()
}

/// Controls: what is forbidden, smuggled in.
mod bites {
    use super::super::source::Module;
    use super::{EXCEPTIONS, WALLS, beyond_walls, clock_readings, impurities};

    fn module(path: &str, text: &str) -> Module {
        Module::new(path, "smuggled.rs", text)
    }

    #[test]
    fn on_every_wall() {
        for (krate, places, _) in WALLS {
            for text in [
                format!("use {krate}::Thing;"),
                format!("use {{std::fmt, {krate}::{{deep::{{self}}}}}};"),
                format!("fn f() {{ {krate}::go(); }}"),
                format!("fn f() {{ ::{krate}::go(); }}"),
                format!("#[derive({krate}::Thing)] struct S;"),
                format!("fn f() {{ assert!({krate}::go()); }}"),
            ] {
                assert_eq!(beyond_walls(&module("calendars", &text), &[]).len(), 1, "{text}");
                assert_eq!(beyond_walls(&module(places[0], &text), &[]).len(), 0, "{text}");
            }
            let offered = format!("pub use {krate}::Thing;");
            assert_eq!(beyond_walls(&module(places[0], &offered), &[]).len(), 1, "{offered}");
        }
    }

    #[test]
    fn beside_an_exception() {
        let text = "use rocket::{Shutdown, State};";
        assert_eq!(beyond_walls(&module("jobs", text), &EXCEPTIONS).len(), 1);
        assert_eq!(beyond_walls(&module("jobs", text), &[]).len(), 2);
    }

    #[test]
    fn but_not_on_parts_of_words_comments_or_texts() {
        let text =
            "/// Unlike sqlx::query.\nuse vertical::x;\nfn f() { sprocket::go(\"ical::x\") }";
        assert_eq!(beyond_walls(&module("domain", text), &[]), Vec::<String>::new());
    }

    #[test]
    fn on_what_the_domain_may_not_know() {
        for text in [
            "use tokio::sync::Mutex;",
            "use serde::Serialize;",
            "fn f() { log::warn!(\"x\") }",
            "async fn f() {}",
            "fn f() { async move { 1 } }",
            "fn f() -> std::time::Instant { g() }",
            "use std::{fmt, fs};",
        ] {
            assert_ne!(impurities(&module("domain", text)), Vec::<String>::new(), "{text}");
        }
        assert!(impurities(&module("domain", "use std::fmt;\nuse chrono::Utc;")).is_empty());
    }

    #[test]
    fn on_a_clock_read_by_any_name() {
        for text in [
            "fn f() { chrono::Utc::now() }",
            "use chrono::{DateTime, Utc};\nfn f() -> DateTime<Utc> { Utc::now() }",
            "use chrono::Utc as Zone;\nfn f() { vec![Zone::now()] }",
            "use std::time::SystemTime;\nfn f() { SystemTime::now() }",
        ] {
            assert_eq!(clock_readings(&module("web", text)).len(), 1, "{text}");
        }
    }
}
