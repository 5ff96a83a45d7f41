//! Every table whose rows are somebody's: when two people are made one they follow, and when that is taken back
//! they return. A table that refers to people and is missing here fails the test below.
//!
//! A line says the names of its three statements, the table, the column that refers to `people`, and the key of
//! a row: `uuid`, `bytes` or `text`, with its column. Where somebody has at most one row for each key, `once`
//! stands behind: what both have stays with each, so that taking it back gives each her own.

use uuid::Uuid;

use super::{StoreError, Tx, engine::statement::Statement};
use crate::domain::id::PersonId;

/// A key of a row as text, in the words of each database.
macro_rules! key_text {
    (sqlite uuid $key:literal) => {
        concat!("lower(hex(t.", $key, "))")
    };
    (sqlite bytes $key:literal) => {
        concat!("lower(hex(t.", $key, "))")
    };
    (sqlite text $key:literal) => {
        concat!("t.", $key)
    };
    (postgres uuid $key:literal) => {
        concat!("replace(t.", $key, "::text, '-', '')")
    };
    (postgres bytes $key:literal) => {
        concat!("encode(t.", $key, ", 'hex')")
    };
    (postgres text $key:literal) => {
        concat!("t.", $key)
    };
}

/// The same text as a key again.
macro_rules! text_key {
    (sqlite uuid) => {
        "unhex(n.row_key)"
    };
    (sqlite bytes) => {
        "unhex(n.row_key)"
    };
    (sqlite text) => {
        "n.row_key"
    };
    (postgres uuid) => {
        "n.row_key::uuid"
    };
    (postgres bytes) => {
        "decode(n.row_key, 'hex')"
    };
    (postgres text) => {
        "n.row_key"
    };
}

macro_rules! note {
    (sqlite $table:literal $column:literal $kind:ident $key:literal) => {
        concat!(
            "insert into person_merge_rows (merge, relation, row_key, moved) select $1, '",
            $table,
            "', ",
            key_text!(sqlite $kind $key),
            ", $3 from ",
            $table,
            " t where t.",
            $column,
            " = $2"
        )
    };
    (postgres $table:literal $column:literal $kind:ident $key:literal) => {
        concat!(
            "insert into person_merge_rows (merge, relation, row_key, moved) select $1::uuid, '",
            $table,
            "', ",
            key_text!(postgres $kind $key),
            ", $3::boolean from ",
            $table,
            " t where t.",
            $column,
            " = $2"
        )
    };
}

macro_rules! moved {
    ($table:literal $column:literal $key:literal) => {
        concat!("update ", $table, " set ", $column, " = $1 where ", $column, " = $2")
    };
    ($table:literal $column:literal $key:literal once) => {
        concat!(
            "update ",
            $table,
            " set ",
            $column,
            " = $1 where ",
            $column,
            " = $2 and not exists (select 1 from ",
            $table,
            " k where k.",
            $column,
            " = $1 and k.",
            $key,
            " = ",
            $table,
            ".",
            $key,
            ")"
        )
    };
}

macro_rules! back {
    ($database:ident $table:literal $column:literal $kind:ident $key:literal) => {
        concat!(
            "update ",
            $table,
            " set ",
            $column,
            " = $1 where ",
            $column,
            " = $2 and ",
            $key,
            " in (select ",
            text_key!($database $kind),
            " from person_merge_rows n where n.merge = $3 and n.relation = '",
            $table,
            "' and n.moved and not exists (select 1 from person_merge_rows o
                 where o.merge = n.merge and o.relation = n.relation and o.row_key = n.row_key
                   and not o.moved))"
        )
    };
}

/// What a merge does to one table.
struct Follower {
    /// Which.
    #[cfg(test)]
    table: &'static str,
    /// What in it refers to somebody.
    #[cfg(test)]
    column: &'static str,
    /// Writes down whose rows are whose.
    note: Statement<(), [(); 3]>,
    /// Lets them follow.
    follow: Statement<(), [(); 2]>,
    /// Lets them return.
    back: Statement<(), [(); 3]>,
}

macro_rules! followers {
    ($([$note:ident $move:ident $back:ident]
        $table:literal $column:literal $kind:ident $key:literal $($once:ident)?;)*) => {
        statements! {
            $($note = {
                sqlite: note!(sqlite $table $column $kind $key),
                postgres: note!(postgres $table $column $kind $key),
            };
            $move = moved!($table $column $key $($once)?);
            $back = {
                sqlite: back!(sqlite $table $column $kind $key),
                postgres: back!(postgres $table $column $kind $key),
            };)*
        }

        const FOLLOWERS: &[Follower] = &[$(Follower {
            #[cfg(test)]
            table: $table,
            #[cfg(test)]
            column: $column,
            note: $note,
            follow: $move,
            back: $back,
        }),*];
    };
}

