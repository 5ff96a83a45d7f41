//! An address at which letters do not arrive stands on the booking, the roster and the session until it is put
//! right; what did not arrive is sent again in the same step.

use std::sync::Arc;

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        calendars::take_reply::take_mail,
        letters::{deliver_letters::deliver_due, message_people::write_next},
    },
    domain::{
        audit::Actor, occupancy::TeamPolicy::Together, registration::Registration, staff::Role,
    },
    mail::{DeliveryError, Memory, Transport, reading::ReadLetter},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request},
};

on_both_databases!(
    what_came_back_is_sent_again_to_the_address_put_right,
    a_letter_no_server_took_counts_as_well,
    a_second_return_shows_again,
    the_leaders_address_is_put_right_wherever_it_stands,
    a_message_that_did_not_arrive_is_sent_again,
);

const BEN: &str = "ben.low@example.org";

/// Ada's booking for herself and Ben, with the letters delivered.
async fn booked(turnout: &TestTurnout) -> Registration {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    booked.registration
}

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

/// The letter that was sent to an address last comes back.
async fn comes_back(turnout: &TestTurnout, address: &str) {
    let id = turnout.letter_to(address).await;
    let bounce = include_str!("replies/bounce.eml").replace("{id}", &id).replace('\n', "\r\n");
    take_mail(&turnout.ctx, bounce.as_bytes()).await.expect("it is taken");
}

/// Where a booking, its roster and its session say that letters do not arrive.
async fn said(office: &Client, booking: &Registration) -> [bool; 3] {
    let there = format!("/office/bookings/{}", booking.reference);
    [
        page(office, &there).await.contains("do not arrive."),
        page(office, "/trainer/sessions/S1/roster").await.contains("Letters do not arrive"),
        page(office, "/office/sessions/S1").await.contains("Letters do not arrive at 1 address"),
    ]
}

fn to<'l>(letters: &'l [ReadLetter], address: &str) -> Vec<&'l ReadLetter> {
    letters.iter().filter(|letter| letter.to.contains(address)).collect()
}

async fn what_came_back_is_sent_again_to_the_address_put_right(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    turnout.letters().await;
    let office = organiser(&turnout).await;
    assert_eq!(said(&office, &booking).await, [false; 3]);
    comes_back(&turnout, BEN).await;
    assert_eq!(said(&office, &booking).await, [true; 3]);
    let there = format!("/office/bookings/{}", booking.reference);
    let mend = format!("{there}/addresses/2");
    assert!(page(&office, &there).await.contains(&format!("href=\"{mend}\"")));
    let form = page(&office, &mend).await;
    assert!(form.contains("is the address of Ben Low on this booking"), "{form}");
    let (status, again) = post(&office, &mend, "email=ben").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("Check the email address") && again.contains("value=\"ben\""));
    let (status, leads) = post(&office, &mend, "email=ben%40low.example").await;
    assert_eq!((status, leads.ends_with("mended-1")), (Status::SeeOther, true), "{leads}");
    assert_eq!(said(&office, &booking).await, [false; 3]);
    let letters = turnout.letters().await;
    let new = to(&letters, "ben@low.example");
    assert_eq!(new.len(), 1, "{letters:?}");
    let calendar = String::from_utf8(new[0].calendar.clone().expect("an invite")).expect("text");
    assert!(calendar.contains("METHOD:REQUEST") && calendar.contains("ben@low.example"));
    assert!(to(&letters, BEN).is_empty(), "nothing more goes to the old address");
    let shown = page(&office, &there).await;
    assert!(shown.contains("Did not arrive") && shown.contains("Letter bounced"), "{shown}");
    let overview = page(&office, "/office").await;
    assert!(!overview.contains("came back"), "{overview}");
}

