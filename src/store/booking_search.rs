//! Bookings as the office looks for them, whichever session they are for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, Found, StoreError, Window, codec::parse, registrations, rows, window::wanted};
use crate::domain::{
    contact::EmailAddress,
    id::{RegistrationId, StaffLogin},
    reference::Reference,
    registration::Registration,
};

row! {
    /// A booking that was found, with what the list says of its session.
    pub(super) struct FoundRow {
        id: Uuid,
        session: String,
        title: String,
        alliance: String,
        zone: Option<String>,
        starts_at: Option<DateTime<Utc>>,
    }
}

row! {
    /// One of those that words find, and how many they find in all.
    struct CountedRow {
        id: Uuid,
        session: String,
        title: String,
        alliance: String,
        zone: Option<String>,
        starts_at: Option<DateTime<Utc>>,
        total: i64,
    }
}

arguments! {
    struct Asked<'a> {
        words: &'a str,
        people: &'a str,
        institutions: &'a str,
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
        people: &'a str,
        institutions: &'a str,
        reference: Option<&'a str>,
        address: Option<&'a str>,
        login: Option<&'a str>,
    }
}

/// How many people and institutions may be found for their bookings to be followed one by one: of more, whole
/// tables are read sooner.
const FEW: (usize, usize) = (1_000, 10);

/// The bookings somebody made and those she has a place on, those of an institution, and those that were booked for
/// an institution that was typed; `$people` and `$institutions` are what each was found by, and `$way` is how
/// the tables are gone through from there.
macro_rules! found {
    ($database:ident $way:ident, $people:expr, $institutions:expr, $what:literal, $order:literal) => {
        concat!(
            "with known as materialized (",
            $people,
            "), senders as materialized (",
            $institutions,
            "), found as (",
            $way!("r.id", "registrations r", "r.person", "id", "known"),
            " union ",
            $way!("p.registration", "places p", "p.person", "id", "known"),
            " union ",
            $way!("r.id", "registrations r", "r.institution", "code", "senders"),
            " union select r.id from registrations r where r.institution_key is not null and ",
            finds!($database, ":words" in "r.institution_key"),
            "
                 union select r.id from registrations r where r.reference = :reference
                 union select r.id from registrations r where r.leader_email = :address
                 union select p.registration from places p where p.email = :address)
             select ",
            $what,
            " from ",
            $way!(from),
            " join sessions s on s.code = r.session
             join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
             where ",
            $way!(where),
            " and r.booked_at is not null and r.erased_at is null
               and (s.alliance in (select x.alliance from staff_alliances x where x.login = :login)
                    or :login is null)",
            $order
        )
    };
}

/// However the database likes.
macro_rules! freely {
    (from) => {
        "registrations r"
    };
    (where) => {
        "r.id in (select f.id from found f)"
    };
    ($what:literal, $table:literal, $by:literal, $key:literal, $of:literal) => {
        concat!(
            "select ",
            $what,
            " from ",
            $table,
            " where ",
            $by,
            " in (select ",
            $key,
            " from ",
            $of,
            ")"
        )
    };
}

/// One after the other by an index: PostgreSQL thinks that what stands in JSON finds half of a table, and would read
/// the whole of it. `offset 0` keeps it from putting the parts together in another way.
macro_rules! one_by_one {
    (from) => {
        "found f cross join lateral (select * from registrations r where r.id = f.id offset 0) r"
    };
    (where) => {
        "true"
    };
    ($what:literal, $table:literal, $by:literal, $key:literal, $of:literal) => {
        concat!(
            "select l.id from ",
            $of,
            " k cross join lateral (select ",
            $what,
            " as id from ",
            $table,
            " where ",
            $by,
            " = k.",
            $key,
            " offset 0) l"
        )
    };
}

/// The same by people and institutions that are few and known.
macro_rules! of_few {
    (sqlite, $what:literal, $order:literal) => {
        found!(
            sqlite freely,
            "select unhex(value) as id from json_each(:people)",
            "select value as code from json_each(:institutions)",
            $what,
            $order
        )
    };
    (postgres, $what:literal, $order:literal) => {
        found!(
            postgres one_by_one,
            "select value::uuid as id from json_array_elements_text(:people::json) f(value)",
            "select value as code from json_array_elements_text(:institutions::json) f(value)",
            $what,
            $order
        )
    };
}

