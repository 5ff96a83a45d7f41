//! Letters that come back: what a message in the reply mailbox is.

use std::str::FromStr;

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::written::{self, Said};
use crate::domain::{contact::EmailAddress, id::LetterId};

/// The largest message that is read, in octets.
pub const LARGEST: usize = 256 * 1024;

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// It carries a calendar: perhaps an answer.
    Calendar {
        /// The calendar's bytes.
        ics: Vec<u8>,
        /// The method the message says it has.
        method: Option<String>,
    },
    /// A letter of ours could not be delivered (RFC 3464).
    Bounce {
        /// Which letter, if its Message-ID came back.
        letter: Option<LetterId>,
        /// Whether it never will be.
        permanent: bool,
        /// The status and the reason, for the office.
        reason: String,
    },
    /// Written by a program, such as a holiday reply: nobody answers it.
    Automatic,
    /// Somebody wrote to us: for a person to read.
    Human,
    /// More than [`LARGEST`].
    TooLarge,
    /// Not a message.
    Unreadable,
}

/// A message with who seems to have sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What it is.
    pub what: Inbound,
    /// The address in its From header; anybody can write anything there.
    pub from: Option<EmailAddress>,
    /// Its subject, for the office.
    pub subject: String,
    /// Whether the trusted host says that its sender is not who it seems to be.
    pub is_forged: bool,
    /// Whether a program says that it wrote it.
    pub is_automatic: bool,
    /// Whether a program says that it answered by itself, as it does while somebody is away.
    pub is_auto_reply: bool,
    /// What stands beside a calendar, as text.
    pub text: String,
    /// What of it a person wrote, of at most [`written::MOST`] characters.
    pub words: Option<String>,
}

impl Received {
    /// Reads a message. What `trusted`, our own mail server, has written of its sender's
    /// authentication is believed, and nobody else's word (RFC 8601 5).
    pub fn parse(raw: &[u8], trusted: Option<&str>) -> Self {
        let unread = |what| Self {
            what,
            from: None,
            subject: String::new(),
            is_forged: false,
            is_automatic: false,
            is_auto_reply: false,
            text: String::new(),
            words: None,
        };
        if raw.len() > LARGEST {
            return unread(Inbound::TooLarge);
        }
        let Some(message) = MessageParser::default().parse(raw) else {
            return unread(Inbound::Unreadable);
        };
        let sender = message.from().and_then(|from| from.first());
        let from = sender.and_then(|from| from.address());
        let text = written::text(&message);
        let said = Said {
            name: sender.and_then(|from| from.name()).unwrap_or_default(),
            address: from.unwrap_or_default(),
            subject: message.subject().unwrap_or_default(),
        };
        Self {
            what: what(&message),
            words: written::by_a_person(&text, &said),
            from: from.and_then(|address| address.parse().ok()),
            subject: message.subject().unwrap_or_default().chars().take(255).collect(),
            is_forged: trusted.is_some_and(|host| fails_dmarc(&message, host)),
            is_automatic: is_automatic(&message),
            is_auto_reply: header(&message, "Auto-Submitted")
                .is_some_and(|said| said.to_ascii_lowercase().starts_with("auto-replied")),
            text,
        }
    }
}

/// Whether the host that we trust says `dmarc=fail` in the uppermost of its results: it adds its own
/// above whatever a sender wrote.
fn fails_dmarc(message: &Message<'_>, host: &str) -> bool {
    let results = message.headers_raw().filter_map(|(name, value)| {
        let is_result = name.eq_ignore_ascii_case("Authentication-Results");
        let (by, said) = is_result.then(|| value.split_once(';')).flatten()?;
        // The name may be followed by a version.
        let by = by.split_whitespace().next().unwrap_or_default();
        by.eq_ignore_ascii_case(host).then(|| said.to_ascii_lowercase())
    });
    let said = results.into_iter().next().unwrap_or_default();
    let mut methods = said.split(';').map(str::trim).filter(|one| one.starts_with("dmarc"));
    methods.any(|one| {
        let result = one.split_once('=').map(|(_, result)| result.trim_start());
        result.is_some_and(|result| result.starts_with("fail"))
    })
}

fn what(message: &Message<'_>) -> Inbound {
    if message.headers().is_empty() {
        return Inbound::Unreadable;
    }
    let kind = message.content_type();
    let is_report = kind.is_some_and(|kind| {
        kind.c_type.eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
    });
    // A bounce may bring our own invite back: it is looked at first.
    if is_report {
        return bounce(message).unwrap_or(Inbound::Automatic);
    }
    if let Some((ics, method)) = calendar(message) {
        return Inbound::Calendar { ics, method };
    }
    // Calendars mark their answers as automatic, too: only a message without one is ignored.
    if is_automatic(message) { Inbound::Automatic } else { Inbound::Human }
}

fn header<'m>(message: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    message.header_raw(name).map(str::trim)
}

/// RFC 3834 5, and what older programs write.
fn is_automatic(message: &Message<'_>) -> bool {
    let submitted = header(message, "Auto-Submitted");
    let precedence = header(message, "Precedence").map(str::to_ascii_lowercase);
    submitted.is_some_and(|value| !value.eq_ignore_ascii_case("no"))
        || header(message, "X-Autoreply").is_some()
        || header(message, "X-Autorespond").is_some()
        || matches!(precedence.as_deref(), Some("bulk" | "junk" | "auto_reply"))
}

