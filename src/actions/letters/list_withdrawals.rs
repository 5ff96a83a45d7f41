//! A letter a day about places that were given up, to organisers who want it (T5): one, not one each.

use chrono::{DateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::StaffLogin,
        letter::LetterKind,
        permission::{Permission, allows_everywhere},
        staff::StaffMember,
        wording,
    },
    mail::letters::{self, GivenUp},
    store::{StoreError, catalogue, outbox::About, sessions, staff, withdrawals},
};

/// The hour of the day, by the clock of her alliance, from which the letter comes.
fn breakfast() -> NaiveTime {
    NaiveTime::from_hms_opt(7, 0, 0).unwrap_or_default()
}

/// Says whether somebody wants the letter.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn want_withdrawals(
    ctx: &ActionContext,
    login: &StaffLogin,
    wants: bool,
) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    if withdrawals::is_wanted(&mut tx, login).await? == wants {
        return Ok(());
    }
    withdrawals::set_wanted(&mut tx, login, wants.then(|| ctx.now())).await?;
    let detail =
        Some(format!("{login}: letters about withdrawals {}", if wants { "on" } else { "off" }));
    let (actor, action) = (Actor::Staff(login.clone()), AuditAction::AccountChanged);
    record(ctx, &mut tx, &actor, action, Subject::default(), detail).await?;
    tx.commit().await
}

/// Writes the letters that are due; how many. A day on which nobody withdrew has none.
///
/// # Errors
/// [`StoreError`]; what was written before stays written.
pub async fn list_withdrawals(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut conn = ctx.store.read().await?;
    let wanted = withdrawals::wanted(&mut conn).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let mut due = Vec::new();
    for (login, since) in wanted {
        let Some(member) = staff::find(&mut conn, &login).await? else { continue };
        if is_due(since, ctx.now(), member.zone(&alliances)) {
            due.push((member, since));
        }
    }
    drop(conn);
    let mut letters = 0;
    for (member, since) in due {
        letters += usize::from(list(ctx, &member, since, member.zone(&alliances)).await?);
    }
    Ok(letters)
}

/// Whether it was breakfast since.
fn is_due(since: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> bool {
    let today = now.with_timezone(&zone).date_naive().and_time(breakfast());
    let today = zone.from_local_datetime(&today).earliest().map(|at| at.to_utc());
    today.is_some_and(|at| since < at && at <= now)
}

async fn list(
    ctx: &ActionContext,
    member: &StaffMember,
    since: DateTime<Utc>,
    zone: Tz,
) -> Result<bool, StoreError> {
    let now = ctx.now();
    let mut tx = ctx.store.begin().await?;
    if !withdrawals::mark_told(&mut tx, &member.login, since, now).await? {
        return Ok(false);
    }
    let everywhere = allows_everywhere(member, Permission::ManageBookings);
    let within = (!everywhere).then_some(&member.login);
    let mut sessions_of = Vec::new();
    for (code, names) in withdrawals::given_up(&mut tx, (since, now), within).await? {
        let Some(session) = sessions::find(&mut tx, &code).await? else { continue };
        sessions_of.push(GivenUp {
            url: format!("{}/office/sessions/{code}", ctx.letterhead.base_url),
            title: session.course.title.clone(),
            days: wording::days(&session),
            names,
            taken: session.occupancy.occupied,
            capacity: session.occupancy.capacity,
        });
    }
    let is_something = !sessions_of.is_empty();
    if is_something {
        let since = wording::moment(since, zone);
        let content =
            letters::withdrawals_listed(&ctx.letterhead, &member.name, &since, sessions_of);
        let to = (Some(member.name.clone()), member.email.clone());
        tell(ctx, &mut tx, LetterKind::WithdrawalsListed, to, content, About::default()).await?;
    }
    tx.commit().await?;
    Ok(is_something)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_is_due_once_a_day_at_breakfast() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let due = |since, now, zone| is_due(at(since), at(now), zone);
        let (evening, morning) = ("2027-06-04T20:00:00Z", "2027-06-05T06:00:00Z");
        assert!(due(evening, morning, Tz::Europe__London), "7am in London");
        assert!(!due(evening, "2027-06-05T05:59:00Z", Tz::Europe__London));
        assert!(!due(morning, "2027-06-05T22:00:00Z", Tz::Europe__London), "told this morning");
        assert!(!due(evening, morning, Tz::America__New_York), "2am in New York");
        assert!(due(morning, "2027-06-08T06:00:00Z", Tz::Europe__London), "after some days");
    }
}
