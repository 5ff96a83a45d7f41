//! Passkeys: added by whoever is signed in, then enough to sign in; and all that is turned away.

use std::net::SocketAddr;

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use serde_json::Value;
use turnout::{
    actions::staff::disable_account::disable_account,
    domain::{
        audit::{Actor, AuditAction},
        id::StaffLogin,
        staff::Role,
    },
    store::{audit, passkeys},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    device::{Device, OURS},
};

on_both_databases!(
    a_passkey_is_added_and_then_signs_in,
    an_answer_counts_once_and_for_five_minutes,
    an_answer_made_for_another_site_is_refused,
    without_a_finger_nobody_is_signed_in,
    a_copied_passkey_is_turned_away_and_that_is_written_down,
    what_is_removed_or_closed_signs_nobody_in,
    nobody_answers_for_somebody_else,
    a_passkey_is_renamed_and_removed_by_its_owner_alone,
    an_administrator_takes_away_the_passkeys_of_a_stolen_phone,
    somebody_is_offered_a_passkey_once,
    one_signs_out_everywhere_from_ones_own_page,
    an_address_that_floods_gets_no_more_challenges,
);

/// A challenge: what comes back with the answer, and what the device is asked.
async fn challenge(browser: &Client, path: &str) -> (String, Value) {
    let answer = browser.post(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    let mut opened: Value = answer.into_json().await.expect("a challenge");
    (opened["ceremony"].as_str().expect("a token").to_owned(), opened["options"].take())
}

fn form(ceremony: &str, answer: &str, name: &str) -> String {
    let fields = [("ceremony", ceremony), ("answer", answer), ("name", name)];
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Adds a passkey to whoever is signed in.
async fn enrol(browser: &Client, device: &mut Device, name: &str) {
    let (ceremony, options) = challenge(browser, "/account/passkeys/start").await;
    let answer = device.create(OURS, options).await.expect("a new passkey");
    let (status, to) = post(browser, "/account/passkeys", &form(&ceremony, &answer, name)).await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/account?done=added"));
}

/// Signs in with a device; the status, and where it leads or the page it shows.
async fn sign_in(browser: &Client, device: &mut Device) -> (Status, String) {
    let (ceremony, options) = challenge(browser, "/sign-in/passkey/start").await;
    let answer = device.answer(OURS, options).await.expect("an answer");
    post(browser, "/sign-in/passkey", &form(&ceremony, &answer, "")).await
}

/// A trainer with a passkey on her phone.
async fn with_phone(turnout: &TestTurnout, login: &str) -> (StaffLogin, Client, Device) {
    let login = turnout.account(login, Role::Trainer, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    let mut phone = Device::default();
    enrol(&browser, &mut phone, "My phone").await;
    (login, browser, phone)
}

fn is_refused((status, shown): &(Status, String)) -> bool {
    *status == Status::UnprocessableEntity && shown.contains("does not sign anybody in")
}

async fn is_signed_in(browser: &Client) -> bool {
    browser.get("/account").dispatch().await.status() == Status::Ok
}

async fn a_passkey_is_added_and_then_signs_in(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, browser, mut phone) = with_phone(&turnout, "amina").await;
    let shown = page(&browser, "/account").await;
    assert!(shown.contains("My phone") && shown.contains("Not used yet"), "{shown}");
    assert!(shown.contains("Added a passkey") && shown.contains("This device"), "{shown}");
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 1, "so that nobody adds one behind her back");
    assert_eq!(letters[0].subject, "A passkey was added to your Turnout account");

    let elsewhere = turnout.browser().await;
    turnout.clock.advance(Duration::days(3));
    assert_eq!(sign_in(&elsewhere, &mut phone).await, (Status::SeeOther, "/trainer".to_owned()));
    let shown = page(&elsewhere, "/account").await;
    assert!(shown.contains("Signed in with a passkey") && !shown.contains("Not used yet"));
    turnout.clock.advance(Duration::hours(13));
    assert!(!is_signed_in(&elsewhere).await, "for half a day, unless she asks for more");
    assert_eq!(sign_in(&elsewhere, &mut phone).await.0, Status::SeeOther, "and again");
}

async fn an_answer_counts_once_and_for_five_minutes(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, mut phone) = with_phone(&turnout, "amina").await;
    let browser = turnout.browser().await;
    let (ceremony, options) = challenge(&browser, "/sign-in/passkey/start").await;
    let answer = phone.answer(OURS, options).await.expect("an answer");
    let body = form(&ceremony, &answer, "");
    assert_eq!(post(&browser, "/sign-in/passkey", &body).await.0, Status::SeeOther);
    let thief = turnout.browser().await;
    let (status, shown) = post(&thief, "/sign-in/passkey", &body).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("That took too long") && !is_signed_in(&thief).await);
    // The old answer does not fit a new challenge either.
    let (ceremony, _) = challenge(&thief, "/sign-in/passkey/start").await;
    let again = post(&thief, "/sign-in/passkey", &form(&ceremony, &answer, "")).await;
    assert!(is_refused(&again), "{again:?}");

    let (ceremony, options) = challenge(&thief, "/sign-in/passkey/start").await;
    let answer = phone.answer(OURS, options).await.expect("an answer");
    turnout.clock.advance(Duration::minutes(5));
    let (status, shown) = post(&thief, "/sign-in/passkey", &form(&ceremony, &answer, "")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("That took too long"), "{shown}");
    for nonsense in ["", "ceremony=x&answer=y", &form(&ceremony, "{}", "")] {
        let (status, _) = post(&thief, "/sign-in/passkey", nonsense).await;
        assert_eq!(status, Status::UnprocessableEntity, "{nonsense}");
    }
}

