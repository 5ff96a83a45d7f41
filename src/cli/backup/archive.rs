//! What a backup is: a gzipped tar, so that any machine opens it without us.
//!
//! ```text
//! label.json    what it is, from when, and the checksum of the database
//! turnout.db    the SQLite database
//! mail/*.eml    the mail folder, where letters go into one
//! ```

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail, ensure};
use chrono::{DateTime, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The archives that this program writes and reads.
const FORMAT: u32 = 1;

const LABEL: &str = "label.json";
const DATABASE: &str = "turnout.db";
const MAIL: &str = "mail";

/// What an archive says of itself, before all else in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Label {
    format: u32,
    /// The version of the program that made it.
    pub(super) program: String,
    /// From when it is.
    pub(super) made_at: DateTime<Utc>,
    /// The number of the last migration of its database.
    pub(super) migration: i64,
    /// Bookings that were sent off.
    pub(super) bookings: i64,
    /// The checksum of the database.
    sha256: String,
}

/// Writes an archive of a database that nobody uses and of the letters in `mail`; how many there
/// were.
pub(super) fn write(
    file: File,
    made_at: DateTime<Utc>,
    (database, contents): (&Path, crate::store::Contents),
    mail: Option<&Path>,
) -> anyhow::Result<usize> {
    let sha256 = checksum(database)?;
    let label = Label {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        migration: contents.migration,
        bookings: contents.bookings,
        sha256,
    };
    let gzip = GzEncoder::new(BufWriter::new(file), Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    let label = serde_json::to_vec_pretty(&label)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(label.len() as u64);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(made_at.timestamp()).unwrap_or_default());
    archive.append_data(&mut header, LABEL, label.as_slice())?;
    archive.append_path_with_name(database, DATABASE)?;
    let mut letters = 0;
    for letter in mail.map(letters_in).transpose()?.into_iter().flatten() {
        // Whoever tidies the folder meanwhile is free to.
        let Ok(mut file) = File::open(&letter) else { continue };
        let name = letter.file_name().unwrap_or_default();
        archive.append_file(Path::new(MAIL).join(name), &mut file)?;
        letters += 1;
    }
    let file =
        archive.into_inner()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(letters)
}

/// The letters in a mail folder by name; what is being written has another name yet.
fn letters_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut letters = paths?;
    letters.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    letters.sort();
    Ok(letters)
}

/// What went wrong, without the damaged bytes' own line ends: an error may repeat what it could not read.
fn on_one_line(error: &anyhow::Error) -> String {
    let words = format!("{error:#}");
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// Unpacks an archive: the database into the file `database`, letters into the folder `mail`,
/// neither of which may exist. How many letters there were.
pub(super) fn read(archive: &Path, database: &Path, mail: &Path) -> anyhow::Result<(Label, usize)> {
    let damaged = || format!("{} is damaged, or no backup of Turnout", archive.display());
    let file = File::open(archive).with_context(|| format!("{}", archive.display()))?;
    let mut gzip = GzDecoder::new(BufReader::new(file));
    let (label, letters) = unpack(&mut gzip, database, mail)
        .map_err(|why| anyhow!("{}: {}", damaged(), on_one_line(&why)))?;
    // To the end, where the checksum of everything stands.
    io::copy(&mut gzip, &mut io::sink()).with_context(damaged)?;
    ensure!(checksum(database)? == label.sha256, "{}", damaged());
    Ok((label, letters))
}

fn unpack(gzip: impl Read, database: &Path, mail: &Path) -> anyhow::Result<(Label, usize)> {
    let mut archive = tar::Archive::new(gzip);
    let mut entries = archive.entries()?;
    let first = entries.next().context("it is empty")??;
    ensure!(*first.path()? == *Path::new(LABEL), "it does not begin with a label");
    let label: Label = serde_json::from_reader(first)?;
    ensure!(label.format == FORMAT, "it was made by Turnout {}, in a later format", label.program);
    let (mut has_database, mut letters) = (false, 0);
    for entry in entries {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        if path == Path::new(DATABASE) {
            store(&mut entry, database)?;
            has_database = true;
        } else if path.parent() == Some(Path::new(MAIL)) {
            fs::create_dir_all(mail)?;
            store(&mut entry, &mail.join(path.file_name().unwrap_or_default()))?;
            letters += 1;
        } else {
            bail!("it holds {}, which no backup has", path.display());
        }
    }
    ensure!(has_database, "it holds no database");
    Ok((label, letters))
}

fn store(entry: &mut impl Read, path: &Path) -> anyhow::Result<()> {
    let mut file = private(path)?;
    io::copy(entry, &mut file)?;
    file.flush()?;
    Ok(file.sync_all()?)
}

/// A new file that other users of the machine may not read.
pub(super) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The checksum of a file, as `sha256sum` prints it.
fn checksum(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut digest, mut part) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut part)? {
            0 => break,
            read => digest.update(&part[..read]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
