//! The page after booking, the leader's link and the attendee's own put the days into a calendar: the very
//! events that letters bring, or what everybody can have, where nobody is written to.

use chrono::Duration;
use rocket::{http::ContentType, local::asynchronous::Client};
use serde_json::{Value, json};
use turnout::{
    actions::waiting::decide_request::{Decision, decide_request},
    domain::{
        audit::Actor,
        id::SessionCode,
        session::{BookingMode, Session},
    },
    mail::reading::ReadLetter,
    store::registrations,
};

use crate::support::{TestTurnout, browser::page};

on_both_databases!(
    whoever_comes_adds_the_events_of_her_own_invites,
    many_days_come_in_one_letter_and_are_the_same_events,
    whoever_has_no_address_adds_what_everybody_can_have,
    whoever_waits_or_is_asked_about_has_nothing_to_add_yet,
    a_leader_who_stays_at_home_is_told_who_was_invited,
);

async fn on_days(turnout: &TestTurnout, code: &str, days: i64) -> SessionCode {
    let more = |session: &mut Session| {
        let first = session.sittings[0].starts;
        session.sittings = (0..days)
            .map(|day| {
                turnout.sitting(u32::try_from(day + 1).expect("one"), first + Duration::days(day))
            })
            .collect();
    };
    turnout.plan(code, "first", 3, more).await
}

/// Books over the API for these people, of whom the first leads; her link.
async fn book(client: &Client, code: &str, leader: Value, places: Value) -> String {
    let asked =
        json!({ "leader": leader, "institution": null, "team": "together", "places": places });
    let path = format!("/api/v1/sessions/{code}/registrations");
    let request = client.post(path).header(ContentType::JSON).body(asked.to_string());
    let answer = request.dispatch().await.into_string().await.expect("an answer");
    let made: Value = serde_json::from_str(&answer).expect("JSON");
    let link = made["manage_url"].as_str().unwrap_or_else(|| panic!("{made}"));
    link.trim_start_matches("https://turnout.example").to_owned()
}

fn lines(ics: &str, start: &str) -> Vec<String> {
    let unfolded = ics.replace("\r\n ", "");
    let mut found: Vec<_> =
        unfolded.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_owned).collect();
    found.sort();
    found
}

/// The UIDs that letters to somebody brought.
fn invited(letters: &[ReadLetter], who: &str) -> Vec<String> {
    let hers = letters.iter().filter(|letter| letter.to.contains(who));
    let bytes = hers.filter_map(|letter| {
        let ics = letter.calendar.clone().map(|ics| String::from_utf8(ics).expect("text"));
        ics.or_else(|| letter.attached.clone())
    });
    let mut uids: Vec<_> = bytes.flat_map(|ics| lines(&ics, "UID:")).collect();
    uids.sort();
    uids
}

async fn public(turnout: &TestTurnout, code: &SessionCode) -> Vec<String> {
    let mut uids: Vec<_> =
        turnout.session(code).await.sittings.iter().map(|day| day.uid.clone()).collect();
    uids.sort();
    uids
}

fn own_link(letters: &[ReadLetter], who: &str) -> String {
    let hers = letters.iter().filter(|letter| letter.to.contains(who));
    let mut links = hers.filter_map(|letter| {
        letter.text.split("https://turnout.example").find(|rest| rest.starts_with("/p/"))
    });
    let link = links.next_back().and_then(|link| link.split_whitespace().next());
    link.expect("a link of her own").to_owned()
}

async fn whoever_comes_adds_the_events_of_her_own_invites(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = turnout.browser().await;
    for (code, days, words) in [
        ("S1", 1, "Your invite is in your email."),
        ("S2", 2, "Your invites are in your email, one for each day."),
    ] {
        let session = on_days(&turnout, code, days).await;
        let ada = json!({ "name": "Ada Obi", "email": "ada@example.org" });
        let ben = json!({ "name": "Ben Low", "email": "ben@example.org" });
        let link = book(&client, code, ada.clone(), json!([ada, ben])).await;
        let letters = turnout.letters().await;
        let hers = invited(&letters, "ada@");
        assert_eq!(hers.len(), usize::try_from(days).expect("some"));
        assert_ne!(hers, public(&turnout, &session).await);
        for path in [format!("{link}/booked"), link.clone()] {
            let shown = page(&client, &path).await;
            assert!(shown.contains(&format!("href=\"{link}/calendar.ics\"")), "{shown}");
            assert!(shown.contains(words) && shown.contains("nothing is shown twice"), "{shown}");
        }
        let file = page(&client, &format!("{link}/calendar.ics")).await;
        assert_eq!(lines(&file, "UID:"), hers, "a calendar with both shows one");
        assert_eq!(lines(&file, "METHOD:"), ["PUBLISH"]);
        let own = own_link(&letters, "ben@");
        let shown = page(&client, &own).await;
        assert!(shown.contains(&format!("href=\"{own}/calendar.ics\"")), "{shown}");
        assert!(shown.contains(words), "{shown}");
        let file = page(&client, &format!("{own}/calendar.ics")).await;
        assert_eq!(lines(&file, "UID:"), invited(&letters, "ben@"));
        assert!(!file.contains("/p/") && !file.contains("/r/"), "no link that gives a place up");
    }
}

