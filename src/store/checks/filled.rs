//! Rows in every table that grows, so that a database plans as one that is used.

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};

/// How many rows each table that grows is given.
const ROWS: u32 = 2_000;

/// The tables that grow for as long as Turnout is used.
pub const GROWING: &[&str] = &[
    "answers",
    "answers_asked",
    "application_scores",
    "attempts",
    "attendances",
    "audit_events",
    "certificates",
    "course_attendances",
    "feedback",
    "feedback_answers",
    "feedback_questions",
    "feedback_requests",
    "handout_files",
    "handouts",
    "help_budgets",
    "help_offers",
    "help_requests",
    "institutions",
    "interest_links",
    "interest_told",
    "interests",
    "invitations",
    "invited_links",
    "letter_stops",
    "links",
    "mailing_recipients",
    "mailings",
    "nominations",
    "office_notes",
    "outbox",
    "overview_marks",
    "path_links",
    "path_people",
    "path_records",
    "people",
    "person_contacts",
    "person_keys",
    "person_questions",
    "personal_invitations",
    "places",
    "pledges",
    "private_feeds",
    "question_revisions",
    "questions",
    "readers",
    "received_mails",
    "registrations",
    "reminders",
    "reserves",
    "room_letters",
    "room_places",
    "rooms",
    "series",
    "session_listings",
    "session_trainers",
    "sessions",
    "sittings",
    "stay_letters",
    "stays",
    "stop_links",
    "supports",
    "turnout_counts",
    "walk_ins",
];

/// Tables that stay small: a movement has so many alliances, courses, venues and staff, whatever it does, and
/// what is announced is forgotten once it was told, an answer once its letters left, a merge after a day, a session waits seconds to be
/// counted, and days are seldom taken off.
pub const SMALL: &[&str] = &[
    "alliances",
    "announcements",
    "announcements_untold",
    "application_decisions",
    "asked_links",
    "booking_drafts",
    "chores",
    "course_prerequisites",
    "courses",
    "data_links",
    "decision_days",
    "heartbeats",
    "helper_links",
    "import_made",
    "imports",
    "key_rules",
    "notices",
    "passkey_ceremonies",
    "passkeys",
    "path_courses",
    "path_versions",
    "paths",
    "person_merge_rows",
    "person_merge_seats",
    "person_merges",
    "removed_days",
    "request_answers",
    "sheet_links",
    "site_address",
    "staff",
    "staff_alliances",
    "turnout_uncounted",
    "venues",
];

/// `{id}` is the id of row `i`, `{at}` its moment, `{digest}` 32 bytes of its own.
const FEW: &[(&str, &str)] = &[
    (
        "alliances (slug, name, time_zone, contact_email)",
        "'a' || i, 'A ' || i, 'UTC', 'a@b.example'",
    ),
    (
        "courses (slug, title, summary, campaign, learning_minutes, default_capacity)",
        "'c' || i, 'C ' || i, 's', 'k', 60, 20",
    ),
    ("staff (login, name, email, role)", "'s' || i, 'S', 's' || i || '@b.example', 'trainer'"),
    ("staff_alliances (login, alliance)", "'s' || i, 'a' || i"),
    ("paths (slug, name, quiet_months, made_at)", "'w' || i, 'W ' || i, 6, {at}"),
    (
        "path_versions (path, number, training_minutes, action_minutes, published_at)",
        "'w' || i, 1, 3000, 3000, {at}",
    ),
    ("path_courses (path, number, course, position)", "'w' || i, 1, 'c' || i, 1"),
];

