//! Years of bookings, written by the database itself: a million registrations in minutes.
//!
//! 50,000 people booked 4,600 sessions of the last five years and 400 to come; everybody was written to,
//! invited and given a link, and most came. One session to come, `HOT`, has 1,000 people. Both
//! databases run the same statements, but for a few expressions that they spell differently.

use std::time::Instant;

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, raw_sql};

const PEOPLE: i64 = 50_000;
const PAST: i64 = 4_600;
const COMING: i64 = 400;
/// How many bookings each session to come has by now.
const EACH: i64 = 30;
/// The people of `HOT`.
const HOT: i64 = 1_000;

/// What the two databases spell differently.
struct Dialect {
    /// The identifier of a row, from its kind and number.
    id: fn(&str, &str) -> String,
    /// The digest of a token, likewise.
    hash: fn(&str, &str) -> String,
    /// An instant, from seconds since 1970.
    at: fn(&str) -> String,
    /// Wall time, likewise.
    wall: fn(&str) -> String,
    /// A day, likewise.
    day: fn(&str) -> String,
}

const SQLITE: Dialect = Dialect {
    id: |kind, n| format!("unhex(printf('%016x%016x', {kind}, {n}))"),
    hash: |kind, n| format!("unhex(printf('%032x%032x', {kind}, {n}))"),
    at: |seconds| format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', {seconds}, 'unixepoch')"),
    wall: |seconds| format!("strftime('%Y-%m-%d %H:%M:%S', {seconds}, 'unixepoch')"),
    day: |seconds| format!("strftime('%Y-%m-%d', {seconds}, 'unixepoch')"),
};

const POSTGRES: Dialect = Dialect {
    id: |kind, n| {
        let hex = |number: &str| format!("lpad(to_hex({number}), 16, '0')");
        format!("({} || {})::uuid", hex(kind), hex(n))
    },
    hash: |kind, n| {
        let hex = |number: &str| format!("lpad(to_hex({number}), 32, '0')");
        format!("decode({} || {}, 'hex')", hex(kind), hex(n))
    },
    at: |seconds| format!("to_timestamp({seconds})"),
    wall: |seconds| format!("to_timestamp({seconds}) at time zone 'UTC'"),
    day: |seconds| format!("cast(to_timestamp({seconds}) at time zone 'UTC' as date)"),
};

/// What SQLite is told first: nobody else looks, and a power cut would only cost the filling. The
/// triggers count each place; `booked` counts them all at once.
const SQLITE_FIRST: &str = "pragma synchronous = off; pragma foreign_keys = off;
    pragma cache_size = -400000";

/// Fills an empty database with `registrations` past ones.
pub async fn write(url: &str, registrations: i64, now: DateTime<Utc>) {
    let began = Instant::now();
    if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url).await.expect("the file");
        let triggers =
            "select 'drop trigger ' || name, sql from sqlite_master where type = 'trigger'";
        let triggers: Vec<(String, String)> =
            sqlx::query_as(triggers).fetch_all(&mut conn).await.expect("the triggers");
        let (without, with): (Vec<_>, Vec<_>) = triggers.into_iter().unzip();
        let first = [SQLITE_FIRST.to_owned()].into_iter().chain(without);
        let filling = statements(&SQLITE, registrations, now);
        for text in first.chain(filling).chain(with) {
            raw_sql(AssertSqlSafe(text.as_str())).execute(&mut conn).await.expect(&text);
            // What is written stands in the file before more is.
            let checkpoint = "pragma wal_checkpoint(truncate)";
            raw_sql(checkpoint).execute(&mut conn).await.expect("a checkpoint");
        }
    } else {
        let mut conn = PgConnection::connect(url).await.expect("the database");
        // Neither triggers nor foreign keys are looked at; afterwards, what autovacuum does within
        // minutes of such a rush.
        let first = "set session_replication_role = replica".to_owned();
        let filling = statements(&POSTGRES, registrations, now);
        for text in [first].into_iter().chain(filling).chain(["vacuum analyze".to_owned()]) {
            raw_sql(AssertSqlSafe(text.as_str())).execute(&mut conn).await.expect(&text);
        }
    }
    eprintln!("{registrations} past registrations were written in {:.0?}", began.elapsed());
}

