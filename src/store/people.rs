//! The people we know, and under what they are recognised.

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use super::people_search::{known, known_as, namesakes, recognised_by_address, search};

use super::{Conn, StoreError, Tx, codec::parse, finding::person_key, person_questions};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    finding::{folded, sort_key},
    id::{InstitutionCode, PersonId, PlaceId, RegistrationId, SessionCode, StaffLogin, WalkInId},
    person::Person,
    place::PlaceStatus,
    reference::Reference,
    text::Name,
};

const TABLE: &str = "people";

type UnknownRow = (Uuid, String, Option<String>, Option<String>, Option<String>);

row! {
    pub(super) struct PersonRow {
        id: Uuid,
        name: String,
        email: Option<String>,
        phone: Option<String>,
        institution: Option<String>,
        known_since: DateTime<Utc>,
        archived_at: Option<DateTime<Utc>>,
        merged_into: Option<Uuid>,
    }
}

arguments! {
    struct PersonColumns<'a> {
        id: Uuid,
        name: &'a str,
        email: Option<&'a str>,
        phone: Option<&'a str>,
        institution: Option<&'a str>,
        archived_at: Option<DateTime<Utc>>,
        name_key: String,
        search_key: String,
        sort_key: Vec<u8>,
    }
}

arguments! {
    struct NewPerson<'a> {
        id: Uuid,
        name: &'a str,
        email: Option<&'a str>,
        phone: Option<&'a str>,
        institution: Option<&'a str>,
        known_since: DateTime<Utc>,
        name_key: String,
        search_key: String,
        sort_key: Vec<u8>,
    }
}

statements! {
    UNKNOWN_ON_PLACES: UnknownRow =
        "select p.id, p.name, p.email, null as phone, r.institution
         from places p join registrations r on r.id = p.registration
         where p.person is null and p.name is not null and p.erased_at is null
           and r.booked_at is not null
           and p.state <> 'expired' order by p.id limit $1";

    UNKNOWN_LEADERS: UnknownRow =
        "select id, leader_name, leader_email, leader_phone, institution from registrations
         where person is null and erased_at is null and booked_at is not null order by id limit $1";

    UNKNOWN_WALK_INS: UnknownRow =
        "select id, name, email, null as phone, institution_code from walk_ins
         where person is null and removed_at is null and erased_at is null order by id limit $1";

    LINK_WALK_IN = "update walk_ins set person = $2 where id = $1";

    BY_KEY: Uuid = "select person from person_keys where key = $1";

    OF_PLACE: Option<Uuid> = "select person from places where id = $1";

    OF_BOOKING: Option<Uuid> = "select person from registrations where id = $1";

    INSERT(NewPerson) = "insert into people (:columns) values (:values)";

    DELETE = "delete from people where id = $1";

    ADD_KEY = "insert into person_keys (key, person) values ($1, $2) on conflict (key) do nothing";

    LINK_PLACE = "update places set person = $2 where id = $1";

    LINK_REGISTRATION = "update registrations set person = $2 where id = $1";

    FIND: PersonRow = "select * from people where id = $1";

    IS_WITHIN: i64 =
        "select count(*) from people h left join institutions i on i.code = h.institution
         where h.id = $1
           and (i.alliance in (select a.alliance from staff_alliances a where a.login = $2)
                or exists (select 1 from places p join sessions s on s.code = p.session
                           join staff_alliances a on a.alliance = s.alliance
                           where p.person = h.id and a.login = $2)
                or exists (select 1 from registrations r join sessions s on s.code = r.session
                           join staff_alliances a on a.alliance = s.alliance
                           where r.person = h.id and a.login = $2))";

    ALIKE: PersonRow =
        "select * from people where id <> $1 and erased_at is null
           and id in (select a.id from people a where a.merged_into is null and a.email = $2
                      union
                      select b.id from people b
                      where b.merged_into is null and b.name_key = $3)
         order by sort_key, id limit 20";

    /// A day on which she was seen on two places counts once, on the first of them.
    SEATS: (String, String, String, i64) =
        "select p.session, r.reference, p.state,
                (select count(*) from attendances a
                 where a.place = p.id and a.presence = 'attended' and not exists
                     (select 1 from places q join attendances b on b.place = q.id
                      where q.person = p.person and q.session = p.session and q.id < p.id
                        and b.sitting = a.sitting and b.presence = 'attended'))
         from places p join registrations r on r.id = p.registration
         where p.person = $1 and not p.superseded and p.state not in ('held', 'expired')
         order by (select max(t.starts_at) from sittings t where t.session = p.session) desc,
                  r.reference";

    LED: i64 = "select count(*) from registrations where person = $1 and booked_at is not null";

    LOCK = "update people set version = version + 1 where id = $1";

    UPDATE(PersonColumns) =
        "update people set name = :name, email = :email, phone = :phone,
             institution = :institution, archived_at = :archived_at, name_key = :name_key,
             search_key = :search_key, sort_key = :sort_key where id = :id";
}

