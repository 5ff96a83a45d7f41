//! Whatever changes what a feed shows raises its stamps: SEQUENCE, LAST-MODIFIED, DTSTAMP and HTTP's
//! Last-Modified. What changes nothing raises none.

use chrono::Duration;
use rocket::{
    http::{Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        calendars::keep_feed::make_feed,
        catalogue::write_catalogue::{change_alliance, change_course},
        sessions::{change_capacity::change_capacity, change_session::move_session},
    },
    domain::{
        audit::Actor, course::Course, edit::Listed, id::SessionCode, location::Location,
        occupancy::TeamPolicy::Together, private_feed::FeedOwner, session::Trainer, staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
    web::client,
};

on_both_databases!(
    whatever_changes_a_public_event_raises_its_stamps,
    an_empty_feed_has_another_date_when_it_is_called_otherwise,
    a_trainers_feed_is_stamped_when_its_head_count_changes,
    a_day_that_was_moved_is_announced_as_rescheduled,
);

const OFFICE: Actor = Actor::CommandLine;

fn listed(course: &Course) -> Listed<Course> {
    Listed { record: course.clone(), is_archived: false }
}

/// What a calendar compares.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamps {
    sequence: u32,
    modified: String,
    http: String,
    body: String,
}

async fn stamps(client: &Client, path: &str) -> Stamps {
    let answer = client.get(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    let http = answer.headers().get_one("Last-Modified").unwrap_or_default().to_owned();
    let body = answer.into_string().await.expect("a feed").replace("\r\n ", "");
    let value = |name: &str| {
        let line = body.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} in {body}")).to_owned()
    };
    assert_eq!(value("DTSTAMP:"), value("LAST-MODIFIED:"));
    Stamps {
        sequence: value("SEQUENCE:").parse().expect("a number"),
        modified: value("LAST-MODIFIED:"),
        http,
        body,
    }
}

/// Whether a subscriber who asks by date sees that something is new.
async fn is_new_since(client: &Client, path: &str, known: &Stamps) -> bool {
    let since = Header::new("If-Modified-Since", known.http.clone());
    client.get(path.to_owned()).header(since).dispatch().await.status() == Status::Ok
}

/// Changes something that feeds show.
async fn change(turnout: &TestTurnout, browser: &Client, code: &SessionCode, step: usize) {
    let (ctx, session) = (&turnout.ctx, turnout.session(code).await);
    let edit = format!("/office/sessions/{code}/edit");
    match step {
        0 => {
            let course = (*session.course).clone();
            let title = "Another title".to_owned();
            let course = Course { title, ..course };
            change_course(ctx, &OFFICE, &listed(&course), None).await.expect("a title");
        }
        1 => {
            let form = "per_booking=6&mode=instant&waiting=1&note=Bring+a+pen";
            post(browser, &edit, form).await;
        }
        2 => {
            let form = "per_booking=6&mode=instant&waiting=1&note=Bring+a+pen&access=Step-free";
            post(browser, &edit, form).await;
        }
        3 => {
            let name = "Oxford and Abingdon".to_owned();
            let alliance = (*session.alliance).clone();
            let alliance = turnout::domain::alliance::Alliance { name, ..alliance };
            change_alliance(ctx, &OFFICE, &alliance, None).await.expect("a name");
        }
        4 => {
            let mill = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
            move_session(ctx, &OFFICE, code, mill, None).await.expect("a move");
        }
        _ => {
            let course = (*turnout.session(code).await.course).clone();
            let summary = "In other words.".to_owned();
            let course = Course { summary, ..course };
            change_course(ctx, &OFFICE, &listed(&course), None).await.expect("a summary");
        }
    }
}

async fn whatever_changes_a_public_event_raises_its_stamps(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let (ctx, client) = (&turnout.ctx, client(&turnout).await);
    let path = "/feeds/courses/first.ics";
    let mut known = stamps(&client, path).await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    for step in 0..6 {
        // Each within the second of the one before.
        turnout.clock.advance(Duration::milliseconds(300));
        change(&turnout, &browser, &code, step).await;
        let now = stamps(&client, path).await;
        assert_eq!(now.sequence, known.sequence + 1, "step {step}: {}", now.body);
        assert!(now.modified > known.modified, "step {step}");
        assert!(is_new_since(&client, path, &known).await, "step {step}");
        assert!(!is_new_since(&client, path, &now).await, "step {step}: and nothing since");
        known = now;
    }
    // Saved without a change, and booked: nothing that the public sees is different.
    let course = (*turnout.session(&code).await.course).clone();
    change_course(ctx, &OFFICE, &listed(&course), None).await.expect("nothing");
    let asked = request(&code, "Ada Obi", 1, Together);
    book_places(ctx, &Actor::Api, asked).await.expect("a booking");
    assert_eq!(stamps(&client, path).await, known);
    assert!(page(&browser, &format!("/sessions/{code}")).await.contains("Another title"));
    turnout.is_sound().await;
}

