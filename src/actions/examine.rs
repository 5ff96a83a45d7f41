//! Looking for what must never be: the database's own rules, the waiting list's, and the clocks'.

use chrono::{DateTime, Duration};

use super::{ActionContext, places::settle};
use crate::{
    domain::sitting::instants,
    store::{
        StoreError, announcements,
        doctor::{self, Finding},
        sessions,
    },
};

/// Everything that must always hold and does not.
pub async fn examine(ctx: &ActionContext) -> Result<Vec<Finding>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let mut found = doctor::findings(&mut conn).await?;
    let every = sessions::ending_after(&mut conn, DateTime::UNIX_EPOCH).await?;
    let late = announcements::left_untold(&mut conn, ctx.now() - Duration::hours(1)).await?;
    drop(conn);
    found.extend(late.into_iter().map(|(_, code)| Finding {
        rule: "everybody of a session is told within an hour what happened to it",
        row: code.to_string(),
    }));
    // Instants are derived from wall times: a new time zone database may move them (C6).
    for session in &every {
        for sitting in &session.sittings {
            let derived = instants(sitting.starts, sitting.ends, sitting.zone);
            if derived != Ok((sitting.starts_at, sitting.ends_at)) {
                found.push(Finding {
                    rule: "a sitting's instants are those of its wall time",
                    row: format!("{} day {}", session.code, sitting.number),
                });
            }
        }
    }
    for code in settle::unsettled(ctx).await? {
        found.push(Finding {
            rule: "nothing has run out, and nobody waits while a free place fits",
            row: code.to_string(),
        });
    }
    Ok(found)
}

/// How many rules are looked at.
pub const fn rules() -> usize {
    doctor::rules() + 3
}
