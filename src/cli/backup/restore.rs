//! Bringing back what a backup holds, where no database is, or in the place of one that nobody uses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::{
    Places, Restore, amount,
    archive::{self, Label},
    draft::sync_folder,
    names::beside,
};
use crate::{
    clock::{Clock, SystemClock},
    domain::wording::count,
    store::{Contents, Store},
};

/// Brings the database and the mail folder back. What is there is never deleted: it gets another
/// name.
pub(in crate::cli) async fn restore(asked: Restore) -> anyhow::Result<()> {
    let places = Places::read()?;
    let database = &places.database;
    // Without a mail folder its letters stay in the archive.
    let mail = places.mail.clone().unwrap_or_else(|| beside(database, "", ".mail"));
    make_folder_of(database)?;
    make_folder_of(&mail)?;
    make_way(&places, asked.replace).await?;
    let unpacked = Unpacked::begin(database, &mail)?;
    let (label, letters) = archive::read(&asked.file, &unpacked.database, &unpacked.mail)?;
    let contents = fits(&unpacked.database, &label).await?;
    // Unpacking takes a while, in which somebody may have started the server.
    make_way(&places, asked.replace).await?;
    let aside = unpacked.put(&places)?;
    println!(
        "{} is as it was on {}: {}.",
        database.display(),
        label.made_at.format("%-d %B %Y at %H:%M:%S UTC"),
        amount(contents.bookings, letters)
    );
    for (from, to) in aside {
        println!("What was {} is now {}.", from.display(), to.display());
    }
    if letters > 0 && places.mail.is_none() {
        println!("The letters in it stay there: mail does not go into a folder here.");
    }
    println!(
        "What was erased since then is there again: run `turnout erase-due`, and `turnout person erase` for \
         whoever asked since."
    );
    if contents.letters_waiting > 0 {
        let waiting = usize::try_from(contents.letters_waiting).unwrap_or(usize::MAX);
        println!(
            "{} had not left when it was made; `turnout serve` sends what waits.",
            count(waiting, "letter", "letters")
        );
    }
    Ok(())
}

fn make_folder_of(path: &Path) -> anyhow::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// Sees that nothing is in the way, or that it may be put aside.
async fn make_way(places: &Places, replace: bool) -> anyhow::Result<()> {
    let database = &places.database;
    let shown = database.display();
    if database.exists() {
        if !replace {
            bail!("there is a database at {shown}; --replace puts the backup in its place");
        }
        if Store::is_in_use(database).await.with_context(|| format!("{shown}"))? {
            bail!("{shown} is in use; stop the server first");
        }
    }
    let logs = ["-wal", "-journal"].map(|ending| beside(database, "", ending));
    if let Some(log) = logs.iter().find(|log| log.exists()) {
        bail!("{} belongs to another database; move it away first", log.display());
    }
    let has_letters = |mail: &PathBuf| fs::read_dir(mail).is_ok_and(|mut all| all.next().is_some());
    if let Some(mail) = places.mail.as_ref().filter(|mail| has_letters(mail))
        && !replace
    {
        bail!("there are letters in {}; --replace puts them aside", mail.display());
    }
    Ok(())
}

/// What the archive's database holds, if this program can serve it.
async fn fits(database: &Path, label: &Label) -> anyhow::Result<Contents> {
    let contents = Store::look_into(database).await.context("the database in it is damaged")?;
    if contents.migration > Store::newest_migration() {
        bail!(
            "this backup is from Turnout {}, which is newer than this program ({}); install that \
             version first",
            label.program,
            env!("CARGO_PKG_VERSION")
        );
    }
    Ok(contents)
}

/// What came out of an archive, beside where it belongs. Dropped before it is put there, it is gone.
struct Unpacked {
    database: PathBuf,
    mail: PathBuf,
}

impl Unpacked {
    fn begin(database: &Path, mail: &Path) -> anyhow::Result<Self> {
        let parts = [beside(database, ".", ".restore.part"), beside(mail, ".", ".restore.part")];
        if let Some(part) = parts.iter().find(|part| part.exists()) {
            bail!(
                "another restore is running, or one was cut short: delete {} if none runs",
                part.display()
            );
        }
        let [database, mail] = parts;
        Ok(Self { database, mail })
    }

    /// Puts everything where it belongs; what was moved aside for it, from where to where.
    fn put(&self, places: &Places) -> anyhow::Result<Vec<(PathBuf, PathBuf)>> {
        let mut pairs = vec![(&self.database, &places.database)];
        pairs.extend(places.mail.as_ref().map(|mail| (&self.mail, mail)));
        // Left by a crash, and of no use to a database that nobody has open.
        let _ = fs::remove_file(beside(&places.database, "", "-shm"));
        let ending = SystemClock.now().format(".replaced-%Y%m%dT%H%M%SZ").to_string();
        let mut aside = Vec::new();
        for (part, home) in pairs {
            let is_empty = home.is_dir() && fs::remove_dir(home).is_ok();
            if home.exists() && !is_empty {
                let old = beside(home, "", &ending);
                fs::rename(home, &old).with_context(|| format!("{}", home.display()))?;
                aside.push((home.clone(), old));
            }
            if part.exists() {
                fs::rename(part, home).with_context(|| format!("{}", home.display()))?;
            }
            sync_folder(home)?;
        }
        Ok(aside)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // Once they are where they belong there is nothing here any more.
        let _ = fs::remove_file(&self.database);
        let _ = fs::remove_dir_all(&self.mail);
    }
}
