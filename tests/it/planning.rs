//! Planning a season on pages: drafts, days that cannot be, series, and publishing.

use chrono::{DateTime, Duration, Utc};
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor,
        occupancy::TeamPolicy,
        session::{BookingMode, Publication, Trainer},
        staff::Role,
    },
};

use crate::support::{TestTurnout, plan::request, start};

on_both_databases!(
    a_two_day_session_is_planned_published_moved_and_called_off,
    a_time_that_does_not_happen_once_is_explained,
    a_series_leaves_out_the_weeks_that_are_skipped,
    an_organiser_plans_only_for_her_own_alliances,
    a_night_is_planned_shown_moved_and_checked_in,
    a_residential_ends_on_the_date_that_is_typed,
);

const PLAN: &[(&str, &str)] = &[
    ("course", "first"),
    ("alliance", "oxford"),
    ("where", "venue"),
    ("venue", "St Aidan's Hall"),
    ("address", "41 Copeland Lane"),
    ("capacity", ""),
    ("per_booking", "6"),
    ("mode", "instant"),
    ("waiting", "1"),
    ("access", "Step-free\r\nNo hearing loop"),
    ("note", "Bring a pen"),
    ("opens", "2027-01-03T09:00"),
    ("days", "2"),
    ("d1_date", "2027-03-20"),
    ("d1_start", "09:30"),
    ("d1_end", "16:30"),
    ("d2_date", "2027-04-03"),
    ("d2_start", "09:30"),
    ("d2_end", "16:30"),
    ("trainer", "organiser"),
    ("action", "save"),
];

/// The plan with some fields as given.
fn plan(changes: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in PLAN {
        let changed = changes.iter().find(|(other, _)| other == name);
        form.append_pair(name, changed.map_or(value, |(_, value)| value));
    }
    form.finish()
}

struct Answer {
    status: Status,
    to: String,
    page: String,
}