const MANY: &[(&str, &str)] = &[
    ("institutions (code, name, kind, alliance, membership)",
     "'i' || i, 'I ' || i, 'school', 'a' || (i % 10 + 1), 'member'"),
    ("series (id, booked)", "'e' || i, 'any'"),
    ("sessions (code, course, alliance, online_room, capacity, places_per_booking, mode, publication, series_id)",
     "'t' || i, 'c' || (i % 10 + 1), 'a' || (i % 10 + 1), 'r', 30, 6, 'instant', 'published', 'e' || i"),
    ("sittings (id, session, number, starts, ends, zone, starts_at, ends_at, uid, created_at, changed_at)",
     "{id}, 't' || i, 1, {local}, {later}, 'UTC', {at}, {after}, 'u' || i, {at}, {at}"),
    ("feedback_questions (id, session, kind, wording, added_at)", "{id}, 't' || i, 'scale', 'Q', {at}"),
    ("handouts (id, session, title, link, audience, added_at)", "{id}, 't' || i, 'T', 'l', 'confirmed', {at}"),
    ("handout_files (handout, content)", "{id}, {digest}"),
    ("overview_marks (thing, fact, state, marked_by, marked_at)", "'requests:t' || i, 1, 'done', 's1', {at}"),
    ("supports (id, session, kind, title, state, changed_by, changed_at)",
     "{id}, 't' || i, 'other', 'T', 'booked', 's1', {at}"),
    ("reserves (id, session, for_group, places, until, made_by, made_at)",
     "{id}, 't' || i, 'kind:school', 2, {at}, 's1', {at}"),
    ("session_trainers (session, login, position)", "'t' || i, 's' || (i % 10 + 1), 1"),
    ("people (id, name, email, institution, known_since)",
     "{id}, 'P ' || i, 'p' || i || '@b.example', 'i' || i, {at}"),
    ("person_keys (key, person)", "'k' || i, {id}"),
    ("person_contacts (id, person, kind, value, added_at)", "{id}, {id}, 'phone', '0' || i, {at}"),
    ("person_questions (id, one, other, asked_at, answered_at)", "{id}, {id}, {id}, {at}, {at}"),
    ("path_people (id, path, number, person, since, joined_at)",
     "{id}, 'w' || (i % 10 + 1), 1, {id}, {day}, {at}"),
    ("path_records (id, person, kind, title, done_on, minutes, state, asked_at)",
     "{id}, {id}, 'action', 'T', {day}, 60, 'confirmed', {at}"),
    ("path_links (token_hash, person, created_at)", "{digest}, {id}, {at}"),
    ("registrations (id, reference, session, leader_name, leader_email, institution, team, source,
         created_at, booked_at, person, series_booking)",
     "{id}, 'R' || i, 't' || i, 'L', 'p' || i || '@b.example', 'i' || i, 'together', 'web', {at}, {at}, {id}, {id}"),
    ("places (id, registration, session, number, name, email, state, changed_at, changed_by, person)",
     "{id}, {id}, 't' || i, 1, 'P ' || i, 'p' || i || '@b.example', 'confirmed', {at}, 'job', {id}"),
    ("stays (place, session, said_by, said_at)", "{id}, 't' || i, 'leader', {at}"),
    ("rooms (id, session, name, beds, position)", "{id}, 't' || i, 'R ' || i, 2, 1"),
    ("room_places (place, room, session)", "{id}, {id}, 't' || i"),
    ("room_letters (place, told, told_at)", "{id}, 'R ' || i, {at}"),
    ("stay_letters (place, asked_for, asked_at)", "{id}, {day}, {at}"),
    ("help_offers (session, kind)", "'t' || i, 'travel'"),
    ("help_budgets (session, pence)", "'t' || i, 50000"),
    ("help_requests (id, place, session, kind, state, asked_pence, granted_pence, asked_at, changed_at, decided_at)",
     "{id}, {id}, 't' || i, 'travel', 'granted', 3000, 2000, {at}, {at}, {at}"),
    ("application_scores (registration, reader, session, score, scored_at)",
     "{id}, 's' || (i % 10 + 1), 't' || i, 3, {at}"),
    ("questions (code, session, position, asked)", "'q' || i, 't' || i, 1, 'person'"),
    ("question_revisions (question, number, kind, wording, at)", "'q' || i, 1, 'text', 'W', {at}"),
    ("answers (id, question, revision, registration, place, session, value, kept_as, answered_at)",
     "{id}, 'q' || i, 1, {id}, case when i % 2 = 0 then {id} end, 't' || i, 'v', 'names', {at}"),
    ("answers_asked (registration, place, session, asked_at)", "{id}, {id}, 't' || i, {at}"),
    ("feedback_answers (place, question, value, given_at)", "{id}, {id}, '5', {at}"),
    ("invitations (id, place, sitting, uid, address, name, sequence, stamp)",
     "{id}, {id}, {id}, 'u' || i, 'p' || i || '@b.example', 'P', 0, {at}"),
    ("links (token_hash, kind, registration, created_at)", "{digest}, 'leader', {id}, {at}"),
    ("interests (id, course, alliance, place, reach, person, key, name, email, asked_at, confirmed_at)",
     "{id}, 'c' || (i % 10 + 1), 'a' || (i % 10 + 1), 'LS' || i, 'here', {id}, 'k' || i, 'P ' || i,
      'p' || i || '@b.example', {at}, {at}"),
    ("interest_told (interest, session, said, told_at)", "{id}, 't' || i, '', {at}"),
    ("interest_links (token_hash, interest, created_at)", "{digest}, {id}, {at}"),
    ("session_listings (session, listed_at, next_at)", "'t' || i, {at}, {at}"),
    ("nominations (id, course, session, alliance, person, key, name, institution, reason, nominated_by,
         registration, nominated_at, decision, decided_at, before_due)",
     "{id}, 'c' || (i % 10 + 1), 't' || i, 'a' || (i % 10 + 1), {id}, 'k' || i, 'P ' || i, 'i' || i, 'r',
      'staff:s1', {id}, {at}, 'approved', {at}, {day}"),
    ("personal_invitations (id, session, person, key, name, email, institution, vouched, said, answer_by,
         asked_by, asked_at, registration)",
     "{id}, 't' || i, {id}, 'k' || i, 'P ' || i, 'p' || i || '@b.example', 'i' || i, false, '', {at}, 's1', {at},
      {id}"),
    ("invited_links (token_hash, invitation, created_at)", "{digest}, {id}, {at}"),
    ("letter_stops (address, kind, stopped_at)", "'p' || i || '@b.example', 'reminders', {at}"),
    ("stop_links (token_hash, address, kind, created_at)",
     "{digest}, 'p' || i || '@b.example', 'reminders', {at}"),
    ("outbox (id, kind, registration, place, to_address, subject, text_body, html_body, position,
         created_at, due_at, sent_at)",
     "{id}, 'booking-confirmed', {id}, {id}, 'p' || i || '@b.example', 's', '', '', i, {at}, {at}, {at}"),
    ("attempts (digest, kind, made, at)", "{digest}, 'course', 'c' || i, {at}"),
    ("audit_events (id, at, actor, action, session, registration, place)",
     "{id}, {at}, 'job', 'places-booked', 't' || i, {id}, {id}"),
    ("course_attendances (id, course, name, email, attended_on, source, person_key)",
     "{id}, 'c' || (i % 10 + 1), 'P ' || i, 'p' || i || '@b.example', {day}, 'door', 'k' || i"),
    ("attendances (place, sitting, presence, marked_at, marked_by)",
     "{id}, {id}, 'attended', {at}, 's1'"),
    ("walk_ins (id, sitting, name, came_at, added_by)", "{id}, {id}, 'W', {at}, 's1'"),
    ("private_feeds (token_hash, owner, email, name, created_at)",
     "{digest}, 'o' || i, 'p' || i || '@b.example', 'P', {at}"),
    ("readers (digest, since)", "'d' || i, {at}"),
    ("received_mails (id, digest, received_at, subject, outcome)",
     "{id}, {digest}, {at}, 's', 'answered'"),
    ("reminders (place, sitting, days_before, sent_at)", "{id}, {id}, 7, {at}"),
    ("mailings (id, session, author, attempt, audience, subject, body, created_at)",
     "{id}, 't' || i, 's1', 'm' || i, 'all', 's', 'b', {at}"),
    ("mailing_recipients (mailing, address, names, registration, letter)",
     "{id}, 'p' || i || '@b.example', 'P', {id}, {id}"),
    ("office_notes (id, registration, author, body, written_at)", "{id}, {id}, 's1', 'b', {at}"),
    ("feedback_requests (place, asked_at)", "{id}, {at}"),
    ("feedback (place, useful, recommend, given_at)", "{id}, 4, 'yes', {at}"),
    ("pledges (session, institution, people, pledged_at, pledged_by)",
     "'t' || i, 'i' || i, 3, {at}, 's1'"),
    ("turnout_counts (session, institution, named, attended, walked_in)", "'t' || i, 'i' || i, 1, 1, 0"),
];

