//! Bursary, childcare, interpreter and travel: what a session offers is asked for by whoever comes, changed and taken
//! back; why goes soon after the session, and the amounts stay.

use rocket::http::Status;
use turnout::{
    actions::{
        booking::cancel_places::{Which, cancel_places},
        people::{erase_person::erase_person, know_people::know_people},
        retention::erase_due::erase_due,
    },
    domain::{audit::Actor, help_request::HelpState},
    store::{Window, help_requests, people},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    help::{OFFER, hall},
};

on_both_databases!(
    a_session_offers_help_and_whoever_comes_asks_for_it,
    what_cannot_be_used_is_said_beside_its_field,
    asking_twice_is_once_and_what_is_asked_can_be_taken_back,
    a_leader_asks_for_one_of_her_people,
    whoever_gives_up_her_place_asks_no_more,
    why_and_children_go_and_the_amounts_stay,
);

const OF_S1: &str = "/office/sessions/S1/help";
const TRAVEL: &str = "kind=travel&amount=30&from=Reading&how=by+bus&why=The+fare+is+dear";

async fn a_session_offers_help_and_whoever_comes_asks_for_it(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let html = page(&hall.browser, "/sessions/S1").await;
    assert!(
        html.contains("You can ask for a bursary, childcare, an interpreter and travel (up to £30 each) when you have booked"),
        "{html}"
    );
    assert!(!html.contains("£50"), "the budget is the office's");
    let ada = hall.books("Ada Obi", 1).await;
    let help = format!("{}/help", ada.own);
    assert!(ada.letters.contains("you can ask for help with coming"), "{}", ada.letters);
    assert!(page(&hall.browser, &ada.own).await.contains(&help));
    assert!(page(&hall.browser, &ada.leader).await.contains("/places/1/help"));
    let booked = page(&hall.browser, &format!("{}/booked", ada.leader)).await;
    assert!(booked.contains("/places/1/help\">Ask for help so that you can come"), "{booked}");
    let html = page(&hall.browser, &help).await;
    assert!(html.contains("Ask for travel") && html.contains("up to £30 each"), "{html}");
    let html = page(&hall.browser, &format!("{help}?kind=childcare")).await;
    for field in ["children", "ages", "hours", "amount", "why", "depends"] {
        assert!(html.contains(&format!("name=\"{field}\"")), "{field}: {html}");
    }
    hall.asks(&ada, &format!("{TRAVEL}&depends=yes")).await;
    hall.asks(&ada, "kind=interpreter&language=BSL").await;
    let html = page(&hall.browser, &help).await;
    assert!(html.contains("The organisers have not decided yet"), "{html}");
    let list = page(&hall.office, OF_S1).await;
    for words in ["Ada Obi", "Travel, £30.00", "Interpreter", "Comes only if granted"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let session = page(&hall.office, "/office/sessions/S1").await;
    assert!(session.contains("(2 to decide)"), "{session}");
    let log = page(&hall.office, "/office/audit?session=S1").await;
    assert!(log.contains("Help asked") && !log.contains("fare is dear"), "{log}");
    // Why she asks is on the page of her request alone, and that it was read is written down.
    assert!(!list.contains("fare is dear") && !list.contains("BSL"), "{list}");
    let seen = hall.requests().await;
    let seen = seen.iter().find(|one| one.request.wanted.why.is_some()).expect("a request");
    let html = page(&hall.office, &format!("/office/help/{}", seen.request.id)).await;
    assert!(html.contains("The fare is dear") && html.contains("Reading"), "{html}");
    let log = page(&hall.office, "/office/audit?session=S1").await;
    assert!(log.contains("Roster read"), "{log}");
    // Where nothing is offered, nothing is linked and nothing can be asked.
    post(&hall.office, OFFER, "budget=50").await;
    assert!(!page(&hall.browser, "/sessions/S1").await.contains("You can ask for"));
    let ben = hall.books("Ben Low", 1).await;
    assert!(!ben.letters.contains("ask for help"), "{}", ben.letters);
    assert!(!page(&hall.browser, &ben.own).await.contains(&format!("{}/help", ben.own)));
    let (status, html) = post(&hall.browser, &format!("{}/help", ben.own), TRAVEL).await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("This session does not help with that"), "{html}");
    // What was asked stays, and is linked.
    assert!(page(&hall.browser, &ada.own).await.contains(&help));
}

