//! The organiser's view.

use rocket::http::Status;
use turnout::domain::{alliance::Alliance, staff::Role};
use turnout::store::catalogue;

use super::{comes, led, office, office_again, organiser, put_ada_on, record_of};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    a_path_that_is_typed_wrong_comes_back_with_everything_typed,
    who_is_one_short_who_stopped_and_who_has_everything_is_told,
    nobody_of_another_alliance_is_shown_or_put_on,
    a_certificate_is_granted_once_everything_is_there,
    whoever_is_taken_off_keeps_what_she_did,
    what_an_organiser_writes_down_counts_and_is_taken_out,
);

async fn a_path_that_is_typed_wrong_comes_back_with_everything_typed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&login).await;
    let body = "name=&about=Why+not&training=-5&action=many&quiet_months=0&course-first=perhaps\
        &actions=Assembly";
    let (status, shown) = post(&browser, "/office/new-path", body).await;
    assert_eq!(status, Status::UnprocessableEntity);
    for words in [
        "Enter a name",
        "Enter hours, such as 50 or 12.5, up to 1,000",
        "Enter a whole number of months from 1 to 60",
        "Choose whether Course first counts",
        "value=\"-5\"",
        "Why not",
        "Assembly",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let (status, shown) =
        post(&browser, "/office/new-path", "name=Empty&training=50&action=0&quiet_months=6").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Choose at least one course that counts"), "{shown}");
    let listed = page(&browser, "/office/paths").await;
    assert!(listed.contains("None yet"), "{listed}");
}

async fn who_is_one_short_who_stopped_and_who_has_everything_is_told(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    put_ada_on(&browser).await;
    let (first, second) =
        (led(&turnout, "S1", "first", 1).await, led(&turnout, "S2", "second", 1).await);
    let body = "name=Ben+Low&email=ben.low%40example.org&institution=I0001";
    post(&browser, "/office/paths/community-organiser/people", body).await;
    comes(&turnout, &first, "Ada Obi", &[1]).await;
    let browser = office_again(&turnout).await;
    let shown = page(&browser, "/office/paths/community-organiser?which=one-short").await;
    assert!(shown.contains("One course short: Course second"), "{shown}");
    assert!(shown.contains(">Ada Obi</a>") && !shown.contains(">Ben Low</a>"), "{shown}");
    comes(&turnout, &second, "Ada Obi", &[1]).await;
    let browser = office_again(&turnout).await;
    let ada = record_of(&browser, "Ada Obi").await;
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=action&title=Assembly&done_on={day}&hours=2");
    let (status, there) = post(&browser, &format!("{ada}/records"), &body).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let shown = page(&browser, "/office/paths/community-organiser?which=reached").await;
    assert!(shown.contains(">Ada Obi</a>") && shown.contains("Everything is there"), "{shown}");
    turnout.clock.advance(chrono::Duration::days(190));
    let browser = office_again(&turnout).await;
    let shown = page(&browser, "/office/paths/community-organiser?which=stopped").await;
    assert!(shown.contains(">Ben Low</a>") && shown.contains("Has stopped coming"), "{shown}");
    let csv = page(&browser, "/office/paths/community-organiser/people.csv?which=reached").await;
    assert!(csv.contains("Ada Obi") && csv.contains("ada.obi@example.org"), "{csv}");
    assert!(!csv.contains("Ben Low"), "{csv}");
    let log = page(&browser, "/office/audit").await;
    assert!(log.contains("people on a path: 1 line"), "{log}");
}

async fn nobody_of_another_alliance_is_shown_or_put_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let leeds = Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "leeds@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let other = turnout.account("other", Role::Organiser, &["leeds"]).await;
    let other = turnout.signed_in(&other).await;
    let shown = page(&other, "/office/paths/community-organiser").await;
    assert!(
        !shown.contains("Ada Obi") && shown.contains("Nobody of your alliances yet"),
        "{shown}"
    );
    let answer = other.get(ada.clone()).dispatch().await;
    assert_eq!(answer.status(), Status::Forbidden);
    let body = "name=Ada+Obi&email=ada.obi%40example.org&institution=I0001";
    let (status, shown) = post(&other, "/office/paths/community-organiser/people", body).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Choose an institution from the list"), "{shown}");
    for path in ["/off", "/newer", "/certificate"] {
        let id = ada.strip_prefix("/office/people/").and_then(|one| one.strip_suffix("/path"));
        let id = id.expect("her number");
        let path = format!("/office/paths/community-organiser/people/{id}{path}");
        let (status, _) = post(&other, &path, "reason=x").await;
        assert_eq!(status, Status::Forbidden, "{path}");
    }
    let answer = other.get("/office/paths/community-organiser/edit").dispatch().await;
    assert_eq!(answer.status(), Status::Forbidden, "all alliances' is an administrator's");
    let hers = organiser(&turnout).await;
    let shown = page(&hers, "/office/paths/community-organiser").await;
    assert!(shown.contains(">Ada Obi</a>"), "{shown}");
}

