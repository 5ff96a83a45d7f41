//! Words that help people decide to come: kept in the office, shown to everybody, and told to no calendar.

use chrono::Duration;
use rocket::http::Status;
use turnout::{
    actions::sessions::change_session::cancel_session,
    domain::{
        audit::Actor,
        location::Location,
        page_words::DayWords,
        session::{Session, Trainer},
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
};

on_both_databases!(
    what_an_organiser_writes_stands_on_the_page_and_in_the_api_and_in_no_calendar,
    a_form_without_the_words_leaves_them_and_two_hands_keep_both,
    a_copy_and_a_series_say_the_same,
    a_course_says_who_it_is_for_and_what_one_will_be_able_to_do,
    a_colour_that_white_words_cannot_be_read_on_is_refused_beside_the_field,
    a_trainer_is_introduced_by_her_own_line_and_her_own_alliances,
    a_session_that_cannot_be_booked_leads_to_the_nearest_others,
    only_an_address_leads_to_a_map,
);

const EDIT: &str = "/office/sessions/S1/edit";

fn worded(session: &mut Session) {
    session.words.directions = Some("Bus 2 stops outside.".to_owned());
    session.words.food = Some("Soup and bread.".to_owned());
    session.words.days = vec![DayWords { title: Some("Power".to_owned()), note: None }];
}

async fn what_an_organiser_writes_stands_on_the_page_and_in_the_api_and_in_no_calendar(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 20, |_| {}).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let (ruth, public) = (turnout.signed_in(&login).await, turnout.browser().await);
    let feed = page(&public, "/feeds/all.ics").await;
    turnout.clock.advance(Duration::minutes(5));
    let form =
        Form::open(&ruth, EDIT).await.with("directions", "Bus 2\nBus 6").with("bring", "A pen");
    let form = form.with("food", "Soup for all").with("access_words", "A lift to every floor");
    let form = form.with("d1_title", "Power and people").with("d1_note", "Tea from 9am");
    let (status, to) = form.send(&ruth).await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/office/sessions/S1?done=saved"));
    let html = page(&public, "/sessions/S1").await;
    for words in [
        "<li>Bus 6</li>",
        "A pen",
        "Soup for all",
        "A lift to every floor",
        "<h3>Power and people</h3>",
        "Tea from 9am",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    let json = page(&public, "/api/v1/sessions/S1").await;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["bring"], "A pen");
    assert_eq!(json["sittings"][0]["title"], "Power and people");
    assert_eq!(page(&public, "/feeds/all.ics").await, feed, "no stamp moved, nothing was added");
    assert!(turnout.letters().await.is_empty(), "nobody is written to");
    let form = Form::open(&ruth, EDIT).await.with("d1_title", &"x".repeat(81));
    let (status, html) = form.send(&ruth).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("up to 80 of them") && html.contains("class=\"more\" open"), "{html}");
}

async fn a_form_without_the_words_leaves_them_and_two_hands_keep_both(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, worded).await;
    let logins = [
        turnout.account("ruth", Role::Organiser, &["oxford"]).await,
        turnout.account("mary", Role::Organiser, &["oxford"]).await,
    ];
    let [ruth, mary] = [turnout.signed_in(&logins[0]).await, turnout.signed_in(&logins[1]).await];
    let (status, _) = post(&ruth, EDIT, "per_booking=6&mode=instant&waiting=1&note=Hello").await;
    assert_eq!(status, Status::SeeOther);
    let words = turnout.session(&code).await.words;
    assert_eq!(
        words.directions.as_deref(),
        Some("Bus 2 stops outside."),
        "a script says nothing of it"
    );
    assert_eq!(words.days[0].title.as_deref(), Some("Power"));

    let (first, second) = (Form::open(&ruth, EDIT).await, Form::open(&mary, EDIT).await);
    assert_eq!(first.with("bring", "A pen").send(&ruth).await.0, Status::SeeOther);
    let stale = second.clone().with("bring", "A pencil");
    assert_eq!(second.with("food", "Cake").send(&mary).await.0, Status::SeeOther);
    let words = turnout.session(&code).await.words;
    assert_eq!((words.bring.as_deref(), words.food.as_deref()), (Some("A pen"), Some("Cake")));
    let (status, html) = stale.send(&mary).await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("What to bring: ruth changed this to"), "{html}");
}

async fn a_copy_and_a_series_say_the_same(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, worded).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let ruth = turnout.signed_in(&login).await;
    let words = turnout.session(&code).await.words;
    let (status, to) = post(&ruth, "/office/sessions/S1/repeat", "week=1").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let form = Form::open(&ruth, "/office/new-session?copy=S1").await.with("d1_date", "2027-05-01");
    let form = form.with("action", "save");
    let (status, to) = form.send_to(&ruth, "/office/new-session").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    for again in ["S002", "S003"] {
        let again = turnout.session(&again.parse().expect("a code")).await;
        assert_eq!(again.words, words, "{}", again.code);
    }
    let edit = "/office/sessions/S002/edit";
    let two = Form::open(&ruth, edit).await.with("action", "add-week");
    let html = two.send(&ruth).await.1;
    let two = Form::of(edit, &html).with("d2_title", "Action").with("action", "save");
    assert_eq!(two.send(&ruth).await.0, Status::SeeOther);
    let html = Form::open(&ruth, edit).await.with("action", "remove-1").send(&ruth).await.1;
    let one = Form::of(edit, &html).with("action", "save");
    assert_eq!(one.value("d1_title"), "Action", "what is said of a day goes with it");
    assert_eq!(one.send(&ruth).await.0, Status::SeeOther);
    let session = turnout.session(&"S002".parse().expect("a code")).await;
    assert_eq!(session.words.days.len(), 1);
    assert_eq!(session.words.days[0].title.as_deref(), Some("Action"));
}

