//! Every calendar object the product makes, read by programs that share no code with it.
//!
//! The readers are made by `tests/calendars/prepare`; `TURNOUT_CALENDAR_READERS` says where.

pub mod mailbox;
mod matrix;
pub mod readers;
mod subscriber;

use matrix::Made;
use readers::{reader, understood};

/// Who reads.
pub const NAMES: [&str; 3] = ["ical.js", "icalendar", "libical"];

#[test]
fn three_other_implementations_agree_with_us_on_everything_we_make() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = matrix::write(folder.path());
    assert!(made.len() > 500, "a matrix, not a sample: {}", made.len());
    for name in NAMES {
        let Some(program) = reader(name) else { continue };
        let read = understood(&program, folder.path());
        assert_eq!(read.len(), made.len(), "{name} read every file");
        for (Made { file, expected }, mut read) in made.iter().zip(read) {
            for event in &mut read.events {
                // The words of a description are the product's; that each reader finds what was
                // typed in it, whole and in one piece, is the point.
                let words = event.description.take().unwrap_or_default();
                assert!(expected.method == "CANCEL" || words.contains("/sessions/S001"), "{words}");
            }
            for (theirs, ours) in read.events.iter().zip(&expected.events) {
                assert_eq!(theirs, ours, "{name} on {file}");
            }
            assert_eq!(&read, expected, "{name} on {file}");
        }
    }
}
