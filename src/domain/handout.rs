//! What people are given to read: a link or a file, for those who have a place or for those who came.

use chrono::{DateTime, Utc};
use url::{Host, Url};

use super::{
    id::{CourseSlug, HandoutId, SessionCode},
    text::{Line, Name},
    vocabulary::words,
};

/// How many a course or a session has at most.
pub const MOST: usize = 20;

/// The largest file that is taken, in bytes: more than a phone on mobile data should be sent anyway.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Who may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Readership {
    /// Whoever has a place.
    #[default]
    Confirmed,
    /// Whoever came to a day of the session.
    Came,
}

words!(Readership { Confirmed => "confirmed", Came => "came" });

/// Where it is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandedOut {
    /// On every session of a course.
    Course(CourseSlug),
    /// On one session.
    Session(SessionCode),
}

/// What is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// A page somewhere else, by its address.
    Link(String),
    /// A PDF that we keep.
    File {
        /// What it is saved as: letters, digits and signs that every machine takes.
        name: String,
        /// How large it is.
        bytes: u32,
    },
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handout {
    /// Stays the same whatever is changed about it.
    pub id: HandoutId,
    /// Where it is handed out.
    pub of: HandedOut,
    /// What it is called.
    pub title: Name,
    /// The link or the file.
    pub paper: Paper,
    /// Who may read it.
    pub audience: Readership,
    /// Since when it is there.
    pub added_at: DateTime<Utc>,
}

impl Handout {
    /// Whether somebody may read it, who has a place or not, and came or not.
    pub const fn is_for(&self, has_place: bool, came: bool) -> bool {
        match self.audience {
            Readership::Confirmed => has_place,
            Readership::Came => came,
        }
    }

    /// `PDF, 1.2 MB`, or where a link leads.
    pub fn kind(&self) -> String {
        match &self.paper {
            Paper::Link(address) => {
                let host = Url::parse(address).ok();
                host.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
            }
            Paper::File { bytes, .. } => format!("PDF, {}", size(*bytes)),
        }
    }

    /// How large its file is, if it has one.
    pub const fn bytes(&self) -> Option<u32> {
        match &self.paper {
            Paper::Link(_) => None,
            Paper::File { bytes, .. } => Some(*bytes),
        }
    }
}

/// How large something is, in the units people know: `840 kB`, `1.2 MB`.
fn size(bytes: u32) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1_000..=999_999 => format!("{} kB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (u64::from(bytes) + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// Why something cannot be handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaperFault {
    /// No link and no file, or both.
    #[error("choose a PDF, or enter a link, and not both")]
    Neither,
    /// Not an address that a browser would open.
    #[error("enter a whole link. It starts with https:// and has no spaces or quotation marks")]
    Link,
    /// Something else than a PDF, whatever its name says.
    #[error("choose a PDF. Save other papers as a PDF first")]
    NotPdf,
    /// It opens with a password only, and nobody would have it.
    #[error("this PDF asks for a password. Save it without one")]
    Locked,
    /// A PDF that something is missing of.
    #[error("this PDF is damaged or was cut short. Save it once more and choose it again")]
    Damaged,
    /// Larger than what is taken.
    #[error("the file is larger than 10 MB. Save it smaller, or enter a link to it")]
    TooLarge,
}

impl Paper {
    /// A link, as it was typed.
    ///
    /// # Errors
    /// [`PaperFault::Link`].
    pub fn link(typed: &str) -> Result<Self, PaperFault> {
        let typed = Line::<500>::parse(typed).map_err(|_| PaperFault::Link)?.to_string();
        let ends_a_link = |c: char| c.is_whitespace() || "\"'<>`{}|\\^".contains(c);
        let url = Url::parse(&typed).map_err(|_| PaperFault::Link)?;
        let has_name = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'));
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_safe = typed.starts_with("https://") && !typed.chars().any(ends_a_link);
        if has_name && is_plain && is_safe { Ok(Self::Link(typed)) } else { Err(PaperFault::Link) }
    }

    /// A file, looked at by what stands in it: a PDF begins with its version and ends with its end (ISO
    /// 32000-2, 7.5).
    ///
    /// # Errors
    /// [`PaperFault`].
    pub fn file(name: &str, content: &[u8]) -> Result<Self, PaperFault> {
        if content.len() > MOST_BYTES {
            return Err(PaperFault::TooLarge);
        }
        if !content.starts_with(b"%PDF-") {
            return Err(PaperFault::NotPdf);
        }
        let tail = &content[content.len().saturating_sub(2_048)..];
        let has = |part: &[u8], word: &[u8]| part.windows(word.len()).any(|seen| seen == word);
        if !has(tail, b"%%EOF") {
            return Err(PaperFault::Damaged);
        }
        if has(tail, b"/Encrypt") {
            return Err(PaperFault::Locked);
        }
        let bytes = u32::try_from(content.len()).map_err(|_| PaperFault::TooLarge)?;
        Ok(Self::File { name: saved_as(name), bytes })
    }
}

