mod asked;
mod forms;

use std::{collections::BTreeMap, path::Path};

use crate::{
    domain::{
        id::LetterId,
        letter::{Letter, LetterKind},
        place::PlaceState,
        registration::Registration,
        session::{Publication, Session},
        text::Passage,
    },
    mail::{letters::*, samples, to_mime},
};

/// Every letter to somebody with an account.
fn to_staff(session: &Session, person: &str) -> Vec<Content> {
    let (letterhead, manage) = (samples::letterhead(), samples::MANAGE);
    let changed = TrainerNews::Changed(vec![person.to_owned()]);
    vec![
        sign_in_link(&letterhead, person, manage, (15, samples::date(), chrono_tz::Tz::UTC)),
        account_added(&letterhead, person, manage, (samples::date(), chrono_tz::Tz::UTC)),
        trainer_told(&letterhead, session, person, TrainerNews::Leads),
        trainer_told(&letterhead, session, person, changed),
        passkey_added(&letterhead, person, "The <blue> phone", manage),
        address_changed(&letterhead, person),
    ]
}

/// Every letter, for one session.
fn all(session: &Session, person: &str) -> Vec<Content> {
    let letterhead = samples::letterhead();
    let mut registration = samples::registration();
    registration.places[1].attendee = Some(samples::attendee(person, Some("p@example.org")));
    let who = samples::attendee(person, Some("p@example.org"));
    let (day, manage, place) = (&session.sittings[0], samples::MANAGE, samples::PLACE);
    let gone = [person.to_owned()];
    let link = BookingLink {
        title: session.course.title.clone(),
        days: "Sat 5 September 2026".to_owned(),
        url: manage.to_owned(),
    };
    let mut requested = registration.clone();
    requested.places.iter_mut().for_each(|place| place.state = PlaceState::Requested);
    let mut letters = vec![
        booking_confirmed(&letterhead, session, &registration, manage),
        forms::evenings(session, &registration, PlaceState::Confirmed),
        forms::evenings_gone(session, &registration),
        places_requested(&letterhead, session, &requested, manage),
        places_cancelled(&letterhead, session, &registration, &gone, manage),
        attendee_changed(&letterhead, session, &registration, Some("Old"), person, manage),
        attendee_changed(&letterhead, session, &registration, None, person, manage),
        attendee_apart(&letterhead, session, &registration, person, manage),
        booking_of_her_own(&letterhead, session, &registration, person, manage),
        invite(&letterhead, session, day, &who, person, place),
        invite(&letterhead, session, day, &who, "Ruth Okafor", place),
        lost_link(&letterhead, &[link], Some(manage)),
        lost_link(&letterhead, &[], None),
    ];
    letters.extend(asked::to_the_asked(session, person));
    letters.extend(to_staff(session, person));
    for days in [1, 7] {
        letters.push(forms::near(day, days, reminder(&letterhead, session, day, person, place)));
        let pass_on =
            reminder_to_pass_on(&letterhead, session, day, (person, &gone, false), manage);
        letters.push(forms::near(day, days, pass_on));
    }
    letters.push(places_moved(&letterhead, (session, session), &registration, manage));
    let words = Passage::parse_optional("The hall is shut.\n\nCome to the library.");
    let words = words.unwrap().unwrap();
    letters.push(message(&letterhead, session, &gone, "The hall is shut", &words));
    for heard in [Heard::Declined { until: samples::date() }, Heard::Asked, Heard::TooLate] {
        letters.push(calendar_answered(&letterhead, session, person, heard, place));
    }
    for why in [
        Withdrawal::Replaced,
        Withdrawal::NewAddress,
        Withdrawal::CancelledByLeader,
        Withdrawal::CancelledByAttendee,
        Withdrawal::Moved,
        Withdrawal::DayRemoved,
        Withdrawal::HasAnother,
        Withdrawal::SessionCancelled,
    ] {
        letters.push(withdrawn(&letterhead, session, day, person, why));
    }
    letters
}

