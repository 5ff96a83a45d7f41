//! The season on a wall: a month day by day, a term week by week, what is planned twice, and only what its
//! reader may see.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::domain::{
    id::StaffLogin,
    session::{Publication, Trainer},
    staff::Role,
};

use crate::support::{TestTurnout, browser::page, start};

on_both_databases!(
    a_month_shows_its_days_and_what_is_planned_twice,
    a_term_shows_the_weeks_of_each_trainer_and_its_gaps,
    a_wall_is_narrowed_and_an_odd_address_is_said,
    an_organiser_sees_the_season_of_her_own_alliances,
);

const NOTHING: &str = "Nothing planned here";

/// Two sessions on Saturday 30 January 2027 at one hall with one trainer, a draft online on 2 March.
async fn planned(turnout: &TestTurnout) -> Client {
    let amina: StaffLogin = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let leads = || vec![Trainer { login: amina.clone(), name: "amina".to_owned() }];
    turnout.plan("S1", "first", 10, |session| session.trainers = leads()).await;
    let later = start().naive_utc() + Duration::days(28) + Duration::hours(1);
    let days = vec![turnout.sitting(1, later)];
    turnout
        .plan("S2", "second", 10, |session| (session.sittings, session.trainers) = (days, leads()))
        .await;
    let march = vec![turnout.sitting(1, start().naive_utc() + Duration::days(59))];
    turnout
        .plan("S3", "first", 10, |session| {
            session.publication = Publication::Draft;
            session.location =
                turnout::domain::location::Location::online("https://meet.example/r")
                    .expect("a room");
            session.sittings = march;
        })
        .await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

async fn a_month_shows_its_days_and_what_is_planned_twice(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = planned(&turnout).await;
    let january = page(&office, "/office/season").await;
    assert!(january.contains("<h1>January 2027</h1>"), "{january}");
    assert!(january.contains("Sat 2 January (today)"), "{january}");
    for said in
        ["/office/sessions/S1", "/office/sessions/S2", "0 of 10 places", "2 days of sessions"]
    {
        assert!(january.contains(said), "{said}: {january}");
    }
    assert!(january.contains("amina leads both"), "{january}");
    assert!(
        january.contains("Both are at St Aidan&#39;s Hall. Is there a room for each?"),
        "{january}"
    );
    assert!(!january.contains("/office/sessions/S3"), "March is another page");
    let march = page(&office, "/office/season?month=2027-03").await;
    assert!(march.contains("/office/sessions/S3") && march.contains("Draft"), "{march}");
    assert!(!march.contains("Planned twice"), "{march}");
    let february = page(&office, "/office/season?month=2027-02").await;
    assert!(february.contains(NOTHING), "{february}");
    assert!(february.contains("month=2027-01\">Earlier"), "{february}");
    assert!(february.contains("month=2027-03\">Later"), "{february}");
}

async fn a_term_shows_the_weeks_of_each_trainer_and_its_gaps(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = planned(&turnout).await;
    let term = page(&office, "/office/season?view=term&by=trainer&month=2027-02").await;
    assert!(term.contains("<h1>January to April 2027</h1>"), "{term}");
    assert!(term.contains(">amina</h2>") && term.contains(">Nobody yet</h2>"), "{term}");
    assert!(term.contains("Nothing in 17 of 18 weeks"), "{term}");
    let venues = page(&office, "/office/season?view=term&by=venue&month=2027-02").await;
    assert!(
        venues.contains(">St Aidan&#39;s Hall</h2>") && venues.contains(">Online</h2>"),
        "{venues}"
    );
    assert!(venues.contains("view=term&#38;month=2026-12&#38;by=venue\">Earlier"), "{venues}");
}

async fn a_wall_is_narrowed_and_an_odd_address_is_said(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = planned(&turnout).await;
    let of_course = page(&office, "/office/season?course=second&month=2027-01").await;
    assert!(of_course.contains("/office/sessions/S2"), "{of_course}");
    assert!(of_course.contains("1 day of sessions"), "{of_course}");
    assert!(page(&office, "/office/season?state=cancelled&month=2027-01").await.contains(NOTHING));
    let drafts = page(&office, "/office/season?state=draft&view=term&month=2027-01").await;
    assert!(drafts.contains("/office/sessions/S3") && !drafts.contains("/office/sessions/S1"));
    for odd in ["month=2027-13", "month=x", "view=year", "state=lost", "by=moon"] {
        let answer = office.get(format!("/office/season?{odd}")).dispatch().await;
        assert_eq!(answer.status(), Status::NotFound, "{odd}");
    }
}

async fn an_organiser_sees_the_season_of_her_own_alliances(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    planned(&turnout).await;
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email)
             values ('elsewhere', 'Elsewhere Citizens', 'Europe/London', 'else@example.org')",
        )
        .await;
    let mine = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let other = turnout.account("otto", Role::Organiser, &["elsewhere"]).await;
    let mine = turnout.signed_in(&mine).await;
    assert!(page(&mine, "/office/season").await.contains("/office/sessions/S1"));
    let other = turnout.signed_in(&other).await;
    let html = page(&other, "/office/season").await;
    assert!(html.contains(NOTHING) && !html.contains("leads both"), "{html}");
}
