//! Private feeds, by the hash of their token.

use chrono::{DateTime, NaiveDate, Utc};

use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, seated};
use crate::{
    domain::{
        contact::EmailAddress,
        id::{AllianceSlug, PersonId, PlaceId, SessionCode},
        person::{address_in, recognition_key},
        private_feed::{FeedOwner, PrivateFeed, SeasonFeed},
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
        person: Option<Uuid>,
        last_used: Option<NaiveDate>,
        alliance: Option<String>,
        drafts: bool,
    }
}

arguments! {
    struct NewPrivateFeed<'a> {
        token_hash: &'a [u8],
        owner: String,
        email: Option<&'a str>,
        name: Option<&'a str>,
        staff: Option<&'a str>,
        person: Option<Uuid>,
        alliance: Option<&'a str>,
        drafts: bool,
        created_at: DateTime<Utc>,
    }
}

statements! {
    /// Whoever made one before she was recognised is found by what she made it under.
    FIND: OwnerRow =
        "select f.owner, f.email, f.name, f.staff,
             coalesce(f.person, (select k.person from person_keys k
                                 where k.key = 'email:' || substr(f.owner, 10))) as person,
             f.last_used, f.alliance, f.drafts
         from private_feeds f
         where f.token_hash = $1 and f.revoked_at is null
           and not exists (select 1 from staff s
                           where s.login = f.staff and s.disabled_at is not null)";

    OF_STAFF: (DateTime<Utc>, Option<NaiveDate>) =
        "select created_at, last_used from private_feeds where owner = $1 and revoked_at is null";

    OF_PERSON: (DateTime<Utc>, Option<NaiveDate>) =
        "select created_at, last_used from private_feeds
         where token_hash in (
             select f.token_hash from private_feeds f
             where f.person = $1 and f.revoked_at is null
             union select g.token_hash from person_keys k
             join private_feeds g on g.owner = 'attendee:' || substr(k.key, 7)
             where k.person = $1 and g.revoked_at is null)
         order by created_at desc limit 1";

    INSERT(NewPrivateFeed) = "insert into private_feeds (:columns) values (:values)";

    REVOKE = "update private_feeds set revoked_at = $2 where owner = $1 and revoked_at is null";

    REVOKE_PERSON =
        "update private_feeds set revoked_at = $2
         where token_hash in (
             select f.token_hash from private_feeds f
             where f.person = $1 and f.revoked_at is null
             union select g.token_hash from person_keys k
             join private_feeds g on g.owner = 'attendee:' || substr(k.key, 7)
             where k.person = $1 and g.revoked_at is null)";

    NOTE_USE = "update private_feeds set last_used = $2 where token_hash = $1";

    PLACES_OF: (Uuid, String) = "select id, session from places where person = $1 order by id";

    UNKNOWN_AT: (Uuid, String, String) =
        "select id, session, name from places
         where email = $1 and person is null and name is not null order by id";
}

