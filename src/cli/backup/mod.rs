//! `turnout backup` and `turnout restore`: the database and the mail folder in one file, and back.
//!
//! Neither brings the database up to date: the backup before an upgrade is the way back from it.

mod archive;
mod draft;
mod names;
mod restore;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::Args;

use super::demo;
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    domain::wording::count,
    store::Store,
};
use draft::Draft;

pub(super) use restore::restore;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write, such as turnout.tar.gz. It must not exist yet.
    #[arg(required_unless_present = "into")]
    file: Option<PathBuf>,
    /// Write into this folder instead, under a name with the time.
    #[arg(long, conflicts_with = "file", value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// In that folder keep so many backups, this one included, and delete older ones.
    #[arg(long, requires = "into", value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    /// Put it in the place of a database that is there. That one is kept, under another name.
    #[arg(long)]
    replace: bool,
}

/// Where what is saved lies, by the settings.
struct Places {
    database: PathBuf,
    /// The mail folder, where letters go into one.
    mail: Option<PathBuf>,
}

impl Places {
    fn read() -> anyhow::Result<Self> {
        let nearby = demo::nearby()?.map(|demo| demo.settings);
        let config = Config::read(&nearby.unwrap_or_else(Config::figment))?;
        let database = Store::sqlite_file(&config.database_url).context("TURNOUT_DATABASE_URL")?;
        let Some(database) = database else {
            bail!(
                "this is for SQLite; save PostgreSQL with `pg_dump --format=custom` and bring it \
                 back with `pg_restore`, as docs/operating.md says"
            );
        };
        let mail = config.mail.trim().strip_prefix("folder:").map(PathBuf::from);
        Ok(Self { database, mail })
    }
}

/// Saves everything while the server goes on, and looks whether what was saved is whole.
pub(super) async fn backup(asked: Backup) -> anyhow::Result<()> {
    let places = Places::read()?;
    if !places.database.is_file() {
        let missing = places.database.display();
        bail!("there is no database at {missing}; set TURNOUT_DATABASE_URL to the one to save");
    }
    let now = SystemClock.now();
    let file = match (&asked.file, &asked.into) {
        (Some(file), _) => file.clone(),
        (None, folder) => folder.clone().unwrap_or_default().join(names::of(now)),
    };
    let done = write(&places, &file, now).await?;
    println!("{} holds {done}.", file.display());
    if let (Some(folder), Some(keep)) = (&asked.into, asked.keep) {
        for gone in names::outlived(folder, keep.into(), now)? {
            fs::remove_file(&gone).with_context(|| format!("{}", gone.display()))?;
            println!("Deleted {}, beyond the {keep} that are kept.", gone.display());
        }
    }
    Ok(())
}

/// Writes the file whole or not at all; what it holds, in words.
async fn write(places: &Places, file: &Path, now: DateTime<Utc>) -> anyhow::Result<String> {
    if file.exists() {
        bail!("{} is there already; choose another name", file.display());
    }
    let (part, to) = Draft::begin(names::part(file))?;
    let (copy, _) = Draft::begin(names::database_part(file))?;
    let copied = Store::copy_sqlite(&places.database, copy.path()).await;
    copied.with_context(|| format!("{} cannot be copied", places.database.display()))?;
    let contents = Store::look_into(copy.path()).await;
    let contents = contents.with_context(|| {
        format!("{} is damaged, so this would be no backup", places.database.display())
    })?;
    // After the database: a letter that it calls sent is in the folder by then.
    let letters = archive::write(to, now, (copy.path(), contents), places.mail.as_deref())
        .with_context(|| format!("{} cannot be written", file.display()))?;
    part.finish(file)?;
    Ok(amount(contents.bookings, letters))
}

/// What a backup holds, in words.
fn amount(bookings: i64, letters: usize) -> String {
    let bookings = match bookings {
        1 => "1 booking".to_owned(),
        count => format!("{count} bookings"),
    };
    match letters {
        0 => bookings,
        letters => format!("{bookings} and {}", count(letters, "letter", "letters")),
    }
}
