//! Mail into a folder, one `.eml` file for each letter.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use lettre::Message;
use tokio::{
    fs::{self, OpenOptions},
    io::AsyncWriteExt,
};

use super::DeliveryError;
use crate::domain::id::LetterId;

/// Sets two writers of one letter apart, in one process.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// A folder that letters are put into. The same letter twice is one file.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Mail into the folder at `path`, which the first letter creates.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes the message whole or not at all: whoever watches the folder never sees half of it.
    pub(super) async fn deliver(
        &self,
        message: &Message,
        letter_id: LetterId,
    ) -> Result<(), DeliveryError> {
        let write = WRITES.fetch_add(1, Ordering::Relaxed);
        let draft = self.path.join(format!(".{letter_id}.{}.{write}", std::process::id()));
        let written = self.write(message, letter_id, &draft).await;
        if written.is_err() {
            // What is left of it would only fill the disk; the first failure is the one to tell.
            let _ = fs::remove_file(&draft).await;
        }
        written.map_err(|error| {
            DeliveryError::Temporary(format!("the mail folder cannot be written: {}", error.kind()))
        })
    }

    async fn write(&self, message: &Message, id: LetterId, draft: &Path) -> io::Result<()> {
        fs::create_dir_all(&self.path).await?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // Letters hold private links, so other users of the machine may not read them.
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(draft).await?;
        file.write_all(&message.formatted()).await?;
        file.sync_all().await?;
        drop(file);
        fs::rename(draft, self.path.join(format!("{id}.eml"))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::samples;

    #[tokio::test]
    async fn the_same_letter_twice_is_one_whole_file() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path().join("new/mail"));
        let letter = samples::letter();
        let message = samples::message(&letter);
        let (one, two) =
            tokio::join!(folder.deliver(&message, letter.id), folder.deliver(&message, letter.id));
        assert_eq!((one, two), (Ok(()), Ok(())));
        let files: Vec<_> = std::fs::read_dir(&folder.path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(files, [format!("{}.eml", letter.id)]);
        assert_eq!(std::fs::read(folder.path.join(&files[0])).unwrap(), message.formatted());
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_may_be_mended() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        std::fs::write(&file, "in the way").unwrap();
        let letter = samples::letter();
        let refused = Folder::new(file).deliver(&samples::message(&letter), letter.id).await;
        assert!(matches!(refused, Err(DeliveryError::Temporary(_))), "{refused:?}");
    }
}