async fn post(browser: &Client, path: &str, body: String) -> Answer {
    let answer = browser.post(path).header(ContentType::Form).body(body).dispatch().await;
    let to = answer.headers().get_one("Location").unwrap_or_default().to_owned();
    let status = answer.status();
    Answer { status, to, page: answer.into_string().await.unwrap_or_default() }
}

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn a_two_day_session_is_planned_published_moved_and_called_off(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let one_day = plan(&[("days", "1"), ("action", "add-week"), ("d2_date", "")]);
    let added = post(&browser, "/office/new-session", one_day).await;
    assert_eq!(added.status, Status::Ok);
    assert!(added.page.contains(r#"name="d2_date" type="date""#), "{}", added.page);
    assert!(added.page.contains("2027-03-27") && added.page.contains("Bring a pen"));

    let saved = post(&browser, "/office/new-session", plan(&[])).await;
    assert_eq!(
        (saved.status, saved.to.as_str()),
        (Status::SeeOther, "/office/sessions/S001?done=planned")
    );
    let code = "S001".parse().expect("a code");
    let draft = turnout.session(&code).await;
    assert_eq!(draft.publication, Publication::Draft);
    assert_eq!((draft.occupancy.capacity, draft.sittings.len()), (30, 2));
    assert_eq!(draft.access, ["Step-free", "No hearing loop"]);
    assert_eq!(draft.sittings[0].starts_at.to_rfc3339(), "2027-03-20T09:30:00+00:00");
    assert_eq!(draft.sittings[1].starts_at.to_rfc3339(), "2027-04-03T08:30:00+00:00");
    let stranger = turnout.browser().await;
    let public = || async { stranger.get("/sessions/S001").dispatch().await.status() };
    assert_eq!(public().await, Status::NotFound);

    let change = plan(&[("days", "1"), ("mode", "approval")]);
    post(&browser, "/office/sessions/S001/edit", change).await;
    let draft = turnout.session(&code).await;
    assert_eq!((draft.sittings.len(), draft.mode), (1, BookingMode::Approval));
    post(&browser, "/office/sessions/S001/edit", plan(&[])).await;

    let published = post(&browser, "/office/sessions/S001/publish", String::new()).await;
    assert_eq!(published.to, "/office/sessions/S001?done=published");
    assert_eq!(public().await, Status::Ok);
    turnout.clock.advance(Duration::days(2));
    let browser = turnout.signed_in(&"organiser".parse().expect("a login")).await;
    let team = request(&code, "Ruth Okafor", 2, TeamPolicy::Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");

    let page = browser.get("/office/sessions/S001/cancel").dispatch().await.into_string().await;
    assert!(page.unwrap_or_default().contains("Cancel session and tell 1 person"));
    let fewer = post(&browser, "/office/sessions/S001/places", "capacity=1".to_owned()).await;
    assert_eq!(fewer.status, Status::UnprocessableEntity);
    assert!(fewer.page.contains("Places cannot go below 2: 2 booked"), "{}", fewer.page);
    let times = plan(&[("d2_date", "2027-04-10")]);
    let moved = post(&browser, "/office/sessions/S001/times", times).await;
    assert_eq!(moved.to, "/office/sessions/S001?done=moved-1", "{}", moved.page);
    let days = turnout.session(&code).await.sittings;
    assert_eq!(days[1].starts.to_string(), "2027-04-10 09:30:00");
    assert_eq!((days[0].sequence, days[1].sequence), (0, 1));

    let kept =
        post(&browser, "/office/sessions/S001/cancel", "why=Flood&typed=no".to_owned()).await;
    assert_eq!(kept.status, Status::UnprocessableEntity);
    let gone = post(&browser, "/office/sessions/S001/cancel", "why=Flood&typed=CANCEL".to_owned());
    assert_eq!(gone.await.to, "/office/sessions/S001?done=cancelled-1");
    let cancelled = turnout.session(&code).await.publication;
    assert!(matches!(cancelled, Publication::Cancelled { .. }));
}

async fn a_time_that_does_not_happen_once_is_explained(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let night = plan(&[
        ("d1_date", "2027-03-28"),
        ("d1_start", "01:30"),
        ("d2_date", "2027-10-31"),
        ("d2_start", "01:15"),
        ("opens", "2027-03-28T01:30"),
    ]);
    let refused = post(&browser, "/office/new-session", night).await;
    assert_eq!(refused.status, Status::UnprocessableEntity);
    let opens = "1.30am does not happen on Sun 28 March 2027 in London time";
    assert!(refused.page.contains(opens), "{}", refused.page);

    let night = plan(&[
        ("d1_date", "2027-03-28"),
        ("d1_start", "01:30"),
        ("d2_date", "2027-10-31"),
        ("d2_start", "01:15"),
    ]);
    let refused = post(&browser, "/office/new-session", night).await;
    assert!(refused.page.contains(opens), "{}", refused.page);
    let twice = "1.15am happens twice on Sun 31 October 2027 in London time";
    assert!(refused.page.contains(twice), "{}", refused.page);
    assert!(refused.page.contains("41 Copeland Lane"), "what was typed is lost");

    let past = plan(&[("d1_date", "2026-12-24"), ("d2_end", "08:00")]);
    let refused = post(&browser, "/office/new-session", past).await;
    assert!(refused.page.contains("Day 1 is in the past"), "{}", refused.page);
    assert!(refused.page.contains("Day 2 must end after it starts"), "{}", refused.page);
}

async fn a_series_leaves_out_the_weeks_that_are_skipped(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let lead = Trainer { login: "organiser".parse().expect("a login"), name: String::new() };
    turnout.plan("S001", "first", 12, |session| session.trainers = vec![lead]).await;
    let page = browser.get("/office/sessions/S001/repeat?weeks=3").dispatch().await;
    let page = page.into_string().await.unwrap_or_default();
    assert_eq!(page.matches(r#"name="week""#).count(), 3, "{page}");
    let made = post(&browser, "/office/sessions/S001/repeat", "week=1&week=3&week=9".to_owned());
    assert_eq!(made.await.to, "/office/sessions/S001?done=repeated-3");
    let first = turnout.session(&"S001".parse().expect("a code")).await;
    for (code, weeks) in [("S002", 1), ("S003", 3), ("S004", 9)] {
        let session = turnout.session(&code.parse().expect("a code")).await;
        assert_eq!(session.publication, Publication::Draft);
        let starts = first.sittings[0].starts + Duration::weeks(weeks);
        assert_eq!(session.sittings[0].starts, starts, "the same hour on the wall");
        assert_ne!(session.sittings[0].uid, first.sittings[0].uid);
        assert_eq!((session.trainers.len(), session.occupancy.capacity), (1, 12));
    }
    turnout.plan("S777", "first", 12, |session| session.trainers.clone_from(&first.trainers)).await;
    let page = browser.get("/office/sessions/S777").dispatch().await.into_string().await;
    assert!(page.unwrap_or_default().contains("is busy."), "the clash is not told");
}

async fn an_organiser_plans_only_for_her_own_alliances(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let trainer = turnout.account("trainer", Role::Trainer, &["oxford"]).await;
    let browser = turnout.signed_in(&trainer).await;
    let refused = post(&browser, "/office/new-session", plan(&[])).await;
    assert_eq!(refused.status, Status::Forbidden);
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let leeds = turnout::domain::alliance::Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "leeds@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    turnout::store::catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let browser = organiser(&turnout).await;
    let elsewhere = plan(&[("alliance", "leeds")]);
    assert_eq!(post(&browser, "/office/new-session", elsewhere).await.status, Status::Forbidden);
    let own = post(&browser, "/office/new-session", plan(&[])).await;
    assert_eq!(own.status, Status::SeeOther);
    let away = plan(&[("alliance", "leeds")]);
    let moved = post(&browser, "/office/sessions/S001/edit", away).await;
    assert_eq!(moved.status, Status::Forbidden);
}

async fn a_night_is_planned_shown_moved_and_checked_in(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let vigil = plan(&[("days", "1"), ("d1_start", "22:00"), ("d1_end", "02:00"), ("opens", "")]);
    let saved = post(&browser, "/office/new-session", vigil).await;
    assert_eq!(saved.to, "/office/sessions/S001?done=planned", "{}", saved.page);
    post(&browser, "/office/sessions/S001/publish", String::new()).await;
    let shown = |path: &'static str| {
        let browser = &browser;
        async move {
            let answer = browser.get(path).dispatch().await;
            assert_eq!(answer.status(), Status::Ok, "{path}");
            answer.into_string().await.unwrap_or_default()
        }
    };
    let said = "10pm to 2am on Sun 21 March";
    for path in ["/sessions/S001", "/office/sessions/S001", "/trainer/sessions/S001/roster"] {
        let page = shown(path).await;
        assert!(page.contains(said), "{path}: {page}");
    }
    let file = shown("/sessions/S001.ics").await;
    assert!(file.contains("DTSTART;TZID=Europe/London:20270320T220000"), "{file}");
    assert!(file.contains("DTEND;TZID=Europe/London:20270321T020000"), "{file}");
    // Long after midnight it is still today's, and its door is open.
    let small_hours: DateTime<Utc> = "2027-03-21T01:00:00Z".parse().expect("a moment");
    turnout.clock.advance(small_hours - start());
    turnout.sign_in(&browser, &"organiser".parse().expect("a login")).await;
    let mine = shown("/trainer").await;
    let today = mine.find("Today").expect("a heading");
    assert!(mine[today..].contains("/trainer/sessions/S001"), "{mine}");
    assert!(shown("/trainer/sessions/S001/check-in/1").await.contains("in-count"), "the door");
}

async fn a_residential_ends_on_the_date_that_is_typed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let long = format!("{}&d1_end_date=2027-03-22", plan(&[("days", "1")]));
    let saved = post(&browser, "/office/new-session", long).await;
    assert_eq!(saved.to, "/office/sessions/S001?done=planned", "{}", saved.page);
    let code = "S001".parse().expect("a code");
    let day = || async { turnout.session(&code).await.sittings[0].clone() };
    assert_eq!(day().await.ends.to_string(), "2027-03-22 16:30:00");
    post(&browser, "/office/sessions/S001/publish", String::new()).await;
    let form = browser.get("/office/sessions/S001/times").dispatch().await.into_string().await;
    let form = form.unwrap_or_default();
    assert!(form.contains(r#"name="d1_end_date" type="date""#) && form.contains("2027-03-22"));
    // Only the first date is typed anew: it lasts as long as it did.
    let later = "d1_date=2027-03-27&d1_start=09:30&d1_end=16:30&d1_end_date=2027-03-22";
    let moved = post(&browser, "/office/sessions/S001/times", later.to_owned()).await;
    assert_eq!(moved.to, "/office/sessions/S001?done=moved-0", "{}", moved.page);
    assert_eq!(day().await.ends.to_string(), "2027-03-29 16:30:00");
    let wrong = later.replace("16:30&d1_end_date=2027-03-22", "17:30&d1_end_date=2027-03-01");
    let refused = post(&browser, "/office/sessions/S001/times", wrong).await;
    assert_eq!(refused.status, Status::UnprocessableEntity);
    assert!(refused.page.contains("Day 1 must end after it starts"), "{}", refused.page);
}
