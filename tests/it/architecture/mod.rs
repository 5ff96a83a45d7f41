//! The arrows between the floors, and what must be absent from each of them.
//!
//! `floors` keeps the arrows, `walls` other people's crates, `rooms` the peace inside `web`, `letters` the one
//! way into the outbox. They read the source with a parser (`source`, `names`), so that no way of writing a
//! path escapes them.

mod floors;
mod letters;
mod names;
mod rooms;
pub mod source;
mod walls;

use std::collections::BTreeSet;
use std::path::Path;

use source::{files_below, read, root, rust_files, shown};

/// Longer than this and a file has more than one subject.
const LONGEST_FILE: usize = 400;

#[test]
fn no_file_outgrows_its_subject() {
    let long: Vec<String> = rust_files("src")
        .iter()
        .map(|file| (read(file).lines().count(), shown(file)))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, file)| format!("{file}: {lines} lines, more than {LONGEST_FILE}"))
        .collect();
    assert!(long.is_empty(), "split these:\n{}", long.join("\n"));
}

/// Longer than this and a line of a template cannot be read beside its neighbours.
const LONGEST_LINE: usize = 160;

#[test]
fn no_line_of_a_template_is_too_long_to_read() {
    let mut files = files_below(&root("templates"), "html");
    files.extend(files_below(&root("templates"), "txt"));
    let mut long = Vec::new();
    for file in &files {
        for (line, text) in (1..).zip(read(file).lines()) {
            if text.chars().count() > LONGEST_LINE {
                long.push(format!("{}:{line}", shown(file)));
            }
        }
    }
    assert!(long.is_empty(), "break these lines:\n{}", long.join("\n"));
}

#[test]
fn pages_carry_no_inline_style_or_script() {
    // The content security policy forbids both; letters have no stylesheet, so they may.
    let found: Vec<String> = files_below(&root("templates"), "html")
        .iter()
        .filter(|file| !file.starts_with(root("templates/letters")))
        .flat_map(|file| inline_code(&read(file)).into_iter().map(|hit| at(file, &hit)))
        .collect();
    assert!(found.is_empty(), "move these to static/:\n{}", found.join("\n"));
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        files_below(&root(folder), "sql")
            .iter()
            .filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()))
            .collect()
    };
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
}

#[test]
fn migrations_carry_each_number_once() {
    let files = files_below(&root("migrations/sqlite"), "sql");
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    let numbers: BTreeSet<&str> = names.filter_map(|name| name.split('_').next()).collect();
    assert_eq!(numbers.len(), files.len(), "two migrations share a number");
}

/// Controls: a scanner that finds nothing anywhere would pass every test above.
mod the_scanner_bites {
    use super::inline_code;

    #[test]
    fn on_inline_style_and_script() {
        assert_eq!(inline_code("<p style=\"color:red\">").len(), 1);
        assert_eq!(inline_code("<style>p{}</style>").len(), 1);
        assert_eq!(inline_code("<script>alert(1)</script>").len(), 1);
        assert_eq!(inline_code("<button onclick=\"go()\">").len(), 1);
        assert_eq!(inline_code("<a href=\"javascript:go()\">").len(), 1);
    }

    #[test]
    fn but_not_on_a_script_file_or_a_stylesheet() {
        let page = "<script src=\"/static/enhance.js\" defer></script>\n<link rel=\"stylesheet\">\n\
                    <p class=\"lifestyle\">Once = one time</p>";
        assert_eq!(inline_code(page), Vec::<(usize, String)>::new());
    }

    #[test]
    fn and_it_does_find_the_source() {
        let modules = super::source::crate_modules();
        assert!(modules.iter().filter(|module| module.is_in("domain")).count() > 10);
        assert!(modules.iter().any(|module| module.file == "src/main.rs"));
        let names: usize = modules.iter().map(|module| module.names.len()).sum();
        assert!(names > 3000, "{names}");
    }
}

// ---- the scanner -------------------------------------------------------------------------------

/// Lines of a page that carry style or script, with their numbers.
fn inline_code(page: &str) -> Vec<(usize, String)> {
    let guilty = |line: &str| {
        let line = line.to_ascii_lowercase();
        let bare_script = line.match_indices("<script").any(|(at, _)| {
            let tag = line[at..].split('>').next().unwrap_or_default();
            // A data block runs nothing, so the policy does not stop it.
            !tag.contains(" src=") && !tag.contains(" type=\"application/ld+json\"")
        });
        let handler = line.split(" on").skip(1).any(|rest| {
            let letters = rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
            letters.len() < rest.len() && letters.starts_with('=')
        });
        let style = line.contains("<style") || line.contains(" style=");
        bare_script || handler || style || line.contains("javascript:")
    };
    let lines = page.lines().enumerate().filter(|(_, line)| guilty(line));
    lines.map(|(number, line)| (number + 1, line.trim().to_owned())).collect()
}

fn at(file: &Path, (line, text): &(usize, String)) -> String {
    format!("{}:{line}: {text}", shown(file))
}
