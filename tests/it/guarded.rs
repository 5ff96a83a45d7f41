//! Who gets in, for how long, and what nobody learns from outside.

use std::collections::BTreeSet;

use chrono::Duration;
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        Demand,
        letters::ask_for_link::{ask_for_lost_link, ask_to_sign_in},
    },
    domain::{
        id::{PasskeyId, StaffLogin},
        passkey::Passkey,
        staff::Role,
    },
    store::{links, passkeys},
    token::row_id,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
};

on_both_databases!(
    an_administrator_needs_more_than_her_inbox_once_one_has_a_passkey,
    a_sign_in_that_nobody_uses_ends,
    a_new_sign_in_replaces_the_one_before,
    whoever_is_written_to_elsewhere_is_told_there_and_signs_in_anew,
    asking_for_a_link_costs_the_same_for_whoever_is_known,
    one_network_holds_only_so_many_places_at_once,
    whoever_has_a_passkey_adds_no_other_by_letter,
    no_cookie_leaves_this_site_or_is_read_by_a_script,
);

/// The path of the sign-in link that comes by letter.
async fn link(turnout: &TestTurnout, login: &StaffLogin) -> String {
    let address = format!("{login}@example.org").parse().expect("an address");
    ask_to_sign_in(&turnout.ctx, &address).await.expect("an answer");
    let letters = turnout.letters().await;
    let letter = letters.iter().rfind(|one| one.text.contains("/sign-in/")).expect("a letter");
    let (_, rest) = letter.text.split_once("https://turnout.example/sign-in/").expect("a link");
    format!("/sign-in/{}", &rest[..26])
}

async fn signed_in_by_letter(turnout: &TestTurnout, login: &StaffLogin, form: &str) -> Client {
    let browser = turnout.browser().await;
    let path = link(turnout, login).await;
    assert_eq!(post(&browser, &path, form).await.0, Status::SeeOther);
    browser
}

async fn goes(browser: &Client, path: &str) -> (Status, String) {
    let answer = browser.get(path.to_owned()).dispatch().await;
    let to = answer.headers().get_one("Location").unwrap_or_default().to_owned();
    (answer.status(), to)
}

fn to(path: &str) -> (Status, String) {
    (Status::SeeOther, path.to_owned())
}

fn opens() -> (Status, String) {
    (Status::Ok, String::new())
}

/// An account that has a passkey.
async fn enrolled(turnout: &TestTurnout, owner: &StaffLogin) {
    let passkey = Passkey {
        id: PasskeyId::new(row_id(&*turnout.ctx.random, &*turnout.ctx.clock)),
        owner: owner.clone(),
        name: "Phone".to_owned(),
        created_at: turnout.ctx.now(),
        last_used_at: None,
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    passkeys::insert(&mut tx, &passkey, b"one", "{}").await.expect("a passkey");
    tx.commit().await.expect("a commit");
}

async fn whoever_has_a_passkey_adds_no_other_by_letter(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ada = turnout.account("ada", Role::Administrator, &[]).await;
    let ben = turnout.account("ben", Role::Administrator, &[]).await;
    enrolled(&turnout, &ada).await;
    let inbox = signed_in_by_letter(&turnout, &ada, "").await;
    let offered = page(&inbox, "/account/passkeys").await;
    assert!(offered.contains("Sign in with your passkey") && offered.contains("sign-in-link"));
    let (status, _) = post(&inbox, "/account/passkeys/start", "").await;
    assert_eq!(status, Status::Forbidden, "whoever reads her letters is not she");
    assert_eq!(post(&inbox, "/account/passkeys", "name=Mine").await.0, Status::Forbidden);
    let first = signed_in_by_letter(&turnout, &ben, "").await;
    assert!(page(&first, "/account/passkeys").await.contains("You need a passkey"));
    assert_eq!(post(&first, "/account/passkeys/start", "").await.0, Status::Ok, "he has none");
    assert_eq!(post(&inbox, "/sign-out", "").await.0, Status::SeeOther);
}

async fn no_cookie_leaves_this_site_or_is_read_by_a_script(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 90, |_| {}).await;
    let amina = turnout.account("amina", Role::Trainer, &[]).await;
    let path = link(&turnout, &amina).await;
    let client = turnout.browser().await;
    let form = "places=2&self=no&name=Ada+Obi&email=ada%40example.org&tel=&institution=none\
                &team=together&remember=1";
    let mut names = BTreeSet::new();
    for path in [path.as_str(), "/sessions/S1/register"] {
        let asked = client.post(path).header(ContentType::Form).body(form);
        let answer = asked.dispatch().await;
        assert_eq!(answer.status(), Status::SeeOther, "{path}");
        for cookie in answer.headers().get("Set-Cookie") {
            names.extend(cookie.split('=').next().map(str::to_owned));
            for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
                assert!(cookie.contains(part), "{part}: {cookie}");
            }
            assert!(!cookie.contains("Domain="), "{cookie}");
        }
    }
    assert!(names.len() > 1, "{names:?}");
}

