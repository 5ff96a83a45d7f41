//! The list of venues, what is held where, and single days elsewhere come out as files and go in again elsewhere.

use std::fs;

use turnout::{
    cli::{
        export::{Export, export},
        import,
    },
    domain::{
        sitting::DayPlace,
        text::Name,
        venue::{Venue, VenueContact},
    },
    store::venues,
};

use crate::support::TestTurnout;

on_both_databases!(venues_and_single_days_elsewhere_come_back_as_they_were);

fn hall(id: &str, name: &str) -> Venue {
    Venue {
        id: id.parse().expect("a number"),
        name: name.to_owned(),
        address: "1 High St".to_owned(),
        alliance: "oxford".parse().ok(),
        access_notes: Some("A ramp, and a lift.".to_owned()),
        directions: Some("Bus 5, then \"left\".".to_owned()),
        capacity: Some(80),
        contact: VenueContact {
            name: Name::parse("The caretaker").ok(),
            phone: "020 7946 0199".parse().ok(),
            email: "hall@example.org".parse().ok(),
        },
        cost: Some("\u{a3}90 a day".to_owned()),
        hire_notes: Some("Ask four weeks ahead.".to_owned()),
    }
}

async fn venues_and_single_days_elsewhere_come_back_as_they_were(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    for (venue, gone) in
        [(hall("V001", "St Aidan's Hall"), false), (hall("V002", "Town Hall"), true)]
    {
        venues::insert(&mut tx, &venue).await.expect("a venue");
        venues::update(&mut tx, &venue, gone.then(|| turnout.ctx.now())).await.expect("archived");
    }
    tx.commit().await.expect("a commit");
    let code = turnout
        .plan("S1", "first", 9, |one| {
            one.venue = "V001".parse().ok();
            let next = one.sittings[0].starts + chrono::Duration::days(7);
            one.sittings.push(turnout.sitting(2, next));
            let place = DayPlace {
                venue: "V002".parse().ok(),
                name: "Town Hall".to_owned(),
                address: "1 High St".to_owned(),
            };
            one.sittings[1].place = Some(place);
        })
        .await;
    let folder = tempfile::tempdir().expect("a folder");
    let first = folder.path().join("first");
    export(&turnout.ctx, &Export::all(first.clone())).await.expect("an export");
    let other = match turnout.url.starts_with("sqlite") {
        true => Some(TestTurnout::on_sqlite().await),
        false => TestTurnout::on_postgres().await,
    };
    let Some(other) = other else { return };
    let report = import::import(&other.ctx, &first, 0).await.expect("an import");
    assert_eq!((report.venues.new, report.sessions.new), (2, 1), "{report}");
    let there = other.session(&code).await;
    assert_eq!(there.venue.as_ref().map(ToString::to_string).as_deref(), Some("V001"));
    assert_eq!(there.sittings[1].place, turnout.session(&code).await.sittings[1].place);
    assert_eq!(there.sittings[0].place, None);
    let mut conn = other.ctx.store.read().await.expect("a connection");
    let all = venues::all(&mut conn).await.expect("venues");
    assert_eq!(all[0].0, hall("V001", "St Aidan's Hall"));
    assert!(all[1].1.is_some(), "the one that was archived is");
    drop(conn);
    let second = folder.path().join("second");
    export(&other.ctx, &Export::all(second.clone())).await.expect("an export");
    for file in ["venues.csv", "sessions.csv", "sittings.csv"] {
        let read = |dir: &std::path::Path| fs::read_to_string(dir.join(file)).expect("a file");
        assert_eq!(read(&first), read(&second), "{file}");
    }
    let again = import::import(&turnout.ctx, &first, 0).await.expect("an import");
    assert_eq!((again.venues.new, again.venues.changed.len()), (0, 0), "{again}");
    assert_eq!(again.sessions.changed.len(), 0, "{again}");
}
