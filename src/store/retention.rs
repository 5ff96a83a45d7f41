//! What is due to be erased (P5): found, erased by the batch, and counted for `doctor`. Each condition stands
//! once, so that what is looked for and what is erased are the same. `$1` is the moment before which it is due.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::parse,
    data_links,
    due::{batch, count, due},
    engine::statement::Statement,
    helper_links, imports, letter_stops, networks, overview_marks, path_links, person_merges,
    readers, sheet_links,
};
use crate::domain::{
    id::SessionCode,
    person_merge::TAKEN_BACK_WITHIN,
    retention::{Kind, Retention},
};

#[cfg(test)]
const SESSIONS: &str = "walks the sessions once an hour, not their bookings";

statements! {
    NEEDS = {
        sqlite: batch!(sqlite "update places set dietary = null, access = null, allergy = false,
            interpreter = false", "places", "id", needs),
        postgres: batch!(postgres "update places set dietary = null, access = null, allergy = false,
            interpreter = false", "places", "id", needs),
    };
    LATE_NEEDS: i64 = count!("places", needs);

    GUARDIANS = {
        sqlite: batch!(sqlite "update places set guardian_name = null, guardian_contact = null",
            "places", "id", guardians),
        postgres: batch!(postgres "update places set guardian_name = null, guardian_contact = null",
            "places", "id", guardians),
    };
    LATE_GUARDIANS: i64 = count!("places", guardians);

    REASONS = {
        sqlite: batch!(sqlite "update places set reason = null", "places", "id", reasons),
        postgres: batch!(postgres "update places set reason = null", "places", "id", reasons),
    };
    LATE_REASONS: i64 = count!("places", reasons);

    NOMINATIONS = {
        sqlite: batch!(sqlite "update registrations set nomination = null", "registrations", "id", nominations),
        postgres: batch!(postgres "update registrations set nomination = null", "registrations", "id",
            nominations),
    };
    LATE_NOMINATIONS: i64 = count!("registrations", nominations);

    HEARD = {
        sqlite: batch!(sqlite "update received_mails set words = null", "received_mails", "id", heard),
        postgres: batch!(postgres "update received_mails set words = null", "received_mails", "id", heard),
    };
    LATE_HEARD: i64 = count!("received_mails", heard);

    SUPPORTS = {
        sqlite: batch!(sqlite "update supports set title = '', by_whom = null, note = null", "supports", "id",
            supports),
        postgres: batch!(postgres "update supports set title = '', by_whom = null, note = null", "supports", "id",
            supports),
    }, reads_all: "few sessions have any";
    LATE_SUPPORTS: i64 = count!("supports", supports), reads_all: "few sessions have any";

    ANSWERS = {
        sqlite: batch!(sqlite "delete from answers", "answers", "id", answers),
        postgres: batch!(postgres "delete from answers", "answers", "id", answers),
    };
    LATE_ANSWERS: i64 = count!("answers", answers);

    STAYS = {
        sqlite: batch!(sqlite "delete from stays", "stays", "place", stays),
        postgres: batch!(postgres "delete from stays", "stays", "place", stays),
    }, reads_all: "erased a month after their session, so that few stand there";
    LATE_STAYS: i64 = count!("stays", stays), reads_all: "erased a month after their session, so that few stand there";

    HELP_WORDS = {
        sqlite: batch!(sqlite "update help_requests set children = null, ages = null, hours = null, language = null,
            travel_from = null, travel_how = null, why = null, reason = null, by_whom = null",
            "help_requests", "id", help_words),
        postgres: batch!(postgres "update help_requests set children = null, ages = null, hours = null, language = null,
            travel_from = null, travel_how = null, why = null, reason = null, by_whom = null",
            "help_requests", "id", help_words),
    };
    LATE_HELP_WORDS: i64 = count!("help_requests", help_words);
    HELP = {
        sqlite: batch!(sqlite "delete from help_requests", "help_requests", "id", over),
        postgres: batch!(postgres "delete from help_requests", "help_requests", "id", over),
    }, reads_all: "few ask for help";
    LATE_HELP: i64 = count!("help_requests", over), reads_all: "few ask for help";
    LOG_WORDS = {
        sqlite: batch!(sqlite "update audit_events set detail = null", "audit_events", "id", log_words),
        postgres: batch!(postgres "update audit_events set detail = null", "audit_events", "id", log_words),
    };
    LATE_LOG_WORDS: i64 = count!("audit_events", log_words);

    EXPIRED: Uuid = concat!("select d.id from places d where ", due!(expired), " limit $2");
    LATE_EXPIRED: i64 = count!("places", expired);

    UNFINISHED: Uuid = concat!("select d.id from registrations d where ", due!(unfinished), " limit $2");
    LATE_UNFINISHED: i64 = count!("registrations", unfinished);

    ATTEMPTS = {
        sqlite: batch!(sqlite "update registrations set attempt = null, attempt_fingerprint = null",
            "registrations", "id", attempts),
        postgres: batch!(postgres "update registrations set attempt = null, attempt_fingerprint = null",
            "registrations", "id", attempts),
    };
    LATE_ATTEMPTS: i64 = count!("registrations", attempts);
    LATE_FORMS: i64 = count!("attempts", forms);

    LETTERS = {
        sqlite: batch!(sqlite "update outbox set to_name = null, invite_for = null, to_address = 'removed@erased.invalid',
                subject = 'Letter removed', text_body = '', html_body = '', calendar_method = null,
                calendar_body = null, last_error = null, bounce_reason = null, reply_to = null,
                claimed_until = null, failed_at = case when sent_at is null then coalesce(failed_at, $3)
                                                  else failed_at end,
                erased_at = $3", "outbox", "id", letters),
        postgres: batch!(postgres "update outbox set to_name = null, invite_for = null, to_address = 'removed@erased.invalid',
                subject = 'Letter removed', text_body = '', html_body = '', calendar_method = null,
                calendar_body = null, last_error = null, bounce_reason = null, reply_to = null,
                claimed_until = null, failed_at = case when sent_at is null then coalesce(failed_at, $3)
                                                  else failed_at end,
                erased_at = $3", "outbox", "id", letters),
    };
    LEFT =
        "update outbox set to_name = null, invite_for = null, to_address = 'removed@erased.invalid', subject = 'Letter removed',
             text_body = '', html_body = '', calendar_method = null, calendar_body = null, last_error = null,
             bounce_reason = null, reply_to = null, erased_at = $1, erase_when_sent = not erase_when_sent
         where erase_when_sent and (sent_at is not null or failed_at is not null)";
    LATE_LETTERS: i64 = count!("outbox", letters);

    RECEIVED = {
        sqlite: batch!(sqlite "update received_mails set from_address = null, subject = 'Letter removed',
                words = null, done_at = case when raw is null then done_at else $3 end, raw = null,
                erased_at = $3", "received_mails", "id", received),
        postgres: batch!(postgres "update received_mails set from_address = null, subject = 'Letter removed',
                words = null, done_at = case when raw is null then done_at else $3 end, raw = null,
                erased_at = $3", "received_mails", "id", received),
    };
    LATE_RECEIVED: i64 = count!("received_mails", received);

    FEEDBACK = {
        sqlite: batch!(sqlite "update feedback set change = null", "feedback", "place", feedback),
        postgres: batch!(postgres "update feedback set change = null", "feedback", "place", feedback),
    };
    LATE_FEEDBACK: i64 = count!("feedback", feedback);

    FEEDBACK_WORDS = {
        sqlite: batch!(sqlite "update feedback_answers set words = null", "feedback_answers", "place", feedback_words),
        postgres: batch!(postgres "update feedback_answers set words = null", "feedback_answers", "place", feedback_words),
    };
    LATE_FEEDBACK_WORDS: i64 = count!("feedback_answers", feedback_words);

    NOTES = {
        sqlite: batch!(sqlite "delete from office_notes", "office_notes", "id", notes),
        postgres: batch!(postgres "delete from office_notes", "office_notes", "id", notes),
    };
    LATE_NOTES: i64 = count!("office_notes", notes);

    MESSAGES: Uuid = concat!("select d.id from mailings d where ", due!(letters), " limit $2");
    LATE_MESSAGES: i64 = count!("mailings", letters);

    SESSIONS_WITH_BOOKINGS: String =
        concat!("select d.session from (select s.code as session from sessions s
             where exists (select 1 from registrations r
                           where r.session = s.code and r.erased_at is null)) d where ", due!(over)),
        reads_all: SESSIONS;

    SESSIONS_WITH_WALK_INS: String =
        concat!("select d.session from (select s.code as session from sessions s
             where exists (select 1 from sittings i join walk_ins w on w.sitting = i.id
                           where i.session = s.code and w.erased_at is null)) d where ", due!(over)),
        reads_all: SESSIONS;

    IMPORTED = {
        sqlite: batch!(sqlite "update course_attendances set name = 'Name removed', person_key = null,
                email = 'removed-' || lower(hex(id)) || '@erased.invalid', erased_at = $3",
            "course_attendances", "id", imported),
        postgres: batch!(postgres "update course_attendances set name = 'Name removed', person_key = null,
                email = 'removed-' || replace(id::text, '-', '') || '@erased.invalid', erased_at = $3",
            "course_attendances", "id", imported),
    };
    LATE_IMPORTED: i64 = count!("course_attendances", imported);

    PEOPLE_DUE: Uuid = concat!("select d.id from people d where ", due!(people), " limit $2");
    LATE_PEOPLE: i64 = count!("people", people);

    ENDED_FEEDS = "delete from private_feeds where revoked_at is not null";

    FEEDS_OF_NOBODY = concat!("delete from private_feeds where token_hash in
        (select d.token_hash from private_feeds d where ", due!(feeds), ")");

    SIGN_INS = {
        sqlite: batch!(sqlite "delete from links", "links", "token_hash", sign_ins),
        postgres: batch!(postgres "delete from links", "links", "token_hash", sign_ins),
    };
    LATE_SIGN_INS: i64 = count!("links", sign_ins);

    CEREMONIES = concat!("delete from passkey_ceremonies where token_hash in
        (select d.token_hash from passkey_ceremonies d where ", due!(ceremonies), ")");

    PASSKEYS = concat!("delete from passkeys where id in (select d.id from passkeys d where ", due!(passkeys), ")");
    LATE_PASSKEYS: i64 = count!("passkeys", passkeys);

    STAFF_DUE: String = concat!("select d.login from staff d where ", due!(staff));
    LATE_STAFF: i64 = count!("staff", staff);

    LOG = {
        sqlite: batch!(sqlite "delete from audit_events", "audit_events", "id", log),
        postgres: batch!(postgres "delete from audit_events", "audit_events", "id", log),
    };
    LATE_LOG: i64 = count!("audit_events", log);
}

type Counted = Statement<i64, [(); 1]>;

/// What `doctor` counts, by kind.
const LATE: [(Kind, &str, Counted); 25] = [
    (Kind::Needs, "places with needs", LATE_NEEDS),
    (Kind::Needs, "answers to questions", LATE_ANSWERS),
    (Kind::Needs, "requests for help with words", LATE_HELP_WORDS),
    (Kind::Help, "requests for help", LATE_HELP),
    (Kind::Needs, "stays", LATE_STAYS),
    (Kind::Guardian, "places with a guardian", LATE_GUARDIANS),
    (Kind::Words, "places with a reason", LATE_REASONS),
    (Kind::Words, "bookings with a nomination", LATE_NOMINATIONS),
    (Kind::Words, "answers of calendars with words", LATE_HEARD),
    (Kind::Words, "supports with words", LATE_SUPPORTS),
    (Kind::Words, "lines of the log with a reason", LATE_LOG_WORDS),
    (Kind::Hold, "places that were let go", LATE_EXPIRED),
    (Kind::Hold, "bookings that were never sent off", LATE_UNFINISHED),
    (Kind::Attempts, "bookings with the key they were sent with", LATE_ATTEMPTS),
    (Kind::Attempts, "forms that were sent", LATE_FORMS),
    (Kind::Letters, "letters", LATE_LETTERS),
    (Kind::Received, "letters that came", LATE_RECEIVED),
    (Kind::Messages, "messages", LATE_MESSAGES),
    (Kind::Feedback, "answers with words", LATE_FEEDBACK),
    (Kind::Feedback, "answers to own questions with words", LATE_FEEDBACK_WORDS),
    (Kind::Notes, "notes of staff", LATE_NOTES),
    (Kind::SignIns, "sign-ins", LATE_SIGN_INS),
    (Kind::Passkeys, "passkeys", LATE_PASSKEYS),
    (Kind::Staff, "closed accounts", LATE_STAFF),
    (Kind::Log, "lines of the log", LATE_LOG),
];

/// Lines of a table that need no more than one statement.
const PLAIN: [(Kind, Statement<(), [(); 2]>); 16] = [
    (Kind::Needs, NEEDS),
    (Kind::Needs, ANSWERS),
    (Kind::Needs, HELP_WORDS),
    (Kind::Help, HELP),
    (Kind::Needs, STAYS),
    (Kind::Guardian, GUARDIANS),
    (Kind::Words, REASONS),
    (Kind::Words, NOMINATIONS),
    (Kind::Words, HEARD),
    (Kind::Words, SUPPORTS),
    (Kind::Words, LOG_WORDS),
    (Kind::Attempts, ATTEMPTS),
    (Kind::Feedback, FEEDBACK),
    (Kind::Feedback, FEEDBACK_WORDS),
    (Kind::Notes, NOTES),
    (Kind::SignIns, SIGN_INS),
];

/// Lines that say when they were made anonymous.
const MARKED: [(Kind, Statement<(), [(); 3]>); 2] =
    [(Kind::Letters, LETTERS), (Kind::Received, RECEIVED)];

/// How many kinds of lines are erased by [`batch`].
pub const BATCHES: usize = PLAIN.len() + MARKED.len() + 2;

/// Erases at most `most` due lines of the `which`th kind; how many there were.
pub async fn batch(
    tx: &mut Tx,
    which: usize,
    retention: Retention,
    now: DateTime<Utc>,
    most: i64,
) -> Result<u64, StoreError> {
    let due = |kind| retention.rule(kind).due(now);
    if let Some((kind, statement)) = PLAIN.get(which) {
        return statement.run(tx, (due(*kind), most)).await;
    }
    if let Some((kind, statement)) = MARKED.get(which - PLAIN.len()) {
        return statement.run(tx, (due(*kind), most, now)).await;
    }
    if which == BATCHES - 1 {
        return LOG.run(tx, (due(Kind::Log), most)).await;
    }
    IMPORTED.run(tx, (due(Kind::Names).date_naive(), most, now)).await
}

/// Erases what is always little: ended calendars, half-made sign-ins, passkeys of closed accounts.
pub async fn sweep(
    tx: &mut Tx,
    retention: Retention,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let due = |kind| retention.rule(kind).due(now);
    let mut gone = ENDED_FEEDS.run(tx, ()).await?;
    let calendars = due(Kind::Calendars);
    gone += FEEDS_OF_NOBODY.run(tx, (calendars, calendars.date_naive())).await?;
    gone += CEREMONIES.run(tx, [now]).await?;
    gone += data_links::sweep(tx, now).await? + letter_stops::sweep(tx, now).await?;
    gone += person_merges::sweep(tx, now - TAKEN_BACK_WITHIN).await?;
    gone += overview_marks::forget(tx, due(Kind::Messages)).await?;
    gone += readers::forget(tx, due(Kind::Letters)).await?;
    gone += networks::forget(tx, due(Kind::Hold)).await?;
    gone += imports::forget(tx, due(Kind::Files)).await?;
    gone += sheet_links::forget(tx).await?;
    gone += helper_links::sweep(tx, due(Kind::Links)).await?;
    gone += path_links::sweep(tx, due(Kind::Links)).await?;
    gone += PASSKEYS.run(tx, [due(Kind::Passkeys)]).await?;
    Ok(gone)
}

/// Erases letters about whoever was erased, once they have left.
pub async fn sent(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    LEFT.run(tx, [now]).await
}

/// Lines whose parts stand in several tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Places that ran out while somebody typed.
    Expired,
    /// Bookings that were never sent off.
    Unfinished,
    /// Messages to many.
    Messages,
    /// People who have not been to anything for long.
    People,
}

/// At most `most` of them that are due at `now`.
pub async fn due(
    conn: &mut Conn,
    lines: Lines,
    (retention, now): (Retention, DateTime<Utc>),
    most: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let (kind, statement) = match lines {
        Lines::Expired => (Kind::Hold, EXPIRED),
        Lines::Unfinished => (Kind::Hold, UNFINISHED),
        Lines::Messages => (Kind::Messages, MESSAGES),
        Lines::People => (Kind::Names, PEOPLE_DUE),
    };
    statement.values(conn, (retention.rule(kind).due(now), most)).await
}

/// The sessions whose names are due: those with bookings, and those with people who walked in.
pub async fn sessions_due(
    conn: &mut Conn,
    before: DateTime<Utc>,
) -> Result<[Vec<SessionCode>; 2], StoreError> {
    let read = |codes: Vec<String>| -> Result<Vec<SessionCode>, StoreError> {
        codes.iter().map(|code| parse("sessions", "code", code, code)).collect()
    };
    let booked = read(SESSIONS_WITH_BOOKINGS.values(conn, [before]).await?)?;
    let walked_in = read(SESSIONS_WITH_WALK_INS.values(conn, [before]).await?)?;
    Ok([booked, walked_in])
}

/// The accounts whose names are due.
pub async fn staff_due(conn: &mut Conn, before: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    STAFF_DUE.values(conn, [before]).await
}

/// What should be gone for a while, in words.
pub async fn overdue(
    conn: &mut Conn,
    retention: Retention,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    let mut note = |kind: Kind, count: i64, what: &str| {
        if count > 0 {
            found.push(format!("{kind}: {count} {what}"));
        }
    };
    for (kind, what, statement) in LATE {
        note(kind, statement.value(conn, [retention.rule(kind).overdue(now)]).await?, what);
    }
    let names = retention.rule(Kind::Names).overdue(now);
    note(Kind::Names, LATE_PEOPLE.value(conn, [names]).await?, "people");
    note(Kind::Names, LATE_IMPORTED.value(conn, [names.date_naive()]).await?, "imported courses");
    let files = retention.rule(Kind::Files).overdue(now);
    note(Kind::Files, imports::late(conn, files).await?, "files that were brought in");
    let [booked, walked_in] = sessions_due(conn, names).await?;
    for code in booked.iter().chain(&walked_in) {
        found.push(format!("{}: {code}", Kind::Names));
    }
    Ok(found)
}