fn parsed(content: &Content) -> mail_parser::Message<'static> {
    let letter = Letter {
        id: LetterId::new(uuid::Uuid::from_u128(1)),
        kind: LetterKind::BookingConfirmed,
        to_name: None,
        to: "ruth@example.org".parse().unwrap(),
        subject: content.subject.clone(),
        text: content.text.clone(),
        html: content.html.clone(),
        calendar: None,
        thread: None,
        day: None,
        reply_to: None,
        session: None,
    };
    let bytes = to_mime(&samples::letterhead(), &letter, samples::date()).unwrap().formatted();
    mail_parser::MessageParser::default().parse(&bytes).unwrap().into_owned()
}

#[test]
fn every_letter_arrives_with_the_words_it_left_with() {
    for content in all(&samples::session(), "José García, Dr") {
        let message = parsed(&content);
        assert_eq!(message.subject(), Some(content.subject.as_str()));
        let text = message.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), content.text.trim_end());
        let html = message.body_html(0).unwrap().replace("\r\n", "\n");
        assert_eq!(html.trim_end(), content.html.trim_end());
        for words in [&content.text, &content.html] {
            assert!(words.contains("020 7946 0142"), "{words}");
            assert!(words.contains("https://turnout.example.org/privacy"), "{words}");
        }
        assert!(!content.text.contains("\n\n\n") && !content.text.contains("{{"), "{content:?}");
    }
}

#[test]
fn no_letter_names_anybodys_needs() {
    for session in [samples::session(), samples::online()] {
        for content in all(&session, "Kwame Mensah") {
            for words in [&content.subject, &content.text, &content.html] {
                assert!(!words.contains(samples::DIET) && !words.contains(samples::ACCESS));
            }
        }
    }
}

#[test]
fn hostile_titles_names_and_rooms_are_only_ever_text() {
    let hostile = "<script>x</script>\r\nBcc: a@example.org\u{0}\u{1b}[31m\u{202E} & \"q\"";
    let mut session = samples::titled(hostile);
    session.note = Some(hostile.to_owned());
    session.location =
        crate::domain::location::Location::Online { room: "javascript:alert(1)".to_owned() };
    session.publication =
        Publication::Cancelled { at: samples::date(), reason: hostile.to_owned() };
    session.trainers[0].name = hostile.to_owned();
    for content in all(&session, "<b>O\"Neill</b> \\ Sons") {
        let deceives = |c: char| c.is_control() && c != '\n' || c == '\u{202E}';
        assert!(!content.text.contains(deceives), "{:?}", content.text);
        assert!(!content.html.contains("<script>") && !content.html.contains("<b>O"));
        assert!(!content.html.contains("href=\"javascript"), "{}", content.html);
        assert!(!content.subject.contains(char::is_control));
        assert!(content.subject.chars().count() <= 255);
        assert!(!content.text.lines().any(|line| line.starts_with("Bcc")));
    }
}

#[test]
fn subjects_keep_the_dates_however_long_the_title_is() {
    let session = samples::titled(&"Very long title ".repeat(40));
    let content = booking_confirmed(
        &samples::letterhead(),
        &session,
        &samples::registration(),
        samples::MANAGE,
    );
    assert!(content.subject.ends_with("Sat 5 and Sat 12 September 2026"), "{}", content.subject);
    assert!(content.subject.chars().count() <= 255);
}

#[test]
fn the_leader_reads_who_is_coming_and_whom_she_must_tell_herself() {
    let content = booking_confirmed(
        &samples::letterhead(),
        &samples::session(),
        &samples::registration(),
        samples::MANAGE,
    );
    let subject = "You're booked: Two-day leadership training, Sat 5 and Sat 12 September 2026";
    assert_eq!(content.subject, subject);
    for words in [
        "YOU'RE BOOKED\n4 places on Two-day leadership training for St Brigid's RC Parish\n",
        "Sat 5 September 2026, 9.30am to 4.30pm (London time)\nSat 12 September 2026, 9.30am",
        "Bradwell Meeting House, 3 Chapel Row",
        "https://turnout.example.org/sessions/S001#where",
        "- Kwame Mensah\n- Sister Mary Keane (no email given: please tell them)\n- Name to follow",
        "REFERENCE\nRM7K-4TQ2\n",
        samples::MANAGE,
        "Amina Yusuf\nCitizens MK\n",
    ] {
        assert!(content.text.contains(words), "{words:?} in {}", content.text);
    }
    assert!(content.html.contains(&format!("href=\"{}\"", samples::MANAGE)));
}

