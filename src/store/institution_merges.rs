//! Institutions that are there twice: on the list under two codes, or on it and typed by leaders
//! who did not find it.

use chrono::{DateTime, Utc};

use super::{Conn, Found, StoreError, Tx, Window};
use crate::domain::{
    finding::folded,
    id::{InstitutionCode, StaffLogin},
    institution::TypedInstitution,
};

/// What narrows the typed names, written once for the list, its length, and what is recognised.
macro_rules! typed {
    ($start:literal, $end:literal) => {
        concat!(
            $start,
            " from registrations r join sessions s on s.code = r.session
              where r.institution is null and r.institution_typed is not null
                and r.booked_at is not null
                and (s.alliance in
                     (select a.alliance from staff_alliances a where a.login = $1) or $1 is null)",
            $end
        )
    };
}

statements! {
    BOOKINGS: i64 = "select count(*) from registrations where institution = $1";

    PEOPLE: i64 = "select count(*) from people where institution = $1 and merged_into is null";

    PLEDGES: i64 = "select count(*) from pledges where institution = $1";

    LOCK_BOTH: String = {
        sqlite: "select code from institutions
            where code in ($1, $2) and merged_into is null order by code",
        postgres: "select code from institutions
            where code in ($1, $2) and merged_into is null order by code for update",
    };

    MERGE_REGISTRATIONS = "update registrations set institution = $1 where institution = $2";

    MERGE_PEOPLE = "update people set institution = $1 where institution = $2";

    MERGE_WALK_INS = "update walk_ins set institution_code = $1 where institution_code = $2";

    MERGE_ASKED =
        "update personal_invitations set institution = $1 where institution = $2";

    MERGE_NOMINATED = "update nominations set institution = $1 where institution = $2";

    MERGE_PLEDGES =
        "insert into pledges (session, institution, people, pledged_at, pledged_by, chased_at)
         select session, $1, people, pledged_at, pledged_by, chased_at from pledges
         where institution = $2
         on conflict (session, institution) do update set people = excluded.people,
             pledged_at = excluded.pledged_at, pledged_by = excluded.pledged_by
         where excluded.people > pledges.people";

    MERGE_INSTITUTIONS = "update institutions set merged_into = $1 where merged_into = $2";

    FORGET_PLEDGES = "delete from pledges where institution = $1";

    ARCHIVE = "update institutions set merged_into = $1, archived_at = $3 where code = $2";

    TYPED: (String, i64) =
        typed!(
        "select min(r.institution_typed), count(*)",
        " group by r.institution_key
          order by count(*) desc, r.institution_key limit $2 offset $3"
    );

    COUNT_TYPED: i64 = typed!("select count(distinct r.institution_key)", "");

    BOOKINGS_TYPED: i64 =
        typed!("select count(*)", " and r.institution_key = $2");

    RECOGNISE_PEOPLE =
        typed!(
        "update people set institution = $3 where institution is null and id in (select r.person",
        " and r.institution_key = $2)"
    );

    RECOGNISE_BOOKINGS =
        typed!(
        "update registrations set institution = $3 where id in (select r.id",
        " and r.institution_key = $2)"
    );
}

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
pub async fn hanging(conn: &mut Conn, code: &InstitutionCode) -> Result<Hanging, StoreError> {
    let code = code.as_str();
    Ok(Hanging {
        bookings: BOOKINGS.value(conn, [code]).await?,
        people: PEOPLE.value(conn, [code]).await?,
        pledges: PLEDGES.value(conn, [code]).await?,
    })
}

/// How many of two institutions are on the list and part of no other. Both stay as they are until
/// the transaction ends, so that they cannot become part of each other.
pub async fn lock_both(
    tx: &mut Tx,
    one: &InstitutionCode,
    other: &InstitutionCode,
) -> Result<usize, StoreError> {
    Ok(LOCK_BOTH.values(tx, (one.as_str(), other.as_str())).await?.len())
}

/// Hangs on `kept` what hung on `gone`, and archives that. Where both pledged for one session, the
/// larger pledge stands: it is one promise, given twice.
pub async fn merge(
    tx: &mut Tx,
    kept: &InstitutionCode,
    gone: &InstitutionCode,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kept, gone) = (kept.as_str(), gone.as_str());
    for statement in [MERGE_REGISTRATIONS, MERGE_PEOPLE, MERGE_PLEDGES, MERGE_INSTITUTIONS] {
        statement.run(tx, (kept, gone)).await?;
    }
    MERGE_WALK_INS.run(tx, (kept, gone)).await?;
    MERGE_ASKED.run(tx, (kept, gone)).await?;
    MERGE_NOMINATED.run(tx, (kept, gone)).await?;
    FORGET_PLEDGES.run(tx, [gone]).await?;
    ARCHIVE.run(tx, (kept, gone, at)).await?;
    Ok(())
}

/// Names that leaders typed, the most frequent first; with `within`, for sessions of that
/// organiser's alliances.
pub async fn typed(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<TypedInstitution>, StoreError> {
    let login = within.map(StaffLogin::as_str);
    let rows = TYPED.all(conn, (login, window.limit, window.offset)).await?;
    let total = COUNT_TYPED.value(conn, [login]).await?;
    let items = rows.into_iter().map(|(name, bookings)| TypedInstitution { name, bookings });
    Ok(Found { items: items.collect(), total })
}

/// In how many bookings a name was typed, as [`typed`] counts them.
pub async fn bookings_typed(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    name: &str,
) -> Result<i64, StoreError> {
    BOOKINGS_TYPED.value(conn, (within.map(StaffLogin::as_str), folded(name))).await
}

/// Writes which institution was meant where a name was typed, and that the leaders belong to it
/// who belong to none; in how many bookings.
pub async fn recognise(
    tx: &mut Tx,
    within: Option<&StaffLogin>,
    name: &str,
    meant: &InstitutionCode,
) -> Result<u64, StoreError> {
    let login = within.map(StaffLogin::as_str);
    RECOGNISE_PEOPLE.run(tx, (login, folded(name), meant.as_str())).await?;
    RECOGNISE_BOOKINGS.run(tx, (login, folded(name), meant.as_str())).await
}