async fn many_days_come_in_one_letter_and_are_the_same_events(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = turnout.browser().await;
    on_days(&turnout, "S1", 6).await;
    let ada = json!({ "name": "Ada Obi", "email": "ada@example.org" });
    let link = book(&client, "S1", ada.clone(), json!([ada])).await;
    let hers = invited(&turnout.letters().await, "ada@");
    assert_eq!(hers.len(), 6);
    let shown = page(&client, &format!("{link}/booked")).await;
    assert!(shown.contains("All days are in one email, with a file to open."), "{shown}");
    let file = page(&client, &format!("{link}/calendar.ics")).await;
    assert_eq!(lines(&file, "UID:"), hers);
}

async fn whoever_has_no_address_adds_what_everybody_can_have(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = turnout.browser().await;
    let session = on_days(&turnout, "S1", 2).await;
    let ada = json!({ "name": "Ada Obi", "phone": "020 7946 0142" });
    let link = book(&client, "S1", ada, json!([{ "name": "Ada Obi" }])).await;
    assert_eq!(turnout.letters().await.len(), 0);
    for path in [format!("{link}/booked"), link.clone()] {
        let shown = page(&client, &path).await;
        assert!(shown.contains(&format!("href=\"{link}/calendar.ics\"")), "{shown}");
        assert!(shown.contains("does not change by itself"), "{shown}");
        assert!(!shown.contains("invite is in your email"), "{shown}");
        assert!(!shown.contains("We have written to"), "{shown}");
    }
    let shown = page(&client, &format!("{link}/booked")).await;
    assert!(shown.contains("Keep your private link"), "{shown}");
    assert!(!shown.contains("in your email"), "{shown}");
    let file = page(&client, &format!("{link}/calendar.ics")).await;
    assert_eq!(lines(&file, "UID:"), public(&turnout, &session).await);
}

async fn whoever_waits_or_is_asked_about_has_nothing_to_add_yet(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = turnout.browser().await;
    turnout.plan("S1", "first", 1, |_| {}).await;
    let code = turnout
        .plan("S2", "first", 5, |session| {
            session.mode = BookingMode::Approval;
        })
        .await;
    let one = |name: &str| {
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        json!({ "name": name, "email": email })
    };
    book(&client, "S1", one("Ben Low"), json!([one("Ben Low")])).await;
    let waits = book(&client, "S1", one("Ada Obi"), json!([one("Ada Obi")])).await;
    let asks = book(&client, "S2", one("Ada Obi"), json!([one("Ada Obi")])).await;
    turnout.letters().await;
    for (link, words) in [
        (&waits, "Once you have a place, the days can be added under your private link, and we"),
        (&asks, "Once an organiser has said yes, the days can be added under your private link"),
    ] {
        let shown = page(&client, &format!("{link}/booked")).await;
        assert!(shown.contains(words), "{shown}");
        for shown in [shown, page(&client, link).await] {
            assert!(!shown.contains("calendar.ics"), "{shown}");
        }
    }
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let asked = registrations::of_session(&mut conn, &code).await.expect("bookings").remove(0);
    drop(conn);
    let yes = decide_request(&turnout.ctx, &Actor::CommandLine, asked.id, Decision::Approve).await;
    yes.expect("a yes");
    let hers = invited(&turnout.letters().await, "ada.obi");
    assert_eq!(hers.len(), 1);
    let shown = page(&client, &format!("{asks}/booked")).await;
    assert!(shown.contains("Your invite is in your email."), "{shown}");
    let file = page(&client, &format!("{asks}/calendar.ics")).await;
    assert_eq!(lines(&file, "UID:"), hers);
}

async fn a_leader_who_stays_at_home_is_told_who_was_invited(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let client = turnout.browser().await;
    on_days(&turnout, "S1", 1).await;
    let ada = json!({ "name": "Ada Obi", "email": "ada@example.org" });
    let ben = json!({ "name": "Ben Low", "email": "ben@example.org" });
    let link = book(&client, "S1", ada.clone(), json!([ben])).await;
    let shown = page(&client, &format!("{link}/booked")).await;
    assert!(shown.contains("Each person you booked has an invite in their email."), "{shown}");
    assert!(!shown.contains("calendar.ics"), "{shown}");
    let link = book(&client, "S1", ada, json!([{ "name": "Cy Dunn" }])).await;
    let shown = page(&client, &format!("{link}/booked")).await;
    assert!(shown.contains("it does not change by itself"), "{shown}");
}
