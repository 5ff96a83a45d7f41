//! A delivered message, read back for the demo's mailbox.

use mail_parser::{MessageParser, MimeHeaders};

/// What a reader sees of a message.
#[derive(Debug, Clone)]
pub struct ReadLetter {
    /// Whom it is to, name and address.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its date, RFC 5322.
    pub date: String,
    /// Its headers in order.
    pub headers: Vec<(String, String)>,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// The calendar file that calendars take by themselves.
    pub calendar: Option<Vec<u8>>,
    /// The calendar file to open.
    pub attached: Option<String>,
}

impl ReadLetter {
    /// Reads a message; `None` if it is none.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        let to = message.to().and_then(|to| to.first()).map(|to| {
            let address = to.address().unwrap_or_default();
            to.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
        });
        let is_calendar = |part: &&mail_parser::MessagePart<'_>| {
            part.content_type().is_some_and(|kind| {
                kind.ctype().eq_ignore_ascii_case("text")
                    && kind.subtype().is_some_and(|s| s.eq_ignore_ascii_case("calendar"))
            })
        };
        let calendar = message.parts.iter().find(is_calendar).map(|part| part.contents().to_vec());
        let named = |part: &&mail_parser::MessagePart<'_>| {
            part.attachment_name().is_some_and(|name| name.ends_with(".ics"))
        };
        let attached = message.parts.iter().find(named);
        let attached = attached.map(|part| String::from_utf8_lossy(part.contents()).into_owned());
        Some(Self {
            attached,
            to: to.unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            date: message.date().map(mail_parser::DateTime::to_rfc822).unwrap_or_default(),
            headers: message
                .headers_raw()
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            calendar,
        })
    }
}
