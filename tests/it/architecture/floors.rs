//! The arrows between the floors: who may name whom.
//!
//! `main → cli → {web, jobs} → actions → {store, calendar, mail} → domain`. What is offered on by a
//! `pub use` counts where it was made: a floor that may name a thing may offer it.

use super::source::{Module, crate_modules, files_below, read, root, shown};

/// Each floor and the floors that it may name. Below all lies what the world passes in: `clock`,
/// `config` and `token`, and what the compiler is spared.
const FLOORS: [(&str, &[&str]); 13] = [
    ("main", &["cli"]),
    (
        "cli",
        &[
            "web", "jobs", "actions", "store", "calendar", "mail", "domain", "clock", "config",
            "token", "proven",
        ],
    ),
    ("web", &["actions", "store", "calendar", "domain", "clock", "token", "proven"]),
    ("jobs", &["actions", "store", "calendar", "domain", "clock", "token"]),
    ("actions", &["store", "calendar", "mail", "domain", "clock", "token"]),
    ("store", &["domain", "token", "proven"]),
    ("calendar", &["domain"]),
    ("mail", &["domain"]),
    ("config", &["domain"]),
    ("token", &["domain", "clock"]),
    ("clock", &[]),
    ("proven", &[]),
    ("domain", &[]),
];

/// Arrows that the floors forbid and we have all the same: floor, what it names, and why.
const EXCEPTIONS: [(&str, &str, &str); 3] = [
    ("jobs", "crate::mail::Transport", "the job is handed the way out and hands it to the action"),
    (
        "jobs",
        "crate::mail::imap",
        "the job waits for the mailbox and hands what arrives to the action",
    ),
    (
        "web",
        "crate::mail::reading",
        "the demo's mailbox shows letters that were sent, as mail reads them",
    ),
];

