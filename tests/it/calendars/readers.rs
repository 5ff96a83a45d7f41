//! Running the readers, and what they say.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

/// A file as somebody understands it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Understood {
    pub file: String,
    pub method: String,
    pub events: Vec<Event>,
}

/// An event as somebody understands it. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Event {
    pub uid: String,
    pub sequence: u32,
    pub start: i64,
    pub end: i64,
    pub summary: String,
    pub location: String,
    pub description: Option<String>,
    pub status: Option<String>,
    pub attendees: Vec<String>,
}

/// The reader of this name; `None`, said aloud, where it is not ready.
pub fn reader(name: &str) -> Option<PathBuf> {
    let ready = std::env::var_os("TURNOUT_CALENDAR_READERS")
        .map(|folder| PathBuf::from(folder).join(name))
        .filter(|path| path.is_file());
    if ready.is_none() {
        eprintln!("SKIPPED {name}: TURNOUT_CALENDAR_READERS does not name a folder with it");
    }
    ready
}

/// What a reader makes of the files in a folder, in order of name.
pub fn understood(reader: &Path, folder: &Path) -> Vec<Understood> {
    let done = Command::new(reader).arg(folder).output().expect("the reader runs");
    let said = String::from_utf8(done.stdout).expect("UTF-8");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why} in {line}"));
    said.lines().map(read).collect()
}