/// The first calendar in a message, whatever it is called.
fn calendar(message: &Message<'_>) -> Option<(Vec<u8>, Option<String>)> {
    message.parts.iter().find_map(|part| {
        let kind = part.content_type();
        let named =
            part.attachment_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".ics"));
        let subtype = kind.and_then(|kind| kind.subtype()).map(str::to_ascii_lowercase);
        let is_calendar = matches!(subtype.as_deref(), Some("calendar" | "ics"));
        if !(is_calendar || named) {
            return None;
        }
        let bytes = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.as_bytes().to_vec(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
            _ => return None,
        };
        let method = kind.and_then(|kind| kind.attribute("method")).map(str::to_owned);
        Some((bytes, method))
    })
}

/// The delivery report in a message: nothing for reports of another kind, such as read receipts.
fn bounce(message: &Message<'_>) -> Option<Inbound> {
    let report = message.parts.iter().find(|part| {
        let subtype = part.content_type().and_then(|kind| kind.subtype());
        subtype.is_some_and(|subtype| subtype.eq_ignore_ascii_case("delivery-status"))
    })?;
    let text = String::from_utf8_lossy(report.contents()).replace("\r\n", "\n");
    // Groups of fields, of the message and then of each reader, written as headers are (RFC 3464 2.1).
    let groups: Vec<Message<'_>> = text
        .split("\n\n")
        .filter_map(|group| MessageParser::default().parse_headers(group.as_bytes()))
        .collect();
    let field = |name: &'static str| {
        let raw = groups.iter().find_map(|group| header(group, name))?;
        Some(raw.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    if !field("Action").is_some_and(|action| action.eq_ignore_ascii_case("failed")) {
        return None;
    }
    let status = field("Status").unwrap_or_default();
    let permanent = !status.starts_with('4');
    let said = field("Diagnostic-Code").unwrap_or_default();
    let reason =
        format!("{status} {}", without_addresses(&said)).trim().chars().take(300).collect();
    Some(Inbound::Bounce { letter: letter_of(message), permanent, reason })
}

/// Our letter's id, from the Message-ID of what came back.
fn letter_of(message: &Message<'_>) -> Option<LetterId> {
    message.parts.iter().find_map(|part| {
        let text = match &part.body {
            PartType::Message(inner) => inner.message_id()?.to_owned(),
            // The headers alone, as text (RFC 6522 4).
            _ => MessageParser::default().parse_headers(part.contents())?.message_id()?.to_owned(),
        };
        let id = text.trim_matches(['<', '>', ' ']);
        LetterId::from_str(id.split('@').next()?).ok()
    })
}

/// What a server said, without the addresses it names: it ends in logs and lists.
fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace();
    words.filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_holiday_reply_is_automatic_and_a_question_is_for_a_person() {
        let what =
            |head: &str| Received::parse(format!("{head}\r\n\r\nHello").as_bytes(), None).what;
        assert_eq!(what("From: a@b.org\r\nAuto-Submitted: auto-replied"), Inbound::Automatic);
        assert_eq!(what("From: a@b.org\r\nPrecedence: bulk"), Inbound::Automatic);
        assert_eq!(what("From: a@b.org\r\nAuto-Submitted: no"), Inbound::Human);
        assert_eq!(what("From: Ben <a@b.org>\r\nSubject: Parking?"), Inbound::Human);
        assert_eq!(Received::parse(&vec![b'a'; LARGEST + 1], None).what, Inbound::TooLarge);
    }

    #[test]
    fn a_bounce_names_the_letter_and_no_address() {
        let raw = "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\n\
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
            --b\r\nContent-Type: message/delivery-status\r\n\r\n\
            Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ben@example.org\r\n\
            Action: failed\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp;\r\n 550 <ben@example.org> no such user\r\n\
            --b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
            Message-ID: <01890a5d-ac96-774b-bcce-b302099a8057@turnout.example>\r\n\r\n--b--\r\n";
        let Inbound::Bounce { letter, permanent, reason } =
            Received::parse(raw.as_bytes(), None).what
        else {
            panic!("not a bounce");
        };
        assert_eq!(letter, "01890a5d-ac96-774b-bcce-b302099a8057".parse().ok());
        assert!(permanent);
        assert_eq!(reason, "5.1.1 smtp; 550 no such user");
        let delayed = raw.replace("Action: failed", "Action: delayed");
        assert_eq!(Received::parse(delayed.as_bytes(), None).what, Inbound::Automatic);
    }

    #[test]
    fn only_our_own_mail_server_is_believed_when_it_says_that_a_sender_is_forged() {
        let forged = |results: &str| {
            let raw = format!("{results}\r\nFrom: ben@example.org\r\n\r\nHello");
            Received::parse(raw.as_bytes(), Some("mx.turnout.example")).is_forged
        };
        let ours = |dmarc| {
            format!(
                "Authentication-Results: mx.turnout.example 1;\r\n spf=pass; dmarc={dmarc} p=none"
            )
        };
        assert!(forged(&ours("fail")) && forged(&ours("FAIL")));
        assert!(!forged(&ours("pass")) && !forged(&ours("none")) && !forged("X-Nothing: said"));
        assert!(!forged("Authentication-Results: mx.example.org; dmarc=fail"), "a stranger's word");
        let hidden = format!("{}\r\n{}", ours("fail"), ours("pass"));
        assert!(forged(&hidden), "the uppermost is the one our server wrote");
    }

    proptest! {
        #[test]
        fn no_message_stops_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Received::parse(&bytes, None);
            let mut typed = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n".to_vec();
            typed.extend(bytes);
            let _ = Received::parse(&typed, None);
        }
    }
}
