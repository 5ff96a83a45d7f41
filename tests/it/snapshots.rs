//! Files and answers in full: what a change of one does to the others is seen in its diff.
//!
//! Time stands still and chance counts, so that the same steps give the same bytes on both databases.
//! After a wanted change run with `INSTA_UPDATE=always` and read what became of `snapshots/`.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::Duration;
use rocket::http::{ContentType, Status};
use turnout::{
    actions::{
        booking::book_places::book_places, calendars::keep_feed::make_feed,
        sessions::change_session::cancel_session,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::SittingId,
        occupancy::TeamPolicy::Together,
        session::{Session, Trainer},
        staff::Role,
        text::{Need, Paragraph},
    },
    token::RandomSource,
};
use uuid::Uuid;

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{attendee, request, sender},
};

on_both_databases!(
    what_calendars_are_told,
    what_spreadsheets_are_given,
    what_programs_are_told_when_something_is_wrong,
);

/// Chance that counts from one, so that what is made later sorts later.
#[derive(Default)]
struct Counted(AtomicU64);

impl RandomSource for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        bytes.fill(0);
        // Five bits each: of a byte of a token no more counts, and two numbers would be one secret.
        for (byte, at) in bytes.iter_mut().rev().zip(0..12) {
            *byte = (number >> (5 * at) & 31) as u8;
        }
    }
}

/// Compares with the file of this name, the same for both databases.
fn same(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, without_secrets(&text.replace('\r', ""))));
}

/// Letters leave over several connections, and each draws its secret as it leaves: which is whose is chance.
fn without_secrets(text: &str) -> String {
    let start = "/e/0000000000000000000000000";
    let mut parts = text.split(start);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let folded = part.strip_prefix("\n ");
        let rest = &folded.unwrap_or(part)[1..];
        all += &format!("{start}{}?{rest}", if folded.is_some() { "\n " } else { "" });
    }
    all
}

/// One session of two days with a trainer, and a team of two on it.
async fn booked(turnout: TestTurnout) -> (TestTurnout, Session) {
    let mut turnout = turnout.season().await;
    turnout.ctx.random = Arc::new(Counted::default());
    let login = turnout.account("trainer", Role::Trainer, &[]).await;
    let mut sittings = vec![];
    for (number, days) in [(1, 28), (2, 29)] {
        let starts = turnout.ctx.now().naive_utc() + Duration::days(days);
        let id = SittingId::new(Uuid::from_u128(u128::from(number)));
        let uid = format!("sitting-{number}@turnout.example");
        sittings.push(turnout::domain::sitting::Sitting {
            id,
            uid,
            ..turnout.sitting(number, starts)
        });
    }
    let code = turnout.plan("S1", "first", 9, |session| {
        session.trainers = vec![Trainer { login, name: "Trainer".to_owned() }];
        session.access = vec!["step-free".to_owned(), "hearing loop".to_owned()];
        session.note = Some("Bring a story; a pen, too.".to_owned());
        session.sittings = sittings;
    });
    let code = code.await;
    let mut asked = request(&code, "Ada Obi", 2, Together);
    asked.sender = sender(1);
    let dietary = Need::parse("vegan, no \"nuts\"").ok();
    asked.attendees[1] = Some(Attendee { dietary, ..attendee("Ben Low") });
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let session = turnout.session(&code).await;
    (turnout, session)
}

async fn what_calendars_are_told(turnout: TestTurnout) {
    let (turnout, session) = booked(turnout).await;
    let client = crate::support::web::client(&turnout).await;
    same("feed", &page(&client, "/feeds/all.ics").await);
    same("session", &page(&client, "/sessions/S1.ics").await);
    let calendars = async || {
        let letters = turnout.letters().await;
        let hers = letters.into_iter().filter(|letter| letter.to.contains("ben.low"));
        let texts = hers.filter_map(|letter| String::from_utf8(letter.calendar?).ok());
        texts.collect::<Vec<_>>().join("\n")
    };
    same("request", &calendars().await);
    let owner = turnout.feed_owner(&attendee("Ben Low")).await;
    let token = make_feed(&turnout.ctx, &Actor::Attendee, &owner).await.expect("a feed");
    let path = format!("/feeds/p/{}.ics", token.secret());
    same("private_feed", &page(&client, &path).await);
    turnout.clock.advance(Duration::hours(1));
    let reason = Paragraph::parse_optional("The hall was flooded").expect("a reason");
    let called_off =
        cancel_session(&turnout.ctx, &Actor::Api, &session.code, reason.as_ref(), None);
    called_off.await.expect("called off");
    same("cancel", &calendars().await);
    same("feed_of_what_is_cancelled", &page(&client, "/feeds/all.ics").await);
}