async fn an_answer_made_for_another_site_is_refused(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, mine, mut phone) = with_phone(&turnout, "amina").await;
    let browser = turnout.browser().await;
    // A page of ours by name, but not at our address; and one that is not ours at all.
    for (origin, site) in [
        ("https://elsewhere.turnout.example", "turnout.example"),
        ("https://turnout.example:8443", "turnout.example"),
        ("https://evil.example", "evil.example"),
    ] {
        let (ceremony, mut options) = challenge(&browser, "/sign-in/passkey/start").await;
        options["rpId"] = site.into();
        let answer = phone.answer(origin, options).await.expect("an answer");
        let body = form(&ceremony, &answer, "");
        let answered = post(&browser, "/sign-in/passkey", &body).await;
        assert!(is_refused(&answered), "{origin}: {answered:?}");

        let (ceremony, mut options) = challenge(&mine, "/account/passkeys/start").await;
        options["rp"]["id"] = site.into();
        let made = Device::default().create(origin, options).await.expect("a passkey");
        let (status, shown) =
            post(&mine, "/account/passkeys", &form(&ceremony, &made, "Bad")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{origin}");
        assert!(shown.contains("We could not check what your device answered"), "{shown}");
        assert!(shown.contains("value=\"Bad\""), "the name stays typed: {shown}");
    }
    assert!(!is_signed_in(&browser).await);
}

async fn without_a_finger_nobody_is_signed_in(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, _, mut phone) = with_phone(&turnout, "amina").await;
    let browser = turnout.browser().await;
    let (ceremony, mut options) = challenge(&browser, "/sign-in/passkey/start").await;
    assert_eq!(options["userVerification"], "required");
    options["userVerification"] = "discouraged".into();
    let answer = phone.answer_without_finger(OURS, options).await.expect("an answer");
    let answered = post(&browser, "/sign-in/passkey", &form(&ceremony, &answer, "")).await;
    assert!(is_refused(&answered), "{answered:?}");
}

