//! Every letter, newest first.

use std::path::{Path, PathBuf};

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::wording,
    mail::reading::ReadLetter,
    store::{
        catalogue,
        gathering::{self, WaitingNews},
    },
    web::{
        Desk,
        failure::Failure,
        mailbox::letters::{MailItem, folder},
        page::{Area, Chrome, Page},
        paths,
        words::ReadersClock,
    },
};

/// Every letter, newest first.
#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct MailboxPage {
    chrome: Chrome,
    letters: Vec<MailItem>,
    /// News whose letters are still to be written, a line each.
    waiting: Vec<String>,
}

#[get("/mailbox")]
async fn list(desk: &State<Desk>) -> Result<Page<MailboxPage>, Failure> {
    let folder = folder(desk)?.to_owned();
    let letters = tokio::task::spawn_blocking(move || newest(&folder)).await.unwrap_or_default();
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(Page::ok(MailboxPage { chrome, letters, waiting: waiting(desk).await? }))
}

/// What changed on which session, and when its letters leave (T3).
async fn waiting(desk: &Desk) -> Result<Vec<String>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let clock = ReadersClock::of(&catalogue::alliances(&mut conn).await?);
    let news = gathering::waiting(&mut conn, desk.ctx.now(), None).await?;
    let line = |one: &WaitingNews| {
        let what = if one.is_cancelled { "is cancelled" } else { "changed" };
        let at = wording::deadline(one.leaves_at, clock.zone());
        format!("{} {what}: {}. Its letters leave at {at}.", one.session, one.words.join(". "))
    };
    Ok(news.iter().map(line).collect())
}

/// The newest hundred letters: their names are time-ordered ids.
fn newest(folder: &Path) -> Vec<MailItem> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .collect();
    paths.sort_unstable_by(|a, b| b.cmp(a));
    let item = |path: &PathBuf| {
        let letter = ReadLetter::parse(&std::fs::read(path).ok()?)?;
        Some(MailItem {
            id: path.file_stem()?.to_str()?.to_owned(),
            to: letter.to,
            subject: letter.subject,
            sent: letter.date,
            has_invite: letter.calendar.is_some(),
        })
    };
    paths.iter().take(100).filter_map(item).collect()
}

pub fn routes() -> Vec<Route> {
    routes![list]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn the_demo_lists_what_it_sent() {
        let item = MailItem {
            id: "0197".to_owned(),
            to: "ruth@example.org".to_owned(),
            subject: "You're booked: <script>".to_owned(),
            sent: "10am on Tuesday 25 August".to_owned(),
            has_invite: true,
        };
        let chrome = || chrome(Area::Elsewhere);
        let list = MailboxPage {
            chrome: chrome(),
            letters: vec![item],
            waiting: vec!["S1 changed".to_owned()],
        };
        contains_all(&rendered("mailbox", &list), &["href=\"/mailbox/0197\"", "Calendar invite"]);
        let empty = MailboxPage { chrome: chrome(), letters: vec![], waiting: vec![] };
        contains_all(&rendered("mailbox-empty", &empty), &["Nothing has been sent yet"]);
    }
}
