//! Everything that is held about one person, found to be made anonymous because she asks (P2). What is hers is
//! found as in `own_data`: by who she is, never by an address alone.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx, codec::parse, letter_stops, own_data, own_letters::her_letters, people,
    readers, rows,
};
use crate::domain::{
    id::{PersonId, PlaceId, RegistrationId, SessionCode},
    reference::Reference,
};

#[cfg(test)]
const RARE: &str = "somebody asks to be erased, which is seldom";

statements! {
    TO_COME: (Uuid, Uuid, String, String) =
        "select p.id, p.registration, p.session, r.reference
         from places p join registrations r on r.id = p.registration
         where p.person = $1 and not p.superseded
           and p.state in ('held', 'requested', 'waiting', 'offered', 'confirmed')
           and exists (select 1 from sittings t where t.session = p.session and t.ends_at > $2)
         order by p.session, r.reference, p.number";

    LEADS: (String, i64) =
        "select r.reference, count(*) from registrations r join places p on p.registration = r.id
         where r.person = $1 and (p.person is null or p.person <> $1) and not p.superseded
           and p.state in ('requested', 'waiting', 'offered', 'confirmed')
           and exists (select 1 from sittings t where t.session = r.session and t.ends_at > $2)
         group by r.reference order by r.reference";

    PLACES: Uuid = "select id from places where person = $1 and erased_at is null order by id";

    BOOKINGS: Uuid = "select id from registrations where person = $1 and erased_at is null order by id";

    WALK_INS: (Uuid, String, Option<String>) =
        "select w.id, t.session, w.name_key from walk_ins w join sittings t on t.id = w.sitting
         where w.person = $1 and w.erased_at is null order by w.id";

    PEOPLE: Uuid =
        "select id from people where (id = $1 or merged_into = $1) and erased_at is null order by id";

    LETTERS: i64 = concat!("select count(*) from outbox o where o.erased_at is null and (", her_letters!(), ")"),
        reads_all: RARE;

    RECIPIENTS: (Uuid, String, Uuid) =
        concat!("select m.mailing, m.address, m.letter from mailing_recipients m where m.letter in
            (select o.id from outbox o where o.erased_at is null and (", her_letters!(), "))"),
        reads_all: RARE;

    RECIPIENT =
        "update mailing_recipients set address = $3, names = 'Name removed'
         where mailing = $1 and address = $2";

    /// What takes a session out of her calendar still leaves, and is erased as soon as it has.
    KEEP_GOING = concat!("update outbox set erase_when_sent = $2 where id in
        (select o.id from outbox o where o.sent_at is null and o.failed_at is null
            and o.calendar_method = 'CANCEL' and (", her_letters!(), "))");

    ERASE_LETTERS = concat!("update outbox set to_name = null, invite_for = null, to_address = 'removed@erased.invalid',
            subject = 'Letter removed', text_body = '', html_body = '', calendar_method = null,
            calendar_body = null, last_error = null, bounce_reason = null, reply_to = null,
            claimed_until = null, failed_at = case when sent_at is null then coalesce(failed_at, $2)
                                              else failed_at end,
            erased_at = $2
        where id in (select o.id from outbox o where o.erased_at is null and not o.erase_when_sent and (",
            her_letters!(), "))"), reads_all: RARE;

    /// Letters about no booking that went to her: links she asked for.
    ERASE_ASKED =
        "update outbox set to_name = null, invite_for = null, to_address = 'removed@erased.invalid', subject = 'Letter removed',
             text_body = '', html_body = '', last_error = null, bounce_reason = null, reply_to = null,
             claimed_until = null, failed_at = case when sent_at is null then coalesce(failed_at, $3)
                                               else failed_at end,
             erased_at = $3
         where to_address = $1 and to_name = $2 and registration is null and erased_at is null";

    /// Whatever else went to an address that nobody shares with her.
    ERASE_OWN_ADDRESS =
        "update outbox set to_name = null, invite_for = null, to_address = 'removed@erased.invalid', subject = 'Letter removed',
             text_body = '', html_body = '', calendar_method = null, calendar_body = null, last_error = null,
             bounce_reason = null, reply_to = null, claimed_until = null,
             failed_at = case when sent_at is null then coalesce(failed_at, $2) else failed_at end,
             erased_at = $2
         where to_address = $1 and not erase_when_sent and erased_at is null";

    RECEIVED_FROM =
        "update received_mails set from_address = null, subject = 'Letter removed', words = null,
             done_at = case when raw is null then done_at else $2 end, raw = null, erased_at = $2
         where erased_at is null and from_address = $1",
        reads_all: RARE;

    /// Letters to staff that name her: those who are still to be told, are.
    LET_STAFF_KNOW =
        "update outbox set erase_when_sent = $2
         where sent_at is null and failed_at is null and registration is null
           and text_body like '%' || $1 || '%'";

    FORGET_IN_STAFF_LETTERS =
        "update outbox set subject = replace(subject, $1, 'Name removed'),
             text_body = replace(text_body, $1, 'Name removed'),
             html_body = replace(replace(html_body, $1, 'Name removed'), $2, 'Name removed')
         where erased_at is null and (sent_at is not null or failed_at is not null)
           and registration is null and text_body like '%' || $1 || '%'",
        reads_all: RARE;

    /// Her name in letters that went to those who booked for her.
    FORGET_IN_LETTERS = {
        sqlite: "update outbox set subject = replace(subject, $2, 'Name removed'),
                text_body = replace(text_body, $2, 'Name removed'),
                html_body = replace(replace(html_body, $2, 'Name removed'), $3, 'Name removed')
            where erased_at is null and (sent_at is not null or failed_at is not null)
              and registration in (select unhex(value) from json_each($1))",
        postgres: "update outbox set subject = replace(subject, $2, 'Name removed'),
                text_body = replace(text_body, $2, 'Name removed'),
                html_body = replace(replace(html_body, $2, 'Name removed'), $3, 'Name removed')
            where erased_at is null and (sent_at is not null or failed_at is not null)
              and registration = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    /// Whoever booked for her, or teaches her, is still told that she does not come.
    LET_OTHERS_KNOW = {
        sqlite: "update outbox set erase_when_sent = $2
            where sent_at is null and failed_at is null
              and registration in (select unhex(value) from json_each($1))",
        postgres: "update outbox set erase_when_sent = $2
            where sent_at is null and failed_at is null
              and registration = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    FORGET_IN_NOMINATIONS = {
        sqlite: "update registrations set nomination = replace(nomination, $2, 'Name removed')
            where id in (select unhex(value) from json_each($1))",
        postgres: "update registrations set nomination = replace(nomination, $2, 'Name removed')
            where id = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    AROUND: Uuid = "select distinct registration from places where person = $1";

    RECEIVED =
        "update received_mails set from_address = null, subject = 'Letter removed', words = null,
             done_at = case when raw is null then done_at else $2 end, raw = null, erased_at = $2
         where erased_at is null and place in (select p.id from places p where p.person = $1)",
        reads_all: RARE;

    /// By her places alone: one may have been on another booking before she got one of her own.
    LOG_OF_PLACES =
        "update audit_events set detail = null, changes = null
         where place in (select p.id from places p where p.person = $1)";

    LOG_ABOUT = "update audit_events set detail = null, changes = null where about = $1";

    COURSE = "update course_attendances set name = 'Name removed', email = $2, person_key = null,
             erased_at = $3 where id = $1";
}

/// A place of hers on something that is still to come, or is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCome {
    /// Which place.
    pub place: PlaceId,
    /// Of which booking.
    pub registration: RegistrationId,
    /// On what.
    pub session: SessionCode,
    /// As people name the booking.
    pub reference: Reference,
}

/// Her open places on what is not over at `now`.
pub async fn to_come(
    conn: &mut Conn,
    id: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<ToCome>, StoreError> {
    let rows = TO_COME.all(conn, (id.uuid(), now)).await?;
    let read = |(place, registration, session, reference): (Uuid, Uuid, String, String)| {
        Ok(ToCome {
            place: PlaceId::new(place),
            registration: RegistrationId::new(registration),
            session: parse("places", "session", &place, &session)?,
            reference: parse("registrations", "reference", &place, &reference)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Her bookings for others who are still to come, with how many they are.
pub async fn leads(
    conn: &mut Conn,
    id: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<(Reference, i64)>, StoreError> {
    let rows = LEADS.all(conn, (id.uuid(), now)).await?;
    let read = |(reference, others): (String, i64)| {
        Ok((parse("registrations", "reference", &reference, &reference)?, others))
    };
    rows.into_iter().map(read).collect()
}

/// Whatever of hers is still there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hers {
    /// Her places, whatever became of them.
    pub places: Vec<Uuid>,
    /// The bookings she led.
    pub bookings: Vec<Uuid>,
    /// Her lines at doors, each with its session and what tells her from others there.
    pub walk_ins: Vec<(Uuid, String, Option<String>)>,
    /// Her, and whoever turned out to be her.
    pub people: Vec<Uuid>,
    /// Her names, as they were typed.
    pub names: Vec<String>,
    /// How many letters went to her, or are to.
    pub letters: i64,
}

/// Finds it.
pub async fn hers(conn: &mut Conn, id: PersonId) -> Result<Hers, StoreError> {
    let id = id.uuid();
    Ok(Hers {
        places: PLACES.values(conn, [id]).await?,
        bookings: BOOKINGS.values(conn, [id]).await?,
        walk_ins: WALK_INS.all(conn, [id]).await?,
        people: PEOPLE.values(conn, [id]).await?,
        names: own_data::names(conn, PersonId::new(id)).await?,
        letters: LETTERS.value(conn, [id]).await?,
    })
}

/// Erases letters to her and from her, and her name in those to others about her.
pub async fn letters(
    tx: &mut Tx,
    id: PersonId,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = id.uuid();
    KEEP_GOING.run(tx, (id, true)).await?;
    for (mailing, address, letter) in RECIPIENTS.all(tx, [id]).await? {
        let nobody = format!("removed-{}@erased.invalid", letter.simple());
        RECIPIENT.run(tx, (mailing, address, nobody)).await?;
    }
    ERASE_LETTERS.run(tx, (id, now)).await?;
    RECEIVED.run(tx, (id, now)).await?;
    forget_addresses(tx, PersonId::new(id), names, now).await?;
    let around = AROUND.values(tx, [id]).await?;
    let around = rows::json(&around.iter().map(|one| rows::key(*one)).collect::<Vec<_>>())?;
    LET_OTHERS_KNOW.run(tx, (&*around, true)).await?;
    for name in names {
        let escaped = name.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;");
        LET_STAFF_KNOW.run(tx, (&**name, true)).await?;
        FORGET_IN_STAFF_LETTERS.run(tx, (&**name, &*escaped)).await?;
        FORGET_IN_LETTERS.run(tx, (&*around, &**name, escaped)).await?;
        FORGET_IN_NOMINATIONS.run(tx, (&*around, &**name)).await?;
    }
    Ok(())
}

/// Erases what went to her addresses without being about a booking: by her name where an inbox is shared, all
/// of it where it is hers alone.
async fn forget_addresses(
    tx: &mut Tx,
    id: PersonId,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for address in own_data::addresses(tx, id).await?.0 {
        for name in names {
            ERASE_ASKED.run(tx, (address.as_str(), &**name, now)).await?;
        }
        let readers = people::recognised_by_address(tx, &address).await?;
        if readers.iter().all(|reader| reader.id == id) {
            ERASE_OWN_ADDRESS.run(tx, (address.as_str(), now)).await?;
            readers::forget_one(tx, &address).await?;
            RECEIVED_FROM.run(tx, (address.as_str(), now)).await?;
            letter_stops::forget(tx, &address).await?;
        }
    }
    Ok(())
}

/// Takes the words out of what the log says of her, and of whoever turned out to be her.
pub async fn log(tx: &mut Tx, id: PersonId, people: &[Uuid]) -> Result<(), StoreError> {
    LOG_OF_PLACES.run(tx, [id.uuid()]).await?;
    for one in people {
        LOG_ABOUT.run(tx, [format!("person:{}", PersonId::new(*one))]).await?;
    }
    Ok(())
}

/// Makes a course that was written down as done anonymous.
pub async fn course(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    let nobody = format!("removed-{}@erased.invalid", id.simple());
    COURSE.run(tx, (id, nobody, now)).await?;
    Ok(())
}
