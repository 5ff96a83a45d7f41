//! Registrations: who booked, for whom.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    places, rows,
};
use crate::domain::{
    attendee::Attendee,
    contact::{EmailAddress, PhoneNumber},
    finding::folded,
    id::{InstitutionCode, RegistrationId, SessionCode},
    place::Place,
    reference::Reference,
    registration::{Leader, Registration, Sender},
    text::{Name, Paragraph},
};

const TABLE: &str = "registrations";

row! {
    struct RegistrationRow {
        id: Uuid,
        reference: String,
        session: String,
        leader_name: String,
        leader_email: Option<String>,
        leader_phone: Option<String>,
        institution: Option<String>,
        institution_name: Option<String>,
        institution_typed: Option<String>,
        team: String,
        hold_extended: bool,
        asked: i32,
        nomination: Option<String>,
        booked_at: Option<DateTime<Utc>>,
        untold_since: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewRegistration<'a> {
        id: Uuid,
        reference: &'a str,
        session: &'a str,
        leader_name: &'a str,
        leader_email: Option<&'a str>,
        leader_phone: Option<&'a str>,
        institution: Option<&'a str>,
        institution_typed: Option<&'a str>,
        institution_key: Option<String>,
        team: &'a str,
        source: &'a str,
        attempt: Option<String>,
        attempt_fingerprint: Option<&'a [u8]>,
        hold_extended: bool,
        asked: i32,
        nomination: Option<&'a str>,
        created_at: DateTime<Utc>,
        booked_at: Option<DateTime<Utc>>,
        untold_since: Option<DateTime<Utc>>,
    }
}

statements! {
    FIND: RegistrationRow =
        "select r.*, i.name as institution_name from registrations r
         left join institutions i on i.code = r.institution where r.id = $1";

    FIND_ALL: RegistrationRow = {
        sqlite: "select r.*, i.name as institution_name from registrations r
            left join institutions i on i.code = r.institution
            where r.id in (select unhex(value) from json_each($1)) order by r.id",
        postgres: "select r.*, i.name as institution_name from registrations r
            left join institutions i on i.code = r.institution
            where r.id = any(array(select json_array_elements_text($1::json)::uuid))
            order by r.id",
    };

    FIND_BY_REFERENCE: Uuid =
        "select id from registrations where reference = $1 and booked_at is not null";

    WITH_REQUESTS: Uuid =
        "select r.id from registrations r join sessions s on s.code = r.session
         where r.booked_at is not null and s.publication = 'published'
           and exists (select 1 from places p
                       where p.registration = r.id and p.state = 'requested' and not p.superseded)
         order by r.booked_at, r.id",
        reads_all: "asked at the command line, about all sessions there are";

    REFERENCE_OF: String = "select reference from registrations where id = $1";

    OF_SESSION: RegistrationRow =
        "select r.*, i.name as institution_name from registrations r
         left join institutions i on i.code = r.institution
         where r.session = $1 and r.booked_at is not null order by r.booked_at, r.id";

    LED_BY: Uuid =
        "select r.id from registrations r
         where r.leader_email = $1 and r.booked_at is not null
           and exists (select 1 from sittings t where t.session = r.session and t.ends_at > $2)
         order by r.booked_at";

    ALL_LED_BY: Uuid =
        "select id from registrations where leader_email = $1 and booked_at is not null
         order by booked_at desc limit 200";

    BOOKED_SINCE: i64 =
        "select count(distinct coalesce(series_booking, id)) from registrations
         where leader_email = $1 and created_at > $2";

    INSERT(NewRegistration) = "insert into registrations (:columns) values (:values)
         on conflict (reference) do nothing";

    FIND_ATTEMPT: (Uuid, Option<Vec<u8>>) =
        "select id, attempt_fingerprint from registrations where attempt = $1";

    MARK_BOOKED =
        "update registrations set booked_at = $2, nomination = $3
         where id = $1 and booked_at is null";

    SET_ASKED = "update registrations set asked = $2 where id = $1";

    MARK_TOLD = "update registrations set untold_since = null where id = $1";

    REST = "update registrations set rests_until = $2 where id = $1";

    SAY_WHY = "update registrations set nomination = $2 where id = $1";

    /// Who she is, is asked anew.
    CHANGE_LEADER =
        "update registrations set leader_name = $2, leader_email = $3, leader_phone = $4,
             person = null
         where id = $1";

    MARK_HOLD_EXTENDED = "update registrations set hold_extended = $2 where id = $1";
}