fn statements(sql: &Dialect, registrations: i64, now: DateTime<Utc>) -> Vec<String> {
    let today = now.timestamp() - now.timestamp().rem_euclid(86_400);
    let mut texts = catalogue();
    texts.extend(planned(sql, today));
    texts.extend(made(sql, registrations, today));
    texts.extend(booked(sql, registrations, today));
    texts.extend(told(sql, registrations));
    texts.extend(came(sql));
    // Which the triggers would have noted.
    texts.push(
        "insert into turnout_uncounted (session) select code from sessions where true
         on conflict (session) do nothing"
            .to_owned(),
    );
    texts
}

/// `insert` of a row for each number from 1 to `last`.
fn numbered(last: i64, into: &str, row: &str) -> String {
    format!(
        "insert into {into} with recursive numbers(n) as
             (select cast(1 as bigint) union all select n + 1 from numbers where n < {last})
         select {row} from numbers"
    )
}

fn catalogue() -> Vec<String> {
    vec![
        numbered(
            20,
            "alliances (slug, name, time_zone, contact_email)",
            // Reykjavik keeps the same time all year, so wall times need no arithmetic here.
            "'alliance-' || n, 'Alliance ' || n, 'Atlantic/Reykjavik', 'office@example.org'",
        ),
        numbered(
            400,
            "institutions (code, name, kind, alliance, membership)",
            "'I' || n, 'Institution ' || n, 'faith', 'alliance-' || (1 + n % 20), 'member'",
        ),
        numbered(
            10,
            "courses (slug, title, summary, campaign, learning_minutes, default_capacity)",
            "'course-' || n, 'Course ' || n, 'What is taught.', 'leadership', 120, 30",
        ),
    ]
}

fn planned(sql: &Dialect, today: i64) -> Vec<String> {
    let last = PAST + COMING + 1;
    // Past sessions over five years, those to come over half a year.
    let day = format!(
        "(case when n <= {PAST} then (n - {PAST} - 1) * 1826 / {PAST} - 1
               else 3 + (n - {PAST}) * 180 / {COMING} end)"
    );
    let starts = format!("{today} + 36000 + 86400 * {day}");
    let ends = format!("{starts} + 21600");
    let (at, wall, id) = (sql.at, sql.wall, (sql.id)("1", "n"));
    let code = code();
    vec![
        numbered(
            last,
            "sessions (code, course, alliance, venue_name, venue_address, capacity,
                 places_per_booking, mode, publication)",
            &format!(
                "{code}, 'course-' || (1 + n % 10), 'alliance-' || (1 + n % 20),
                 'Hall of session ' || n, '41 Copeland Lane, London SE15 0XX', 2000, 6,
                 case when n % 10 = 0 then 'approval' else 'instant' end, 'published'"
            ),
        ),
        numbered(
            last,
            "sittings (id, session, number, starts, ends, zone, starts_at, ends_at, uid,
                 created_at, changed_at)",
            &format!(
                "{id}, {code}, 1, {}, {}, 'Atlantic/Reykjavik', {}, {}, 's' || n || '@turnout.example',
                 {}, {}",
                wall(&starts),
                wall(&ends),
                at(&starts),
                at(&ends),
                at(&format!("{starts} - 8640000")),
                at(&format!("{starts} - 8640000")),
            ),
        ),
    ]
}

/// The code of the session of number `n`.
fn code() -> String {
    format!("case when n = {} then 'HOT' else 'C' || n end", PAST + COMING + 1)
}