async fn a_course_says_who_it_is_for_and_what_one_will_be_able_to_do(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 20, |_| {}).await;
    let login = turnout.account("ada", Role::Administrator, &[]).await;
    let (ada, public) = (turnout.signed_in(&login).await, turnout.browser().await);
    let path = "/office/courses/first";
    let form = Form::open(&ada, path).await.with("for_whom", "Anybody who leads");
    let (status, _) = form.with("outcomes", "Listen well\nAsk; and wait").send(&ada).await;
    assert_eq!(status, Status::SeeOther);
    for at in ["/sessions/S1", "/courses/first"] {
        let html = page(&public, at).await;
        for words in
            ["Anybody who leads", "<li>Listen well</li>", "<li>Ask</li>", "<li>and wait</li>"]
        {
            assert!(html.contains(words), "{words} at {at} in {html}");
        }
    }
    let html = page(&public, "/sessions/S1").await;
    assert!(html.contains(r#""teaches":["Listen well","Ask","and wait"]"#), "{html}");
    let (status, _) = Form::open(&ada, path).await.without("outcomes").send(&ada).await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&public, "/courses/first").await.contains("Listen well"), "left as it is");
}

async fn a_colour_that_white_words_cannot_be_read_on_is_refused_beside_the_field(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let login = turnout.account("ada", Role::Administrator, &[]).await;
    let (ada, public) = (turnout.signed_in(&login).await, turnout.browser().await);
    let path = "/office/alliances/oxford";
    let form = Form::open(&ada, path).await.with("about", "Town and gown.");
    let (status, html) = form.clone().with("colour", "#ffb81f").send(&ada).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Choose a darker one") && html.contains("#ffb81f"), "{html}");
    assert_eq!(form.with("colour", "1F4B7A").send(&ada).await.0, Status::SeeOther);
    let html = page(&public, "/alliances/oxford").await;
    assert!(html.contains("Town and gown.") && html.contains("fill=\"#1f4b7a\""), "{html}");
}

async fn a_trainer_is_introduced_by_her_own_line_and_her_own_alliances(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ruth = turnout.account("ruth", Role::Trainer, &["oxford"]).await;
    let guest = turnout.account("ada", Role::Administrator, &[]).await;
    let lead = |login: &turnout::domain::id::StaffLogin| Trainer {
        login: login.clone(),
        name: login.to_string(),
    };
    let leads = vec![lead(&ruth), lead(&guest)];
    turnout.plan("S1", "first", 20, |session| session.trainers = leads).await;
    let (hers, public) = (turnout.signed_in(&ruth).await, turnout.browser().await);
    let html = page(&public, "/sessions/S1").await;
    let of_oxford = "<p class=\"muted\">Oxford Citizens</p>";
    assert_eq!(html.matches(of_oxford).count(), 1, "whose it is, and nobody else's: {html}");
    let form = Form::open(&hers, "/account/about").await.with("about", "Once a shop steward");
    assert_eq!(form.send(&hers).await.0, Status::SeeOther);
    assert!(page(&public, "/sessions/S1").await.contains("<p>Once a shop steward</p>"));
    let (status, html) =
        Form::open(&hers, "/account/about").await.with("about", &"x".repeat(201)).send(&hers).await;
    assert_eq!(status, Status::UnprocessableEntity, "{html}");
    let office = turnout.signed_in(&guest).await;
    let form = Form::open(&office, "/office/accounts/ruth").await.with("name", "Ruth Okafor");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    let html = page(&public, "/sessions/S1").await;
    assert!(html.contains("Ruth Okafor") && html.contains("Once a shop steward"), "{html}");
}

fn at(address: &str) -> Location {
    Location::Venue { name: format!("Hall at {address}"), address: address.to_owned() }
}

async fn a_session_that_cannot_be_booked_leads_to_the_nearest_others(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code =
        turnout.plan("S1", "first", 20, |one| one.location = at("1 High St, LS11 0XX")).await;
    turnout.plan("S2", "first", 20, |one| one.location = at("2 High St, PL1 0XX")).await;
    turnout.plan("S3", "first", 20, |one| one.location = at("3 High St, BD9 0XX")).await;
    turnout.plan("S4", "second", 20, |one| one.location = at("4 High St, LS2 0XX")).await;
    let public = turnout.browser().await;
    let before = page(&public, "/sessions/S1").await;
    assert!(!before.contains("Other dates with places"), "it can be booked");
    cancel_session(&turnout.ctx, &Actor::CommandLine, &code, None, None).await.expect("cancelled");
    let html = page(&public, "/sessions/S1").await;
    let order = ["Other dates with places", "/sessions/S3", "/sessions/S2", "/sessions/S4"];
    let places = order.map(|words| html.find(words).unwrap_or_else(|| panic!("{words}: {html}")));
    assert!(places.is_sorted(), "{places:?}");
    turnout.clock.advance(Duration::days(60));
    let html = page(&public, "/sessions/S3").await;
    assert!(
        html.contains("This session is\n        over") && html.contains("no other date"),
        "{html}"
    );
}

async fn only_an_address_leads_to_a_map(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let online = Location::Online { room: "https://meet.example/x".to_owned() };
    turnout.plan("S1", "first", 20, |one| one.location = at("3 Chapel Row, MK13 0XX")).await;
    turnout.plan("S2", "first", 20, |one| one.location = online).await;
    let public = turnout.browser().await;
    let html = page(&public, "/sessions/S1").await;
    let map =
        "https://www.openstreetmap.org/search?query=3+Chapel+Row%2C+MK13+0XX\" rel=\"noreferrer\"";
    assert!(html.contains(map), "{html}");
    assert!(!page(&public, "/sessions/S2").await.contains("openstreetmap"));
}
