//! What comes to the reply mailbox and what becomes of it, line by line.

use chrono::Duration;
use turnout::{
    actions::{
        calendars::take_reply::take_mail, sessions::change_session::move_session,
        waiting::release_declined::release_declined,
    },
    domain::{audit::Actor, id::SessionCode, location::Location, staff::Role},
    store::received::Outcome,
};

use crate::{
    replies::{BEN, Invite, ben_and_cy, invites, reply, take},
    support::{TestTurnout, browser::page},
};

on_both_databases!(
    what_is_written_above_an_answer_is_shown_to_whoever_plans,
    what_programs_write_above_an_answer_is_shown_to_nobody,
    only_an_answer_changes_anything,
    a_program_that_answers_while_she_is_away_is_not_heard,
    an_answer_is_understood_however_it_is_packed,
    only_her_own_invitation_can_be_answered,
    a_no_to_how_it_was_is_asked_again,
    a_yes_that_comes_too_late_leaves_the_calendar_again,
);

/// A calendar with words beside it, as mail programs send them.
fn beside(plain: &[u8], words: &str) -> Vec<u8> {
    let plain = String::from_utf8(plain.to_vec()).expect("text");
    let (head, ics) = plain.split_once("\r\n\r\n").expect("a body");
    let (head, kind) = head.split_once("Content-Type:").expect("a type");
    format!(
        "{head}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n--b\r\n\
         Content-Type:{kind}\r\n\r\n{ics}\r\n--b--\r\n"
    )
    .into_bytes()
}

fn changed(raw: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).expect("text");
    assert!(text.contains(from), "{from} in {text}");
    text.replace(from, to).into_bytes()
}

/// What the office and the roster show.
async fn shown(turnout: &TestTurnout) -> [String; 2] {
    let login = turnout.account("planner", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&login).await;
    [page(&browser, "/office/replies").await, page(&browser, "/trainer/sessions/S1/roster").await]
}

/// Nothing became of the place, and nobody was written to.
async fn is_unmoved(turnout: &TestTurnout, booking: turnout::domain::id::RegistrationId) {
    turnout.clock.advance(Duration::hours(2));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0);
    assert_eq!(turnout.states(booking).await, ["confirmed"]);
    assert_eq!(turnout.letters().await.len(), 0);
}

async fn what_is_written_above_an_answer_is_shown_to_whoever_plans(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, invite) = ben_and_cy(&turnout).await;
    let long = "my knee is bad and the hall has stairs ".repeat(60);
    for (minute, answer, words) in [
        (1, "TENTATIVE", "I hope so.\r\n\r\nIs there a lift, please?"),
        (2, "ACCEPTED", long.as_str()),
        (3, "DECLINED", "My mother is ill <b>today</b>."),
    ] {
        let raw = beside(&reply(&invite, BEN, answer, minute), words);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Taken), "{answer}");
    }
    // The same in the calendar and above it is shown once; a forwarded invite is about somebody, too.
    let noted = changed(
        &reply(&invite, BEN, "TENTATIVE", 4),
        "END:VEVENT",
        "COMMENT:A train\\, if any\r\nEND:VEVENT",
    );
    assert_eq!(take(&turnout, &beside(&noted, "A train, if any")).await, Some(Outcome::Taken));
    let handed = changed(&reply(&invite, BEN, "ACCEPTED", 5), "REPLY", "REQUEST");
    let handed = beside(&handed, "May my sister come with me?");
    assert_eq!(take(&turnout, &handed).await, Some(Outcome::ForTheOffice));
    let wants = changed(&reply(&invite, BEN, "TENTATIVE", 6), "REPLY", "COUNTER");
    let wants = beside(&wants, "An hour later would do.");
    assert_eq!(take(&turnout, &wants).await, Some(Outcome::ForTheOffice));
    for page in shown(&turnout).await {
        for words in [
            "I hope so.",
            "Is there a lift, please?",
            long.trim(),
            "My mother is ill &#60;b&#62;today&#60;/b&#62;.",
            "A train, if any",
            "May my sister come with me?",
            "Asks for another time. An hour later would do.",
        ] {
            assert_eq!(page.matches(words).count(), 1, "{words} in {page}");
        }
    }
}

