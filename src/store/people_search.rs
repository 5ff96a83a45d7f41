//! People as the office looks for them.

use uuid::Uuid;

use super::{Conn, Found, StoreError, Window, people::PersonRow, rows, window::wanted};
use crate::domain::{
    contact::EmailAddress,
    finding::folded,
    id::{PersonId, StaffLogin},
    person::Person,
};

/// What narrows a list of people, written once for the list and for its length. Whose they are is found
/// first: looked for person by person, each alliance's whole past would be asked about each of them.
macro_rules! of_words {
    ($database:ident, $what:literal, $order:literal) => {
        concat!(
            "with mine as materialized (
                 select h.id from staff_alliances a cross join institutions i cross join people h
                     where a.login = $2 and i.alliance = a.alliance and h.institution = i.code
                 union select p.person from staff_alliances a cross join sessions s cross join places p
                     where a.login = $2 and s.alliance = a.alliance and p.session = s.code
                       and p.person is not null
                 union select w.person from staff_alliances a cross join sessions s
                     cross join sittings t cross join walk_ins w
                     where a.login = $2 and s.alliance = a.alliance and t.session = s.code
                       and w.sitting = t.id and w.person is not null
                 union select r.person from staff_alliances a cross join sessions s
                     cross join registrations r
                     where a.login = $2 and s.alliance = a.alliance and r.session = s.code
                       and r.person is not null)
             select ",
            $what,
            " from people h left join institutions i on i.code = h.institution
             where h.merged_into is null and h.erased_at is null
               and ",
            finds!($database, "$1" in "h.search_key || ' ' || coalesce(i.search_key, '')"),
            " and (h.id in (select m.id from mine m) or $2 is null)",
            $order
        )
    };
}

statements! {
    NAMESAKES: PersonRow =
        "select * from people where name_key = $2 and id <> $1 and merged_into is null
             and erased_at is null order by id limit 20";

    /// Each with how many there are in all, so that nobody is looked for twice.
    SEARCH: (Uuid, i64) = {
        sqlite: of_words!(
            sqlite,
            "h.id, count(*) over () as total",
            " order by h.archived_at is not null, h.sort_key, h.id limit $3 offset $4"
        ),
        postgres: of_words!(
            postgres,
            "h.id, count(*) over () as total",
            " order by h.archived_at is not null, h.sort_key, h.id limit $3 offset $4"
        ),
    }, reads_all: "words are found anywhere in a name";

    /// In the order of the list.
    FOUND: PersonRow = {
        sqlite: "select h.* from people h where h.id in (select unhex(value) from json_each($1))
            order by h.archived_at is not null, h.sort_key, h.id",
        postgres: "select h.* from people h
            where h.id = any(array(select json_array_elements_text($1::json)::uuid))
            order by h.archived_at is not null, h.sort_key, h.id",
    };

    COUNT_FOUND: i64 = {
        sqlite: of_words!(sqlite, "count(*)", ""),
        postgres: of_words!(postgres, "count(*)", ""),
    }, reads_all: "words are found anywhere in a name";

    EVERYBODY: PersonRow =
        "select h.* from people h where h.merged_into is null and h.erased_at is null
         order by h.archived_at is not null, h.sort_key, h.id limit $1 offset $2",
        reads_all: "walks an index in the order of the list, until the page ends";

    COUNT: i64 = "select count(*) from people where merged_into is null and erased_at is null",
        reads_all: "counts everybody";

    /// Somebody, or whoever she turned out to be, unless she was erased.
    KNOWN: PersonRow =
        "select k.* from people h join people k on k.id = coalesce(h.merged_into, h.id)
         where h.id = $1 and k.erased_at is null";

    BY_ADDRESS: PersonRow =
        "select h.* from people h where h.merged_into is null and h.erased_at is null
           and h.id in (select a.id from people a where a.merged_into is null and a.email = $1
                        union select p.person from places p where p.email = $1
                        union select r.person from registrations r where r.leader_email = $1
                        union select d.person from person_contacts d where d.value = $1)
         order by h.sort_key, h.id limit 50";
}

/// People whose name, address, number or institution has all `words`, by name, archived ones last; with
/// `within`, of that organiser's alliances: by their institution, or because they booked there.
pub async fn search(
    conn: &mut Conn,
    words: &str,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<Person>, StoreError> {
    let (wanted, login) = (wanted(words)?, within.map(StaffLogin::as_str));
    let Window { limit, offset } = window;
    let (found, total) = if words.trim().is_empty() && login.is_none() {
        (EVERYBODY.all(conn, (limit, offset)).await?, COUNT.value(conn, ()).await?)
    } else {
        let found = SEARCH.all(conn, (&wanted, login, limit, offset)).await?;
        let total = match found.first() {
            Some((_, total)) => *total,
            // Behind the last page nobody says it.
            None => COUNT_FOUND.value(conn, (&wanted, login)).await?,
        };
        let keys: Vec<_> = found.iter().map(|(id, _)| rows::key(*id)).collect();
        (FOUND.all(conn, [rows::json(&keys)?]).await?, total)
    };
    let items = found.into_iter().map(PersonRow::read).collect::<Result<_, _>>()?;
    Ok(Found { items, total })
}

/// Somebody, or whoever she turned out to be; nobody where she was erased.
pub async fn known(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, StoreError> {
    let row = KNOWN.optional(conn, [id.uuid()]).await?;
    row.map(PersonRow::read).transpose()
}

/// Whoever is written to at an address, or was.
pub async fn recognised_by_address(
    conn: &mut Conn,
    address: &EmailAddress,
) -> Result<Vec<Person>, StoreError> {
    let rows = BY_ADDRESS.all(conn, [address.as_str()]).await?;
    rows.into_iter().map(PersonRow::read).collect()
}

/// Somebody who is neither erased nor part of somebody else.
pub async fn known_as(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(known(conn, id).await?.filter(|person| person.id == id))
}

/// Others of exactly this name.
pub async fn namesakes(conn: &mut Conn, person: &Person) -> Result<Vec<Person>, StoreError> {
    let key = folded(person.name.as_str());
    let rows = NAMESAKES.all(conn, (person.id.uuid(), key)).await?;
    rows.into_iter().map(PersonRow::read).collect()
}
