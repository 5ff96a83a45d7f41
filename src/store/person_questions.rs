//! Whether two people are one, where that is unclear: asked once, and answered for good. Who became part of
//! somebody else is asked about as her; answers given before stand for both.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, Found, StoreError, Tx, Window, people::PersonRow, rows};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    finding::folded,
    id::{PersonId, StaffLogin},
    likely_same::{KnownPerson, Met},
    person::{Person, address_in},
};

/// Whether somebody is of the alliances of the organiser `$1`.
macro_rules! within {
    ($who:literal) => {
        concat!(
            "(exists (select 1 from institutions i join staff_alliances a on a.alliance = i.alliance
                      join people w on w.institution = i.code where w.id = ",
            $who,
            " and a.login = $1)
              or exists (select 1 from places p join sessions s on s.code = p.session
                         join staff_alliances a on a.alliance = s.alliance
                         where p.person = ",
            $who,
            " and a.login = $1)
              or exists (select 1 from registrations r join sessions s on s.code = r.session
                         join staff_alliances a on a.alliance = s.alliance
                         where r.person = ",
            $who,
            " and a.login = $1))"
        )
    };
}

/// Open questions, each once, between people who are still two and still there.
macro_rules! open {
    ($within:expr) => {
        concat!(
            "select k.id as one, l.id as other, min(q.asked_at) as asked_at from person_questions q
             join people g on g.id = q.one join people k on k.id = coalesce(g.merged_into, g.id)
             join people h on h.id = q.other join people l on l.id = coalesce(h.merged_into, h.id)
             where q.answered_at is null and k.id <> l.id
               and k.erased_at is null and l.erased_at is null and ",
            $within,
            " group by k.id, l.id"
        )
    };
}

macro_rules! hers {
    () => {
        concat!(within!("k.id"), " and ", within!("l.id"))
    };
}

statements! {
    ASK =
        "insert into person_questions (id, one, other, asked_at) values ($1, $2, $3, $4)
         on conflict (one, other) do nothing";

    LIST: (Uuid, Uuid, DateTime<Utc>) =
        concat!(open!("1 = 1"), " order by asked_at, one, other limit $1 offset $2");

    LIST_WITHIN: (Uuid, Uuid, DateTime<Utc>) =
        concat!(open!(hers!()), " order by asked_at, one, other limit $2 offset $3");

    COUNT: (i64, Option<DateTime<Utc>>) =
        concat!("select count(*), max(o.asked_at) from (", open!("1 = 1"), ") o");

    COUNT_WITHIN: (i64, Option<DateTime<Utc>>) =
        concat!("select count(*), max(o.asked_at) from (", open!(hers!()), ") o");

    /// All questions between two people, whoever became part of them.
    BETWEEN: Uuid =
        "select q.id from person_questions q
         where q.one in (select a.id from people a where a.id = $1
                         union select b.id from people b where b.merged_into = $1)
           and q.other in (select c.id from people c where c.id = $2
                           union select d.id from people d where d.merged_into = $2)
         union
         select r.id from person_questions r
         where r.one in (select a.id from people a where a.id = $2
                         union select b.id from people b where b.merged_into = $2)
           and r.other in (select c.id from people c where c.id = $1
                           union select d.id from people d where d.merged_into = $1)";

    ANSWER = "update person_questions set answered_at = $2, is_apart = $3 where id = $1";

    /// Who some people are not, as an organiser said: each of them with each other.
    APART: (Uuid, Uuid) = {
        sqlite: "select coalesce(m.merged_into, m.id), coalesce(l.merged_into, l.id)
            from person_questions q join people m on m.id = q.one join people l on l.id = q.other
            where q.is_apart and q.one in (
                select unhex(value) from json_each($1)
                union select o.id from people o where o.merged_into in
                    (select unhex(value) from json_each($1)))
            union
            select coalesce(n.merged_into, n.id), coalesce(k.merged_into, k.id)
            from person_questions r join people n on n.id = r.other join people k on k.id = r.one
            where r.is_apart and r.other in (
                select unhex(value) from json_each($1)
                union select o.id from people o where o.merged_into in
                    (select unhex(value) from json_each($1)))",
        postgres: "select coalesce(m.merged_into, m.id), coalesce(l.merged_into, l.id)
            from person_questions q join people m on m.id = q.one join people l on l.id = q.other
            where q.is_apart and q.one in (
                select i.id from people i
                where i.id = any(array(select json_array_elements_text($1::json)::uuid))
                union select o.id from people o
                where o.merged_into = any(array(select json_array_elements_text($1::json)::uuid)))
            union
            select coalesce(n.merged_into, n.id), coalesce(k.merged_into, k.id)
            from person_questions r join people n on n.id = r.other join people k on k.id = r.one
            where r.is_apart and r.other in (
                select i.id from people i
                where i.id = any(array(select json_array_elements_text($1::json)::uuid))
                union select o.id from people o
                where o.merged_into = any(array(select json_array_elements_text($1::json)::uuid)))",
    };

    /// Whoever may be somebody: by a name, an address or a number of hers.
    CANDIDATES: PersonRow =
        "select * from people where id <> $1 and merged_into is null and erased_at is null
           and id in (select a.id from people a where a.merged_into is null and a.email = $2
                      union select b.id from people b
                            where b.merged_into is null and b.name_key = $3
                      union select c.id from people c
                            where c.merged_into is null and c.phone is not null and c.phone = $4
                      union select d.person from person_contacts d where d.value = $2
                      union select e.person from person_contacts e where e.value = $4)
         order by id limit 30";

    NOT_COMPARED: Uuid =
        "select id from people where compared_at is null and merged_into is null and erased_at is null
         order by id limit $1",
        reads_all: "walks an index of those who were not compared, until the batch ends";

    COMPARED = "update people set compared_at = $2 where id = $1";

    ASKS: i64 =
        "select count(*) from places where person = $1 and state = 'requested' and not superseded";

    KEYS: String = "select key from person_keys where person = $1 order by key";

    CONTACTS: (String, String) =
        "select kind, value from person_contacts where person = $1 order by added_at, id";

    ONE_BOOKING: i64 =
        "select count(*) from places p join places q on q.registration = p.registration
         where p.person = $1 and q.person = $2 and p.id <> q.id and p.number <> q.number";

    TWO_PLACES: i64 =
        "select count(*) from places p join sittings t on t.session = p.session
         join places q on q.person = $2 and q.session <> p.session
         join sittings u on u.session = q.session
         where p.person = $1 and p.state = 'confirmed' and q.state = 'confirmed'
           and t.starts_at < u.ends_at and u.starts_at < t.ends_at";

    ONE_DOOR: i64 =
        "select count(*) from places p join attendances a on a.place = p.id
         join places q on q.person = $2 join attendances b on b.place = q.id and b.sitting = a.sitting
         where p.person = $1 and a.presence = 'attended' and b.presence = 'attended'";

    FORGET_ONE = "delete from person_questions where one = $1";
    FORGET_OTHER = "delete from person_questions where other = $1";
    FORGET_CONTACTS = "delete from person_contacts where person = $1";
}

/// Two people who may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PossiblePair {
    /// One of them.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// Since when that is asked.
    pub asked_at: DateTime<Utc>,
}

/// Asks whether two people are one, unless that was asked before.
pub async fn ask(
    tx: &mut Tx,
    id: Uuid,
    (one, other): (PersonId, PersonId),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    ASK.run(tx, (id, one.min(other).uuid(), one.max(other).uuid(), now)).await?;
    Ok(())
}

/// What is asked, the oldest first; with `within`, between people of that organiser's alliances.
pub async fn open(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<PossiblePair>, StoreError> {
    let (total, _) = count(conn, within).await?;
    let Window { limit, offset } = window;
    let rows = match within {
        Some(login) => LIST_WITHIN.all(conn, (login.as_str(), limit, offset)).await?,
        None => LIST.all(conn, (limit, offset)).await?,
    };
    let read = |(one, other, asked_at)| PossiblePair {
        one: PersonId::new(one),
        other: PersonId::new(other),
        asked_at,
    };
    Ok(Found { items: rows.into_iter().map(read).collect(), total })
}

/// How many those are, and when the last was asked.
pub async fn count(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
) -> Result<(i64, Option<DateTime<Utc>>), StoreError> {
    match within {
        Some(login) => COUNT_WITHIN.one(conn, [login.as_str()]).await,
        None => COUNT.one(conn, ()).await,
    }
}

/// Writes down that two people are two, whether it was asked or not.
pub async fn say_apart(
    tx: &mut Tx,
    id: Uuid,
    (one, other): (PersonId, PersonId),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    ask(tx, id, (one, other), now).await?;
    for question in BETWEEN.values(tx, (one.uuid(), other.uuid())).await? {
        ANSWER.run(tx, (question, now, true)).await?;
    }
    Ok(())
}

/// Who is not whom, as an organiser said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart(Vec<(PersonId, PersonId)>);

impl Apart {
    /// Whom somebody is not.
    pub fn of(&self, person: Option<PersonId>) -> Vec<PersonId> {
        let hers = self.0.iter().filter(|(one, _)| Some(*one) == person);
        hers.map(|(_, other)| *other).collect()
    }
}

/// Whom some people are not, in one question for all of them.
pub async fn apart_from(conn: &mut Conn, people: &[PersonId]) -> Result<Apart, StoreError> {
    if people.is_empty() {
        return Ok(Apart::default());
    }
    let ids: Vec<_> = people.iter().map(|id| rows::key(id.uuid())).collect();
    let pairs = APART.all(conn, [rows::json(&ids)?]).await?;
    Ok(Apart(
        pairs.into_iter().map(|(one, other)| (PersonId::new(one), PersonId::new(other))).collect(),
    ))
}

/// Whether somebody asks for a place, which an organiser decides about.
pub async fn asks_for_a_place(conn: &mut Conn, person: PersonId) -> Result<bool, StoreError> {
    Ok(ASKS.value(conn, [person.uuid()]).await? > 0)
}

/// Whoever may be somebody, as far as an index can tell.
pub async fn candidates(conn: &mut Conn, person: &Person) -> Result<Vec<Person>, StoreError> {
    let email = person.email.as_ref().map(EmailAddress::as_str);
    let phone = person.phone.as_ref().map(PhoneNumber::as_str);
    let name = folded(person.name.as_str());
    let rows = CANDIDATES.all(conn, (person.id.uuid(), email, name, phone)).await?;
    rows.into_iter().map(PersonRow::read).collect()
}

/// Somebody with all her addresses and numbers, those that letters use first.
pub async fn all_of(conn: &mut Conn, person: Person) -> Result<KnownPerson, StoreError> {
    let (mut addresses, mut phones) = (Vec::new(), Vec::new());
    addresses.extend(person.email.clone());
    phones.extend(person.phone.clone());
    for (kind, value) in CONTACTS.all(conn, [person.id.uuid()]).await? {
        match kind.as_str() {
            "email" => addresses.push(EmailAddress::stored(&value)),
            _ => phones.push(PhoneNumber::stored(&value)),
        }
    }
    for key in KEYS.values(conn, [person.id.uuid()]).await? {
        addresses.extend(address_in(&key).map(EmailAddress::stored));
    }
    let mut seen = Vec::new();
    addresses.retain(|one| {
        !seen.contains(one) && {
            seen.push(one.clone());
            true
        }
    });
    let mut seen = Vec::new();
    phones.retain(|one| {
        !seen.contains(one) && {
            seen.push(one.clone());
            true
        }
    });
    Ok(KnownPerson { person, addresses, phones })
}

/// Where two people are or were together, or at once.
pub async fn met(conn: &mut Conn, one: PersonId, other: PersonId) -> Result<Met, StoreError> {
    let both = (one.uuid(), other.uuid());
    Ok(Met {
        in_one_booking: ONE_BOOKING.value(conn, both).await? > 0,
        in_two_places: TWO_PLACES.value(conn, both).await? > 0,
        at_one_door: ONE_DOOR.value(conn, both).await? > 0,
    })
}

/// Forgets what was asked about somebody who is erased, and how she was reached.
pub(super) async fn forget(tx: &mut Tx, person: Uuid) -> Result<(), StoreError> {
    for statement in [FORGET_ONE, FORGET_OTHER, FORGET_CONTACTS] {
        statement.run(tx, [person]).await?;
    }
    Ok(())
}

/// Some of those who were not compared with others yet.
pub async fn not_compared(conn: &mut Conn, most: i64) -> Result<Vec<PersonId>, StoreError> {
    let ids = NOT_COMPARED.values(conn, [most]).await?;
    Ok(ids.into_iter().map(PersonId::new).collect())
}

/// Notes that somebody was compared with others.
pub async fn compared(tx: &mut Tx, id: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
    COMPARED.run(tx, (id.uuid(), now)).await?;
    Ok(())
}
