//! The kernel makes a disk read-only underneath a running server, as it does when it finds an error on it.

use serde_json::{Value, json};

use crate::support::{TestTurnout, server::Server, small_disk::SmallDisk};

async fn book(server: &Server, number: usize) -> Option<(u16, Value)> {
    let who = format!("Leader {number}");
    let body =
        json!({"leader": {"name": who, "email": format!("l{number}@example.org")}, "places": [{}]});
    server.book("S1", &format!("{number:026}"), &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_turns_read_only_underneath_costs_no_booking_and_a_restart_mends_it() {
    let Some(disk) = SmallDisk::formatted() else { return };
    let turnout = TestTurnout::on_sqlite_in(disk.path()).await.season().await;
    turnout.plan("S1", "first", 200, |_| {}).await;
    turnout.ctx.store.close().await;
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&turnout.url, folder.path()).await;
    for number in 0..5 {
        assert_eq!(book(&server, number).await.map(|(status, _)| status), Some(201));
    }
    if !disk.fails() {
        return;
    }
    for number in 5..10 {
        let (status, said) = book(&server, number).await.expect("an answer");
        assert_eq!(status, 503, "{said}");
        assert!(
            said["detail"].as_str().is_some_and(|words| words.starts_with("Nothing was booked"))
        );
    }
    assert_eq!(server.get("/", &[]).await.expect("an answer").0, 200, "pages are read");
    let (status, text) = server.get("/health/ready", &[]).await.expect("an answer");
    assert_eq!(
        (status, &*text),
        (503, "not ready. The database: it can be read, it cannot be written.")
    );
    assert_eq!(server.get("/health/live", &[]).await.expect("an answer").0, 200);
    server.kill();
    disk.is_mended();
    let server = Server::start(&turnout.url, folder.path()).await;
    assert_eq!(book(&server, 10).await.map(|(status, _)| status), Some(201));
    server.kill();
    let found = TestTurnout::at(&turnout.url).await;
    let occupied = found.session(&"S1".parse().expect("a code")).await.occupancy.occupied;
    assert_eq!(occupied, 6, "what was answered is there, and nothing else");
    found.is_sound().await;
    found.ctx.store.close().await;
}
