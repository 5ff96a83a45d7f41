//! What goes to many can be stopped by whoever reads it (RFC 8058), and what is about her own place still comes.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        letters::{
            message_people::{Draft, send_message, write_next},
            remind::remind,
        },
        people::know_people::know_people,
    },
    domain::{
        audit::Actor,
        mailing::{Audience, RecipientGroup},
        occupancy::TeamPolicy::Together,
        staff::Role,
        text::Message,
    },
    store::staff,
    token::Token,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, name, request},
};

on_both_databases!(
    reminders_stop_by_one_click_and_come_back,
    whoever_wants_no_messages_gets_none_and_the_office_is_told,
);

async fn team(turnout: &TestTurnout) -> turnout::domain::registration::Registration {
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Visitor, asked).await.expect("a booking");
    turnout.letters().await;
    booked.registration
}

/// The link in a letter's `List-Unsubscribe`, without the site.
fn stop_link(letter: &turnout::mail::reading::ReadLetter) -> String {
    let (_, rest) = letter.text.split_once("https://turnout.example/stop/").expect("a link");
    format!("/stop/{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
}

async fn reminders_stop_by_one_click_and_come_back(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = team(&turnout).await;
    turnout.clock.advance(Duration::days(21) + Duration::hours(1));
    remind(&turnout.ctx).await.expect("reminders");
    let letters = turnout.letters().await;
    let told = letters.iter().find(|one| one.to.contains("ben.low@")).expect("a reminder");
    assert!(
        told.text.contains("REFERENCE") && told.text.contains("Stop reminders"),
        "{}",
        told.text
    );
    let link = stop_link(told);
    assert!(!link.contains("ben"), "no address in it");
    let header = |wanted: &str| {
        let found = told.headers.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.trim().to_owned())
    };
    assert_eq!(header("List-Unsubscribe"), Some(format!("<https://turnout.example{link}>")));
    let one_click = Some("List-Unsubscribe=One-Click".to_owned());
    assert_eq!(header("List-Unsubscribe-Post"), one_click);
    let browser = turnout.browser().await;
    let html = page(&browser, &link).await;
    assert!(html.contains("Stop reminders?") && !html.contains("ben.low"), "{html}");
    let html = page(&browser, &link).await;
    assert!(html.contains("Stop reminders?"), "opening it stops nothing: {html}");
    let (status, html) = post(&browser, &link, "List-Unsubscribe=One-Click").await;
    assert_eq!(status, Status::Ok);
    assert!(html.contains("You get no more reminders") && html.contains("still comes"), "{html}");
    turnout.clock.advance(Duration::days(6));
    remind(&turnout.ctx).await.expect("reminders");
    let told = turnout.subjects().await;
    assert!(told.iter().any(|one| one.contains("ada.obi@")), "{told:?}");
    assert!(!told.iter().any(|one| one.contains("ben.low@")), "{told:?}");
    let (_, html) = post(&browser, &link, "undo=1").await;
    assert!(html.contains("You get reminders again"), "{html}");
    post(&browser, &link, "stop=1").await;
    let (ctx, which) = (&turnout.ctx, Which::One(booking.places[1].id));
    cancel_places(ctx, &Actor::Leader, booking.id, which, None).await.expect("cancelled");
    let letters = turnout.letters().await;
    let told = letters.iter().find(|one| one.to.contains("ben.low@")).expect("it still comes");
    assert!(!told.text.contains("/stop/"), "{}", told.text);
    assert!(!told.headers.iter().any(|(name, _)| name.starts_with("List-")), "news always comes");
    assert!(told.html.contains("background:#d5dede"), "no party: {}", told.html);
    let (status, _) = post(&browser, &format!("/stop/{}", "2".repeat(26)), "stop=1").await;
    assert_eq!(status, Status::NotFound);
}

async fn whoever_wants_no_messages_gets_none_and_the_office_is_told(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    team(&turnout).await;
    let login = turnout.account("admin", Role::Administrator, &[]).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let author = staff::find(&mut conn, &login).await.expect("staff").expect("an account");
    drop(conn);
    let code = "S1".parse().expect("a code");
    let draft = Draft {
        audience: Audience { groups: vec![RecipientGroup::Coming], leaders: false },
        subject: name("The hall is shut"),
        body: Message::parse_optional("Come to the library.").expect("words").expect("some"),
    };
    let send = async || {
        let attempt = Token::generate(&*turnout.ctx.random);
        let sent = send_message(&turnout.ctx, &author, &code, &draft, &attempt).await;
        sent.expect("a message");
        while write_next(&turnout.ctx).await.expect("letters") {}
        turnout.letters().await
    };
    let letters = send().await;
    assert_eq!(letters.len(), 2);
    let told = letters.iter().find(|one| one.to.contains("ben.low@")).expect("a message");
    assert!(told.text.contains("REFERENCE"), "{}", told.text);
    let link = stop_link(told);
    let browser = turnout.browser().await;
    let (_, html) = post(&browser, &link, "List-Unsubscribe=One-Click").await;
    assert!(html.contains("no more messages to everybody on a session"), "{html}");
    let told = send().await;
    assert_eq!(told.len(), 1, "Ada alone");
    let office = turnout.signed_in(&login).await;
    let form = "to=coming&subject=S&body=B&do=check";
    let (_, html) = post(&office, "/office/sessions/S1/message", form).await;
    assert!(html.contains("1 address gets none"), "{html}");
    know_people(&turnout.ctx).await.expect("people");
}
