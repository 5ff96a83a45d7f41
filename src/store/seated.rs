//! Who is on a session, for whoever is named for it again (H2).

use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{count, parse},
    rows,
};
use crate::domain::{
    already::Seated,
    contact::EmailAddress,
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

    NAMED: String = {
        sqlite: "select json_group_array(json_array(p.name, p.email, lower(hex(p.person))))
            from places p join registrations r on r.id = p.registration
            where p.session = $1 and p.state in ('requested', 'waiting', 'offered', 'confirmed')
              and not p.superseded and r.booked_at is not null and p.name is not null",
        postgres: "select coalesce(json_agg(json_build_array(p.name, p.email, replace(p.person::text, '-', ''))), '[]')::text
            from places p join registrations r on r.id = p.registration
            where p.session = $1 and p.state in ('requested', 'waiting', 'offered', 'confirmed')
              and not p.superseded and r.booked_at is not null and p.name is not null",
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

/// Somebody on a session, as far as it takes to see whether she may be somebody else.
pub struct Glimpse {
    /// Her name.
    pub name: Name,
    /// Her address.
    pub email: Option<EmailAddress>,
    /// Whom she was recognised as.
    pub person: Option<PersonId>,
}

/// The names and addresses of everybody on a session. In one row: a session of hundreds is read for each who is named
/// for it, under its lock, and each row would cross from the database's thread by itself.
pub async fn named(conn: &mut Conn, session: &SessionCode) -> Result<Vec<Glimpse>, StoreError> {
    type Line = (String, Option<String>, Option<String>);
    let text = NAMED.value(conn, [session.as_str()]).await?;
    let corrupt = || StoreError::Corrupt { table: TABLE, column: "name", row: session.to_string() };
    let lines: Vec<Line> = serde_json::from_str(&text).map_err(|_| corrupt())?;
    let glimpse = |(name, email, person): Line| {
        let person = person.filter(|person| !person.is_empty());
        let person = person.map(|text| Uuid::parse_str(&text).map_err(|_| corrupt()));
        Ok(Glimpse {
            name: Name::stored(&name),
            email: email.as_deref().map(EmailAddress::stored),
            person: person.transpose()?.map(PersonId::new),
        })
    };
    lines.into_iter().map(glimpse).collect()
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
