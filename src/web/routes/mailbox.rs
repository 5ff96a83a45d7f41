//! The demo's mailbox: everything it "sent", as a reader would see it. No such pages elsewhere.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rocket::{
    Responder, Route, State, get,
    http::{ContentType, Header},
    routes,
};

use super::super::{
    Desk,
    failure::Failure,
    mailbox::{MailItem, MailPage, MailboxPage},
    page::Area,
    page::Page,
};
use crate::{domain::id::LetterId, mail::reading::ReadLetter};

fn folder(desk: &Desk) -> Result<&Path, Failure> {
    desk.demo_mailbox.as_deref().ok_or(Failure::NotFound)
}

async fn read(path: PathBuf) -> Option<(DateTime<Utc>, Vec<u8>)> {
    tokio::task::spawn_blocking(move || {
        let modified = std::fs::metadata(&path).ok()?.modified().ok()?;
        Some((modified.into(), std::fs::read(&path).ok()?))
    })
    .await
    .ok()?
}

async fn letter(desk: &Desk, id: &str) -> Result<ReadLetter, Failure> {
    let id: LetterId = id.parse().map_err(|_| Failure::NotFound)?;
    let path = folder(desk)?.join(format!("{id}.eml"));
    let (_, bytes) = read(path).await.ok_or(Failure::NotFound)?;
    ReadLetter::parse(&bytes).ok_or(Failure::NotFound)
}

#[get("/mailbox")]
async fn list(desk: &State<Desk>) -> Result<Page<MailboxPage>, Failure> {
    let folder = folder(desk)?.to_owned();
    let letters = tokio::task::spawn_blocking(move || newest(&folder)).await.unwrap_or_default();
    Ok(Page::ok(MailboxPage { chrome: desk.private_chrome(Area::Elsewhere), letters }))
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

#[get("/mailbox/<id>", rank = 2)]
async fn show(desk: &State<Desk>, id: &str) -> Result<Page<MailPage>, Failure> {
    let letter = letter(desk, id).await?;
    Ok(Page::ok(MailPage {
        chrome: desk.private_chrome(Area::Elsewhere),
        item: MailItem {
            id: id.to_owned(),
            to: letter.to,
            subject: letter.subject,
            sent: letter.date,
            has_invite: letter.calendar.is_some(),
        },
        headers: letter.headers,
        text: letter.text,
        html_href: format!("/mailbox/{id}/html"),
        eml_href: format!("/mailbox/{id}/letter.eml"),
        ics_href: letter.calendar.map(|_| format!("/mailbox/{id}/invite.ics")),
    }))
}

/// A part of a letter. The HTML one carries its own styles, as mail must; nothing in it may load
/// or run.
#[derive(Responder)]
struct Part {
    body: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
    csp: Header<'static>,
}

impl Part {
    fn new(body: Vec<u8>, kind: ContentType, disposition: &'static str) -> Self {
        let csp = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation \
                   allow-popups; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        Self {
            body,
            kind,
            disposition: Header::new("Content-Disposition", disposition),
            csp: Header::new("Content-Security-Policy", csp),
        }
    }
}

#[get("/mailbox/<id>/html")]
async fn html(desk: &State<Desk>, id: &str) -> Result<Part, Failure> {
    let letter = letter(desk, id).await?;
    Ok(Part::new(letter.html.into_bytes(), ContentType::HTML, "inline"))
}

#[get("/mailbox/<id>/letter.eml")]
async fn eml(desk: &State<Desk>, id: &str) -> Result<Part, Failure> {
    let id: LetterId = id.parse().map_err(|_| Failure::NotFound)?;
    let path = folder(desk)?.join(format!("{id}.eml"));
    let (_, bytes) = read(path).await.ok_or(Failure::NotFound)?;
    let kind = ContentType::new("message", "rfc822");
    Ok(Part::new(bytes, kind, "attachment; filename=\"letter.eml\""))
}

#[get("/mailbox/<id>/invite.ics")]
async fn ics(desk: &State<Desk>, id: &str) -> Result<Part, Failure> {
    let letter = letter(desk, id).await?;
    let calendar = letter.calendar.ok_or(Failure::NotFound)?;
    let kind = ContentType::new("text", "calendar").with_params(("charset", "utf-8"));
    Ok(Part::new(calendar, kind, "attachment; filename=\"invite.ics\""))
}

pub fn routes() -> Vec<Route> {
    routes![list, show, html, eml, ics]
}
