//! PostgreSQL goes away in the middle of a commit: it has made the change durable, and the answer is lost.
//! Nobody is told that nothing was booked, and whoever sends the same again books once.

use rocket::http::{ContentType, Header, Status};
use serde_json::{Value, json};
use turnout::store::Patience;

use super::asked;
use crate::support::{TestTurnout, browser::post, lost_answers::LostAnswers, web};

const AGAIN: &str = "what went through is not made twice";

/// A season behind such a way; `None` where there is no PostgreSQL.
async fn open() -> Option<(TestTurnout, LostAnswers)> {
    let turnout = TestTurnout::on_postgres().await?;
    let mut turnout = turnout.season().await;
    turnout.plan("S1", "first", 20, |_| {}).await;
    let way = LostAnswers::before(&turnout.url).await;
    // Long enough for a machine with other work to do.
    let long = std::time::Duration::from_secs(20);
    let patience = Patience { connection: long, lock: long, statement: long, idle: long };
    let over = turnout.ctx.store.clone().serving(&way.url, patience).await;
    turnout.ctx.store = over.expect("the database opens");
    Some((turnout, way))
}

async fn occupied(turnout: &TestTurnout) -> u32 {
    turnout.session(&"S1".parse().expect("a code")).await.occupancy.occupied
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_commit_was_lost_says_that_nobody_knows_and_sent_again_it_is_made_once() {
    let Some((turnout, way)) = open().await else { return };
    let browser = turnout.browser().await;
    let form = "places=2&self=no&name=Ada+Obi&email=ada%40example.org&tel=&institution=none\
                &team=together&attempt=1123456789abcdefghjkmnpqrs";
    way.lose_the_next();
    let (status, page) = post(&browser, "/sessions/S1/register", form).await;
    assert_eq!(status, Status::ServiceUnavailable, "{page}");
    assert!(way.has_lost(), "{page}");
    assert!(page.contains("We cannot tell whether that went through"), "{page}");
    assert!(page.contains(AGAIN) && !page.contains("Nothing was booked"), "{page}");
    assert_eq!(occupied(&turnout).await, 2, "it was made durable");
    let (status, to) = post(&browser, "/sessions/S1/register", form).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    assert_eq!(occupied(&turnout).await, 2, "once");
    let named = "p1_name=Ben+Low&p1_email=&p2_name=Cy+Dunn&p2_email=";
    let (_, check) = post(&browser, &to, named).await;
    assert!(check.ends_with("/check"), "{check}");
    way.lose_the_next();
    let (status, page) = post(&browser, &check, "permission=yes").await;
    assert!(way.has_lost());
    assert_eq!(status, Status::ServiceUnavailable);
    assert!(page.contains(AGAIN) && !page.contains("Nothing was booked"), "{page}");
    let (status, booked) = post(&browser, &check, "permission=yes").await;
    assert_eq!(status, Status::SeeOther, "{booked}");
    assert_eq!(asked(&browser, &booked).await.0, Status::Ok);
    assert_eq!(occupied(&turnout).await, 2);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1, "the leader has one letter");
    turnout.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_commit_was_lost_is_told_so_and_books_once() {
    let Some((turnout, way)) = open().await else { return };
    let client = web::client(&turnout).await;
    let body =
        json!({"leader": {"name": "Ada Obi", "email": "ada@example.org"}, "places": [{}, {}]});
    let send = || async {
        let asked = client.post("/api/v1/sessions/S1/registrations").header(ContentType::JSON);
        let asked = asked.header(Header::new("Idempotency-Key", "2123456789abcdefghjkmnpqrs"));
        let answer = asked.body(body.to_string()).dispatch().await;
        let again = answer.headers().contains("Retry-After");
        (answer.status(), again, answer.into_json::<Value>().await.unwrap_or_default())
    };
    way.lose_the_next();
    let (status, again, said) = send().await;
    assert!(way.has_lost());
    assert!(status == Status::ServiceUnavailable && again, "{said}");
    let detail = said["detail"].as_str().expect("words");
    assert!(detail.starts_with("We cannot tell whether this was booked"), "{detail}");
    let (status, _, said) = send().await;
    assert!(status == Status::Created || status == Status::Ok, "{said}");
    assert_eq!(said["places"].as_array().map(Vec::len), Some(2), "{said}");
    assert_eq!(occupied(&turnout).await, 2);
    turnout.is_sound().await;
}
