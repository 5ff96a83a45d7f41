//! What a person wrote beside an answer of her calendar: a message without what her programs add to it,
//! such as the sentence that says what was answered, the letter she answers, and where she got her phone.
//!
//! Where it could be either, it counts as written: words that nobody needed are a smaller loss than words
//! that nobody saw.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType, decoders::html::html_to_text};

use crate::domain::characters::{breaks_line, is_deceptive, is_invisible};

/// The most characters that are kept of it.
pub const MOST: usize = 4000;

/// Who seems to have sent a message, and what about.
pub(super) struct Said<'a> {
    pub name: &'a str,
    pub address: &'a str,
    pub subject: &'a str,
}

/// All that stands in a message for people to read, next to what is for programs.
pub(super) fn text(message: &Message<'_>) -> String {
    let is_for_people = |part: &&MessagePart<'_>| {
        let is_text = part.content_type().is_none_or(|kind| {
            let subtype = kind.subtype().unwrap_or_default();
            ["plain", "html"].iter().any(|one| subtype.eq_ignore_ascii_case(one))
        });
        is_text && part.attachment_name().is_none()
    };
    let bodies = message.text_body.iter().filter_map(|id| message.part(*id));
    let texts = bodies.filter(is_for_people).filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        PartType::Html(html) => Some(html_to_text(unquoted(html))),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// HTML as far as she wrote it: programs put the letter she answers into elements that say so.
fn unquoted(html: &str) -> &str {
    let lower = html.to_ascii_lowercase();
    let quotes = [
        "<blockquote",
        "<div class=\"gmail_quote",
        "<div id=\"appendonsend\"",
        "<div id=\"divrplyfwdmsg\"",
        "<div class=\"moz-cite-prefix\"",
    ];
    let end = quotes.iter().filter_map(|quote| lower.find(quote)).min();
    &html[..end.unwrap_or(html.len())]
}

/// What a person wrote of a text; nothing, if programs wrote all of it.
pub(super) fn by_a_person(text: &str, said: &Said<'_>) -> Option<String> {
    let clean = text.replace("\r\n", "\n");
    let clean: String = clean
        .chars()
        .filter_map(|c| match c {
            c if breaks_line(c) => Some('\n'),
            '\t' => Some(' '),
            c if is_deceptive(c) => None,
            c => Some(c),
        })
        .collect();
    let lines: Vec<&str> = clean.lines().map(str::trim).collect();
    let kept = if lines.iter().any(|line| line.starts_with("Invitation from Google Calendar")) {
        note(&lines)
    } else {
        own(&lines, said)
    };
    let kept = kept.join("\n").replace("\n\n\n", "\n\n");
    let kept: String = kept.trim().chars().take(MOST).collect();
    kept.chars().any(|c| !is_invisible(c) && !c.is_ascii_punctuation()).then_some(kept)
}

/// Google writes the whole event beside an answer, and what she wrote after a colon, in quotes.
fn note<'l>(lines: &[&'l str]) -> Vec<&'l str> {
    let Some(at) = lines.iter().position(|line| line.ends_with("note:")) else { return vec![] };
    let after = lines[at + 1..].iter().skip_while(|line| line.is_empty());
    let note = after.take_while(|line| !line.is_empty());
    note.map(|line| line.trim_matches(['"', '“', '”'])).collect()
}

/// The lines that are hers.
fn own<'l>(lines: &[&'l str], said: &Said<'_>) -> Vec<&'l str> {
    let mut own = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at..];
        if ends(rest) {
            break;
        }
        let skipped = attribution(rest);
        at += skipped.max(1);
        let is_programs =
            skipped > 0 || line.starts_with('>') || is_answer(line, said) || is_advert(line);
        if !is_programs {
            own.push(*line);
        }
    }
    own
}

/// Whether nothing from here on is hers: her signature, or the letter that she answers or hands on.
fn ends(rest: &[&str]) -> bool {
    let line = rest[0];
    let is_rule = line.len() >= 10 && line.chars().all(|c| c == '_');
    let is_banner = line.starts_with("-----") && line.ends_with("-----") && line.len() > 12;
    // Outlook repeats the head of what is answered, in the language of its user.
    let is_head = |line: &&&str| {
        let label = line.split(':').next().unwrap_or_default().trim_matches(['*', ' ']);
        let labels = ["Sent", "Date", "To", "Gesendet", "An", "Envoyé", "À", "Enviado", "Para"];
        labels.contains(&label)
    };
    let from = ["From:", "*From:*", "Von:", "De :", "De:", "Da:", "Van:"];
    let is_copy = from.iter().any(|label| line.starts_with(label))
        && rest.iter().skip(1).take(3).any(|line| is_head(&line));
    line == "--" || is_rule || is_banner || is_copy
}

/// How many lines say whose letter is quoted below them: `On Saturday … wrote:`.
fn attribution(rest: &[&str]) -> usize {
    let says = ["wrote:", "schrieb:", "a écrit :", "escribió:", "ha scritto:", "schreef:"];
    let starts = ["On ", "Am ", "Le ", "El ", "Il ", "Op "];
    let length = rest.iter().take(3).position(|line| line.ends_with(':'));
    let Some(last) = length else { return 0 };
    let is_known = says.iter().any(|end| rest[last].ends_with(end));
    let is_start = starts.iter().any(|start| rest[0].starts_with(start));
    let quoted = rest[last + 1..].iter().find(|line| !line.is_empty());
    let is_quoted = quoted.is_some_and(|line| line.starts_with('>'));
    let is_whole = rest[..last].iter().all(|line| !line.is_empty());
    // Who wrote it has an address, and when a number.
    let says_whose =
        rest[..=last].iter().any(|line| line.contains(|c: char| c == '@' || c.is_numeric()));
    let is_one = is_whole && ((is_known && is_start) || (is_quoted && says_whose));
    if is_one { last + 1 } else { 0 }
}

