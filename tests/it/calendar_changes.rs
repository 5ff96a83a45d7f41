//! Whatever changes a session, a place, a person, a course or an alliance, each calendar is told of
//! exactly the difference: a calendar that files every letter as calendar programs do shows at every
//! step who comes, when and where.

use std::{collections::BTreeSet, sync::Arc};

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        calendars::{keep_feed::make_feed, stamp::stamp_everything},
        catalogue::write_catalogue::{change_alliance, change_course},
        examine::examine,
        sessions::{
            change_session::{
                ChangeSessionError, NewTimes, cancel_session, move_session, reschedule_session,
            },
            remove_day::remove_day,
        },
    },
    domain::{
        audit::Actor,
        course::Course,
        edit::Listed,
        id::{RegistrationId, SessionCode},
        location::Location,
        occupancy::TeamPolicy::Together,
        session::Session,
        sitting::Sitting,
        staff::Role,
    },
    mail::reading::ReadLetter,
};

use crate::{
    calendars::mailbox::{Calendars, address, shown_in_feed},
    support::{
        TestTurnout,
        browser::{page, post},
        plan::{attendee, request},
        web::client,
    },
};

const OFFICE: Actor = Actor::CommandLine;

fn listed(course: &Course) -> Listed<Course> {
    Listed { record: course.clone(), is_archived: false }
}

pub async fn book(turnout: &TestTurnout, session: &SessionCode, who: &[&str]) -> RegistrationId {
    let mut asked = request(session, who[0], who.len(), Together);
    asked.attendees = who.iter().map(|one| Some(attendee(one))).collect();
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking").registration.id
}

pub async fn two_days(turnout: &TestTurnout) -> SessionCode {
    let second = |session: &mut Session| {
        let starts = session.sittings[0].starts + Duration::days(7);
        session.sittings.push(turnout.sitting(2, starts));
    };
    turnout.plan("S1", "first", 30, second).await
}

fn after(sitting: &Sitting, number: u32) -> NewTimes {
    let starts = sitting.starts + Duration::days(7);
    NewTimes { number, starts, ends: starts + Duration::hours(2) }
}

async fn a_day_more_reaches_everybody_who_comes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, code) = (&turnout.ctx, two_days(&turnout).await);
    let mut calendars = Calendars::default();
    book(&turnout, &code, &["Ada Obi", "Ben Low"]).await;
    // Whoever has no address is told by her leader.
    let mut asked = request(&code, "Cy Dunn", 2, Together);
    asked.attendees[1] = Some(attendee("Di Fox"));
    asked.attendees[1].as_mut().expect("Di").email = None;
    book_places(ctx, &Actor::Api, asked).await.expect("a booking");
    calendars.file(&turnout.letters().await);
    let who = ["ada.obi@example.org", "ben.low@example.org", "cy.dunn@example.org"];
    calendars.agree(&turnout.session(&code).await, &who);

    let last = turnout.session(&code).await.sittings[1].clone();
    let told =
        reschedule_session(ctx, &OFFICE, &code, &[after(&last, 3)], None).await.expect("a day");
    assert_eq!((told.people, told.leaders), (3, 2), "who is being told is who can be told");
    let letters = turnout.letters().await;
    calendars.file(&letters);
    calendars.agree(&turnout.session(&code).await, &who);
    let people: BTreeSet<_> =
        letters.iter().filter(|one| one.calendar.is_some()).map(address).collect();
    assert_eq!(people.len(), told.people, "what was said is true");
    turnout.is_sound().await;
}

async fn a_day_less_leaves_every_calendar_and_the_others_move_up(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, code) = (&turnout.ctx, two_days(&turnout).await);
    let last = turnout.session(&code).await.sittings[1].clone();
    reschedule_session(ctx, &OFFICE, &code, &[after(&last, 3)], None).await.expect("a day");
    let mut calendars = Calendars::default();
    book(&turnout, &code, &["Ada Obi", "Ben Low"]).await;
    calendars.file(&turnout.letters().await);
    let both = ["ada.obi@example.org", "ben.low@example.org"];
    calendars.agree(&turnout.session(&code).await, &both);

    let second = turnout.session(&code).await.sittings[1].clone();
    let told = remove_day(ctx, &OFFICE, &code, second.id).await.expect("a day less");
    assert_eq!((told.people, told.leaders), (2, 1));
    let letters = turnout.letters().await;
    let calendars_told = letters.iter().filter_map(|one| one.calendar.as_ref());
    let gone = calendars_told.filter(|ics| String::from_utf8_lossy(ics).contains("METHOD:CANCEL"));
    assert_eq!(gone.count(), 2, "their calendars take it out");
    assert!(letters.iter().any(|one| one.text.contains("A day less: ")), "and their leader knows");
    calendars.file(&letters);
    calendars.agree(&turnout.session(&code).await, &both);
    turnout.is_sound().await;

    // Subscribers see it as cancelled for two weeks, and then no more.
    let client = client(&turnout).await;
    let seen = async || page(&client, "/feeds/all.ics").await.replace("\r\n ", "");
    let cancelled = "SUMMARY:Cancelled: Course first (day 2 of 3)";
    let feed = seen().await;
    assert!(feed.contains(cancelled) && feed.contains(&second.uid), "{feed}");
    turnout.clock.advance(Duration::days(15));
    assert!(!seen().await.contains(&second.uid));
}

