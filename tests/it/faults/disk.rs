//! A disk that is full, refuses writes for a while, or is mounted read-only.

use rocket::{http::Status, local::asynchronous::Client};

use super::{asked, book};
use crate::support::{TestTurnout, browser::post, program, small_disk::SmallDisk, web::client};

/// A form that holds a place.
const HOLD: &str = "places=1&self=yes&name=Cy+Dunn&email=cy%40example.org&institution=none";

/// Readiness says what is so: no booking goes through, pages are read, and the program lives.
async fn nothing_can_be_written(client: &Client) {
    let (status, body) = book(client, "S1", "Ben Low").await;
    assert_eq!(status, Status::ServiceUnavailable, "{body}");
    assert_eq!(body["type"], "https://turnout.example/api/v1/problems/unavailable");
    let (status, text) = asked(client, "/health/ready").await;
    assert_eq!(status, Status::ServiceUnavailable);
    assert_eq!(text, "not ready. The database: it can be read, it cannot be written.");
    assert_eq!(asked(client, "/health/live").await.0, Status::Ok);
    let (status, page) = post(client, "/sessions/S1/register", HOLD).await;
    assert_eq!(status, Status::ServiceUnavailable);
    assert!(page.contains("Nothing was booked"), "{page}");
    assert_eq!(asked(client, "/sessions/S1").await.0, Status::Ok, "reading goes on");
}

async fn all_is_well(client: &Client, who: &str) {
    let (status, body) = book(client, "S1", who).await;
    assert_eq!(status, Status::Created, "{body}");
    assert_eq!(asked(client, "/health/ready").await, (Status::Ok, "ready".to_owned()));
}

async fn open_in(disk: &SmallDisk) -> (TestTurnout, Client) {
    let turnout = TestTurnout::on_sqlite_in(disk.path()).await.season().await;
    turnout.plan("S1", "first", 2000, |_| {}).await;
    let client = client(&turnout).await;
    all_is_well(&client, "Ada Obi").await;
    (turnout, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_full_disk_has_room_again_the_next_booking_succeeds() {
    // The log may take twelve of them, and the last look moves it into the database.
    let Some(disk) = SmallDisk::new(24) else { return };
    let (turnout, client) = open_in(&disk).await;
    for round in 0..3 {
        disk.fill(0);
        // Now and then SQLite begins its log anew and has room once more: readiness knows.
        for number in 0.. {
            assert!(number < 500, "the disk does not fill");
            let (status, body) = book(&client, "S1", &format!("Leader {number}")).await;
            if status != Status::Created {
                assert_eq!(status, Status::ServiceUnavailable, "{body}");
                // A hold writes less than a booking, and may still fit where that did not.
                let held = post(&client, "/sessions/S1/register", HOLD).await.0;
                if held != Status::SeeOther && asked(&client, "/health/ready").await.0 != Status::Ok
                {
                    break;
                }
            }
        }
        nothing_can_be_written(&client).await;
        disk.make_room();
        all_is_well(&client, &format!("Eve Tan {round}")).await;
    }
    turnout.is_sound().await;
}

/// Whoever shares a commit with others is told of it what happened, wherever the disk ends.
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_on_a_disk_that_fills_are_each_told_the_truth() {
    let Some(disk) = SmallDisk::new(24) else { return };
    let (turnout, client) = open_in(&disk).await;
    let mut told = 1;
    for room in [0, 8, 24, 80, 200, 400] {
        disk.fill(room);
        for round in 0..3 {
            let people: Vec<_> =
                (0..12).map(|number| format!("Leader {room} {round} {number}")).collect();
            let all = people.iter().map(|who| book(&client, "S1", who));
            for (status, body) in futures_util::future::join_all(all).await {
                assert!([201, 503].contains(&status.code), "{body}");
                told += usize::from(status == Status::Created);
            }
        }
        disk.make_room();
        all_is_well(&client, &format!("Eve Tan {room}")).await;
        told += 1;
        let occupied = turnout.session(&"S1".parse().expect("a code")).await.occupancy.occupied;
        assert_eq!(occupied as usize, told, "with {room} kilobytes left");
    }
    turnout.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_refuses_writes_for_a_while_costs_no_restart() {
    let Some(disk) = SmallDisk::formatted() else { return };
    let (turnout, client) = open_in(&disk).await;
    for round in 0..2 {
        disk.refuse(true);
        nothing_can_be_written(&client).await;
        nothing_can_be_written(&client).await;
        disk.refuse(false);
        all_is_well(&client, &format!("Eve Tan {round}")).await;
    }
    turnout.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_disk_that_is_read_only_the_server_does_not_start_and_says_so_in_a_line() {
    let Some(disk) = SmallDisk::new(8) else { return };
    let turnout = TestTurnout::on_sqlite_in(disk.path()).await;
    turnout.ctx.store.close().await;
    disk.becomes_read_only();
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("TURNOUT_DATABASE_URL", turnout.url.as_str()), ("ROCKET_PORT", "0")];
    let said = program::run(folder.path(), &["serve"], &settings);
    assert!(!said.ok);
    assert_eq!(said.err.trim_end().lines().count(), 1, "{}", said.err);
    assert!(said.err.contains("TURNOUT_DATABASE_URL"), "{}", said.err);
    assert!(said.err.contains("unable to open database file"), "{}", said.err);
}
