//! How the databases would find the rows that each text asks for: not by reading the whole of a
//! table that grows, unless the statement says why.
//!
//! SQLite never looks at statistics that nobody gathered, and Turnout gathers none; so it plans here
//! as it does in use. PostgreSQL is asked for its generic plan, which holds for any values, and may
//! use neither sequential scans nor joins that read both sides whole: on so few rows it would choose
//! them for want of work, so what is asked is whether an index leads to each row.

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Row, SqlitePool};

use super::{
    Described, all, database,
    filled::{GROWING, fill_postgres, fill_sqlite},
};

/// Indexes of what is still to be done: however much was done, few rows stand in them.
const TO_DO: &[&str] = &[
    "answers_passing",
    "audit_with_words",
    "course_attendances_unerased",
    "course_attendances_unkeyed",
    "feedback_answers_with_words",
    "feedback_with_words",
    "help_requests_open",
    "help_requests_to_tell",
    "help_requests_with_words",
    "institutions_unkeyed",
    "invitations_without_organizer",
    "mailing_recipients_unwritten",
    "nominations_to_decide",
    "outbox_by_thread",
    "outbox_invites_unsent",
    "outbox_leaving",
    "outbox_queued",
    "outbox_to_send",
    "outbox_to_send_by_reader",
    "path_records_asked",
    "people_unkeyed",
    "person_questions_open",
    "places_expired",
    "places_requested",
    "places_running_out",
    "places_to_release",
    "places_unkeyed",
    "places_unknown",
    "places_waiting",
    "places_with_guardian",
    "places_with_needs",
    "places_with_reason",
    "private_feeds_ended",
    "private_feeds_of_nobody",
    "received_mails_to_read",
    "received_mails_with_words",
    "registrations_by_typed_institution",
    "registrations_unfinished",
    "registrations_unkeyed",
    "registrations_unknown",
    "registrations_with_nomination",
    "sessions_unkeyed",
    "walk_ins_unkeyed",
    "walk_ins_unknown",
];

/// The tables that grow and are read whole by a text, as SQLite plans it.
async fn read_whole_by_sqlite(pool: &SqlitePool, text: &str) -> Vec<String> {
    let explained = format!("explain query plan {text}");
    let steps = sqlx::query(AssertSqlSafe(explained)).fetch_all(pool).await;
    let steps = steps.unwrap_or_else(|error| panic!("{error}: {text}"));
    let names = names(text);
    let whole = steps.iter().filter_map(|step| {
        let detail: String = step.get("detail");
        let (verb, rest) = detail.split_once(' ')?;
        let (name, how) = rest.split_once(' ').unwrap_or((rest, ""));
        let reads_all = verb == "SCAN" || how.contains("AUTOMATIC");
        let index = how.rsplit_once("INDEX ").map_or("", |(_, index)| index);
        let (_, table) = names.iter().find(|(known, _)| known == name)?;
        (reads_all && !TO_DO.contains(&index)).then(|| table.clone())
    });
    let mut whole: Vec<_> = whole.collect();
    whole.sort();
    whole.dedup();
    whole
}

/// The tables that grow in a text, each under the name it has there.
fn names(text: &str) -> Vec<(String, String)> {
    let signs = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    let words: Vec<_> = text.split(signs).collect();
    let mut names = Vec::new();
    for (at, table) in words.iter().enumerate().filter(|(_, word)| GROWING.contains(word)) {
        names.push(((*table).to_owned(), (*table).to_owned()));
        let alias = words.get(at + 1).filter(|word| !word.is_empty());
        names.extend(alias.map(|alias| ((*alias).to_owned(), (*table).to_owned())));
    }
    names
}

/// How PostgreSQL would answer a text, whatever its values are.
pub(super) async fn plan(conn: &mut PgConnection, text: &str) -> Value {
    let run = async |conn: &mut PgConnection, text: String| {
        let done = sqlx::raw_sql(AssertSqlSafe(text.clone())).execute(conn).await;
        done.unwrap_or_else(|error| panic!("{error}: {text}"));
    };
    run(conn, format!("prepare asked as {text}")).await;
    let count = crate::store::engine::statement::parameters(text);
    let values =
        if count == 0 { String::new() } else { format!("({})", vec!["null"; count].join(", ")) };
    let explained = format!("explain (format json) execute asked{values}");
    let plan: Value = sqlx::query_scalar(AssertSqlSafe(explained))
        .persistent(false)
        .fetch_one(&mut *conn)
        .await
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    run(conn, "deallocate asked".to_owned()).await;
    plan
}

