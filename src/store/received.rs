//! The messages that came to the reply mailbox.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, Found, StoreError, Tx, Window, codec::parse};
use crate::domain::{
    contact::EmailAddress,
    id::{PlaceId, SessionCode},
    vocabulary::words,
};

row! {
    struct Row {
        id: Uuid,
        received_at: DateTime<Utc>,
        from_address: Option<String>,
        subject: String,
        outcome: String,
        words: Option<String>,
        is_open: bool,
    }
}

arguments! {
    struct NewReceivedMail<'a> {
        id: Uuid,
        digest: &'a [u8],
        received_at: DateTime<Utc>,
        from_address: Option<&'a str>,
        subject: &'a str,
        outcome: &'a str,
    }
}

statements! {
    INSERT(NewReceivedMail) = "insert into received_mails (:columns) values (:values)
         on conflict (digest) do nothing";

    SET_OUTCOME =
        "update received_mails set outcome = $2, place = $3, raw = $4, words = $5 where id = $1";

    WORDS_OF_SESSION: (Uuid, String) =
        "select r.place, r.words from received_mails r join places p on p.id = r.place
         where p.session = $1 and r.words is not null order by r.received_at, r.id";

    ABOUT_SINCE: i64 = "select count(*) from received_mails where place = $1 and received_at > $2";

    LATEST: Row =
        "select id, received_at, from_address, subject, outcome, words,
             (raw is not null and done_at is null) as is_open
         from received_mails
         where id in (select o.id from received_mails o where o.raw is not null)
            or id in (select l.id from received_mails l order by l.received_at desc, l.id limit $1)
         order by is_open desc, received_at desc, id limit $2 offset $3",
        reads_all: "the latest are found from the end of their index, and no more than asked for";

    OF_OUTCOME: Row =
        "select id, received_at, from_address, subject, outcome, words,
             (raw is not null and done_at is null) as is_open
         from received_mails where outcome = $1
         order by is_open desc, received_at desc, id limit $2 offset $3",
        reads_all: "an administrator looks through what came in a year";

    COUNT: i64 = "select count(*) from received_mails",
        reads_all: "counts what came in a year";

    COUNT_OF: i64 = "select count(*) from received_mails where outcome = $1",
        reads_all: "counts what came in a year";

    COUNTS: (String, i64) =
        "select outcome, count(*) from received_mails where received_at > $1
         group by outcome order by outcome";

    RAW: Vec<u8> = "select raw from received_mails where id = $1 and raw is not null";

    MARK_DONE =
        "update received_mails set raw = null, done_at = $2
         where id = $1 and raw is not null";
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// An answer, taken.
    Taken,
    /// The same answer as before.
    Repeated,
    /// An answer to a message that a newer one has overtaken.
    Stale,
    /// An answer to an invite we do not know.
    Unknown,
    /// An answer by somebody who was not invited with it.
    NotTheirs,
    /// More answers to one invite than anybody needs.
    TooMany,
    /// A letter of ours that came back.
    Bounced,
    /// Written by a program; nobody answers it.
    Automatic,
    /// For a person to read.
    ForTheOffice,
    /// Too large to be an answer.
    Refused,
}

words!(Outcome {
    Taken => "taken",
    Repeated => "repeated",
    Stale => "stale",
    Unknown => "unknown",
    NotTheirs => "not-theirs",
    TooMany => "too-many",
    Bounced => "bounced",
    Automatic => "automatic",
    ForTheOffice => "for-the-office",
    Refused => "refused",
});

/// A message to remember.
#[derive(Debug, Clone)]
pub struct ArrivedMessage<'a> {
    /// Its row.
    pub id: Uuid,
    /// SHA-256 of the whole message.
    pub digest: [u8; 32],
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Who seems to have sent it.
    pub from: Option<&'a EmailAddress>,
    /// Its subject.
    pub subject: &'a str,
}

/// Remembers a message as soon as it is looked at; `false` if it was taken before. Written in the
/// transaction that acts on it, so that two nodes cannot both.
pub async fn insert(tx: &mut Tx, arrival: &ArrivedMessage<'_>) -> Result<bool, StoreError> {
    let new = NewReceivedMail {
        id: arrival.id,
        digest: &arrival.digest[..],
        received_at: arrival.at,
        from_address: arrival.from.map(EmailAddress::as_str),
        subject: arrival.subject,
        outcome: Outcome::Automatic.as_str(),
    };
    let written = INSERT.run(tx, new).await?;
    Ok(written == 1)
}

/// Writes what became of a message; `raw` is kept where a person has to read it.
pub async fn set_outcome(
    tx: &mut Tx,
    id: Uuid,
    outcome: Outcome,
    place: Option<PlaceId>,
    (raw, words): (Option<&[u8]>, Option<&str>),
) -> Result<(), StoreError> {
    SET_OUTCOME.run(tx, (id, outcome.as_str(), place.map(PlaceId::uuid), raw, words)).await?;
    Ok(())
}

/// What people of a session wrote beside their answers, by place, oldest first.
pub async fn words_of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, Vec<String>>, StoreError> {
    let mut found: HashMap<PlaceId, Vec<String>> = HashMap::new();
    for (place, words) in WORDS_OF_SESSION.all(conn, [session.as_str()]).await? {
        found.entry(PlaceId::new(place)).or_default().push(words);
    }
    Ok(found)
}

/// How many messages about a place were acted on after `since`.
pub async fn about_since(
    conn: &mut Conn,
    place: PlaceId,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    ABOUT_SINCE.value(conn, (place.uuid(), since)).await
}

/// A message as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Its row.
    pub id: Uuid,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Who seems to have sent it.
    pub from: Option<String>,
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What was written beside an answer.
    pub words: Option<String>,
    /// Whether a person still has to read it.
    pub is_open: bool,
}

/// A part of the messages, those that a person has to read first, then the latest; with `outcome`, only
/// those that came to it.
pub async fn latest(
    conn: &mut Conn,
    outcome: Option<Outcome>,
    Window { limit, offset }: Window,
) -> Result<Found<ReceivedMail>, StoreError> {
    let (rows, total) = match outcome {
        Some(one) => (
            OF_OUTCOME.all(conn, (one.as_str(), limit, offset)).await?,
            COUNT_OF.value(conn, [one.as_str()]).await?,
        ),
        None => {
            let reach = offset.saturating_add(limit);
            (LATEST.all(conn, (reach, limit, offset)).await?, COUNT.value(conn, ()).await?)
        }
    };
    let read = |row: Row| -> Result<ReceivedMail, StoreError> {
        Ok(ReceivedMail {
            outcome: parse("received_mails", "outcome", &row.id, &row.outcome)?,
            id: row.id,
            at: row.received_at,
            from: row.from_address,
            subject: row.subject,
            words: row.words,
            is_open: row.is_open,
        })
    };
    let items = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Found { items, total })
}

/// How many messages came to each end after `since`.
pub async fn counts(
    conn: &mut Conn,
    since: DateTime<Utc>,
) -> Result<Vec<(Outcome, i64)>, StoreError> {
    let rows = COUNTS.all(conn, [since]).await?;
    let read = |(word, count): (String, i64)| {
        Ok((parse("received_mails", "outcome", &word, &word)?, count))
    };
    rows.into_iter().map(read).collect()
}

/// A message that was kept for a person.
pub async fn raw(conn: &mut Conn, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(RAW.values(conn, [id]).await?.pop())
}

/// Marks a message as read, and forgets its text; `false` if there is none to read.
pub async fn mark_done(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(MARK_DONE.run(tx, (id, now)).await? == 1)
}
