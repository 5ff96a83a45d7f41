use mail_parser::{Message as Parsed, MessageParser, MimeHeaders};

use super::*;
use crate::{domain::letter::CalendarMethod, mail::samples};

fn parsed(letter: &Letter) -> Parsed<'static> {
    let bytes = samples::message(letter).formatted();
    assert!(bytes.is_ascii(), "no relay needs 8BITMIME");
    MessageParser::default().parse(&bytes).unwrap().into_owned()
}

fn kinds(message: &Parsed<'_>) -> Vec<String> {
    let kind = |part: &mail_parser::MessagePart<'_>| {
        part.content_type()
            .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("")))
            .unwrap_or_default()
    };
    message.parts.iter().map(kind).collect()
}

#[test]
fn an_invite_is_the_last_alternative_and_once_more_an_attachment() {
    let mut letter = samples::letter();
    for (method, word) in [(CalendarMethod::Request, "REQUEST"), (CalendarMethod::Cancel, "CANCEL")]
    {
        letter.calendar.as_mut().unwrap().method = method;
        let message = parsed(&letter);
        let expected = [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
        ];
        assert_eq!(kinds(&message), expected);
        let (inline, attached) = (&message.parts[4], &message.parts[5]);
        let kind = inline.content_type().unwrap();
        assert_eq!(kind.attribute("method"), Some(word));
        assert_eq!(kind.attribute("charset"), Some("utf-8"));
        assert_eq!(kind.attribute("component"), Some("VEVENT"));
        assert!(inline.content_disposition().is_none());
        assert!(attached.content_disposition().unwrap().is_attachment());
        assert_eq!(attached.attachment_name(), Some("invite.ics"));
        for part in [inline, attached] {
            assert_eq!(part.content_transfer_encoding(), Some("base64"));
            assert_eq!(part.contents(), letter.calendar.as_ref().unwrap().ics.as_bytes());
        }
    }
}

#[test]
fn a_letter_without_a_calendar_is_plain_text_and_html() {
    let letter = Letter { calendar: None, ..samples::letter() };
    assert_eq!(kinds(&parsed(&letter)), ["multipart/alternative", "text/plain", "text/html"]);
}

#[test]
fn a_letter_has_one_recipient_and_comes_from_the_organizer() {
    let message = parsed(&samples::letter());
    let to = message.to().unwrap().as_list().unwrap();
    assert_eq!(to.len(), 1);
    assert_eq!(to[0].address(), Some("jose@example.org"));
    assert_eq!(to[0].name(), Some("José García, Dr"));
    assert!(message.cc().is_none() && message.bcc().is_none() && message.reply_to().is_none());
    let from = message.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("trainings@turnout.example.org"));
    assert_eq!(from.name(), Some("Turnout trainings"));
    assert_eq!(message.subject(), Some("You have a place: Día uno"));
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(
        message.date().map(mail_parser::DateTime::to_timestamp),
        Some(samples::date().timestamp())
    );
    let id = format!("{}@turnout.example.org", samples::letter().id);
    assert_eq!(message.message_id(), Some(id.as_str()));
}

#[test]
fn a_letter_sent_twice_is_one_message_byte_for_byte() {
    let letter = samples::letter();
    assert_eq!(samples::message(&letter).formatted(), samples::message(&letter).formatted());
}

#[test]
fn letters_of_one_invitation_stand_together_without_telling_its_secret() {
    let refers = |thread: &str| {
        let letter = Letter { thread: Some(thread.to_owned()), ..samples::letter() };
        let message = samples::message(&letter);
        let raw = message.headers().get_raw("References").unwrap().to_owned();
        assert!(!raw.contains(thread) && raw.ends_with("@turnout.example.org>"), "{raw}");
        raw
    };
    assert_eq!(refers("secret-uid"), refers("secret-uid"));
    assert_ne!(refers("secret-uid"), refers("another-uid"));
}

#[test]
fn hostile_names_never_panic_and_never_become_headers() {
    let long = "Å".repeat(4000);
    for (name, read) in [
        ("Åsa", Some("Åsa")),
        ("José García, Dr", Some("José García, Dr")),
        ("O\"Neill \\ Sons", Some("O\"Neill \\ Sons")),
        ("", None),
        (" \r\n ", None),
        ("Eve\r\nBcc: x@example.org", Some("Eve Bcc: x@example.org")),
        ("a\u{0}b\u{2028}c\u{7f}", Some("a b c")),
        ("=?utf-8?Q?x?= <x@example.org>, y", Some("=?utf-8?Q?x?= <x@example.org>, y")),
        ("👩🏾‍🦽 Ana 李伟 Kẹ́mi", Some("👩🏾‍🦽 Ana 李伟 Kẹ́mi")),
        (long.as_str(), None),
    ] {
        let letter = Letter {
            to_name: Some(name.to_owned()),
            subject: format!("For {name}\r\nBcc: y@example.org"),
            ..samples::letter()
        };
        let message = parsed(&letter);
        let to = message.to().unwrap().as_list().unwrap();
        assert_eq!((to.len(), to[0].address()), (1, Some("jose@example.org")), "{name:?}");
        if name != long {
            assert_eq!(to[0].name(), read, "{name:?}");
        }
        assert!(message.bcc().is_none(), "{name:?}");
        assert!(message.subject().unwrap().chars().count() <= 255);
        assert_eq!(message.parts.len(), 6);
    }
}
