//! A letter as an Internet message.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{
            ContentDisposition, ContentTransferEncoding, ContentType, ContentTypeErr, Header,
            HeaderName, HeaderValue,
        },
    },
};
use sha2::{Digest, Sha256};

use super::{Letterhead, plain};
use crate::domain::{
    contact::EmailAddress,
    letter::{CalendarMethod, CalendarPart, Circular, Letter},
};

/// Why a letter cannot become a message. Trying again does not help. Names no address.
#[derive(Debug, thiserror::Error)]
pub enum MimeError {
    /// An address that our rules take and the mail library does not.
    #[error("an address cannot stand in a message")]
    Address(#[source] lettre::address::AddressError),
    /// A part cannot be described.
    #[error("a content type cannot be written")]
    ContentType(#[source] ContentTypeErr),
    /// Something is missing from the message.
    #[error("the message cannot be built")]
    Build(#[source] lettre::error::Error),
}

/// `Auto-Submitted` (RFC 3834 5): keeps holiday replies from answering us.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Where letters to many are stopped, below the site's address.
pub const STOP_PATH: &str = "/stop/";

/// `List-Unsubscribe` (RFC 2369 3.2): where a mail program stops letters like this one for its reader.
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// `List-Unsubscribe-Post` (RFC 8058 3.1): one click there is enough.
#[derive(Clone)]
struct OneClick;

impl Header for OneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// The link in a letter to many by which its reader stops them.
fn stop_link<'a>(letterhead: &Letterhead, letter: &'a Letter) -> Option<&'a str> {
    Circular::of(letter.kind)?;
    let start = format!("{}{STOP_PATH}", letterhead.base_url);
    let at = letter.text.rfind(&start)?;
    letter.text[at..].split_whitespace().next()
}

/// Makes a letter into a message, dated `date`, to its one recipient. The same letter and date
/// give the same bytes: what is sent twice is one message to whoever receives it.
///
/// With a calendar it is the structure that Gmail, Outlook and Apple Mail all act on: the invite
/// as the last alternative, where clients look for it, and the same bytes once more as an attached
/// `application/ics`, for people whose client does not.
///
/// # Errors
/// [`MimeError`], when the mail library refuses an address or a part.
pub fn to_mime(
    letterhead: &Letterhead,
    letter: &Letter,
    date: DateTime<Utc>,
) -> Result<Message, MimeError> {
    let mut headers = Message::builder()
        .from(mailbox(Some(&letterhead.name), &letterhead.address)?)
        .to(mailbox(letter.to_name.as_deref(), &letter.to)?)
        .subject(plain::subject(&letter.subject))
        .date(SystemTime::from(date))
        .message_id(Some(format!("<{}@{}>", letter.id, letterhead.host)))
        .header(AutoSubmitted);
    if let Some(link) = stop_link(letterhead, letter) {
        headers = headers.header(ListUnsubscribe(link.to_owned())).header(OneClick);
    }
    if let Some(thread) = &letter.thread {
        headers = headers.references(reference(letterhead, thread));
    }
    // A letter does not stay away from its reader because of the address that answers would go to.
    if let Some(address) = letter.reply_to.as_ref().and_then(|one| mailbox(None, one).ok()) {
        headers = headers.reply_to(address);
    }
    let boundary = |part: &str| format!("{part}-{}", letter.id.uuid().simple());
    let mut words = MultiPart::alternative()
        .boundary(boundary("words"))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let body = match &letter.calendar {
        None => words,
        Some(calendar) => {
            // A file of many days is opened by hand; clients would show the first of them alone.
            if calendar.method != CalendarMethod::Publish {
                words = words.singlepart(inline(calendar)?);
            }
            MultiPart::mixed()
                .boundary(boundary("letter"))
                .multipart(words)
                .singlepart(attached(calendar)?)
        }
    };
    headers.multipart(body).map_err(MimeError::Build)
}

/// What all letters of a thread refer to, so that mail clients show an invite, its changes and its
/// withdrawal together. A digest, because the thread is the invitation's secret UID.
fn reference(letterhead: &Letterhead, thread: &str) -> String {
    let digest = Sha256::digest(thread.as_bytes());
    let word: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("<thread-{word}@{}>", letterhead.host)
}

/// The invite where clients look for it. Base64, because relays rewrap and reflow anything else,
/// and iCalendar needs its CRLF. No disposition: with one, Outlook shows a file.
fn inline(calendar: &CalendarPart) -> Result<SinglePart, MimeError> {
    let method = calendar.method;
    let kind = format!("text/calendar; charset=utf-8; method={method}; component=VEVENT");
    Ok(SinglePart::builder()
        .header(content_type(&kind)?)
        .header(ContentTransferEncoding::Base64)
        .body(calendar.ics.clone().into_bytes()))
}

/// The invite as a file to open. Not a second text/calendar: clients would act on it twice.
fn attached(calendar: &CalendarPart) -> Result<SinglePart, MimeError> {
    Ok(SinglePart::builder()
        .header(content_type("application/ics; name=\"invite.ics\"")?)
        .header(ContentDisposition::attachment("invite.ics"))
        .header(ContentTransferEncoding::Base64)
        .body(calendar.ics.clone().into_bytes()))
}

fn content_type(text: &str) -> Result<ContentType, MimeError> {
    ContentType::parse(text).map_err(MimeError::ContentType)
}

/// The mail library panics on line breaks in a display name, so names are cleaned here, last.
fn mailbox(name: Option<&str>, address: &EmailAddress) -> Result<Mailbox, MimeError> {
    let address: Address = address.as_str().parse().map_err(MimeError::Address)?;
    Ok(Mailbox::new(name.and_then(plain::display_name), address))
}

#[cfg(test)]
mod tests;
