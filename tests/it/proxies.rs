//! A proxy on another machine that nobody told the program of is noticed by whoever can do something about it.

use std::net::SocketAddr;

use rocket::{http::Header, local::asynchronous::Client};
use turnout::{actions::notice, domain::staff::Role};

use crate::support::{
    TestTurnout,
    browser::page,
    program::run,
    server::Server,
    web::{client, site},
};

on_both_databases!(
    a_proxy_that_nobody_told_of_is_said_to_whoever_runs_the_site,
    neither_visitors_of_many_addresses_nor_a_proxy_that_was_told_of_is,
);

async fn asks(client: &Client, from: &str, headers: &[(&'static str, &'static str)]) {
    let from: SocketAddr = format!("{from}:4711").parse().expect("an address");
    let mut asked = client.get("/").remote(from);
    for (name, value) in headers {
        asked.add_header(Header::new(*name, *value));
    }
    asked.dispatch().await;
}

async fn is_noticed(turnout: &TestTurnout) -> bool {
    notice::has_unknown_proxy(&turnout.ctx).await.expect("a read")
}

async fn a_proxy_that_nobody_told_of_is_said_to_whoever_runs_the_site(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let visitors = client(&turnout).await;
    asks(&visitors, "192.0.2.1", &[]).await;
    asks(&visitors, "127.0.0.1", &[("X-Forwarded-For", "203.0.113.5")]).await;
    assert!(!is_noticed(&turnout).await, "a program on this machine is understood");
    asks(&visitors, "192.0.2.1", &[("Forwarded", "for=203.0.113.5")]).await;
    assert!(is_noticed(&turnout).await);
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&office).await;
    let words = "Visitors are counted as one";
    assert!(page(&office, "/office").await.contains(words));
    let ruth = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let ruth = turnout.signed_in(&ruth).await;
    assert!(!page(&ruth, "/office").await.contains(words), "she cannot do anything about it");
    notice::look_anew(&turnout.ctx).await.expect("a write");
    assert!(!is_noticed(&turnout).await);
}

async fn neither_visitors_of_many_addresses_nor_a_proxy_that_was_told_of_is(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let forwarded = [("X-Forwarded-For", "203.0.113.5")];
    let visitors = client(&turnout).await;
    asks(&visitors, "192.0.2.1", &[]).await;
    asks(&visitors, "192.0.2.2", &forwarded).await;
    assert!(!is_noticed(&turnout).await, "one of many visitors says so of herself");
    let figment = site(&turnout).figment().clone().merge(("ip_header", "X-Real-IP"));
    let told = Client::untracked(site(&turnout).configure(figment)).await.expect("a server");
    asks(&told, "192.0.2.1", &forwarded).await;
    assert!(!is_noticed(&turnout).await, "somebody said so");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_it_until_the_program_starts_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/turnout.db", folder.path().display());
    let turnout = TestTurnout::at(&url).await;
    notice::proxy_seen(&turnout.ctx).await.expect("a write");
    turnout.ctx.store.close().await;
    let given = [("TURNOUT_DATABASE_URL", url.as_str())];
    let doctor = || tokio::task::block_in_place(|| run(folder.path(), &["doctor"], &given)).out;
    let said = doctor();
    assert!(said.contains("Mind that requests come through a proxy on another machine"), "{said}");
    assert!(said.contains("ROCKET_IP_HEADER") && said.contains("rules hold"), "{said}");
    let server = Server::start(&url, folder.path()).await;
    server.get("/", &[]).await.expect("an answer");
    assert!(!doctor().contains("ROCKET_IP_HEADER"));
    server.kill();
}
