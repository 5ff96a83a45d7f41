//! The overview is a list that can be emptied: a thing is done until something about it is new, it is somebody's,
//! it is left until a day; and however much there is, what she sees is what she can do this week.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        alliance::Alliance, audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together,
        session::BookingMode, staff::Role,
    },
    mail::reading::ReadLetter,
    store::catalogue,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{alliance, request},
    start,
};

on_both_databases!(
    what_is_done_comes_back_only_when_it_is_new,
    a_thing_is_given_to_a_colleague_who_may_look_after_it,
    a_thing_is_left_until_a_day_of_the_sessions_own_clock,
    a_thing_of_another_alliance_is_neither_seen_nor_changed,
    a_season_of_430_sessions_shows_what_can_be_done_this_week,
);

const ASKS: &str = "asks for a place: Course first";
const THING: &str = "/office/things/requests:S1";

async fn asks(turnout: &TestTurnout, who: &str) {
    let code: SessionCode = "S1".parse().expect("a code");
    let asked = request(&code, who, 1, Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a request");
}

/// An organiser of Oxford, and a session that somebody asks for a place on.
async fn asked(turnout: &TestTurnout) -> Client {
    // So far away that nobody wonders yet how it fills.
    let day = turnout.sitting(1, start().naive_utc() + Duration::days(40));
    turnout
        .plan("S1", "first", 10, |one| {
            (one.mode, one.sittings) = (BookingMode::Approval, vec![day]);
        })
        .await;
    asks(turnout, "Ruth Okafor").await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn leeds(turnout: &TestTurnout) {
    let leeds =
        Alliance { slug: "leeds".parse().expect("a slug"), name: "Leeds".to_owned(), ..alliance() };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
}

async fn what_is_done_comes_back_only_when_it_is_new(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = asked(&turnout).await;
    let before = page(&office, "/office").await;
    assert!(before.contains(ASKS) && before.contains("1 thing needs you"), "{before}");
    let (_, to) = post(&office, THING, "act=done&note=Rang+her").await;
    assert_eq!(to, "/office?done=done");
    let after = page(&office, &to).await;
    assert!(after.contains("Nothing needs you today") && !after.contains(ASKS), "{after}");
    let done = page(&office, "/office?show=done").await;
    assert!(done.contains(ASKS) && done.contains("Rang her"), "{done}");
    assert!(done.contains("Done by organiser at 10am on Saturday 2 January"), "{done}");

    turnout.clock.advance(Duration::minutes(5));
    asks(&turnout, "Kwame Mensah").await;
    let again = page(&office, "/office").await;
    assert!(again.contains("2 people ask for a place: Course first"), "{again}");
    let (_, to) = post(&office, THING, "act=done").await;
    assert!(!page(&office, &to).await.contains("ask for a place"));
    let (_, to) = post(&office, THING, "act=open").await;
    assert_eq!(to, "/office?done=opened");
    assert!(page(&office, &to).await.contains("2 people ask for a place"));

    // What came after the page was drawn was not seen: it stays.
    let drawn = page(&office, "/office").await;
    let fact = drawn.split("name=\"fact\" value=\"").nth(1).expect("a form");
    let fact = fact.split('"').next().expect("a number").to_owned();
    turnout.clock.advance(Duration::minutes(5));
    asks(&turnout, "Leila Haddad").await;
    post(&office, THING, &format!("act=done&fact={fact}")).await;
    assert!(page(&office, "/office").await.contains("3 people ask for a place"));

    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("Thing marked") && log.contains("requests: done"), "{log}");
    assert!(!log.contains("Rang her"), "the log holds no notes");
    let (status, html) = post(&office, THING, "act=odd").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Say whether it is done"), "{html}");
    turnout.is_sound().await;
}

async fn a_thing_is_given_to_a_colleague_who_may_look_after_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    leeds(&turnout).await;
    let office = asked(&turnout).await;
    let kofi = turnout.account("kofi", Role::Organiser, &["oxford"]).await;
    turnout.account("elsewhere", Role::Organiser, &["leeds"]).await;
    turnout.account("leads", Role::Trainer, &["oxford"]).await;
    let shown = page(&office, THING).await;
    assert!(shown.contains("value=\"kofi\""), "{shown}");
    assert!(!shown.contains("value=\"elsewhere\"") && !shown.contains("value=\"leads\""));
    for login in ["elsewhere", "leads", "nobody"] {
        let form = format!("act=assign&assignee={login}&note=Please");
        let (status, html) = post(&office, THING, &form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{login}");
        assert!(html.contains("They may not look after things of this alliance"), "{html}");
        assert!(html.contains("Please"), "what was typed is kept: {html}");
    }
    let (_, to) = post(&office, THING, "act=assign&assignee=kofi&note=Please").await;
    assert_eq!(to, "/office?done=assigned");
    // She is told once, without whoever it is about; nobody is told of what she took herself.
    let told = |letters: &[ReadLetter]| {
        letters.iter().filter(|one| one.subject.contains("gave you something")).count()
    };
    let letters = turnout.letters().await;
    let letter =
        letters.iter().find(|one| one.to.contains("kofi@example.org")).expect("a letter to her");
    assert_eq!(letter.subject, "organiser gave you something: To decide");
    assert!(letter.text.contains("/office/things/requests:S1"), "{}", letter.text);
    assert!(!letter.text.contains("Okafor") && !letter.text.contains("Please"), "{}", letter.text);
    post(&office, THING, "act=assign&assignee=kofi&note=Please").await;
    assert_eq!(told(&turnout.letters().await), 0, "it was hers already");
    let hers = turnout.signed_in(&kofi).await;
    post(&hers, THING, "act=assign&assignee=").await;
    post(&hers, THING, "act=assign&assignee=kofi&note=Please").await;
    assert_eq!(told(&turnout.letters().await), 0, "she took it herself");
    let mine = page(&hers, "/office?show=mine").await;
    assert!(mine.contains(ASKS) && mine.contains("For kofi. Please"), "{mine}");
    assert!(mine.contains("Mine (1)"), "{mine}");
    assert!(page(&office, "/office?show=mine").await.contains("Nothing is given to you"));
    assert!(page(&office, "/office").await.contains("For kofi. Please"), "it stays everybody's");
    post(&hers, THING, "act=done").await;
    assert!(page(&hers, "/office?show=mine").await.contains("Nothing is given to you"));
}

async fn a_thing_is_left_until_a_day_of_the_sessions_own_clock(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = asked(&turnout).await;
    for (until, word) in [("2027-01-02", "today"), ("soon", "no day"), ("2029-01-01", "far")] {
        let (status, html) = post(&office, THING, &format!("act=snooze&until={until}")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{word}");
        assert!(html.contains("Enter a day after today, within a year"), "{html}");
    }
    let (_, to) = post(&office, THING, "act=snooze&until=2027-01-05").await;
    assert_eq!(to, "/office?done=snoozed");
    assert!(!page(&office, "/office").await.contains(ASKS));
    let left = page(&office, "/office?show=snoozed").await;
    assert!(left.contains(ASKS) && left.contains("Left until Tue 5 Jan by organiser."), "{left}");
    turnout.clock.advance(Duration::hours(61) + Duration::minutes(59));
    let office = turnout.signed_in(&"organiser".parse().expect("a login")).await;
    assert!(!page(&office, "/office").await.contains(ASKS), "one minute to midnight");
    turnout.clock.advance(Duration::minutes(1));
    assert!(page(&office, "/office").await.contains(ASKS), "Tuesday begins in London");
}

async fn a_thing_of_another_alliance_is_neither_seen_nor_changed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    leeds(&turnout).await;
    let office = asked(&turnout).await;
    let login = turnout.account("elsewhere", Role::Organiser, &["leeds"]).await;
    let other = turnout.signed_in(&login).await;
    assert!(!page(&other, "/office").await.contains(ASKS));
    assert_eq!(other.get(THING).dispatch().await.status(), Status::NotFound);
    assert_eq!(post(&other, THING, "act=done").await.1, "/office?done=gone");
    assert!(page(&office, "/office").await.contains(ASKS));
    let admin = turnout.account("admin", Role::Administrator, &[]).await;
    let admin = turnout.signed_in(&admin).await;
    assert!(!page(&admin, "/office?alliance=leeds").await.contains(ASKS));
    assert!(page(&admin, "/office?alliance=oxford").await.contains(ASKS));
    let odd = other.get("/office?alliance=oxford").dispatch().await.status();
    assert!(odd.class().is_client_error(), "{odd}");
}

async fn a_season_of_430_sessions_shows_what_can_be_done_this_week(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for number in 0..430_i64 {
        let starts = start().naive_utc() + Duration::days(5 + number % 60) + Duration::hours(2);
        let day = turnout.sitting(1, starts);
        turnout.plan(&format!("S{number}"), "second", 30, |one| one.sittings = vec![day]).await;
    }
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    page(&office, "/office").await;
    let before = turnout.ctx.store.statements();
    let html = page(&office, "/office").await;
    let spent = turnout.ctx.store.statements() - before;
    assert!(spent <= 60, "{spent} statements");
    assert!(html.contains("Filling slowly") && html.contains("And 1"), "{html}");
    let shown = html.matches("Assign, snooze or note").count();
    assert_eq!(shown, 5, "five of each kind");
    assert!(html.len() < 60_000, "{} bytes", html.len());
    let more = page(&office, "/office?kind=fills-slowly&page=2").await;
    assert_eq!(more.matches("Assign, snooze or note").count(), 50);
    assert!(more.contains("Page 2 of 4"), "{}", more.len());
}
