//! Reading what calendars answer (RFC 5546 3.2.3), as their programs really word it.
//!
//! The `ical` crate's own parser fails on a byte order mark, on lower case and on components it
//! does not know, so only its line parser is used, one unfolded line at a time.

use std::io::Cursor;

use chrono::{DateTime, NaiveDateTime, Utc};
use ical::{PropertyParser, property::Property};

use super::text::clean;
use crate::domain::{
    contact::EmailAddress,
    reply::{PartStat, Reply},
};

/// The largest calendar that is read, in octets.
pub const LARGEST: usize = 128 * 1024;

/// Why a calendar is not a reply that we can act on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAReply {
    /// More than [`LARGEST`].
    #[error("too large")]
    TooLarge,
    /// Some other message, which asks nothing of us: our own invite, if somebody hands it on.
    #[error("another method than REPLY")]
    OtherMethod {
        /// The UID of the event, if it says one.
        uid: Option<String>,
    },
    /// A proposal of another time (RFC 5546 3.2.7); a person must read it.
    #[error("a proposal of another time")]
    Counter {
        /// The UID of the invitation, if it says one.
        uid: Option<String>,
        /// What was written beside it.
        words: Option<String>,
    },
    /// Somebody sends somebody else (RFC 5546 3.2.2.3); a person must read it.
    #[error("sends somebody else")]
    Delegated {
        /// The UID of the invitation.
        uid: String,
        /// Who comes instead, as far as the calendar says.
        to: Vec<EmailAddress>,
        /// What was written beside it.
        words: Option<String>,
    },
    /// Not one event, or one that repeats.
    #[error("not one event")]
    NotOneEvent,
    /// No UID, nobody who answers, or an answer we do not know.
    #[error("nobody answers")]
    NoAnswer,
}

/// Reads a reply. `method` is what the message said the calendar's method is, for programs that
/// leave it out of the calendar.
///
/// # Errors
/// [`NotAReply`].
pub fn read(bytes: &[u8], method: Option<&str>) -> Result<Reply, NotAReply> {
    if bytes.len() > LARGEST {
        return Err(NotAReply::TooLarge);
    }
    let mut inside: Vec<String> = Vec::new();
    let (mut events, mut event) = (0, Vec::new());
    let mut stated = None;
    for property in lines(bytes) {
        let value = property.value.as_deref().unwrap_or_default().trim();
        let at = inside.last().map_or("", String::as_str);
        match property.name.to_ascii_uppercase().as_str() {
            "BEGIN" => {
                let component = value.to_ascii_uppercase();
                events += u32::from(component == "VEVENT");
                inside.push(component);
            }
            "END" => {
                inside.pop();
            }
            "METHOD" if at == "VCALENDAR" => stated = Some(value.to_owned()),
            _ if at == "VEVENT" => event.push(property),
            _ => {}
        }
    }
    let stated = stated.as_deref().or(method).unwrap_or_default();
    if stated.eq_ignore_ascii_case("COUNTER") {
        return Err(NotAReply::Counter { uid: value(&event, "UID"), words: words(&event) });
    }
    if !stated.eq_ignore_ascii_case("REPLY") {
        return Err(NotAReply::OtherMethod { uid: value(&event, "UID") });
    }
    if events != 1 || event.iter().any(|one| one.name.eq_ignore_ascii_case("RECURRENCE-ID")) {
        return Err(NotAReply::NotOneEvent);
    }
    reply(&event)
}

/// The value of a property, if there is any.
fn value(event: &[Property], name: &str) -> Option<String> {
    let found = event.iter().find(|property| property.name.eq_ignore_ascii_case(name))?;
    let value = found.value.as_deref().map(str::trim).filter(|value| !value.is_empty());
    value.map(str::to_owned)
}

