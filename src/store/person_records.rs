//! What somebody or an institution did over the years, for their pages in the office.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, codec::parse};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    id::{InstitutionCode, PersonId, PlaceId, SessionCode, StaffLogin},
    pledge::Turnout,
    reference::Reference,
};

row! {
    struct BookedRow {
        reference: String,
        session: String,
        title: String,
        starts: Option<DateTime<Utc>>,
        leader: String,
        places: i64,
    }
}

row! {
    struct MemberRow {
        id: Uuid,
        name: String,
        email: Option<String>,
        phone: Option<String>,
    }
}

statements! {
    NAMED: (String, Option<DateTime<Utc>>, i64, i64) =
        "select r.session, (select min(t.starts_at) from sittings t where t.session = r.session),
             count(*), sum(case when exists (select 1 from attendances a where a.place = p.id
                 and a.presence = 'attended') then 1 else 0 end)
         from registrations r join places p on p.registration = r.id
         where r.institution = $1 and p.state = 'confirmed' and not p.superseded group by r.session";

    WALKED_IN: (String, Option<DateTime<Utc>>, i64) =
        "select t.session, min(t.starts_at), count(distinct coalesce(w.name_key, w.name))
         from walk_ins w join sittings t on t.id = w.sitting
         where w.institution_code = $1 and w.removed_at is null group by t.session";

    PLEDGED: (String, Option<DateTime<Utc>>, i32) =
        "select g.session, (select min(t.starts_at) from sittings t where t.session = g.session), g.people
         from pledges g where g.institution = $1";

    NAMED_OF_PERSON: (String, Option<DateTime<Utc>>, i64, i64) =
        "select p.session, (select min(t.starts_at) from sittings t where t.session = p.session),
             count(*), sum(case when exists (select 1 from attendances a where a.place = p.id
                 and a.presence = 'attended') then 1 else 0 end)
         from places p where p.person = $1 and p.state = 'confirmed' and not p.superseded
         group by p.session";

    WALKED_IN_OF_PERSON: (String, Option<DateTime<Utc>>, i64) =
        "select t.session, min(t.starts_at), cast(1 as bigint)
         from walk_ins w join sittings t on t.id = w.sitting
         where w.person = $1 and w.removed_at is null group by t.session";

    /// The latest, on sessions of the alliances of `$2`.
    BOOKINGS: BookedRow =
        "select r.reference, r.session, c.title,
             (select min(t.starts_at) from sittings t where t.session = r.session) as starts,
             r.leader_name as leader,
             (select count(*) from places p where p.registration = r.id and not p.superseded
                  and p.state in ('requested', 'waiting', 'offered', 'confirmed')) as places
         from registrations r join sessions s on s.code = r.session join courses c on c.slug = s.course
         where r.institution = $1 and r.booked_at is not null
           and (s.alliance in (select m.alliance from staff_alliances m where m.login = $2) or $2 is null)
         order by r.booked_at desc, r.id desc limit $3";

    LED: BookedRow =
        "select r.reference, r.session, c.title,
             (select min(t.starts_at) from sittings t where t.session = r.session) as starts,
             r.leader_name as leader,
             (select count(*) from places p where p.registration = r.id and not p.superseded
                  and p.state in ('requested', 'waiting', 'offered', 'confirmed')) as places
         from registrations r join sessions s on s.code = r.session join courses c on c.slug = s.course
         where r.person = $1 and r.booked_at is not null
           and (s.alliance in (select m.alliance from staff_alliances m where m.login = $2) or $2 is null)
         order by r.booked_at desc, r.id desc limit $3";

    MEMBERS: MemberRow =
        "select id, name, email, phone from people
         where institution = $1 and merged_into is null and erased_at is null
         order by archived_at is not null, sort_key, id limit $2";

    PEOPLE_OF_SESSION: (Uuid, Uuid) =
        "select id, person from places where session = $1 and person is not null";

    LEADER: Option<Uuid> = "select person from registrations where id = $1";
}

/// What was pledged, named and attended on one session, and when that began.
pub type OnSession = (SessionCode, Option<DateTime<Utc>>, Turnout);

