//! All that a database holds.

use std::collections::BTreeMap;

use sqlx::{Connection as _, Row as _};

use super::TestTurnout;

/// Every row of every table, as text.
pub async fn everything(turnout: &TestTurnout) -> BTreeMap<String, Vec<String>> {
    if turnout.url.starts_with("sqlite:") {
        let mut conn = sqlx::SqliteConnection::connect(&turnout.url).await.expect("SQLite");
        let tables =
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";
        let tables = sqlx::query(tables).fetch_all(&mut conn).await.expect("tables");
        let mut all = BTreeMap::new();
        for table in tables {
            let table: String = table.get(0);
            let columns = format!("select name from pragma_table_info('{table}')");
            let columns = sqlx::query(sqlx::AssertSqlSafe(columns));
            let columns = columns.fetch_all(&mut conn).await.expect("columns");
            let columns: Vec<String> =
                columns.iter().map(|row| format!("quote({})", row.get::<String, _>(0))).collect();
            let rows = format!("select {} from {table}", columns.join(" || ',' || "));
            let rows = sqlx::query(sqlx::AssertSqlSafe(rows));
            let rows = rows.fetch_all(&mut conn).await.expect("rows");
            let mut rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            rows.sort_unstable();
            all.insert(table, rows);
        }
        return all;
    }
    let mut conn = sqlx::PgConnection::connect(&turnout.url).await.expect("PostgreSQL");
    let tables = "select table_name::text from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE'";
    let tables = sqlx::query(tables).fetch_all(&mut conn).await.expect("tables");
    let mut all = BTreeMap::new();
    for table in tables {
        let table: String = table.get(0);
        let rows = format!("select t::text from {table} t");
        let rows = sqlx::query(sqlx::AssertSqlSafe(rows));
        let rows = rows.fetch_all(&mut conn).await.expect("rows");
        let mut rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        rows.sort_unstable();
        all.insert(table, rows);
    }
    all
}
