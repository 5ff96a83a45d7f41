//! The arrows between the floors, and what must be absent from each of them.
//!
//! `main → cli → {web, jobs} → actions → {store, calendar, mail} → domain`: an arrow is kept by
//! what a floor does *not* name, so these tests read the source and look for forbidden words.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Longer than this and a file has more than one subject.
const LONGEST_FILE: usize = 400;

#[test]
fn the_domain_is_pure() {
    let forbidden = ["rocket", "sqlx", "tokio", "askama", "lettre", "ical::"];
    assert_absent(&rust_files("src/domain"), &forbidden);
}

#[test]
fn the_domain_names_no_floor_above_it() {
    assert_absent(
        &rust_files("src/domain"),
        &["crate::store", "crate::calendar", "crate::mail", "crate::actions"],
    );
    assert_absent(
        &rust_files("src/domain"),
        &["crate::web", "crate::jobs", "crate::cli", "crate::config", "crate::clock"],
    );
}

#[test]
fn store_calendar_and_mail_name_no_floor_above_them() {
    let above = ["crate::actions", "crate::web", "crate::jobs", "crate::cli", "rocket"];
    for floor in ["src/store", "src/calendar", "src/mail"] {
        assert_absent(&rust_files(floor), &above);
    }
}

#[test]
fn actions_name_neither_pages_nor_jobs_nor_the_command_line() {
    assert_absent(
        &rust_files("src/actions"),
        &["crate::web", "crate::jobs", "crate::cli", "rocket", "askama"],
    );
}

#[test]
fn web_and_jobs_do_not_know_each_other_nor_the_command_line() {
    assert_absent(&rust_files("src/web"), &["crate::jobs", "crate::cli"]);
    assert_absent(&rust_files("src/jobs"), &["crate::web", "crate::cli"]);
}

#[test]
fn only_the_store_speaks_sql() {
    assert_absent(&outside("src/store"), &["sqlx"]);
}

#[test]
fn only_the_calendar_writes_icalendar() {
    assert_absent(&outside("src/calendar"), &["ical::"]);
}

#[test]
fn nobody_reads_the_wall_clock() {
    // The one place that may is the system clock.
    let files: Vec<_> =
        rust_files("src").into_iter().filter(|file| !file.ends_with("clock.rs")).collect();
    assert_absent(&files, &["Utc::now", "Local::now"]);
}

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
    use super::{inline_code, words_in};

    #[test]
    fn on_a_forbidden_word_in_code() {
        let source = "//! Rules.\nuse sqlx::Row;\nfn wait() { tokio::spawn(x()); }\n";
        assert_eq!(words_in(source, &["sqlx", "rocket"]), [(2, "sqlx")]);
        assert_eq!(words_in(source, &["tokio"]), [(3, "tokio")]);
    }

    #[test]
    fn on_every_forbidden_word_of_a_line() {
        let source = "use {rocket::State, sqlx::Pool};";
        assert_eq!(words_in(source, &["sqlx", "rocket"]), [(1, "sqlx"), (1, "rocket")]);
    }

    #[test]
    fn but_not_on_comments_or_parts_of_words() {
        let source =
            "/// Unlike sqlx, this is pure.\nlet sprocket = 1; // not rocket\nuse vertical::x;";
        assert_eq!(words_in(source, &["sqlx", "rocket", "ical::"]), []);
    }

    #[test]
    fn and_an_address_in_a_string_does_not_hide_what_follows() {
        let source = r#"let a = "https://x"; sqlx::query(a);"#;
        assert_eq!(words_in(source, &["sqlx"]), [(1, "sqlx")]);
    }

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
        assert!(super::rust_files("src/domain").len() > 10);
        assert!(super::outside("src/store").iter().any(|file| file.ends_with("main.rs")));
    }
}

// ---- the scanner -------------------------------------------------------------------------------

fn assert_absent(files: &[PathBuf], words: &[&str]) {
    let mut found = Vec::new();
    for file in files {
        for (line, word) in words_in(&read(file), words) {
            found.push(format!("{}:{line} names `{word}`", shown(file)));
        }
    }
    assert!(found.is_empty(), "an arrow points the wrong way:\n{}", found.join("\n"));
}

/// Every forbidden word of `source` outside comments, with its line number.
fn words_in<'w>(source: &str, words: &[&'w str]) -> Vec<(usize, &'w str)> {
    let mut found = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let code = without_comment(line);
        let named = words.iter().filter(|word| names(code, word));
        found.extend(named.map(|word| (number + 1, *word)));
    }
    found
}

/// Whether `code` contains `word`, not as the tail of a longer word.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// The line up to its comment. `://` in an address does not begin one.
fn without_comment(line: &str) -> &str {
    let begins = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
    begins.map_or(line, |(at, _)| &line[..at])
}

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

fn rust_files(folder: &str) -> Vec<PathBuf> {
    files_below(&root(folder), "rs")
}

/// Every source file that is not below `folder`.
fn outside(folder: &str) -> Vec<PathBuf> {
    let folder = root(folder);
    rust_files("src").into_iter().filter(|file| !file.starts_with(&folder)).collect()
}

/// Files with that extension below `folder`, sorted; none where there is no such folder.
fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        if path.is_dir() {
            files.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root("")).unwrap_or(file).display().to_string()
}

fn at(file: &Path, (line, text): &(usize, String)) -> String {
    format!("{}:{line}: {text}", shown(file))
}
