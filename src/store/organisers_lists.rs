//! Long lists of an organiser, who sees what is about sessions of her alliances. There are two ways: through her
//! sessions, sorting what is found, or in the order of the list until the page ends. Walked for somebody who has
//! little, a list is gone through to its end; sorted for somebody who has much, all of hers is read for the first
//! page. [`is_walked`] chooses where both ways are written.

use super::{Conn, StoreError, Window};

/// Rows about an organiser's sessions, each session's by an index. `cross join` has SQLite begin with her sessions,
/// and `offset 0` PostgreSQL, which otherwise walks the table in the order of the list whenever it expects
/// that she has much.
macro_rules! through_her_sessions {
    (sqlite, $login:literal, $columns:literal, $table:literal as $row:literal, $narrowed:expr) => {
        concat!(
            "select ",
            $columns,
            " from staff_alliances a cross join sessions s cross join ",
            $table,
            " ",
            $row,
            " where a.login = ",
            $login,
            " and s.alliance = a.alliance and ",
            $row,
            ".session = s.code and ",
            $narrowed
        )
    };
    (postgres, $login:literal, $columns:literal, $table:literal as $row:literal, $narrowed:expr) => {
        concat!(
            "select ",
            $columns,
            " from staff_alliances a cross join sessions s cross join lateral (select ",
            $columns,
            " from ",
            $table,
            " ",
            $row,
            " where ",
            $row,
            ".session = s.code and ",
            $narrowed,
            " offset 0) ",
            $row,
            " where a.login = ",
            $login,
            " and s.alliance = a.alliance"
        )
    };
}

statements! {
    /// How many sessions there are, and how many of them are of her alliances.
    SHARE: (i64, i64) =
        "select (select count(*) from sessions), (select count(*) from staff_alliances a
             join sessions s on s.alliance = a.alliance where a.login = $1)",
        reads_all: "counts sessions, not what is about them";
}

/// Whether a page of a list is found sooner in the list's own order than among all that is hers, which is `hers`
/// rows: as far back as the page ends, if as much is about her sessions as about others.
pub(super) async fn is_walked(
    conn: &mut Conn,
    login: &str,
    Window { limit, offset }: Window,
    hers: i64,
) -> Result<bool, StoreError> {
    let (all, share) = SHARE.one(conn, [login]).await?;
    Ok((offset + limit).saturating_mul(all) / share.max(1) < hers)
}