async fn a_copied_passkey_is_turned_away_and_that_is_written_down(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (login, mine, mut phone) = with_phone(&turnout, "amina").await;
    let mut copy = phone.clone();
    let browser = turnout.browser().await;
    for _ in 0..2 {
        assert_eq!(sign_in(&browser, &mut phone).await.0, Status::SeeOther);
    }
    turnout.clock.advance(Duration::seconds(1));
    let thief = turnout.browser().await;
    let answered = sign_in(&thief, &mut copy).await;
    assert!(is_refused(&answered) && !is_signed_in(&thief).await, "{answered:?}");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let lately = audit::sign_ins(&mut conn, &login, 1).await.expect("events");
    assert_eq!(lately[0].action, AuditAction::PasskeySuspected);
    drop(conn);
    assert!(page(&mine, "/account").await.contains("it looks copied"));
    assert_eq!(sign_in(&browser, &mut phone).await.0, Status::SeeOther, "the right one goes on");
}

async fn what_is_removed_or_closed_signs_nobody_in(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, mine, mut lost) = with_phone(&turnout, "amina").await;
    let (closed, _, mut phone) = with_phone(&turnout, "ben").await;
    let path = passkey_path(&mine).await;
    assert!(page(&mine, &format!("{path}/remove")).await.contains("It is your only one"));
    let (status, to) = post(&mine, &format!("{path}/remove"), "").await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/account?done=removed"));
    let browser = turnout.browser().await;
    assert!(is_refused(&sign_in(&browser, &mut lost).await));

    disable_account(&turnout.ctx, &Actor::CommandLine, &closed).await.expect("closed");
    assert!(is_refused(&sign_in(&browser, &mut phone).await));
    assert!(!is_signed_in(&browser).await);
}

/// The path of the first passkey on somebody's account page.
async fn passkey_path(browser: &Client) -> String {
    let shown = page(browser, "/account").await;
    let start = shown.find("/account/passkeys/0").expect("a passkey");
    shown[start..].split('"').next().unwrap_or_default().to_owned()
}

async fn nobody_answers_for_somebody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, amina, _) = with_phone(&turnout, "amina").await;
    let (_, ben, mut phone) = with_phone(&turnout, "ben").await;
    // Amina's challenge, answered in Ben's browser: he gets no key to her account, nor she his.
    let (ceremony, options) = challenge(&amina, "/account/passkeys/start").await;
    let answer = Device::default().create(OURS, options).await.expect("a passkey");
    let (status, shown) = post(&ben, "/account/passkeys", &form(&ceremony, &answer, "X")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("That took too long"), "{shown}");
    // A challenge for adding signs nobody in, and the other way round.
    let (ceremony, options) = challenge(&ben, "/sign-in/passkey/start").await;
    let answer = phone.answer(OURS, options).await.expect("an answer");
    let (status, _) = post(&ben, "/account/passkeys", &form(&ceremony, &answer, "X")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    let (ceremony, _) = challenge(&ben, "/account/passkeys/start").await;
    let stranger = turnout.browser().await;
    let (status, _) = post(&stranger, "/sign-in/passkey", &form(&ceremony, &answer, "")).await;
    assert_eq!(status, Status::UnprocessableEntity);

    // An answer with somebody else's handle is nobody's.
    let (ceremony, options) = challenge(&stranger, "/sign-in/passkey/start").await;
    let answer = phone.answer(OURS, options).await.expect("an answer");
    let mut changed: Value = serde_json::from_str(&answer).expect("an answer");
    changed["response"]["userHandle"] = "AAAAAAAAAAAAAAAAAAAAAA".into();
    let body = form(&ceremony, &changed.to_string(), "");
    assert!(is_refused(&post(&stranger, "/sign-in/passkey", &body).await));
}

