//! What calendars answer to invites, and what becomes of places (C2).

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::Duration;
use rocket::http::{ContentType, Status};
use turnout::{
    actions::{
        booking::book_places::book_places,
        calendars::take_reply::{set_on_decline, take_mail},
        sessions::change_session::move_session,
        waiting::release_declined::release_declined,
    },
    domain::{
        audit::Actor,
        id::{RegistrationId, SessionCode},
        location::Location,
        occupancy::TeamPolicy::Together,
        reply::OnDecline,
        staff::Role,
    },
    mail::reading::ReadLetter,
    store::received::Outcome,
};

use crate::support::{
    TestTurnout,
    plan::{attendee, request},
    web::client,
};

on_both_databases!(
    a_declined_place_goes_to_the_next_in_line_after_half_an_hour,
    second_thoughts_keep_the_place,
    every_program_words_it_differently_and_is_understood,
    forged_stale_and_looping_mails_change_nothing,
    a_day_of_several_is_a_question_and_all_of_them_a_decline,
    a_session_may_ask_first,
    a_change_of_place_asks_everybody_anew,
    a_letter_that_comes_back_is_shown_to_the_office,
    the_roster_shows_what_calendars_said,
);

/// An invite as it was received.
pub struct Invite {
    pub uid: String,
    pub sequence: u32,
}

pub fn invites(letters: &[ReadLetter], who: &str) -> Vec<Invite> {
    let to_them = letters.iter().filter(|letter| letter.to.contains(who));
    let files = to_them.filter_map(|letter| String::from_utf8(letter.calendar.clone()?).ok());
    let value = |ics: &str, name: &str| {
        let line = ics.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
        line.expect("a property")
    };
    files
        .map(|ics| Invite {
            uid: value(&ics, "UID:"),
            sequence: value(&ics, "SEQUENCE:").parse().expect("a number"),
        })
        .collect()
}

/// A reply as most programs send it.
pub fn reply(invite: &Invite, who: &str, answer: &str, minute: u32) -> Vec<u8> {
    let Invite { uid, sequence } = invite;
    format!(
        "From: {who}\r\nTo: trainings@turnout.example\r\nSubject: {answer}\r\n\
         Message-ID: <{minute}.{answer}@example.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n\
         BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n\
         UID:{uid}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:20270102T10{minute:02}00Z\r\n\
         ORGANIZER:mailto:trainings@turnout.example\r\n\
         ATTENDEE;PARTSTAT={answer}:mailto:{who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    .into_bytes()
}

pub async fn take(turnout: &TestTurnout, raw: &[u8]) -> Option<Outcome> {
    take_mail(&turnout.ctx, raw).await.expect("it is taken")
}

async fn book(turnout: &TestTurnout, session: &SessionCode, who: &str) -> RegistrationId {
    let asked = request(session, who, 1, Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking").registration.id
}

/// The address of the one who answers.
pub const BEN: &str = "ben.low@example.org";

/// Ben has the only place, and Cy waits for it.
pub async fn ben_and_cy(turnout: &TestTurnout) -> (RegistrationId, RegistrationId, Invite) {
    let session = turnout.plan("S1", "first", 1, |_| {}).await;
    let ben = book(turnout, &session, "Ben Low").await;
    let cy = book(turnout, &session, "Cy Dunn").await;
    let invite = invites(&turnout.letters().await, BEN).remove(0);
    (ben, cy, invite)
}

async fn a_declined_place_goes_to_the_next_in_line_after_half_an_hour(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, cy, invite) = ben_and_cy(&turnout).await;
    let declined = reply(&invite, BEN, "DECLINED", 1);
    assert_eq!(take(&turnout, &declined).await, Some(Outcome::Taken));
    assert_eq!(take(&turnout, &declined).await, None, "the same message again");
    assert_eq!(turnout.states(ben).await, ["confirmed"], "time for second thoughts");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].subject.starts_with("You said you cannot come"));
    assert!(letters[0].text.contains("10.30am on Saturday 2 January"), "{}", letters[0].text);
    assert!(letters[0].calendar.is_none(), "a reply is never answered with a calendar");

    turnout.clock.advance(Duration::minutes(29));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0);
    turnout.clock.advance(Duration::minutes(1));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 1);
    assert_eq!(turnout.states(ben).await, ["cancelled"]);
    assert_eq!(turnout.states(cy).await, ["offered"], "in the same transaction");
    let letters = turnout.letters().await;
    assert!(letters.iter().all(|letter| letter.calendar.is_none()), "Ben's calendar knows");
    // He says yes after all, too late.
    assert_eq!(take(&turnout, &reply(&invite, BEN, "ACCEPTED", 50)).await, Some(Outcome::Stale));
    let letters = turnout.letters().await;
    assert!(letters[0].subject.starts_with("Your place was given up"), "{}", letters[0].subject);
    assert_eq!(turnout.states(ben).await, ["cancelled"]);
}

