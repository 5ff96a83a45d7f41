//! Places that were given up, for organisers who want to hear of it.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::id::{SessionCode, StaffLogin};

/// Given up by whoever had the place, or led the booking: what the office cancels, it knows.
macro_rules! given_up {
    ($within:literal) => {
        concat!(
            "select p.session, p.name
             from (select distinct t.session from sittings t where t.ends_at > $2) c
             join sessions s on s.code = c.session join places p on p.session = s.code
             where s.publication = 'published' and p.state = 'cancelled' and not p.superseded
               and p.changed_by in ('leader', 'attendee', 'calendar')
               and p.changed_at > $1 and p.changed_at <= $2",
            $within,
            " order by p.session, p.changed_at, p.number"
        )
    };
}

#[cfg(test)]
const ONCE_A_DAY: &str = "asked once a day, about all sessions to come";

statements! {
    WANTED: (String, DateTime<Utc>) =
        "select login, withdrawals_since from staff
         where withdrawals_since is not null and disabled_at is null order by login";

    SINCE: Option<DateTime<Utc>> = "select withdrawals_since from staff where login = $1";

    SET = "update staff set withdrawals_since = $2 where login = $1";

    TELL =
        "update staff set withdrawals_since = $3 where login = $1 and withdrawals_since = $2";

    GIVEN_UP: (String, Option<String>) = given_up!(""), reads_all: ONCE_A_DAY;

    OWN_GIVEN_UP: (String, Option<String>) = given_up!(
        " and s.alliance in (select a.alliance from staff_alliances a where a.login = $3)"
    ), reads_all: ONCE_A_DAY;
}

/// The accounts that want to hear of them, each with the moment until which it was told.
pub async fn wanted(conn: &mut Conn) -> Result<Vec<(StaffLogin, DateTime<Utc>)>, StoreError> {
    let rows = WANTED.all(conn, ()).await?;
    rows.into_iter().map(|(login, at)| Ok((parse("staff", "login", &login, &login)?, at))).collect()
}

/// Whether an account wants to hear of them.
pub async fn is_wanted(conn: &mut Conn, login: &StaffLogin) -> Result<bool, StoreError> {
    let since = SINCE.optional_value(conn, [login.as_str()]).await?;
    Ok(since.flatten().is_some())
}

/// Writes whether an account wants to hear of them: from a moment on, or not.
pub async fn set_wanted(
    tx: &mut Tx,
    login: &StaffLogin,
    since: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    SET.run(tx, (login.as_str(), since)).await?;
    Ok(())
}

/// Writes that an account that was told until `since` is told until `now`; `false` if it was already,
/// by whichever node.
pub async fn mark_told(
    tx: &mut Tx,
    login: &StaffLogin,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(TELL.run(tx, (login.as_str(), since, now)).await? == 1)
}

/// The places given up between two moments on sessions that are not over, by session: who had them.
/// With `within`, only of that organiser's alliances.
pub async fn given_up(
    conn: &mut Conn,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    within: Option<&StaffLogin>,
) -> Result<Vec<(SessionCode, Vec<Option<String>>)>, StoreError> {
    let rows = match within {
        Some(login) => OWN_GIVEN_UP.all(conn, (since, until, login.as_str())).await?,
        None => GIVEN_UP.all(conn, (since, until)).await?,
    };
    let mut all: Vec<(SessionCode, Vec<Option<String>>)> = Vec::new();
    for (code, name) in rows {
        let code = parse("places", "session", &code, &code)?;
        match all.last_mut() {
            Some((known, names)) if *known == code => names.push(name),
            _ => all.push((code, vec![name])),
        }
    }
    Ok(all)
}