fn add(
    all: &mut Vec<OnSession>,
    code: &str,
    starts: Option<DateTime<Utc>>,
    more: Turnout,
) -> Result<(), StoreError> {
    let code: SessionCode = parse("sessions", "code", &code, code)?;
    match all.iter_mut().find(|(known, ..)| *known == code) {
        Some((.., turnout)) => *turnout = turnout.plus(more),
        None => all.push((code, starts, more)),
    }
    Ok(())
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

type Named = Vec<(String, Option<DateTime<Utc>>, i64, i64)>;
type WalkedIn = Vec<(String, Option<DateTime<Utc>>, i64)>;

/// Whoever walked in is counted among the named as among those who came.
fn together(named: Named, walked_in: WalkedIn) -> Result<Vec<OnSession>, StoreError> {
    let mut all = Vec::new();
    for (code, starts, named, attended) in named {
        let turnout =
            Turnout { named: small(named), attended: small(attended), ..Turnout::default() };
        add(&mut all, &code, starts, turnout)?;
    }
    for (code, starts, came) in walked_in {
        let turnout = Turnout { named: small(came), attended: small(came), ..Turnout::default() };
        add(&mut all, &code, starts, turnout)?;
    }
    Ok(all)
}

/// What an institution pledged, and who was named and came, session by session.
pub async fn turnout_of_institution(
    conn: &mut Conn,
    code: &InstitutionCode,
) -> Result<Vec<OnSession>, StoreError> {
    let code = code.as_str();
    let mut all = together(NAMED.all(conn, [code]).await?, WALKED_IN.all(conn, [code]).await?)?;
    for (session, starts, people) in PLEDGED.all(conn, [code]).await? {
        let turnout = Turnout { pledged: small(people.into()), ..Turnout::default() };
        add(&mut all, &session, starts, turnout)?;
    }
    Ok(all)
}

/// What somebody was named for and came to, session by session.
pub async fn turnout_of_person(
    conn: &mut Conn,
    id: PersonId,
) -> Result<Vec<OnSession>, StoreError> {
    let named = NAMED_OF_PERSON.all(conn, [id.uuid()]).await?;
    together(named, WALKED_IN_OF_PERSON.all(conn, [id.uuid()]).await?)
}

/// A booking, as a line of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedLine {
    /// Which.
    pub reference: Reference,
    /// On which session.
    pub session: SessionCode,
    /// Of which course.
    pub title: String,
    /// When that begins.
    pub starts: Option<DateTime<Utc>>,
    /// Who booked.
    pub leader: String,
    /// How many places are open or theirs.
    pub places: i64,
}

impl BookedRow {
    fn read(self) -> Result<BookedLine, StoreError> {
        Ok(BookedLine {
            reference: parse("registrations", "reference", &self.reference, &self.reference)?,
            session: parse("registrations", "session", &self.reference, &self.session)?,
            title: self.title,
            starts: self.starts,
            leader: self.leader,
            places: self.places,
        })
    }
}

/// The latest bookings of an institution; with `within`, on sessions of that organiser's alliances.
pub async fn bookings_of_institution(
    conn: &mut Conn,
    code: &InstitutionCode,
    within: Option<&StaffLogin>,
    most: i64,
) -> Result<Vec<BookedLine>, StoreError> {
    let rows = BOOKINGS.all(conn, (code.as_str(), within.map(StaffLogin::as_str), most)).await?;
    rows.into_iter().map(BookedRow::read).collect()
}

/// The latest bookings that somebody made.
pub async fn bookings_of_person(
    conn: &mut Conn,
    id: PersonId,
    within: Option<&StaffLogin>,
    most: i64,
) -> Result<Vec<BookedLine>, StoreError> {
    let rows = LED.all(conn, (id.uuid(), within.map(StaffLogin::as_str), most)).await?;
    rows.into_iter().map(BookedRow::read).collect()
}

/// Somebody who belongs to an institution, and how she is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Who.
    pub id: PersonId,
    /// Her name.
    pub name: String,
    /// Her address.
    pub email: Option<EmailAddress>,
    /// Her number.
    pub phone: Option<PhoneNumber>,
}

/// At most `most` people of an institution, by name.
pub async fn members(
    conn: &mut Conn,
    code: &InstitutionCode,
    most: i64,
) -> Result<Vec<MemberLine>, StoreError> {
    let rows = MEMBERS.all(conn, (code.as_str(), most)).await?;
    let read = |row: MemberRow| MemberLine {
        id: PersonId::new(row.id),
        name: row.name,
        email: row.email.as_deref().map(EmailAddress::stored),
        phone: row.phone.as_deref().map(PhoneNumber::stored),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Whom we know on which place of a session.
pub async fn people_of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<HashMap<PlaceId, PersonId>, StoreError> {
    let rows = PEOPLE_OF_SESSION.all(conn, [code.as_str()]).await?;
    Ok(rows
        .into_iter()
        .map(|(place, person)| (PlaceId::new(place), PersonId::new(person)))
        .collect())
}

/// Whom we know to look after a booking.
pub async fn leader_of(
    conn: &mut Conn,
    booking: crate::domain::id::RegistrationId,
) -> Result<Option<PersonId>, StoreError> {
    Ok(LEADER.optional_value(conn, [booking.uuid()]).await?.flatten().map(PersonId::new))
}
