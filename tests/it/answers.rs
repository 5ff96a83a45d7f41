//! Who answers, when, and what is written beside an answer: what a calendar says is not all there is.

use chrono::Duration;
use rocket::http::ContentType;
use turnout::{
    actions::{
        booking::book_places::book_places, calendars::take_reply::set_on_decline,
        waiting::release_declined::release_declined,
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, reply::OnDecline, staff::Role},
    store::received::Outcome,
};

use crate::{
    replies::{BEN, ben_and_cy, invites, reply, take},
    support::{
        TestTurnout,
        plan::{attendee, request},
        web::client,
    },
};

on_both_databases!(
    keeping_the_place_puts_it_back_into_the_calendar,
    what_somebody_writes_reaches_a_person,
    an_answer_from_elsewhere_is_asked_about,
    nothing_comes_free_at_night,
    two_people_in_one_inbox_are_both_asked,
);

/// The private link in the latest letter.
async fn own_link(turnout: &TestTurnout) -> String {
    let text = turnout.letters().await.pop().expect("a letter").text;
    let at = text.find("https://turnout.example/p/").expect("a link");
    let link = text[at + "https://turnout.example".len()..].split_whitespace().next();
    link.expect("a link").to_owned()
}

async fn keeping_the_place_puts_it_back_into_the_calendar(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, invite) = ben_and_cy(&turnout).await;
    take(&turnout, &reply(&invite, BEN, "DECLINED", 1)).await;
    let link = own_link(&turnout).await;
    let client = client(&turnout).await;
    client.post(format!("{link}/keep")).header(ContentType::Form).dispatch().await;
    let letters = turnout.letters().await;
    let again = invites(&letters, BEN);
    assert_eq!(again.len(), 1, "his calendar threw the day away: it gets it again");
    assert_eq!((&again[0].uid, again[0].sequence), (&invite.uid, 1));
    let ics = String::from_utf8(letters[0].calendar.clone().expect("a file")).expect("text");
    let ics = ics.replace("\r\n ", "");
    assert!(ics.contains("METHOD:REQUEST") && ics.contains("PARTSTAT=ACCEPTED"), "{ics}");
    assert!(ics.contains("/e/") && !ics.contains("/p/"), "no event can give a place up");
    turnout.is_sound().await;
}

async fn what_somebody_writes_reaches_a_person(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, invite) = ben_and_cy(&turnout).await;
    let plain = String::from_utf8(reply(&invite, BEN, "TENTATIVE", 1)).expect("text");
    let worded =
        plain.replace("END:VEVENT", "COMMENT:My train\\, if it runs\\nat all\r\nEND:VEVENT");
    assert_eq!(take(&turnout, worded.as_bytes()).await, Some(Outcome::Taken));
    let sends = plain
        .replace("PARTSTAT=TENTATIVE", "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:di@example.org\"");
    assert_eq!(take(&turnout, sends.as_bytes()).await, Some(Outcome::ForTheOffice));
    let forwarded = plain
        .replace("METHOD:REPLY", "METHOD:REQUEST")
        .replace("method=REPLY", "method=REQUEST")
        .replace(
            "Content-Type: text/calendar",
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
             Content-Type: text/plain\r\n\r\nMay my sister come with me?\r\n--b\r\n\
             Content-Type: text/calendar",
        )
        + "\r\n--b--\r\n";
    assert_eq!(take(&turnout, forwarded.as_bytes()).await, Some(Outcome::ForTheOffice));

    let login = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&login).await;
    let page = async |path: &str| {
        browser.get(path.to_owned()).dispatch().await.into_string().await.expect("a page")
    };
    for path in ["/trainer/sessions/S1/roster", "/office/replies"] {
        let page = page(path).await;
        for words in ["My train, if it runs", "Sends somebody else: di@example.org"] {
            assert!(page.contains(words), "{path}: {words} in {page}");
        }
    }
    turnout.clock.advance(Duration::days(70));
    turnout::actions::retention::erase_due::erase_due(&turnout.ctx).await.expect("a sweep");
    let browser = turnout.signed_in(&login).await;
    let page = browser.get("/office/replies").dispatch().await.into_string().await;
    assert!(!page.expect("a page").contains("My train"), "kept no longer than needs are");
}

async fn an_answer_from_elsewhere_is_asked_about(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.trusted_host = Some("mx.turnout.example".into());
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    let plain = String::from_utf8(reply(&invite, BEN, "DECLINED", 1)).expect("text");
    let elsewhere = plain.replace(&format!("From: {BEN}"), "From: eve@example.org");
    let result = |dmarc| format!("Authentication-Results: mx.turnout.example; dmarc={dmarc}\r\n");
    for (raw, minutes) in [(elsewhere, 5), (result("fail") + &plain, 6)] {
        let raw = raw.replace("T100100Z", &format!("T10{minutes:02}00Z"));
        take(&turnout, raw.as_bytes()).await;
        turnout.clock.advance(Duration::hours(1));
        assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0, "{raw}");
        // He says yes by himself, so that the next no is another answer.
        take(&turnout, &reply(&invite, BEN, "ACCEPTED", minutes + 20)).await;
        turnout.clock.advance(Duration::hours(1));
    }
    let asked = turnout.letters().await;
    assert!(asked[0].subject.contains("Do you give up your place?"), "{}", asked[0].subject);
    let own = result("pass") + &plain.replace("T100100Z", "T104000Z");
    take(&turnout, own.as_bytes()).await;
    turnout.clock.advance(Duration::minutes(30));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 1);
    assert_eq!(turnout.states(ben).await, ["cancelled"]);
}

async fn nothing_comes_free_at_night(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ben, _, invite) = ben_and_cy(&turnout).await;
    turnout.clock.advance(Duration::hours(12));
    take(&turnout, &reply(&invite, BEN, "DECLINED", 1)).await;
    let letter = turnout.letters().await.remove(0);
    assert!(letter.text.contains("8am on Sunday 3 January"), "{}", letter.text);
    for hours in [1, 8] {
        turnout.clock.advance(Duration::hours(hours));
        assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 0, "{hours}");
    }
    turnout.clock.advance(Duration::hours(1));
    assert_eq!(release_declined(&turnout.ctx).await.expect("a sweep"), 1, "at eight");
    assert_eq!(turnout.states(ben).await, ["cancelled"]);
}

async fn two_people_in_one_inbox_are_both_asked(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 5, |_| {}).await;
    let ask = set_on_decline(&turnout.ctx, &Actor::CommandLine, &session, OnDecline::Ask).await;
    assert!(ask.expect("a change"));
    let mut asked = request(&session, "Ben Low", 2, Together);
    asked.attendees[1] = Some(attendee("Bea Low"));
    asked.attendees[1].as_mut().expect("Bea").email = attendee("Ben Low").email;
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let both = invites(&turnout.letters().await, BEN);
    assert_eq!(both.len(), 2);
    for invite in &both {
        take(&turnout, &reply(invite, BEN, "DECLINED", 1)).await;
    }
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 2, "each of them is asked about her own place");
}
