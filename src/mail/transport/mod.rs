//! The ways a message leaves.

mod folder;
mod memory;
mod smtp;

use std::{fmt, path::PathBuf};

use lettre::Message;

use crate::domain::id::LetterId;

pub use folder::Folder;
pub use memory::{Memory, SentLetter};
pub use smtp::Smtp;

/// Why a message did not leave. Goes into logs and onto the office's pages, so it never contains
/// an address: what a mail server says is left out, because it often repeats one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It may leave later.
    #[error("{0}")]
    Temporary(String),
    /// The mail server takes nothing from us just now: it cannot be reached, refuses us, or cannot be
    /// trusted. No letter is at fault, and all wait.
    #[error("{0}")]
    Held(String),
    /// It will never leave as it is.
    #[error("{0}")]
    Permanent(String),
}

/// Why a text does not say how mail leaves. Never repeats the text, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportUrlError {
    /// None of the ways there are.
    #[error(
        "mail leaves by smtp://USER:PASSWORD@HOST:587?tls=required, smtps://USER:PASSWORD@HOST, \
         folder:PATH or memory:"
    )]
    Unknown,
    /// A folder without a path.
    #[error("folder: needs a path, as in folder:/var/lib/turnout/mail")]
    NoFolder,
    /// An SMTP URL that cannot be used.
    #[error("the smtp URL is not valid: it looks like smtp://USER:PASSWORD@HOST:587?tls=required")]
    Smtp,
}

/// A way a message leaves.
#[derive(Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(Smtp),
    /// Into a folder, one file for each letter: for trying Turnout out.
    Folder(Folder),
    /// Into memory: for tests.
    Memory(Memory),
}

impl Transport {
    /// Reads how mail leaves: an `smtp:` or `smtps:` URL, over so many connections at once,
    /// `folder:PATH` or `memory:`. The error says what would have done.
    pub fn from_url(url: &str, connections: usize) -> Result<Self, TransportUrlError> {
        let url = url.trim();
        match url.split_once(':') {
            Some(("smtp" | "smtps", _)) => Smtp::from_url(url, connections).map(Self::Smtp),
            Some(("folder", "")) => Err(TransportUrlError::NoFolder),
            Some(("folder", path)) => Ok(Self::Folder(Folder::new(PathBuf::from(path)))),
            Some(("memory", "")) => Ok(Self::Memory(Memory::default())),
            _ => Err(TransportUrlError::Unknown),
        }
    }

    /// How many letters may be on their way at once. Into a folder or memory they go one after the
    /// other, in the order they were claimed.
    pub fn connections(&self) -> usize {
        match self {
            Self::Smtp(smtp) => smtp.connections(),
            Self::Folder(_) | Self::Memory(_) => 1,
        }
    }

    /// Lets go of what no letter has used for a while.
    pub async fn close_unused(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close_unused().await;
        }
    }

    /// Hands a message over. The letter's id names the file it becomes, or the entry in memory.
    /// The error says whether trying again may help.
    pub async fn deliver(
        &self,
        message: &Message,
        letter_id: LetterId,
    ) -> Result<(), DeliveryError> {
        match self {
            Self::Smtp(smtp) => smtp.deliver(message).await,
            Self::Folder(folder) => folder.deliver(message, letter_id).await,
            Self::Memory(memory) => memory.deliver(message, letter_id),
        }
    }
}

/// Says which way, never to which server or with which password.
impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Smtp(_) => "Transport::Smtp",
            Self::Folder(_) => "Transport::Folder",
            Self::Memory(_) => "Transport::Memory",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_its_url() {
        let kind = |url: &str| Transport::from_url(url, 8).map(|way| format!("{way:?}"));
        assert_eq!(kind("folder:/tmp/mail").as_deref(), Ok("Transport::Folder"));
        assert_eq!(kind("memory:").as_deref(), Ok("Transport::Memory"));
        for url in ["smtp://localhost:25", "smtp://u:p@h:587?tls=required", "smtps://u:p@h"] {
            assert_eq!(kind(url).as_deref(), Ok("Transport::Smtp"), "{url}");
        }
    }

    #[test]
    fn a_url_that_means_nothing_is_refused_without_repeating_its_password() {
        for url in ["", "folder:", "imap://u:hunter2@h", "smtp://u:hunter2@h?tls=maybe", "smtp:"] {
            let refused = Transport::from_url(url, 8).expect_err(url).to_string();
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }
}