/// Each word of the texts above in the words of a database.
type Words = [(&'static str, &'static str); 7];

const SQLITE: Words = [
    ("{id}", "cast(printf('%016d', i) as blob)"),
    ("{digest}", "cast(printf('%032d', i) as blob)"),
    ("{at}", "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-01-01', '+' || i || ' hours')"),
    ("{after}", "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-01-01', '+' || (i + 1) || ' hours')"),
    ("{local}", "strftime('%Y-%m-%d %H:%M:%S', '2026-01-01', '+' || i || ' hours')"),
    ("{later}", "strftime('%Y-%m-%d %H:%M:%S', '2026-01-01', '+' || (i + 1) || ' hours')"),
    ("{day}", "strftime('%Y-%m-%d', '2026-01-01', '+' || i || ' hours')"),
];

const POSTGRES: Words = [
    ("{id}", "lpad(i::text, 32, '0')::uuid"),
    ("{digest}", "lpad(i::text, 32, '0')::bytea"),
    ("{at}", "timestamptz '2026-01-01 00:00Z' + i * interval '1 hour'"),
    ("{after}", "timestamptz '2026-01-01 00:00Z' + (i + 1) * interval '1 hour'"),
    ("{local}", "timestamp '2026-01-01 00:00' + i * interval '1 hour'"),
    ("{later}", "timestamp '2026-01-01 00:00' + (i + 1) * interval '1 hour'"),
    ("{day}", "(timestamp '2026-01-01 00:00' + i * interval '1 hour')::date"),
];