/// What a file is saved as: its own name as far as every machine takes it, and what it is.
fn saved_as(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let stem = if lower.ends_with(".pdf") { &name[..name.len() - 4] } else { name };
    let safe = |letter: char| {
        if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' }
    };
    let stem: String = stem.chars().map(safe).take(80).collect();
    let stem = stem.trim_matches(|letter| letter == '-' || letter == '.');
    if stem.is_empty() { "handout.pdf".to_owned() } else { format!("{stem}.pdf") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_pdf_by_what_stands_in_it() {
        let whole = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";
        let name = "One to one.pdf".to_owned();
        let kept = Paper::file(&name, whole);
        let bytes = u32::try_from(whole.len()).unwrap();
        assert_eq!(kept, Ok(Paper::File { name: "One-to-one.pdf".to_owned(), bytes }));
        assert_eq!(Paper::file(&name, b"PK\x03\x04"), Err(PaperFault::NotPdf));
        assert_eq!(Paper::file(&name, b""), Err(PaperFault::NotPdf));
        assert_eq!(Paper::file(&name, &whole[..30]), Err(PaperFault::Damaged));
        let locked = b"%PDF-1.7\ntrailer\n<< /Root 1 0 R /Encrypt 2 0 R >>\n%%EOF";
        assert_eq!(Paper::file(&name, locked), Err(PaperFault::Locked));
        let mut large = whole.to_vec();
        large.resize(MOST_BYTES + 1, b' ');
        assert_eq!(Paper::file(&name, &large), Err(PaperFault::TooLarge));
    }

    #[test]
    fn a_file_says_how_large_it_is_and_a_link_where_it_leads() {
        let handout = |paper| Handout {
            id: HandoutId::new(uuid::Uuid::from_u128(1)),
            of: HandedOut::Course("two-day".parse().unwrap()),
            title: Name::parse("One to one").unwrap(),
            paper,
            audience: Readership::Came,
            added_at: DateTime::UNIX_EPOCH,
        };
        let file = handout(Paper::File { name: "a.pdf".to_owned(), bytes: 840_000 });
        assert_eq!((file.bytes(), file.kind().as_str()), (Some(840_000), "PDF, 840 kB"));
        let link = handout(Paper::Link("https://example.org/one".to_owned()));
        assert_eq!((link.bytes(), link.kind().as_str()), (None, "example.org"));
        assert!(!link.is_for(true, false) && link.is_for(false, true));
    }

    #[test]
    fn what_a_file_is_saved_as_cannot_lead_anywhere() {
        for (typed, kept) in [
            ("Notes.PDF", "Notes.pdf"),
            ("../../etc/passwd", "etc-passwd.pdf"),
            ("a\"; filename=\"b.exe", "a---filename--b.exe.pdf"),
            ("Nodiadau’r sesiwn.pdf", "Nodiadau-r-sesiwn.pdf"),
            ("", "handout.pdf"),
            ("…", "handout.pdf"),
        ] {
            assert_eq!(saved_as(typed), kept, "{typed}");
        }
    }

    #[test]
    fn a_link_is_a_whole_address_of_a_web_page() {
        assert!(Paper::link(" https://example.org/reading?page=2#top ").is_ok());
        for bad in
            ["", "example.org", "http://example.org/", "javascript:alert(1)", "https://a b.org"]
        {
            assert_eq!(Paper::link(bad), Err(PaperFault::Link), "{bad}");
        }
        assert_eq!(Paper::link("https://me:secret@example.org/"), Err(PaperFault::Link));
    }

    #[test]
    fn sizes_are_told_in_units_people_know() {
        for (bytes, words) in
            [(1, "1 bytes"), (1_499, "1 kB"), (840_000, "840 kB"), (1_249_999, "1.2 MB")]
        {
            assert_eq!(size(bytes), words);
        }
    }

    #[test]
    fn the_largest_file_that_is_taken_has_ten_mebibytes() {
        let file = |bytes: usize| {
            let mut content = b"%PDF-1.7\n".to_vec();
            content.resize(bytes - 5, b' ');
            content.extend(b"%%EOF");
            Paper::file("Notes", &content)
        };
        let kept = Paper::File { name: "Notes.pdf".to_owned(), bytes: 10_485_760 };
        assert_eq!(file(10_485_760), Ok(kept));
        assert_eq!(file(10_485_761), Err(PaperFault::TooLarge));
    }

    #[test]
    fn a_link_names_no_account_and_holds_nothing_that_ends_it_early() {
        for bad in [
            "https://me@example.org/",
            "https://:secret@example.org/",
            "https://example.org/a b",
            "https://example.org/\"x",
            "https://example.org/<x",
            "https://localhost/reading",
            "https://192.0.2.1/reading",
        ] {
            assert_eq!(Paper::link(bad), Err(PaperFault::Link), "{bad}");
        }
    }
}