/// What everything else is copied from: a line for each place, with the numbers of its booking, of
/// its session and of who sits there. Each fifth booking is for two.
fn made(sql: &Dialect, past: i64, today: i64) -> Vec<String> {
    let (at, last, hot) = (sql.at, past + COMING * EACH + HOT, PAST + COMING + 1);
    // Booked three weeks before a past session, and yesterday for those to come.
    let day =
        format!("(case when n <= {past} then (s - {PAST} - 1) * 1826 / {PAST} - 22 else -1 end)");
    let when = at(&format!("{today} + 86400 * {day} + n % 80000"));
    vec![
        format!(
            "create temporary table made as
             with recursive numbers(n) as
                 (select cast(1 as bigint) union all select n + 1 from numbers where n < {last}),
             bookings as (select n,
                 case when n <= {past} then 1 + n % {PAST}
                      when n <= {past} + {COMING} * {EACH} then {PAST} + 1 + n % {COMING}
                      else {hot} end as s,
                 case when n > {past} or n % 100 < 90 then 'confirmed'
                      when n % 100 < 95 then 'cancelled' when n % 100 < 97 then 'waiting'
                      when n % 100 < 99 then 'requested' else 'refused' end as state
                 from numbers),
             seats as (select n, s, state, 1 as k, 1 + n * 7919 % {PEOPLE} as person from bookings
                 union all select n, s, state, 2, 1 + n * 104729 % {PEOPLE} from bookings
                 where n % 5 = 0 and s < {hot})
             select n, k, person, state, s, {when} as moment,
                 case when s = {hot} then 'HOT' else 'C' || s end as session from seats",
        ),
        "create index made_by_booking on made (n)".to_owned(),
    ]
}

/// The people, their bookings and places.
fn booked(sql: &Dialect, past: i64, today: i64) -> Vec<String> {
    let id = sql.id;
    let symbol = |power: i64| {
        let symbols = "'23456789ABCDEFGHJKMNPQRSTUVWXYZ'";
        format!("substr({symbols}, cast(1 + n / {power} % 31 as integer), 1)")
    };
    let symbols: Vec<String> = (0..5).rev().map(|at| symbol(31_i64.pow(at))).collect();
    let reference = format!("'AB2' || {} || '-' || {}", symbols[0], symbols[1..].join(" || "));
    let known_since = (sql.at)(&format!("{today} - 86400 * 1850"));
    vec![
        numbered(
            PEOPLE,
            "people (id, name, email, institution, known_since)",
            &format!(
                "{}, 'Person ' || n, 'p' || n || '@example.org', 'I' || (1 + n % 400), {known_since}",
                id("5", "n"),
            ),
        ),
        numbered(
            PEOPLE,
            "person_keys (key, person)",
            &format!("'email:p' || n || '@example.org:person ' || n, {}", id("5", "n")),
        ),
        format!(
            "insert into registrations (id, reference, session, leader_name, leader_email,
                 institution, team, source, created_at, booked_at, asked, person)
             select {}, {reference}, session, 'Person ' || person, 'p' || person || '@example.org',
                 'I' || (1 + n % 400), 'together', 'web', moment, moment, 1, {}
             from made where k = 1",
            id("2", "n"),
            id("5", "person"),
        ),
        format!(
            "insert into places (id, registration, session, number, name, email, dietary, access,
                 state, queue, changed_at, changed_by, person)
             select {}, {}, session, k, 'Person ' || person, 'p' || person || '@example.org',
                 case when n > {past} and n % 20 = 0 then 'Vegan' end,
                 case when n > {past} and n % 40 = 0 then 'BSL interpreter' end,
                 state, case when state = 'waiting' then n end, moment, 'leader', {} from made",
            id("2 + k", "n"),
            id("2", "n"),
            id("5", "person"),
        ),
        "update sessions set last_queue = 9000000, occupied = coalesce((select count(*) from places p
             where p.session = sessions.code and p.state = 'confirmed'), 0)"
            .to_owned(),
    ]
}