impl PersonRow {
    pub(super) fn read(self) -> Result<Person, StoreError> {
        let id = self.id;
        let institution = self.institution.map(|text| parse(TABLE, "institution", &id, &text));
        Ok(Person {
            id: PersonId::new(id),
            name: Name::stored(&self.name),
            email: self.email.as_deref().map(EmailAddress::stored),
            phone: self.phone.as_deref().map(PhoneNumber::stored),
            institution: institution.transpose()?,
            known_since: self.known_since,
            archived_at: self.archived_at,
            merged_into: self.merged_into.map(PersonId::new),
        })
    }
}

/// Where somebody stands who is not recognised yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// On a place.
    Place(PlaceId),
    /// As the leader of a booking.
    Leader(RegistrationId),
    /// At a door, without a booking.
    WalkIn(WalkInId),
    /// Nowhere yet: the office knows her beforehand.
    Nowhere,
}

/// Somebody who is not recognised yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Where.
    pub standing: Whereabouts,
    /// Her name.
    pub name: Name,
    /// Her address.
    pub email: Option<EmailAddress>,
    /// Her number.
    pub phone: Option<PhoneNumber>,
    /// Whom she comes for.
    pub institution: Option<InstitutionCode>,
}

fn unknown(row: UnknownRow, standing: fn(Uuid) -> Whereabouts) -> Result<Unknown, StoreError> {
    let (id, name, email, phone, institution) = row;
    Ok(Unknown {
        standing: standing(id),
        name: Name::stored(&name),
        email: email.as_deref().map(EmailAddress::stored),
        phone: phone.as_deref().map(PhoneNumber::stored),
        institution: institution
            .map(|text| parse("registrations", "institution", &id, &text))
            .transpose()?,
    })
}

/// At most `most` people on places, and as many who lead bookings, who are not recognised yet. Who
/// typed and never booked stays nobody.
pub async fn not_recognised(conn: &mut Conn, most: i64) -> Result<Vec<Unknown>, StoreError> {
    let places = UNKNOWN_ON_PLACES.all(conn, [most]).await?;
    let leaders = UNKNOWN_LEADERS.all(conn, [most]).await?;
    let walk_ins = UNKNOWN_WALK_INS.all(conn, [most]).await?;
    let walk_in = |id| Whereabouts::WalkIn(WalkInId::new(id));
    let place = |id| Whereabouts::Place(PlaceId::new(id));
    let leader = |id| Whereabouts::Leader(RegistrationId::new(id));
    let places = places.into_iter().map(|row| unknown(row, place));
    let leaders = leaders.into_iter().map(|row| unknown(row, leader));
    let walk_ins = walk_ins.into_iter().map(|row| unknown(row, walk_in));
    places.chain(leaders).chain(walk_ins).collect()
}

/// Whom a key recognises.
pub async fn recognised(conn: &mut Conn, key: &str) -> Result<Option<PersonId>, StoreError> {
    let person = BY_KEY.optional_value(conn, [key]).await?;
    Ok(person.map(PersonId::new))
}

/// Whom somebody on a place was recognised as.
pub async fn of_place(conn: &mut Conn, place: PlaceId) -> Result<Option<PersonId>, StoreError> {
    let person = OF_PLACE.optional_value(conn, [place.uuid()]).await?;
    Ok(person.flatten().map(PersonId::new))
}