async fn a_day_with_a_past_stays(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, code) = (&turnout.ctx, two_days(&turnout).await);
    book(&turnout, &code, &["Ada Obi"]).await;
    let days = turnout.session(&code).await.sittings;
    turnout.clock.advance(days[0].starts_at - ctx.now());
    let begun = remove_day(ctx, &OFFICE, &code, days[0].id).await.expect_err("it has begun");
    assert!(matches!(begun, ChangeSessionError::DayHasBegun(1)), "{begun}");
    remove_day(ctx, &OFFICE, &code, days[1].id).await.expect("a day less");
    let only = remove_day(ctx, &OFFICE, &code, days[0].id).await.expect_err("one stays");
    assert!(matches!(only, ChangeSessionError::DayHasBegun(1)), "{only}");
    let later = |session: &mut Session| {
        let starts = session.sittings[0].starts + Duration::days(7);
        session.sittings = vec![turnout.sitting(1, starts)];
    };
    let single = turnout.plan("S2", "first", 9, later).await;
    let day = turnout.session(&single).await.sittings[0].clone();
    let only = remove_day(ctx, &OFFICE, &single, day.id).await.expect_err("the only one");
    assert!(matches!(only, ChangeSessionError::OnlyDay), "{only}");
}

async fn days_are_added_and_taken_off_on_a_page(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = two_days(&turnout).await;
    book(&turnout, &code, &["Ada Obi"]).await;
    turnout.letters().await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let days = format!("/office/sessions/{code}/days");
    assert!(page(&browser, &days).await.contains("Add the day and tell 1 person"));
    let new = "d3_date=2027-02-20&d3_start=10:00&d3_end=12:00";
    let (_, there) = post(&browser, &days, new).await;
    assert!(page(&browser, &there).await.contains("We are telling 1 person."), "{there}");
    assert_eq!(turnout.session(&code).await.sittings.len(), 3);
    let early = "d4_date=2026-02-20&d4_start=10:00&d4_end=12:00";
    let (status, refused) = post(&browser, &days, early).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(refused.contains("2026-02-20"), "what was typed is still there: {refused}");

    let second = turnout.session(&code).await.sittings[1].id;
    let ask = page(&browser, &format!("/office/sessions/{code}/remove-day?day={second}")).await;
    assert!(ask.contains("Take the day off and tell 1 person"), "{ask}");
    assert_eq!(turnout.session(&code).await.sittings.len(), 3, "asking changes nothing");
    let remove = format!("/office/sessions/{code}/remove-day");
    let form = format!("day={second}");
    post(&browser, &remove, &form).await;
    assert_eq!(turnout.session(&code).await.sittings.len(), 2);
    let (_, again) = post(&browser, &remove, &form).await;
    assert!(again.contains("not one of the session any more"), "{again}");
}

