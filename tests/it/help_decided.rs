//! Help that was asked for is granted, refused or left for later, within a budget that nobody exceeds unknowingly, and
//! paid.

use rocket::http::Status;
use turnout::{
    actions::help_requests::decide::{DecideHelpError, Deciding, decide_help},
    domain::{
        alliance::Alliance,
        help_request::{Granting, HelpDecision, HelpState},
        id::HelpRequestId,
        staff::Role,
    },
    store::{catalogue, help_requests},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    help::{OFFER, hall},
    plan::alliance,
};

on_both_databases!(
    an_organiser_grants_refuses_or_leaves_it_for_later,
    the_second_organiser_sees_what_the_first_decided,
    over_the_budget_is_a_question_and_the_log_says_so,
    two_at_once_never_spend_the_same_money,
    what_was_granted_is_paid_and_that_can_be_a_slip,
    an_organiser_of_another_alliance_and_a_trainer_see_nothing,
);

const OF_S1: &str = "/office/sessions/S1/help";
const TRAVEL: &str = "kind=travel&amount=30&from=Reading&how=by+bus";

async fn an_organiser_grants_refuses_or_leaves_it_for_later(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let (ada, first) = hall.traveller("Ada Obi", 30).await;
    let (ben, second) = hall.traveller("Ben Low", 20).await;
    let (_, third) = hall.traveller("Cleo Hall", 10).await;
    let path = |id: HelpRequestId| format!("/office/help/{id}");
    for (form, said) in [
        ("decision=", "Choose whether it is granted"),
        ("decision=refuse&reason=", "Say why: it is told"),
        ("decision=grant&amount=31", "More than was asked, which is £30.00"),
        ("decision=grant&amount=many", "Enter pounds, or pounds and pence"),
    ] {
        let (status, html) = post(&hall.office, &path(first), form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(html.contains(said), "{form}: {html}");
    }
    let (_, to) = post(&hall.office, &path(first), "decision=grant&amount=25.50").await;
    assert_eq!(to, format!("{}?done=decided", path(first)));
    post(&hall.office, &path(second), "decision=refuse&reason=The+money+is+for+those+from+afar")
        .await;
    post(&hall.office, &path(third), "decision=later").await;
    let help = page(&hall.browser, &format!("{}/help", ada.own)).await;
    assert!(help.contains("Granted: £25.50."), "{help}");
    let help = page(&hall.browser, &format!("{}/help", ben.own)).await;
    assert!(help.contains("The organisers said no.") && help.contains("from afar"), "{help}");
    let (status, html) = post(&hall.browser, &format!("{}/help", ben.own), TRAVEL).await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("have said no to it"), "{html}");
    let list = page(&hall.office, "/office/help").await;
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("{words}: {list}"));
    assert!(at("Cleo Hall") < at("Ada Obi"), "what is to be decided comes first");
    assert!(at("To decide later") < at("Refused"));
    let only = page(&hall.office, "/office/help?state=granted&kind=travel&alliance=oxford").await;
    assert!(only.contains("Ada Obi") && !only.contains("Ben Low"), "{only}");
    assert!(
        page(&hall.office, "/office/help?kind=bursary").await.contains("No request is like that")
    );
    let csv = hall.office.get("/office/help.csv").dispatch().await;
    let csv = csv.into_string().await.unwrap_or_default();
    assert!(csv.contains("Ada Obi,travel,granted,30.00,25.50,"), "{csv}");
    let log = page(&hall.office, "/office/audit?session=S1").await;
    assert!(log.contains("travel: granted £25.50"), "{log}");
}

async fn the_second_organiser_sees_what_the_first_decided(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let (_, id) = hall.traveller("Ada Obi", 30).await;
    let ruth = hall.turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let ruth = hall.turnout.signed_in(&ruth).await;
    let path = format!("/office/help/{id}");
    assert!(page(&ruth, &path).await.contains("name=\"version\" value=\"1\""));
    post(&hall.office, &path, "decision=grant&amount=30&version=1").await;
    for form in ["decision=refuse&reason=No&version=1", "decision=refuse&reason=No"] {
        let (status, html) = post(&ruth, &path, form).await;
        assert_eq!(status, Status::Conflict, "{form}");
        assert!(html.contains("It changed meanwhile: Granted (olu"), "{html}");
        assert!(html.contains("name=\"version\" value=\"2\""), "{html}");
    }
    // The same twice is one, and what is seen can be changed.
    let (status, _) = post(&ruth, &path, "decision=grant&amount=30&version=1").await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(hall.one(id).await.request.version, 2);
    post(&ruth, &path, "decision=grant&amount=20&version=2").await;
    assert_eq!(hall.one(id).await.request.granted.amount, Some(2000));
}

