//! Private links, by the hash of their token.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx, codec::parse, data_links, interests, letter_stops, path_links,
    personal_invitations, rows,
};
use crate::{
    domain::{
        id::{PlaceId, RegistrationId, StaffLogin},
        retention::LINKS_LAST,
    },
    token::TokenHash,
};

row! {
    struct LinkRow {
        kind: String,
        registration: Option<Uuid>,
        place: Option<Uuid>,
        staff: Option<String>,
        in_event: bool,
    }
}

/// Whether the session of a booking or a place is still to come, or was not over at `$3` (P6).
macro_rules! is_near {
    () => {
        "exists (select 1 from sittings t where t.ends_at > $3
                 and t.session = coalesce((select r.session from registrations r where r.id = links.registration),
                                          (select p.session from places p where p.id = links.place)))"
    };
}

statements! {
    FIND: LinkRow =
        concat!("select kind, registration, place, staff, in_event from links
         where token_hash = $1 and used_at is null and (expires_at is null or expires_at > $2)
           and (staff is not null or ", is_near!(), ")");

    FIND_ENDED: LinkRow =
        concat!("select kind, registration, place, staff, in_event from links
         where token_hash = $1 and (used_at is not null or expires_at <= $2
                                    or (staff is null and not ", is_near!(), "))");

    INSERT = {
        sqlite: "insert into links (token_hash, kind, registration, place, staff, in_event,
                created_at, expires_at)
            select unhex(value ->> 'token_hash'), value ->> 'kind', unhex(value ->> 'registration'),
                unhex(value ->> 'place'), value ->> 'staff', value ->> 'in_event', $2, $3
            from json_each($1)",
        postgres: "insert into links (token_hash, kind, registration, place, staff, in_event,
                created_at, expires_at)
            select decode(token_hash, 'hex'), kind, registration, place, staff, in_event, $2, $3
            from json_to_recordset($1::json) as new(token_hash text, kind text, registration uuid,
                place uuid, staff text, in_event boolean)",
    };

    /// Whatever ends the link of a letter while it waits has ended this one too; and what its leader's address
    /// was changed for proves nothing of the new one.
    COPY = {
        sqlite: "insert into links (token_hash, kind, registration, place, staff, in_event,
                created_at, expires_at, used_at, proves_address, reader)
            select unhex(j.value ->> 'token'), l.kind, l.registration, l.place, l.staff, l.in_event,
                l.created_at, l.expires_at, l.used_at, coalesce(l.proves_address, 1),
                j.value ->> 'reader'
            from json_each($1) j join links l on l.token_hash = unhex(j.value ->> 'stand_in')",
        postgres: "insert into links (token_hash, kind, registration, place, staff, in_event,
                created_at, expires_at, used_at, proves_address, reader)
            select decode(j.token, 'hex'), l.kind, l.registration, l.place, l.staff, l.in_event,
                l.created_at, l.expires_at, l.used_at, coalesce(l.proves_address, true), j.reader
            from json_to_recordset($1::json) as j(stand_in text, token text, reader text)
            join links l on l.token_hash = decode(j.stand_in, 'hex')",
    };

    PROVES: bool =
        "select proves_address from links
         where token_hash = $1 and used_at is null and proves_address is not null";

    PROVEN = "update links set proves_address = $2 where token_hash = $1";

    DISPROVE = "update links set proves_address = $2 where registration = $1";

    DEVICES: (Vec<u8>, DateTime<Utc>, DateTime<Utc>) =
        "select token_hash, created_at, expires_at from links
         where staff = $1 and kind = 'signed-in' and used_at is null and expires_at > $2
         order by created_at desc, token_hash";

    SIGNED_IN: (String, DateTime<Utc>, bool) =
        "select staff, coalesce(seen_at, created_at) as seen_at, is_strong from links
         where token_hash = $1 and kind = 'signed-in' and staff is not null
           and used_at is null and expires_at > $2";

    SEE = "update links set seen_at = $2 where token_hash = $1";

    IS_STRONG: bool = "select is_strong from links where token_hash = $1";

    STRENGTHEN = "update links set is_strong = true where token_hash = $1";

    SPEND = "update links set used_at = $2 where token_hash = $1 and used_at is null";

    REVOKE_PLACES = {
        sqlite: "update links set used_at = $2
            where place in (select unhex(value) from json_each($1)) and used_at is null",
        postgres: "update links set used_at = $2
            where place = any(array(select json_array_elements_text($1::json)::uuid))
              and used_at is null",
    };

    REVOKE_BOOKING = "update links set used_at = $2 where registration = $1 and used_at is null";

    REVOKE_DEVICES =
        "update links set used_at = $2
         where staff = $1 and kind = 'signed-in' and used_at is null and expires_at > $2";

    REVOKE_STAFF = "update links set used_at = $2 where staff = $1 and used_at is null";
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A whole registration (B8).
    Leader(RegistrationId),
    /// One place (B8).
    Attendee(PlaceId),
    /// One place, from an event in a calendar, which may be shared: it is shown and not changed (C10).
    Event(PlaceId),
    /// A sign-in, once.
    SignIn(StaffLogin),
    /// Being signed in.
    SignedIn(StaffLogin),
}