impl OwnerRow {
    fn read(self) -> Result<Option<FeedOwner>, StoreError> {
        let corrupt = |column| StoreError::Corrupt {
            table: "private_feeds",
            column,
            row: self.owner.split(':').next().unwrap_or_default().to_owned(),
        };
        match (&self.email, &self.name, &self.staff, self.person) {
            (Some(email), Some(name), None, Some(person)) => Ok(Some(FeedOwner::Attendee {
                person: PersonId::new(person),
                email: EmailAddress::stored(email),
                name: Name::stored(name),
            })),
            // Nobody we know has been booked under that name and address.
            (Some(_), Some(_), None, None) => Ok(None),
            (None, None, Some(login), _) => {
                let login = parse("private_feeds", "staff", login, login)?;
                if !self.owner.starts_with("season:") {
                    return Ok(Some(FeedOwner::Trainer(login)));
                }
                let alliance = self.alliance.as_deref();
                let alliance =
                    alliance.map(|slug| parse("private_feeds", "alliance", &login, slug));
                let (alliance, drafts) = (alliance.transpose()?, self.drafts);
                Ok(Some(FeedOwner::Season(SeasonFeed { login, alliance, drafts })))
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
    Ok(row.read()?.map(|owner| (owner, last_used)))
}

/// The feed an owner has.
pub async fn of_owner(
    conn: &mut Conn,
    owner: &FeedOwner,
) -> Result<Option<PrivateFeed>, StoreError> {
    let row = match owner {
        FeedOwner::Attendee { person, .. } => OF_PERSON.optional(conn, [person.uuid()]).await?,
        FeedOwner::Trainer(_) | FeedOwner::Season(_) => {
            OF_STAFF.optional(conn, [owner.key()]).await?
        }
    };
    Ok(row.map(|(created_at, last_used)| PrivateFeed { created_at, last_used }))
}

/// Adds a feed; the owner must have none.
pub async fn insert(
    tx: &mut Tx,
    hash: TokenHash,
    owner: &FeedOwner,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (email, name, staff, person) = match owner {
        FeedOwner::Attendee { person, email, name } => {
            (Some(email.as_str()), Some(name.as_str()), None, Some(person.uuid()))
        }
        FeedOwner::Trainer(login) => (None, None, Some(login.as_str()), None),
        FeedOwner::Season(feed) => (None, None, Some(feed.login.as_str()), None),
    };
    let (alliance, drafts) = match owner {
        FeedOwner::Season(feed) => (feed.alliance.as_ref(), feed.drafts),
        FeedOwner::Attendee { .. } | FeedOwner::Trainer(_) => (None, false),
    };
    let new = NewPrivateFeed {
        token_hash: &hash.0[..],
        owner: owner.key(),
        email,
        name,
        staff,
        person,
        alliance: alliance.map(AllianceSlug::as_str),
        drafts,
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
    let ended = match owner {
        FeedOwner::Attendee { person, .. } => REVOKE_PERSON.run(tx, (person.uuid(), now)).await?,
        FeedOwner::Trainer(_) | FeedOwner::Season(_) => REVOKE.run(tx, (owner.key(), now)).await?,
    };
    Ok(ended > 0)
}

/// Notes that a feed was fetched on `day`; writes once a day.
pub async fn note_use(tx: &mut Tx, hash: TokenHash, day: NaiveDate) -> Result<(), StoreError> {
    NOTE_USE.run(tx, (&hash.0[..], day)).await?;
    Ok(())
}

/// The places an attendee's feed is about, whatever became of them: the person's, and those that were
/// just booked and will be recognised as hers.
pub async fn places_of(
    conn: &mut Conn,
    owner: &FeedOwner,
) -> Result<Vec<(PlaceId, SessionCode)>, StoreError> {
    let FeedOwner::Attendee { person, email, name } = owner else { return Ok(Vec::new()) };
    let session = |id: Uuid, code: &str| -> Result<SessionCode, StoreError> {
        parse("places", "session", &id, code)
    };
    let mut found = Vec::new();
    for (id, code) in PLACES_OF.all(conn, [person.uuid()]).await? {
        found.push((PlaceId::new(id), session(id, &code)?));
    }
    let mut keys = seated::keys_of(conn, *person).await?;
    keys.push(recognition_key(name, Some(email), None));
    let mut addresses: Vec<_> = keys.iter().filter_map(|key| address_in(key)).collect();
    addresses.sort_unstable();
    addresses.dedup();
    for address in addresses {
        for (id, code, name) in UNKNOWN_AT.all(conn, [address]).await? {
            let (name, email) = (Name::stored(&name), EmailAddress::stored(address));
            if keys.contains(&recognition_key(&name, Some(&email), None)) {
                found.push((PlaceId::new(id), session(id, &code)?));
            }
        }
    }
    Ok(found)
}