#[test]
fn a_team_that_waits_is_told_not_to_travel() {
    let mut registration = samples::registration();
    for place in &mut registration.places {
        place.state = PlaceState::Waiting { queue: 1 };
    }
    let told = |registration: &Registration| {
        booking_confirmed(
            &samples::letterhead(),
            &samples::session(),
            registration,
            samples::MANAGE,
        )
    };
    let content = told(&registration);
    assert!(content.subject.starts_with("You're on the waiting list: "), "{}", content.subject);
    assert!(content.text.contains("Do not travel without a booking."));
    registration.places[0].state = PlaceState::Confirmed;
    let content = told(&registration);
    assert!(content.text.contains("3 people are on the waiting list."), "{}", content.text);
    assert!(content.text.contains("ON THE WAITING LIST\n- Kwame Mensah\n"), "{}", content.text);
}

#[test]
fn an_attendee_gets_her_own_link_and_day_and_never_the_leaders_link() {
    let session = samples::session();
    let who = samples::attendee("Kwame Mensah", Some("kwame@example.org"));
    let content = invite(
        &samples::letterhead(),
        &session,
        &session.sittings[1],
        &who,
        "Ruth Okafor",
        samples::PLACE,
    );
    let subject = "You have a place: Two-day leadership training, Sat 12 September 2026";
    assert_eq!(content.subject, subject);
    assert!(content.text.contains("Day 2 of 2: Sat 12 September 2026, 9.30am"));
    assert!(content.text.contains("Ruth Okafor booked it for you."));
    for words in [&content.text, &content.html] {
        assert!(words.contains(samples::PLACE) && !words.contains("/b/"), "{words}");
    }
}

#[test]
fn the_online_room_reaches_those_who_have_a_place_and_nobody_else() {
    let (letterhead, session) = (samples::letterhead(), samples::online());
    let mut registration = samples::registration();
    let tell_leader = |registration: &Registration| {
        booking_confirmed(&letterhead, &session, registration, samples::MANAGE).text
    };
    let who = samples::attendee("Kwame Mensah", Some("kwame@example.org"));
    let own = invite(&letterhead, &session, &session.sittings[0], &who, "Ruth", samples::PLACE);
    assert!(own.text.contains(samples::ROOM) && own.html.contains(samples::ROOM));
    assert!(tell_leader(&registration).contains(samples::ROOM), "to tell Sister Mary");
    registration.places.remove(2);
    let text = tell_leader(&registration);
    assert!(text.contains(samples::ROOM) && text.contains("for you only"), "she comes: {text}");
    registration.leader.email = "office@example.org".parse().ok();
    let text = tell_leader(&registration);
    assert!(!text.contains(samples::ROOM) && text.contains("each person's own email"), "{text}");
    registration.places.iter_mut().for_each(|place| place.state = PlaceState::Requested);
    let asked = places_requested(&letterhead, &session, &registration, samples::MANAGE);
    let gone = withdrawn(&letterhead, &session, &session.sittings[0], "K", Withdrawal::Replaced);
    assert!(!asked.html.contains(samples::ROOM) && !gone.html.contains(samples::ROOM));
}