/// What an unspent, unexpired link opens at `now`.
pub async fn find(
    conn: &mut Conn,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<LinkTarget>, StoreError> {
    let row = FIND.optional(conn, (&hash.0[..], now, now - LINKS_LAST)).await?;
    row.map(LinkRow::read).transpose()
}

/// What a link opened that opens it no more: for saying so, never for opening it.
pub async fn ended(
    conn: &mut Conn,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<LinkTarget>, StoreError> {
    let row = FIND_ENDED.optional(conn, (&hash.0[..], now, now - LINKS_LAST)).await?;
    row.map(LinkRow::read).transpose()
}

impl LinkRow {
    fn read(self) -> Result<LinkTarget, StoreError> {
        let row = self;
        let staff = row.staff.as_deref().map(|login| parse("links", "staff", &login, login));
        let corrupt =
            || StoreError::Corrupt { table: "links", column: "kind", row: row.kind.clone() };
        Ok(match (row.kind.as_str(), row.registration, row.place, staff.transpose()?) {
            ("leader", Some(id), ..) => LinkTarget::Leader(RegistrationId::new(id)),
            ("attendee", _, Some(id), _) if row.in_event => LinkTarget::Event(PlaceId::new(id)),
            ("attendee", _, Some(id), _) => LinkTarget::Attendee(PlaceId::new(id)),
            ("sign-in", .., Some(login)) => LinkTarget::SignIn(login),
            ("signed-in", .., Some(login)) => LinkTarget::SignedIn(login),
            _ => return Err(corrupt()),
        })
    }
}

/// A link to be added, with the columns of its row.
#[derive(Serialize)]
struct NewLink<'a> {
    token_hash: String,
    kind: &'static str,
    registration: Option<String>,
    place: Option<String>,
    staff: Option<&'a str>,
    in_event: bool,
}

impl<'a> NewLink<'a> {
    fn of((hash, target): &'a (TokenHash, LinkTarget)) -> Self {
        let id = |id: &RegistrationId| Some(rows::key(id.uuid()));
        let (kind, registration, place, staff) = match target {
            LinkTarget::Leader(registration) => ("leader", id(registration), None, None),
            LinkTarget::Attendee(place) | LinkTarget::Event(place) => {
                ("attendee", None, Some(rows::key(place.uuid())), None)
            }
            LinkTarget::SignIn(login) => ("sign-in", None, None, Some(login.as_str())),
            LinkTarget::SignedIn(login) => ("signed-in", None, None, Some(login.as_str())),
        };
        let in_event = matches!(target, LinkTarget::Event(_));
        Self { token_hash: rows::hex(&hash.0), kind, registration, place, staff, in_event }
    }
}

/// What a link is a copy of, and what opens it.
#[derive(Serialize)]
struct Copy {
    stand_in: String,
    token: String,
    /// The digest of the address it is sent to.
    reader: Option<String>,
}

/// Adds links, all until the same moment.
pub async fn insert_all(
    tx: &mut Tx,
    links: &[(TokenHash, LinkTarget)],
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    if links.is_empty() {
        return Ok(());
    }
    let new = rows::json(&links.iter().map(NewLink::of).collect::<Vec<_>>())?;
    INSERT.later(tx, (new, created_at, expires_at)).await
}

/// Makes links that open what others do, and end when they do; each for the reader it is sent to.
pub async fn copy(
    tx: &mut Tx,
    copies: &[(TokenHash, TokenHash, Option<String>)],
) -> Result<(), StoreError> {
    if copies.is_empty() {
        return Ok(());
    }
    let copy = |(of, to, reader): &(TokenHash, TokenHash, Option<String>)| Copy {
        stand_in: rows::hex(&of.0),
        token: rows::hex(&to.0),
        reader: reader.clone(),
    };
    let copies = rows::json(&copies.iter().map(copy).collect::<Vec<_>>())?;
    COPY.later(tx, [copies.as_str()]).await?;
    letter_stops::copy(tx, &copies).await?;
    data_links::copy(tx, &copies).await?;
    interests::copy(tx, &copies).await?;
    personal_invitations::copy(tx, &copies).await?;
    path_links::copy(tx, &copies).await
}

/// Adds one link.
pub async fn insert(
    tx: &mut Tx,
    hash: TokenHash,
    target: &LinkTarget,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    insert_all(tx, &[(hash, target.clone())], created_at, expires_at).await
}

/// Whether whoever holds a leader's link was sent it to the address of her booking: then she reads that address,
/// and may see what else is under it.
pub async fn proves_address(conn: &mut Conn, hash: TokenHash) -> Result<bool, StoreError> {
    Ok(PROVES.optional_value(conn, [&hash.0[..]]).await?.unwrap_or(false))
}

/// Adds a leader's link for whoever holds one that proves her address.
pub async fn insert_proven(
    tx: &mut Tx,
    hash: TokenHash,
    id: RegistrationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    insert(tx, hash, &LinkTarget::Leader(id), now, None).await?;
    PROVEN.run(tx, (&hash.0[..], true)).await?;
    Ok(())
}

/// The address of a booking is another now: what was sent to the one before proves nothing of it.
pub async fn disprove(tx: &mut Tx, id: RegistrationId) -> Result<(), StoreError> {
    DISPROVE.run(tx, (id.uuid(), false)).await?;
    Ok(())
}

/// A device on which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInDevice {
    /// The hash of the token that device holds.
    pub hash: TokenHash,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when, unless they sign out.
    pub until: DateTime<Utc>,
}

