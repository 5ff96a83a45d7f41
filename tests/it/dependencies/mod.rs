//! What the dependencies bring along: their licences, sources and weaknesses, judged by `deny.toml`.
//!
//! `cargo deny` asks more, and for every platform, but takes minutes to compile; this asks the same of
//! what the machine at hand builds, in a second, wherever the tests run.

mod advisories;
mod licences;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use licences::allows;

/// The policy, as written for `cargo deny`.
fn policy() -> toml::Table {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let text = std::fs::read_to_string(file).expect("deny.toml");
    text.parse().expect("TOML")
}

/// The texts of a list in the policy, or of one key of each of its tables.
fn texts(policy: &toml::Table, section: &str, list: &str, key: Option<&str>) -> Vec<String> {
    let Some(entries) = policy[section].get(list) else { return Vec::new() };
    let entries = entries.as_array().expect("a list");
    let text =
        |entry: &toml::Value| key.map_or(entry, |key| &entry[key]).as_str().map(str::to_owned);
    entries.iter().map(|entry| text(entry).expect("a text")).collect()
}

#[derive(Debug, Clone, Default)]
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
    source: Option<String>,
}

/// Every package that the program is built from on this platform; not those of the tests.
fn packages() -> Vec<Package> {
    let host = Command::new("rustc").arg("-vV").output().expect("rustc").stdout;
    let host = String::from_utf8(host).expect("text");
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--all-features", "--format-version", "1"])
        .args(["--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let said = String::from_utf8_lossy(&metadata.stderr);
    assert!(metadata.status.success(), "cargo metadata: {said}");
    reachable(&serde_json::from_slice(&metadata.stdout).expect("JSON"))
}

fn reachable(metadata: &Value) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let nodes: BTreeMap<String, Vec<Value>> = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| (text(&node["id"]).expect("an id"), list(&node["deps"])))
        .collect();
    let root = text(&metadata["resolve"]["root"]).expect("a root");
    let (mut seen, mut next) = (BTreeSet::new(), vec![root]);
    while let Some(id) = next.pop() {
        for dependency in &nodes[&id] {
            let of_tests = list(&dependency["dep_kinds"]).iter().all(|kind| kind["kind"] == "dev");
            let id = text(&dependency["pkg"]).expect("an id");
            if !of_tests && seen.insert(id.clone()) {
                next.push(id);
            }
        }
    }
    let found = list(&metadata["packages"])
        .into_iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| seen.contains(id)));
    let package = |package: Value| Package {
        name: text(&package["name"]).expect("a name"),
        version: text(&package["version"]).expect("a version"),
        licence: text(&package["license"]),
        source: text(&package["source"]),
    };
    found.map(package).collect()
}

#[test]
fn every_licence_is_one_that_we_allow() {
    let wrong = wrong_licences(&packages(), &policy());
    assert!(wrong.is_empty(), "not allowed by deny.toml:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_comes_from_elsewhere_or_is_banned() {
    let wrong = wrong_packages(&packages(), &policy());
    assert!(wrong.is_empty(), "not allowed by deny.toml:\n{}", wrong.join("\n"));
}

/// Another ICU may sort and fold otherwise: then the keys that are stored are computed anew.
#[test]
fn keys_of_names_say_which_icu_computed_them() {
    let packages = packages();
    for name in ["icu_collator", "icu_normalizer", "icu_properties"] {
        let package = packages.iter().find(|one| one.name == name).expect("the package");
        let rules = turnout::domain::finding::RULES;
        let said = format!("icu {}", package.version);
        assert!(rules.ends_with(&said), "{name} is {}: say so in {rules:?}", package.version);
    }
}

fn wrong_licences(packages: &[Package], policy: &toml::Table) -> Vec<String> {
    let allowed = texts(policy, "licenses", "allow", None);
    let clarified = texts(policy, "licenses", "clarify", Some("crate"));
    let clarified: BTreeMap<_, _> = clarified
        .into_iter()
        .zip(texts(policy, "licenses", "clarify", Some("expression")))
        .collect();
    let exceptions = policy["licenses"]["exceptions"].as_array().cloned().unwrap_or_default();
    let excepted = |package: &Package, licence: &str| {
        exceptions.iter().any(|exception| {
            exception["crate"].as_str() == Some(&package.name)
                && exception["allow"]
                    .as_array()
                    .is_some_and(|allowed| allowed.iter().any(|one| one.as_str() == Some(licence)))
        })
    };
    let fits = |package: &&Package| {
        let expression = clarified.get(&package.name).or(package.licence.as_ref());
        expression.is_some_and(|expression| {
            allows(expression, &|one| {
                allowed.iter().any(|known| known == one) || excepted(package, one)
            })
        })
    };
    let wrong = packages.iter().filter(|package| !fits(package));
    wrong
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.licence))
        .collect()
}

fn wrong_packages(packages: &[Package], policy: &toml::Table) -> Vec<String> {
    let banned = texts(policy, "bans", "deny", Some("crate"));
    let registries = texts(policy, "sources", "allow-registry", None);
    let mut wrong = Vec::new();
    for package in packages {
        if banned.contains(&package.name) {
            wrong.push(format!("{} is banned", package.name));
        }
        let source = package.source.as_deref().unwrap_or("this machine");
        let known = source.strip_prefix("registry+");
        if !known.is_some_and(|known| registries.iter().any(|registry| registry == known)) {
            wrong.push(format!("{} comes from {source}", package.name));
        }
    }
    wrong
}

/// Controls: what is forbidden, smuggled in.
mod bites {
    use super::{Package, packages, policy, wrong_licences, wrong_packages};

    fn package(name: &str, licence: Option<&str>, source: Option<&str>) -> Package {
        let (licence, source) = (licence.map(str::to_owned), source.map(str::to_owned));
        Package { name: name.to_owned(), version: "1.0.0".to_owned(), licence, source }
    }

    #[test]
    fn on_licences() {
        let wrong =
            |name, licence| wrong_licences(&[package(name, licence, None)], &policy()).len();
        assert_eq!(wrong("copyleft", Some("GPL-3.0-only")), 1);
        assert_eq!(wrong("silent", None), 1);
        assert_eq!(wrong("both", Some("MIT AND GPL-3.0-only")), 1);
        assert_eq!(wrong("either", Some("MIT OR GPL-3.0-only")), 0);
        // Only the crates that deny.toml excepts by name.
        assert_eq!(wrong("other", Some("MPL-2.0")), 1);
        assert_eq!(wrong("webauthn-rs", Some("MPL-2.0")), 0);
        assert_eq!(wrong("ical", None), 0);
    }

    #[test]
    fn on_bans_and_sources() {
        let crates_io = Some("registry+https://github.com/rust-lang/crates.io-index");
        let wrong = |name, source| wrong_packages(&[package(name, None, source)], &policy()).len();
        assert_eq!(wrong("anything", crates_io), 0);
        assert_eq!(wrong("openssl", crates_io), 1);
        assert_eq!(wrong("anything", Some("git+https://example.org/anything")), 1);
        assert_eq!(wrong("anything", Some("registry+https://example.org/index")), 1);
        assert_eq!(wrong("anything", None), 1);
    }

    #[test]
    fn and_it_does_find_the_packages() {
        let packages = packages();
        let has = |name: &str| packages.iter().any(|package| package.name == name);
        assert!(packages.len() > 100 && has("rocket") && has("hyper"));
        assert!(!has("turnout") && !has("proptest"), "only what the program is built from");
    }
}