#[test]
fn arrows_point_down_only() {
    let wrong: Vec<String> =
        crate_modules().iter().flat_map(|module| wrong_arrows(module, &EXCEPTIONS)).collect();
    assert!(wrong.is_empty(), "an arrow points the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn templates_name_what_their_floor_may_name() {
    let wrong: Vec<String> = files_below(&root("templates"), "html")
        .into_iter()
        .chain(files_below(&root("templates"), "txt"))
        .flat_map(|file| {
            let shown = shown(&file);
            let floor = if shown.starts_with("templates/letters/") { "mail" } else { "web" };
            wrong_words(floor, &shown, &read(&file))
        })
        .collect();
    assert!(wrong.is_empty(), "an arrow points the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let modules = crate_modules();
    for (floor, named, _) in EXCEPTIONS {
        let needed = modules
            .iter()
            .filter(|module| floor_of(module) == floor)
            .any(|module| module.names.iter().any(|name| name.is_in(named)));
        assert!(needed, "{floor} does not name {named} any more: take it off the list");
    }
}

/// The name of a glob is not written where it is used, so no arrow could be seen.
#[test]
fn no_module_takes_everything_of_another() {
    let globs: Vec<String> = crate_modules().iter().flat_map(globs).collect();
    assert!(globs.is_empty(), "name what you use:\n{}", globs.join("\n"));
}

fn floor_of(module: &Module) -> &str {
    match module.path.split("::").next().unwrap_or_default() {
        "" => "main",
        floor => floor,
    }
}

fn may_name(floor: &str, other: &str) -> bool {
    let known = FLOORS.iter().find(|(name, _)| *name == floor);
    let (_, below) = known.unwrap_or_else(|| panic!("say in FLOORS what {floor} may name"));
    floor == other || below.contains(&other)
}

fn is_floor(word: &str) -> bool {
    FLOORS.iter().any(|(name, _)| *name == word)
}

fn wrong_arrows(module: &Module, exceptions: &[(&str, &str, &str)]) -> Vec<String> {
    let floor = floor_of(module);
    let names = module.names.iter().filter(|name| {
        let Some(inside) = name.path.strip_prefix("crate::") else { return false };
        let other = inside.split("::").next().unwrap_or_default();
        let excepted = exceptions.iter().any(|(from, to, _)| *from == floor && name.is_in(to));
        // The root of the library lists its floors; a macro's name lies at the root too.
        module.file != "src/lib.rs" && is_floor(other) && !may_name(floor, other) && !excepted
    });
    names.map(|name| format!("{}:{} names {}", module.file, name.line, name.path)).collect()
}

/// The same for a template, whose expressions write every path out.
fn wrong_words(floor: &str, file: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(number, line)| {
            line.split("crate::").skip(1).map(move |rest| (number + 1, rest))
        })
        .filter_map(|(number, rest)| {
            let other = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
            (!may_name(floor, other)).then(|| format!("{file}:{number} names crate::{other}"))
        })
        .collect()
}

fn globs(module: &Module) -> Vec<String> {
    let names = module.names.iter().filter(|name| name.everything && !name.in_tests);
    names.map(|name| format!("{}:{} takes all of {}", module.file, name.line, name.path)).collect()
}

/// Controls: arrows smuggled in, one for each way of writing a path.
mod bites {
    use super::super::source::Module;
    use super::{FLOORS, globs, may_name, wrong_arrows, wrong_words};

    fn found(path: &str, text: &str) -> usize {
        wrong_arrows(&Module::new(path, "smuggled.rs", text), &[]).len()
    }

    #[test]
    fn on_every_arrow_that_is_not_allowed() {
        for (from, _) in FLOORS {
            for (to, _) in FLOORS.into_iter().filter(|(to, _)| *to != "main") {
                let path = if from == "main" { "" } else { from };
                let expected = usize::from(!may_name(from, to));
                assert_eq!(
                    found(path, &format!("use crate::{to}::Thing;")),
                    expected,
                    "{from}, {to}"
                );
            }
        }
    }

    #[test]
    fn on_siblings() {
        assert_eq!(found("store::rows", "use crate::calendar::Feed;"), 1);
        assert_eq!(found("calendar::feed", "use crate::mail::Letter;"), 1);
        assert_eq!(found("web::page", "use crate::jobs::run;"), 1);
        assert_eq!(found("jobs", "use crate::web::Desk;"), 1);
    }

    #[test]
    fn inside_a_tree_of_uses() {
        let tree = "use crate::{\n domain::{id::PlaceId, text},\n store::{self, links},\n \
                    actions::{booking::{self as verbs}, Context},\n};";
        assert_eq!(found("store", tree), 2);
        assert_eq!(found("domain", tree), 4);
        assert_eq!(found("web", tree), 0);
    }

    #[test]
    fn in_line_in_macros_and_in_attributes() {
        assert_eq!(found("store", "fn f() { crate::actions::book(); }"), 1);
        assert_eq!(found("store", "fn f(x: &crate::web::Desk) -> crate::web::Page { x.y() }"), 2);
        assert_eq!(found("store", "fn f() { FIND.all(conn, [crate::web::Desk]) }"), 1);
        assert_eq!(found("store", "macro_rules! m { () => { $crate::web::go() }; }"), 1);
        assert_eq!(found("store", "#[serde(with = x, crate::web::form)] struct S;"), 1);
        assert_eq!(found("store", "struct S<T: crate::web::Form>(Vec<Option<crate::web::X>>);"), 2);
    }

    #[test]
    fn behind_super_self_and_another_use() {
        assert_eq!(found("store::places", "use super::super::web::Desk;"), 1);
        assert_eq!(found("store::places", "fn f() { super::super::web::go() }"), 1);
        assert_eq!(found("store", "use self::super::web::Desk;"), 1);
        assert_eq!(found("store", "mod inside { use super::super::web::Desk; }"), 1);
        // Once where the word is brought in, once where it is used.
        assert_eq!(found("store", "use crate::web as pages;\nfn f() { pages::go() }"), 2);
        assert_eq!(found("store", "use crate::web as pages;\nuse pages::Desk;"), 2);
        assert_eq!(found("", "fn main() { turnout::web::go() }"), 1);
    }

    #[test]
    fn in_templates() {
        assert_eq!(wrong_words("web", "a.html", "{{ crate::domain::x() }}").len(), 0);
        assert_eq!(wrong_words("web", "a.html", "{{ crate::jobs::x() }}").len(), 1);
        assert_eq!(wrong_words("mail", "a.txt", "{{ y }}{{ crate::web::x() }}").len(), 1);
    }

    #[test]
    fn but_not_on_comments_texts_or_what_is_allowed() {
        let text = "//! See [`crate::web`].\n/// As in crate::web::Desk.\nfn f() -> &'static str { \
                    // crate::web\n \"crate::web\" }\nuse crate::domain::web;";
        assert_eq!(found("store", text), 0);
    }

    #[test]
    fn on_globs_outside_tests() {
        let of = |text| globs(&Module::new("store", "smuggled.rs", text)).len();
        assert_eq!(of("use crate::domain::*;"), 1);
        assert_eq!(of("#[cfg(test)] mod tests { use super::*; }"), 0);
    }
}
