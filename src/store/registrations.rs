//! Registrations: who booked, for whom.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    places,
};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    id::{InstitutionCode, RegistrationId, SessionCode},
    reference::Reference,
    registration::{Leader, Registration, Sender},
    text::{Name, Paragraph},
};

#[derive(FromRow)]
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
}

const TABLE: &str = "registrations";

impl RegistrationRow {
    fn read(self) -> Result<Registration, StoreError> {
        let id = self.id;
        let name = |column, text: &str| {
            Name::parse(text).map_err(|_| StoreError::Corrupt {
                table: TABLE,
                column,
                row: id.to_string(),
            })
        };
        let sender = match (self.institution, self.institution_name, self.institution_typed) {
            (Some(code), Some(name), _) => {
                Sender::Listed { code: parse(TABLE, "institution", &id, &code)?, name }
            }
            (_, _, Some(typed)) => Sender::NotListed(name("institution_typed", &typed)?),
            _ => Sender::Herself,
        };
        let nomination = self.nomination.as_deref().map(Paragraph::parse_optional).transpose();
        let nomination = nomination.map_err(|_| StoreError::Corrupt {
            table: TABLE,
            column: "nomination",
            row: id.to_string(),
        })?;
        let email = self.leader_email.map(|text| parse(TABLE, "leader_email", &id, &text));
        let phone = self.leader_phone.map(|text| parse(TABLE, "leader_phone", &id, &text));
        Ok(Registration {
            id: RegistrationId::new(id),
            reference: parse(TABLE, "reference", &id, &self.reference)?,
            session: parse(TABLE, "session", &id, &self.session)?,
            leader: Leader {
                name: name("leader_name", &self.leader_name)?,
                email: email.transpose()?,
                phone: phone.transpose()?,
            },
            sender,
            team: parse(TABLE, "team", &id, &self.team)?,
            booked_at: self.booked_at,
            hold_extended: self.hold_extended,
            asked: count(self.asked),
            nomination: nomination.flatten(),
            places: Vec::new(),
        })
    }
}

/// One registration with its places.
pub async fn find(conn: &mut Conn, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
    let row = run!(
        opt RegistrationRow, conn,
        "select r.*, i.name as institution_name from registrations r
         left join institutions i on i.code = r.institution where r.id = $1",
        id.uuid(),
    )?;
    let Some(row) = row else { return Ok(None) };
    let mut registration = row.read()?;
    registration.places = places::of_registration(conn, id).await?;
    Ok(Some(registration))
}

/// The registration with a reference, if it was sent off.
pub async fn find_by_reference(
    conn: &mut Conn,
    reference: &Reference,
) -> Result<Option<RegistrationId>, StoreError> {
    let text = "select id from registrations where reference = $1 and booked_at is not null";
    let row = run!(opt(Uuid,), conn, text, reference.as_str())?;
    Ok(row.map(|(id,)| RegistrationId::new(id)))
}

/// The registrations that ask for places on sessions still to come, oldest first, with all their
/// places.
pub async fn with_requests(conn: &mut Conn) -> Result<Vec<Registration>, StoreError> {
    let ids = run!(
        values Uuid, conn,
        "select r.id from registrations r join sessions s on s.code = r.session
         where r.booked_at is not null and s.publication = 'published'
           and exists (select 1 from places p
                       where p.registration = r.id and p.state = 'requested' and not p.superseded)
         order by r.booked_at, r.id",
    )?;
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
    let text = "select reference from registrations where id = $1";
    let found = run!(opt(String,), conn, text, id.uuid())?;
    found.map(|(reference,)| parse(TABLE, "reference", &id, &reference)).transpose()
}

/// The registrations of a session that were sent off, with their places, oldest first.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<Registration>, StoreError> {
    let rows = run!(
        all RegistrationRow, conn,
        "select r.*, i.name as institution_name from registrations r
         left join institutions i on i.code = r.institution
         where r.session = $1 and r.booked_at is not null order by r.booked_at, r.id",
        session.as_str(),
    )?;
    let mut by_registration = places::of_session(conn, session).await?;
    rows.into_iter()
        .map(|row| {
            let mut registration = row.read()?;
            registration.places = by_registration.remove(&registration.id).unwrap_or_default();
            Ok(registration)
        })
        .collect()
}

