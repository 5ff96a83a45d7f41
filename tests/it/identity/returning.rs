//! A merge is taken back, and others have the place that it had given up: nothing of that is silent.

use turnout::{
    actions::booking::cancel_places::{Which, cancel_places},
    domain::{audit::Actor, id::PersonId, session::Session},
};

use super::{books, known, office, who};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    where_others_have_the_place_she_waits_first_in_line,
    where_nobody_can_wait_the_page_says_that_somebody_must_decide,
);

/// Ada is there twice on a session of two places, is made one, and Cy takes what that gave up; what taking the merge
/// back leads to, and Ada's other booking.
async fn taken_back(
    turnout: &TestTurnout,
    change: impl FnOnce(&mut Session),
) -> (String, turnout::domain::id::RegistrationId, turnout::domain::id::RegistrationId) {
    let code = turnout.plan("S1", "first", 2, change).await;
    books(turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    let other = books(turnout, &code, &who("Ada Obbi", "ada@work.example")).await.registration.id;
    let (kept, gone) = (one(turnout, "Ada Obi").await, one(turnout, "Ada Obbi").await);
    let office = office(turnout).await;
    post(&office, &format!("/office/people/{kept}/merge"), &format!("with={gone}")).await;
    assert_eq!(turnout.states(other).await, ["cancelled"]);
    let cy = books(turnout, &code, &who("Cy Dunn", "cy@example.org")).await.registration.id;
    assert_eq!(turnout.states(cy).await, ["confirmed"]);
    (format!("/office/people/{kept}/unmerge"), other, cy)
}

async fn one(turnout: &TestTurnout, name: &str) -> PersonId {
    known(turnout, name).await[0]
}

async fn where_others_have_the_place_she_waits_first_in_line(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (unmerge, hers, cy) = taken_back(&turnout, |_| {}).await;
    let code = "S1".parse().expect("a code");
    let dee = books(&turnout, &code, &who("Dee Fox", "dee@example.org")).await.registration.id;
    assert_eq!(turnout.states(dee).await, ["waiting"]);
    turnout.letters().await;
    let office = turnout.signed_in(&"office".parse().expect("a login")).await;
    let (_, there) = post(&office, &unmerge, "").await;
    let said = page(&office, &there).await;
    for words in ["1 place that was given up", "others have it by now", "she waits first in line"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(turnout.states(hers).await, ["waiting"]);
    let letters = turnout.letters().await;
    let told: Vec<_> = letters.iter().filter(|one| one.to.contains("ada@work.example")).collect();
    assert_eq!(told.len(), 1, "one letter");
    assert!(told[0].subject.contains("waiting list"), "{}", told[0].subject);
    let list = page(&office, "/office/sessions/S1/waiting-list").await;
    let (ada, dee_at) = (list.find("Ada Obbi").expect("Ada"), list.find("Dee Fox").expect("Dee"));
    assert!(ada < dee_at, "{list}");
    cancel_places(&turnout.ctx, &Actor::Leader, cy, Which::All, None).await.expect("a cancelling");
    assert_eq!(turnout.states(hers).await, ["offered"], "she had it before Dee asked");
    assert_eq!(turnout.states(dee).await, ["waiting"]);
    turnout.is_sound().await;
}

async fn where_nobody_can_wait_the_page_says_that_somebody_must_decide(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (unmerge, hers, _) = taken_back(&turnout, |one| one.waiting_list = false).await;
    turnout.letters().await;
    let office = turnout.signed_in(&"office".parse().expect("a login")).await;
    let (_, there) = post(&office, &unmerge, "").await;
    let said = page(&office, &there).await;
    for words in ["1 place that was given up", "Nobody was told: decide about her booking yourself"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(turnout.states(hers).await, ["cancelled"]);
    assert!(turnout.letters().await.is_empty());
    turnout.is_sound().await;
}
