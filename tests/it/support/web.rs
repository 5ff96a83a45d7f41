//! The site itself, asked without a network.

use std::sync::Arc;

use rocket::{Build, Rocket, fairing::AdHoc, local::asynchronous::Client};
use turnout::web::{self, Desk, DeskParts, page::Office};

use super::TestTurnout;

/// The whole site on a test's database, asked by somebody who keeps no cookies.
pub async fn client(turnout: &TestTurnout) -> Client {
    Client::untracked(site(turnout)).await.expect("a server")
}

/// The same as a browser sees it: it keeps cookies.
pub async fn browser(turnout: &TestTurnout) -> Client {
    Client::tracked(site(turnout)).await.expect("a server")
}

/// The whole site on a test's database.
pub fn site(turnout: &TestTurnout) -> Rocket<Build> {
    let figment = turnout::config::Config::figment()
        .merge(("log_level", "off"))
        .merge(("port", 0))
        .merge(("shutdown.ctrlc", false))
        .merge(("limits.form", "64 KiB"))
        .merge(("secret_key", "0707070707070707070707070707070707070707070707070707070707070707"));
    let office =
        Office { phone: "020 7946 0142".to_owned(), email: "office@example.org".to_owned() };
    let limits = Some(Arc::default());
    let desk = Desk::new(DeskParts {
        ctx: turnout.ctx.clone(),
        office,
        demo_mailbox: None,
        limits,
        answers: Arc::default(),
    });
    web::rocket(figment, desk)
}

/// The whole site on a port of this machine, by the test's clock, for programs that need a network.
/// Ends with the test.
pub async fn serve(turnout: &TestTurnout) -> String {
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = std::sync::Mutex::new(Some(tell));
    let announce = AdHoc::on_liftoff("announce the port", move |rocket| {
        Box::pin(async move {
            let port = rocket.config().port;
            let tell = tell.lock().ok().and_then(|mut tell| tell.take());
            tell.expect("one liftoff").send(port).expect("somebody listens");
        })
    });
    tokio::spawn(site(turnout).attach(announce).launch());
    format!("http://127.0.0.1:{}", told.await.expect("a port"))
}