async fn second_thoughts_keep_the_place(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, cy, invite) = ben_and_cy(&turnout).await;
    take(&turnout, &reply(&invite, BEN, "DECLINED", 1)).await;
    let text = turnout.letters().await.remove(0).text;
    let at = text.find("https://turnout.example/p/").expect("a link");
    let link = text[at + "https://turnout.example".len()..].split_whitespace().next();
    let link = link.expect("a link").to_owned();
    let client = client(&turnout).await;
    let page = client.get(link.clone()).dispatch().await.into_string().await.expect("a page");
    assert!(page.contains("Your calendar said that you cannot come."));
    let kept = client.post(format!("{link}/keep")).header(ContentType::Form).dispatch().await;
    assert_eq!(kept.status(), Status::SeeOther);
    turnout.clock.advance(Duration::hours(1));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0);
    let page = client.get(link).dispatch().await.into_string().await.expect("a page");
    assert!(!page.contains("Your calendar said"));

    // Once more, and this time the calendar itself says yes again.
    assert_eq!(take(&turnout, &reply(&invite, BEN, "DECLINED", 40)).await, Some(Outcome::Taken));
    assert_eq!(take(&turnout, &reply(&invite, BEN, "ACCEPTED", 41)).await, Some(Outcome::Taken));
    turnout.clock.advance(Duration::hours(1));
    release_declined(&turnout.ctx).await.expect("a sweep");
    assert_eq!(turnout.states(ben).await, ["confirmed"]);
    assert_eq!(turnout.states(cy).await, ["waiting"]);
}

async fn every_program_words_it_differently_and_is_understood(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for (number, template) in [
        include_str!("replies/apple.eml"),
        include_str!("replies/gmail.eml"),
        include_str!("replies/outlook-com.eml"),
        include_str!("replies/outlook-desktop.eml"),
        include_str!("replies/proton.eml"),
        include_str!("replies/thunderbird.eml"),
    ]
    .into_iter()
    .enumerate()
    {
        let session = turnout.plan(&format!("S{number}"), "first", 5, |_| {}).await;
        let ben = book(&turnout, &session, "Ben Low").await;
        let invite = invites(&turnout.letters().await, BEN).remove(0);
        let plain = format!(
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{}\r\n\
             ATTENDEE;PARTSTAT=DECLINED;CN=Ben Low:MAILTO:ben.low@example.org\r\n\
             DTSTAMP:20270102T100100Z\r\nSEQUENCE:0\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            invite.uid
        );
        let raw = template
            .replace("{uid}", &invite.uid)
            .replace("{base64}", &BASE64_STANDARD.encode(plain))
            .replace('\n', "\r\n");
        assert_eq!(take(&turnout, raw.as_bytes()).await, Some(Outcome::Taken), "{template}");
        turnout.clock.advance(Duration::minutes(31));
        assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 1, "{template}");
        assert_eq!(turnout.states(ben).await, ["cancelled"]);
    }
}

async fn forged_stale_and_looping_mails_change_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let guess = Invite { uid: "guess@turnout.example".to_owned(), sequence: 0 };
    let newer = Invite { uid: invite.uid.clone(), sequence: 9 };
    let huge = [b"From: a@b.org\r\n\r\n".to_vec(), vec![b'x'; 300 * 1024]].concat();
    let looping = b"From: a@b.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.".to_vec();
    let human = b"From: a@b.org\r\nSubject: Parking?\r\n\r\nIs there any?".to_vec();
    let declined = |who: &str, minute| reply(&invite, who, "DECLINED", minute);
    for (raw, outcome) in [
        (reply(&guess, BEN, "DECLINED", 1), Outcome::Unknown),
        (declined("eve@example.org", 2), Outcome::NotTheirs),
        (declined("mallory@example.org", 3), Outcome::NotTheirs),
        (reply(&newer, BEN, "DECLINED", 4), Outcome::ForTheOffice),
        (huge, Outcome::Refused),
        (looping, Outcome::Automatic),
        (human, Outcome::ForTheOffice),
        (b"\xFF\xFE\x00".to_vec(), Outcome::ForTheOffice),
    ] {
        let text = String::from_utf8_lossy(&raw[..raw.len().min(400)]).into_owned();
        assert_eq!(take(&turnout, &raw).await, Some(outcome), "{text}");
    }
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1, "asked once, however many strangers answer");
    assert!(letters[0].to.contains("ben.low") && letters[0].subject.contains("Do you give up"));
    turnout.clock.advance(Duration::hours(1));
    release_declined(&turnout.ctx).await.expect("a sweep");
    assert_eq!(turnout.states(ben).await, ["confirmed"]);
    // An answer that was overtaken by a later one, and a flood of them.
    assert_eq!(take(&turnout, &reply(&invite, BEN, "ACCEPTED", 30)).await, Some(Outcome::Taken));
    assert_eq!(take(&turnout, &declined(BEN, 20)).await, Some(Outcome::Stale));
    let mut outcomes = Vec::new();
    for minute in 31..59 {
        let answer = if minute % 2 == 0 { "ACCEPTED" } else { "TENTATIVE" };
        outcomes.push(take(&turnout, &reply(&invite, BEN, answer, minute)).await);
    }
    assert_eq!(outcomes.last(), Some(&Some(Outcome::TooMany)));
}

