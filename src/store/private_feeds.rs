//! Private feeds, by the hash of their token.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Conn, StoreError, Tx, codec::parse};
use crate::{
    domain::{
        id::PlaceId,
        private_feed::{FeedOwner, PrivateFeed},
        text::Name,
    },
    token::TokenHash,
};

row! {
    struct OwnerRow {
        owner: String,
        email: Option<String>,
        name: Option<String>,
        staff: Option<String>,
        last_used: Option<NaiveDate>,
    }
}

arguments! {
    struct NewPrivateFeed<'a> {
        token_hash: &'a [u8],
        owner: String,
        email: Option<&'a str>,
        name: Option<&'a str>,
        staff: Option<&'a str>,
        created_at: DateTime<Utc>,
    }
}

statements! {
    FIND: OwnerRow =
        "select f.owner, f.email, f.name, f.staff, f.last_used from private_feeds f
         where f.token_hash = $1 and f.revoked_at is null
           and not exists (select 1 from staff s
                           where s.login = f.staff and s.disabled_at is not null)";

    OF_OWNER: (DateTime<Utc>, Option<NaiveDate>) =
        "select created_at, last_used from private_feeds where owner = $1 and revoked_at is null";

    INSERT(NewPrivateFeed) = "insert into private_feeds (:columns) values (:values)";

    REVOKE = "update private_feeds set revoked_at = $2 where owner = $1 and revoked_at is null";

    NOTE_USE = "update private_feeds set last_used = $2 where token_hash = $1";

    PLACES_OF: (uuid::Uuid, String, String) =
        "select id, session, name from places where email = $1 and name is not null";
}

impl OwnerRow {
    fn read(self) -> Result<FeedOwner, StoreError> {
        let corrupt = |column| StoreError::Corrupt {
            table: "private_feeds",
            column,
            row: self.owner.split(':').next().unwrap_or_default().to_owned(),
        };
        match (&self.email, &self.name, &self.staff) {
            (Some(email), Some(name), None) => Ok(FeedOwner::Attendee {
                email: email.parse().map_err(|_| corrupt("email"))?,
                name: Name::parse(name).map_err(|_| corrupt("name"))?,
            }),
            (None, None, Some(login)) => {
                Ok(FeedOwner::Trainer(parse("private_feeds", "staff", login, login)?))
            }
            _ => Err(corrupt("owner")),
        }
    }
}

/// Whose feed a token opens, and the day it was last fetched; nobody's once it was replaced or
/// stopped, or the account was closed.
pub async fn find(
    conn: &mut Conn,
    hash: TokenHash,
) -> Result<Option<(FeedOwner, Option<NaiveDate>)>, StoreError> {
    let row = FIND.optional(conn, [&hash.0[..]]).await?;
    let Some(row) = row else { return Ok(None) };
    let last_used = row.last_used;
    Ok(Some((row.read()?, last_used)))
}

/// The feed an owner has.
pub async fn of_owner(
    conn: &mut Conn,
    owner: &FeedOwner,
) -> Result<Option<PrivateFeed>, StoreError> {
    let row = OF_OWNER.optional(conn, [owner.key()]).await?;
    Ok(row.map(|(created_at, last_used)| PrivateFeed { created_at, last_used }))
}

/// Adds a feed; the owner must have none.
pub async fn insert(
    tx: &mut Tx,
    hash: TokenHash,
    owner: &FeedOwner,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (email, name, staff) = match owner {
        FeedOwner::Attendee { email, name } => (Some(email.as_str()), Some(name.as_str()), None),
        FeedOwner::Trainer(login) => (None, None, Some(login.as_str())),
    };
    let new = NewPrivateFeed {
        token_hash: &hash.0[..],
        owner: owner.key(),
        email,
        name,
        staff,
        created_at: now,
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// Ends the feed of an owner; whether there was one.
pub async fn revoke(
    tx: &mut Tx,
    owner: &FeedOwner,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(REVOKE.run(tx, (owner.key(), now)).await? > 0)
}

/// Notes that a feed was fetched on `day`; writes once a day.
pub async fn note_use(tx: &mut Tx, hash: TokenHash, day: NaiveDate) -> Result<(), StoreError> {
    NOTE_USE.run(tx, (&hash.0[..], day)).await?;
    Ok(())
}

/// The places an attendee's feed is about, whatever became of them: those at the owner's address
/// and under her name.
pub async fn places_of(
    conn: &mut Conn,
    owner: &FeedOwner,
) -> Result<Vec<(PlaceId, crate::domain::id::SessionCode)>, StoreError> {
    let FeedOwner::Attendee { email, .. } = owner else { return Ok(Vec::new()) };
    let rows = PLACES_OF.all(conn, [email.as_str()]).await?;
    let mut found = Vec::new();
    for (id, session, name) in rows {
        let is_hers = Name::parse(&name).is_ok_and(|name| owner.is_named(&name));
        if is_hers {
            found.push((PlaceId::new(id), parse("places", "session", &id, &session)?));
        }
    }
    Ok(found)
}
