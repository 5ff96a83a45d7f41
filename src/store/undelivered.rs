//! Addresses at which letters of a booking did not arrive: they came back, or no mail server took them. An
//! address that is not the booking's any more, or was tried again since, is none of them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{count, parse},
};
use crate::domain::{
    contact::EmailAddress,
    id::{LetterId, MailingId, RegistrationId, SessionCode},
    letter::TOO_LATE_TO_REMIND,
    reference::Reference,
};

row! {
    struct UndeliveredRow {
        registration: Uuid,
        reference: String,
        number: i32,
        name: String,
        to_address: String,
        letter: Uuid,
        at: DateTime<Utc>,
        why: Option<String>,
    }
}

/// Letters `o` that did not arrive, and that nothing was done about. What was too late to be sent is no fault of
/// an address: `$2` is what is said of it.
macro_rules! undelivered {
    () => {
        "(o.bounced_at is not null or (o.failed_at is not null and o.sent_at is null))
         and o.mended_at is null and o.erased_at is null and (o.last_error is null or o.last_error <> $2)"
    };
}

/// Those of some bookings `r`, to their leaders (as number 0) and to whoever sits on an open place.
macro_rules! of_bookings {
    ($which:literal) => {
        concat!(
            "select r.id as registration, r.reference, cast(0 as integer) as number,
                    r.leader_name as name, o.to_address,
                    o.id as letter, coalesce(o.bounced_at, o.failed_at) as at,
                    coalesce(o.bounce_reason, o.last_error) as why
             from registrations r join outbox o on o.registration = r.id and o.to_address = r.leader_email
             where ",
            $which,
            " and ",
            undelivered!(),
            " union
             select r.id, r.reference, p.number, p.name, o.to_address, o.id, coalesce(o.bounced_at, o.failed_at),
                    coalesce(o.bounce_reason, o.last_error)
             from registrations r join places p on p.registration = r.id and not p.superseded
                  and p.state in ('requested', 'waiting', 'offered', 'confirmed') and p.name is not null
             join outbox o on o.place = p.id and o.to_address = p.email
             where ",
            $which,
            " and ",
            undelivered!(),
            " union
             select r.id, r.reference, p.number, p.name, o.to_address, o.id, coalesce(o.bounced_at, o.failed_at),
                    coalesce(o.bounce_reason, o.last_error)
             from registrations r join places p on p.registration = r.id and not p.superseded
                  and p.state in ('requested', 'waiting', 'offered', 'confirmed') and p.name is not null
             join outbox o on o.registration = r.id and o.to_address = p.email
             where ",
            $which,
            " and ",
            undelivered!(),
            " order by 2, 3, 7 desc"
        )
    };
}

/// The letters of a booking to an address that did not arrive.
macro_rules! to_address {
    () => {
        "select o.id from outbox o where o.registration = $1 and o.to_address = $2
         union select q.id from places p join outbox q on q.place = p.id
               where p.registration = $1 and q.to_address = $2"
    };
}

statements! {
    OF_SESSION: UndeliveredRow = of_bookings!("r.session = $1 and r.erased_at is null");

    OF_BOOKING: UndeliveredRow = of_bookings!("r.id = $1 and r.erased_at is null");

    MESSAGES: Uuid =
        concat!("select m.mailing from mailing_recipients m join outbox l on l.id = m.letter
             where m.letter in (", to_address!(), ")
               and (l.bounced_at is not null or (l.failed_at is not null and l.sent_at is null))
               and l.mended_at is null and l.erased_at is null");

    MEND =
        concat!("update outbox set mended_at = $3 where id in (", to_address!(), ")
             and (bounced_at is not null or (failed_at is not null and sent_at is null))
             and mended_at is null");

    MEND_ALL =
        "update outbox set mended_at = $2 where id in
             (select o.id from outbox o where o.registration = $1
              union select q.id from places p join outbox q on q.place = p.id where p.registration = $1)
           and (bounced_at is not null or (failed_at is not null and sent_at is null))
           and mended_at is null";
}

/// An address at which letters did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Of which booking.
    pub registration: RegistrationId,
    /// As people name it.
    pub reference: Reference,
    /// The address.
    pub address: EmailAddress,
    /// Whether it is that of whoever looks after the booking.
    pub leads: bool,
    /// The numbers of the places whose address it is.
    pub places: Vec<u32>,
    /// Whose it is, the leader first.
    pub names: Vec<String>,
    /// The letters, latest first.
    pub letters: Vec<LetterId>,
    /// When the latest came back or was given up.
    pub at: DateTime<Utc>,
    /// What the mail server said of it.
    pub why: Option<String>,
}

fn read(rows: Vec<UndeliveredRow>) -> Result<Vec<Undelivered>, StoreError> {
    let mut found: Vec<Undelivered> = Vec::new();
    for row in rows {
        let registration = RegistrationId::new(row.registration);
        let address = EmailAddress::stored(&row.to_address);
        let same = |one: &Undelivered| one.registration == registration && one.address == address;
        let at = match found.iter().position(same) {
            Some(at) => at,
            None => {
                let reference =
                    parse("registrations", "reference", &row.registration, &row.reference)?;
                found.push(Undelivered {
                    registration,
                    reference,
                    address,
                    leads: false,
                    places: Vec::new(),
                    names: Vec::new(),
                    letters: Vec::new(),
                    at: row.at,
                    why: row.why.clone(),
                });
                found.len() - 1
            }
        };
        let one = &mut found[at];
        match count(row.number) {
            0 => one.leads = true,
            number if one.places.contains(&number) => {}
            number => one.places.push(number),
        }
        if !one.names.contains(&row.name) {
            one.names.push(row.name);
        }
        let letter = LetterId::new(row.letter);
        if !one.letters.contains(&letter) {
            one.letters.push(letter);
        }
        if row.at > one.at {
            (one.at, one.why) = (row.at, row.why);
        }
    }
    Ok(found)
}

impl Undelivered {
    /// Under which number it is put right: 0 for the leader, else that of a place.
    pub fn number(&self) -> u32 {
        if self.leads { 0 } else { self.places.first().copied().unwrap_or(0) }
    }
}

/// Those of a session's bookings.
pub async fn of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<Undelivered>, StoreError> {
    read(OF_SESSION.all(conn, (code.as_str(), TOO_LATE_TO_REMIND)).await?)
}

/// Those of a booking.
pub async fn of_booking(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Vec<Undelivered>, StoreError> {
    read(OF_BOOKING.all(conn, (id.uuid(), TOO_LATE_TO_REMIND)).await?)
}

/// The messages of organisers that did not arrive at an address of a booking.
pub async fn messages(
    conn: &mut Conn,
    id: RegistrationId,
    address: &EmailAddress,
) -> Result<Vec<MailingId>, StoreError> {
    let found = MESSAGES.values(conn, (id.uuid(), address.as_str())).await?;
    Ok(found.into_iter().map(MailingId::new).collect())
}

/// Says that what did not arrive at an address of a booking was sent again.
pub async fn mend(
    tx: &mut Tx,
    id: RegistrationId,
    address: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    MEND.run(tx, (id.uuid(), address.as_str(), now)).await?;
    Ok(())
}

/// The same of every address of a booking.
pub async fn mend_all(
    tx: &mut Tx,
    id: RegistrationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    MEND_ALL.run(tx, (id.uuid(), now)).await?;
    Ok(())
}
