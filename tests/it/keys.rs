//! Changing the secret key.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::domain::staff::Role;

use crate::support::{TestTurnout, web::site};

on_both_databases!(a_new_key_signs_nobody_out);

async fn a_new_key_signs_nobody_out(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ada = turnout.account("ada", Role::Administrator, &[]).await;
    let before = turnout.signed_in(&ada).await;
    let cookie = before.cookies().get("turnout-sign-in").expect("a cookie").clone();
    assert!(cookie.http_only() == Some(true) && cookie.secure() == Some(true), "{cookie}");

    let site = site(&turnout);
    let other = "0909090909090909090909090909090909090909090909090909090909090909";
    let figment = site.figment().clone().merge(("secret_key", other));
    let after = Client::untracked(site.configure(figment)).await.expect("a server");
    let office = |value: &str| {
        let cookie = ("turnout-sign-in", value.to_owned());
        after.get("/office").cookie(cookie)
    };
    assert_eq!(office(cookie.value()).dispatch().await.status(), Status::Ok);
    let forged = "a".repeat(cookie.value().len());
    assert_ne!(office(&forged).dispatch().await.status(), Status::Ok);
}