async fn over_the_budget_is_a_question_and_the_log_says_so(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let (_, first) = hall.traveller("Ada Obi", 40).await;
    let (_, second) = hall.traveller("Ben Low", 50).await;
    let path = |id: HelpRequestId| format!("/office/help/{id}");
    post(&hall.office, &path(first), "decision=grant").await;
    let (status, html) = post(&hall.office, &path(second), "decision=grant&version=1").await;
    assert_eq!(status, Status::Ok);
    assert!(
        html.contains("£40.00 over the £50.00 for this session. Grant it all the same?"),
        "{html}"
    );
    assert!(html.contains("name=\"over\" value=\"4000\""), "{html}");
    assert_eq!(hall.one(second).await.request.state, HelpState::Asked, "nothing is decided");
    // Whoever knows of less is asked again.
    let (status, _) = post(&hall.office, &path(second), "decision=grant&version=1&over=3999").await;
    assert_eq!(status, Status::Ok);
    let (status, _) = post(&hall.office, &path(second), "decision=grant&version=1&over=4000").await;
    assert_eq!(status, Status::SeeOther);
    let list = page(&hall.office, OF_S1).await;
    assert!(list.contains("£40.00 over"), "{list}");
    let log = page(&hall.office, "/office/audit?session=S1").await;
    assert!(log.contains("granted £50.00, £40.00 over the budget"), "{log}");
    // A budget of one kind counts by itself.
    post(&hall.office, OFFER, "travel=yes&travel_budget=10&bursary=yes").await;
    let (_, third) = hall.traveller("Cleo Hall", 5).await;
    let (_, html) = post(&hall.office, &path(third), "decision=grant").await;
    assert!(html.contains("£85.00 over the £10.00 for travel on this session"), "{html}");
}

async fn two_at_once_never_spend_the_same_money(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let mut asking = Vec::new();
    for who in ["Ada Obi", "Ben Low", "Cleo Hall", "Dai Rees"] {
        asking.push(hall.traveller(who, 20).await.1);
    }
    let by = "olu".parse().expect("a login");
    let decide = async |id: HelpRequestId| {
        let decision = HelpDecision::Grant(Granting::default());
        let deciding = Deciding { decision, version: Some(1), over: None };
        decide_help(&hall.turnout.ctx, &by, id, &deciding).await
    };
    let all = futures_util::future::join_all(asking.iter().map(|id| decide(*id))).await;
    let granted = all.iter().filter(|one| one.is_ok()).count();
    let asked = all.iter().filter(|one| matches!(one, Err(DecideHelpError::Over(_)))).count();
    assert_eq!((granted, asked), (2, 2), "{all:?}");
    let mut conn = hall.turnout.ctx.store.read().await.expect("a connection");
    let spent = help_requests::spent(&mut conn, &hall.code).await.expect("sums");
    assert_eq!(spent.all().granted, 4000);
}

async fn what_was_granted_is_paid_and_that_can_be_a_slip(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let (ada, id) = hall.traveller("Ada Obi", 30).await;
    let path = format!("/office/help/{id}");
    assert!(!page(&hall.office, &path).await.contains("Was it paid?"));
    post(&hall.office, &path, "decision=grant&amount=30").await;
    let (status, html) = post(&hall.office, &path, "action=paid&paid_on=2099-01-01").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Enter the day it was paid, today or before"), "{html}");
    let (_, to) = post(&hall.office, &path, "action=paid&paid_how=bank+transfer").await;
    assert_eq!(to, format!("{path}?done=paid"));
    assert!(page(&hall.office, OF_S1).await.contains("Paid"));
    assert!(
        page(&hall.office, "/office/sessions/S1").await.contains("£30.00 granted, £30.00 paid")
    );
    assert!(page(&hall.browser, &format!("{}/help", ada.own)).await.contains("Paid on"));
    // What is paid is neither decided anew nor taken back.
    let (status, html) = post(&hall.office, &path, "decision=grant&amount=10&version=3").await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("It is paid already"), "{html}");
    let (status, _) =
        post(&hall.browser, &format!("{}/help", ada.own), "kind=travel&action=withdraw").await;
    assert_eq!(status, Status::Conflict);
    post(&hall.office, &path, "action=unpaid").await;
    assert_eq!(hall.one(id).await.request.paid, None);
}

async fn an_organiser_of_another_alliance_and_a_trainer_see_nothing(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let (_, id) = hall.traveller("Ada Obi", 10).await;
    let leeds = Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds Citizens".to_owned(),
        ..alliance()
    };
    let mut tx = hall.turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let other = hall.turnout.account("other", Role::Organiser, &["leeds"]).await;
    let other = hall.turnout.signed_in(&other).await;
    assert!(!page(&other, "/office/help").await.contains("Ada Obi"));
    let csv = other.get("/office/help.csv").dispatch().await.into_string().await;
    assert!(!csv.unwrap_or_default().contains("Ada Obi"));
    let trainer = hall.turnout.account("tess", Role::Trainer, &["oxford"]).await;
    let trainer = hall.turnout.signed_in(&trainer).await;
    for path in [OF_S1.to_owned(), OFFER.to_owned(), format!("/office/help/{id}")] {
        for browser in [&other, &trainer] {
            let status = browser.get(path.clone()).dispatch().await.status();
            assert_eq!(status, Status::Forbidden, "{path}");
        }
    }
    let (status, _) = post(&other, &format!("/office/help/{id}"), "decision=grant").await;
    assert_eq!(status, Status::Forbidden);
    assert_eq!(hall.one(id).await.request.state, HelpState::Asked);
}