/// Whom the leader of a booking was recognised as.
pub async fn of_booking(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Option<PersonId>, StoreError> {
    let person = OF_BOOKING.optional_value(conn, [id.uuid()]).await?;
    Ok(person.flatten().map(PersonId::new))
}

/// Whom a key recognises; a new person of this id where it recognises nobody.
pub async fn recognise(
    tx: &mut Tx,
    key: &str,
    who: &Unknown,
    new: PersonId,
    now: DateTime<Utc>,
) -> Result<PersonId, StoreError> {
    if let Some(id) = BY_KEY.optional_value(tx, [key]).await? {
        learn_phone(tx, PersonId::new(id), who).await?;
        return Ok(PersonId::new(id));
    }
    let row = NewPerson {
        id: new.uuid(),
        name: who.name.as_str(),
        email: who.email.as_ref().map(EmailAddress::as_str),
        phone: who.phone.as_ref().map(PhoneNumber::as_str),
        institution: who.institution.as_ref().map(InstitutionCode::as_str),
        known_since: now,
        name_key: folded(who.name.as_str()),
        search_key: person_key(
            who.name.as_str(),
            who.email.as_ref().map(EmailAddress::as_str),
            who.phone.as_ref().map(PhoneNumber::as_str),
        ),
        sort_key: sort_key(who.name.as_str()),
    };
    INSERT.run(tx, row).await?;
    add_key(tx, key, new).await?;
    // Another node may have met her first: then the key is hers there, and nobody is new.
    let person = BY_KEY.value(tx, [key]).await?;
    if person != new.uuid() {
        DELETE.run(tx, [new.uuid()]).await?;
    }
    Ok(PersonId::new(person))
}

/// Keeps the number of somebody of whom none is known: she is found by it.
async fn learn_phone(tx: &mut Tx, id: PersonId, who: &Unknown) -> Result<(), StoreError> {
    let Some(phone) = &who.phone else { return Ok(()) };
    match find(tx, id).await? {
        Some(known) if known.phone.is_none() => {
            update(tx, &Person { phone: Some(phone.clone()), ..known }).await
        }
        _ => Ok(()),
    }
}

/// Lets a key recognise somebody, unless it recognises somebody already.
pub async fn add_key(tx: &mut Tx, key: &str, person: PersonId) -> Result<(), StoreError> {
    ADD_KEY.run(tx, (key, person.uuid())).await?;
    Ok(())
}

/// Writes who it is that stands there.
pub async fn link(tx: &mut Tx, standing: Whereabouts, person: PersonId) -> Result<(), StoreError> {
    match standing {
        Whereabouts::Place(id) => LINK_PLACE.run(tx, (id.uuid(), person.uuid())).await?,
        Whereabouts::WalkIn(id) => LINK_WALK_IN.run(tx, (id.uuid(), person.uuid())).await?,
        Whereabouts::Leader(id) => LINK_REGISTRATION.run(tx, (id.uuid(), person.uuid())).await?,
        Whereabouts::Nowhere => 0,
    };
    Ok(())
}

/// Somebody.
pub async fn find(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, StoreError> {
    let row = FIND.optional(conn, [id.uuid()]).await?;
    row.map(PersonRow::read).transpose()
}

/// Somebody, not to be changed by anybody else until the transaction ends.
pub async fn lock(tx: &mut Tx, id: PersonId) -> Result<Option<Person>, StoreError> {
    LOCK.run(tx, [id.uuid()]).await?;
    find(tx, id).await
}

/// Whether somebody is of an organiser's alliances.
pub async fn is_within(
    conn: &mut Conn,
    id: PersonId,
    login: &StaffLogin,
) -> Result<bool, StoreError> {
    let found = IS_WITHIN.value(conn, (id.uuid(), login.as_str())).await?;
    Ok(found > 0)
}

/// Others who may be the same person: of the same address, or of the same name, unless it was said that they are two.
pub async fn alike(conn: &mut Conn, person: &Person) -> Result<Vec<Person>, StoreError> {
    let email = person.email.as_ref().map(EmailAddress::as_str);
    let rows = ALIKE.all(conn, (person.id.uuid(), email, folded(person.name.as_str()))).await?;
    let apart = person_questions::apart_from(conn, &[person.id]).await?.of(Some(person.id));
    let alike = rows.into_iter().map(PersonRow::read).collect::<Result<Vec<_>, _>>()?;
    Ok(alike.into_iter().filter(|other| !apart.contains(&other.id)).collect())
}

/// A place somebody has or had, with how many days she came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatOfPerson {
    /// The session.
    pub session: SessionCode,
    /// The booking's reference.
    pub reference: Reference,
    /// Where the place stands.
    pub status: PlaceStatus,
    /// How many days she attended.
    pub attended: i64,
}

/// The places somebody has or had, latest session first.
pub async fn seats(conn: &mut Conn, id: PersonId) -> Result<Vec<SeatOfPerson>, StoreError> {
    let rows = SEATS.all(conn, [id.uuid()]).await?;
    let read = |(session, reference, state, attended): (String, String, String, i64)| {
        Ok(SeatOfPerson {
            session: parse("places", "session", &reference, &session)?,
            status: parse("places", "state", &reference, &state)?,
            reference: parse("registrations", "reference", &reference, &reference)?,
            attended,
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many bookings somebody led.
pub async fn led(conn: &mut Conn, id: PersonId) -> Result<i64, StoreError> {
    LED.value(conn, [id.uuid()]).await
}

/// Writes what we know of somebody.
pub async fn update(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    let row = PersonColumns {
        id: person.id.uuid(),
        name: person.name.as_str(),
        email: person.email.as_ref().map(EmailAddress::as_str),
        phone: person.phone.as_ref().map(PhoneNumber::as_str),
        institution: person.institution.as_ref().map(InstitutionCode::as_str),
        archived_at: person.archived_at,
        name_key: folded(person.name.as_str()),
        search_key: person_key(
            person.name.as_str(),
            person.email.as_ref().map(EmailAddress::as_str),
            person.phone.as_ref().map(PhoneNumber::as_str),
        ),
        sort_key: sort_key(person.name.as_str()),
    };
    UPDATE.run(tx, row).await?;
    Ok(())
}
