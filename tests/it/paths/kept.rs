//! What is kept of somebody on a path: handed out, merged and erased with her.

use rocket::http::Status;
use turnout::{
    actions::{
        people::{erase_person::erase_person, merge_people::merge_people, own_data::hand_out},
        retention::erase_due::erase_due,
    },
    domain::{audit::Actor, id::PersonId},
};

use super::{link, office, office_again, put_ada_on, record_of};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    what_is_held_about_her_path_is_handed_out_and_erased,
    two_who_are_one_are_on_the_path_once_with_both_their_hours,
    whoever_is_on_a_path_is_not_forgotten_while_she_goes_on,
);

fn id(record: &str) -> PersonId {
    let id = record.trim_start_matches("/office/people/").trim_end_matches("/path");
    id.parse().expect("a number")
}

async fn what_is_held_about_her_path_is_handed_out_and_erased(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=action&title=Secret+meeting&done_on={day}&hours=2");
    post(&browser, &format!("{ada}/records"), &body).await;
    let actor = Actor::CommandLine;
    let data = hand_out(&turnout.ctx, &actor, id(&ada)).await.expect("data").expect("somebody");
    let part = |key: &str| {
        let found = data.parts.iter().find(|part| part.key == key).expect("a part");
        format!("{:?}", found.records)
    };
    assert!(part("paths").contains("Community organiser"), "{}", part("paths"));
    assert!(part("path_records").contains("Secret meeting"), "{}", part("path_records"));
    erase_person(&turnout.ctx, &actor, id(&ada)).await.expect("erased");
    let shown = page(&browser, "/office/paths/community-organiser").await;
    assert!(shown.contains("Nobody of your alliances yet"), "{shown}");
    let nobody = turnout.browser().await;
    assert_eq!(nobody.get(mine).dispatch().await.status(), Status::Gone);
    let everything = crate::support::everything(&turnout).await;
    for (table, rows) in &everything {
        assert!(!rows.iter().any(|row| row.contains("Secret meeting")), "{table}: {rows:?}");
    }
}

async fn two_who_are_one_are_on_the_path_once_with_both_their_hours(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    let mine = link(&turnout).await;
    let body = "name=Adaeze+Obi&email=adaeze%40example.org&institution=I0001";
    post(&browser, "/office/paths/community-organiser/people", body).await;
    let adaeze = record_of(&browser, "Adaeze Obi").await;
    let hers = link(&turnout).await;
    let day = turnout.ctx.now().date_naive();
    for (who, title) in [(&ada, "Assembly"), (&adaeze, "Listening")] {
        let body = format!("kind=action&title={title}&done_on={day}&hours=0.5");
        assert_eq!(post(&browser, &format!("{who}/records"), &body).await.0, Status::SeeOther);
    }
    merge_people(&turnout.ctx, &Actor::CommandLine, id(&ada), id(&adaeze)).await.expect("merged");
    let shown = page(&browser, "/office/paths/community-organiser").await;
    assert_eq!(shown.matches(">Ada Obi</a>").count(), 1, "{shown}");
    assert!(!shown.contains("Adaeze"), "{shown}");
    let nobody = turnout.browser().await;
    for link in [mine, hers] {
        let shown = page(&nobody, &link).await;
        assert!(shown.contains("1 of 2 hours of action"), "{shown}");
    }
    let off = format!("/office/paths/community-organiser/people/{}/off", id(&ada));
    assert_eq!(post(&browser, &off, "reason=Has+moved").await.0, Status::SeeOther);
    let shown = page(&browser, "/office/paths/community-organiser").await;
    assert!(!shown.contains(">Ada Obi</a>"), "off is off: {shown}");
}

async fn whoever_is_on_a_path_is_not_forgotten_while_she_goes_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = office(&turnout).await;
    let ada = put_ada_on(&browser).await;
    turnout.clock.advance(chrono::Duration::days(2 * 365));
    let browser = office_again(&turnout).await;
    let day = turnout.ctx.now().date_naive();
    let body = format!("kind=action&title=Assembly&done_on={day}&hours=1");
    assert_eq!(post(&browser, &format!("{ada}/records"), &body).await.0, Status::SeeOther);
    turnout.clock.advance(chrono::Duration::days(2 * 365));
    erase_due(&turnout.ctx).await.expect("a round");
    let browser = office_again(&turnout).await;
    assert!(page(&browser, &ada).await.contains("Path of Ada Obi"), "two years after the last");
    turnout.clock.advance(chrono::Duration::days(2 * 365));
    erase_due(&turnout.ctx).await.expect("a round");
    let browser = office_again(&turnout).await;
    let shown = page(&browser, "/office/paths/community-organiser").await;
    assert!(!shown.contains("Ada Obi"), "{shown}");
}
