//! Putting letters into the outbox, in the transaction of the change they tell of.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{StoreError, Tx, outbox::About, readers, rows};
use crate::domain::{contact::EmailAddress, id::SessionCode, letter::Letter};

statements! {
    /// Each letter knows its session, so that those of an alliance are found without their bookings.
    INSERT = {
        sqlite: "insert into outbox (id, kind, urgency, registration, place, to_name, to_address,
                subject, text_body, html_body, calendar_method, calendar_body, thread, position,
                created_at, due_at, day_starts_at, day_zone, reply_to, session, invite_for)
            select unhex(l.value ->> 'id'), l.value ->> 'kind', l.value ->> 'urgency',
                unhex(l.value ->> 'registration'), unhex(l.value ->> 'place'), l.value ->> 'to_name', l.value ->> 'to_address',
                l.value ->> 'subject', l.value ->> 'text_body', l.value ->> 'html_body',
                l.value ->> 'calendar_method', l.value ->> 'calendar_body', l.value ->> 'thread',
                (select coalesce(max(position), 0) from outbox) + (l.value ->> 'ordinal'), $2, $2,
                l.value ->> 'day_starts_at', l.value ->> 'day_zone', l.value ->> 'reply_to',
                coalesce(l.value ->> 'session', (select r.session from registrations r where r.id = unhex(l.value ->> 'registration')),
                    (select p.session from places p where p.id = unhex(l.value ->> 'place'))), l.value ->> 'invite_for'
            from json_each($1) l",
        postgres: "insert into outbox (id, kind, urgency, registration, place, to_name, to_address,
                subject, text_body, html_body, calendar_method, calendar_body, thread, position,
                created_at, due_at, day_starts_at, day_zone, reply_to, session, invite_for)
            select l.id, l.kind, l.urgency, l.registration, l.place, l.to_name, l.to_address,
                l.subject, l.text_body, l.html_body, l.calendar_method, l.calendar_body, l.thread,
                (select coalesce(max(position), 0) from outbox) + l.ordinal, $2, $2, l.day_starts_at, l.day_zone, l.reply_to, coalesce(l.session,
                    (select r.session from registrations r where r.id = l.registration), (select p.session from places p where p.id = l.place)), l.invite_for
            from json_to_recordset($1::json) as l (ordinal bigint, id uuid, kind text, urgency integer,
                registration uuid, place uuid, to_name text, to_address text, subject text,
                text_body text, html_body text, calendar_method text, calendar_body text,
                thread text, day_starts_at timestamptz, day_zone text, reply_to text, session text, invite_for text)",
    };
}

/// A letter as a row, named as the columns are.
#[derive(Serialize)]
struct Line<'a> {
    ordinal: usize,
    id: String,
    kind: &'static str,
    urgency: i32,
    registration: Option<String>,
    place: Option<String>,
    to_name: Option<&'a str>,
    to_address: &'a str,
    subject: &'a str,
    text_body: &'a str,
    html_body: &'a str,
    calendar_method: Option<&'static str>,
    calendar_body: Option<&'a str>,
    thread: Option<&'a str>,
    day_starts_at: Option<String>,
    day_zone: Option<&'static str>,
    reply_to: Option<&'a str>,
    session: Option<&'a str>,
    invite_for: Option<String>,
}

impl<'a> Line<'a> {
    fn new(ordinal: usize, letter: &'a Letter, about: About) -> Self {
        let calendar = letter.calendar.as_ref();
        Self {
            ordinal,
            id: letter.id.uuid().simple().to_string(),
            kind: letter.kind.as_str(),
            urgency: letter.kind.urgency().rank(),
            registration: about.registration.map(|id| id.uuid().simple().to_string()),
            place: about.place.map(|id| id.uuid().simple().to_string()),
            to_name: letter.to_name.as_deref(),
            to_address: letter.to.as_str(),
            subject: &letter.subject,
            text_body: &letter.text,
            html_body: &letter.html,
            calendar_method: calendar.map(|part| part.method.as_str()),
            calendar_body: calendar.map(|part| part.ics.as_str()),
            thread: letter.thread.as_deref(),
            day_starts_at: letter.day.map(|day| rows::moment(day.starts_at)),
            day_zone: letter.day.map(|day| day.zone.name()),
            reply_to: letter.reply_to.as_ref().map(EmailAddress::as_str),
            session: letter.session.as_ref().map(SessionCode::as_str),
            invite_for: letter.is_invite().then(|| readers::digest(&letter.to)),
        }
    }
}

/// Puts a letter into the outbox; it leaves once the transaction is committed.
pub async fn letter(
    tx: &mut Tx,
    letter: &Letter,
    about: About,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    insert(tx, &[Line::new(1, letter, about)], now).await
}

/// Puts letters into the outbox in this order, with one statement.
pub async fn letters(
    tx: &mut Tx,
    letters: &[(Letter, About)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if letters.is_empty() {
        return Ok(());
    }
    let lines = letters.iter().zip(1..);
    let lines: Vec<_> =
        lines.map(|((letter, about), ordinal)| Line::new(ordinal, letter, *about)).collect();
    insert(tx, &lines, now).await
}

async fn insert(tx: &mut Tx, lines: &[Line<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
    let asks_its_place = |line: &Line<'_>| {
        line.place.is_some() && line.session.is_none() && line.registration.is_none()
    };
    let asks_places = lines.iter().any(asks_its_place);
    let lines = serde_json::to_string(lines);
    let lines = lines.map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    // A place may be written only with what is asked next; its session is looked up after that.
    match asks_places {
        true => INSERT.run(tx, (lines, now)).await.map(|_| ())?,
        false => INSERT.later(tx, (lines, now)).await?,
    }
    tx.has_written_letters();
    Ok(())
}
