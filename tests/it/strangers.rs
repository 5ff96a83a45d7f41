//! Whoever types somebody else's address: few invites go there until its reader opens a link of ours, whoever
//! books and however often. The bookings stand, and whoever booked is told.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::booking::book_places::book_places,
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, place::PlaceStatus},
    mail::reading::ReadLetter,
    token::Token,
};

use crate::support::{
    TestTurnout,
    browser::page,
    plan::{attendee, request},
};

on_both_databases!(
    a_stranger_gets_three_invites_a_day_whoever_books,
    whoever_opened_a_link_gets_every_invite_at_once,
    the_days_of_one_training_come_together,
    days_that_a_turn_takes_apart_count_as_a_whole,
    what_waited_for_a_reader_is_not_sent_once_the_session_is_over,
);

const VICTIM: &str = "ben.low@example.org";

/// Books a session for a leader of her own and for whom she says is Ben Low; the leader's link.
async fn book(turnout: &TestTurnout, session: &SessionCode, number: usize) -> Token {
    let mut asked = request(session, &format!("Leader {number}"), 2, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    assert_eq!(booked.registration.places_in(PlaceStatus::Confirmed).count(), 2);
    booked.token
}

async fn sessions(turnout: &TestTurnout, many: usize) -> Vec<SessionCode> {
    let mut codes = Vec::new();
    for number in 1..=many {
        codes.push(turnout.plan(&format!("S{number}"), "first", 9, |_| {}).await);
    }
    codes
}

/// What came to him since the last look.
async fn invites(turnout: &TestTurnout) -> Vec<ReadLetter> {
    let letters = turnout.letters().await;
    letters.into_iter().filter(|one| one.to.contains(VICTIM) && one.calendar.is_some()).collect()
}

async fn a_stranger_gets_three_invites_a_day_whoever_books(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.invites_a_day = Some(3);
    let codes = sessions(&turnout, 7).await;
    let mut links = Vec::new();
    for (number, code) in codes.iter().enumerate() {
        links.push(book(&turnout, code, number).await);
    }
    let browser = turnout.browser().await;
    let told = |link: &Token| format!("/r/{}/booked", link.secret());
    let before = page(&browser, &told(&links[6])).await;
    assert!(before.contains("No invite has gone to ben.low@example.org yet."), "before delivery");
    assert!(!before.contains("and to Ben Low"), "nobody wrote to him");
    assert_eq!(invites(&turnout).await.len(), 3);
    turnout.is_sound().await;
    for (link, waits) in [(&links[0], false), (&links[2], false), (&links[3], true)] {
        for path in [told(link), format!("/r/{}", link.secret())] {
            let shown = page(&browser, &path).await;
            assert_eq!(shown.contains("No invite has gone to"), waits, "{shown}");
        }
    }
    turnout.clock.advance(Duration::hours(23));
    assert_eq!(invites(&turnout).await.len(), 0);
    turnout.clock.advance(Duration::hours(1));
    assert_eq!(invites(&turnout).await.len(), 3, "another three the next day");
    turnout.clock.advance(Duration::hours(24));
    assert_eq!(invites(&turnout).await.len(), 1);
    turnout.is_sound().await;
}

async fn whoever_opened_a_link_gets_every_invite_at_once(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.invites_a_day = Some(3);
    let codes = sessions(&turnout, 7).await;
    for (number, code) in codes[..5].iter().enumerate() {
        book(&turnout, code, number).await;
    }
    let first = invites(&turnout).await;
    assert_eq!(first.len(), 3);
    let (_, rest) = first[0].text.split_once("https://turnout.example/p/").expect("a link");
    let browser = turnout.browser().await;
    page(&browser, &format!("/p/{}", &rest[..26])).await;
    assert_eq!(invites(&turnout).await.len(), 2, "what waited leaves");
    for (number, code) in codes[5..].iter().enumerate() {
        let link = book(&turnout, code, 5 + number).await;
        let shown = page(&browser, &format!("/r/{}/booked", link.secret())).await;
        assert!(!shown.contains("No invite has gone to"), "{shown}");
    }
    assert_eq!(invites(&turnout).await.len(), 2, "he reads what we send");
    turnout.is_sound().await;
}

async fn the_days_of_one_training_come_together(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.invites_a_day = Some(3);
    let long = turnout
        .plan("S1", "first", 9, |session| {
            let first = session.sittings[0].starts;
            for day in 1..=3 {
                let starts = first + Duration::days(day.into());
                session.sittings.push(turnout.sitting(day + 1, starts));
            }
        })
        .await;
    book(&turnout, &long, 1).await;
    assert_eq!(invites(&turnout).await.len(), 4, "half of a training is no invite to it");
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    book(&turnout, &other, 2).await;
    assert_eq!(invites(&turnout).await.len(), 0);
    turnout.clock.advance(Duration::days(1));
    assert_eq!(invites(&turnout).await.len(), 1);
}

async fn days_that_a_turn_takes_apart_count_as_a_whole(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.invites_a_day = Some(3);
    let two_days = turnout
        .plan("S1", "first", 30, |session| {
            let second = session.sittings[0].starts + Duration::days(1);
            session.sittings.push(turnout.sitting(2, second));
        })
        .await;
    // Each leader's own days stand between his, so that a turn ends amid the days of one place.
    for number in 0..6 {
        book(&turnout, &two_days, number).await;
    }
    assert_eq!(invites(&turnout).await.len(), 2, "two days of one place, and no half of another");
    turnout.is_sound().await;
}

async fn what_waited_for_a_reader_is_not_sent_once_the_session_is_over(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.ctx.invites_a_day = Some(1);
    let codes = sessions(&turnout, 2).await;
    turnout.clock.advance(Duration::days(27) + Duration::hours(12));
    for (number, code) in codes.iter().enumerate() {
        book(&turnout, code, number).await;
    }
    assert_eq!(invites(&turnout).await.len(), 1);
    turnout.clock.advance(Duration::days(2));
    assert_eq!(invites(&turnout).await.len(), 0);
    let office = turnout.account("office", turnout::domain::staff::Role::Administrator, &[]).await;
    let office = turnout.signed_in(&office).await;
    let given_up = office.get("/office/letters?progress=failed").dispatch().await;
    assert_eq!(given_up.status(), Status::Ok);
    let shown = given_up.into_string().await.expect("a page");
    assert!(
        shown.contains("the session was over before anybody there had opened a link"),
        "{shown}"
    );
}
