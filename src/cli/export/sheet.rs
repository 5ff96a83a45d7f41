//! One CSV file.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// A file's columns and rows.
pub(super) struct Sheet {
    pub(super) name: &'static str,
    columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
    /// What lies beside it: each file's path in the folder, and what stands in it.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl Sheet {
    /// A file with these columns, of two lists.
    pub(super) fn new(name: &'static str, columns: &[&'static str], more: &[&'static str]) -> Self {
        Self { name, columns: [columns, more].concat(), rows: Vec::new(), files: Vec::new() }
    }

    /// Adds a row: a cell for each column, in the same order.
    pub(super) fn add<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.columns.len(), "{}", self.name);
        self.rows.push(cells.into());
    }

    fn write(&self, folder: &Path) -> io::Result<()> {
        let file = private(&folder.join(self.name))?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(io::BufWriter::new(file));
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.flush()?;
        for (path, content) in &self.files {
            let path = folder.join(path);
            if let Some(above) = path.parent() {
                private_folder().recursive(true).create(above)?;
            }
            io::Write::write_all(&mut private(&path)?, content)?;
        }
        Ok(())
    }
}

/// `yes`, or nothing.
pub(super) fn yes(is_so: bool) -> String {
    if is_so { "yes".to_owned() } else { String::new() }
}

/// A value as it is written, or nothing.
pub(super) fn maybe(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Writes all files into a folder that appears once they are whole.
pub(super) fn write_all(folder: &Path, sheets: &[Sheet]) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".");
    name.push(folder.file_name().unwrap_or_default());
    name.push(".part");
    let part = folder.with_file_name(name);
    private_folder().create(&part)?;
    let written = sheets.iter().try_for_each(|sheet| sheet.write(&part));
    let done = written.and_then(|()| {
        // Empty, as was looked for.
        if folder.exists() {
            fs::remove_dir(folder)?;
        }
        fs::rename(&part, folder)
    });
    if done.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_dir_all(&part);
    }
    done
}

/// What makes folders that other users of the machine may not look into.
fn private_folder() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