/// Where an account is signed in at `now`, latest first.
pub async fn devices(
    conn: &mut Conn,
    login: &StaffLogin,
    now: DateTime<Utc>,
) -> Result<Vec<SignedInDevice>, StoreError> {
    let rows = DEVICES.all(conn, (login.as_str(), now)).await?;
    let read = |(hash, since, until): (Vec<u8>, _, _)| {
        let corrupt =
            StoreError::Corrupt { table: "links", column: "token_hash", row: login.to_string() };
        let hash = TokenHash(hash.try_into().map_err(|_| corrupt)?);
        Ok(SignedInDevice { hash, since, until })
    };
    rows.into_iter().map(read).collect()
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInAs {
    /// Who.
    pub login: StaffLogin,
    /// When they were last here, as far as it was noted.
    pub seen_at: DateTime<Utc>,
    /// Whether more than a letter let them in.
    pub is_strong: bool,
}

/// Who is signed in with a token at `now`.
pub async fn signed_in(
    conn: &mut Conn,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<Option<SignedInAs>, StoreError> {
    let row = SIGNED_IN.optional(conn, (&hash.0[..], now)).await?;
    let read = |(staff, seen_at, is_strong): (String, _, _)| {
        Ok(SignedInAs { login: parse("links", "staff", &staff, &staff)?, seen_at, is_strong })
    };
    row.map(read).transpose()
}

/// Notes that somebody who is signed in is here.
pub async fn see(tx: &mut Tx, hash: TokenHash, now: DateTime<Utc>) -> Result<(), StoreError> {
    SEE.run(tx, (&hash.0[..], now)).await?;
    Ok(())
}

/// Whether more than a letter vouches for a link.
pub async fn is_strong(conn: &mut Conn, hash: TokenHash) -> Result<bool, StoreError> {
    Ok(IS_STRONG.optional_value(conn, [&hash.0[..]]).await?.unwrap_or(false))
}

/// Notes that more than a letter vouches for a link.
pub async fn strengthen(tx: &mut Tx, hash: TokenHash) -> Result<(), StoreError> {
    STRENGTHEN.run(tx, [&hash.0[..]]).await?;
    Ok(())
}

/// Spends a link; `false` if somebody spent it before.
pub async fn spend(tx: &mut Tx, hash: TokenHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(SPEND.run(tx, (&hash.0[..], now)).await? == 1)
}

/// Spends every attendee link of these places: whoever held one comes no more.
pub async fn revoke_places(
    tx: &mut Tx,
    places: &[PlaceId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if places.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = places.iter().map(|id| rows::key(id.uuid())).collect();
    REVOKE_PLACES.run(tx, (rows::json(&ids)?, now)).await?;
    Ok(())
}

/// Spends every link of a booking's leader.
pub async fn revoke_booking(
    tx: &mut Tx,
    id: RegistrationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    REVOKE_BOOKING.run(tx, (id.uuid(), now)).await?;
    Ok(())
}

/// Spends every sign-in of an account, sent or under way; how many were under way at `now`.
pub async fn revoke_staff(
    tx: &mut Tx,
    login: &StaffLogin,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let devices = REVOKE_DEVICES.run(tx, (login.as_str(), now)).await?;
    REVOKE_STAFF.run(tx, (login.as_str(), now)).await?;
    Ok(devices)
}
