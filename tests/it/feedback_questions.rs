//! What an organiser asks afterwards beside the three questions: offered to whoever came, counted without names, ended
//! and never worded anew; and what people thought over time.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::check_in::{Taps, check_in},
    },
    domain::{
        alliance::Alliance,
        attendance::{Mark, Presence},
        audit::Actor,
        occupancy::TeamPolicy::Together,
        session::{Session, Trainer},
        staff::Role,
    },
    store::{catalogue, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{alliance, request},
};

on_both_databases!(
    whoever_came_answers_what_an_organiser_asks,
    a_question_that_is_ended_keeps_its_answers,
    what_people_thought_is_told_by_trainer_once_enough_said_so,
);

const ASK: &str = "/office/sessions/S1/feedback-questions";

/// S1, led by ruth, is over, and these people came; the links to their places.
async fn came(turnout: &TestTurnout, names: &[&str]) -> (Client, Vec<String>) {
    let ruth = turnout.account("ruth", Role::Trainer, &["oxford"]).await;
    let lead = |session: &mut Session| {
        session.trainers = vec![Trainer { login: ruth.clone(), name: "Ruth".to_owned() }];
    };
    let code = turnout.plan("S1", "first", 9, lead).await;
    let mut marks = Vec::new();
    let sitting = turnout.session(&code).await.sittings[0].clone();
    for name in names {
        let team = request(&code, name, 1, Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
        let place = booked.registration.places[0].id;
        marks.push(Mark { place, presence: Presence::Attended, at: sitting.starts_at });
    }
    let letters = turnout.letters().await;
    let link = |name: &&str| {
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let hers = letters.iter().find(|one| one.to.contains(&address) && one.text.contains("/p/"));
        let text = &hers.expect("a letter").text;
        let (_, rest) = text.split_once("https://turnout.example/p/").expect("a link");
        let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        format!("/p/{secret}/feedback")
    };
    let links = names.iter().map(link).collect();
    turnout.clock.advance(sitting.ends_at - turnout.ctx.now());
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &ruth).await.expect("a read").expect("an account");
    drop(conn);
    check_in(&turnout.ctx, &member, &code, 1, &Taps { marks, ..Taps::default() })
        .await
        .expect("taps");
    turnout.clock.advance(Duration::hours(3));
    let login = turnout.account("olu", Role::Organiser, &["oxford"]).await;
    (turnout.signed_in(&login).await, links)
}

/// The name of the field that asks this.
fn field(html: &str, wording: &str) -> String {
    let (_, after) = html.split_once(wording).expect("the question");
    let (_, name) = after.split_once("name=\"q-").expect("a field");
    format!("q-{}", name.split('"').next().expect("a name"))
}

async fn whoever_came_answers_what_an_organiser_asks(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, links) = came(&turnout, &["Ada Obi", "Ben Low"]).await;
    assert!(page(&office, "/office/sessions/S1").await.contains(ASK));
    assert!(page(&office, ASK).await.contains("There are no questions of your own yet"));
    for (form, field) in [
        ("wording=&kind=scale", "wording"),
        ("wording=Where%3F&kind=choice&options=Hall", "options"),
        ("wording=Where%3F&kind=odd", "kind"),
    ] {
        let (status, html) = post(&office, ASK, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(html.contains(&format!("id=\"{field}-e\"")), "{form}: {html}");
    }
    for form in [
        "wording=Was+it+warm%3F&kind=scale",
        "wording=Where+next%3F&kind=choice&options=Hall%0AGarden",
        "wording=Anything+else%3F&kind=words",
    ] {
        let (_, to) = post(&office, ASK, form).await;
        assert_eq!(to, "/office/sessions/S1/feedback-questions?done=asked", "{form}");
    }
    let browser = turnout.browser().await;
    let html = page(&browser, &links[0]).await;
    let (warm, next, other) =
        (field(&html, "Was it warm?"), field(&html, "Where next?"), field(&html, "Anything else?"));
    let three = "useful=5&recommend=yes&change=";
    // What was not offered is no answer, and nothing typed is lost.
    let wrong = format!("{three}&{warm}=6&{other}=The+tea+was+cold.");
    let (status, html) = post(&browser, &links[0], &wrong).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(
        html.contains(&format!("id=\"{warm}-e\"")) && html.contains("The tea was cold."),
        "{html}"
    );
    let right = format!("{three}&{warm}=2&{next}=Garden&{other}=The+tea+was+cold.");
    let (status, _) = post(&browser, &links[0], &right).await;
    assert_eq!(status, Status::SeeOther);
    // Nobody must answer them, and whoever answers as before goes on doing so.
    let (status, _) = post(&browser, &links[1], three).await;
    assert_eq!(status, Status::SeeOther);
    let again = page(&browser, &links[0]).await;
    assert!(again.contains("The tea was cold."), "{again}");

    let results = page(&office, "/office/sessions/S1/feedback").await;
    for words in ["2 people answered", "Was it warm?", "Where next?", "The tea was cold."] {
        assert!(results.contains(words), "{words}: {results}");
    }
    assert!(!results.contains("Ada") && !results.contains("Obi"), "without names: {results}");
    let csv = office.get("/office/sessions/S1/feedback.csv").dispatch().await;
    let csv = csv.into_string().await.expect("a file");
    assert!(csv.contains("Was it warm?: 2,1") && csv.contains("Where next?: Garden,1"), "{csv}");
    // She can take an answer back.
    post(&browser, &links[0], &format!("{three}&{warm}=&{next}=Garden&{other}=")).await;
    let results = page(&office, "/office/sessions/S1/feedback").await;
    assert!(!results.contains("The tea was cold."), "{results}");
    turnout.is_sound().await;
}

