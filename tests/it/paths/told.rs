//! Somebody on a path hears what becomes of her there; whoever has no address gets her link on paper.

use rocket::http::Status;

use super::{link, office, put_ada_on, record_of};
use crate::support::{
    TestTurnout,
    browser::{page, post},
    everything,
    form::Form,
};

on_both_databases!(
    whoever_is_moved_to_a_newer_version_or_taken_off_is_told_once,
    nobody_is_written_to_without_an_address_and_the_page_says_so,
    a_link_on_paper_opens_her_path_until_it_is_ended,
);

const PATH: &str = "/office/paths/community-organiser";

/// Puts Sister Mary on the path, who has no address; where her record is.
async fn put_mary_on(office: &rocket::local::asynchronous::Client) -> String {
    let body = "name=Sister+Mary&institution=I0001";
    post(office, &format!("{PATH}/people"), body).await;
    record_of(office, "Sister Mary").await
}

/// How somebody on the path is addressed there.
fn on_it(record: &str) -> String {
    let id = record.trim_start_matches("/office/people/").trim_end_matches("/path");
    format!("{PATH}/people/{id}")
}

async fn whoever_is_moved_to_a_newer_version_or_taken_off_is_told_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let edit = format!("{PATH}/edit");
    Form::open(&browser, &edit).await.with("training", "6").send(&browser).await;
    assert!(turnout.letters().await.is_empty(), "she stays on hers");
    let newer = format!("{}/newer", on_it(&ada));
    let (_, to) = post(&browser, &newer, "").await;
    assert!(page(&browser, &to).await.contains("An email with her link tells her."), "{to}");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert!(letter.to.contains("ada.obi@example.org"), "{}", letter.to);
    assert!(letter.text.contains("6 hours of training"), "{}", letter.text);
    let at = letter.text.find("/path/").expect("a link");
    let link = letter.text[at..].split_whitespace().next().expect("a path");
    assert!(page(&turnout.browser().await, link).await.contains("0 of 6 hours of training"));
    post(&browser, &newer, "").await;
    assert!(turnout.letters().await.is_empty(), "nothing changed");
    // Who moves herself knows.
    Form::open(&browser, &edit).await.with("training", "8").send(&browser).await;
    let (status, _) = post(&browser, &format!("{mine}/newer/community-organiser"), "").await;
    assert_eq!(status, Status::SeeOther);
    assert!(turnout.letters().await.is_empty());
    let off = format!("{}/off", on_it(&ada));
    assert!(page(&browser, &off).await.contains("An email tells her that she is off it"));
    let (_, to) = post(&browser, &off, "reason=Has+moved+to+Leeds").await;
    assert!(page(&browser, &to).await.contains("an email tells her"), "{to}");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].subject.starts_with("You are no longer on this path"));
    assert!(!letters[0].text.contains("Leeds"), "{}", letters[0].text);
}

async fn nobody_is_written_to_without_an_address_and_the_page_says_so(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let mary = put_mary_on(&browser).await;
    let edit = format!("{PATH}/edit");
    Form::open(&browser, &edit).await.with("training", "6").send(&browser).await;
    let (_, to) = post(&browser, &format!("{}/newer", on_it(&mary)), "").await;
    assert!(page(&browser, &to).await.contains("was not written to: tell her yourself"), "{to}");
    let off = format!("{}/off", on_it(&mary));
    assert!(page(&browser, &off).await.contains("We have no address of hers"));
    let (_, to) = post(&browser, &off, "reason=Has+moved").await;
    assert!(page(&browser, &to).await.contains("was not written to: tell her yourself"), "{to}");
    assert!(turnout.letters().await.is_empty());
}

async fn a_link_on_paper_opens_her_path_until_it_is_ended(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let mary = put_mary_on(&browser).await;
    assert!(page(&browser, &mary).await.contains("Print her link"));
    let (status, slip) = post(&browser, &format!("{mary}/slip"), "").await;
    assert_eq!(status, Status::Ok, "{slip}");
    assert!(slip.contains("<svg") && slip.contains("Sister Mary"), "{slip}");
    let (_, rest) = slip.split_once("https://turnout.example/path/").expect("a link");
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let (nobody, mine) = (turnout.browser().await, format!("/path/{secret}"));
    assert!(page(&nobody, &mine).await.contains("Sister Mary"));
    for (table, rows) in &everything(&turnout).await {
        assert!(!rows.iter().any(|row| row.contains(&secret)), "{table} holds the secret");
    }
    assert!(page(&browser, &mary).await.contains("A link works now."));
    post(&browser, &format!("{mary}/link/end"), "").await;
    assert_eq!(nobody.get(mine).dispatch().await.status(), Status::Gone);
    post(&browser, &format!("{}/off", on_it(&mary)), "reason=Has+moved").await;
    let (status, said) = post(&browser, &format!("{mary}/slip"), "").await;
    assert_eq!(status, Status::Conflict, "{said}");
}