async fn a_certificate_is_granted_once_everything_is_there(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let id = ada.trim_start_matches("/office/people/").trim_end_matches("/path").to_owned();
    let grant = format!("/office/paths/community-organiser/people/{id}/certificate");
    let (status, shown) = post(&browser, &grant, "").await;
    assert_eq!(status, Status::UnprocessableEntity, "{shown}");
    assert!(shown.contains("omething is still missing on this path"), "{shown}");
    let first = led(&turnout, "S1", "first", 1).await;
    let second = led(&turnout, "S2", "second", 1).await;
    comes(&turnout, &first, "Ada Obi", &[1]).await;
    comes(&turnout, &second, "Ada Obi", &[1]).await;
    let browser = office_again(&turnout).await;
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=action&title=Assembly&done_on={day}&hours=2");
    post(&browser, &format!("{ada}/records"), &body).await;
    turnout.letters().await;
    assert!(page(&browser, &ada).await.contains("Grant the certificate"));
    let (status, there) = post(&browser, &grant, "").await;
    assert_eq!((status, there.contains("granted")), (Status::SeeOther, true), "{there}");
    let (status, _) = post(&browser, &grant, "").await;
    assert_eq!(status, Status::Conflict, "once");
    let letters = turnout.letters().await;
    let letter = letters.iter().find(|one| one.subject.contains("You have finished")).expect("one");
    let (_, rest) = letter.text.split_once("CERTIFICATE\n").expect("a number");
    let number = rest.lines().next().expect("a number").trim().to_owned();
    let nobody = turnout.browser().await;
    let shown = page(&nobody, &format!("/certificates/{number}")).await;
    for words in ["This certificate is true", "<b>A. O.</b>", "Community organiser"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("Obi") && !shown.contains("ada.obi"), "{shown}");
    let shown = page(&browser, "/office/paths/community-organiser?which=finished").await;
    assert!(shown.contains(">Ada Obi</a>"), "{shown}");
}

async fn whoever_is_taken_off_keeps_what_she_did(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let id = ada.trim_start_matches("/office/people/").trim_end_matches("/path").to_owned();
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=course&title=Elsewhere&by_whom=Others&done_on={day}&hours=1.5");
    post(&browser, &format!("{ada}/records"), &body).await;
    let off = format!("/office/paths/community-organiser/people/{id}/off");
    let (status, shown) = post(&browser, &off, "reason=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Say why she is taken off"), "{shown}");
    let (status, there) = post(&browser, &off, "reason=Has+moved").await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let shown = page(&browser, &ada).await;
    assert!(shown.contains("She is on no path") && shown.contains("Has moved"), "{shown}");
    put_ada_on(&browser).await;
    let shown = page(&browser, &ada).await;
    assert!(shown.contains("1.5 of 4 hours of training"), "{shown}");
    let body = "name=Ada+Obi&email=ada.obi%40example.org&institution=I0001";
    let (status, shown) = post(&browser, "/office/paths/community-organiser/people", body).await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("She is on this path already"), "{shown}");
}

async fn what_an_organiser_writes_down_counts_and_is_taken_out(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let records = format!("{ada}/records");
    let tomorrow = turnout.ctx.now().date_naive() + chrono::Days::new(3);
    let body = format!("kind=action&title=Rally&done_on={tomorrow}&hours=0");
    let (status, shown) = post(&browser, &records, &body).await;
    assert_eq!(status, Status::UnprocessableEntity);
    for words in ["This day is still to come", "Enter hours, such as 2 or 1.5", "value=\"Rally\""] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let day = turnout.ctx.now().date_naive();
    for _ in 0..2 {
        let body =
            format!("kind=action&title=Rally&done_on={day}&hours=1.5&attempt={}", "0".repeat(26));
        assert_eq!(post(&browser, &records, &body).await.0, Status::SeeOther);
    }
    let shown = page(&browser, &ada).await;
    assert!(shown.contains("1.5 of 2 hours of action"), "{shown}");
    assert_eq!(shown.matches("/take-out").count(), 1, "sent twice, written down once");
    let (before, _) = shown.split_once("/take-out").expect("a link");
    let (_, href) = before.rsplit_once("href=\"").expect("a link");
    let out = format!("{href}/take-out");
    assert!(page(&browser, &out).await.contains("Take this out?"));
    assert_eq!(post(&browser, &out, "").await.0, Status::SeeOther);
    assert!(page(&browser, &ada).await.contains("0 of 2 hours of action"));
}