followers! {
    [NOTE_PLACES MOVE_PLACES BACK_PLACES] "places" "person" uuid "id";
    [NOTE_BOOKINGS MOVE_BOOKINGS BACK_BOOKINGS] "registrations" "person" uuid "id";
    [NOTE_WALK_INS MOVE_WALK_INS BACK_WALK_INS] "walk_ins" "person" uuid "id";
    [NOTE_KEYS MOVE_KEYS BACK_KEYS] "person_keys" "person" text "key";
    [NOTE_FEEDS MOVE_FEEDS BACK_FEEDS] "private_feeds" "person" bytes "token_hash";
    [NOTE_NOTES MOVE_NOTES BACK_NOTES] "office_notes" "person" uuid "id";
    [NOTE_LINKS MOVE_LINKS BACK_LINKS] "data_links" "person" bytes "token_hash";
    [NOTE_CONTACTS MOVE_CONTACTS BACK_CONTACTS] "person_contacts" "person" uuid "id";
    [NOTE_ASKED MOVE_ASKED BACK_ASKED] "personal_invitations" "person" uuid "id";
    [NOTE_NOMINATIONS MOVE_NOMINATIONS BACK_NOMINATIONS] "nominations" "person" uuid "id";
    [NOTE_INTERESTS MOVE_INTERESTS BACK_INTERESTS] "interests" "person" uuid "id";
    [NOTE_ON_PATHS MOVE_ON_PATHS BACK_ON_PATHS] "path_people" "person" uuid "id";
    [NOTE_PATH_RECORDS MOVE_PATH_RECORDS BACK_PATH_RECORDS] "path_records" "person" uuid "id";
    [NOTE_PATH_LINKS MOVE_PATH_LINKS BACK_PATH_LINKS] "path_links" "person" bytes "token_hash";
    [NOTE_PEOPLE MOVE_PEOPLE BACK_PEOPLE] "people" "merged_into" uuid "id";
}

/// Writes down what is `person`'s while `merge` is made: what follows, or what was there before.
pub(super) async fn note(
    tx: &mut Tx,
    merge: Uuid,
    person: PersonId,
    moved: bool,
) -> Result<(), StoreError> {
    for one in FOLLOWERS {
        one.note.run(tx, (merge, person.uuid(), moved)).await?;
    }
    Ok(())
}

/// Lets everything of `gone` follow to `kept`.
pub(super) async fn follow(tx: &mut Tx, kept: PersonId, gone: PersonId) -> Result<(), StoreError> {
    for one in FOLLOWERS {
        one.follow.run(tx, (kept.uuid(), gone.uuid())).await?;
    }
    Ok(())
}

/// Lets everything that followed return to `gone`.
pub(super) async fn back(
    tx: &mut Tx,
    merge: Uuid,
    (kept, gone): (PersonId, PersonId),
) -> Result<(), StoreError> {
    for one in FOLLOWERS {
        one.back.run(tx, (gone.uuid(), kept.uuid(), merge)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::FOLLOWERS;
    use crate::store::checks::database;

    /// What tells of merges and of questions themselves: it stays with whom it names.
    const OF_MERGES: &[(&str, &str)] = &[
        ("person_merges", "kept"),
        ("person_merges", "gone"),
        ("person_questions", "one"),
        ("person_questions", "other"),
    ];

    fn complete(mut referring: Vec<(String, String)>) {
        let followers = FOLLOWERS.iter().map(|one| (one.table, one.column));
        let mut known: Vec<_> = followers
            .chain(OF_MERGES.iter().copied())
            .map(|(table, column)| (table.to_owned(), column.to_owned()))
            .collect();
        known.sort();
        referring.sort();
        assert_eq!(referring, known, "every table that refers to people follows a merge");
    }

    #[tokio::test]
    async fn every_table_that_refers_to_people_follows_a_merge() {
        let database = database::on_sqlite().await;
        let referring = sqlx::query_as(
            "select m.name, f.\"from\" from sqlite_master m
             join pragma_foreign_key_list(m.name) f
             where m.type = 'table' and f.\"table\" = 'people'",
        );
        complete(referring.fetch_all(&database.pool).await.expect("the keys"));
        let Some(pool) = database::on_postgres().await else { return };
        let referring = sqlx::query_as(
            "select c.conrelid::regclass::text, a.attname::text
             from pg_constraint c
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
             where c.contype = 'f' and c.confrelid = 'people'::regclass",
        );
        complete(referring.fetch_all(&pool).await.expect("the keys"));
    }
}
