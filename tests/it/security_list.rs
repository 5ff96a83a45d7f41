//! The list in `docs/security.md` names only tests that there are.

use std::{collections::BTreeSet, fs, path::Path};

/// Every function of a folder's Rust files.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a file");
            let names = text.split("fn ").skip(1);
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            found.extend(names.map(|rest| rest.chars().take_while(|c| is_part(*c)).collect()));
        }
    }
}

/// What stands in a line in the face of code and may be the name of a test.
fn named(line: &str) -> Vec<&str> {
    let codes = line.split('`').skip(1).step_by(2);
    let is_name = |code: &str| {
        code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    codes.filter(|code| code.contains('_') && is_name(code)).collect()
}

#[test]
fn every_line_of_the_security_list_names_a_test_that_there_is_or_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("docs/security.md")).expect("the list");
    let mut tests = BTreeSet::new();
    functions(&root.join("tests/it"), &mut tests);
    functions(&root.join("src"), &mut tests);
    let (mut lines, mut names) = (0, 0);
    for line in list.lines().filter(|line| line.starts_with("| V")) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 5, "{line}");
        assert!(cells[2].len() > 3 && cells[3].len() > 3, "neither test nor reason: {line}");
        for name in named(line) {
            assert!(tests.contains(name), "there is no test {name}: {line}");
            names += 1;
        }
        lines += 1;
    }
    assert!(lines > 50 && names > 60, "{lines} lines, {names} tests");
    for chapter in 1..=17 {
        assert!(list.contains(&format!("V{chapter} ")), "no chapter V{chapter}");
    }
}