impl RegistrationRow {
    fn read(self) -> Result<Registration, StoreError> {
        let id = self.id;
        let sender = match (self.institution, self.institution_name, self.institution_typed) {
            (Some(code), Some(name), _) => {
                Sender::Listed { code: parse(TABLE, "institution", &id, &code)?, name }
            }
            (_, _, Some(typed)) => Sender::NotListed(Name::stored(&typed)),
            _ => Sender::Herself,
        };
        Ok(Registration {
            id: RegistrationId::new(id),
            reference: parse(TABLE, "reference", &id, &self.reference)?,
            session: parse(TABLE, "session", &id, &self.session)?,
            leader: Leader {
                name: Name::stored(&self.leader_name),
                email: self.leader_email.as_deref().map(EmailAddress::stored),
                phone: self.leader_phone.as_deref().map(PhoneNumber::stored),
            },
            sender,
            team: parse(TABLE, "team", &id, &self.team)?,
            booked_at: self.booked_at,
            hold_extended: self.hold_extended,
            asked: count(self.asked),
            nomination: self.nomination.as_deref().and_then(Paragraph::stored),
            untold_since: self.untold_since,
            places: Vec::new(),
        })
    }
}

/// One registration with its places.
pub async fn find(conn: &mut Conn, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
    let row = FIND.optional(conn, [id.uuid()]).await?;
    let Some(row) = row else { return Ok(None) };
    let mut registration = row.read()?;
    registration.places = places::of_registration(conn, id).await?;
    Ok(Some(registration))
}

/// Some registrations with their places.
pub async fn find_all(
    conn: &mut Conn,
    ids: &[RegistrationId],
) -> Result<Vec<Registration>, StoreError> {
    let keys = rows::json(&ids.iter().map(|id| rows::key(id.uuid())).collect::<Vec<_>>())?;
    let found = FIND_ALL.all(conn, [keys.as_str()]).await?;
    let mut places = places::of_registrations(conn, &keys).await?;
    found.into_iter().map(|row| with_places(row, &mut places)).collect()
}

fn with_places(
    row: RegistrationRow,
    places: &mut HashMap<RegistrationId, Vec<Place>>,
) -> Result<Registration, StoreError> {
    let mut registration = row.read()?;
    registration.places = places.remove(&registration.id).unwrap_or_default();
    Ok(registration)
}

/// The registration with a reference, if it was sent off.
pub async fn find_by_reference(
    conn: &mut Conn,
    reference: &Reference,
) -> Result<Option<RegistrationId>, StoreError> {
    let row = FIND_BY_REFERENCE.optional_value(conn, [reference.as_str()]).await?;
    Ok(row.map(RegistrationId::new))
}

/// The registrations that ask for places on sessions still to come, oldest first, with all their
/// places.
pub async fn with_requests(conn: &mut Conn) -> Result<Vec<Registration>, StoreError> {
    let ids = WITH_REQUESTS.values(conn, ()).await?;
    let mut asked = Vec::with_capacity(ids.len());
    for id in ids {
        asked.extend(find(conn, RegistrationId::new(id)).await?);
    }
    Ok(asked)
}

/// What a registration is called on the telephone.
pub async fn reference_of(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Option<Reference>, StoreError> {
    let found = REFERENCE_OF.optional_value(conn, [id.uuid()]).await?;
    found.map(|reference| parse(TABLE, "reference", &id, &reference)).transpose()
}

/// The registrations of a session that were sent off, with their places, oldest first.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<Registration>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    let mut by_registration = places::of_session(conn, session).await?;
    rows.into_iter().map(|row| with_places(row, &mut by_registration)).collect()
}

