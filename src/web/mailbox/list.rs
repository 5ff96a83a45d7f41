//! Every letter, newest first.

use std::path::{Path, PathBuf};

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{finding::Wanted, wording},
    mail::reading::ReadLetter,
    store::{
        Window, catalogue,
        gathering::{self, WaitingNews},
    },
    web::{
        Desk, asked,
        failure::Failure,
        mailbox::letters::{MailItem, folder},
        page::{Area, Chrome, Page},
        paging::{self, Pager},
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
    /// What was looked for.
    words: String,
    pager: Pager,
    /// News whose letters are still to be written, a line each.
    waiting: Vec<String>,
}

/// Which letters.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    q: Option<&'r str>,
    page: Option<&'r str>,
}

#[get("/mailbox?<asked..>")]
async fn list(desk: &State<Desk>, asked: Asked<'_>) -> Result<Page<MailboxPage>, Failure> {
    let folder = folder(desk)?.to_owned();
    let words = asked::words("q", asked.q)?.to_owned();
    let page = paging::asked(asked.page)?;
    let (wanted, window) = (words.clone(), paging::window(page));
    let found = tokio::task::spawn_blocking(move || found(&folder, &wanted, window));
    let (letters, total) = found.await.unwrap_or_default();
    let pager = Pager::of(page, total, paths::mailbox::letters(), &[("q", &words)])?;
    let chrome = desk.private_chrome(Area::Elsewhere);
    let waiting = waiting(desk).await?;
    Ok(Page::ok(MailboxPage { chrome, letters, words, pager, waiting }))
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

/// The letters of a page, newest first, and how many there are: their names are time-ordered ids. Words are
/// looked for in whom it is to, in its subject and in its text.
fn found(folder: &Path, words: &str, window: Window) -> (Vec<MailItem>, i64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return Default::default() };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .collect();
    paths.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = Wanted::typed(words);
    if !wanted.is_everything() {
        let has_words = |path: &PathBuf| {
            let letter = read(path);
            letter.is_some_and(|one| wanted.is_among([&*one.to, &*one.subject, &*one.text]))
        };
        paths.retain(has_words);
    }
    let item = |path: &PathBuf| {
        let letter = read(path)?;
        Some(MailItem {
            id: path.file_stem()?.to_str()?.to_owned(),
            to: letter.to,
            subject: letter.subject,
            sent: letter.date,
            has_invite: letter.calendar.is_some(),
        })
    };
    let total = i64::try_from(paths.len()).unwrap_or(i64::MAX);
    let [offset, limit] =
        [window.offset, window.limit].map(|count| usize::try_from(count).unwrap_or(0));
    (paths.iter().skip(offset).take(limit).filter_map(item).collect(), total)
}

fn read(path: &Path) -> Option<ReadLetter> {
    ReadLetter::parse(&std::fs::read(path).ok()?)
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
        let pager = |total| Pager::of(1, total, paths::mailbox::letters(), &[]).expect("a page");
        let list = MailboxPage {
            chrome: chrome(),
            letters: vec![item],
            words: "ruth".to_owned(),
            pager: pager(1),
            waiting: vec!["S1 changed".to_owned()],
        };
        contains_all(&rendered("mailbox", &list), &["href=\"/mailbox/0197\"", "Calendar invite"]);
        let empty = MailboxPage {
            chrome: chrome(),
            letters: vec![],
            words: String::new(),
            pager: pager(0),
            waiting: vec![],
        };
        contains_all(&rendered("mailbox-empty", &empty), &["Nothing has been sent yet"]);
    }
    #[test]
    fn words_find_letters_by_whom_subject_and_text_page_by_page() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..60 {
            let letter = format!(
                "To: Ruth Okafor <ruth{number}@example.org>\r\nSubject: Place {number}\r\n\r\nHall of St Zoë {number}\r\n"
            );
            let path = folder.path().join(format!("{number:04}.eml"));
            std::fs::write(path, letter).expect("a letter");
        }
        let look = |words: &str, page| found(folder.path(), words, paging::window(page));
        let (first, total) = look("", 1);
        assert_eq!((first.len(), total, first[0].id.as_str()), (50, 60, "0059"), "newest first");
        assert_eq!(look("", 2).0.len(), 10);
        assert_eq!(look("ruth7@example.org", 1).1, 1);
        assert_eq!(look("okafor place", 1).1, 60);
        assert_eq!(look("zoe", 1).1, 60, "in the text, however it is typed");
        assert_eq!(look("nobody", 1).1, 0);
    }
}
