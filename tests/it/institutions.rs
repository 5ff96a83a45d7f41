//! Institutions that are there twice: two on the list become one, and names that leaders typed
//! become the institution they meant.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        catalogue::{
            merge_institutions::{MergeInstitutionsError, merge_institutions},
            pledge::pledge,
        },
        people::know_people::know_people,
    },
    domain::{
        alliance::Alliance,
        audit::Actor,
        id::{InstitutionCode, SessionCode},
        institution::{Institution, InstitutionKind, Membership},
        occupancy::TeamPolicy::Together,
        registration::Sender,
        staff::Role,
    },
    store::{Window, catalogue, institutions, people, pledges},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{name, request, sender},
};

on_both_databases!(
    two_institutions_are_made_one_after_a_look,
    two_that_become_part_of_each_other_at_once_stay_one,
    a_typed_name_becomes_the_institution_it_means,
    an_organiser_touches_nothing_of_another_alliance,
);

fn code(text: &str) -> InstitutionCode {
    text.parse().expect("a code")
}

async fn book(turnout: &TestTurnout, session: &SessionCode, who: &str, from: Sender) {
    let mut team = request(session, who, 2, Together);
    team.sender = from;
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
}

fn typed(text: &str) -> Sender {
    Sender::NotListed(name(text))
}

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

async fn listed(turnout: &TestTurnout) -> Vec<String> {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let all = institutions::all(&mut conn).await.expect("institutions");
    all.into_iter().map(|one| one.name).collect()
}

async fn two_institutions_are_made_one_after_a_look(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (one, other) = (
        turnout.plan("S1", "first", 30, |_| {}).await,
        turnout.plan("S2", "first", 30, |_| {}).await,
    );
    let (kept, gone) = (code("I0001"), code("I0002"));
    book(&turnout, &one, "Ada Obi", sender(1)).await;
    book(&turnout, &one, "Ben Low", sender(2)).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    for (session, institution, people) in
        [(&one, &kept, 4), (&one, &gone, 9), (&other, &kept, 7), (&other, &gone, 5)]
    {
        pledge(&turnout.ctx, &Actor::CommandLine, session, institution, people, None)
            .await
            .expect("one");
    }
    let desk = office(&turnout).await;
    let entry = "/office/institutions/I0001";
    assert!(page(&desk, entry).await.contains(&format!("{entry}/merge")));
    let path = format!("{entry}/merge");
    assert!(page(&desk, &format!("{path}?q=institution+2")).await.contains("?with=I0002"));
    let shown = page(&desk, &format!("{path}?with=I0002")).await;
    assert!(shown.contains("Institution 2 (I0002) becomes part of Institution 1 (I0001)."));
    assert!(shown.contains("1 booking, 1 person and 2 pledges move."), "{shown}");
    for nonsense in ["", "with=I0001"] {
        assert_eq!(post(&desk, &path, nonsense).await.1, path, "{nonsense}");
    }
    for nobody in ["with=I9999", "with=%00"] {
        assert_eq!(post(&desk, &path, nobody).await.0, Status::NotFound, "{nobody}");
    }
    assert_eq!(listed(&turnout).await.len(), 3, "a look changes nothing");

    let (status, to) = post(&desk, &path, "with=I0002").await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/office/institutions/I0001?done=merged"));
    assert!(page(&desk, &to).await.contains("They are one institution now."));
    assert_eq!(listed(&turnout).await, ["Institution 1", "Institution 3"]);
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let found = institutions::find(&mut conn, &gone).await.expect("a read").expect("its heir");
    assert_eq!(found.code, kept, "the old code leads to it");
    let lines = pledges::of_session(&mut conn, &one).await.expect("pledges");
    let numbers: Vec<_> = lines
        .iter()
        .map(|line| (&line.institution, line.turnout.pledged, line.turnout.named))
        .collect();
    assert_eq!(numbers, [(&kept, 9, 4)], "the larger pledge, and everybody named");
    let lines = pledges::of_session(&mut conn, &other).await.expect("pledges");
    assert_eq!(lines[0].turnout.pledged, 7);
    let window = Window { offset: 0, limit: 10 };
    let known = people::search(&mut conn, "Ben", None, window).await.expect("people").items;
    assert_eq!(known[0].institution.as_ref(), Some(&kept));
    drop(conn);
    assert_eq!(post(&desk, &path, "with=I0002").await.1, path, "once is enough");
    assert!(!page(&desk, "/office/institutions?q=institution").await.contains("Institution 2"));
    turnout.is_sound().await;
}

