//! Who was known before anybody asked whether two people are one: compared by a job, a few at a time, which goes on
//! where it was.

use turnout::{
    actions::people::questions::{ask_about_known, tell_apart},
    domain::{audit::Actor, id::PersonId, person::recognition_key},
    store::people::{self, Unknown, Whereabouts},
    token::row_id,
};

use super::{books, known, office, who};
use crate::support::{TestTurnout, browser::page, plan::name};

on_both_databases!(who_was_known_before_is_asked_about_once, many_are_compared_a_few_at_a_time,);

const QUESTIONS: &str = "/office/people/questions";

/// As a database was before it asked: nobody was compared, nothing was asked.
async fn as_before(turnout: &TestTurnout) {
    turnout.write("delete from person_questions").await;
    turnout.write("update people set compared_at = null").await;
}

async fn compared(turnout: &TestTurnout) -> usize {
    ask_about_known(&turnout.ctx).await.expect("a comparing")
}

async fn who_was_known_before_is_asked_about_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    for (name, email) in [("Ada Obi", "ada@example.org"), ("Ada Oby", "ada@example.org")] {
        books(&turnout, &code, &who(name, email)).await;
    }
    let both = known(&turnout, "Ada").await;
    assert_eq!(both.len(), 2);
    let office = office(&turnout).await;
    assert!(!page(&office, QUESTIONS).await.contains("Nothing to ask"), "they are alike");
    as_before(&turnout).await;
    assert!(page(&office, QUESTIONS).await.contains("Nothing to ask"));
    assert_eq!(compared(&turnout).await, 2);
    let asked = page(&office, QUESTIONS).await;
    assert!(asked.contains("Ada Obi") && asked.contains("Ada Oby"), "{asked}");
    assert_eq!(compared(&turnout).await, 0, "once");
    // What was answered stays answered, whoever compares again.
    tell_apart(&turnout.ctx, &Actor::CommandLine, both[0], both[1]).await.expect("two");
    turnout.write("update people set compared_at = null").await;
    assert_eq!(compared(&turnout).await, 2);
    assert!(page(&office, QUESTIONS).await.contains("Nothing to ask"));
    turnout.is_sound().await;
}

async fn many_are_compared_a_few_at_a_time(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    for number in 0..410 {
        let who = Unknown {
            standing: Whereabouts::Nowhere,
            name: name(&format!("Person Number{number}")),
            email: format!("p{number}@example.org").parse().ok(),
            phone: None,
            institution: None,
        };
        let key = recognition_key(&who.name, who.email.as_ref(), None);
        let new = PersonId::new(row_id(&*turnout.ctx.random, &*turnout.ctx.clock));
        people::recognise(&mut tx, &key, &who, new, turnout.ctx.now()).await.expect("a person");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(compared(&turnout).await, 400);
    assert_eq!(compared(&turnout).await, 10, "it goes on where it was");
    assert_eq!(compared(&turnout).await, 0);
}
