//! The demo's mailbox. A letter is named by its file.

use super::Href;

pub fn letters() -> Href {
    Href::of("/mailbox")
}

pub fn letter(file: &str) -> Href {
    letters().join(file)
}

pub fn letter_html(file: &str) -> Href {
    letter(file).join("html")
}

pub fn letter_eml(file: &str) -> Href {
    letter(file).join("letter.eml")
}

pub fn invite_ics(file: &str) -> Href {
    letter(file).join("invite.ics")
}