async fn two_that_become_part_of_each_other_at_once_stay_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (one, other) = (code("I0001"), code("I0002"));
    let merge = |kept: &InstitutionCode, gone: &InstitutionCode| {
        let (ctx, kept, gone) = (turnout.ctx.clone(), kept.clone(), gone.clone());
        tokio::spawn(
            async move { merge_institutions(&ctx, &Actor::CommandLine, &kept, &gone).await },
        )
    };
    let (first, second) = tokio::join!(merge(&one, &other), merge(&other, &one));
    let done = [first.expect("an answer"), second.expect("an answer")];
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    assert!(done.iter().any(|one| matches!(one, Err(MergeInstitutionsError::NotTwo))));
    assert_eq!(listed(&turnout).await.len(), 2);
    // What was part of a part is part of the whole.
    let (kept, gone) = if done[0].is_ok() { (one, other) } else { (other, one) };
    let whole = code("I0003");
    merge_institutions(&turnout.ctx, &Actor::CommandLine, &whole, &kept).await.expect("merged");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let heir = institutions::find(&mut conn, &gone).await.expect("a read").expect("an heir");
    assert_eq!(heir.code, whole);
}

async fn a_typed_name_becomes_the_institution_it_means(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 30, |_| {}).await;
    book(&turnout, &session, "Ada Obi", typed("institution 1")).await;
    book(&turnout, &session, "Ben Low", typed("Institution 1")).await;
    book(&turnout, &session, "Cy Dunn", typed("St Mary & St John")).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let desk = office(&turnout).await;
    assert!(page(&desk, "/office/institutions").await.contains("/office/typed-institutions"));
    let shown = page(&desk, "/office/typed-institutions").await;
    assert!(shown.contains("2 bookings") && shown.contains("St Mary &#38; St John"), "{shown}");
    let path = "/office/typed-institutions/which";
    let shown = page(&desk, &format!("{path}?name=Institution+1")).await;
    assert!(shown.contains("with=I0001") && !shown.contains("with=I0002"), "{shown}");
    let shown = page(&desk, &format!("{path}?name=St+Mary+%26+St+John")).await;
    assert!(shown.contains("No name on the list is like it."), "{shown}");
    let shown = page(&desk, &format!("{path}?name=Institution+1&with=I0001")).await;
    assert!(shown.contains("2 bookings by “Institution 1” count for Institution 1"), "{shown}");

    let (_, to) = post(&desk, path, "name=Institution+1&with=I0001").await;
    assert_eq!(to, "/office/typed-institutions?done=2");
    let shown = page(&desk, &to).await;
    assert!(shown.contains("2 bookings count for that institution now."), "{shown}");
    assert!(!shown.contains("Institution 1") && shown.contains("St Mary"), "{shown}");
    let (_, to) = post(&desk, path, "name=Institution+1&with=I0001").await;
    assert_eq!(to, "/office/typed-institutions?done=0");
    let gone = desk.get(format!("{path}?name=Institution+1")).dispatch().await;
    assert_eq!(gone.status(), Status::SeeOther);
    drop(gone);

    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let lines = pledges::of_session(&mut conn, &session).await.expect("pledges");
    assert_eq!((lines.len(), lines[0].turnout.named), (1, 4));
    let window = Window { offset: 0, limit: 10 };
    let known = people::search(&mut conn, "Ada", None, window).await.expect("people").items;
    assert_eq!(known[0].institution, Some(code("I0001")));
    turnout.is_sound().await;
}

async fn an_organiser_touches_nothing_of_another_alliance(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let leeds = Alliance {
        slug: "leeds".parse().expect("a slug"),
        name: "Leeds".to_owned(),
        time_zone: chrono_tz::Europe::London,
        contact_email: "leeds@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    let theirs = Institution {
        code: code("L0001"),
        name: "Institution 1".to_owned(),
        kind: InstitutionKind::Faith,
        alliance: leeds.slug.clone(),
        membership: Membership::Member,
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    institutions::insert(&mut tx, &theirs).await.expect("an institution");
    tx.commit().await.expect("a commit");
    let session = turnout.plan("S1", "first", 30, |_| {}).await;
    book(&turnout, &session, "Ada Obi", typed("Institution 1")).await;

    let login = turnout.account("leeds-organiser", Role::Organiser, &["leeds"]).await;
    let desk = turnout.signed_in(&login).await;
    assert!(page(&desk, "/office/typed-institutions").await.contains("None</h2>"));
    let path = "/office/institutions/L0001/merge";
    assert!(!page(&desk, path).await.contains("I0001"), "not even offered");
    assert_eq!(post(&desk, path, "with=I0001").await.0, Status::Forbidden);
    let answer = desk.get(format!("{path}?with=I0001")).dispatch().await;
    assert_eq!(answer.status(), Status::Forbidden);
    drop(answer);
    // Her own institution, but a booking of a session that is not hers.
    let (_, to) =
        post(&desk, "/office/typed-institutions/which", "name=Institution+1&with=L0001").await;
    assert_eq!(to, "/office/typed-institutions?done=0");
}