/// The tables that grow and are read whole by a text, as PostgreSQL plans it.
async fn read_whole_by_postgres(conn: &mut PgConnection, text: &str) -> Vec<String> {
    let plan = plan(conn, text).await;
    let mut whole = Vec::new();
    collect(&plan, None, &mut whole);
    whole.sort();
    whole.dedup();
    whole
}

/// Walks a plan for steps that read a table, or an index of it, without a condition on its keys.
fn collect(plan: &Value, table: Option<&str>, whole: &mut Vec<String>) {
    if let Value::Array(parts) = plan {
        parts.iter().for_each(|part| collect(part, table, whole));
    }
    let Value::Object(step) = plan else { return };
    let word = |key| step.get(key).and_then(Value::as_str);
    let table = word("Relation Name").or(table);
    let index = word("Index Name");
    let reads_all = match word("Node Type") {
        Some("Seq Scan") => true,
        Some("Index Scan" | "Index Only Scan" | "Bitmap Index Scan") => {
            word("Index Cond").is_none() && !index.is_some_and(|index| TO_DO.contains(&index))
        }
        _ => false,
    };
    if let Some(table) = table.filter(|table| reads_all && GROWING.contains(table)) {
        whole.push(table.to_owned());
    }
    for key in ["Plan", "Plans"] {
        step.get(key).into_iter().for_each(|part| collect(part, table, whole));
    }
}

/// What is wrong, given what each statement reads whole.
fn faults(read: &[(Described, Vec<String>)]) -> Vec<String> {
    read.iter()
        .filter(|(statement, whole)| !whole.is_empty() && statement.reads_all.is_none())
        .map(|(statement, whole)| format!("{statement} reads all of {}", whole.join(", ")))
        .collect()
}

/// A text that reads a whole table, one that reads a whole index, and one that does neither.
const CONTROLS: [(&str, &[&str]); 4] = [
    ("select * from places where changed_by = $1", &["places"]),
    ("select p.id from places p order by p.id limit $1", &["places"]),
    ("select o.id from places p join outbox o on o.subject = p.name where p.id = $1", &["outbox"]),
    ("select * from places p where p.id = $1", &[]),
];

async fn plans_on_sqlite(pool: &SqlitePool) -> Vec<(Described, Vec<String>)> {
    for (text, whole) in CONTROLS {
        assert_eq!(read_whole_by_sqlite(pool, text).await, whole, "{text}");
    }
    let mut read = Vec::new();
    for statement in all() {
        read.push((statement, read_whole_by_sqlite(pool, statement.sqlite).await));
    }
    read
}

/// A connection that plans for any values, and reads no side of a join whole.
pub(super) async fn planner(pool: &PgPool) -> PgConnection {
    let mut conn = pool.acquire().await.expect("a connection").detach();
    let settings = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off;
                    set enable_hashjoin = off; set enable_mergejoin = off";
    sqlx::raw_sql(settings).execute(&mut conn).await.expect("settings");
    conn
}

async fn plans_on_postgres(pool: &PgPool) -> Vec<(Described, Vec<String>)> {
    let mut conn = planner(pool).await;
    for (text, whole) in CONTROLS {
        assert_eq!(read_whole_by_postgres(&mut conn, text).await, whole, "{text}");
    }
    let mut read = Vec::new();
    for statement in all() {
        read.push((statement, read_whole_by_postgres(&mut conn, statement.postgres).await));
    }
    conn.close().await.expect("the end");
    read
}

#[tokio::test]
async fn no_text_makes_sqlite_read_all_of_a_table_that_grows() {
    let database = database::on_sqlite().await;
    fill_sqlite(&database.pool).await;
    let read = plans_on_sqlite(&database.pool).await;
    let faults = faults(&read);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn no_text_makes_postgres_read_all_of_a_table_that_grows() {
    let Some(pool) = database::on_postgres().await else { return };
    fill_postgres(&pool).await;
    let read = plans_on_postgres(&pool).await;
    let faults = faults(&read);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn a_statement_that_says_why_it_reads_all_does_so_on_one_database_at_least() {
    let sqlite = database::on_sqlite().await;
    let Some(postgres) = database::on_postgres().await else { return };
    fill_sqlite(&sqlite.pool).await;
    fill_postgres(&postgres).await;
    let read = plans_on_sqlite(&sqlite.pool).await;
    let also = plans_on_postgres(&postgres).await;
    let needless: Vec<_> = read
        .iter()
        .zip(&also)
        .filter(|((statement, one), (_, other))| {
            statement.reads_all.is_some() && one.is_empty() && other.is_empty()
        })
        .map(|((statement, _), _)| statement.to_string())
        .collect();
    assert!(needless.is_empty(), "these read little: {needless:#?}");
}
