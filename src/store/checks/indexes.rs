//! An index that no text is answered by costs each write and saves nobody anything.

use std::collections::BTreeSet;

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};

use super::{
    all, database,
    filled::{fill_postgres, fill_sqlite},
    plans,
};

/// The indexes that only make reading quick. Those that are unique are rules.
const OF_SQLITE: &str = "select name from sqlite_schema where type = 'index' and sql is not null
                         and sql not like 'create unique%'";
const OF_POSTGRES: &str = "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
                           join pg_namespace n on n.oid = c.relnamespace
                           where n.nspname = 'public' and not i.indisunique";

/// Those that SQLite would answer a text by.
async fn asked_on_sqlite(pool: &SqlitePool) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for statement in all() {
        let explained = format!("explain query plan {}", statement.sqlite);
        let steps = sqlx::query(AssertSqlSafe(explained)).fetch_all(pool).await.expect("a plan");
        asked.extend(steps.iter().filter_map(|step| {
            let detail: String = step.get("detail");
            let (_, index) = detail.split_once(" INDEX ")?;
            Some(index.split(' ').next().unwrap_or_default().to_owned())
        }));
    }
    asked
}

async fn asked_on_postgres(pool: &PgPool) -> BTreeSet<String> {
    let mut conn = plans::planner(pool).await;
    let mut asked = BTreeSet::new();
    for statement in all() {
        indexes_of(&plans::plan(&mut conn, statement.postgres).await, &mut asked);
    }
    asked
}

fn indexes_of(plan: &Value, found: &mut BTreeSet<String>) {
    match plan {
        Value::Array(parts) => parts.iter().for_each(|part| indexes_of(part, found)),
        Value::Object(step) => {
            found.extend(step.get("Index Name").and_then(Value::as_str).map(str::to_owned));
            step.values().for_each(|part| indexes_of(part, found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn each_index_answers_some_text_on_one_database_at_least() {
    let Some(postgres) = database::on_postgres().await else { return };
    let sqlite = database::on_sqlite().await;
    fill_sqlite(&sqlite.pool).await;
    fill_postgres(&postgres).await;
    let mut asked = asked_on_sqlite(&sqlite.pool).await;
    asked.extend(asked_on_postgres(&postgres).await);
    let here: Vec<String> =
        sqlx::query_scalar(OF_SQLITE).fetch_all(&sqlite.pool).await.expect("names");
    let there: Vec<String> =
        sqlx::query_scalar(OF_POSTGRES).fetch_all(&postgres).await.expect("names");
    let all: BTreeSet<_> = here.into_iter().chain(there).collect();
    let needless: Vec<_> = all.difference(&asked).collect();
    assert!(needless.is_empty(), "{needless:#?}");
}
