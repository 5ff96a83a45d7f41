//! A term of drafts is published, or thrown away, in one go: after a last look, and each by itself.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::domain::{session::Publication, staff::Role};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    start,
};

on_both_databases!(
    drafts_that_are_ticked_are_published_after_a_last_look,
    what_was_changed_meanwhile_or_has_begun_stays_a_draft,
    drafts_that_are_ticked_are_deleted,
);

const DRAFTS: &str = "/office/sessions?stage=draft";

/// Three drafts of one course, the last of which begins two weeks before the others.
async fn drafts(turnout: &TestTurnout) -> Client {
    for (code, days) in [("S1", 28), ("S2", 35), ("S3", 14)] {
        let starts = start().naive_utc() + chrono::Duration::days(days);
        let days = vec![turnout.sitting(1, starts)];
        turnout
            .plan(code, "first", 9, |session| {
                session.publication = Publication::Draft;
                session.sittings = days;
            })
            .await;
    }
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

async fn is_published(turnout: &TestTurnout, code: &str) -> bool {
    let session = turnout.session(&code.parse().expect("a code")).await;
    session.publication == Publication::Published
}

/// The hidden fields of the last look.
fn drawn(look: &str) -> String {
    let stamps = look.split("name=\"drawn-").skip(1).map(|rest| {
        let (code, rest) = rest.split_once("\" value=\"").expect("a value");
        let value = rest.split('"').next().expect("an end");
        format!("&drawn-{code}={value}")
    });
    stamps.collect()
}

async fn drafts_that_are_ticked_are_published_after_a_last_look(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = drafts(&turnout).await;
    let list = page(&office, DRAFTS).await;
    assert!(list.contains("name=\"tick\" value=\"S2\""), "{list}");
    assert!(!page(&office, "/office/sessions").await.contains("name=\"tick\""), "drafts only");
    let (status, look) = post(&office, "/office/drafts", "do=publish&tick=S1&tick=S2").await;
    assert_eq!(status, Status::Ok, "{look}");
    assert!(look.contains("Publish 2 drafts?") && look.contains("Nobody leads it yet"), "{look}");
    assert!(!is_published(&turnout, "S1").await, "not yet");
    let form = format!("do=publish&sure=yes&tick=S1&tick=S2{}", drawn(&look));
    let (status, _) = post(&office, "/office/drafts", &form).await;
    assert_eq!(status, Status::SeeOther);
    assert!(is_published(&turnout, "S1").await && is_published(&turnout, "S2").await);
    assert!(!is_published(&turnout, "S3").await, "it was not ticked");
    let list = page(&office, "/office/sessions?stage=draft&done=published-2-0").await;
    assert!(list.contains("2 drafts are published."), "{list}");
    let (status, _) = post(&office, "/office/drafts", &form).await;
    assert_eq!(status, Status::SeeOther, "sent twice it does nothing");
    turnout.is_sound().await;
}

async fn what_was_changed_meanwhile_or_has_begun_stays_a_draft(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = drafts(&turnout).await;
    let (_, look) = post(&office, "/office/drafts", "do=publish&tick=S1&tick=S2&tick=S3").await;
    turnout.write("update sessions set capacity = 12 where code = 'S1'").await;
    turnout.clock.advance(chrono::Duration::days(20));
    let login = "office".parse().expect("a login");
    turnout.sign_in(&office, &login).await;
    let form = format!("do=publish&sure=yes&tick=S1&tick=S2&tick=S3{}", drawn(&look));
    post(&office, "/office/drafts", &form).await;
    assert!(is_published(&turnout, "S2").await);
    assert!(!is_published(&turnout, "S1").await, "nobody has seen its twelve places");
    assert!(!is_published(&turnout, "S3").await, "it has begun");
    let (_, look) = post(&office, "/office/drafts", "do=publish&tick=S1&tick=S3").await;
    assert!(look.contains("Publish 1 draft?") && look.contains("so it stays a draft"), "{look}");
    let list = page(&office, "/office/sessions?stage=draft&done=published-1-2").await;
    assert!(list.contains("1 draft is published. 2 drafts stay as they were"), "{list}");
    turnout.is_sound().await;
}

async fn drafts_that_are_ticked_are_deleted(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = drafts(&turnout).await;
    let (_, look) = post(&office, "/office/drafts", "do=delete&tick=S1&tick=S3").await;
    assert!(look.contains("Delete 2 drafts?") && look.contains("deleted for good"), "{look}");
    post(&office, "/office/drafts", "do=delete&sure=yes&tick=S1&tick=S3").await;
    let list = page(&office, DRAFTS).await;
    assert!(
        list.contains("/office/sessions/S2") && !list.contains("/office/sessions/S1"),
        "{list}"
    );
    turnout.is_sound().await;
}