async fn a_letter_no_server_took_counts_as_well(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    let memory = Memory::default();
    let refused = "the mail server answered 550 5.1.1".to_owned();
    memory.fail_with(DeliveryError::Permanent(refused));
    let transport = Arc::new(Transport::Memory(memory));
    deliver_due(&turnout.ctx, transport).await.expect("a delivery");
    let office = organiser(&turnout).await;
    let there = format!("/office/bookings/{}", booking.reference);
    let shown = page(&office, &there).await;
    assert_eq!(shown.matches("do not arrive.").count(), 2, "Ada and Ben: {shown}");
    assert!(shown.contains("550 5.1.1"), "{shown}");
    // The address is right, and its server takes letters now: the same is sent again.
    let body = "email=ben.low%40example.org";
    assert_eq!(post(&office, &format!("{there}/addresses/2"), body).await.0, Status::SeeOther);
    let letters = turnout.letters().await;
    assert_eq!(to(&letters, BEN).len(), 1);
    assert!(to(&letters, BEN)[0].calendar.is_some());
    // The leader's letters go again with the button that sends all.
    assert_eq!(post(&office, &format!("{there}/resend"), "").await.0, Status::SeeOther);
    assert!(!page(&office, &there).await.contains("do not arrive."));
    let (_, leads) = post(&office, "/office/letters/retry-all", "").await;
    assert!(leads.ends_with("none-retried"), "what was sent again is not sent once more: {leads}");
}

async fn a_second_return_shows_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    turnout.letters().await;
    let office = organiser(&turnout).await;
    let mend = format!("/office/bookings/{}/addresses/2", booking.reference);
    comes_back(&turnout, BEN).await;
    let form = page(&office, &mend).await;
    let (_, rest) = form.split_once("name=\"attempt\" value=\"").expect("an attempt");
    let attempt = rest.split('"').next().unwrap_or_default();
    let body = format!("attempt={attempt}&shown=ben.low%40example.org&email=b%40low.example");
    let first = post(&office, &mend, &body).await;
    assert_eq!(post(&office, &mend, &body).await, first, "a second press sends nothing more");
    assert_eq!(to(&turnout.letters().await, "b@low.example").len(), 1);
    comes_back(&turnout, "b@low.example").await;
    assert_eq!(said(&office, &booking).await, [true; 3]);
    let stale = "shown=ben.low%40example.org&email=c%40low.example";
    let (status, again) = post(&office, &mend, stale).await;
    assert_eq!(status, Status::Conflict, "the page was drawn before");
    assert!(again.contains("it is b@low.example now"), "{again}");
}

async fn the_leaders_address_is_put_right_wherever_it_stands(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    turnout.letters().await;
    let office = organiser(&turnout).await;
    comes_back(&turnout, "ada.obi@example.org").await;
    assert_eq!(said(&office, &booking).await, [true; 3]);
    let mend = format!("/office/bookings/{}/addresses/0", booking.reference);
    let (status, _) = post(&office, &mend, "email=ada%40obi.example").await;
    assert_eq!(status, Status::SeeOther);
    let now = turnout.registration(booking.id).await;
    let hers = now.places[0].attendee.as_ref().and_then(|one| one.email.as_ref());
    assert_eq!(now.leader.email.as_ref().map(ToString::to_string), hers.map(ToString::to_string));
    let letters = turnout.letters().await;
    let new = to(&letters, "ada@obi.example");
    assert_eq!(new.len(), 1, "one letter with her link and her invite: {letters:?}");
    assert!(new[0].text.contains("/r/") && new[0].calendar.is_some(), "{new:?}");
    assert!(to(&letters, "ada.obi@example.org").is_empty());
    assert_eq!(said(&office, &booking).await, [false; 3]);
}

async fn a_message_that_did_not_arrive_is_sent_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booking = booked(&turnout).await;
    turnout.letters().await;
    let office = organiser(&turnout).await;
    let path = "/office/sessions/S1/message";
    let token = "0123456789abcdefghjkmnpqrs";
    let body = format!("to=coming&do=send&subject=Bring+a+pen&body=And+paper&attempt={token}");
    post(&office, path, &body).await;
    while write_next(&turnout.ctx).await.expect("letters") {}
    let sent = turnout.letters().await;
    assert_eq!(to(&sent, BEN).len(), 1, "{sent:?}");
    comes_back(&turnout, BEN).await;
    let mend = format!("/office/bookings/{}/addresses/2", booking.reference);
    post(&office, &mend, "email=ben%40low.example").await;
    let letters = turnout.letters().await;
    let new = to(&letters, "ben@low.example");
    assert!(new.iter().any(|letter| letter.subject.contains("Bring a pen")), "{letters:?}");
}