async fn what_cannot_be_used_is_said_beside_its_field(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let ada = hall.books("Ada Obi", 1).await;
    let help = format!("{}/help", ada.own);
    for (form, said) in [
        ("kind=travel&amount=&from=Reading&how=bus", "Enter how much, in pounds"),
        ("kind=travel&amount=12%2C50&from=Reading&how=bus", "Enter pounds, or pounds and pence"),
        ("kind=travel&amount=-3&from=Reading&how=bus", "Enter pounds, or pounds and pence"),
        ("kind=bursary&amount=0", "Enter more than £0"),
        ("kind=bursary&amount=9000", "Enter at most £5,000"),
        ("kind=travel&amount=5&from=&how=bus", "Enter where you come from"),
        ("kind=travel&amount=5&from=Here&how=", "Enter how you travel"),
        ("kind=childcare&children=&ages=2&hours=9", "Enter how many children, from 1 to 12"),
        ("kind=childcare&children=13&ages=2&hours=9", "Enter how many children, from 1 to 12"),
        ("kind=childcare&children=2&ages=&hours=9", "Enter how old they are"),
        ("kind=childcare&children=2&ages=2&hours=", "Enter from when to when"),
        ("kind=interpreter&language=", "Enter the language"),
    ] {
        let (status, html) = post(&hall.browser, &help, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(html.contains(said) && html.contains("There is a problem"), "{form}: {html}");
    }
    let kept = "kind=travel&amount=lots&from=Reading+West&how=bus";
    let (_, html) = post(&hall.browser, &help, kept).await;
    assert!(html.contains("value=\"lots\"") && html.contains("value=\"Reading West\""), "{html}");
    assert!(hall.requests().await.is_empty());
    let (status, html) = post(&hall.office, OFFER, "travel=yes&travel_budget=much").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Enter pounds, such as 500 or 85.50"), "{html}");
}

async fn asking_twice_is_once_and_what_is_asked_can_be_taken_back(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let ada = hall.books("Ada Obi", 1).await;
    let help = format!("{}/help", ada.own);
    hall.asks(&ada, TRAVEL).await;
    hall.asks(&ada, TRAVEL).await;
    let [one] = hall.requests().await.try_into().expect("one request");
    assert_eq!((one.request.version, one.request.wanted.amount), (1, Some(3000)));
    // Otherwise while nobody has decided, with the form filled with what was asked.
    let form = page(&hall.browser, &format!("{help}?kind=travel")).await;
    assert!(form.contains("value=\"30.00\"") && form.contains("value=\"Reading\""), "{form}");
    hall.asks(&ada, "kind=travel&amount=24.50&from=Reading&how=by+train").await;
    let [one] = hall.requests().await.try_into().expect("one request");
    assert_eq!(one.request.wanted.amount, Some(2450));
    let html = page(&hall.browser, &format!("{help}?leave=travel")).await;
    assert!(html.contains("Take back what you asked: travel?"), "{html}");
    hall.asks(&ada, "kind=travel&action=withdraw").await;
    hall.asks(&ada, "kind=travel&action=withdraw").await;
    assert_eq!(hall.requests().await[0].request.state, HelpState::Withdrawn);
    hall.asks(&ada, TRAVEL).await;
    let [one] = hall.requests().await.try_into().expect("one request");
    assert_eq!(one.request.state, HelpState::Asked);
    // What is granted is free again once it is taken back.
    let path = format!("/office/help/{}", one.request.id);
    post(&hall.office, &path, "decision=grant").await;
    assert!(page(&hall.office, OF_S1).await.contains("£20.00"), "left of the £50");
    hall.asks(&ada, "kind=travel&action=withdraw").await;
    let mut conn = hall.turnout.ctx.store.read().await.expect("a connection");
    let spent = help_requests::spent(&mut conn, &hall.code).await.expect("sums");
    assert_eq!(spent.all().granted, 0);
}

async fn a_leader_asks_for_one_of_her_people(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let team = hall.books("Ada Obi", 2).await;
    let help = format!("{}/places/2/help", team.leader);
    assert!(page(&hall.browser, &team.leader).await.contains("/places/2/help"));
    let form = "kind=childcare&children=2&ages=2+and+5&hours=9+to+1&amount=40";
    let (status, to) = post(&hall.browser, &help, form).await;
    assert_eq!((status, to), (Status::SeeOther, format!("{help}?done=asked")));
    assert!(page(&hall.browser, &help).await.contains("The organisers have not decided yet"));
    let list = page(&hall.office, OF_S1).await;
    assert!(list.contains("Childcare, £40.00, 2 children"), "{list}");
    let missing = format!("{}/places/9/help", team.leader);
    assert_eq!(hall.browser.get(missing).dispatch().await.status(), Status::NotFound);
}

async fn whoever_gives_up_her_place_asks_no_more(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let (ada, first) = hall.traveller("Ada Obi", 10).await;
    let (ben, second) = hall.traveller("Ben Low", 20).await;
    post(&hall.office, &format!("/office/help/{second}"), "decision=grant").await;
    for booked in [&ada, &ben] {
        let ctx = &hall.turnout.ctx;
        cancel_places(ctx, &Actor::Leader, booked.id, Which::All, None).await.expect("given up");
    }
    let list = page(&hall.office, OF_S1).await;
    assert!(list.contains("Closed") && list.contains("Granted, but does not come"), "{list}");
    let session = page(&hall.office, "/office/sessions/S1").await;
    assert!(session.contains("(£20.00 granted)"), "nothing is left to decide: {session}");
    let html = page(&hall.browser, &format!("{}/places/1/help", ada.leader)).await;
    assert!(html.contains("Closed: the place was given up."), "{html}");
    let path = format!("/office/help/{first}");
    let (status, html) = post(&hall.office, &path, "decision=grant").await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("place is not there any more"), "{html}");
}

