//! Making lines anonymous that somebody named: by the hourly work when they are due, or at once when a person
//! asks (P2). What is counted stays: places with their states, who came, how many walked in.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx, answers, finding::person_key, path_people, person_merges,
    person_questions, rooms, rows, stays,
};
use crate::domain::{
    finding::{folded, sort_key},
    id::SessionCode,
    retention::NAME_REMOVED,
};

/// A statement over ids that come as JSON, in the words of each database.
macro_rules! of_ids {
    (sqlite $do:literal, $column:literal) => {
        concat!($do, " where ", $column, " in (select unhex(value) from json_each($1))")
    };
    (postgres $do:literal, $column:literal) => {
        concat!(
            $do,
            " where ",
            $column,
            " = any(array(select json_array_elements_text($1::json)::uuid))"
        )
    };
}

arguments! {
    struct Nobody<'a> {
        id: Uuid,
        name: &'a str,
        name_key: String,
        search_key: String,
        sort_key: Vec<u8>,
        now: DateTime<Utc>,
    }
}

statements! {
    UNERASED: Uuid =
        "select id from registrations where session = $1 and erased_at is null limit $2";

    PLACES_OF: Uuid = {
        sqlite: of_ids!(sqlite "select id from places", "registration"),
        postgres: of_ids!(postgres "select id from places", "registration"),
    };

    PLACES = {
        sqlite: of_ids!(sqlite "update places set name = case when name is null then null
                else 'Name removed' end, name_key = null, email = null, dietary = null, access = null, allergy = false,
                interpreter = false, guardian_name = null,
                guardian_contact = null, reason = null, erased_at = $2", "id"),
        postgres: of_ids!(postgres "update places set name = case when name is null then null
                else 'Name removed' end, name_key = null, email = null, dietary = null, access = null, allergy = false,
                interpreter = false, guardian_name = null,
                guardian_contact = null, reason = null, erased_at = $2", "id"),
    };

    INVITATIONS = {
        sqlite: of_ids!(sqlite "update invitations set address = 'removed@erased.invalid',
            name = 'Name removed', rendered = null", "place"),
        postgres: of_ids!(postgres "update invitations set address = 'removed@erased.invalid',
            name = 'Name removed', rendered = null", "place"),
    };

    PLACE_LINKS = {
        sqlite: of_ids!(sqlite "delete from links", "place"),
        postgres: of_ids!(postgres "delete from links", "place"),
    };

    FEEDBACK = {
        sqlite: of_ids!(sqlite "update feedback set change = null", "place"),
        postgres: of_ids!(postgres "update feedback set change = null", "place"),
    };

    FEEDBACK_WORDS = {
        sqlite: of_ids!(sqlite "update feedback_answers set words = null", "place"),
        postgres: of_ids!(postgres "update feedback_answers set words = null", "place"),
    };

    /// What was granted and paid stays for the accounts.
    HELP = {
        sqlite: of_ids!(sqlite "update help_requests set children = null, ages = null, hours = null,
            language = null, travel_from = null, travel_how = null, why = null, reason = null, by_whom = null,
            paid_how = null", "place"),
        postgres: of_ids!(postgres "update help_requests set children = null, ages = null, hours = null,
            language = null, travel_from = null, travel_how = null, why = null, reason = null, by_whom = null,
            paid_how = null", "place"),
    };

    LEADERS = {
        sqlite: of_ids!(sqlite "update registrations set leader_name = 'Name removed', leader_email = null,
                leader_phone = null, nomination = null, attempt = null, attempt_fingerprint = null,
                untold_since = null, erased_at = $2", "id"),
        postgres: of_ids!(postgres "update registrations set leader_name = 'Name removed', leader_email = null,
                leader_phone = null, nomination = null, attempt = null, attempt_fingerprint = null,
                untold_since = null, erased_at = $2", "id"),
    };

    LEADER_LINKS = {
        sqlite: of_ids!(sqlite "delete from links", "registration"),
        postgres: of_ids!(postgres "delete from links", "registration"),
    };

    /// What was done stays; the words go in which somebody may be named.
    LOG_WORDS = {
        sqlite: of_ids!(sqlite "update audit_events set detail = null, changes = null", "registration"),
        postgres: of_ids!(postgres "update audit_events set detail = null, changes = null", "registration"),
    };

    SCORES_OF_BOOKINGS = {
        sqlite: of_ids!(sqlite "delete from application_scores", "registration"),
        postgres: of_ids!(postgres "delete from application_scores", "registration"),
    };

    DECISIONS_OF_BOOKINGS = {
        sqlite: of_ids!(sqlite "delete from application_decisions", "registration"),
        postgres: of_ids!(postgres "delete from application_decisions", "registration"),
    };

    NOTES_OF_BOOKINGS = {
        sqlite: of_ids!(sqlite "delete from office_notes", "registration"),
        postgres: of_ids!(postgres "delete from office_notes", "registration"),
    };

    WALK_INS_OF_SESSION: (Uuid, Option<String>) =
        "select w.id, w.name_key from sittings t join walk_ins w on w.sitting = t.id
         where t.session = $1 and w.erased_at is null order by w.id";

    WALK_IN =
        "update walk_ins set name = 'Name removed', institution = null, email = null, name_key = $2,
             unread = null, question = null, erased_at = $3 where id = $1";

    MESSAGES = {
        sqlite: of_ids!(sqlite "update mailings set subject = 'Message removed', body = '', erased_at = $2",
            "id"),
        postgres: of_ids!(postgres "update mailings set subject = 'Message removed', body = '', erased_at = $2",
            "id"),
    };

    RECIPIENTS: (Uuid, String) = {
        sqlite: of_ids!(sqlite "select mailing, address from mailing_recipients", "mailing"),
        postgres: of_ids!(postgres "select mailing, address from mailing_recipients", "mailing"),
    };

    RECIPIENT =
        "update mailing_recipients set address = $3, names = 'Name removed'
         where mailing = $1 and address = $2";

    NOT_WRITTEN = {
        sqlite: of_ids!(sqlite "delete from mailing_recipients", "letter is null and mailing"),
        postgres: of_ids!(postgres "delete from mailing_recipients", "letter is null and mailing"),
    };

    PERSON(Nobody) =
        "update people set name = :name, email = null, phone = null, institution = null,
             name_key = :name_key, search_key = :search_key, sort_key = :sort_key, archived_at = :now,
             erased_at = :now, version = version + 1 where id = :id";

    KEYS = "delete from person_keys where person = $1";

    FEEDS = "delete from private_feeds where person = $1";

    DATA_LINKS = "delete from data_links where person = $1";

    NOTES = "delete from office_notes where person = $1";
}

fn json(ids: &[Uuid]) -> Result<String, StoreError> {
    rows::json(&ids.iter().map(|id| rows::key(*id)).collect::<Vec<_>>())
}

/// At most `most` bookings of a session whose names are still there.
pub async fn unerased(
    conn: &mut Conn,
    session: &SessionCode,
    most: i64,
) -> Result<Vec<Uuid>, StoreError> {
    UNERASED.values(conn, (session.as_str(), most)).await
}

/// The places of bookings.
pub async fn places_of(conn: &mut Conn, registrations: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    PLACES_OF.values(conn, [json(registrations)?]).await
}

/// Makes whoever sits or sat on places anonymous.
pub async fn places(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json(ids)?;
    PLACES.run(tx, (&*ids, now)).await?;
    for statement in [INVITATIONS, PLACE_LINKS, FEEDBACK, FEEDBACK_WORDS, HELP] {
        statement.run(tx, [&*ids]).await?;
    }
    answers::erase_of_places(tx, &ids).await?;
    stays::erase_of_places(tx, &ids).await?;
    rooms::erase_of_places(tx, &ids).await?;
    Ok(())
}

/// Makes the leaders of bookings anonymous, and what the log says of these bookings in words.
pub async fn leaders(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json(ids)?;
    LEADERS.run(tx, (&*ids, now)).await?;
    let others = [SCORES_OF_BOOKINGS, DECISIONS_OF_BOOKINGS];
    for statement in [LEADER_LINKS, LOG_WORDS, NOTES_OF_BOOKINGS].into_iter().chain(others) {
        statement.run(tx, [&*ids]).await?;
    }
    answers::erase_of_bookings(tx, &ids).await?;
    Ok(())
}

/// Makes one line of a door anonymous; `key` tells it from others there.
pub async fn walk_in(
    tx: &mut Tx,
    id: Uuid,
    key: Uuid,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    WALK_IN.run(tx, (id, rows::key(key), now)).await
}

/// Makes whoever walked into a session anonymous. A line for each day stays one person's, since that is how
/// they are counted: what told them apart becomes the key of one of their lines.
pub async fn walk_ins(
    tx: &mut Tx,
    session: &SessionCode,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let lines = WALK_INS_OF_SESSION.all(tx, [session.as_str()]).await?;
    let mut known: HashMap<String, Uuid> = HashMap::new();
    let mut erased = 0;
    for (id, key) in lines {
        let first = key.map_or(id, |key| *known.entry(key).or_insert(id));
        erased += walk_in(tx, id, first, now).await?;
    }
    Ok(erased)
}

/// Makes messages to many anonymous: how many they went to stays.
pub async fn messages(tx: &mut Tx, ids: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json(ids)?;
    NOT_WRITTEN.run(tx, [&*ids]).await?;
    for (at, (mailing, address)) in RECIPIENTS.all(tx, [&*ids]).await?.into_iter().enumerate() {
        let nobody = format!("removed-{at}@erased.invalid");
        RECIPIENT.run(tx, (mailing, address, nobody)).await?;
    }
    MESSAGES.run(tx, (&*ids, now)).await?;
    Ok(())
}

/// Makes a person anonymous: nobody is recognised as her any more, and her calendar ends.
pub async fn person(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    let nobody = Nobody {
        id,
        name: NAME_REMOVED,
        name_key: folded(NAME_REMOVED),
        search_key: person_key(NAME_REMOVED, None, None),
        sort_key: sort_key(NAME_REMOVED),
        now,
    };
    KEYS.run(tx, [id]).await?;
    FEEDS.run(tx, [id]).await?;
    DATA_LINKS.run(tx, [id]).await?;
    NOTES.run(tx, [id]).await?;
    person_merges::forget_of(tx, id).await?;
    person_questions::forget(tx, id).await?;
    path_people::forget_person(tx, id, now).await?;
    PERSON.run(tx, nobody).await?;
    Ok(())
}