async fn an_administrator_needs_more_than_her_inbox_once_one_has_a_passkey(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    let ada = turnout.account("ada", Role::Administrator, &[]).await;
    let ben = turnout.account("ben", Role::Administrator, &[]).await;
    let ruth = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let before = signed_in_by_letter(&turnout, &ben, "").await;
    assert_eq!(goes(&before, "/office").await, opens(), "nobody has one yet");
    enrolled(&turnout, &ada).await;
    let browser = signed_in_by_letter(&turnout, &ben, "").await;
    for path in ["/office", "/office/accounts", "/trainer", "/trainer/calendar"] {
        assert_eq!(goes(&browser, path).await, to("/account/passkeys"), "{path}");
        assert_eq!(goes(&before, path).await, to("/account/passkeys"), "{path}");
    }
    assert_eq!(goes(&browser, "/account/passkeys").await, opens(), "nobody is locked out");
    let organiser = signed_in_by_letter(&turnout, &ruth, "").await;
    assert_eq!(goes(&organiser, "/office").await, opens(), "organisers need none");
    let vouched = turnout.signed_in(&ben).await;
    assert_eq!(goes(&vouched, "/office").await, opens(), "a link from the command line will do");
    turnout.ctx.sign_ins.passkeys = Demand::Never;
    let anybody = signed_in_by_letter(&turnout, &ben, "").await;
    assert_eq!(goes(&anybody, "/office").await, opens());
}

async fn a_sign_in_that_nobody_uses_ends(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let amina = turnout.account("amina", Role::Trainer, &[]).await;
    let browser = signed_in_by_letter(&turnout, &amina, "remember=1").await;
    for _ in 0..2 {
        turnout.clock.advance(Duration::days(13));
        assert_eq!(goes(&browser, "/trainer").await, opens(), "she was here");
    }
    turnout.clock.advance(Duration::days(5));
    assert_eq!(goes(&browser, "/trainer").await, to("/sign-in"), "a month at most");
    let browser = signed_in_by_letter(&turnout, &amina, "remember=1").await;
    turnout.clock.advance(Duration::days(14));
    assert_eq!(goes(&browser, "/trainer").await, to("/sign-in"), "she was away");
    let browser = signed_in_by_letter(&turnout, &amina, "").await;
    turnout.clock.advance(Duration::hours(12));
    assert_eq!(goes(&browser, "/trainer").await, to("/sign-in"), "half a day at most");
}

async fn devices(turnout: &TestTurnout, login: &StaffLogin) -> usize {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    links::devices(&mut conn, login, turnout.ctx.now()).await.expect("a read").len()
}

