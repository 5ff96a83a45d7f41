//! Two people are made one: what stands twice is settled, and for a day it can be taken back.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{booking::book_places::book_places, people::erase_person::erase_person},
    domain::{audit::Actor, id::PersonId},
    mail::reading::ReadLetter,
};

use super::{asks, books, known, office, who};
use crate::support::{
    TestTurnout,
    browser::{page, post},
    everything,
    plan::leader,
};

on_both_databases!(
    what_stands_twice_is_settled_and_who_waits_is_offered_the_place,
    the_place_that_was_chosen_is_kept,
    taking_a_merge_back_leaves_everything_as_it_was,
    a_place_that_was_given_up_comes_back_where_nobody_has_it,
    what_was_booked_meanwhile_is_hers_under_whose_name_it_was_booked,
    after_a_day_it_stays_and_says_so,
    whoever_is_erased_takes_the_merge_with_her,
);

/// Ada is there twice, under two addresses.
async fn twice(turnout: &TestTurnout, code: &str, capacity: u32) -> (PersonId, PersonId) {
    let code = turnout.plan(code, "first", capacity, |_| {}).await;
    books(turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    books(turnout, &code, &who("Ada Obbi", "ada@work.example")).await;
    let kept = known(turnout, "Ada Obi").await;
    let gone = known(turnout, "Ada Obbi").await;
    assert_eq!((kept.len(), gone.len()), (1, 1));
    (kept[0], gone[0])
}

async fn merged(turnout: &TestTurnout, kept: PersonId, gone: PersonId) {
    let office = office(turnout).await;
    merged_by(&office, kept, gone).await;
}

async fn merged_by(office: &Client, kept: PersonId, gone: PersonId) {
    let path = format!("/office/people/{kept}/merge");
    let (status, there) = post(office, &path, &format!("with={gone}")).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(page(office, &there).await.contains("They are one person now."));
}

async fn occupied(turnout: &TestTurnout, code: &str) -> u32 {
    turnout.session(&code.parse().expect("a code")).await.occupancy.occupied
}

async fn what_stands_twice_is_settled_and_who_waits_is_offered_the_place(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 2, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    let mut by_ruth = asks(&code, 1, &who("Ada Obbi", "ada@work.example"));
    by_ruth.leader = leader("Ruth Okafor");
    book_places(&turnout.ctx, &Actor::Api, by_ruth).await.expect("a booking");
    let (kept, gone) = (known(&turnout, "Ada Obi").await[0], known(&turnout, "Ada Obbi").await[0]);
    let waits = books(&turnout, &code, &who("Cy Dunn", "cy@example.org")).await.registration;
    assert_eq!(turnout.states(waits.id).await, ["waiting"]);
    turnout.letters().await;
    let office = office(&turnout).await;
    let shown = page(&office, &format!("/office/people/{kept}/merge?with={gone}")).await;
    assert!(shown.contains("Both have a place on Course first, S1"), "{shown}");
    assert_eq!(shown.matches("name=\"keep_S1\"").count(), 2, "{shown}");
    let path = format!("/office/people/{kept}/merge");
    let (status, there) = post(&office, &path, &format!("with={gone}")).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert_eq!(turnout.states(waits.id).await, ["offered"], "the place goes on to who waits");
    assert_eq!(occupied(&turnout, "S1").await, 2);
    let letters = turnout.letters().await;
    let told = |to: &str, words: &str| {
        let to = |one: &&ReadLetter| one.to.contains(to);
        letters.iter().filter(to).any(|one| one.text.contains(words))
    };
    assert!(told("ada@work.example", "YOU HAD TWO PLACES"), "{letters:#?}");
    assert!(told("ruth.okafor@", "still comes, on another booking"), "{letters:#?}");
    let log = page(&office, "/office/audit").await;
    assert!(log.contains("places that stood twice and were given up: 1"), "{log}");
    turnout.is_sound().await;
}

async fn the_place_that_was_chosen_is_kept(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let one = books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await.registration;
    let two = books(&turnout, &code, &who("Ada Obbi", "ada@work.example")).await.registration;
    let (kept, gone) = (known(&turnout, "Ada Obi").await[0], known(&turnout, "Ada Obbi").await[0]);
    let office = office(&turnout).await;
    let body = format!("with={gone}&keep_S1={}", two.places[0].id);
    let (status, there) = post(&office, &format!("/office/people/{kept}/merge"), &body).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert_eq!(turnout.states(one.id).await, ["cancelled"]);
    assert_eq!(turnout.states(two.id).await, ["confirmed"]);
    assert_eq!(occupied(&turnout, "S1").await, 1);
    turnout.is_sound().await;
}

async fn taking_a_merge_back_leaves_everything_as_it_was(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let one = turnout.plan("S1", "first", 9, |_| {}).await;
    let two = turnout.plan("S2", "first", 9, |session| {
        session.sittings[0] = turnout.sitting(1, session.sittings[0].starts + Duration::days(7));
    });
    let two = two.await;
    books(&turnout, &one, &who("Ada Obi", "ada@example.org")).await;
    books(&turnout, &two, &who("Ada Obbi", "")).await;
    let (kept, gone) = (known(&turnout, "Ada Obi").await[0], known(&turnout, "Ada Obbi").await[0]);
    turnout.feed_owner(&who("Ada Obi", "ada@example.org")).await;
    let office = office(&turnout).await;
    for (person, words) in [(kept, "hers"), (gone, "the+other%27s")] {
        let path = format!("/office/people/{person}/notes");
        let (status, there) = post(&office, &path, &format!("note={words}")).await;
        assert_eq!(status, Status::SeeOther, "{there}");
    }
    let edit = "name=Ada+Obbi&email=&phone=07700+900117&institution=I0002";
    let (status, there) = post(&office, &format!("/office/people/{gone}"), edit).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let before = everything(&turnout).await;
    merged_by(&office, kept, gone).await;
    let shown = page(&office, &format!("/office/people/{kept}")).await;
    assert!(shown.contains("the other&#39;s"), "her notes come with her: {shown}");
    assert!(shown.contains("07700") && shown.contains("take it back"), "{shown}");
    let ask = page(&office, &format!("/office/people/{kept}/unmerge?gone={gone}")).await;
    assert!(ask.contains("Ada Obbi became part of Ada Obi"), "{ask}");
    let (status, there) = post(&office, &format!("/office/people/{kept}/unmerge"), "").await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(page(&office, &there).await.contains("They are two people again."));
    let mut after = everything(&turnout).await;
    let mut before = before;
    // What the log and the version of a record count goes on, and that they are two is said from now on.
    for table in ["audit_events", "person_questions"] {
        before.remove(table);
        after.remove(table);
    }
    let versions = |all: &std::collections::BTreeMap<String, Vec<String>>| all["people"].len();
    assert_eq!(versions(&before), versions(&after));
    before.remove("people");
    after.remove("people");
    for (table, rows) in &before {
        assert_eq!(after.get(table), Some(rows), "{table}");
    }
    let hers = page(&office, &format!("/office/people/{kept}")).await;
    assert!(!hers.contains("07700") && !hers.contains("the other&#39;s"), "{hers}");
    let others = page(&office, &format!("/office/people/{gone}")).await;
    assert!(others.contains("07700") && others.contains("the other&#39;s"), "{others}");
    turnout.is_sound().await;
}

async fn a_place_that_was_given_up_comes_back_where_nobody_has_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (kept, gone) = twice(&turnout, "S1", 2).await;
    merged(&turnout, kept, gone).await;
    assert_eq!(occupied(&turnout, "S1").await, 1);
    turnout.letters().await;
    let office = turnout.signed_in(&"office".parse().expect("a login")).await;
    let (status, there) = post(&office, &format!("/office/people/{kept}/unmerge"), "").await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(there.ends_with("done=unmerged"), "{there}");
    assert_eq!(occupied(&turnout, "S1").await, 2, "both come");
    let invited = turnout.letters().await;
    assert!(invited.iter().any(|one| one.to.contains("ada@work.example")), "{invited:#?}");
    turnout.is_sound().await;
    // Once somebody else has it, it does not, and nothing is oversold.
    let (status, _) =
        post(&office, &format!("/office/people/{kept}/merge"), &format!("with={gone}")).await;
    assert_eq!(status, Status::SeeOther);
    let code = "S1".parse().expect("a code");
    books(&turnout, &code, &who("Cy Dunn", "cy@example.org")).await;
    let (_, there) = post(&office, &format!("/office/people/{kept}/unmerge"), "").await;
    assert!(page(&office, &there).await.contains("others have it"), "{there}");
    assert_eq!(occupied(&turnout, "S1").await, 2);
    turnout.is_sound().await;
}

