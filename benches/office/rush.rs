//! How long others wait while a session of 1,000 people is called off.

use std::time::Instant;

use turnout::{
    actions::{
        ActionContext,
        sessions::change_session::{ChangeSessionError, cancel_session},
    },
    domain::{audit::Actor, id::SessionCode},
    store::session_lock,
};

/// Cancels the session `HOT`, while somebody else keeps asking for its lock, which on SQLite is the
/// one writer's. In words; `None` where there is no such session any more.
pub async fn cancel(ctx: &ActionContext) -> Option<String> {
    let hot: SessionCode = "HOT".parse().expect("a code");
    let began = Instant::now();
    let (code, own) = (hot.clone(), ctx.clone());
    let cancelling =
        tokio::spawn(
            async move { cancel_session(&own, &Actor::CommandLine, &code, None, None).await },
        );
    let mut longest = 0.0_f64;
    while !cancelling.is_finished() {
        let asked = Instant::now();
        let mut tx = ctx.store.begin().await.expect("a transaction");
        session_lock::lock(&mut tx, &hot).await.expect("a lock");
        longest = longest.max(asked.elapsed().as_secs_f64() * 1000.0);
        drop(tx);
        tokio::task::yield_now().await;
    }
    let took = began.elapsed();
    match cancelling.await.expect("no panic") {
        Ok(told) => Some(format!(
            "cancelled a session of {} people in {took:.1?}; others waited {longest:.0} ms at most",
            told.people
        )),
        Err(ChangeSessionError::NoSuchSession | ChangeSessionError::TooLate) => None,
        Err(error) => panic!("{error}"),
    }
}