/// The registrations this address leads whose session is not over at `now`.
pub async fn led_by(
    conn: &mut Conn,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Vec<RegistrationId>, StoreError> {
    let ids = LED_BY.values(conn, (email.as_str(), now)).await?;
    Ok(ids.into_iter().map(RegistrationId::new).collect())
}

/// The registrations this address leads, past ones as well, latest first: as many as one page shows.
pub async fn all_led_by(
    conn: &mut Conn,
    email: &EmailAddress,
) -> Result<Vec<Registration>, StoreError> {
    let ids = ALL_LED_BY.values(conn, [email.as_str()]).await?;
    find_all(conn, &ids.into_iter().map(RegistrationId::new).collect::<Vec<_>>()).await
}

/// How many bookings were made under this address after `since`.
pub async fn booked_since(
    conn: &mut Conn,
    email: &EmailAddress,
    since: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let made = BOOKED_SINCE.value(conn, (email.as_str(), since)).await?;
    Ok(u32::try_from(made).unwrap_or(u32::MAX))
}

/// How a registration came in, and the key that makes a repeated request the same one (B5).
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// `web`, `api`, `import`.
    pub source: &'a str,
    /// Unique for the attempt, if the caller gave one.
    pub attempt: Option<&'a str>,
    /// Hash of what was asked, so that a key used for something else is noticed.
    pub fingerprint: Option<&'a [u8]>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds a registration without its places; `false` if its reference is taken, so that another must
/// be drawn.
///
/// # Errors
/// [`StoreError::Taken`] when the attempt is taken.
pub async fn insert(
    tx: &mut Tx,
    registration: &Registration,
    origin: Origin<'_>,
) -> Result<bool, StoreError> {
    let typed = match &registration.sender {
        Sender::NotListed(name) => Some(name.as_str()),
        _ => None,
    };
    let new = NewRegistration {
        id: registration.id.uuid(),
        reference: registration.reference.as_str(),
        session: registration.session.as_str(),
        leader_name: registration.leader.name.as_str(),
        leader_email: registration.leader.email.as_ref().map(EmailAddress::as_str),
        leader_phone: registration.leader.phone.as_ref().map(PhoneNumber::as_str),
        institution: registration.sender.code().map(InstitutionCode::as_str),
        institution_typed: typed,
        institution_key: typed.map(folded),
        team: registration.team.as_str(),
        source: origin.source,
        attempt: origin.attempt.map(rows::attempt),
        attempt_fingerprint: origin.fingerprint,
        hold_extended: registration.hold_extended,
        asked: column(registration.asked),
        nomination: registration.nomination.as_ref().map(Paragraph::as_str),
        created_at: origin.at,
        booked_at: registration.booked_at,
        untold_since: registration.untold_since,
    };
    let written = INSERT.run(tx, new).await?;
    Ok(written == 1)
}

/// The registration made by an attempt, and what was asked then.
pub async fn find_attempt(
    conn: &mut Conn,
    attempt: &str,
) -> Result<Option<(RegistrationId, Option<Vec<u8>>)>, StoreError> {
    let row = FIND_ATTEMPT.optional(conn, [rows::attempt(attempt)]).await?;
    Ok(row.map(|(id, fingerprint)| (RegistrationId::new(id), fingerprint)))
}

/// Marks a registration as sent off, with why people without a prerequisite should come.
pub async fn mark_booked(
    tx: &mut Tx,
    id: RegistrationId,
    nomination: Option<&Paragraph>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    MARK_BOOKED.run(tx, (id.uuid(), at, nomination.map(Paragraph::as_str))).await?;
    Ok(())
}

/// Writes how many places were asked for, while the leader is still typing.
pub async fn set_asked(tx: &mut Tx, id: RegistrationId, asked: u32) -> Result<(), StoreError> {
    SET_ASKED.run(tx, (id.uuid(), column(asked))).await?;
    Ok(())
}

/// Writes that a registration that nobody was told of is told now.
pub async fn mark_told(tx: &mut Tx, id: RegistrationId) -> Result<(), StoreError> {
    MARK_TOLD.run(tx, [id.uuid()]).await?;
    Ok(())
}

/// Leaves a registration in peace until a moment: it is offered nothing before.
pub async fn rest(tx: &mut Tx, id: RegistrationId, until: DateTime<Utc>) -> Result<(), StoreError> {
    REST.run(tx, (id.uuid(), until)).await?;
    Ok(())
}

/// Remembers that the one extension of a hold is used up.
pub async fn mark_hold_extended(tx: &mut Tx, id: RegistrationId) -> Result<(), StoreError> {
    MARK_HOLD_EXTENDED.run(tx, (id.uuid(), true)).await?;
    Ok(())
}

/// Adds why somebody should come who has not done what comes first to what was said of others.
pub async fn say_why(
    tx: &mut Tx,
    registration: &Registration,
    who: &Attendee,
    why: &Paragraph,
) -> Result<(), StoreError> {
    let said = registration.nomination.iter().map(|said| said.as_str().to_owned());
    let said = said.chain([format!("{}: {}", who.name, why.as_str())]);
    let said = said.collect::<Vec<_>>().join("\n");
    SAY_WHY.run(tx, (registration.id.uuid(), said)).await?;
    Ok(())
}

/// Writes who looks after a booking, and how to reach her.
pub async fn change_leader(
    tx: &mut Tx,
    id: RegistrationId,
    leader: &Leader,
) -> Result<(), StoreError> {
    let email = leader.email.as_ref().map(EmailAddress::as_str);
    let phone = leader.phone.as_ref().map(PhoneNumber::as_str);
    CHANGE_LEADER.run(tx, (id.uuid(), leader.name.as_str(), email, phone)).await?;
    Ok(())
}
