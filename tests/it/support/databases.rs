//! Every behaviour on both databases.

/// Makes two tests of each behaviour: one on a SQLite file, one on PostgreSQL. Whatever happened,
/// the database must be sound afterwards.
macro_rules! on_both_databases {
    ($($behaviour:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                let turnout = $crate::support::TestTurnout::on_sqlite().await;
                super::$behaviour(turnout.clone()).await;
                turnout.is_sound().await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                if let Some(turnout) = $crate::support::TestTurnout::on_postgres().await {
                    super::$behaviour(turnout.clone()).await;
                    turnout.is_sound().await;
                }
            })+
        }
    };
}