/// The same by whoever has the words, however many they are: `case` hides from PostgreSQL what it takes for rare.
macro_rules! of_words {
    ($database:ident, $what:literal, $order:literal) => {
        found!(
            $database freely,
            concat!(
                "select h.id from people h left join institutions i on i.code = h.institution
                 where h.erased_at is null and :people = :people and case when ",
                finds!($database, ":words" in "h.search_key || ' ' || coalesce(i.search_key, '')"),
                " then true else false end"
            ),
            concat!(
                "select i.code from institutions i where :institutions = :institutions and case when ",
                finds!($database, ":words" in "i.search_key"),
                " then true else false end"
            ),
            $what,
            $order
        )
    };
}

/// What the list says of a booking, and how many there are in all, so that they are looked for once.
macro_rules! listed {
    ($of:ident, $database:ident) => {
        $of!(
            $database,
            "r.id, r.session, c.title, a.name as alliance,
             (select t.zone from sittings t where t.session = r.session
              order by t.number limit 1) as zone,
             (select min(t.starts_at) from sittings t where t.session = r.session) as starts_at,
             count(*) over () as total",
            " order by r.booked_at desc, r.id limit :limit offset :offset"
        )
    };
}

#[cfg(test)]
const ANYWHERE: &str = "words are found anywhere in a name";

statements! {
    KNOWN: Uuid = {
        sqlite: concat!("select h.id from people h left join institutions i on i.code = h.institution
            where h.erased_at is null and ",
            finds!(sqlite, "$1" in "h.search_key || ' ' || coalesce(i.search_key, '')"), " limit $2"),
        postgres: concat!("select h.id from people h left join institutions i on i.code = h.institution
            where h.erased_at is null and ",
            finds!(postgres, "$1" in "h.search_key || ' ' || coalesce(i.search_key, '')"), " limit $2"),
    }, reads_all: ANYWHERE;

    SENDERS: String = {
        sqlite: concat!("select i.code from institutions i where ",
            finds!(sqlite, "$1" in "i.search_key"), " limit $2"),
        postgres: concat!("select i.code from institutions i where ",
            finds!(postgres, "$1" in "i.search_key"), " limit $2"),
    }, reads_all: ANYWHERE;

    OF_FEW(Asked): CountedRow = {
        sqlite: listed!(of_few, sqlite),
        postgres: listed!(of_few, postgres),
    }, reads_all: ANYWHERE;

    OF_MANY(Asked): CountedRow = {
        sqlite: listed!(of_words, sqlite),
        postgres: listed!(of_words, postgres),
    }, reads_all: ANYWHERE;

    /// For a page behind the last.
    COUNT(Counted): i64 = {
        sqlite: of_words!(sqlite, "count(*)", ""),
        postgres: of_words!(postgres, "count(*)", ""),
    }, reads_all: ANYWHERE;
}

impl From<CountedRow> for FoundRow {
    fn from(row: CountedRow) -> Self {
        let CountedRow { id, session, title, alliance, zone, starts_at, total: _ } = row;
        Self { id, session, title, alliance, zone, starts_at }
    }
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
    let (people, senders) = (few(FEW.0), few(FEW.1));
    let people = KNOWN.values(conn, (words, people)).await?;
    let senders = SENDERS.values(conn, (words, senders)).await?;
    let is_few = people.len() <= FEW.0 && senders.len() <= FEW.1;
    let people = rows::json(&people.into_iter().map(rows::key).collect::<Vec<_>>())?;
    let (people, institutions) = (people.as_str(), rows::json(&senders)?);
    let institutions = institutions.as_str();
    let asked = Asked { words, people, institutions, reference, address, login, limit, offset };
    let statement = if is_few { OF_FEW } else { OF_MANY };
    let found = statement.all(conn, asked).await?;
    let total = match found.first() {
        Some(first) => first.total,
        None if offset == 0 => 0,
        None => {
            let counted = Counted { words, people, institutions, reference, address, login };
            COUNT.value(conn, counted).await?
        }
    };
    let found = found.into_iter().map(FoundRow::from).collect();
    Ok(Found { items: with_places(conn, found).await?, total })
}

/// One more than these, to know whether there are more.
fn few(most: usize) -> i64 {
    i64::try_from(most).map_or(i64::MAX, |most| most + 1)
}

/// The bookings of these rows, with their places.
pub(super) async fn with_places(
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