fn reply(event: &[Property]) -> Result<Reply, NotAReply> {
    let uid = value(event, "UID").ok_or(NotAReply::NoAnswer)?;
    let answers: Vec<_> = event
        .iter()
        .filter(|property| property.name.eq_ignore_ascii_case("ATTENDEE"))
        .filter_map(|property| Some((address(property)?, answer(property)?)))
        .collect();
    let words = words(event);
    if answers.is_empty() {
        let attendees = event.iter().filter(|one| one.name.eq_ignore_ascii_case("ATTENDEE"));
        let delegates = attendees.filter(|one| is(one, "PARTSTAT", "DELEGATED"));
        let mut to = delegates.map(delegated_to).peekable();
        if to.peek().is_some() {
            return Err(NotAReply::Delegated { uid, to: to.flatten().collect(), words });
        }
        return Err(NotAReply::NoAnswer);
    }
    Ok(Reply {
        words,
        uid,
        answers,
        sequence: value(event, "SEQUENCE").and_then(|text| text.parse().ok()).unwrap_or(0),
        stamp: value(event, "DTSTAMP").as_deref().and_then(stamp),
    })
}

/// `mailto:` in any case, with or without it.
fn address(property: &Property) -> Option<EmailAddress> {
    let value = property.value.as_deref()?.trim();
    let scheme = value.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
    value[scheme.map_or(0, str::len)..].parse().ok()
}

fn parameter<'p>(property: &'p Property, name: &str) -> &'p [String] {
    let parameters = property.params.as_deref().unwrap_or_default();
    let found = parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map_or(&[], |(_, values)| values.as_slice())
}

fn is(property: &Property, name: &str, value: &str) -> bool {
    parameter(property, name).first().is_some_and(|found| found.eq_ignore_ascii_case(value))
}

fn delegated_to(property: &Property) -> Vec<EmailAddress> {
    let named = parameter(property, "DELEGATED-TO").iter();
    let address = |value: &String| {
        let plain = value.trim().trim_matches('"');
        let scheme = plain.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:"));
        plain[scheme.map_or(0, str::len)..].parse().ok()
    };
    named.filter_map(address).collect()
}

/// The most that is kept of what somebody wrote.
const WORDS: usize = 4000;

/// What stands in the COMMENTs, as it was typed: unescaped, without what controls a screen.
fn words(event: &[Property]) -> Option<String> {
    let comments = event.iter().filter(|one| one.name.eq_ignore_ascii_case("COMMENT"));
    let typed: Vec<_> = comments.filter_map(|one| one.value.as_deref()).map(unescape).collect();
    let plain = clean(&typed.join("\n"));
    let kept: String = plain.trim().chars().take(WORDS).collect();
    Some(kept).filter(|kept| !kept.is_empty())
}

fn unescape(value: &str) -> String {
    let (mut plain, mut rest) = (String::new(), value.chars());
    while let Some(c) = rest.next() {
        match (c, c == '\\') {
            (_, true) => match rest.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            (c, _) => plain.push(c),
        }
    }
    plain
}

fn answer(property: &Property) -> Option<PartStat> {
    let parameters = property.params.as_deref().unwrap_or_default();
    let found = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case("PARTSTAT"))?;
    match found.1.first()?.to_ascii_uppercase().as_str() {
        "ACCEPTED" => Some(PartStat::Accepted),
        "TENTATIVE" => Some(PartStat::Tentative),
        "DECLINED" => Some(PartStat::Declined),
        _ => None,
    }
}

fn stamp(text: &str) -> Option<DateTime<Utc>> {
    let text = text.to_ascii_uppercase();
    Some(NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok()?.and_utc())
}

