//! A message to people of many sessions: a course, an alliance, a season, or whoever has not turned up twice.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::{BookRequest, book_places},
        letters::{message_people::write_next, stop_letters::stop_letters},
        people::know_people::know_people,
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
    start,
};

on_both_databases!(
    a_message_to_a_course_reaches_each_address_once,
    a_message_to_a_season_leaves_other_days_and_alliances_out,
    whoever_did_not_turn_up_twice_is_written_to,
    what_cannot_be_sent_is_said_beside_the_field,
);

const MESSAGES: &str = "/office/messages";

/// Three sessions a week apart, each with Ada and one more.
async fn season(turnout: TestTurnout) -> (TestTurnout, Client) {
    let turnout = turnout.season().await;
    for (code, course, days, who) in [
        ("S1", "first", 28, "Ben Low"),
        ("S2", "first", 35, "Cleo Low"),
        ("S3", "second", 42, "Dot Low"),
    ] {
        let starts = start().naive_utc() + Duration::days(days);
        let day = turnout.sitting(1, starts);
        let code = turnout.plan(code, course, 9, |session| session.sittings = vec![day]).await;
        for name in ["Ada Obi", who] {
            let team = BookRequest { vouched: true, ..request(&code, name, 1, Together) };
            book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
        }
    }
    turnout.letters().await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    turnout.letters().await;
    let office = turnout.signed_in(&login).await;
    (turnout, office)
}

async fn written(turnout: &TestTurnout) -> Vec<ReadLetter> {
    while write_next(&turnout.ctx).await.expect("a batch") {}
    turnout.letters().await
}

fn readers(letters: &[ReadLetter]) -> Vec<&str> {
    let mut readers: Vec<_> = letters.iter().map(|one| one.to.as_str()).collect();
    readers.sort_unstable();
    readers
}

const WORDS: &str = "subject=The+autumn&body=We+go+on.";

async fn a_message_to_a_course_reaches_each_address_once(turnout: TestTurnout) {
    let (turnout, office) = season(turnout).await;
    assert!(page(&office, "/office/more").await.contains("href=\"/office/messages\""));
    assert!(page(&office, MESSAGES).await.contains("No message has been sent"));
    let form = format!("course=first&to=coming&{WORDS}");
    let (status, check) = post(&office, MESSAGES, &form).await;
    assert_eq!(status, Status::Ok, "{check}");
    assert!(check.contains("3 emails, for 4 people on 2 sessions"), "{check}");
    assert!(written(&turnout).await.is_empty());
    let (_, tested) = post(&office, MESSAGES, &format!("{form}&do=test")).await;
    assert!(tested.contains("We sent it to ruth@example.org"), "{tested}");
    assert_eq!(readers(&turnout.letters().await), ["ruth <ruth@example.org>"]);

    let send = Form::of(MESSAGES, &check).with("do", "send");
    let (status, sent) = send.send(&office).await;
    assert_eq!(status, Status::SeeOther, "{sent}");
    assert_eq!(send.send(&office).await.1, sent, "sent twice it is sent once");
    assert!(page(&office, &sent).await.contains("0 of 3 sent"));
    let letters = written(&turnout).await;
    let each = [
        "Ada Obi <ada.obi@example.org>",
        "Ben Low <ben.low@example.org>",
        "Cleo Low <cleo.low@example.org>",
    ];
    assert_eq!(readers(&letters), each);
    assert!(letters.iter().all(|one| one.subject == "The autumn" && one.text.contains("/stop/")));
    let after = page(&office, &sent).await;
    assert!(after.contains("3 of 3 sent") && after.contains("Course first"), "{after}");
    assert!(page(&office, MESSAGES).await.contains("The autumn"));
    turnout.is_sound().await;

    // Ada wants no more of them.
    let ada = letters.iter().find(|one| one.to.contains("ada.obi")).expect("hers");
    let stop = ada.text.split("/stop/").nth(1).and_then(|rest| rest.split_whitespace().next());
    let stop = stop.expect("a link").parse().expect("a token");
    stop_letters(&turnout.ctx, &stop, true).await.expect("a stop");
    let (_, check) = post(&office, MESSAGES, &form).await;
    assert!(check.contains("2 emails") && check.contains("1 address gets none"), "{check}");
}

async fn a_message_to_a_season_leaves_other_days_and_alliances_out(turnout: TestTurnout) {
    let (turnout, office) = season(turnout).await;
    let third = (start() + Duration::days(42)).date_naive();
    let form = format!("alliance=oxford&from={third}&until={third}&to=coming&{WORDS}");
    let (_, check) = post(&office, MESSAGES, &form).await;
    assert!(check.contains("2 emails, for 2 people on 1 session"), "{check}");
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email)
             values ('county', 'County Citizens', 'Europe/London', 'county@example.org')",
        )
        .await;
    let login = turnout.account("mary", Role::Organiser, &["county"]).await;
    let mary = turnout.signed_in(&login).await;
    let (status, none) = post(&mary, MESSAGES, &format!("to=coming&{WORDS}")).await;
    assert_eq!(status, Status::UnprocessableEntity, "nothing is hers: {none}");
    let (_, sent) = post(&office, MESSAGES, &format!("{form}&do=send")).await;
    assert_eq!(mary.get(sent.clone()).dispatch().await.status(), Status::NotFound);
    assert_eq!(written(&turnout).await.len(), 2);
}

async fn whoever_did_not_turn_up_twice_is_written_to(turnout: TestTurnout) {
    let (turnout, office) = season(turnout).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    turnout.clock.advance(Duration::days(45));
    // Ada came to none of the first two; Ben missed his only one.
    turnout
        .write(
            "insert into attendances (place, sitting, presence, marked_at, marked_by)
             select p.id, t.id, 'absent', t.ends_at, 'ruth'
             from places p join sittings t on t.session = p.session
             where p.session in ('S1', 'S2') and p.name in ('Ada Obi', 'Ben Low')",
        )
        .await;
    let login = "ruth".parse().expect("a login");
    turnout.sign_in(&office, &login).await;
    let (status, check) = post(&office, MESSAGES, &format!("absent=1&{WORDS}")).await;
    assert_eq!(status, Status::Ok, "{check}");
    assert!(check.contains("1 email, for 2 people"), "Ada, twice: {check}");
    let send = Form::of(MESSAGES, &check).with("do", "send");
    assert_eq!(send.send(&office).await.0, Status::SeeOther);
    assert_eq!(readers(&written(&turnout).await), ["Ada Obi <ada.obi@example.org>"]);
}

async fn what_cannot_be_sent_is_said_beside_the_field(turnout: TestTurnout) {
    let (turnout, office) = season(turnout).await;
    for (form, field) in [
        (format!("to=coming&course=nothing&{WORDS}"), "course"),
        (format!("to=coming&alliance=leeds&{WORDS}"), "alliance"),
        (format!("to=coming&from=soon&{WORDS}"), "from"),
        (format!("to=coming&from=2027-03-01&until=2027-02-01&{WORDS}"), "until"),
        (format!("to=asking&{WORDS}"), "to"),
        (WORDS.to_owned(), "to"),
        ("to=coming&body=We+go+on.".to_owned(), "subject"),
        ("to=coming&subject=The+autumn".to_owned(), "body"),
    ] {
        let (status, again) = post(&office, MESSAGES, &format!("{form}&do=send")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(again.contains(&format!("id=\"{field}-e\"")), "{form}: {again}");
    }
    assert!(written(&turnout).await.is_empty());
}
