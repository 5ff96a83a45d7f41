//! The letters in the folder of the demo, read.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::{
    actions::letters::read_letter::message_to_come,
    domain::id::LetterId,
    mail::reading::ReadLetter,
    web::{Desk, failure::Failure},
};

pub fn folder(desk: &Desk) -> Result<&Path, Failure> {
    desk.demo_mailbox.as_deref().ok_or(Failure::NotFound)
}

pub async fn read(path: PathBuf) -> Option<(DateTime<Utc>, Vec<u8>)> {
    tokio::task::spawn_blocking(move || {
        let modified = std::fs::metadata(&path).ok()?.modified().ok()?;
        Some((modified.into(), std::fs::read(&path).ok()?))
    })
    .await
    .ok()?
}

pub async fn letter(desk: &Desk, id: &str) -> Result<ReadLetter, Failure> {
    let id: LetterId = id.parse().map_err(|_| Failure::NotFound)?;
    let path = folder(desk)?.join(format!("{id}.eml"));
    let bytes = match read(path).await {
        Some((_, bytes)) => bytes,
        None => message_to_come(&desk.ctx, id).await?.ok_or(Failure::NotFound)?,
    };
    ReadLetter::parse(&bytes).ok_or(Failure::NotFound)
}

/// One letter in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailItem {
    /// Which letter, in its link.
    pub id: String,
    /// Where it goes.
    pub to: String,
    pub subject: String,
    /// When it was sent, in words.
    pub sent: String,
    /// Whether it carries a calendar invite.
    pub has_invite: bool,
}