async fn a_new_sign_in_replaces_the_one_before(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let amina = turnout.account("amina", Role::Trainer, &[]).await;
    let browser = signed_in_by_letter(&turnout, &amina, "").await;
    let cookie = || browser.cookies().get("turnout-sign-in").map(|one| one.value().to_owned());
    let first = cookie();
    let path = link(&turnout, &amina).await;
    assert_eq!(post(&browser, &path, "").await.0, Status::SeeOther);
    assert_ne!(cookie(), first);
    assert_eq!(devices(&turnout, &amina).await, 1, "the one before opens nothing any more");
    assert_eq!(post(&browser, "/sign-out", "").await.0, Status::SeeOther);
    assert_eq!(devices(&turnout, &amina).await, 0);
}

async fn whoever_is_written_to_elsewhere_is_told_there_and_signs_in_anew(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let amina = turnout.account("amina", Role::Trainer, &[]).await;
    turnout.letters().await;
    let browser = turnout.signed_in(&office).await;
    let hers = turnout.signed_in(&amina).await;
    let form = Form::open(&browser, "/office/accounts/amina").await;
    let named = form.with("name", "Amina Y.");
    assert_eq!(named.send(&browser).await.0, Status::SeeOther);
    assert_eq!(goes(&hers, "/trainer").await, opens(), "a name is no right");
    let form = Form::open(&browser, "/office/accounts/amina").await;
    let moved = form.with("email", "elsewhere@example.org");
    assert_eq!(moved.send(&browser).await.0, Status::SeeOther);
    assert_eq!(goes(&hers, "/trainer").await, to("/sign-in"));
    let letters = turnout.letters().await;
    let letter = letters.iter().find(|one| one.to.contains("amina@example.org"));
    let letter = letter.expect("a letter to the old address");
    assert!(!letter.text.contains("elsewhere@"), "{}", letter.text);
    assert!(letter.text.contains("telephone us"), "{}", letter.text);
}

async fn asking_for_a_link_costs_the_same_for_whoever_is_known(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.account("amina", Role::Trainer, &[]).await;
    turnout.letters().await;
    let mut spent = Vec::new();
    for address in ["amina@example.org", "nobody@example.org"] {
        let address = address.parse().expect("an address");
        let before = turnout.ctx.store.statements();
        ask_to_sign_in(&turnout.ctx, &address).await.expect("an answer");
        let between = turnout.ctx.store.statements();
        ask_for_lost_link(&turnout.ctx, &address).await.expect("an answer");
        spent.push((between - before, turnout.ctx.store.statements() - between));
    }
    assert_eq!(spent[0], spent[1]);
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1, "whoever is unknown gets none");
    assert!(letters[0].to.contains("amina@example.org"));
}

async fn hold(client: &Client, from: &str, number: usize, places: u32) -> Status {
    let form = format!(
        "places={places}&self=no&name=Ada+Obi&email=ada{number}%40example.org&tel=\
         &institution=none&team=together"
    );
    let asked = client.post("/sessions/S1/register").header(ContentType::Form).body(form);
    asked.remote(from.parse().expect("an address")).dispatch().await.status()
}

async fn one_network_holds_only_so_many_places_at_once(turnout: TestTurnout) {
    let mut turnout = turnout.season().await;
    turnout.plan("S1", "first", 90, |_| {}).await;
    turnout.ctx.held_per_network = Some(6);
    let mut held = Vec::new();
    for number in 0..4 {
        // Each from a browser of its own, and from another address of one household.
        let client = turnout.browser().await;
        held.push(hold(&client, &format!("[2001:db8:1:2::{number}]:9"), number, 2).await);
    }
    let (fine, more) = held.split_at(3);
    assert!(fine.iter().all(|status| *status == Status::SeeOther), "{held:?}");
    assert_eq!(more, [Status::TooManyRequests]);
    let client = turnout.browser().await;
    assert_eq!(hold(&client, "[2001:db8:1:3::1]:9", 5, 2).await, Status::SeeOther);
    turnout.clock.advance(Duration::minutes(16));
    let client = turnout.browser().await;
    assert_eq!(hold(&client, "[2001:db8:1:2::9]:9", 6, 2).await, Status::SeeOther, "they ran out");
}
