//! Who reads what is sent to them: addresses at which one of our links was opened, by their digest. Until
//! then an address gets few invites a day, whoever types it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, rows};
use crate::{
    domain::{
        contact::EmailAddress,
        id::{LetterId, PlaceId, RegistrationId},
        stranger::Round,
    },
    token::TokenHash,
};

row! {
    struct InvitedRow { digest: String, place: Option<Uuid>, created_at: Option<DateTime<Utc>>, invites: i64 }
}

row! {
    struct UnsentRow {
        id: Uuid,
        place: Option<Uuid>,
        created_at: DateTime<Utc>,
        position: i64,
        to_address: String,
        digest: String,
        is_held: bool,
    }
}

statements! {
    /// Whom a link was sent to who was not known to read it.
    STRANGER: String =
        "select l.reader from links l
         where l.token_hash = $1 and l.reader is not null
           and not exists (select 1 from readers r where r.digest = l.reader)";

    ADD = "insert into readers (digest, since) values ($1, $2) on conflict (digest) do nothing";

    LET_GO =
        "update outbox set is_held = false, due_at = $2, retried_at = $2
         where invite_for = $1 and is_held = true and sent_at is null and failed_at is null";

    /// The invites that went to strangers, or are on their way, by what they were written with.
    INVITED: InvitedRow = {
        sqlite: "select j.value as digest, o.place, o.created_at, count(o.id) as invites
            from json_each($1) j left join outbox o on o.invite_for = j.value
                and (o.sent_at > $2 or (o.sent_at is null and o.failed_at is null and o.claimed_until > $3))
                and o.id not in (select unhex(i.value) from json_each($4) i)
            where not exists (select 1 from readers r where r.digest = j.value)
            group by j.value, o.place, o.created_at",
        postgres: "select j.value as digest, o.place, o.created_at, count(o.id) as invites
            from json_array_elements_text($1::json) j(value) left join outbox o on o.invite_for = j.value
                and (o.sent_at > $2 or (o.sent_at is null and o.failed_at is null and o.claimed_until > $3))
                and o.id not in (select i.value::uuid from json_array_elements_text($4::json) i)
            where not exists (select 1 from readers r where r.digest = j.value)
            group by j.value, o.place, o.created_at",
    };

    /// The invites to some addresses that are to leave before another.
    QUEUED: InvitedRow = {
        sqlite: "select o.invite_for as digest, o.place, o.created_at, count(*) as invites
            from json_each($1) j join outbox o on o.invite_for = j.value
            where o.sent_at is null and o.failed_at is null and o.is_held = false and o.position < $2
            group by o.invite_for, o.place, o.created_at",
        postgres: "select o.invite_for as digest, o.place, o.created_at, count(*) as invites
            from json_array_elements_text($1::json) j(value) join outbox o on o.invite_for = j.value
            where o.sent_at is null and o.failed_at is null and o.is_held = false and o.position < $2
            group by o.invite_for, o.place, o.created_at",
    };

    /// How many letters each was written with, of those that went in the last day or are still to go.
    SIZES: InvitedRow = {
        sqlite: "select o.invite_for as digest, o.place, o.created_at, count(*) as invites
            from json_each($1) j join outbox o on o.invite_for = j.value
            where o.failed_at is null and (o.sent_at is null or o.sent_at > $2)
            group by o.invite_for, o.place, o.created_at",
        postgres: "select o.invite_for as digest, o.place, o.created_at, count(*) as invites
            from json_array_elements_text($1::json) j(value) join outbox o on o.invite_for = j.value
            where o.failed_at is null and (o.sent_at is null or o.sent_at > $2)
            group by o.invite_for, o.place, o.created_at",
    };

    /// What waited for somebody to read an earlier one until nobody can come any more.
    GIVE_UP: Uuid = {
        sqlite: "update outbox set failed_at = $2, claimed_until = null, is_held = false,
                last_error = 'the session was over before anybody there had opened a link'
            where id in (select unhex(i.value) from json_each($1) i) and is_held
              and registration in (select r.id from registrations r where r.id = outbox.registration
                  and not exists (select 1 from sittings t where t.session = r.session and t.ends_at > $2))
            returning id",
        postgres: "update outbox set failed_at = $2, claimed_until = null, is_held = false,
                last_error = 'the session was over before anybody there had opened a link'
            where id in (select i.value::uuid from json_array_elements_text($1::json) i) and is_held
              and registration in (select r.id from registrations r where r.id = outbox.registration
                  and not exists (select 1 from sittings t where t.session = r.session and t.ends_at > $2))
            returning id",
    };

    /// The invites of a booking that have not left.
    UNSENT: UnsentRow =
        "select id, place, created_at, position, to_address, invite_for as digest, is_held from outbox
         where registration = $1 and invite_for is not null and sent_at is null and failed_at is null
         order by position";

    FORGET = "delete from readers where since <= $1", reads_all: "the hourly work, and readers are few";

    FORGET_ONE = "delete from readers where digest = $1";

    HOLD = {
        sqlite: "update outbox set is_held = true, claimed_until = null, due_at = $2, retried_at = $2
            where id in (select unhex(i.value) from json_each($1) i)",
        postgres: "update outbox set is_held = true, claimed_until = null, due_at = $2, retried_at = $2
            where id in (select i.value::uuid from json_array_elements_text($1::json) i)",
    };
}

