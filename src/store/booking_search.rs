//! Bookings as the office looks for them, whichever session they are for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, Found, StoreError, Window, codec::parse, registrations, window::wanted};
use crate::domain::{
    contact::EmailAddress,
    id::{RegistrationId, StaffLogin},
    reference::Reference,
    registration::Registration,
};

row! {
    /// A booking that was found, with what the list says of its session.
    struct FoundRow {
        id: Uuid,
        session: String,
        title: String,
        alliance: String,
        zone: Option<String>,
        starts_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct Asked<'a> {
        words: &'a str,
        reference: Option<&'a str>,
        address: Option<&'a str>,
        login: Option<&'a str>,
        limit: i64,
        offset: i64,
    }
}

arguments! {
    struct Counted<'a> {
        words: &'a str,
        reference: Option<&'a str>,
        address: Option<&'a str>,
        login: Option<&'a str>,
    }
}

/// What narrows the list, written once for the list and for its length: everybody who is found leads to
/// the bookings she made and the places she has.
macro_rules! of_words {
    ($database:ident, $what:literal, $order:literal) => {
        concat!(
            "with known as materialized (
                 select h.id from people h left join institutions i on i.code = h.institution
                 where h.erased_at is null and ",
            finds!($database, ":words" in "h.search_key || ' ' || coalesce(i.search_key, '')"),
            "), found as (
                 select r.id from registrations r where r.person in (select k.id from known k)
                 union select p.registration from places p
                     where p.person in (select k.id from known k)
                 union select r.id from registrations r
                     where r.institution in (select i.code from institutions i where ",
            finds!($database, ":words" in "i.search_key"),
            ")
                 union select r.id from registrations r where r.institution_key is not null and ",
            finds!($database, ":words" in "r.institution_key"),
            "
                 union select r.id from registrations r where r.reference = :reference
                 union select r.id from registrations r where r.leader_email = :address
                 union select p.registration from places p where p.email = :address)
             select ",
            $what,
            " from registrations r join sessions s on s.code = r.session
             join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
             where r.id in (select f.id from found f) and r.booked_at is not null
               and r.erased_at is null
               and (s.alliance in (select x.alliance from staff_alliances x where x.login = :login)
                    or :login is null)",
            $order
        )
    };
}

#[cfg(test)]
const ANYWHERE: &str = "words are found anywhere in a name";

statements! {
    SEARCH(Asked): FoundRow = {
        sqlite: of_words!(sqlite,
            "r.id, r.session, c.title, a.name as alliance,
             (select t.zone from sittings t where t.session = r.session
              order by t.number limit 1) as zone,
             (select min(t.starts_at) from sittings t where t.session = r.session) as starts_at",
            " order by r.booked_at desc, r.id limit :limit offset :offset"),
        postgres: of_words!(postgres,
            "r.id, r.session, c.title, a.name as alliance,
             (select t.zone from sittings t where t.session = r.session
              order by t.number limit 1) as zone,
             (select min(t.starts_at) from sittings t where t.session = r.session) as starts_at",
            " order by r.booked_at desc, r.id limit :limit offset :offset"),
    }, reads_all: ANYWHERE;

    COUNT(Counted): i64 = {
        sqlite: of_words!(sqlite, "count(*)", ""),
        postgres: of_words!(postgres, "count(*)", ""),
    }, reads_all: ANYWHERE;

    /// The bookings first and their sessions then, so that no database begins with every session.
    LATEST: FoundRow =
        "with latest as materialized (
             select r.id, r.session, r.booked_at from registrations r
             where r.booked_at is not null and r.erased_at is null
               and ((select s.alliance from sessions s where s.code = r.session)
                    in (select x.alliance from staff_alliances x where x.login = $1) or $1 is null)
             order by r.booked_at desc, r.id limit $2 offset $3)
         select r.id, r.session, c.title, a.name as alliance,
             (select t.zone from sittings t where t.session = r.session
              order by t.number limit 1) as zone,
             (select min(t.starts_at) from sittings t where t.session = r.session) as starts_at
         from latest r join sessions s on s.code = r.session
         join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
         order by r.booked_at desc, r.id", reads_all: "walks an index until the page ends";
}

/// A booking, and the session it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBooking {
    /// With its places.
    pub registration: Registration,
    /// What is taught.
    pub title: String,
    /// Whose session it is.
    pub alliance: String,
    /// When it begins, and in which zone; a session without a day has none.
    pub starts: Option<DateTime<chrono_tz::Tz>>,
}

/// Bookings in which all `words` are found, latest first: in the name, address or number of whoever
/// booked or comes, in an institution, or as the booking's reference; with `within`, only those of that
/// organiser's alliances. People are found by name a moment after they booked.
pub async fn search(
    conn: &mut Conn,
    words: &str,
    within: Option<&StaffLogin>,
    Window { limit, offset }: Window,
) -> Result<Found<FoundBooking>, StoreError> {
    let (wanted, login) = (wanted(words)?, within.map(StaffLogin::as_str));
    let reference: Option<Reference> = words.parse().ok();
    let address: Option<EmailAddress> = words.parse().ok();
    let reference = reference.as_ref().map(Reference::as_str);
    let address = address.as_ref().map(EmailAddress::as_str);
    let words = wanted.as_str();
    let asked = Asked { words, reference, address, login, limit, offset };
    let found = SEARCH.all(conn, asked).await?;
    let total = COUNT.value(conn, Counted { words, reference, address, login }).await?;
    Ok(Found { items: with_places(conn, found).await?, total })
}

/// A part of all bookings, those that came in last first; with `within`, those of that organiser's alliances.
pub async fn latest(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    Window { limit, offset }: Window,
) -> Result<Vec<FoundBooking>, StoreError> {
    let found = LATEST.all(conn, (within.map(StaffLogin::as_str), limit, offset)).await?;
    with_places(conn, found).await
}

async fn with_places(
    conn: &mut Conn,
    found: Vec<FoundRow>,
) -> Result<Vec<FoundBooking>, StoreError> {
    let ids: Vec<_> = found.iter().map(|row| RegistrationId::new(row.id)).collect();
    let bookings = registrations::find_all(conn, &ids).await?;
    let mut items = Vec::with_capacity(found.len());
    for row in found {
        let Some(one) = bookings.iter().find(|one| one.id.uuid() == row.id) else { continue };
        let zone = row.zone.as_deref().map(|zone| parse("sittings", "zone", &row.session, zone));
        let zone: Option<chrono_tz::Tz> = zone.transpose()?;
        items.push(FoundBooking {
            registration: one.clone(),
            title: row.title,
            alliance: row.alliance,
            starts: row.starts_at.zip(zone).map(|(at, zone)| at.with_timezone(&zone)),
        });
    }
    Ok(items)
}
