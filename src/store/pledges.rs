//! Pledges, and the turnout they are compared with.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    turnout_counts,
};
use crate::domain::{
    audit::Actor,
    id::{InstitutionCode, RegistrationId, SessionCode, StaffLogin},
    pledge::{Turnout, TurnoutCell},
};

row! {
    struct LineRow {
        code: String,
        name: String,
        pledged: i64,
        named: i64,
        attended: i64,
        chased_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewPledge<'a> {
        session: &'a str,
        institution: &'a str,
        people: i32,
        pledged_at: DateTime<Utc>,
        pledged_by: String,
    }
}

statements! {
    OF_SESSION: LineRow =
        "select i.code, i.name, cast(coalesce(g.people, 0) as bigint) as pledged,
                coalesce(n.named, 0) + coalesce(k.came, 0) as named,
                coalesce(n.attended, 0) + coalesce(k.came, 0) as attended, g.chased_at
         from institutions i
         left join pledges g on g.institution = i.code and g.session = $1
         left join (select r.institution, count(*) as named,
                           sum(case when exists (select 1 from attendances a where a.place = p.id
                               and a.presence = 'attended') then 1 else 0 end) as attended
                    from places p join registrations r on r.id = p.registration
                    where p.session = $1 and p.state = 'confirmed' and not p.superseded
                    group by r.institution) n on n.institution = i.code
         left join (select w.institution_code,
                           count(distinct coalesce(w.name_key, w.name)) as came
                    from sittings t join walk_ins w on w.sitting = t.id
                    where t.session = $1 and w.removed_at is null
                    group by w.institution_code) k on k.institution_code = i.code
         where i.code in (select g.institution from pledges g where g.session = $1
                          union
                          select r.institution from registrations r where r.session = $1
                          union
                          select w.institution_code from sittings t
                          join walk_ins w on w.sitting = t.id where t.session = $1)
           and (g.people is not null or n.named is not null or k.came is not null)
         order by i.sort_key, i.code";

    FIND: i32 = "select people from pledges where session = $1 and institution = $2";

    TO_COME: (String, i32) =
        "select g.session, g.people from sittings t join pledges g on g.session = t.session
         where t.ends_at > $2 and g.institution = $1
         group by g.session, g.people order by min(t.starts_at)";

    TAKE_BACK = "delete from pledges where session = $1 and institution = $2";

    SET(NewPledge) = "insert into pledges (:columns) values (:values)
         on conflict (session, institution) do update set people = excluded.people,
             pledged_at = excluded.pledged_at, pledged_by = excluded.pledged_by";

    MARK_CHASED =
        "update pledges set chased_at = $3 where session = $1 and institution = $2";

    CONTACT: Uuid =
        "select r.id from registrations r
         where r.institution = $2 and r.leader_email is not null and r.booked_at is not null
         order by case when r.session = $1 then 0 else 1 end, r.booked_at desc limit 1";

    PLEDGED: (String, String, i32) =
        "select g.session, g.institution, g.people from pledges g
         join sittings t on t.session = g.session join sessions s on s.code = g.session
         where t.number = 1 and t.starts_at >= $1 and t.starts_at < $2
           and (s.alliance in
                (select x.alliance from staff_alliances x where x.login = $3) or $3 is null)";

    BOOKING_TIMES: (DateTime<Utc>, Option<DateTime<Utc>>) =
        "select coalesce(r.booked_at, p.changed_at),
                case when p.state = 'cancelled' then p.changed_at end
         from places p join registrations r on r.id = p.registration
         where p.session = $1 and not p.superseded and r.booked_at is not null
           and p.state in ('confirmed', 'cancelled')
         order by 1";
}

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

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// Every institution that pledged or named somebody for a session, by name.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<PledgeLine>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
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
pub async fn find(
    conn: &mut Conn,
    session: &SessionCode,
    institution: &InstitutionCode,
) -> Result<u32, StoreError> {
    let row = FIND.optional_value(conn, (session.as_str(), institution.as_str())).await?;
    Ok(row.map_or(0, count))
}

/// What an institution pledged for sessions that are not over at `now`, soonest first.
pub async fn to_come(
    conn: &mut Conn,
    institution: &InstitutionCode,
    now: DateTime<Utc>,
) -> Result<Vec<(SessionCode, u32)>, StoreError> {
    let rows = TO_COME.all(conn, (institution.as_str(), now)).await?;
    let read = |(session, people): (String, i32)| {
        Ok((parse("pledges", "session", &session, &session)?, count(people)))
    };
    rows.into_iter().map(read).collect()
}

/// Writes a pledge; of 0 takes it back.
pub async fn set(
    tx: &mut Tx,
    (session, institution): (&SessionCode, &InstitutionCode),
    people: u32,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if people == 0 {
        TAKE_BACK.run(tx, (session.as_str(), institution.as_str())).await?;
        return Ok(());
    }
    let new = NewPledge {
        session: session.as_str(),
        institution: institution.as_str(),
        people: column(people),
        pledged_at: now,
        pledged_by: by.to_string(),
    };
    SET.run(tx, new).await?;
    Ok(())
}

/// Writes that an institution's leaders are being reminded.
pub async fn mark_chased(
    tx: &mut Tx,
    (session, institution): (&SessionCode, &InstitutionCode),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    MARK_CHASED.run(tx, (session.as_str(), institution.as_str(), now)).await?;
    Ok(())
}

/// The booking through which an institution can be reached about a session: one for the session
/// itself, or else its latest; only with an address.
pub async fn contact(
    conn: &mut Conn,
    session: &SessionCode,
    institution: &InstitutionCode,
) -> Result<Option<RegistrationId>, StoreError> {
    let row = CONTACT.optional_value(conn, (session.as_str(), institution.as_str())).await?;
    Ok(row.map(RegistrationId::new))
}

/// The turnout of every institution on every session that starts between two moments; with `within`, of that
/// organiser's alliances. An institution that pledged has a cell for its pledge, and one for its people.
pub async fn cells(
    conn: &mut Conn,
    window: (DateTime<Utc>, DateTime<Utc>),
    within: Option<&StaffLogin>,
) -> Result<Vec<TurnoutCell>, StoreError> {
    let people = turnout_counts::cells(conn, window, within).await?;
    let pledged = PLEDGED.all(conn, (window.0, window.1, within.map(StaffLogin::as_str))).await?;
    let read = |session: &str, institution: Option<&str>, turnout: Turnout| {
        let code = |text: &str| parse("institutions", "code", &text, text);
        Ok(TurnoutCell {
            session: parse("places", "session", &session, session)?,
            institution: institution.map(code).transpose()?,
            turnout,
        })
    };
    let people = people.into_iter().map(|row| {
        let (session, institution, numbers) = row.parts();
        let [named, attended, walked_in] = numbers.map(small);
        // Counted among the named as among those who came: in both halves of the number.
        let (named, attended) = (named + walked_in, attended + walked_in);
        read(&session, institution.as_deref(), Turnout { pledged: 0, named, attended })
    });
    let pledged = pledged.iter().map(|(session, institution, people)| {
        let turnout = Turnout { pledged: count(*people), ..Turnout::default() };
        read(session, Some(institution), turnout)
    });
    people.chain(pledged).collect()
}

/// When each place of a session was booked or joined the list, and when it was given up if it was:
/// for the plot of bookings over time.
pub async fn booking_times(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>, StoreError> {
    BOOKING_TIMES.all(conn, [session.as_str()]).await
}
