//! Known weaknesses: the RustSec database, read where `TURNOUT_ADVISORY_DB` names a copy of it.

use std::fs;
use std::path::Path;

use semver::{Version, VersionReq};

use super::{Package, packages};

#[test]
fn no_advisory_stands_against_what_we_use() {
    let Ok(database) = std::env::var("TURNOUT_ADVISORY_DB") else {
        eprintln!("SKIPPED advisories: TURNOUT_ADVISORY_DB is not set");
        return;
    };
    let database = Path::new(&database);
    let known =
        fs::read_dir(database.join("crates")).expect("a copy of rustsec/advisory-db").count();
    assert!(known > 100, "{known} crates are too few for that database");
    let found = against(&packages(), database);
    assert!(found.is_empty(), "update these:\n{}", found.join("\n"));
}

/// Advisories against a package in its version. That somebody stopped looking after a crate is news,
/// but no weakness.
fn against(packages: &[Package], database: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        let Ok(files) = fs::read_dir(database.join("crates").join(&package.name)) else { continue };
        for file in files {
            let path = file.expect("an advisory").path();
            let text = fs::read_to_string(&path).expect("text");
            let version = Version::parse(&package.version).expect("a version");
            if concerns(&text, &version) {
                let name = path.file_stem().unwrap_or_default().display().to_string();
                found.push(format!("{} {}: {name}", package.name, package.version));
            }
        }
    }
    found
}

fn concerns(advisory: &str, version: &Version) -> bool {
    let block = advisory.split("```").nth(1).and_then(|block| block.strip_prefix("toml"));
    let facts: toml::Table = block.expect("a block of TOML").parse().expect("TOML");
    let said = |key: &str| facts["advisory"].get(key).and_then(toml::Value::as_str);
    let listed = |key: &str| {
        let versions = facts.get("versions").and_then(|versions| versions.get(key));
        let ranges = versions.and_then(toml::Value::as_array).cloned().unwrap_or_default();
        ranges.iter().any(|range| {
            let range = VersionReq::parse(range.as_str().expect("a text")).expect("a range");
            range.matches(version)
        })
    };
    let only_news = matches!(said("informational"), Some("unmaintained" | "notice"));
    said("withdrawn").is_none() && !only_news && !listed("patched") && !listed("unaffected")
}

/// Controls: an advisory smuggled in.
mod bites {
    use super::{Package, against};

    fn found(version: &str, more: &str) -> usize {
        let folder = tempfile::tempdir().expect("a folder");
        let crates = folder.path().join("crates/leaky");
        std::fs::create_dir_all(&crates).expect("a folder");
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"leaky\"\n{more}\n\n\
             [versions]\npatched = [\">= 1.2.3\"]\nunaffected = [\"< 1.0.0\"]\n```\n\n# It leaks\n"
        );
        std::fs::write(crates.join("RUSTSEC-2026-0001.md"), text).expect("an advisory");
        let package =
            Package { name: "leaky".into(), version: version.into(), ..Package::default() };
        against(&[package], folder.path()).len()
    }

    #[test]
    fn on_versions_that_are_affected() {
        assert_eq!(found("1.2.2", ""), 1);
        assert_eq!(found("1.2.2", "informational = \"unsound\""), 1);
        assert_eq!(found("1.2.3", ""), 0);
        assert_eq!(found("0.9.0", ""), 0);
    }

    #[test]
    fn but_not_on_news_or_what_was_withdrawn() {
        assert_eq!(found("1.2.2", "informational = \"unmaintained\""), 0);
        assert_eq!(found("1.2.2", "withdrawn = \"2026-02-01\""), 0);
    }
}
