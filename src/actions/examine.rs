//! Looking for what must never be: the database's own rules, the waiting list's, and the clocks'.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration};

use super::{
    ActionContext,
    calendars::{days::Days, stamp::unstamped},
    places::settle,
};
use crate::{
    domain::{
        difference::CalendarStep, place::Place, registration::Registration, session::Session,
        sitting::instants, stamp::Stamped,
    },
    store::{
        Conn, StoreError, announcements, asked_retention,
        doctor::{self, Finding},
        invitations, registrations, retention, sessions, stamps, stored_values,
    },
};

/// Everything that must always hold and does not.
pub async fn examine(ctx: &ActionContext) -> Result<Vec<Finding>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let mut found = doctor::findings(&mut conn).await?;
    found.extend(stored_values::unusable(&mut conn).await?);
    let every = sessions::ending_after(&mut conn, DateTime::UNIX_EPOCH).await?;
    for session in &every {
        found.extend(untold(ctx, &mut conn, session).await?);
        let unstamped = unstamped(ctx, &mut conn, session).await?;
        let known = stamps::of_session(&mut conn, &session.code).await?;
        let is_known = |one: &&Stamped| {
            known.get(&one.sitting).is_some_and(|before| before.rendered.is_some())
        };
        found.extend(unstamped.iter().filter(is_known).map(|_| Finding {
            rule: "the stamps of what feeds show are of what they show",
            row: session.code.to_string(),
        }));
    }
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
    let mut conn = ctx.store.read().await?;
    let (rules, now) = (ctx.controller.retention, ctx.now());
    let mut overdue = retention::overdue(&mut conn, rules, now).await?;
    overdue.extend(asked_retention::overdue(&mut conn, rules, now).await?);
    drop(conn);
    found.extend(overdue.into_iter().map(|row| Finding {
        rule: "nothing about people is kept longer than the privacy page says",
        row,
    }));
    for code in settle::unsettled(ctx).await? {
        found.push(Finding {
            rule: "nothing has run out, and nobody waits while a free place fits",
            row: code.to_string(),
        });
    }
    Ok(found)
}

/// The people of a session to come whose calendars were told something else than is true (C7), but
/// for those who are being told right now.
async fn untold(
    ctx: &ActionContext,
    conn: &mut Conn,
    session: &Session,
) -> Result<Vec<Finding>, StoreError> {
    if session.ends_at().is_none_or(|end| end <= ctx.now()) {
        return Ok(Vec::new());
    }
    let telling = announcements::being_told(conn, &session.code).await?;
    let mut registrations = registrations::of_session(conn, &session.code).await?;
    registrations.retain(|one| !telling.contains(&one.id));
    let stored = invitations::live_of_session(conn, &session.code).await?;
    let days = Days::read(ctx, conn, session, stored.values().flatten()).await?;
    let steps = days.untold(&registrations, &stored);
    // What an invite from before this was kept says of its day cannot be compared.
    let is_known = |step: &CalendarStep| !matches!(step, CalendarStep::Update { invitation, .. } if invitation.mark.is_none());
    let places: BTreeSet<_> =
        steps.iter().filter(|one| is_known(one)).map(CalendarStep::place).collect();
    let of_booking = |one: &Registration| {
        let hers = one.places.iter().filter(|place| places.contains(&place.id));
        let row = |place: &Place| Finding {
            rule: "calendars were told who comes, when and where, as it is now",
            row: format!("{} place {}", one.reference, place.number),
        };
        hers.map(row).collect::<Vec<_>>()
    };
    Ok(registrations.iter().flat_map(of_booking).collect())
}

/// How many rules are looked at.
pub const fn rules() -> usize {
    doctor::rules() + stored_values::RULES + 6
}