async fn a_passkey_is_renamed_and_removed_by_its_owner_alone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (login, amina, mut phone) = with_phone(&turnout, "amina").await;
    let (_, ben, _) = with_phone(&turnout, "ben").await;
    let path = passkey_path(&amina).await;
    for path in [path.clone(), format!("{path}/remove")] {
        assert_eq!(ben.get(path.clone()).dispatch().await.status(), Status::NotFound);
        assert_eq!(post(&ben, &path, "name=Mine").await.0, Status::NotFound);
    }
    let (status, shown) = post(&amina, &path, "name=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Enter a name in ordinary letters"));
    let (_, to) = post(&amina, &path, "name=Work+phone").await;
    assert_eq!(to, "/account?done=renamed");
    assert!(page(&amina, "/account").await.contains("Work phone"));
    // The device is asked not to make a second one beside the first.
    let (_, options) = challenge(&amina, "/account/passkeys/start").await;
    assert_eq!(options["excludeCredentials"].as_array().map(Vec::len), Some(1));
    assert!(phone.create(OURS, options).await.is_err());
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    assert_eq!(passkeys::of(&mut conn, &login).await.expect("passkeys").len(), 1);
}

async fn an_administrator_takes_away_the_passkeys_of_a_stolen_phone(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (login, _, mut phone) = with_phone(&turnout, "amina").await;
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let desk = turnout.signed_in(&office).await;
    let entry = format!("/office/accounts/{login}");
    assert!(page(&desk, &entry).await.contains("They have 1 passkey."));
    let path = format!("{entry}/passkeys");
    let shown = page(&desk, &path).await;
    assert!(shown.contains("1 person and 1 passkey") && shown.contains("My phone"), "{shown}");
    let (_, to) = post(&desk, &path, "").await;
    assert_eq!(to, format!("{entry}?done=keys-1"));
    assert!(page(&desk, &to).await.contains("1 passkey of amina removed."));
    assert!(is_refused(&sign_in(&turnout.browser().await, &mut phone).await));
}

async fn somebody_is_offered_a_passkey_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let by_link = |passkeys: &'static str| {
        let (turnout, login) = (turnout.clone(), login.clone());
        async move {
            let email = format!("{login}@example.org").parse().expect("an address");
            let link =
                turnout::actions::staff::sign_in::print_sign_in_link(&turnout.ctx, &email).await;
            let link = link.expect("an answer").expect("a link");
            let path = link.strip_prefix(OURS).expect("our address").to_owned();
            let browser = turnout.browser().await;
            let to = post(&browser, &path, passkeys).await.1;
            (browser, to)
        }
    };
    assert_eq!(by_link("").await.1, "/trainer", "her browser has no passkeys");
    let (browser, to) = by_link("passkeys=yes").await;
    assert_eq!(to, "/account/passkeys");
    let shown = page(&browser, &to).await;
    assert!(shown.contains("Not now") && shown.contains("href=\"/trainer\""), "{shown}");
    assert_eq!(by_link("passkeys=yes").await.1, "/trainer", "not twice");
}

async fn one_signs_out_everywhere_from_ones_own_page(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (login, phone, _) = with_phone(&turnout, "amina").await;
    turnout.clock.advance(Duration::seconds(1));
    let desk = turnout.signed_in(&login).await;
    let shown = page(&desk, "/account").await;
    assert_eq!(
        (shown.matches("This device").count(), shown.matches("Another device").count()),
        (1, 1)
    );
    assert!(page(&desk, "/account/sign-out-everywhere").await.contains("2 devices"));
    let (status, to) = post(&desk, "/account/sign-out-everywhere", "").await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/sign-in"));
    assert!(!is_signed_in(&desk).await && !is_signed_in(&phone).await);
}

async fn an_address_that_floods_gets_no_more_challenges(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = turnout.browser().await;
    let from: SocketAddr = "192.0.2.1:4711".parse().expect("an address");
    let mut refused = 0;
    for _ in 0..30 {
        let answer = browser.post("/sign-in/passkey/start").remote(from).dispatch().await;
        refused += usize::from(answer.status() == Status::TooManyRequests);
    }
    assert!((9..=10).contains(&refused), "{refused}");
}
