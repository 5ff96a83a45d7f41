//! A short letter: when and where, something to know under each heading, and one button.

use super::{
    Content, content,
    frame::{Button, Details, Frame, Step},
};

/// The facts of a short letter.
pub(super) struct Note {
    pub(super) frame: Frame,
    pub(super) details: Details,
    pub(super) steps: Vec<Step>,
    pub(super) button: Button,
}

impl Note {
    /// The letter.
    pub(super) fn render(&self) -> Content {
        content!(self, Note, "letters/note/body.txt", "letters/note/body.html")
    }
}
