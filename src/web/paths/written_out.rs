//! No page, form or redirect writes an address out: all come from this module.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where addresses lead elsewhere, or texts only look like them: letters name whole addresses, the
/// API points into what was sent.
const ELSEWHERE: &[&str] = &["src/web/api/", "src/web/paths/", "templates/letters/"];

/// Lines that write an address out, but for files that never move.
fn written_out(text: &str) -> Vec<&str> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let signs =
        ["href=\"/", "action=\"/", "Redirect::to(\"", "Redirect::to(format!", "format!(\"/"];
    let writes = |line: &&str| {
        let plain = line.replace("href=\"/static/", "");
        signs.iter().any(|sign| plain.contains(sign))
    };
    text.lines().filter(writes).collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_link_is_written_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    files_below(&root.join("src/web"), &mut files);
    files_below(&root.join("templates"), &mut files);
    assert!(files.len() > 150, "the sources were not found");
    for file in files {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let is_text = name.ends_with(".rs") || name.ends_with(".html");
        if !is_text || ELSEWHERE.iter().any(|place| name.starts_with(place)) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(written_out(&text), Vec::<&str>::new(), "{name} writes addresses out");
    }
    let wrong =
        "<a href=\"/office\">\n<link href=\"/static/app.css\">\nRedirect::to(format!(\"/x\"))";
    assert_eq!(written_out(wrong).len(), 2);
}
