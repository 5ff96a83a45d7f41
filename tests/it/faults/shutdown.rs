//! SIGTERM, at a bad moment.

use std::time::{Duration, Instant};

use sqlx::Connection as _;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::support::{
    TestTurnout,
    mail_server::{MailServer, Manners},
    plan::request,
    server::Server,
};
use turnout::{
    actions::booking::book_places::book_places,
    clock::{Clock as _, SystemClock},
    domain::{audit::Actor, occupancy::TeamPolicy::Together},
};

/// Thousands of people whom nobody has recognised yet, as an import brings them.
async fn import_many(turnout: &TestTurnout) {
    let many = "with recursive n (i) as (select 2 union all select i + 1 from n where i < 8000)
        insert into places (id, registration, session, number, name, email, state, changed_at, changed_by)
        select randomblob(16), p.registration, p.session, n.i, 'Person ' || n.i,
               'person' || n.i || '@example.org', 'confirmed', p.changed_at, p.changed_by
        from n, (select * from places limit 1) p";
    let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await.expect("SQLite");
    sqlx::query(many).execute(&mut conn).await.expect("people");
    conn.close().await.expect("an end");
}

async fn recognised(turnout: &TestTurnout) -> i64 {
    let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await.expect("SQLite");
    let count = sqlx::query_scalar("select count(*) from places where person is not null");
    count.fetch_one(&mut conn).await.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_within_five_seconds_whatever_it_does_and_nothing_is_lost() {
    let turnout = TestTurnout::on_sqlite().await.season().await.by_the_real_clock();
    let starts = SystemClock.now().naive_utc() + chrono::Duration::days(28);
    let code = turnout.plan("S1", "first", 9000, |session| {
        session.sittings = vec![turnout.sitting(1, starts)];
    });
    let code = code.await;
    for number in 0..40 {
        let asked = request(&code, &format!("Leader {number}"), 1, Together);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
    import_many(&turnout).await;
    let before = recognised(&turnout).await;
    // Each letter takes a while, and this one never ends.
    let mail =
        MailServer::start(Manners { pace: Duration::from_secs(20), ..Manners::default() }).await;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("TURNOUT_MAIL", mail.url.as_str()), ("TURNOUT_MAIL_CONNECTIONS", "4")];
    let server = Server::start_with(&turnout.url, folder.path(), &settings).await;
    let mut slow = TcpStream::connect(("127.0.0.1", server.port())).await.expect("a connection");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: half a request").await.expect("half");
    while recognised(&turnout).await == before {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    let status = server.terminate(Duration::from_secs(20)).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(status.success(), "{status}");
    assert!(recognised(&turnout).await < 8000, "there was more to do");
    drop(slow);

    // What was on its way is sent again at worst; nothing is lost.
    let mail = MailServer::start(Manners::default()).await;
    let transport = turnout::mail::Transport::from_url(&mail.url, 4).expect("a transport");
    let later = turnout::clock::FixedClock::at(SystemClock.now() + chrono::Duration::minutes(10));
    let ctx = turnout::actions::ActionContext {
        clock: std::sync::Arc::new(later),
        ..turnout.ctx.clone()
    };
    let sent =
        turnout::actions::letters::deliver_letters::deliver_due(&ctx, transport.into()).await;
    sent.expect("a delivery");
    let taken = mail.taken();
    for number in 0..40 {
        let reader = format!("leader.{number}@example.org");
        assert!(taken.iter().any(|one| one.to == reader), "nothing for {reader}");
    }
}
