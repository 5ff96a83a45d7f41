//! Pledges, and the turnout they are compared with.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    audit::Actor,
    id::{InstitutionCode, RegistrationId, SessionCode},
    pledge::{Turnout, TurnoutCell},
};

/// An institution's pledge for a session, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PledgeLine {
    /// The institution.
    pub institution: InstitutionCode,
    /// Its name.
    pub name: String,
    /// The numbers.
    pub turnout: Turnout,
    /// When its leaders were last reminded.
    pub chased_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct LineRow {
    code: String,
    name: String,
    pledged: i64,
    named: i64,
    attended: i64,
    chased_at: Option<DateTime<Utc>>,
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// Every institution that pledged or named somebody for a session, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<PledgeLine>, StoreError> {
    let rows = run!(
        all LineRow, conn,
        "select i.code, i.name, cast(coalesce(g.people, 0) as bigint) as pledged,
                coalesce(n.named, 0) as named, coalesce(n.attended, 0) as attended, g.chased_at
         from institutions i
         left join pledges g on g.institution = i.code and g.session = $1
         left join (select r.institution, count(*) as named,
                           sum(case when exists (select 1 from attendances a where a.place = p.id
                               and a.presence = 'attended') then 1 else 0 end) as attended
                    from places p join registrations r on r.id = p.registration
                    where p.session = $1 and p.state = 'confirmed' and not p.superseded
                    group by r.institution) n on n.institution = i.code
         where g.people is not null or n.named is not null
         order by i.name, i.code",
        session.as_str(),
    )?;
    let read = |row: LineRow| {
        Ok(PledgeLine {
            institution: parse("institutions", "code", &row.code, &row.code)?,
            turnout: Turnout {
                pledged: small(row.pledged),
                named: small(row.named),
                attended: small(row.attended),
            },
            name: row.name,
            chased_at: row.chased_at,
        })
    };
    rows.into_iter().map(read).collect()
}

/// What an institution pledged for a session; 0 if nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    conn: &mut Conn,
    session: &SessionCode,
    institution: &InstitutionCode,
) -> Result<u32, StoreError> {
    let text = "select people from pledges where session = $1 and institution = $2";
    let row = run!(opt(i32,), conn, text, session.as_str(), institution.as_str())?;
    Ok(row.map_or(0, |(people,)| count(people)))
}

/// Writes a pledge; of 0 takes it back.
///
/// # Errors
/// [`StoreError`].
pub async fn set(
    tx: &mut Tx,
    (session, institution): (&SessionCode, &InstitutionCode),
    people: u32,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if people == 0 {
        let text = "delete from pledges where session = $1 and institution = $2";
        run!(exec, tx, text, session.as_str(), institution.as_str())?;
        return Ok(());
    }
    run!(
        exec,
        tx,
        "insert into pledges (session, institution, people, pledged_at, pledged_by)
         values ($1, $2, $3, $4, $5)
         on conflict (session, institution) do update set people = excluded.people,
             pledged_at = excluded.pledged_at, pledged_by = excluded.pledged_by",
        session.as_str(),
        institution.as_str(),
        column(people),
        now,
        by.to_string(),
    )?;
    Ok(())
}

/// Writes that an institution's leaders are being reminded; `false` if they were since `before`.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_chased(
    tx: &mut Tx,
    (session, institution): (&SessionCode, &InstitutionCode),
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "update pledges set chased_at = $3 where session = $1 and institution = $2
           and (chased_at is null or chased_at <= $4)",
        session.as_str(),
        institution.as_str(),
        now,
        before,
    )?;
    Ok(written == 1)
}

/// The booking through which an institution can be reached about a session: one for the session
/// itself, or else its latest; only with an address.
///
/// # Errors
/// [`StoreError`].
pub async fn contact(
    conn: &mut Conn,
    session: &SessionCode,
    institution: &InstitutionCode,
) -> Result<Option<RegistrationId>, StoreError> {
    let row = run!(
        opt(Uuid,),
        conn,
        "select r.id from registrations r
         where r.institution = $2 and r.leader_email is not null and r.booked_at is not null
         order by case when r.session = $1 then 0 else 1 end, r.booked_at desc limit 1",
        session.as_str(),
        institution.as_str(),
    )?;
    Ok(row.map(|(id,)| RegistrationId::new(id)))
}

/// The turnout of every institution on every session that starts between two moments.
///
/// # Errors
/// [`StoreError`].
pub async fn cells(
    conn: &mut Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<TurnoutCell>, StoreError> {
    let named = run!(
        all(String, Option<String>, i64, i64),
        conn,
        "select p.session, r.institution, count(*),
                sum(case when exists (select 1 from attendances a where a.place = p.id
                    and a.presence = 'attended') then 1 else 0 end)
         from sittings t join places p on p.session = t.session
         join registrations r on r.id = p.registration
         where t.number = 1 and t.starts_at >= $1 and t.starts_at < $2
           and p.state = 'confirmed' and not p.superseded
         group by p.session, r.institution",
        from,
        until,
    )?;
    let pledged = run!(
        all(String, String, i32),
        conn,
        "select g.session, g.institution, g.people from pledges g
         join sittings t on t.session = g.session
         where t.number = 1 and t.starts_at >= $1 and t.starts_at < $2",
        from,
        until,
    )?;
    let read = |session: &str, institution: Option<&str>, turnout: Turnout| {
        let code = |text: &str| parse("institutions", "code", &text, text);
        Ok(TurnoutCell {
            session: parse("places", "session", &session, session)?,
            institution: institution.map(code).transpose()?,
            turnout,
        })
    };
    let named = named.iter().map(|(session, institution, named, attended)| {
        let (named, attended) = (small(*named), small(*attended));
        read(session, institution.as_deref(), Turnout { pledged: 0, named, attended })
    });
    let pledged = pledged.iter().map(|(session, institution, people)| {
        let turnout = Turnout { pledged: count(*people), ..Turnout::default() };
        read(session, Some(institution), turnout)
    });
    named.chain(pledged).collect()
}

/// When each place of a session was booked or joined the list, and when it was given up if it was:
/// for the plot of bookings over time.
///
/// # Errors
/// [`StoreError`].
pub async fn booking_times(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>, StoreError> {
    run!(
        all(DateTime<Utc>, Option<DateTime<Utc>>),
        conn,
        "select coalesce(r.booked_at, p.changed_at),
                case when p.state = 'cancelled' then p.changed_at end
         from places p join registrations r on r.id = p.registration
         where p.session = $1 and not p.superseded and r.booked_at is not null
           and p.state in ('confirmed', 'cancelled')
         order by 1",
        session.as_str(),
    )
}