async fn what_programs_write_above_an_answer_is_shown_to_nobody(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, invite) = ben_and_cy(&turnout).await;
    for (minute, words) in [
        "Ben Low has accepted your invitation.",
        "ben.low@example.org has tentatively accepted this invitation.\r\n\r\nSent from my iPhone",
        "On 2 January Turnout wrote:\r\n> You have a place\r\n> See you there",
        "-- \r\nBen Low, 12 Mill Lane",
    ]
    .into_iter()
    .enumerate()
    {
        let minute = u32::try_from(minute).expect("a minute");
        let answer = if minute.is_multiple_of(2) { "TENTATIVE" } else { "ACCEPTED" };
        let raw = beside(&reply(&invite, BEN, answer, minute), words);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Taken), "{words}");
    }
    for page in shown(&turnout).await {
        assert!(!page.contains("<q>"), "{page}");
    }
}

async fn only_an_answer_changes_anything(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let declined = |minute| reply(&invite, BEN, "DECLINED", minute);
    for (minute, method) in (1..).zip(["REQUEST", "CANCEL", "PUBLISH", "ADD", "REFRESH"]) {
        let raw = changed(&declined(minute), "REPLY", method);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Automatic), "{method}");
    }
    let huge = format!("X-NOTE:{}\r\nEND:VEVENT", "x".repeat(130 * 1024));
    for (raw, outcome) in [
        (changed(&declined(10), "REPLY", "COUNTER"), Outcome::ForTheOffice),
        (changed(&declined(11), "=DECLINED", "=DELEGATED"), Outcome::ForTheOffice),
        (
            changed(&declined(12), "END:VEVENT", "RECURRENCE-ID:20270130T100000Z\r\nEND:VEVENT"),
            Outcome::ForTheOffice,
        ),
        (changed(&declined(13), "END:VEVENT", &huge), Outcome::Refused),
        (changed(&declined(14), "=DECLINED", "=NEEDS-ACTION"), Outcome::Automatic),
    ] {
        assert_eq!(take(&turnout, &raw).await, Some(outcome));
    }
    is_unmoved(&turnout, ben).await;
}

async fn a_program_that_answers_while_she_is_away_is_not_heard(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let declined = reply(&invite, BEN, "DECLINED", 1);
    for kind in ["auto-replied", "Auto-Replied (vacation)"] {
        let head = format!("Auto-Submitted: {kind}\r\nMIME-Version");
        let raw = changed(&declined, "MIME-Version", &head);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Automatic), "{kind}");
    }
    is_unmoved(&turnout, ben).await;
    // A calendar says of its answers that a program wrote them.
    let raw = changed(&declined, "MIME-Version", "Auto-Submitted: auto-generated\r\nMIME-Version");
    assert_eq!(take(&turnout, &raw).await, Some(Outcome::Taken));
}

async fn an_answer_is_understood_however_it_is_packed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, invite) = ben_and_cy(&turnout).await;
    turnout.clock.advance(Duration::hours(1));
    let answer = |minute: u32| {
        let answer = if minute.is_multiple_of(2) { "TENTATIVE" } else { "ACCEPTED" };
        reply(&invite, BEN, answer, minute)
    };
    for (minute, from, to) in [
        (1, "METHOD:REPLY\r\n", ""),
        (2, "; method=REPLY", ""),
        (3, "ORGANIZER:mailto:trainings@turnout.example\r\n", ""),
        (4, "mailto:ben.low", "MAILTO:Ben.Low"),
        (5, "ATTENDEE;", "ATTENDEE;PARTSTAT=DECLINED:mailto:eve@example.org\r\nATTENDEE;"),
        (6, "SEQUENCE:0\r\n", ""),
        (7, "text/calendar; charset=utf-8; method=REPLY", "application/ics; name=invite.ics"),
        (8, "BEGIN:VCALENDAR", "\u{FEFF}begin:vcalendar"),
    ] {
        let raw = changed(&answer(minute), from, to);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Taken), "{minute}: {from}");
    }
    assert_eq!(take(&turnout, &answer(8)).await, Some(Outcome::Repeated));
    assert_eq!(take(&turnout, &answer(3)).await, Some(Outcome::Stale));
    assert_eq!(turnout.letters().await.len(), 0, "yes and perhaps are only noted");
}

