//! Booking on real databases: loading, holding, and what is erased.

use chrono::Duration;
use turnout::{
    actions::{
        booking::{
            book_places::confirm_booking,
            cancel_places::{Which, cancel_places},
            hold_places::{HoldRequest, hold_places},
            refusals::HoldError,
        },
        places::settle::settle_all,
        retention::erase_due::erase_due,
    },
    cli::import,
    domain::{
        audit::Actor,
        occupancy::TeamPolicy,
        registration::{Leader, Sender},
        text::Name,
    },
    store::{outbox, sessions},
};

use crate::support::TestTurnout;

fn leader(name: &str) -> Leader {
    let email = "leader@example.org".parse().expect("an address");
    Leader { name: Name::parse(name).expect("a name"), email: Some(email), phone: None }
}

async fn sample(turnout: &TestTurnout) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    import::sample::write_sample(folder.path()).expect("the sample");
    import::import(&turnout.ctx, folder.path(), 0).await.expect("an import");
    folder
}

async fn occupancy(turnout: &TestTurnout, code: &str) -> (u32, u32) {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let code = code.parse().expect("a code");
    let session = sessions::find(&mut conn, &code).await.expect("a read").expect("a session");
    (session.occupancy.occupied, session.occupancy.capacity)
}

async fn loading_the_same_files_again_changes_nothing(turnout: TestTurnout) {
    let folder = sample(&turnout).await;
    let again = import::import(&turnout.ctx, folder.path(), 0).await.expect("an import");
    assert_eq!((again.sessions.new, again.registrations.new, again.places), (0, 0, 0));
    assert_eq!((again.sessions.known, again.registrations.known), (32, 96));
}

async fn a_hold_is_booked_once_or_runs_out(turnout: TestTurnout) {
    let _folder = sample(&turnout).await;
    let ctx = &turnout.ctx;
    let request = || HoldRequest {
        session: "S016".parse().expect("a code"),
        leader: leader("Ruth Okafor"),
        sender: Sender::Herself,
        team: TeamPolicy::Together,
        places: 6,
        leader_comes: true,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    let (before, _) = occupancy(&turnout, "S016").await;
    let held = hold_places(ctx, request()).await.expect("a hold");
    assert_eq!(occupancy(&turnout, "S016").await.0, before + 6);
    turnout.clock.advance(Duration::minutes(16));
    assert_eq!(settle_all(ctx).await.expect("a sweep").holds, 6);
    assert_eq!(occupancy(&turnout, "S016").await.0, before);
    assert!(confirm_booking(ctx, held.registration, None).await.is_err());

    let held = hold_places(ctx, request()).await.expect("a hold");
    let letters = || async {
        let mut conn = ctx.store.read().await.expect("a connection");
        outbox::waiting(&mut conn).await.expect("a count")
    };
    let before_letters = letters().await;
    let one = confirm_booking(ctx, held.registration, None).await.expect("a booking");
    let two = confirm_booking(ctx, held.registration, None).await.expect("the same");
    assert_eq!(one.reference, two.reference);
    assert!(letters().await > before_letters);
    let refused = hold_places(ctx, HoldRequest { places: 7, ..request() }).await;
    assert!(matches!(refused, Err(HoldError::WrongNumber { most: 6 })));
    cancel_places(ctx, &Actor::Leader, held.registration, Which::All, None)
        .await
        .expect("a cancel");
    assert_eq!(occupancy(&turnout, "S016").await.0, before);
}

async fn needs_are_erased_thirty_days_after_the_last_day(turnout: TestTurnout) {
    let _folder = sample(&turnout).await;
    assert_eq!(erase_due(&turnout.ctx).await.expect("nothing to erase yet"), 0);
    turnout.clock.advance(Duration::days(400));
    assert!(erase_due(&turnout.ctx).await.expect("an erasure") > 0);
    assert_eq!(erase_due(&turnout.ctx).await.expect("nothing left"), 0);
}

on_both_databases!(
    loading_the_same_files_again_changes_nothing,
    a_hold_is_booked_once_or_runs_out,
    needs_are_erased_thirty_days_after_the_last_day,
);
