//! Recognising people is cheap however many there are: who is not recognised yet stands in indexes of their own,
//! and whoever never will be, such as places that ran out and names that were removed, stands in none of them.

use sqlx::{AssertSqlSafe, Row};

use super::{all, database, filled::fill_sqlite};

/// Each text with the index it walks.
const WALKED: [(&str, &str); 3] = [
    ("UNKNOWN_ON_PLACES", "places_unknown"),
    ("UNKNOWN_LEADERS", "registrations_unknown"),
    ("UNKNOWN_WALK_INS", "walk_ins_unknown"),
];

#[tokio::test]
async fn who_is_not_recognised_yet_is_found_without_whoever_never_will_be() {
    let database = database::on_sqlite().await;
    fill_sqlite(&database.pool).await;
    for (name, index) in WALKED {
        let statement = all().find(|one| one.name == name).expect("the text");
        let explained = format!("explain query plan {}", statement.sqlite);
        let steps = sqlx::query(AssertSqlSafe(explained)).fetch_all(&database.pool).await;
        let steps: Vec<String> =
            steps.expect("a plan").iter().map(|step| step.get("detail")).collect();
        assert!(steps[0].contains(index), "{name}: {steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{name}: {steps:?}");
    }
    for (never, index) in [
        ("update places set person = null, state = 'expired'", "places_unknown"),
        ("update registrations set person = null, booked_at = null", "registrations_unknown"),
        ("update walk_ins set person = null, erased_at = came_at", "walk_ins_unknown"),
    ] {
        sqlx::raw_sql(never).execute(&database.pool).await.expect("whoever never will be");
        let sql = "select sql from sqlite_master where name = $1";
        let made: String =
            sqlx::query_scalar(sql).bind(index).fetch_one(&database.pool).await.expect("an index");
        let (_, which) = made.split_once("where").expect("a part of the rows");
        let (table, _) = index.rsplit_once('_').expect("a table");
        let rows = format!("select count(*) from {table} where {which}");
        let rows: i64 =
            sqlx::query_scalar(AssertSqlSafe(rows)).fetch_one(&database.pool).await.expect("rows");
        assert_eq!(rows, 0, "{index}");
    }
}
