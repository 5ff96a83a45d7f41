//! The office: answering requests, letters that failed, and the log.

use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor, id::SessionCode, occupancy::TeamPolicy, session::BookingMode, staff::Role,
    },
    store::outbox,
};

use crate::support::{TestTurnout, plan::request};

on_both_databases!(
    an_organiser_answers_requests_on_a_page,
    a_letter_that_failed_is_sent_again_by_whoever_may_see_it,
    the_log_is_narrowed_and_says_what_it_cannot_find,
);

async fn page(browser: &Client, path: &str) -> String {
    let answer = browser.get(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    answer.into_string().await.unwrap_or_default()
}

async fn post(browser: &Client, path: &str, body: String) -> String {
    let answer =
        browser.post(path.to_owned()).header(ContentType::Form).body(body).dispatch().await;
    answer.headers().get_one("Location").map_or_else(|| answer.status().to_string(), str::to_owned)
}

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn booked(turnout: &TestTurnout, code: &SessionCode, who: &str) -> String {
    let team = request(code, who, 2, TeamPolicy::Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    booked.registration.reference.to_string()
}

async fn an_organiser_answers_requests_on_a_page(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = turnout.plan("S1", "first", 10, |one| one.mode = BookingMode::Approval).await;
    let other = turnout.plan("S2", "first", 10, |one| one.mode = BookingMode::Approval).await;
    let yes = booked(&turnout, &code, "Ruth Okafor").await;
    let no = booked(&turnout, &code, "Kwame Mensah").await;
    let elsewhere = booked(&turnout, &other, "Leila Haddad").await;
    assert!(page(&browser, "/office").await.contains("4 people ask for a place: Course first"));
    let asked = page(&browser, "/office/sessions/S1/requests").await;
    assert!(asked.contains("Ruth Okafor asks for 2 places") && !asked.contains("Leila"));

    let answer = |reference: String, decision: &'static str| {
        let body = format!("reference={reference}&decision={decision}&reason=Sorry");
        post(&browser, "/office/sessions/S1/requests", body)
    };
    let to = answer(yes.clone(), "approve").await;
    assert_eq!(to, "/office/sessions/S1/requests?done=2-0-0");
    assert!(page(&browser, &to).await.contains("Done: 2 places booked. We are telling them."));
    assert_eq!(answer(yes, "approve").await, "/office/sessions/S1/requests?done=gone");
    assert_eq!(answer(no, "refuse").await, "/office/sessions/S1/requests?done=0-0-2");
    assert_eq!(answer(elsewhere, "approve").await, Status::Forbidden.to_string());
    assert_eq!(turnout.session(&code).await.occupancy.occupied, 2);
    assert_eq!(turnout.session(&other).await.occupancy.occupied, 0);
}

async fn a_letter_that_failed_is_sent_again_by_whoever_may_see_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, now) = (&turnout.ctx, turnout.ctx.now());
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    booked(&turnout, &code, "Ruth Okafor").await;
    let mut tx = ctx.store.begin().await.expect("a transaction");
    let later = now + chrono::Duration::minutes(5);
    let claimed = outbox::claim(&mut tx, 1, now, later).await.expect("a claim");
    let id = claimed[0].letter.id;
    outbox::mark_failed(&mut tx, id, "no such mailbox", None, now).await.expect("a mark");
    tx.commit().await.expect("a commit");

    let stranger = turnout.account("stranger", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&stranger).await;
    let failed = page(&browser, "/office/letters").await;
    assert!(failed.contains("no such mailbox") && failed.contains("ruth.okafor@example.org"));
    assert!(!failed.contains("/r/"), "a private link is shown");
    assert!(page(&browser, "/office").await.contains("1 email did not arrive"));

    let mut tx = ctx.store.begin().await.expect("a transaction");
    let leeds = turnout::domain::alliance::Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "leeds@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    turnout::store::catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let elsewhere = turnout.account("elsewhere", Role::Organiser, &["leeds"]).await;
    let other = turnout.signed_in(&elsewhere).await;
    assert!(!page(&other, "/office/letters").await.contains("no such mailbox"));
    let path = format!("/office/letters/{id}/retry");
    assert_eq!(post(&other, &path, String::new()).await, "/office/letters?done=gone");

    assert_eq!(post(&browser, &path, String::new()).await, "/office/letters?done=retried");
    assert_eq!(post(&browser, &path, String::new()).await, "/office/letters?done=gone");
    let queued = page(&browser, "/office/letters?progress=queued").await;
    assert!(queued.contains("ruth.okafor@example.org"));
}

async fn the_log_is_narrowed_and_says_what_it_cannot_find(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = turnout.plan("S1", "first", 10, |_| {}).await;
    let reference = booked(&turnout, &code, "Ruth Okafor").await;
    booked(&turnout, &code, "Kwame Mensah").await;
    let whole = page(&browser, "/office/audit?session=S1").await;
    assert_eq!(whole.matches("Places booked").count(), 2);
    let path = format!("/office/audit?reference={}&actor=api", reference.to_lowercase());
    let one = page(&browser, &path).await;
    assert_eq!(one.matches("Places booked").count(), 1);
    assert!(one.contains(&format!("<span class=\"mono\">{reference}</span>")), "{one}");
    let none = page(&browser, "/office/audit?session=S1&actor=job").await;
    assert!(none.contains("Nothing in the log like that"));
    let wrong = page(&browser, "/office/audit?reference=2222-2222").await;
    assert!(wrong.contains("No booking has this reference"));
    // Signing in concerns no session: only administrators read of it.
    assert!(!page(&browser, "/office/audit").await.contains("Signed in"));
    let office = turnout.account("office", Role::Administrator, &[]).await;
    assert!(page(&turnout.signed_in(&office).await, "/office/audit").await.contains("Signed in"));
}
