//! My path: the private link, what it shows, and what she claims.

use rocket::http::Status;

use super::{comes, led, link, office, office_again, organiser, put_ada_on};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    she_sees_her_hours_and_what_comes_next_with_its_dates,
    what_she_claims_counts_once_an_organiser_confirms_it,
    a_claim_that_is_refused_counts_nothing_and_she_hears_why,
    of_a_course_of_two_days_one_day_is_half_and_a_walk_in_counts,
    her_link_is_private_and_ends_and_a_lost_one_reveals_nothing,
    from_her_place_the_link_goes_to_her_own_address,
);

async fn she_sees_her_hours_and_what_comes_next_with_its_dates(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let (first, second) =
        (led(&turnout, "S1", "first", 1).await, led(&turnout, "S2", "second", 1).await);
    let nobody = turnout.browser().await;
    let shown = page(&nobody, &mine).await;
    for words in [
        "Ada Obi",
        "0 of 4 hours of training",
        "0 of 2 hours of action",
        "To lead in public",
        "What comes next",
        "/sessions/S1",
        "/sessions/S2",
        "First comes Course first",
        "London time",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    comes(&turnout, &first, "Ada Obi", &[1]).await;
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("2 of 4 hours of training"), "{shown}");
    assert!(!shown.contains("First comes Course first"), "{shown}");
    assert!(shown.contains("1 of 1 day of session S1"), "{shown}");
    let answer = nobody.get(format!("{mine}/transcript.pdf")).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    let bytes = answer.into_bytes().await.expect("a file");
    assert!(bytes.starts_with(b"%PDF"), "a PDF");
    turnout.clock.advance(chrono::Duration::hours(3));
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains(&format!("{mine}/sessions/S1")), "her certificate in {shown}");
    let certificate = page(&nobody, &format!("{mine}/sessions/S1")).await;
    assert!(certificate.contains("Certificate of attendance"), "{certificate}");
    let _ = second;
}

async fn what_she_claims_counts_once_an_organiser_confirms_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let nobody = turnout.browser().await;
    let claims = format!("{mine}/claims");
    assert!(page(&nobody, &claims).await.contains("Tell us what else you did"));
    let (status, shown) = post(&nobody, &claims, "kind=action&title=&hours=x").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Enter what it was") && shown.contains("Enter a day"), "{shown}");
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=action&title=Assembly&by_whom=Living+wage&done_on={day}&hours=2");
    let (status, there) = post(&nobody, &claims, &body).await;
    assert_eq!((status, there.contains("claimed")), (Status::SeeOther, true), "{there}");
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("Waits for an organiser"), "{shown}");
    assert!(shown.contains("0 of 2 hours of action"), "{shown}");
    let organiser = organiser(&turnout).await;
    let overview = page(&organiser, "/office").await;
    assert!(overview.contains("1 claim waits for hours on a path"), "{overview}");
    assert!(page(&organiser, "/office/claims").await.contains("Ada Obi: Assembly"));
    let shown = page(&organiser, &ada).await;
    let (_, rest) = shown.split_once(&format!("action=\"{ada}/records/")).expect("a form");
    let id: String = rest.chars().take_while(|one| *one != '"').collect();
    let decide = format!("{ada}/records/{id}");
    let (status, shown) = post(&organiser, &decide, "answer=refuse&reason=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Say why it does not count"), "{shown}");
    let (status, there) = post(&organiser, &decide, "answer=confirm").await;
    assert_eq!((status, there.contains("confirmed")), (Status::SeeOther, true), "{there}");
    assert_eq!(post(&organiser, &decide, "answer=confirm").await.0, Status::Conflict);
    let letters = turnout.letters().await;
    let told = letters.iter().find(|one| one.to.contains("ada.obi@example.org")).expect("a letter");
    assert!(told.subject.contains("It counts: 2 hours, Assembly"), "{}", told.subject);
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("2 hours of action; 2 hours are needed"), "{shown}");
    assert!(!page(&organiser, "/office").await.contains("claim waits"));
    let log = page(&office_again(&turnout).await, "/office/audit").await;
    assert!(log.contains("Claim decided") && !log.contains("Assembly"), "{log}");
}

async fn a_claim_that_is_refused_counts_nothing_and_she_hears_why(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let nobody = turnout.browser().await;
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=course&title=Elsewhere&done_on={day}&hours=30");
    for title in ["Elsewhere", "By+mistake"] {
        let body = body.replace("Elsewhere", title);
        post(&nobody, &format!("{mine}/claims"), &body).await;
    }
    let shown = page(&nobody, &mine).await;
    let (before, _) = shown.split_once("/take-back\"").expect("a button");
    let (_, href) = before.rsplit_once("action=\"").expect("a form");
    assert_eq!(post(&nobody, &format!("{href}/take-back"), "").await.0, Status::SeeOther);
    let shown = page(&browser, &ada).await;
    assert_eq!(shown.matches("Do not confirm").count(), 1, "one was taken back");
    let (_, rest) = shown.split_once(&format!("action=\"{ada}/records/")).expect("a form");
    let id: String = rest.chars().take_while(|one| *one != '"').collect();
    let body = "answer=refuse&reason=We+found+nobody+who+saw+you";
    assert_eq!(post(&browser, &format!("{ada}/records/{id}"), body).await.0, Status::SeeOther);
    let letters = turnout.letters().await;
    let told =
        letters.iter().rfind(|one| one.to.contains("ada.obi@example.org")).expect("a letter");
    assert!(told.text.contains("We found nobody who saw you"), "{}", told.text);
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("0 of 4 hours of training"), "{shown}");
    assert!(shown.contains("Not confirmed: We found nobody who saw you"), "{shown}");
    let (status, _) = post(&nobody, &format!("{mine}/claims/{id}/take-back"), "").await;
    assert_eq!(status, Status::Conflict, "it was decided about");
}

