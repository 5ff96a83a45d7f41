//! A file that is being written, under a name of its own until it is whole.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::archive::private;

/// Dropped before it is finished, it is gone.
pub(super) struct Draft(PathBuf);

impl Draft {
    /// Begins one that nobody else is writing.
    pub(super) fn begin(path: PathBuf) -> anyhow::Result<(Self, File)> {
        match private(&path) {
            Ok(file) => Ok((Self(path), file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => bail!(
                "another backup is being written, or one was cut short: delete {} if none runs",
                path.display()
            ),
            Err(error) => {
                let folder = path.parent().unwrap_or(&path).display();
                Err(error).with_context(|| format!("nothing can be written into {folder}"))
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it its name, for good.
    pub(super) fn finish(self, name: &Path) -> anyhow::Result<()> {
        fs::rename(&self.0, name).with_context(|| format!("{} cannot be made", name.display()))?;
        sync_folder(name)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Once it has its name there is nothing here any more.
        let _ = fs::remove_file(&self.0);
    }
}

/// Makes the name of a file outlast a power cut.
pub(super) fn sync_folder(file: &Path) -> anyhow::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
