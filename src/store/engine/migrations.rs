//! The migrations that are built into the program.
//!
//! They are read as `sqlx::migrate!` reads them, name and checksum alike, so a database that it brought up to date goes
//! on from there. That macro would have the drivers of both databases built twice, once for itself.

use std::sync::LazyLock;

use rust_embed::{Embed, RustEmbed};
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

#[derive(RustEmbed)]
#[folder = "migrations/sqlite/"]
struct OfSqlite;

#[derive(RustEmbed)]
#[folder = "migrations/postgres/"]
struct OfPostgres;

pub(super) static OF_SQLITE: LazyLock<Migrator> = LazyLock::new(all::<OfSqlite>);
pub(super) static OF_POSTGRES: LazyLock<Migrator> = LazyLock::new(all::<OfPostgres>);

fn all<Folder: Embed>() -> Migrator {
    Migrator::with_migrations(Folder::iter().filter_map(|name| read::<Folder>(&name)).collect())
}

/// A file `<version>_<description>.sql`; another is no migration.
fn read<Folder: Embed>(name: &str) -> Option<Migration> {
    let (version, description) = name.strip_suffix(".sql")?.split_once('_')?;
    let text = String::from_utf8(Folder::get(name)?.data.into_owned()).ok()?;
    Some(Migration::new(
        version.parse().ok()?,
        description.replace('_', " ").into(),
        MigrationType::Simple,
        AssertSqlSafe(text).into_sql_str(),
        false,
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::migrate::Migrator;

    use super::{OF_POSTGRES, OF_SQLITE};

    /// What the driver itself makes of the folders.
    #[tokio::test]
    async fn they_are_those_of_the_folders() {
        for (folder, ours) in
            [("migrations/sqlite", &OF_SQLITE), ("migrations/postgres", &OF_POSTGRES)]
        {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let theirs = Migrator::new(folder.as_path()).await.expect("a folder of migrations");
            assert!(ours.iter().count() > 50);
            assert_eq!(named(ours), named(&theirs));
        }
    }

    fn named(all: &Migrator) -> Vec<(i64, String, Vec<u8>, bool)> {
        let named = all.iter().map(|one| {
            (one.version, one.description.to_string(), one.checksum.to_vec(), one.no_tx)
        });
        named.collect()
    }
}