async fn an_empty_feed_has_another_date_when_it_is_called_otherwise(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let (ctx, client) = (&turnout.ctx, client(&turnout).await);
    let session = turnout.session(&code).await;
    turnout.clock.advance(Duration::days(200));
    let seen = async |path: &str| {
        let answer = client.get(path.to_owned()).dispatch().await;
        let http = answer.headers().get_one("Last-Modified").expect("a date").to_owned();
        (http, answer.into_string().await.expect("a feed"))
    };
    for path in ["/feeds/courses/first.ics", "/feeds/alliances/oxford.ics"] {
        let before = seen(path).await;
        assert!(!before.1.contains("BEGIN:VEVENT"), "{}", before.1);
        turnout.clock.advance(Duration::minutes(1));
        let course = Course { title: format!("Title for {path}"), ..(*session.course).clone() };
        change_course(ctx, &OFFICE, &listed(&course), None).await.expect("a title");
        let mut alliance = (*session.alliance).clone();
        alliance.name = format!("Name for {path}");
        change_alliance(ctx, &OFFICE, &alliance, None).await.expect("a name");
        let after = seen(path).await;
        assert_ne!(after.1, before.1, "{path} is called otherwise");
        assert_ne!(after.0, before.0, "{path} has another date");
        let since = Header::new("If-Modified-Since", before.0);
        let answer = client.get(path).header(since).dispatch().await;
        assert_eq!(answer.status(), Status::Ok, "{path}");
        let since = Header::new("If-Modified-Since", after.0);
        let answer = client.get(path).header(since).dispatch().await;
        assert_eq!(answer.status(), Status::NotModified, "{path}");
    }
}

async fn a_trainers_feed_is_stamped_when_its_head_count_changes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("grace", Role::Trainer, &["oxford"]).await;
    let hers = login.clone();
    let led = |session: &mut turnout::domain::session::Session| {
        session.trainers = vec![Trainer { login: hers, name: "Grace".to_owned() }];
    };
    let code = turnout.plan("S1", "first", 30, led).await;
    let ctx = &turnout.ctx;
    let token = make_feed(ctx, &OFFICE, &FeedOwner::Trainer(login)).await.expect("a feed");
    let path = format!("/feeds/p/{}.ics", token.secret());
    let client = client(&turnout).await;
    turnout.clock.advance(Duration::seconds(5));
    let mut known = stamps(&client, &path).await;
    let mut booking = None;
    for step in 0..3 {
        match step {
            0 => {
                let asked = request(&code, "Ada Obi", 1, Together);
                let booked = book_places(ctx, &Actor::Api, asked).await.expect("a booking");
                booking = Some(booked.registration.id);
            }
            1 => {
                let id = booking.expect("a booking");
                cancel_places(ctx, &OFFICE, id, Which::All, None).await.expect("a cancellation");
            }
            _ => change_capacity(ctx, &OFFICE, &code, 40, None).await.expect("more places"),
        }
        turnout.clock.advance(Duration::seconds(5));
        let now = stamps(&client, &path).await;
        assert!(now.sequence > known.sequence, "step {step}: {}", now.body);
        assert!(now.modified > known.modified, "step {step}");
        assert!(!now.http.is_empty() && is_new_since(&client, &path, &known).await, "step {step}");
        assert!(!is_new_since(&client, &path, &now).await, "step {step}");
        known = now;
    }
    let answer = client.get(path).dispatch().await;
    assert_eq!(answer.headers().get_one("Cache-Control"), Some("private, no-cache"));
}

async fn a_day_that_was_moved_is_announced_as_rescheduled(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 30, |_| {}).await;
    let client = client(&turnout).await;
    let seen = async || page(&client, &format!("/sessions/{code}")).await;
    assert!(!seen().await.contains("previousStartDate"));
    let day = turnout.session(&code).await.sittings[0].clone();
    let starts = day.starts + Duration::days(2);
    let new = turnout::actions::sessions::change_session::NewTimes {
        number: 1,
        starts,
        ends: starts + Duration::hours(2),
    };
    let moved = turnout::actions::sessions::change_session::reschedule_session;
    moved(&turnout.ctx, &OFFICE, &code, &[new], None).await.expect("a move");
    let page = seen().await;
    assert!(page.contains("https://schema.org/EventRescheduled"), "{page}");
    let before = day.starts.format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    assert!(page.contains(&format!("\"previousStartDate\":\"{before}\"")), "{page}");
}
