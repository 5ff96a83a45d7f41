//! The rooms of `web`: no circle among the files and folders that lie side by side.
//!
//! A folder's own `mod.rs` is no room: it is the map that names all of them, and holds what they share.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Module, crate_modules};

#[test]
fn no_rooms_of_web_go_round_in_a_circle() {
    let found: Vec<String> = circles(crate_modules(), "web").iter().map(Circle::shown).collect();
    assert!(found.is_empty(), "rooms that name each other in a circle:\n{}", found.join("\n"));
}

struct Circle {
    rooms: Vec<String>,
    /// Which name leads from one room to another.
    arrows: Vec<String>,
}

impl Circle {
    fn shown(&self) -> String {
        format!("{:?}\n  {}", self.rooms, self.arrows.join("\n  "))
    }
}

/// Circles among the children of each folder below `top`.
fn circles(modules: &[Module], top: &str) -> Vec<Circle> {
    let offers: BTreeMap<String, String> = modules
        .iter()
        .flat_map(|module| {
            let path = format!("crate::{}", module.path);
            let words = module.imports.iter();
            words.map(move |(word, target)| (format!("{path}::{word}"), target.clone()))
        })
        .filter(|(word, target)| word != target)
        .collect();
    let named: Vec<(&Module, String, usize)> = modules
        .iter()
        .filter(|module| module.is_in(top))
        .flat_map(|module| {
            let names = module.names.iter().filter(|name| !name.in_tests);
            names.map(|name| (module, resolved(&name.path, &offers), name.line)).collect::<Vec<_>>()
        })
        .collect();
    let folders: BTreeSet<&str> = modules
        .iter()
        .map(|module| module.path.as_str())
        .filter(|path| modules.iter().any(|child| parent(&child.path) == Some(path)))
        .filter(|path| *path == top || path.starts_with(&format!("{top}::")))
        .collect();
    folders.into_iter().flat_map(|folder| circles_in(folder, modules, &named)).collect()
}

/// Where a name leads that was offered on by a `use` of the module it is taken from.
fn resolved(path: &str, offers: &BTreeMap<String, String>) -> String {
    let mut path = path.to_owned();
    for _ in 0..8 {
        let ends = path.rmatch_indices("::").map(|(at, _)| at);
        let longest = [path.len()]
            .into_iter()
            .chain(ends)
            .find_map(|at| Some((at, offers.get(&path[..at])?)));
        let Some((at, target)) = longest else { break };
        path = format!("{target}{}", &path[at..]);
    }
    path
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once("::").map(|(parent, _)| parent)
}

fn circles_in(folder: &str, modules: &[Module], named: &[(&Module, String, usize)]) -> Vec<Circle> {
    let inside = format!("{folder}::");
    let room = |path: &str| {
        let room = path.strip_prefix(&inside)?.split("::").next()?;
        let is_one = modules.iter().any(|module| module.path == format!("{inside}{room}"));
        is_one.then(|| room.to_owned())
    };
    let mut arrows: BTreeMap<(String, String), String> = BTreeMap::new();
    for (module, name, line) in named {
        let (Some(from), Some(to)) =
            (room(&module.path), name.strip_prefix("crate::").and_then(room))
        else {
            continue;
        };
        if from != to {
            arrows
                .entry((from, to))
                .or_insert_with(|| format!("{}:{line} names {name}", module.file));
        }
    }
    let reach = |from: &str| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from.to_owned()];
        while let Some(at) = next.pop() {
            let on = arrows.keys().filter(|(begin, _)| *begin == at).map(|(_, end)| end.clone());
            next.extend(on.filter(|end| seen.insert(end.clone())));
        }
        seen
    };
    let rooms: BTreeSet<&String> = arrows.keys().map(|(from, _)| from).collect();
    let reached: BTreeMap<&String, BTreeSet<String>> =
        rooms.iter().map(|room| (*room, reach(room))).collect();
    let groups: BTreeSet<Vec<String>> = reached
        .iter()
        .filter(|(room, seen)| seen.contains(**room))
        .map(|(room, seen)| {
            let back =
                |other: &&String| reached.get(other).is_some_and(|seen| seen.contains(*room));
            seen.iter().filter(back).cloned().collect()
        })
        .collect();
    groups
        .into_iter()
        .map(|group| {
            let within = |(from, to): &(String, String)| group.contains(from) && group.contains(to);
            let shown =
                arrows.iter().filter(|(ends, _)| within(ends)).map(|(_, text)| text.clone());
            let shown = shown.collect();
            Circle {
                rooms: group.iter().map(|room| format!("{inside}{room}")).collect(),
                arrows: shown,
            }
        })
        .collect()
}

/// Controls: circles smuggled in.
mod bites {
    use super::super::source::Module;
    use super::circles;

    fn found(texts: &[(&str, &str)]) -> Vec<Vec<String>> {
        let modules: Vec<Module> = [("web", "pub mod a; pub mod b; pub mod c;")]
            .iter()
            .filter(|(path, _)| texts.iter().all(|(other, _)| other != path))
            .chain(texts)
            .map(|(path, text)| Module::new(path, "smuggled.rs", text))
            .collect();
        circles(&modules, "web").into_iter().map(|circle| circle.rooms).collect()
    }

    #[test]
    fn on_two_and_on_three() {
        let two = [("web::a", "use super::b::X;"), ("web::b", "fn f() { crate::web::a::go() }")];
        assert_eq!(found(&two), [["web::a", "web::b"]]);
        let three = [
            ("web::a", "use super::b::X;"),
            ("web::b", "use super::c::Y;"),
            ("web::c", "use super::a::Z;"),
        ];
        assert_eq!(found(&three), [["web::a", "web::b", "web::c"]]);
    }

    #[test]
    fn inside_a_folder_and_out_of_a_depth() {
        let inside = [
            ("web::a", "mod x; mod y;"),
            ("web::a::x", "use super::y::X;"),
            ("web::a::y", "use super::x::Y;"),
        ];
        assert_eq!(found(&inside), [["web::a::x", "web::a::y"]]);
        let deep = [
            ("web::a", "mod x;"),
            ("web::a::x", "use super::super::b::X;"),
            ("web::b", "use crate::web::a::Y;"),
        ];
        assert_eq!(found(&deep), [["web::a", "web::b"]]);
    }

    #[test]
    fn through_what_the_map_offers_on() {
        let texts = [
            ("web", "pub mod a; pub mod b; pub use a::X; use b::Y as Z;"),
            ("web::a", "use super::Z;"),
            ("web::b", "use crate::web::X;"),
        ];
        assert_eq!(found(&texts), [["web::a", "web::b"]]);
    }

    #[test]
    fn but_not_on_a_way_down_or_on_the_map() {
        let texts = [
            ("web", "pub mod a; pub mod b; use a::routes; pub struct Desk;"),
            ("web::a", "use super::{Desk, b::X};"),
            ("web::b", "use super::Desk;\n#[cfg(test)] mod tests { use crate::web::a::Y; }"),
        ];
        assert_eq!(found(&texts), Vec::<Vec<String>>::new());
    }
}