async fn a_day_of_several_is_a_question_and_all_of_them_a_decline(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let days = |session: &mut turnout::domain::session::Session| {
        let next = session.sittings[0].starts + Duration::days(1);
        session.sittings.push(turnout.sitting(2, next));
    };
    let session = turnout.plan("S1", "first", 5, days).await;
    let ben = book(&turnout, &session, "Ben Low").await;
    let invites = invites(&turnout.letters().await, BEN);
    assert_eq!(invites.len(), 2);
    take(&turnout, &reply(&invites[0], BEN, "DECLINED", 1)).await;
    let letters = turnout.letters().await;
    assert!(letters[0].subject.contains("Do you give up your place?"));
    turnout.clock.advance(Duration::hours(2));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0);
    take(&turnout, &reply(&invites[1], BEN, "DECLINED", 2)).await;
    turnout.clock.advance(Duration::minutes(30));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 1);
    assert_eq!(turnout.states(ben).await, ["cancelled"]);
}

async fn a_session_may_ask_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let code = "S1".parse().expect("a code");
    let ask = set_on_decline(&turnout.ctx, &Actor::CommandLine, &code, OnDecline::Ask).await;
    assert!(ask.expect("a change"));
    take(&turnout, &reply(&invite, BEN, "DECLINED", 1)).await;
    assert!(turnout.letters().await[0].subject.contains("Do you give up your place?"));
    turnout.clock.advance(Duration::hours(1));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0);
    assert_eq!(turnout.states(ben).await, ["confirmed"]);
}

async fn a_change_of_place_asks_everybody_anew(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    take(&turnout, &reply(&invite, BEN, "DECLINED", 1)).await;
    turnout.letters().await;
    let mill = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    let code: SessionCode = "S1".parse().expect("a code");
    move_session(&turnout.ctx, &Actor::CommandLine, &code, mill, None).await.expect("a move");
    turnout.clock.advance(Duration::hours(1));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0, "another place");
    assert_eq!(turnout.states(ben).await, ["confirmed"]);
    let anew = invites(&turnout.letters().await, BEN).remove(0);
    assert_eq!(anew.sequence, invite.sequence + 1);
    assert_eq!(take(&turnout, &reply(&invite, BEN, "DECLINED", 5)).await, Some(Outcome::Stale));
    assert_eq!(take(&turnout, &reply(&anew, BEN, "DECLINED", 6)).await, Some(Outcome::Taken));
}

async fn a_letter_that_comes_back_is_shown_to_the_office(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    ben_and_cy(&turnout).await;
    // The last letter written is Cy's; the first of those delivered to Ben is the invite.
    let browser = turnout.signed_in(&login).await;
    let sent = browser.get("/office/letters?progress=sent").dispatch().await;
    let sent = sent.into_string().await.expect("a page");
    assert!(sent.contains(BEN));
    let id = turnout.letter_to(BEN).await;
    let bounce = include_str!("replies/bounce.eml").replace("{id}", &id).replace('\n', "\r\n");
    assert_eq!(take(&turnout, bounce.as_bytes()).await, Some(Outcome::Bounced));
    let again = bounce.replace("Undelivered", "Undelivered again");
    assert_eq!(take(&turnout, again.as_bytes()).await, Some(Outcome::Automatic));
    let page = browser.get("/office/letters?progress=returned").dispatch().await;
    let page = page.into_string().await.expect("a page");
    assert!(page.contains(BEN) && page.contains("5.1.1 smtp; 550 no such user"), "{page}");
    let overview = browser.get("/office").dispatch().await.into_string().await.expect("a page");
    assert!(overview.contains("1 email came back"));
}

async fn the_roster_shows_what_calendars_said(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 5, |_| {}).await;
    let mut asked = request(&session, "Ada Obi", 3, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    asked.attendees[2] = Some(attendee("Cy Dunn"));
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let letters = turnout.letters().await;
    for (who, answer) in [(BEN, "TENTATIVE"), ("cy.dunn@example.org", "ACCEPTED")] {
        take(&turnout, &reply(&invites(&letters, who)[0], who, answer, 1)).await;
    }
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&login).await;
    let csv = browser.get("/trainer/sessions/S1/roster.csv").dispatch().await;
    let csv = csv.into_string().await.expect("a file");
    let said = |who: &str| {
        let line = csv.lines().find(|line| line.contains(who)).expect("a line");
        line.rsplit(',').next().expect("a cell").to_owned()
    };
    assert_eq!(
        [said("Ada Obi,"), said("Ben Low"), said("Cy Dunn")],
        ["", "Said maybe", "Said yes"]
    );
    let page = browser.get("/trainer/sessions/S1/roster").dispatch().await;
    assert!(page.into_string().await.expect("a page").contains("Said maybe"));
}
