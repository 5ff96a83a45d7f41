//! From an empty database to a session that can be booked, on pages alone.

use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    domain::{session::Publication, staff::Role},
    store::{catalogue, institutions},
};

use crate::support::TestTurnout;

on_both_databases!(
    an_administrator_sets_up_a_season_from_nothing,
    what_is_archived_is_offered_no_more,
);

async fn page(browser: &Client, path: &str) -> String {
    let answer = browser.get(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    answer.into_string().await.unwrap_or_default()
}

async fn post(browser: &Client, path: &str, body: &str) -> String {
    let request = browser.post(path.to_owned()).header(ContentType::Form);
    let answer = request.body(body).dispatch().await;
    let to = answer.headers().get_one("Location").map(str::to_owned);
    match to {
        Some(to) => to,
        None => answer.into_string().await.unwrap_or_default(),
    }
}

async fn an_administrator_sets_up_a_season_from_nothing(turnout: TestTurnout) {
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&office).await;
    assert!(page(&browser, "/office").await.contains("To plan one you need an alliance"));
    assert!(page(&browser, "/office/institutions").await.contains("None yet"));

    let alliance = "name=citizens%3Amk&zone=Europe%2FLondon&email=mk%40example.org";
    let saved = "/office/alliances?done=saved";
    assert_eq!(post(&browser, "/office/new-alliance", alliance).await, saved);
    let again = post(&browser, "/office/new-alliance", alliance).await;
    assert!(again.contains("Is this another one?"), "{again}");
    let another = format!("{alliance}&other=1");
    assert_eq!(post(&browser, "/office/new-alliance", &another).await, saved);
    let wrong = "name=X&zone=London&email=mk%40example.org";
    assert!(post(&browser, "/office/new-alliance", wrong).await.contains("Enter a time zone"));
    let course = "title=Power+analysis%21&summary=&campaign=&hours=2.5&capacity=25";
    assert_eq!(post(&browser, "/office/new-course", course).await, "/office/courses?done=saved");
    let institution =
        "name=Hope+Methodist+Church&kind=faith&alliance=citizens-mk&membership=member";
    let to = post(&browser, "/office/new-institution", institution).await;
    assert_eq!(to, "/office/institutions?done=saved");

    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let slugs: Vec<_> = catalogue::alliances(&mut conn)
        .await
        .expect("alliances")
        .into_iter()
        .map(|alliance| alliance.slug.to_string())
        .collect();
    assert_eq!(slugs, ["citizens-mk", "citizens-mk-2"]);
    let courses = catalogue::courses(&mut conn).await.expect("courses");
    assert_eq!((courses[0].slug.as_str(), courses[0].learning_minutes), ("power-analysis", 150));
    let all = institutions::all(&mut conn).await.expect("institutions");
    assert_eq!(all[0].code.as_str(), "I0001");
    drop(conn);

    let account = "name=Ruth+Okafor&email=ruth%40example.org&role=organiser&alliance=citizens-mk";
    let to = post(&browser, "/office/new-account", account).await;
    assert_eq!(to, "/office/accounts/ruth?done=added");
    let ruth = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let plan = "course=power-analysis&alliance=citizens-mk&where=online\
                &room=https%3A%2F%2Fmeet.example%2Fabc&per_booking=6&mode=instant&days=1\
                &d1_date=2027-02-04&d1_start=18:30&d1_end=20:30&action=save";
    let to = post(&ruth, "/office/new-session", plan).await;
    assert_eq!(to, "/office/sessions/S001?done=planned");
    assert!(page(&ruth, "/office/sessions/S001/publish").await.contains("Nobody leads it yet"));
    post(&ruth, "/office/sessions/S001/publish", "").await;
    let session = turnout.session(&"S001".parse().expect("a code")).await;
    assert_eq!((session.publication, session.occupancy.capacity), (Publication::Published, 25));
    let public = page(&turnout.browser().await, "/sessions/S001").await;
    assert!(public.contains("Power analysis!") && !public.contains("meet.example"));
}

async fn what_is_archived_is_offered_no_more(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&office).await;
    turnout.plan("S1", "first", 10, |_| {}).await;
    let body = "name=Renamed&kind=faith&alliance=oxford&membership=member&archived=1";
    post(&browser, "/office/institutions/I0001", body).await;
    let list = page(&browser, "/office/institutions?q=renamed").await;
    assert!(list.contains("Renamed") && list.contains("Archived"), "{list}");
    let stranger = turnout.browser().await;
    assert!(!page(&stranger, "/sessions/S1/register").await.contains("Renamed"));
    assert!(page(&stranger, "/sessions/S1/register").await.contains("Institution 2"));

    let body = "title=Course+first&hours=2&capacity=10&archived=1&before=second";
    let again = post(&browser, "/office/courses/first", &format!("{body}&before=first")).await;
    assert!(again.starts_with("<!doctype"), "a course does not come before itself: {again}");
    post(&browser, "/office/courses/first", body).await;
    let form = page(&browser, "/office/new-session").await;
    assert!(!form.contains("Course first") && form.contains("Course second"));
    assert!(page(&stranger, "/sessions/S1").await.contains("Course first"), "its session is gone");
    let kept = turnout.session(&"S1".parse().expect("a code")).await.course;
    let before: Vec<_> = kept.prerequisites.iter().map(|one| one.slug.as_str()).collect();
    assert_eq!(before, ["second"], "a course does not come before itself");
}
