//! What a calendar says of itself when it is fetched.

use chrono::{DateTime, Utc};
use rocket::http::ContentType;

use crate::{
    calendar::{
        feed::session_file,
        private_feed::{OwnPlace, invited_file},
    },
    domain::{place::Place, session::Session},
    store::{StoreError, invitations},
    web::{
        Desk,
        kept::{Head, Kept},
    },
};

const CALENDAR: &str = "text/calendar; charset=utf-8";

/// A file to import once.
pub fn download(body: String) -> Kept {
    Kept::once(download_head(), body)
}

/// The days of a session for whoever has a place: the very events that her letters bring, so that a
/// calendar with both shows one; or those that everybody can have, where nobody wrote to her.
pub async fn own_days(
    desk: &Desk,
    session: &Session,
    place: Option<&Place>,
) -> Result<Kept, StoreError> {
    let publisher = &desk.ctx.publisher;
    if let Some(place) = place {
        let mut conn = desk.ctx.store.read().await?;
        let invitations = invitations::all_of(&mut conn, place.id).await?;
        let own = OwnPlace { session: session.clone(), invitations, removed: vec![] };
        if let Some(body) = invited_file(publisher, &own) {
            return Ok(download(body));
        }
    }
    Ok(download(session_file(publisher, session)))
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
