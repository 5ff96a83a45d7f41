//! A form that is sent twice makes one thing (V3), and the second sending leads to it.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    domain::staff::Role,
    store::{catalogue, institutions, session_plans, staff},
};

use crate::support::{TestTurnout, browser::page, form::Form};

on_both_databases!(
    what_is_sent_twice_is_made_once,
    two_nodes_that_get_the_same_form_make_one,
    what_is_typed_anew_is_made_anew,
    a_walk_in_that_is_added_twice_is_one_line,
);

async fn administrator(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}

/// How many institutions, courses, alliances, accounts and sessions there are.
async fn counted(turnout: &TestTurnout) -> [usize; 5] {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = turnout::store::Window { offset: 0, limit: 100 };
    [
        institutions::all(&mut conn).await.expect("a read").len(),
        catalogue::courses(&mut conn).await.expect("a read").len(),
        catalogue::alliances(&mut conn).await.expect("a read").len(),
        staff::search(&mut conn, "", window).await.expect("a read").items.len(),
        session_plans::count(&mut conn).await.expect("a read") as usize,
    ]
}

/// The forms that make something, filled in.
async fn filled(browser: &Client) -> Vec<Form> {
    let open = async |path: &str, fields: &[(&str, &str)]| {
        let form = Form::open(browser, path).await;
        fields.iter().fold(form, |form, (name, value)| form.with(name, value))
    };
    let session = [
        ("course", "first"),
        ("alliance", "oxford"),
        ("venue", "The Mill"),
        ("d1_date", "2027-03-20"),
        ("d1_start", "09:30"),
        ("d1_end", "16:30"),
        ("action", "save"),
    ];
    let course = [("title", "Listening"), ("hours", "2"), ("capacity", "20")];
    let account = [("name", "Amina"), ("email", "amina@example.org"), ("role", "admin")];
    vec![
        open(
            "/office/new-institution",
            &[("name", "St Brigid's"), ("kind", "faith"), ("alliance", "oxford")],
        )
        .await,
        open("/office/new-course", &course).await,
        open("/office/new-alliance", &[("name", "Leeds"), ("email", "leeds@example.org")]).await,
        open("/office/new-account", &account).await,
        open("/office/new-session", &session).await,
    ]
}

async fn what_is_sent_twice_is_made_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = administrator(&turnout).await;
    let before = counted(&turnout).await;
    for form in filled(&browser).await {
        let (status, first) = form.send(&browser).await;
        assert_eq!(status, Status::SeeOther, "{first}");
        assert_eq!(form.send(&browser).await, (Status::SeeOther, first));
    }
    assert_eq!(counted(&turnout).await, before.map(|count| count + 1));

    let series = Form::open(&browser, "/office/sessions/S001/repeat?weeks=2").await;
    let series = series.without("weeks").without("week").ticked("week", "1").ticked("week", "2");
    let done = (Status::SeeOther, "/office/sessions/S001?done=repeated-2".to_owned());
    assert_eq!(series.send(&browser).await, done);
    assert_eq!(series.send(&browser).await, done);
    assert_eq!(counted(&turnout).await[4], before[4] + 3);
    // A page that is opened anew plans anew.
    let again = Form::open(&browser, "/office/sessions/S001/repeat?weeks=2").await;
    let again = again.without("weeks").without("week").ticked("week", "1");
    assert_eq!(again.send(&browser).await.0, Status::SeeOther);
    assert_eq!(counted(&turnout).await[4], before[4] + 4);
    assert!(page(&browser, "/office/audit").await.contains("as S001"));
}

async fn two_nodes_that_get_the_same_form_make_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let one = administrator(&turnout).await;
    let login = "office".parse().expect("a login");
    let two = turnout.signed_in(&login).await;
    let before = counted(&turnout).await;
    for form in filled(&one).await {
        let (first, second) = tokio::join!(form.send(&one), form.send(&two));
        assert_eq!(first, second);
        assert_eq!(first.0, Status::SeeOther);
    }
    assert_eq!(counted(&turnout).await, before.map(|count| count + 1));
}

async fn what_is_typed_anew_is_made_anew(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = administrator(&turnout).await;
    let before = counted(&turnout).await[0];
    let form = filled(&browser).await.remove(0);
    assert_eq!(form.send(&browser).await.0, Status::SeeOther);
    // Back, and another name: nothing that was typed is lost.
    assert_eq!(form.clone().with("name", "St Chad's").send(&browser).await.0, Status::SeeOther);
    assert_eq!(counted(&turnout).await[0], before + 2);
    // A script without an attempt makes one each time it asks, where it says that it is another one.
    let script = form.without("attempt").with("name", "St Dunstan's").with("other", "1");
    for _ in 0..2 {
        assert_eq!(script.send(&browser).await.0, Status::SeeOther);
    }
    assert_eq!(counted(&turnout).await[0], before + 4);
}

async fn a_walk_in_that_is_added_twice_is_one_line(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = administrator(&turnout).await;
    turnout.plan("S1", "first", 20, |_| {}).await;
    turnout.clock.advance(chrono::Duration::days(28));
    let login = "office".parse().expect("a login");
    drop(browser);
    let browser = turnout.signed_in(&login).await;
    let door = "/trainer/sessions/S1/check-in/1";
    let form = Form::open(&browser, door).await.with("name", "Dot Ames").with("add", "1");
    let form = form.without("q");
    let (status, there) = form.send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert_eq!(form.send(&browser).await, (status, there));
    assert_eq!(page(&browser, door).await.matches("data-walk-in=").count(), 1);
}
