//! The two lists that are longer than anybody pages through: what their pages say when they are cut, and only then.

use rocket::http::Status;
use turnout::domain::staff::Role;

use crate::support::{TestTurnout, browser::page};

on_both_databases!(
    a_log_of_more_than_50_000_lines_says_that_it_is_cut_and_how_to_look_further,
    more_than_100_000_letters_are_counted_no_further_and_say_so,
);

/// Runs what each database calls it.
async fn write(turnout: &TestTurnout, sqlite: &'static str, postgres: &'static str) {
    turnout.write(if turnout.url.starts_with("sqlite") { sqlite } else { postgres }).await;
}

async fn a_log_of_more_than_50_000_lines_says_that_it_is_cut_and_how_to_look_further(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    const CUT: &str = "These are the latest 50,000. To look further back, say until which day.";
    assert!(!page(&office, "/office/audit").await.contains(CUT));
    write(
        &turnout,
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50001)
         insert into audit_events (id, at, actor, action)
         select randomblob(16), '2026-12-01T10:00:00.000000Z', 'job', 'letters-resent' from n",
        "insert into audit_events (id, at, actor, action)
         select gen_random_uuid(), '2026-12-01T10:00:00Z', 'job', 'letters-resent'
         from generate_series(1, 50001)",
    )
    .await;
    let html = page(&office, "/office/audit").await;
    assert!(html.contains(CUT) && html.contains("Page 1 of 1000"), "{html}");
    assert!(page(&office, "/office/audit?page=1000").await.contains(CUT));
    let past = office.get("/office/audit?page=1001").dispatch().await;
    assert_eq!(past.status(), Status::NotFound);
    // Further back there is less, and nothing is cut.
    let html = page(&office, "/office/audit?until=2026-11-30").await;
    assert!(!html.contains(CUT), "{html}");
}

async fn more_than_100_000_letters_are_counted_no_further_and_say_so(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let organiser = turnout.signed_in(&login).await;
    const SENT: &str = "/office/letters?progress=sent";
    const CUT: &str =
        "These are the latest 100,000. Older ones stand on the page of their booking.";
    assert!(!page(&office, SENT).await.contains(CUT));
    write(
        &turnout,
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100001)
         insert into outbox (id, kind, to_address, subject, text_body, html_body, position,
             created_at, due_at, sent_at)
         select randomblob(16), 'message', 'a@example.org', 'S', 'T', 'H', i,
             '2026-12-01T10:00:00.000000Z', '2026-12-01T10:00:00.000000Z',
             '2026-12-01T10:00:01.000000Z' from n",
        "insert into outbox (id, kind, to_address, subject, text_body, html_body, position,
             created_at, due_at, sent_at)
         select gen_random_uuid(), 'message', 'a@example.org', 'S', 'T', 'H', i,
             '2026-12-01T10:00:00Z', '2026-12-01T10:00:00Z', '2026-12-01T10:00:01Z'
         from generate_series(1, 100001) as i",
    )
    .await;
    let html = page(&office, SENT).await;
    assert!(html.contains(CUT) && html.contains("100,000 and more"), "{html}");
    assert!(html.contains("Page 1 of 2000"), "{html}");
    assert!(page(&office, &format!("{SENT}&page=2000")).await.contains(CUT));
    let past = office.get(format!("{SENT}&page=2001")).dispatch().await;
    assert_eq!(past.status(), Status::NotFound);
    // None of them is about a session of hers: nothing is cut for her.
    let html = page(&organiser, SENT).await;
    assert!(!html.contains(CUT) && !html.contains("100,000 and more"), "{html}");
}
