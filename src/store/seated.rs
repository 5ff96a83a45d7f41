//! Who is on a session, for whoever is named for it again (H2).

use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{count, parse},
    rows,
};
use crate::domain::{
    already::Seated,
    attendee::Attendee,
    contact::EmailAddress,
    finding::folded,
    id::{PersonId, PlaceId, RegistrationId, SessionCode},
    person::address_in,
    text::Name,
};

const TABLE: &str = "places";

row! {
    struct SeatedRow {
        id: Uuid,
        number: i32,
        registration: Uuid,
        reference: String,
        leader_name: String,
        name: Option<String>,
        email: Option<String>,
        institution: Option<String>,
        person: Option<Uuid>,
        state: String,
        queue: Option<i64>,
    }
}

statements! {
    OF_SESSION: SeatedRow =
        "select p.id, p.number, p.registration, r.reference, r.leader_name, p.name, p.email,
             r.institution, p.person, p.state, p.queue
         from places p join registrations r on r.id = p.registration
         where p.session = $1 and p.state in ('requested', 'waiting', 'offered', 'confirmed')
           and not p.superseded and r.booked_at is not null
         order by p.registration, p.number";

    /// How many of some keys are somebody's, and how many places of the session may be hers who is named: by her
    /// name, by her address, by whom we know, and those whose names have no key yet. The signs keep SQLite from
    /// walking all places of the session where it has a shorter way.
    GLIMPSED: (i64, i64) = {
        sqlite: "select (select count(*) from person_keys where key in (select value from json_each($4))),
            (select count(*) from places where session = $1 and name_key in (select value from json_each($2))
                and +state in ('requested', 'waiting', 'offered', 'confirmed'))
            + (select count(*) from places where email is not null and +session = $1
                and email in (select value from json_each($3))
                and +state in ('requested', 'waiting', 'offered', 'confirmed'))
            + (select count(*) from person_keys k join places p on p.person = k.person
                where k.key in (select value from json_each($4)) and +p.session = $1
                and +p.state in ('requested', 'waiting', 'offered', 'confirmed'))
            + (select count(*) from places where session = $1 and name_key is null and name is not null
                and erased_at is null)",
        postgres: "select (select count(*) from person_keys
                where key = any(array(select json_array_elements_text($4::json)))),
            (select count(*) from places where session = $1
                and name_key = any(array(select json_array_elements_text($2::json)))
                and state in ('requested', 'waiting', 'offered', 'confirmed'))
            + (select count(*) from places where email is not null and session = $1
                and email = any(array(select json_array_elements_text($3::json)))
                and state in ('requested', 'waiting', 'offered', 'confirmed'))
            + (select count(*) from person_keys k join places p on p.person = k.person
                where k.key = any(array(select json_array_elements_text($4::json))) and p.session = $1
                and p.state in ('requested', 'waiting', 'offered', 'confirmed'))
            + (select count(*) from places where session = $1 and name_key is null and name is not null
                and erased_at is null)",
    };

    KNOWN: (String, Uuid) = {
        sqlite: "select key, person from person_keys
            where key in (select value from json_each($1))",
        postgres: "select key, person from person_keys
            where key = any(array(select json_array_elements_text($1::json)))",
    };

    KEYS_OF: String = {
        sqlite: "select key from person_keys
            where person in (select unhex(value) from json_each($1))",
        postgres: "select key from person_keys
            where person = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    KEYS_OF_ONE: String = "select key from person_keys where person = $1";

    SAY_APART = {
        sqlite: "update places set apart = $2
            where id in (select unhex(value) from json_each($1))",
        postgres: "update places set apart = $2
            where id = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    APART: i32 = "select number from places where registration = $1 and apart order by number";
}

impl SeatedRow {
    fn read(self) -> Result<Seated, StoreError> {
        let id = self.id;
        Ok(Seated {
            place: PlaceId::new(id),
            number: count(self.number),
            registration: RegistrationId::new(self.registration),
            reference: parse(TABLE, "reference", &id, &self.reference)?,
            leader: Name::stored(&self.leader_name),
            name: self.name.as_deref().map(Name::stored),
            email: self.email.as_deref().map(EmailAddress::stored),
            institution: self
                .institution
                .map(|text| parse(TABLE, "institution", &id, &text))
                .transpose()?,
            person: self.person.map(PersonId::new),
            status: parse(TABLE, "state", &id, &self.state)?,
            queue: self.queue,
        })
    }
}

/// Everybody who has a place on a session, waits for one, or asks for one.
pub async fn of_session(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Seated>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    rows.into_iter().map(SeatedRow::read).collect()
}

/// What indexes say of those who are named for a session, before anything is read of who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glimpse {
    /// Whether we know any of them from before.
    pub any_known: bool,
    /// Whether somebody there may be one of them. Too often costs a look at everybody; too seldom would
    /// let somebody in twice.
    pub any_there: bool,
}

/// Whether any of `people`, each with the key that would recognise her, may be on a session already.
pub async fn glimpsed(
    conn: &mut Conn,
    session: &SessionCode,
    people: &[(&Attendee, String)],
) -> Result<Glimpse, StoreError> {
    let names: Vec<_> = people.iter().map(|(who, _)| folded(who.name.as_str())).collect();
    let emails: Vec<_> =
        people.iter().filter_map(|(who, _)| Some(who.email.as_ref()?.as_str())).collect();
    let keys: Vec<_> = people.iter().map(|(_, key)| key).collect();
    let lists = (rows::json(&names)?, rows::json(&emails)?, rows::json(&keys)?);
    let asked = (session.as_str(), lists.0, lists.1, lists.2);
    let (known, there) = GLIMPSED.one(conn, asked).await?;
    Ok(Glimpse { any_known: known > 0, any_there: there > 0 })
}

/// Whom some keys recognise.
pub async fn known(
    conn: &mut Conn,
    keys: &[String],
) -> Result<Vec<(String, PersonId)>, StoreError> {
    let rows = KNOWN.all(conn, [rows::json(keys)?]).await?;
    Ok(rows.into_iter().map(|(key, person)| (key, PersonId::new(person))).collect())
}

/// Everything that somebody is recognised by.
pub async fn keys_of(conn: &mut Conn, person: PersonId) -> Result<Vec<String>, StoreError> {
    KEYS_OF_ONE.values(conn, [person.uuid()]).await
}

/// Every address that some people are recognised by.
pub async fn addresses_of(
    conn: &mut Conn,
    known: &[(String, PersonId)],
) -> Result<Vec<String>, StoreError> {
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = known.iter().map(|(_, person)| rows::key(person.uuid())).collect();
    let keys = KEYS_OF.values(conn, [rows::json(&ids)?]).await?;
    Ok(keys.iter().filter_map(|key| address_in(key)).map(str::to_owned).collect())
}

/// Writes whether it was said that whoever sits on these places is somebody else than her namesakes
/// on the session.
pub async fn say_apart(tx: &mut Tx, places: &[PlaceId], is_apart: bool) -> Result<(), StoreError> {
    let ids: Vec<_> = places.iter().map(|id| rows::key(id.uuid())).collect();
    SAY_APART.run(tx, (rows::json(&ids)?, is_apart)).await?;
    Ok(())
}

/// The numbers of a booking's places of which that was said.
pub async fn apart(conn: &mut Conn, id: RegistrationId) -> Result<Vec<u32>, StoreError> {
    let numbers = APART.values(conn, [id.uuid()]).await?;
    Ok(numbers.into_iter().map(count).collect())
}
