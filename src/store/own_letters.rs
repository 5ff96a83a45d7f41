//! The letters, links and lines of the log that are one person's: by her places and bookings, and for letters
//! by the name they went to, since those who share an inbox share its address (H3).

use chrono::NaiveDate;

use super::{
    Conn, StoreError,
    own_data::{self, Moment, at},
};
use crate::domain::{
    id::PersonId,
    own_data::{Part, Record, record},
};

row! {
    struct LetterRow {
        kind: String,
        to_name: Option<String>,
        to_address: String,
        subject: String,
        text_body: String,
        created_at: Moment,
        sent_at: Option<Moment>,
    }
}

/// The letters `o` that are hers: about her place to an address of hers, or to her as a leader.
macro_rules! her_letters {
    () => {
        "(o.place in (select p.id from places p where p.person = $1)
            and not exists (select 1 from places p join registrations r on r.id = p.registration
                            where p.id = o.place and o.to_name = r.leader_name and o.to_name <> p.name
                              and (r.person is null or r.person <> $1)))
         or (o.registration in (select r.id from registrations r where r.person = $1)
             and ((o.to_name is null and o.place is null)
                  or o.to_name in (select r.leader_name from registrations r where r.id = o.registration)))
         or (o.registration in (select p.registration from places p where p.person = $1)
             and o.place is null and exists (select 1 from places p where p.registration = o.registration
                 and p.person = $1 and p.name = o.to_name and p.email = o.to_address))"
    };
}
pub(super) use her_letters;

#[cfg(test)]
const RARE: &str = "somebody asks what we hold about her, which is seldom";

statements! {
    LETTERS: LetterRow =
        concat!("select o.kind, o.to_name, o.to_address, o.subject, o.text_body, o.created_at, o.sent_at
             from outbox o where o.erased_at is null and (", her_letters!(), ") order by o.created_at, o.id"),
        reads_all: RARE;

    /// Letters about no booking: links she asked for.
    ASKED: LetterRow =
        "select kind, to_name, to_address, subject, text_body, created_at, sent_at from outbox
         where to_address = $1 and to_name = $2 and registration is null and place is null
           and erased_at is null order by created_at, id";

    RECEIVED: (Moment, Option<String>, String, Option<String>) =
        "select m.received_at, m.from_address, m.subject, m.words from received_mails m
         where m.erased_at is null and m.place in (select p.id from places p where p.person = $1)
         order by m.received_at",
        reads_all: RARE;

    FEEDS: (Moment, Option<NaiveDate>) =
        "select created_at, last_used from private_feeds where person = $1 order by created_at";

    LINKS: (String, Moment) =
        "select l.kind, l.created_at from links l where l.used_at is null
           and l.place in (select p.id from places p where p.person = $1)
         union all
         select l.kind, l.created_at from links l where l.used_at is null
           and l.registration in (select r.id from registrations r where r.person = $1)
         order by 2";

    LOG: (Moment, String, String, Option<String>) =
        "select e.at, e.actor, e.action, e.session from audit_events e
         where (e.place is null
                and e.registration in (select r.id from registrations r where r.person = $1
                                       union select p.registration from places p where p.person = $1))
            or e.place in (select p.id from places p where p.person = $1)
         order by e.at, e.id",
        reads_all: RARE;
}

/// All of them, part by part.
pub(super) async fn parts(conn: &mut Conn, id: PersonId) -> Result<[Part; 5], StoreError> {
    let part = |key, title, records| Part { key, title, records };
    Ok([
        part("letters", "Letters we sent you", letters(conn, id).await?),
        part("received", "Letters you sent us", received(conn, id).await?),
        part("calendars", "Your own calendar addresses", feeds(conn, id).await?),
        part("links", "Private links that work", links(conn, id).await?),
        part("log", "What was done, and by which role", log(conn, id).await?),
    ])
}

async fn letters(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let mut rows = LETTERS.all(conn, [id.uuid()]).await?;
    let names = own_data::names(conn, id).await?;
    for address in own_data::addresses(conn, id).await?.0 {
        for name in &names {
            rows.extend(ASKED.all(conn, (address.as_str(), &**name)).await?);
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            record(vec![
                ("kind", Some(row.kind)),
                ("to_name", row.to_name),
                ("to_address", Some(row.to_address)),
                ("subject", Some(row.subject)),
                // Until it is delivered it holds her private links, which open more than a copy of it should.
                ("text", row.sent_at.map(|_| row.text_body)),
                ("written_at", at(row.created_at)),
                ("sent_at", row.sent_at.and_then(at)),
            ])
        })
        .collect())
}

async fn received(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = RECEIVED.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(received, from, subject, words)| {
            record(vec![
                ("received_at", at(received)),
                ("from", from),
                ("subject", Some(subject)),
                ("words", words),
            ])
        })
        .collect())
}

async fn feeds(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = FEEDS.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(created, last)| {
            record(vec![
                ("created_at", at(created)),
                ("last_used", last.map(|day| day.to_string())),
            ])
        })
        .collect())
}

async fn links(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = LINKS.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(kind, created)| {
            record(vec![
                ("opens", Some(if kind == "leader" { "a booking" } else { "a place" }.to_owned())),
                ("created_at", at(created)),
            ])
        })
        .collect())
}

async fn log(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = LOG.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(when, actor, action, session)| {
            record(vec![
                ("at", at(when)),
                ("by", Some(actor.split(':').next().unwrap_or_default().to_owned())),
                ("done", Some(action)),
                ("session", session),
            ])
        })
        .collect())
}
