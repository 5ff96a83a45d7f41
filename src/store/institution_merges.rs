//! Institutions that are there twice: on the list under two codes, or on it and typed by leaders
//! who did not find it.

use chrono::{DateTime, Utc};

use super::{Conn, Found, StoreError, Tx, Window};
use crate::domain::{
    id::{InstitutionCode, StaffLogin},
    institution::TypedInstitution,
};

/// What hangs on an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hanging {
    /// Bookings.
    pub bookings: i64,
    /// People known to belong to it.
    pub people: i64,
    /// Sessions it pledged people for.
    pub pledges: i64,
}

/// What hangs on an institution.
///
/// # Errors
/// [`StoreError`].
pub async fn hanging(conn: &mut Conn, code: &InstitutionCode) -> Result<Hanging, StoreError> {
    let code = code.as_str();
    let bookings = "select count(*) from registrations where institution = $1";
    let people = "select count(*) from people where institution = $1 and merged_into is null";
    let pledges = "select count(*) from pledges where institution = $1";
    Ok(Hanging {
        bookings: run!(value i64, conn, bookings, code)?,
        people: run!(value i64, conn, people, code)?,
        pledges: run!(value i64, conn, pledges, code)?,
    })
}

/// How many of two institutions are on the list and part of no other. Both stay as they are until
/// the transaction ends, so that they cannot become part of each other.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_both(
    tx: &mut Tx,
    one: &InstitutionCode,
    other: &InstitutionCode,
) -> Result<usize, StoreError> {
    const FIND: &str = "select code from institutions
        where code in ($1, $2) and merged_into is null order by code";
    const FIND_POSTGRES: &str = "select code from institutions
        where code in ($1, $2) and merged_into is null order by code for update";
    let text = if tx.is_postgres() { FIND_POSTGRES } else { FIND };
    Ok(run!(values String, tx, text, one.as_str(), other.as_str())?.len())
}

/// Hangs on `kept` what hung on `gone`, and archives that. Where both pledged for one session, the
/// larger pledge stands: it is one promise, given twice.
///
/// # Errors
/// [`StoreError`].
pub async fn merge(
    tx: &mut Tx,
    kept: &InstitutionCode,
    gone: &InstitutionCode,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kept, gone) = (kept.as_str(), gone.as_str());
    for text in [
        "update registrations set institution = $1 where institution = $2",
        "update people set institution = $1 where institution = $2",
        "insert into pledges (session, institution, people, pledged_at, pledged_by, chased_at)
         select session, $1, people, pledged_at, pledged_by, chased_at from pledges
         where institution = $2
         on conflict (session, institution) do update set people = excluded.people,
             pledged_at = excluded.pledged_at, pledged_by = excluded.pledged_by
         where excluded.people > pledges.people",
        "update institutions set merged_into = $1 where merged_into = $2",
    ] {
        run!(exec, tx, text, kept, gone)?;
    }
    run!(exec, tx, "delete from pledges where institution = $1", gone)?;
    let text = "update institutions set merged_into = $1, archived_at = $3 where code = $2";
    run!(exec, tx, text, kept, gone, at)?;
    Ok(())
}

/// What narrows the typed names, written once for the list, its length, and what is recognised.
macro_rules! typed {
    ($start:literal, $end:literal) => {
        concat!(
            $start,
            " from registrations r join sessions s on s.code = r.session
              where r.institution is null and r.institution_typed is not null
                and r.booked_at is not null
                and ($1 is null or s.alliance in
                     (select a.alliance from staff_alliances a where a.login = $1))",
            $end
        )
    };
}

/// Names that leaders typed, the most frequent first; with `within`, for sessions of that
/// organiser's alliances.
///
/// # Errors
/// [`StoreError`].
pub async fn typed(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<TypedInstitution>, StoreError> {
    const LIST: &str = typed!(
        "select min(r.institution_typed), count(*)",
        " group by lower(r.institution_typed)
          order by count(*) desc, lower(r.institution_typed) limit $2 offset $3"
    );
    const LENGTH: &str = typed!("select count(distinct lower(r.institution_typed))", "");
    let login = within.map(StaffLogin::as_str);
    let rows = run!(all(String, i64), conn, LIST, login, window.limit, window.offset)?;
    let total = run!(value i64, conn, LENGTH, login)?;
    let items = rows.into_iter().map(|(name, bookings)| TypedInstitution { name, bookings });
    Ok(Found { items: items.collect(), total })
}

/// In how many bookings a name was typed, as [`typed`] counts them.
///
/// # Errors
/// [`StoreError`].
pub async fn bookings_typed(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    name: &str,
) -> Result<i64, StoreError> {
    const COUNT: &str = typed!("select count(*)", " and lower(r.institution_typed) = lower($2)");
    run!(value i64, conn, COUNT, within.map(StaffLogin::as_str), name)
}

/// Writes which institution was meant where a name was typed, and that the leaders belong to it
/// who belong to none; in how many bookings.
///
/// # Errors
/// [`StoreError`].
pub async fn recognise(
    tx: &mut Tx,
    within: Option<&StaffLogin>,
    name: &str,
    meant: &InstitutionCode,
) -> Result<u64, StoreError> {
    const PEOPLE: &str = typed!(
        "update people set institution = $3 where institution is null and id in (select r.person",
        " and lower(r.institution_typed) = lower($2))"
    );
    const BOOKINGS: &str = typed!(
        "update registrations set institution = $3 where id in (select r.id",
        " and lower(r.institution_typed) = lower($2))"
    );
    let login = within.map(StaffLogin::as_str);
    run!(exec, tx, PEOPLE, login, name, meant.as_str())?;
    run!(exec, tx, BOOKINGS, login, name, meant.as_str())
}