fn texts(words: Words) -> impl Iterator<Item = String> {
    let few = FEW.iter().map(|text| (text, 10));
    let many = MANY.iter().map(|text| (text, ROWS));
    few.chain(many).map(move |((into, values), rows)| {
        let values = words
            .iter()
            .fold((*values).to_owned(), |text, (word, meaning)| text.replace(word, meaning));
        format!(
            "insert into {into} with recursive n(i) as
                 (select 1 union all select i + 1 from n where i < {rows}) select {values} from n"
        )
    })
}

pub async fn fill_sqlite(pool: &SqlitePool) {
    for text in texts(SQLITE) {
        let done = sqlx::raw_sql(AssertSqlSafe(text.clone())).execute(pool).await;
        done.unwrap_or_else(|error| panic!("{error}: {text}"));
    }
}

pub async fn fill_postgres(pool: &PgPool) {
    for text in texts(POSTGRES) {
        let done = sqlx::raw_sql(AssertSqlSafe(text.clone())).execute(pool).await;
        done.unwrap_or_else(|error| panic!("{error}: {text}"));
    }
    sqlx::raw_sql("analyze").execute(pool).await.expect("statistics");
}

/// The tables there are, without those of the migrations.
#[tokio::test]
async fn every_table_is_said_to_grow_or_not() {
    let database = super::database::on_sqlite().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%'
           and name not like '\\_sqlx%' escape '\\' order by name",
    )
    .fetch_all(&database.pool)
    .await
    .expect("tables");
    let mut known = [GROWING, SMALL].concat();
    known.sort_unstable();
    assert_eq!(tables, known);
    fill_sqlite(&database.pool).await;
    for table in GROWING {
        let text = AssertSqlSafe(format!("select count(*) from {table}"));
        let rows: i64 = sqlx::query_scalar(text).fetch_one(&database.pool).await.expect("a count");
        assert!(rows >= i64::from(ROWS), "{table} is not filled");
    }
}