async fn why_and_children_go_and_the_amounts_stay(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let ada = hall.books("Ada Obi", 1).await;
    hall.asks(&ada, TRAVEL).await;
    let ben = hall.books("Ben Low", 1).await;
    hall.asks(&ben, "kind=childcare&children=2&ages=2+and+5&hours=9+to+1&amount=20&why=Alone")
        .await;
    for one in hall.requests().await {
        post(&hall.office, &format!("/office/help/{}", one.request.id), "decision=grant").await;
    }
    // Her own data has it all; once she is erased, only the money is left.
    while know_people(&hall.turnout.ctx).await.expect("a round") {}
    let mut conn = hall.turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 5 };
    let found = people::search(&mut conn, "Ada Obi", None, window).await.expect("people");
    let own = turnout::store::own_data::parts(&mut conn, found.items[0].id).await.expect("data");
    drop(conn);
    let own = format!("{own:?}");
    assert!(own.contains("The fare is dear") && own.contains("£30.00"), "{own}");
    let ctx = &hall.turnout.ctx;
    erase_person(ctx, &Actor::CommandLine, found.items[0].id).await.expect("erased");
    let travel = |all: &[help_requests::HelpSeen]| {
        let one = all.iter().find(|one| one.registration == ada.id).expect("hers");
        (one.request.clone(), one.name.clone())
    };
    let (request, name) = travel(&hall.requests().await);
    assert_eq!(name.as_deref(), Some("Name removed"));
    assert_eq!((request.wanted.why, request.wanted.from), (None, None));
    assert_eq!(request.granted.amount, Some(3000));
    // Thirty days after the last day the rest goes by itself, and after six years the sums.
    hall.turnout.clock.advance(chrono::Duration::days(28 + 31));
    erase_due(ctx).await.expect("a sweep");
    for one in hall.requests().await {
        let wanted = &one.request.wanted;
        assert_eq!((&wanted.why, wanted.children, &wanted.ages), (&None, None, &None));
        assert!(one.request.granted.amount.is_some());
    }
    hall.turnout.clock.advance(chrono::Duration::days(6 * 365));
    erase_due(ctx).await.expect("a sweep");
    assert!(hall.requests().await.is_empty());
}