async fn every_change_of_what_a_calendar_shows_reaches_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, code) = (&turnout.ctx, two_days(&turnout).await);
    let mut calendars = Calendars::default();
    let booking = book(&turnout, &code, &["Ada Obi", "Ben Low"]).await;
    calendars.file(&turnout.letters().await);
    let both = ["ada.obi@example.org", "ben.low@example.org"];

    let session = turnout.session(&code).await;
    let mut course = (*session.course).clone();
    course.title = "Another title".to_owned();
    let people = change_course(ctx, &OFFICE, &listed(&course), None).await.expect("a title");
    assert_eq!(people, 2);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 4, "one for each day of each, and none to the leader");
    calendars.file(&letters);
    calendars.agree(&turnout.session(&code).await, &both);
    let kept = calendars.of(both[0]).iter().all(|event| event.answer == "ACCEPTED");
    assert!(kept, "words alone ask nobody anew");

    let mut alliance = (*session.alliance).clone();
    alliance.name = "Oxford and Abingdon Citizens".to_owned();
    change_alliance(ctx, &OFFICE, &alliance, None).await.expect("a name");
    calendars.file(&turnout.letters().await);
    calendars.agree(&turnout.session(&code).await, &both);

    // Saved without a change: nobody is written to.
    assert_eq!(change_course(ctx, &OFFICE, &listed(&course), None).await.expect("nothing"), 0);
    assert_eq!(turnout.letters().await.len(), 0);

    let mill = Location::Venue { name: "The Mill".to_owned(), address: "1 Mill Lane".to_owned() };
    move_session(ctx, &OFFICE, &code, mill, None).await.expect("a move");
    calendars.file(&turnout.letters().await);
    calendars.agree(&turnout.session(&code).await, &both);
    let asked = calendars.of(both[0]).iter().all(|event| event.answer == "NEEDS-ACTION");
    assert!(asked, "another place is another question");

    let place = turnout.registration(booking).await.places[1].id;
    let one = Which::One(place);
    cancel_places(ctx, &Actor::Leader, booking, one, None).await.expect("a cancellation");
    calendars.file(&turnout.letters().await);
    calendars.agree(&turnout.session(&code).await, &both[..1]);

    cancel_session(ctx, &OFFICE, &code, None, None).await.expect("a cancellation");
    calendars.file(&turnout.letters().await);
    assert_eq!(calendars.of(both[0]).len() + calendars.of(both[1]).len(), 0);
    turnout.is_sound().await;
}

async fn a_session_of_many_days_is_told_in_one_letter(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let weeks = |session: &mut Session| {
        let first = session.sittings[0].starts;
        let day = |n: u32| turnout.sitting(n + 1, first + Duration::days(7 * i64::from(n)));
        session.sittings = (0..7).map(day).collect();
    };
    let (ctx, code) = (&turnout.ctx, turnout.plan("S1", "first", 30, weeks).await);
    let booking = book(&turnout, &code, &["Ada Obi", "Ben Low"]).await;
    let file = |letters: &[ReadLetter]| {
        let hers: Vec<_> = letters.iter().filter(|one| address(one).starts_with("ben")).collect();
        assert_eq!(hers.len(), 1, "one letter, however many days");
        assert!(hers[0].calendar.is_none(), "no invite of one day alone");
        hers[0].attached.clone().expect("a file").replace("\r\n ", "")
    };
    let first = file(&turnout.letters().await);
    let uids = |ics: &str| -> Vec<String> {
        ics.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    assert_eq!(uids(&first).len(), 7, "{first}");
    assert!(first.contains("METHOD:PUBLISH") && !first.contains("ATTENDEE"), "{first}");

    let mill = Location::Venue { name: "The Mill".to_owned(), address: "1 Mill Lane".to_owned() };
    move_session(ctx, &OFFICE, &code, mill, None).await.expect("a move");
    let moved = file(&turnout.letters().await);
    assert_eq!(uids(&moved), uids(&first));
    assert_eq!(moved.matches("SEQUENCE:1\r\n").count(), 7, "{moved}");

    let place = turnout.registration(booking).await.places[1].id;
    cancel_places(ctx, &Actor::Leader, booking, Which::One(place), None).await.expect("a place");
    let gone = file(&turnout.letters().await);
    assert_eq!(uids(&gone), uids(&first));
    assert_eq!(gone.matches("STATUS:CANCELLED").count(), 7, "{gone}");
    turnout.is_sound().await;
}

/// A subscriber to Ada's own feed, and the calendar that files her letters, agree at every step.
async fn a_mailbox_and_a_feed_agree_at_every_step(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, code) = (&turnout.ctx, two_days(&turnout).await);
    let who = "ada.obi@example.org";
    let owner = turnout.feed_owner(&attendee("Ada Obi")).await;
    let token = make_feed(ctx, &Actor::Attendee, &owner).await.expect("a feed");
    let path = format!("/feeds/p/{}.ics", token.secret());
    let client = client(&turnout).await;
    let mut calendars = Calendars::default();
    let booking = book(&turnout, &code, &["Ada Obi"]).await;
    for step in 0..6 {
        let days = turnout.session(&code).await.sittings;
        match step {
            1 => {
                let more = [after(&days[1], 3)];
                reschedule_session(ctx, &OFFICE, &code, &more, None).await.expect("a day");
            }
            2 => {
                remove_day(ctx, &OFFICE, &code, days[1].id).await.expect("a day less");
            }
            3 => {
                let room = "https://meet.example/room".to_owned();
                let online = Location::Online { room };
                move_session(ctx, &OFFICE, &code, online, None).await.expect("a move");
            }
            4 => {
                let mut course = (*turnout.session(&code).await.course).clone();
                course.title = "Another title".to_owned();
                change_course(ctx, &OFFICE, &listed(&course), None).await.expect("a title");
            }
            5 => {
                let all = Which::All;
                cancel_places(ctx, &Actor::Leader, booking, all, None).await.expect("none");
            }
            _ => {}
        }
        turnout.clock.advance(Duration::minutes(5));
        calendars.file(&turnout.letters().await);
        let session = turnout.session(&code).await;
        let place = |shown: &str| match &session.location {
            // A feed, which may be shared, says that it is online; her invite has the room.
            Location::Online { room } if shown == room => session.location.public_line(),
            _ => shown.to_owned(),
        };
        let filed = calendars.of(who).into_iter();
        let filed: Vec<_> = filed
            .map(|event| (event.starts, event.summary.clone(), place(&event.location)))
            .collect();
        assert_eq!(shown_in_feed(&page(&client, &path).await), filed, "step {step}");
        assert_eq!(filed.len(), if step == 5 { 0 } else { session.sittings.len() });
        turnout.is_sound().await;
    }
}