/// Whether a line is the sentence with which a program says what its user answered. It speaks of her as
/// of somebody else, or repeats the subject.
fn is_answer(line: &str, said: &Said<'_>) -> bool {
    if !line.is_empty() && line == said.subject.trim() {
        return true;
    }
    let (low, end) = (line.to_lowercase(), line.chars().count() <= 300);
    let is_her = [said.name, said.address]
        .iter()
        .any(|who| !who.is_empty() && low.starts_with(&who.to_lowercase()));
    let answers = [
        "has accepted",
        "has declined",
        "has tentatively",
        "accepted your",
        "declined your",
        "tentatively accepted",
        "accepted the invitation",
        "declined the invitation",
        "accepted this invitation",
        "declined this invitation",
        "hat die einladung",
        "hat ihre",
        "hat zugesagt",
        "hat abgesagt",
        "a accepté",
        "a refusé",
        "a décliné",
        "ha aceptado",
        "ha rechazado",
        "ha accettato",
        "ha rifiutato",
        "heeft geaccepteerd",
        "heeft geweigerd",
    ];
    // Whoever wrote the sentence may call her by another name than her letters do.
    let is_whole = ["has accepted", "has declined", "has tentatively accepted"].iter().any(|one| {
        let (who, rest) = low.split_once(one).unwrap_or_default();
        !who.is_empty() && who.split_whitespace().count() <= 5 && rest.contains("invitation")
    });
    end && (is_whole || (is_her && answers.iter().any(|one| low.contains(one))))
}

/// Whether a line is what phones and programs add for themselves.
fn is_advert(line: &str) -> bool {
    let starts = [
        "Sent from my ",
        "Sent from Outlook",
        "Sent from Mail for",
        "Sent with Proton Mail",
        "Sent from Proton Mail",
        "Get Outlook for ",
        "Von meinem iPhone gesendet",
        "Envoyé de mon ",
        "Enviado desde mi ",
        "Inviato da ",
        "Verstuurd vanaf ",
    ];
    starts.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        let said = Said {
            name: "Ben Low",
            address: "ben.low@example.org",
            subject: "Declined: Course first",
        };
        by_a_person(text, &said)
    }

    #[test]
    fn what_programs_write_by_themselves_is_nobodys_words() {
        for text in [
            "",
            " \r\n\u{A0}\r\n",
            "Ben Low has declined your invitation.",
            "Ben Low <ben.low@example.org> has declined your event invitation.",
            "ben.low@example.org declined your invitation to Course first",
            "Benjamin L. has tentatively accepted this invitation.",
            "Declined: Course first",
            "Ben Low hat die Einladung abgelehnt.\n\nVon meinem iPhone gesendet",
            "Ben Low has accepted this invitation.\n\nSent from my phone",
            "On Sat, 2 Jan 2027 at 10:00, Turnout trainings\n<trainings@turnout.example> wrote:\n\n\
             > You have a place\n> See you there",
            "________________________________\nFrom: Turnout trainings\nSent: 2 January\nHello",
            "-----Original Appointment-----\nFrom: Turnout trainings\nWhen: Saturday",
            "-- \nBen Low\n12 Mill Lane",
            "Ben Low has declined this invitation.\n\nCourse first\nSaturday 30 Jan 2027\n\n\
             Invitation from Google Calendar: https://calendar.google.com/calendar/",
        ] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn what_she_wrote_is_kept_without_what_stands_around_it() {
        let hers = "My mother is ill.\n\nMay Di come instead?";
        for text in [
            hers.to_owned(),
            hers.replace('\n', "\r\n"),
            format!("Ben Low has declined your invitation.\n\n{hers}"),
            format!("{hers}\n\nSent from my iPhone"),
            format!("{hers}\n\n-- \nBen Low, 12 Mill Lane"),
            format!("{hers}\n\nAm 02.01.2027 um 10:00 schrieb Turnout:\n> Sie haben einen Platz"),
            format!("On 2 January Turnout wrote:\n> You have a place\n\n{hers}"),
            format!("{hers}\n\nVon: Turnout\nGesendet: Samstag\nAn: Ben Low\n\nHallo"),
            format!("{hers}\n\n-----Original Appointment-----\nFrom: Turnout\nSent: 2 January"),
        ] {
            assert_eq!(written(&text).as_deref(), Some(hers), "{text}");
        }
        for text in [
            "I declined your invitation because I am on holiday.",
            "Ben Low cannot come, he has a cold. His wife",
            "Two things: first, where do I park?",
            "On Saturday I work.",
            "Nein",
        ] {
            assert_eq!(written(text).as_deref(), Some(text));
        }
        let google = "Ben Low has declined this invitation with this note:\n\n\"On a train,\nsorry\"\n\n\
             Course first\nSaturday 30 Jan 2027\n\nInvitation from Google Calendar: https://x";
        assert_eq!(written(google).as_deref(), Some("On a train,\nsorry"));
        assert_eq!(written(&"a".repeat(MOST + 9)).map(|text| text.len()), Some(MOST));
    }

    #[test]
    fn a_message_of_html_alone_ends_where_it_quotes() {
        let html = "<p>On a train, sorry.</p><div class=\"gmail_quote\">On Sat<blockquote>You";
        assert_eq!(html_to_text(unquoted(html)).trim(), "On a train, sorry.");
    }
}