/// Letters that went out, with the invites, links and lines in the log that go with them.
fn told(sql: &Dialect, past: i64) -> Vec<String> {
    let (id, hash, all) = (sql.id, sql.hash, past + COMING * EACH + HOT);
    let (booking, place) = (id("2", "n"), id("2 + k", "n"));
    let email = "'p' || person || '@example.org'";
    let event = |kind: &str, actor: &str, action: &str| {
        format!(
            "insert into audit_events (id, at, actor, action, session, registration, detail)
             select {}, moment, '{actor}', '{action}', session, {booking}, '1 place'
             from made where k = 1",
            id(kind, "n"),
        )
    };
    vec![
        format!(
            "insert into links (token_hash, kind, registration, created_at)
             select {}, 'leader', {booking}, moment from made where k = 1",
            hash("1", "n"),
        ),
        format!(
            "insert into links (token_hash, kind, place, created_at)
             select {}, 'attendee', {place}, moment from made where state = 'confirmed'",
            hash("1 + k", "n"),
        ),
        format!(
            "insert into invitations (id, place, sitting, uid, address, name, sequence, stamp)
             select {}, {place}, {}, 'i' || n || '-' || k || '@turnout.example', {email},
                 'Person ' || person, 0, moment from made where state = 'confirmed'",
            id("6 + k", "n"),
            id("1", "s"),
        ),
        format!(
            "insert into outbox (id, kind, registration, to_name, to_address, subject, text_body,
                 html_body, position, created_at, due_at, sent_at)
             select {}, case state when 'waiting' then 'waiting-list-joined'
                               when 'requested' then 'places-requested' else 'booking-confirmed' end,
                 {booking}, 'Person ' || person, {email}, 'Your booking', '', '', n, moment, moment,
                 moment from made where k = 1",
            id("6", "n"),
        ),
        format!(
            "insert into outbox (id, kind, registration, place, to_name, to_address, subject,
                 text_body, html_body, thread, position, created_at, due_at, sent_at)
             select {}, 'invite', {booking}, {place}, 'Person ' || person, {email}, 'Your place', '',
                 '', 'i' || n || '-' || k || '@turnout.example', {all} * k + n, moment, moment, moment
             from made where state = 'confirmed'",
            id("6 + k", "n"),
        ),
        "update outbox set bounced_at = sent_at, bounce_reason = 'No such mailbox'
         where position % 5000 = 0"
            .to_owned(),
        "update outbox set failed_at = sent_at, sent_at = null, last_error = 'Refused'
         where position % 5000 = 1"
            .to_owned(),
        event("1", "visitor", "places-held"),
        event("2", "leader", "places-booked"),
    ]
}

/// Four of five people came, and every tenth of them said what they thought of it.
fn came(sql: &Dialect) -> Vec<String> {
    let (place, sitting) = ((sql.id)("2 + k", "n"), (sql.id)("1", "s"));
    let there = format!("from made where state = 'confirmed' and n % 5 < 4 and s <= {PAST}");
    vec![
        format!(
            "insert into attendances (place, sitting, presence, marked_at, marked_by)
             select {place}, {sitting}, 'attended', moment, 'staff:tom' {there}",
        ),
        format!("insert into feedback_requests (place, asked_at) select {place}, moment {there}",),
        format!(
            "insert into feedback (place, useful, recommend, given_at)
             select {place}, 4, 'yes', moment {there} and n % 10 = 1",
        ),
        numbered(
            PEOPLE,
            "course_attendances (id, course, name, email, attended_on, source)",
            &format!(
                "{}, 'course-1', 'Person ' || n, 'p' || n || '@example.org', {}, 'door'",
                (sql.id)("1", "n"),
                (sql.day)("1700000000"),
            ),
        ),
        "drop table made".to_owned(),
    ]
}