/// The properties of a calendar: bytes unfolded before they are read as text, because a fold may
/// stand inside a character; lines that cannot be read are left out.
fn lines(bytes: &[u8]) -> Vec<Property> {
    let mut unfolded = Vec::with_capacity(bytes.len());
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.first() {
            Some(b' ' | b'\t') => unfolded.extend_from_slice(&line[1..]),
            _ => {
                unfolded.push(b'\n');
                unfolded.extend_from_slice(line);
            }
        }
    }
    let text = String::from_utf8_lossy(&unfolded);
    let readable = text.split('\n').map(|line| {
        line.chars().filter(|c| !matches!(c, '\u{FEFF}' | '\0' | '\r')).collect::<String>()
    });
    readable
        .filter(|line| !line.is_empty())
        .filter_map(|line| PropertyParser::from_reader(Cursor::new(line)).next()?.ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n\
        UID:f47ac10b@turnout.example\r\nSEQUENCE:3\r\nDTSTAMP:20270102T100000Z\r\n\
        ATTENDEE;PARTSTAT=DECLINED;CN=\"Ben, Low\":mailto:Ben@Example.org\r\n\
        SUMMARY:Declined: a course\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    fn is_bens_decline(text: &str, method: Option<&str>) {
        let reply = read(text.as_bytes(), method).unwrap_or_else(|why| panic!("{why} in {text}"));
        assert_eq!(reply.uid, "f47ac10b@turnout.example");
        assert_eq!(reply.sequence, 3);
        assert_eq!(reply.answers, [("ben@example.org".parse().unwrap(), PartStat::Declined)]);
        assert_eq!(reply.stamp, stamp("20270102T100000Z"));
    }

    #[test]
    fn every_way_of_writing_the_same_answer_is_the_same_answer() {
        is_bens_decline(PLAIN, None);
        is_bens_decline(&format!("\u{FEFF}{PLAIN}"), None);
        is_bens_decline(&PLAIN.replace("\r\n", "\n"), None);
        is_bens_decline(&PLAIN.to_lowercase().replace("z\r\n", "Z\r\n"), None);
        is_bens_decline(&PLAIN.replace("METHOD:REPLY\r\n", ""), Some("reply"));
        is_bens_decline(&PLAIN.replace("mailto:", "MAILTO:"), None);
        is_bens_decline(&PLAIN.replace("turnout.example\r\n", "turnout\r\n .example\r\n"), None);
        let alarm =
            "BEGIN:VALARM\r\nUID:other\r\nEND:VALARM\r\nBEGIN:X-NEW\r\nUID:x\r\nEND:X-NEW\r\n";
        is_bens_decline(&PLAIN.replace("END:VEVENT", &format!("{alarm}END:VEVENT")), None);
    }

    #[test]
    fn what_is_no_answer_to_one_event_is_refused() {
        let refused = |text: &str| read(text.as_bytes(), None).err();
        let uid = Some("f47ac10b@turnout.example".to_owned());
        let counter = NotAReply::Counter { uid: uid.clone(), words: None };
        assert_eq!(refused(&PLAIN.replace("REPLY", "COUNTER")), Some(counter));
        let other = NotAReply::OtherMethod { uid };
        assert_eq!(refused(&PLAIN.replace("REPLY", "CANCEL")), Some(other.clone()));
        assert_eq!(refused(&PLAIN.replace("METHOD:REPLY\r\n", "")), Some(other));
        let twice = PLAIN.replace("END:VCALENDAR", "BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR");
        assert_eq!(refused(&twice), Some(NotAReply::NotOneEvent));
        let recurring = PLAIN.replace("SUMMARY", "RECURRENCE-ID:20270102\r\nSUMMARY");
        assert_eq!(refused(&recurring), Some(NotAReply::NotOneEvent));
        let delegated = refused(&PLAIN.replace("DECLINED", "DELEGATED"));
        assert!(matches!(delegated, Some(NotAReply::Delegated { .. })), "{delegated:?}");
        assert_eq!(refused(&PLAIN.replace("DECLINED", "MAYBE")), Some(NotAReply::NoAnswer));
        assert_eq!(refused(""), Some(NotAReply::OtherMethod { uid: None }));
        assert_eq!(refused(&"A".repeat(LARGEST + 1)), Some(NotAReply::TooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = read(&bytes, Some("REPLY"));
        }

        #[test]
        fn no_damage_to_a_reply_stops_the_reader(
            at in 0..PLAIN.len(), length in 0..40_usize, with in prop::collection::vec(any::<u8>(), 0..40)
        ) {
            let mut bytes = PLAIN.as_bytes().to_vec();
            bytes.splice(at..(at + length).min(PLAIN.len()), with);
            if let Ok(reply) = read(&bytes, None) {
                prop_assert!(!reply.uid.is_empty() && !reply.answers.is_empty());
            }
        }
    }
}
