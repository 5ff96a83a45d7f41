//! Times of the log, of letters and of somebody's own history, where alliances live by different clocks: each
//! reader by the clock of her own, named; and what belongs to a session by that of the session.

use std::sync::Arc;

use chrono_tz::{America::New_York, Europe::London};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        alliance::Alliance, audit::Actor, occupancy::TeamPolicy, sitting::instants, staff::Role,
    },
    store::catalogue,
};

use crate::support::{TestTurnout, browser::page, plan::request};

on_both_databases!(each_reader_is_told_the_time_by_her_own_clock_and_by_name);

async fn each_reader_is_told_the_time_by_her_own_clock_and_by_name(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    // It comes first by name, so that whoever takes the first would take it.
    let bronx = Alliance {
        slug: "bronx".parse().expect("a slug"),
        name: "Bronx".to_owned(),
        time_zone: New_York,
        contact_email: "bronx@example.org".parse().expect("an address"),
        words: Default::default(),
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &bronx).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    turnout.plan("S1", "first", 9, |_| {}).await;
    turnout
        .plan("S2", "first", 9, |session| {
            session.alliance = Arc::new(bronx);
            for day in &mut session.sittings {
                let at = instants(day.starts, day.ends, New_York).expect("a morning there");
                (day.zone, (day.starts_at, day.ends_at)) = (New_York, at);
            }
        })
        .await;
    for code in ["S1", "S2"] {
        let one = request(&code.parse().expect("a code"), "Ada Obi", 1, TeamPolicy::Together);
        book_places(&turnout.ctx, &Actor::Api, one).await.expect("a booking");
    }
    turnout.letters().await;
    for (login, role, alliances) in [
        ("olga", Role::Organiser, vec!["oxford"]),
        ("nina", Role::Organiser, vec!["bronx"]),
        ("adam", Role::Administrator, vec![]),
    ] {
        turnout.account(login, role, &alliances).await;
    }
    // Ten in the morning in London is five in New York.
    let (london, new_york) = ("2 Jan 2027, 10am, London time", "2 Jan 2027, 5am, New York time");
    assert_eq!(London.name(), "Europe/London");
    for (login, here, elsewhere) in [("olga", london, new_york), ("nina", new_york, london)] {
        let browser = turnout.signed_in(&login.parse().expect("a login")).await;
        for path in ["/account", "/office/audit", "/office/letters?progress=sent"] {
            let shown = page(&browser, path).await;
            assert!(shown.contains(here), "{path} to {login}: {shown}");
            assert!(!shown.contains(elsewhere), "{path} to {login}: {shown}");
        }
    }
    let browser = turnout.signed_in(&"adam".parse().expect("a login")).await;
    for path in ["/office/audit", "/office/letters?progress=sent"] {
        let shown = page(&browser, path).await;
        assert!(shown.contains(london) && shown.contains(new_york), "{path}: {shown}");
    }
    let own = page(&browser, "/account").await;
    assert!(own.contains("2 Jan 2027, 10am, UTC"), "{own}");
}
