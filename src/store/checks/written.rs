//! Whether the checks know of every text. That no text stands elsewhere is the compiler's to see:
//! outside `engine` nothing reaches a database but a `Statement`, and `statements!` makes those.

use std::{fs, path::Path};

use super::all;

/// The files of tables, and what each holds.
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("mod.rs") {
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text");
            files.push((format!("src/store/{name}"), text));
        }
    }
    assert!(files.len() > 20, "the files of tables are elsewhere");
    files
}

/// What the list leaves out: files that declare statements and are not on it, statements that a file
/// made by hand, and texts that are no statement.
fn left_out(files: &[(String, String)], listed: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, text) in files {
        if text.contains("statements! {") && !listed.contains(&file.as_str()) {
            faults.push(format!("{file} is not in STATEMENTS of store/mod.rs"));
        }
        if text.contains("Statement::new") {
            faults.push(format!("{file} makes a statement without statements!"));
        }
        let (code, _tests) = text.split_once("#[cfg(test)]\nmod tests").unwrap_or((text, ""));
        if ["sqlx::query", "sqlx::raw_sql", "use sqlx::"].iter().any(|way| code.contains(way)) {
            faults.push(format!("{file} runs a text without statements!"));
        }
    }
    faults
}

#[test]
fn the_list_has_every_file_with_statements() {
    let listed: Vec<_> = all().map(|statement| statement.file).collect();
    let faults = left_out(&files(), &listed);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_file_that_the_list_leaves_out_is_seen() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = [
        file("listed.rs", "statements! {\n}"),
        file("forgotten.rs", "statements! {\n}"),
        file("other.rs", "const FIND: Statement<(), ()> = Statement::new(TEXT, TEXT);"),
        file("driver.rs", "sqlx::query(\"select 1\").execute(conn).await?;"),
        file("plain.rs", "//! No statements here.\n#[cfg(test)]\nmod tests { use sqlx::Row; }"),
    ];
    assert_eq!(left_out(&files, &["listed.rs"]).len(), 3);
}