#[test]
fn a_cancelled_session_says_why_and_a_cancelled_booking_says_nobody_is_coming() {
    let letterhead = samples::letterhead();
    let mut session = samples::session();
    let reason = "The roof leaks.".to_owned();
    session.publication = Publication::Cancelled { at: samples::date(), reason: reason.clone() };
    let day = &session.sittings[0];
    let told = |why| withdrawn(&letterhead, &session, day, "Kwame Mensah", why).text;
    assert!(told(Withdrawal::SessionCancelled).contains(&reason));
    assert!(!told(Withdrawal::Replaced).contains(&reason));

    let mut registration = samples::registration();
    registration.places.iter_mut().for_each(|place| place.state = PlaceState::Cancelled);
    let names = ["Ruth Okafor".to_owned(), "Kwame Mensah".to_owned()];
    let over = places_cancelled(&letterhead, &session, &registration, &names, samples::MANAGE);
    assert!(over.subject.starts_with("Your booking is cancelled: Two-day"), "{}", over.subject);
    assert!(over.text.contains("CANCELLED\n- Ruth Okafor\n- Kwame Mensah\n"), "{}", over.text);
}

/// What a reader of HTML sees, piece by piece, as words alone.
fn seen(html: &str) -> Vec<String> {
    let (_, body) = html.split_once("<body").unwrap();
    let pieces = body.split('<').filter_map(|part| part.split_once('>').map(|(_, words)| words));
    pieces.map(words_of).filter(|piece| piece.split(' ').count() > 2).collect()
}

fn words_of(text: &str) -> String {
    let plain = [("&#39;", "'"), ("&#38;", "&"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">")];
    let text = plain.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let kept = text.split_whitespace().map(|word| word.trim_matches(['.', ',', ':', '(', ')']));
    kept.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[test]
fn whoever_reads_no_html_reads_all_of_a_letter() {
    // What a link is called, where the text has the link itself.
    let called = [
        "see or change this booking",
        "your own place",
        "see what we hold about you",
        "see your path",
        "see your certificate",
        "there you stop these emails or get them again the page asks you to sign in",
    ];
    let mut missing = Vec::new();
    for (form, content) in forms::every() {
        let text = words_of(&content.text);
        for piece in seen(&content.html) {
            if !text.contains(&piece) && !called.contains(&piece.as_str()) {
                missing.push(format!("{form}: {piece}"));
            }
        }
    }
    assert!(missing.is_empty(), "only in HTML:\n{}", missing.join("\n"));
}

#[test]
fn what_ended_is_no_feast_and_every_letter_can_say_its_reference() {
    let ended = [
        "cancelled",
        "evenings cancelled",
        "withdrawn",
        "refused",
        "lapsed",
        "session cancelled",
        "called off",
    ];
    for (form, content) in forms::every() {
        let (kind, _) = form.split_once(", ").unwrap();
        let is_calm = content.html.contains("background:#d5dede");
        let has_ended = ended.contains(&kind) || kind == "asked called off";
        assert_eq!(is_calm, has_ended, "{form}");
        let named = content.of(&"RM7K-4TQ2".parse().unwrap());
        let about_a_booking = !matches!(
            kind,
            "links"
                | "sign in"
                | "passkey"
                | "address changed"
                | "account"
                | "own data"
                | "asked"
                | "asked changed"
                | "asked called off"
                | "interest"
                | "date"
                | "withdrawals"
                | "minimum"
                | "given"
                | "path"
                | "path changed"
                | "claim"
                | "path finished"
                | "trainer"
                | "trainer on"
                | "trainer off"
        );
        for words in [&named.text, &named.html] {
            assert_eq!(words.contains("RM7K-4TQ2"), about_a_booking, "{form}: {words}");
        }
    }
}

/// Where the letters are kept as they were last looked at.
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mail/letters/snapshots");

#[test]
fn every_letter_says_what_it_said_when_it_was_last_looked_at() {
    let mut files = BTreeMap::<String, String>::new();
    for (form, content) in forms::every() {
        let (letter, _) = form.split_once(", ").unwrap();
        let words = format!("===== {form}\n{}\n\n{}\n", content.subject, content.text);
        files.entry(format!("{letter}.txt")).or_default().push_str(&words);
        files.entry(format!("{letter}.html")).or_insert(content.html);
    }
    for (name, words) in files {
        let path = Path::new(SNAPSHOTS).join(name.replace(' ', "-"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &words).unwrap();
        }
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(before == words, "{name} changed: look at the difference after UPDATE_SNAPSHOTS=1");
    }
}
