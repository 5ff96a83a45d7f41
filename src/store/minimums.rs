//! Sessions that need a least number of people: whom to remind, and what was decided.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::id::SessionCode;

statements! {
    /// Whoever reminds asks for their own day again: `$1` is the latest that it is anywhere.
    TO_DECIDE: String =
        "select s.code from sessions s
         where s.decide_by <= $1 and s.decide_by is not null and s.decide_told_at is null
           and s.went_ahead_at is null and s.publication = 'published'
           and exists (select 1 from sittings t where t.session = s.code and t.starts_at > $2)";

    MARK_TOLD = "update sessions set decide_told_at = $2 where code = $1 and decide_told_at is null";

    SET_WENT_AHEAD = "update sessions set went_ahead_at = $2 where code = $1";
}

/// Published sessions that have not begun at `now`, are to be decided about by `day`, and nobody was reminded of.
pub async fn to_decide(
    conn: &mut Conn,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<SessionCode>, StoreError> {
    let codes = TO_DECIDE.values(conn, (day, now)).await?;
    let mut codes: Vec<SessionCode> =
        codes.iter().map(|code| parse("sessions", "code", code, code)).collect::<Result<_, _>>()?;
    // Sorted here: asked for it, SQLite would walk through all sessions.
    codes.sort();
    Ok(codes)
}

/// Notes that somebody was reminded; `false` if that was noted before.
pub async fn mark_told(
    tx: &mut Tx,
    code: &SessionCode,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(MARK_TOLD.run(tx, (code.as_str(), now)).await? == 1)
}

/// Notes when it was decided to go ahead with fewer, or that it is open again.
pub async fn set_went_ahead(
    tx: &mut Tx,
    code: &SessionCode,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    SET_WENT_AHEAD.run(tx, (code.as_str(), at)).await?;
    Ok(())
}