/// The registrations this address leads whose session is not over at `now`.
pub async fn led_by(
    conn: &mut Conn,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Vec<RegistrationId>, StoreError> {
    let ids = run!(
        values Uuid, conn,
        "select r.id from registrations r
         where r.leader_email = $1 and r.booked_at is not null
           and exists (select 1 from sittings t where t.session = r.session and t.ends_at > $2)
         order by r.booked_at",
        email.as_str(), now,
    )?;
    Ok(ids.into_iter().map(RegistrationId::new).collect())
}

/// How many bookings were made under this address after `since`.
pub async fn booked_since(
    conn: &mut Conn,
    email: &EmailAddress,
    since: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let made = run!(
        value i64, conn,
        "select count(*) from registrations where leader_email = $1 and created_at > $2",
        email.as_str(), since,
    )?;
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
    let written = run!(
        exec,
        tx,
        "insert into registrations (id, reference, session, leader_name, leader_email,
             leader_phone, institution, institution_typed, team, source, attempt,
             attempt_fingerprint, hold_extended, asked, nomination, created_at, booked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         on conflict (reference) do nothing",
        registration.id.uuid(),
        registration.reference.as_str(),
        registration.session.as_str(),
        registration.leader.name.as_str(),
        registration.leader.email.as_ref().map(EmailAddress::as_str),
        registration.leader.phone.as_ref().map(PhoneNumber::as_str),
        registration.sender.code().map(InstitutionCode::as_str),
        typed,
        registration.team.as_str(),
        origin.source,
        origin.attempt,
        origin.fingerprint,
        registration.hold_extended,
        column(registration.asked),
        registration.nomination.as_ref().map(Paragraph::as_str),
        origin.at,
        registration.booked_at,
    )?;
    Ok(written == 1)
}

/// The registration made by an attempt, and what was asked then.
pub async fn find_attempt(
    conn: &mut Conn,
    attempt: &str,
) -> Result<Option<(RegistrationId, Option<Vec<u8>>)>, StoreError> {
    let text = "select id, attempt_fingerprint from registrations where attempt = $1";
    let row = run!(opt(Uuid, Option<Vec<u8>>), conn, text, attempt)?;
    Ok(row.map(|(id, fingerprint)| (RegistrationId::new(id), fingerprint)))
}

/// Marks a registration as sent off, with why people without a prerequisite should come.
pub async fn mark_booked(
    tx: &mut Tx,
    id: RegistrationId,
    nomination: Option<&Paragraph>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let text = "update registrations set booked_at = $2, nomination = $3
                where id = $1 and booked_at is null";
    run!(exec, tx, text, id.uuid(), at, nomination.map(Paragraph::as_str))?;
    Ok(())
}

/// Writes how many places were asked for, while the leader is still typing.
pub async fn set_asked(tx: &mut Tx, id: RegistrationId, asked: u32) -> Result<(), StoreError> {
    let text = "update registrations set asked = $2 where id = $1";
    run!(exec, tx, text, id.uuid(), column(asked))?;
    Ok(())
}

/// Leaves a registration in peace until a moment: it is offered nothing before.
pub async fn rest(tx: &mut Tx, id: RegistrationId, until: DateTime<Utc>) -> Result<(), StoreError> {
    run!(exec, tx, "update registrations set rests_until = $2 where id = $1", id.uuid(), until)?;
    Ok(())
}

/// Remembers that the one extension of a hold is used up.
pub async fn mark_hold_extended(tx: &mut Tx, id: RegistrationId) -> Result<(), StoreError> {
    run!(exec, tx, "update registrations set hold_extended = $2 where id = $1", id.uuid(), true)?;
    Ok(())
}