async fn who_invited_stays_when_the_settings_change(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = two_days(&turnout).await;
    let mut calendars = Calendars::default();
    book(&turnout, &code, &["Ada Obi"]).await;
    calendars.file(&turnout.letters().await);
    let mut ctx = turnout.ctx.clone();
    let mut publisher = (*ctx.publisher).clone();
    publisher.organizer_email = "other@turnout.example".parse().expect("an address");
    ctx.publisher = Arc::new(publisher);
    let mill = Location::Venue { name: "The Mill".to_owned(), address: "1 Mill Lane".to_owned() };
    move_session(&ctx, &OFFICE, &code, mill, None).await.expect("a move");
    assert_eq!(calendars.file(&turnout.letters().await), 2, "the same organizer");
    let last = turnout.session(&code).await.sittings[1].clone();
    reschedule_session(&ctx, &OFFICE, &code, &[after(&last, 3)], None).await.expect("a day");
    calendars.file(&turnout.letters().await);
    let organizers: Vec<_> =
        calendars.of("ada.obi@example.org").iter().map(|event| event.organizer.clone()).collect();
    let old = "mailto:trainings@turnout.example";
    assert_eq!(organizers, [old, old, "mailto:other@turnout.example"]);
    // Feeds follow the settings from the next start on.
    stamp_everything(&turnout.ctx).await.expect("stamps");
}

async fn doctor_sees_a_calendar_that_was_told_something_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = two_days(&turnout).await;
    book(&turnout, &code, &["Ada Obi"]).await;
    turnout.is_sound().await;
    stamp_everything(&turnout.ctx).await.expect("stamps");
    let hall = turnout.session(&code).await.location;
    // By hand, past every verb.
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let elsewhere =
        Location::Venue { name: "Elsewhere".to_owned(), address: "2 Other Lane".to_owned() };
    turnout::store::session_changes::set_location(&mut tx, &code, &elsewhere).await.expect("a row");
    tx.commit().await.expect("a commit");
    let found = examine(&turnout.ctx).await.expect("a look");
    assert!(found.iter().any(|one| one.rule.contains("calendars were told")), "{found:?}");
    assert!(found.iter().any(|one| one.rule.contains("the stamps of")), "{found:?}");
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    turnout::store::session_changes::set_location(&mut tx, &code, &hall).await.expect("a row");
    tx.commit().await.expect("a commit");
}

on_both_databases!(
    a_day_more_reaches_everybody_who_comes,
    a_day_less_leaves_every_calendar_and_the_others_move_up,
    a_day_with_a_past_stays,
    days_are_added_and_taken_off_on_a_page,
    every_change_of_what_a_calendar_shows_reaches_it,
    a_session_of_many_days_is_told_in_one_letter,
    a_mailbox_and_a_feed_agree_at_every_step,
    who_invited_stays_when_the_settings_change,
    doctor_sees_a_calendar_that_was_told_something_else,
);
