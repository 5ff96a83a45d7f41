//! Every sentence of a page or a letter that claims something was or will be done, with what makes it so. A new
//! one fails here until somebody says its condition.

use std::{fs, path::Path};

/// A part of the sentence, and when it is said.
const CLAIMS: &[(&str, &str)] = &[
    ("its letter is on its way again", "said with its condition: if the place stands"),
    ("We will tell", "only whom a letter tells: whoever has a place and an address"),
    ("An email takes the days out", "the place was hers and had an address"),
    ("Somebody else may come now", "the place was hers"),
    ("We have written to whoever booked", "the leader has an address, and is somebody else"),
    ("Your place goes to somebody else at", "a calendar declined, and the moment stands"),
    ("A link to your path is on its way", "it was written, to an address she is known by"),
    ("Anyone who has the link can change", "always"),
    ("Just give your name at the door", "a place at a venue"),
    ("and we email you an invite", "the leader gave an address"),
    (
        "If a place comes free, we",
        "email with an address, else by telephone, and the office has it to do",
    ),
    ("We have written to", "the leader's address; others who have a place and an address"),
    ("We are holding", "as long as the hold or the offer lasts"),
    ("WE ARE HOLDING", "the offer lasts"),
    ("We offer what comes free", "there is a waiting list"),
    ("we offer it to the first on the list", "there is a waiting list"),
    ("we will email them the details", "the place is confirmed"),
    ("and we email them if you give an address", "the place is confirmed"),
    ("we write to both", "said with its condition: if the address changes"),
    ("We will write to you as soon as we know", "the leader gave an address"),
    ("gets an email that takes it out", "said of whoever had our invite"),
    ("gets an email that takes each day out", "said of whoever had our invite"),
    ("the office phones you", "no address, and waits: it stands on the office's list"),
    ("We email the new link", "the leader gave an address"),
    ("is on its way to the address you booked with", "the letter was written"),
    ("to the next person", "somebody else waits"),
    ("If another place comes free we", "email with an address, else by telephone"),
    ("We held a place", "an offer lapsed"),
    ("At the door nobody needs a link", "a place at a venue"),
    ("We show it only this once", "always: no page keeps a secret"),
    ("we send the new person an invite", "said with its condition"),
    ("We have the new details", "they were saved"),
    ("If anything changes we send", "only in letters to people with an address"),
    ("We have moved places", "they were moved"),
    ("We email you as soon as", "only in letters"),
    ("We have your request", "it was written down"),
    ("We write to you once for each new date", "on the page that asks; only what was confirmed"),
    ("we write to you about this course no more", "she booked it"),
    ("We write to you only after you have pressed", "nothing is told before it is confirmed"),
    ("When there is a date of", "she confirmed it, and it is near enough"),
    ("and we write to you when there is a date", "said with its condition: press the button"),
    ("We have your answer", "a place of hers waits or is asked for"),
    ("WE HAVE NO EMAIL ADDRESS FOR", "they gave none"),
    ("The invite goes to the new address", "the address was changed"),
    ("gets an email. If somebody gave none", "said with its condition"),
    ("gave an email address gets an email", "said with its condition"),
    ("We have written it down", "it was"),
    ("we will book for you on the spot", "whoever phones"),
    ("we will let your local organiser know", "whoever writes to the office"),
    ("reads needs on a roster, we write that down", "the log has it, by whom"),
    ("we send … a day to an address", "as long as nobody has opened a link in a letter to it"),
    ("We write to them", "on the page for programs, of people who booked by one"),
    ("Free for member", "no claim of what was done"),
    ("free for member institutions", "no claim of what was done"),
    ("goes to the first on the list", "there is a waiting list"),
    ("We email you a private link", "on the page that sends it"),
    ("a link to it is on its way", "said with its condition: if there is a booking"),
    ("then we have it from her", "no claim of what was done"),
    ("This email takes the day out", "it carries the CANCEL"),
    ("this email takes the day out", "it carries the CANCEL of a place that is hers no more"),
    ("This email takes your own day out", "it carries the CANCEL"),
    ("One last email takes them out", "said before she is erased, of days she has an invite for"),
    (
        "A link to what we hold about you is on its way",
        "she has an address, and the letter was written",
    ),
    ("We send it there, because others", "she has an address"),
    ("What was still to be told about places you gave up", "letters wait"),
    ("We show it only now", "always: no page keeps a secret"),
    ("We email you a link", "on the page that sends it"),
    ("a sign-in link is on its way", "said with its condition: if the address is known"),
];

/// Words that claim.
const CLAIMING: &[&str] = &[
    "we have ",
    "we will",
    "we email",
    "we phone",
    "we told",
    "we offer",
    "we send",
    "we write",
    "on its way",
    "free for",
    "goes to",
    "at the door",
    "next person",
    "gets an email",
    "email takes",
    "we are holding",
    "we held",
    "office phones",
    "may come now",
    "we show it",
];

/// What a template says, without tags: values as an ellipsis.
fn said(template: &str) -> String {
    let mut said = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '<']) {
        said.push_str(&rest[..at]);
        let (end, stands_for) = match &rest[at..] {
            tag if tag.starts_with("{%") => ("%}", " "),
            tag if tag.starts_with("{{") => ("}}", "…"),
            tag if tag.starts_with("{#") => ("#}", ""),
            tag if tag.starts_with('<') => (">", " "),
            _ => ("{", "{"),
        };
        said.push_str(stands_for);
        rest = rest[at..].split_once(end).map_or("", |(_, after)| after);
    }
    said.push_str(rest);
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn templates(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.display().to_string();
        let of_staff = ["office", "trainer", "account", "mailbox"];
        if path.is_dir() {
            if !of_staff.iter().any(|one| path.ends_with(one)) {
                templates(&path, found);
            }
        } else if name.ends_with(".txt") || (name.ends_with(".html") && !name.contains("/letters/"))
        {
            found.push((name, fs::read_to_string(&path).expect("a template")));
        }
    }
}

#[test]
fn every_claim_of_a_page_or_a_letter_says_its_condition() {
    let mut all = Vec::new();
    templates(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")), &mut all);
    let (mut unsaid, mut whole) = (Vec::new(), String::new());
    for (name, template) in &all {
        let said = said(template);
        for sentence in said.split_inclusive(['.', '?', '!']) {
            let low = sentence.to_lowercase();
            let claims = CLAIMING.iter().any(|word| low.contains(word));
            if claims && !CLAIMS.iter().any(|(part, _)| sentence.contains(part)) {
                unsaid.push(format!("{name}: {sentence}"));
            }
        }
        whole.push_str(&said);
    }
    assert!(unsaid.is_empty(), "say when these are true:\n{}", unsaid.join("\n"));
    for gone in ["offered it to the next", "told everyone concerned", "are free again"] {
        assert!(!whole.contains(gone), "{gone}");
    }
}

#[test]
fn a_claim_is_seen_between_tags() {
    let template = "<p>{% if x %}We have <b>emailed {{ name }}</b>{% endif %}.</p>";
    assert_eq!(said(template), "We have emailed … .");
}