async fn what_was_booked_meanwhile_is_hers_under_whose_name_it_was_booked(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (kept, gone) = twice(&turnout, "S1", 9).await;
    merged(&turnout, kept, gone).await;
    let later = turnout.plan("S2", "first", 9, |session| {
        session.sittings[0] = turnout.sitting(1, session.sittings[0].starts + Duration::days(7));
    });
    let later = later.await;
    let again = asks(&later, 1, &who("Ada Obbi", "ada@work.example"));
    book_places(&turnout.ctx, &Actor::Api, again).await.expect("a booking");
    assert_eq!(known(&turnout, "Ada").await, [kept], "recognised as the one she is now");
    let office = turnout.signed_in(&"office".parse().expect("a login")).await;
    let hers = page(&office, &format!("/office/people/{kept}")).await;
    assert!(hers.contains("/office/sessions/S2"), "{hers}");
    post(&office, &format!("/office/people/{kept}/unmerge"), "").await;
    let hers = page(&office, &format!("/office/people/{kept}")).await;
    assert!(!hers.contains("/office/sessions/S2"), "{hers}");
    let others = page(&office, &format!("/office/people/{gone}")).await;
    assert!(others.contains("/office/sessions/S2"), "{others}");
    turnout.is_sound().await;
}

async fn after_a_day_it_stays_and_says_so(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (kept, gone) = twice(&turnout, "S1", 9).await;
    merged(&turnout, kept, gone).await;
    turnout.clock.advance(Duration::days(1));
    let office = turnout.signed_in(&"office".parse().expect("a login")).await;
    let (status, shown) = post(&office, &format!("/office/people/{kept}/unmerge"), "").await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("can be taken back for a day"), "{shown}");
    assert!(!page(&office, &format!("/office/people/{kept}")).await.contains("take it back"));
    turnout.is_sound().await;
}

async fn whoever_is_erased_takes_the_merge_with_her(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (kept, gone) = twice(&turnout, "S1", 9).await;
    merged(&turnout, kept, gone).await;
    erase_person(&turnout.ctx, &Actor::CommandLine, kept).await.expect("nobody any more");
    let office = turnout.signed_in(&"office".parse().expect("a login")).await;
    let (status, _) = post(&office, &format!("/office/people/{kept}/unmerge"), "").await;
    assert_eq!(status, Status::Conflict);
    let left = everything(&turnout).await;
    for table in ["person_merges", "person_merge_rows", "person_merge_seats", "person_keys"] {
        assert_eq!(left[table], Vec::<String>::new(), "{table}");
    }
    let told =
        left["audit_events"].iter().any(|row| row.contains("person:") && row.contains("Obbi"));
    assert!(!told, "{:#?}", left["audit_events"]);
    turnout.is_sound().await;
}