/// What is kept of an address.
pub fn digest(address: &EmailAddress) -> String {
    rows::hex(&Sha256::digest(format!("reader {}", address.as_str().to_lowercase())))
}

/// Whom a link was sent to, if nobody is known to read what is sent there.
pub async fn stranger(conn: &mut Conn, link: TokenHash) -> Result<Option<String>, StoreError> {
    STRANGER.optional_value(conn, [&link.0[..]]).await
}

/// Somebody reads what is sent there: what waited for that leaves.
pub async fn add(tx: &mut Tx, digest: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    ADD.run(tx, (digest, now)).await?;
    if LET_GO.run(tx, (digest, now)).await? > 0 {
        tx.has_written_letters();
    }
    Ok(())
}

/// What went to each of these addresses since a moment, or is on its way at `now`, but for some letters;
/// nothing of those who read what they get.
pub async fn invited(
    conn: &mut Conn,
    digests: &[String],
    (since, now): (DateTime<Utc>, DateTime<Utc>),
    without: &[LetterId],
) -> Result<Invited, StoreError> {
    if digests.is_empty() {
        return Ok(Invited::new());
    }
    let without: Vec<_> = without.iter().map(|id| rows::key(id.uuid())).collect();
    let given = (rows::json(digests)?, since, now, rows::json(&without)?);
    let mut invited = Invited::new();
    for row in INVITED.all(conn, given).await? {
        count(&mut invited, row);
    }
    Ok(invited)
}

/// The invites of some strangers, by their addresses.
pub type Invited = HashMap<String, Vec<(Round, u32)>>;

fn count(invited: &mut Invited, row: InvitedRow) {
    let gone = invited.entry(row.digest).or_default();
    if let Some(written_at) = row.created_at {
        let round = Round { place: row.place.map(PlaceId::new), written_at };
        gone.push((round, u32::try_from(row.invites).unwrap_or(u32::MAX)));
    }
}

/// Counts as well what is to leave to these strangers before the letter at a position.
pub async fn count_queued(
    conn: &mut Conn,
    invited: &mut Invited,
    position: i64,
) -> Result<(), StoreError> {
    let digests: Vec<_> = invited.keys().collect();
    if digests.is_empty() {
        return Ok(());
    }
    for row in QUEUED.all(conn, (rows::json(&digests)?, position)).await? {
        count(invited, row);
    }
    Ok(())
}

/// How many letters were written at once to each of these strangers, of those that went since a moment or
/// are still to go.
pub async fn sizes(
    conn: &mut Conn,
    invited: &Invited,
    since: DateTime<Utc>,
) -> Result<HashMap<Round, u32>, StoreError> {
    let digests: Vec<_> = invited.keys().collect();
    if digests.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sizes = Invited::new();
    for row in SIZES.all(conn, (rows::json(&digests)?, since)).await? {
        count(&mut sizes, row);
    }
    Ok(sizes.into_values().flatten().collect())
}

/// An invite that has not left.
#[derive(Debug, Clone)]
pub struct Unsent {
    /// Which letter.
    pub id: LetterId,
    /// What it was written with.
    pub round: Round,
    /// Its place among all letters.
    pub position: i64,
    /// Where it goes.
    pub to: String,
    /// What is kept of that address.
    pub digest: String,
    /// Whether it waits already.
    pub is_held: bool,
}

/// The invites of a booking that have not left, in their order.
pub async fn unsent(conn: &mut Conn, booking: RegistrationId) -> Result<Vec<Unsent>, StoreError> {
    let read = |row: UnsentRow| Unsent {
        id: LetterId::new(row.id),
        round: Round { place: row.place.map(PlaceId::new), written_at: row.created_at },
        position: row.position,
        to: row.to_address,
        digest: row.digest,
        is_held: row.is_held,
    };
    Ok(UNSENT.all(conn, [booking.uuid()]).await?.into_iter().map(read).collect())
}

/// Gives up those of these letters that waited until their session was over; which.
pub async fn give_up(
    tx: &mut Tx,
    letters: &[LetterId],
    now: DateTime<Utc>,
) -> Result<Vec<LetterId>, StoreError> {
    if letters.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = letters.iter().map(|id| rows::key(id.uuid())).collect();
    let gone = GIVE_UP.values(tx, (rows::json(&ids)?, now)).await?;
    Ok(gone.into_iter().map(LetterId::new).collect())
}

/// Forgets who opened a link before a moment.
pub async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    FORGET.run(tx, [before]).await
}

/// Forgets that somebody at an address opened a link.
pub async fn forget_one(tx: &mut Tx, address: &EmailAddress) -> Result<(), StoreError> {
    FORGET_ONE.run(tx, [digest(address)]).await?;
    Ok(())
}

/// Keeps letters back until a moment, or until somebody reads what was sent there.
pub async fn hold(
    tx: &mut Tx,
    letters: &[LetterId],
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    if letters.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = letters.iter().map(|id| rows::key(id.uuid())).collect();
    HOLD.run(tx, (rows::json(&ids)?, until)).await?;
    Ok(())
}
