//! What a calendar says of itself when it is fetched.

use chrono::{DateTime, Utc};
use rocket::http::ContentType;

use crate::web::kept::{Head, Kept};

const CALENDAR: &str = "text/calendar; charset=utf-8";

/// A file to import once.
pub fn download(body: String) -> Kept {
    Kept::once(download_head(), body)
}

pub fn download_head() -> Head {
    calendar_head(None, "attachment; filename=\"training.ics\"".to_owned(), vec![])
}

pub fn calendar_head(
    last_modified: Option<DateTime<Utc>>,
    disposition: String,
    mut headers: Vec<(&'static str, String)>,
) -> Head {
    headers.push(("Content-Disposition", disposition));
    let kind = ContentType::parse_flexible(CALENDAR).unwrap_or(ContentType::Calendar);
    Head { kind, last_modified, headers, compress: false, all_day: true }
}
