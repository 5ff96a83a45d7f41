//! Somebody is known by several addresses and numbers, or none: the office adds, corrects and removes them.

use rocket::http::Status;
use turnout::store::people;

use super::{books, known, office, who};
use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    somebody_is_one_person_under_each_of_her_addresses,
    an_address_that_was_wrong_is_corrected_and_one_that_is_not_hers_removed,
    what_is_no_address_or_anothers_is_refused_with_what_was_typed,
);

async fn somebody_is_one_person_under_each_of_her_addresses(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    let ada = known(&turnout, "Ada").await[0];
    let office = office(&turnout).await;
    let path = format!("/office/people/{ada}/contacts");
    for contact in ["ada@work.example", "07700+900117", "07700+900118"] {
        let (status, there) = post(&office, &path, &format!("contact={contact}")).await;
        assert_eq!(status, Status::SeeOther, "{there}");
    }
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    books(&turnout, &other, &who("Ada Obi", "ada@work.example")).await;
    assert_eq!(known(&turnout, "Ada").await, [ada], "she is one");
    let shown = page(&office, &format!("/office/people/{ada}")).await;
    assert!(shown.contains("/office/sessions/S2"), "{shown}");
    for words in ["ada@example.org", "ada@work.example", "07700 900117", "07700 900118"] {
        assert!(shown.contains(&format!("name=\"known\" value=\"{words}\"")), "{words}: {shown}");
    }
    let (status, _) = post(&office, &path, "verb=use&known=ada%40work.example").await;
    assert_eq!(status, Status::SeeOther);
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let her = people::find(&mut conn, ada).await.expect("a read").expect("her");
    drop(conn);
    assert_eq!(her.email.map(|one| one.to_string()).as_deref(), Some("ada@work.example"));
    assert_eq!(her.phone.map(|one| one.to_string()).as_deref(), Some("07700 900117"));
    let shown = page(&office, &format!("/office/people/{ada}")).await;
    assert!(shown.contains("name=\"known\" value=\"ada@example.org\""), "the old one stays hers");
    turnout.is_sound().await;
}

async fn an_address_that_was_wrong_is_corrected_and_one_that_is_not_hers_removed(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@exmaple.org")).await;
    let ada = known(&turnout, "Ada").await[0];
    let office = office(&turnout).await;
    let path = format!("/office/people/{ada}/contacts");
    let body = "verb=correct&known=ada%40exmaple.org&contact=ada%40example.org";
    assert_eq!(post(&office, &path, body).await.0, Status::SeeOther);
    let shown = page(&office, &format!("/office/people/{ada}")).await;
    assert!(!shown.contains("value=\"ada@exmaple.org\""), "{shown}");
    assert!(shown.contains("name=\"known\" value=\"ada@example.org\""), "{shown}");
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    books(&turnout, &other, &who("Ada Obi", "ada@example.org")).await;
    assert_eq!(known(&turnout, "Ada").await, [ada]);
    // It is somebody else's: whoever books under it is somebody else from now on.
    assert_eq!(
        post(&office, &path, "verb=remove&known=ada%40example.org").await.0,
        Status::SeeOther
    );
    let shown = page(&office, &format!("/office/people/{ada}")).await;
    assert!(shown.contains("No address and no number is known."), "{shown}");
    let third = turnout.plan("S3", "first", 9, |_| {}).await;
    books(&turnout, &third, &who("Ada Obi", "ada@example.org")).await;
    assert_eq!(known(&turnout, "Ada").await.len(), 2);
    let shown = page(&office, &format!("/office/people/{ada}")).await;
    assert!(shown.contains("/office/sessions/S2"), "what was hers stays hers: {shown}");
    turnout.is_sound().await;
}

async fn what_is_no_address_or_anothers_is_refused_with_what_was_typed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    books(&turnout, &code, &who("Ada Obi", "ada@example.org")).await;
    books(&turnout, &code, &who("Ada Obi", "ada@work.example")).await;
    let all = known(&turnout, "Ada").await;
    let office = office(&turnout).await;
    let path = format!("/office/people/{}/contacts", all[0]);
    for (typed, words) in [
        ("ada%40", "Check the email address"),
        ("12", "Check the telephone number"),
        ("", "Enter an email address or a telephone number"),
    ] {
        let (status, shown) = post(&office, &path, &format!("contact={typed}")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{typed}");
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let mut refused = 0;
    for typed in ["ada%40example.org", "ada%40work.example"] {
        let (status, shown) = post(&office, &path, &format!("contact={typed}")).await;
        if status == Status::UnprocessableEntity {
            assert!(shown.contains("Somebody else of this name is known by that address"));
            refused += 1;
        }
    }
    assert_eq!(refused, 1, "one of them is hers already");
    turnout.is_sound().await;
}