async fn a_question_that_is_ended_keeps_its_answers(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, links) = came(&turnout, &["Ada Obi"]).await;
    let admin = turnout.account("ada", Role::Administrator, &[]).await;
    let admin = turnout.signed_in(&admin).await;
    let of_course = "/office/courses/first/feedback-questions";
    assert!(page(&admin, "/office/courses/first").await.contains(of_course));
    for wording in ["Was+it+warm%3F", "Was+it+long%3F", "A%3F", "B%3F", "C%3F"] {
        let form = format!("wording={wording}&kind=yes-no");
        assert_eq!(post(&admin, of_course, &form).await.0, Status::SeeOther, "{wording}");
    }
    let (status, html) = post(&admin, of_course, "wording=D%3F&kind=yes-no").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("5 questions of your own are asked already"), "{html}");
    assert!(page(&office, ASK).await.contains("After every session of the course"));
    assert_eq!(post(&office, of_course, "wording=D%3F&kind=words").await.0, Status::Forbidden);

    let browser = turnout.browser().await;
    let html = page(&browser, &links[0]).await;
    let warm = field(&html, "Was it warm?");
    let form = format!("useful=4&recommend=maybe&change=&{warm}=no");
    assert_eq!(post(&browser, &links[0], &form).await.0, Status::SeeOther);
    for wording in ["Was it warm?", "Was it long?"] {
        let list = page(&admin, of_course).await;
        let (_, after) = list.split_once(wording).expect("the question");
        let (_, href) = after.split_once("href=\"").expect("a link");
        let href = href.split('"').next().expect("a path").to_owned();
        assert_eq!(office.get(href.clone()).dispatch().await.status(), Status::Forbidden);
        assert!(page(&admin, &href).await.contains("Ask it no more?"));
        let (_, to) = post(&admin, &href, "").await;
        assert_eq!(to, "/office/courses/first/feedback-questions?done=ended");
    }
    assert!(!page(&browser, &links[0]).await.contains("Was it warm?"));
    let results = page(&office, "/office/sessions/S1/feedback").await;
    assert!(
        results.contains("Was it warm?") && results.contains("Not asked any more"),
        "{results}"
    );
    assert!(!results.contains("Was it long?"), "nobody answered it: {results}");
}

async fn what_people_thought_is_told_by_trainer_once_enough_said_so(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let names = ["Ada Obi", "Ben Low", "Cleo Hart", "Dot Moss", "Eve Rook"];
    let (office, links) = came(&turnout, &names).await;
    assert!(page(&office, "/office/more").await.contains("/office/feedback"));
    let empty = page(&office, "/office/feedback").await;
    assert!(empty.contains("Nobody has answered about a session in this time"), "{empty}");
    let browser = turnout.browser().await;
    for (at, link) in links.iter().enumerate() {
        let few = page(&office, "/office/feedback?by=trainer").await;
        assert!(!few.contains("4.0") && (at == 0 || few.contains("too few")), "{few}");
        let recommend = if at == 0 { "no" } else { "yes" };
        let form = format!("useful=4&recommend={recommend}&change=");
        assert_eq!(post(&browser, link, &form).await.0, Status::SeeOther);
    }
    for (by, name) in [
        ("trainer", ">ruth<"),
        ("course", "Course first"),
        ("month", "January 2027"),
        ("alliance", "Oxford"),
    ] {
        let html = page(&office, &format!("/office/feedback?by={by}")).await;
        assert!(
            html.contains(name) && html.contains("4.0") && html.contains("80%"),
            "{by}: {html}"
        );
    }
    let csv = office.get("/office/feedback.csv?by=trainer").dispatch().await;
    let csv = csv.into_string().await.expect("a file");
    assert!(csv.contains("ruth,1,5,4.0,80"), "{csv}");
    let leeds =
        Alliance { slug: "leeds".parse().expect("a slug"), name: "Leeds".to_owned(), ..alliance() };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let other = turnout.account("lee", Role::Organiser, &["leeds"]).await;
    let other = turnout.signed_in(&other).await;
    let html = other.get("/office/feedback?by=trainer").dispatch().await;
    assert!(!html.into_string().await.unwrap_or_default().contains(">ruth<"));
    let wrong = office.get("/office/feedback?from=soon").dispatch().await;
    assert_eq!(wrong.status(), Status::UnprocessableEntity);
    assert!(Form::open(&office, ASK).await.value("attempt").len() > 20);
}