async fn of_a_course_of_two_days_one_day_is_half_and_a_walk_in_counts(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let first = led(&turnout, "S1", "first", 2).await;
    comes(&turnout, &first, "Ada Obi", &[1]).await;
    let nobody = turnout.browser().await;
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("1 of 4 hours of training"), "{shown}");
    assert!(shown.contains("1 of 2 days of session S1"), "{shown}");
    // She comes to the second day of it without a booking.
    turnout
        .write(
            "insert into walk_ins (id, sitting, name, email, came_at, added_by, person)
             select p.id, t.id, 'Ada Obi', p.email, t.starts_at, 'job', p.person
             from places p join sittings t on t.session = p.session and t.number = 2
             where p.person is not null",
        )
        .await;
    let shown = page(&nobody, &mine).await;
    assert!(shown.contains("2 of 4 hours of training"), "{shown}");
    assert!(shown.contains("2 of 2 days of session S1"), "{shown}");
}

async fn her_link_is_private_and_ends_and_a_lost_one_reveals_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let nobody = turnout.browser().await;
    let answer = nobody.get(mine.clone()).dispatch().await;
    let header = |name: &str| answer.headers().get_one(name).unwrap_or_default().to_owned();
    assert_eq!(header("Referrer-Policy"), "no-referrer");
    assert!(header("Cache-Control").contains("no-store"));
    drop(answer);
    let other = format!("/path/{}", "0".repeat(26));
    assert_eq!(nobody.get(other).dispatch().await.status(), Status::Gone);
    let mut answers = Vec::new();
    for who in ["ada.obi", "nobody"] {
        let (status, shown) =
            post(&nobody, "/lost-link", &format!("email={who}%40example.org")).await;
        assert_eq!(status, Status::Ok);
        answers.push(shown.replace(who, "somebody"));
    }
    assert_eq!(answers[0], answers[1], "the answer is the same");
    let again = link(&turnout).await;
    assert_ne!(again, mine);
    assert!(page(&nobody, &again).await.contains("Ada Obi"));
    let (status, shown) = post(&nobody, &format!("{mine}/new-link"), "").await;
    assert_eq!(status, Status::Ok);
    assert!(shown.contains("open nothing any more"), "{shown}");
    for ended in [&mine, &again] {
        assert_eq!(nobody.get(ended.clone()).dispatch().await.status(), Status::Gone);
    }
    let newest = link(&turnout).await;
    assert!(page(&nobody, &newest).await.contains("Ada Obi"));
    assert_eq!(post(&browser, &format!("{ada}/link/end"), "").await.0, Status::SeeOther);
    assert_eq!(nobody.get(newest).dispatch().await.status(), Status::Gone);
    turnout.clock.advance(chrono::Duration::hours(2));
    let browser = office_again(&turnout).await;
    assert_eq!(post(&browser, &format!("{ada}/link"), "").await.0, Status::SeeOther);
    let newest = link(&turnout).await;
    let id = ada.trim_start_matches("/office/people/").trim_end_matches("/path");
    let off = format!("/office/paths/community-organiser/people/{id}/off");
    post(&browser, &off, "reason=Has+moved").await;
    assert!(page(&nobody, &newest).await.contains("You are on no path"));
    turnout.clock.advance(chrono::Duration::days(61));
    assert_eq!(nobody.get(newest).dispatch().await.status(), Status::Gone);
}

async fn from_her_place_the_link_goes_to_her_own_address(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    put_ada_on(&browser).await;
    turnout.letters().await;
    let first = led(&turnout, "S1", "first", 1).await;
    comes(&turnout, &first, "Ada Obi", &[]).await;
    let letters = turnout.letters().await;
    let letter = letters.iter().find(|one| one.text.contains("/p/")).expect("a letter");
    let (_, rest) = letter.text.split_once("https://turnout.example/p/").expect("a link");
    let place: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let nobody = turnout.browser().await;
    let shown = page(&nobody, &format!("/p/{place}")).await;
    assert!(shown.contains("You are on a path: Community organiser"), "{shown}");
    let (status, shown) = post(&nobody, &format!("/p/{place}/path"), "").await;
    assert_eq!(status, Status::Ok, "{shown}");
    assert!(!shown.contains("/path/0") && shown.contains("Check your email"), "{shown}");
    let mine = link(&turnout).await;
    assert!(page(&nobody, &mine).await.contains("Ada Obi"));
}
