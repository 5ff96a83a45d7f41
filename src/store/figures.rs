//! What a machine watches: how many letters wait and for how long, and where places stand.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, watch::fill_levels};
use crate::domain::fill::Fill;

statements! {
    LETTERS_WAITING: (i64, Option<DateTime<Utc>>) =
        "select count(*), min(created_at) from outbox
         where sent_at is null and failed_at is null and is_held = false";

    OLDEST_WAITING: (DateTime<Utc>, Option<String>) =
        "select created_at, last_error from outbox
         where sent_at is null and failed_at is null and is_held = false
         order by created_at limit 1";

    LETTERS_GIVEN_UP: i64 =
        "select count(*) from outbox
         where failed_at is not null and sent_at is null and bounced_at is null and mended_at is null",
        reads_all: "those given up have an index of their own, and are few";
}

/// The letters that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// How many.
    pub letters: i64,
    /// When the oldest was written.
    pub oldest: DateTime<Utc>,
    /// Why it did not leave when it was tried last, if it was.
    pub last_error: Option<String>,
}

/// The letters that wait; `None` if none does.
pub async fn queue(conn: &mut Conn) -> Result<Option<Queue>, StoreError> {
    let (letters, _) = LETTERS_WAITING.one(conn, ()).await?;
    let oldest = OLDEST_WAITING.optional(conn, ()).await?;
    Ok(oldest.map(|(oldest, last_error)| Queue { letters, oldest, last_error }))
}

/// Numbers without anybody behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Letters that are still to be delivered.
    pub letters_waiting: i64,
    /// When the oldest of them was written.
    pub oldest_letter: Option<DateTime<Utc>>,
    /// Letters that were given up.
    pub letters_given_up: i64,
    /// The places of all sessions that are not over.
    pub places: Fill,
}

/// The figures at a moment.
pub async fn read(conn: &mut Conn, now: DateTime<Utc>) -> Result<Figures, StoreError> {
    let (letters_waiting, oldest_letter) = LETTERS_WAITING.one(conn, ()).await?;
    let letters_given_up = LETTERS_GIVEN_UP.value(conn, ()).await?;
    let mut places = Fill::default();
    for fill in fill_levels(conn, now).await?.into_values() {
        places.confirmed += fill.confirmed;
        places.held += fill.held;
        places.offered += fill.offered;
        places.waiting += fill.waiting;
        places.requested += fill.requested;
    }
    Ok(Figures { letters_waiting, oldest_letter, letters_given_up, places })
}