async fn what_spreadsheets_are_given(turnout: TestTurnout) {
    let (turnout, _) = booked(turnout).await;
    let trainer = turnout.signed_in(&"trainer".parse().expect("a login")).await;
    let roster = table(&page(&trainer, "/trainer/sessions/S1/roster.csv").await);
    let admin = turnout.account("admin", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&admin).await;
    let season = "/office/turnout.csv?from=2026-09-01&to=2027-08-31&by=";
    let institutions = table(&page(&office, &format!("{season}institution")).await);
    let sessions = table(&page(&office, &format!("{season}session")).await);
    insta::allow_duplicates! {
        insta::assert_snapshot!(roster, @r#"
        Name,Institution,Email,Phone,Dietary,Access,Allergy,Interpreter,Reference,Booked by,Calendar
        Ada Obi,Institution 1,ada.obi@example.org,,,,,,2222-2225,Ada Obi,
        Ben Low,Institution 1,ben.low@example.org,,"vegan, no ""nuts""",,,,2222-2225,Ada Obi,
        "#);
        insta::assert_snapshot!(institutions, @"
        Institution,Part of,Pledged,Named,Attended
        Institution 1,Oxford Citizens,0,2,0
        ");
        insta::assert_snapshot!(sessions, @r#"
        Session,Course,Alliance,First day,Where,Capacity,Pledged,Named,Attended,Waiting,Institutions
        S1,Course first,Oxford Citizens,2027-01-30,"St Aidan's Hall, 41 Copeland Lane",9,0,2,0,0,1
        "#);
    }
}

/// A table without the mark that spreadsheets know UTF-8 by, which nobody would see here.
fn table(csv: &str) -> String {
    csv.strip_prefix('\u{FEFF}').expect("a byte order mark").replace('\r', "")
}

async fn what_programs_are_told_when_something_is_wrong(turnout: TestTurnout) {
    let (turnout, session) = booked(turnout).await;
    let client = crate::support::web::client(&turnout).await;
    let answer = client.get("/api/v1/sessions/S9").dispatch().await;
    assert_eq!(answer.status(), Status::NotFound);
    let missing = pretty(&answer.into_string().await.unwrap_or_default());
    let book = async |body: &'static str| {
        let path = "/api/v1/sessions/S1/registrations";
        let answer = client.post(path).header(ContentType::JSON).body(body).dispatch().await;
        (answer.status(), pretty(&answer.into_string().await.unwrap_or_default()))
    };
    let (status, fields) = book(r#"{"leader":{"name":""},"places":[{"name":"a\tb"}]}"#).await;
    assert_eq!(status, Status::UnprocessableEntity);
    same("invalid_fields", &fields);
    let called_off = cancel_session(&turnout.ctx, &Actor::Api, &session.code, None, None);
    called_off.await.expect("called off");
    let one = r#"{"leader":{"name":"Cy","email":"cy@example.org"},"team":"together",
        "places":[{"name":"Cy"}]}"#;
    let (status, cancelled) = book(one).await;
    assert_eq!(status, Status::Conflict);
    insta::allow_duplicates! {
        insta::assert_snapshot!(missing, @r#"
        {
          "type": "https://turnout.example/api/v1/problems/not-found",
          "title": "There is no such thing",
          "status": 404,
          "detail": "There is no such session."
        }
        "#);
        insta::assert_snapshot!(cancelled, @r#"
        {
          "type": "https://turnout.example/api/v1/problems/cancelled",
          "title": "The session is cancelled",
          "status": 409,
          "detail": "Nothing was booked: the session was called off."
        }
        "#);
    }
}

fn pretty(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}