async fn only_her_own_invitation_can_be_answered(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let public = turnout.session(&"S1".parse().expect("a code")).await.sittings[0].uid.clone();
    let public = Invite { uid: public, sequence: 0 };
    for answer in ["DECLINED", "ACCEPTED"] {
        let raw = reply(&public, BEN, answer, 1);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Unknown), "the public feed's");
    }
    assert_eq!(turnout.letters().await.len(), 0);
    let alias = reply(&invite, "b.low@home.example", "DECLINED", 2);
    assert_eq!(take(&turnout, &alias).await, Some(Outcome::NotTheirs));
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].to.contains(BEN) && letters[0].text.contains("/p/"), "{}", letters[0].text);
    assert!(letters[0].calendar.is_none());
    let unsent = Invite { uid: invite.uid, sequence: 7 };
    let raw = reply(&unsent, BEN, "DECLINED", 3);
    assert_eq!(take(&turnout, &raw).await, Some(Outcome::ForTheOffice), "we never sent that");
    is_unmoved(&turnout, ben).await;
}

async fn a_no_to_how_it_was_is_asked_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let code: SessionCode = "S1".parse().expect("a code");
    let mill = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    move_session(&turnout.ctx, &Actor::CommandLine, &code, mill, None).await.expect("a move");
    turnout.letters().await;
    for (minute, answer, letters) in
        [(1, "ACCEPTED", 0), (2, "DECLINED", 1), (3, "TENTATIVE", 0), (4, "DECLINED", 0)]
    {
        let raw = reply(&invite, BEN, answer, minute);
        assert_eq!(take(&turnout, &raw).await, Some(Outcome::Stale), "{answer}");
        let told = turnout.letters().await;
        assert_eq!(told.len(), letters, "{minute}: {answer}");
        for letter in told {
            assert!(letter.subject.starts_with("Do you give up your place?"), "{}", letter.subject);
            assert!(letter.text.contains("The Mill"), "as it is now: {}", letter.text);
        }
    }
    is_unmoved(&turnout, ben).await;
}

async fn a_yes_that_comes_too_late_leaves_the_calendar_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    take(&turnout, &reply(&invite, BEN, "DECLINED", 1)).await;
    turnout.clock.advance(Duration::minutes(31));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 1);
    turnout.letters().await;
    let mut last = 0;
    for minute in [40, 41] {
        let raw = reply(&invite, BEN, "ACCEPTED", minute);
        assert_eq!(take_mail(&turnout.ctx, &raw).await.expect("taken"), Some(Outcome::Stale));
        let letters = turnout.letters().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].subject.starts_with("Your place was given up"));
        assert!(letters[0].text.contains("takes the day out"), "{}", letters[0].text);
        let ics = String::from_utf8(letters[0].calendar.clone().expect("a file")).expect("text");
        assert!(ics.contains("METHOD:CANCEL"), "{ics}");
        let told = &invites(&letters, BEN)[0];
        assert_eq!(told.uid, invite.uid);
        assert!(told.sequence > last, "newer than what was told before");
        last = told.sequence;
        turnout.clock.advance(Duration::hours(25));
    }
    assert_eq!(turnout.states(ben).await, ["cancelled"]);
    turnout.is_sound().await;
}
