//! The keys by which names are found and sorted, filled in where a row has none: rows of before the
//! keys, rows that a node of before still writes, and all of them when the rules of the keys changed.

use uuid::Uuid;

use super::{Store, StoreError, Tx};
use crate::domain::{
    contact::EmailAddress,
    finding::{RULES, folded, phone_key, search_key, sort_key},
    person::recognition_key,
    text::Name,
};

/// How many rows of a table are filled in by one transaction.
const BATCH: i64 = 500;

#[cfg(test)]
const ALL: &str = "when the rules of the keys changed, every row is computed anew, once";

statements! {
    /// Changes nothing where the rules are those of now, and else keeps other nodes waiting that
    /// start meanwhile.
    SET_RULES = "update key_rules set rules = $1 where id = 1 and rules <> $1";

    FORGET_ALLIANCES = "update alliances set search_key = null";
    FORGET_COURSES = "update courses set search_key = null";
    FORGET_STAFF = "update staff set search_key = null";
    FORGET_INSTITUTIONS = "update institutions set search_key = null", reads_all: ALL;
    FORGET_PEOPLE = "update people set search_key = null", reads_all: ALL;
    FORGET_VENUES = "update sessions set venue_key = null", reads_all: ALL;
    FORGET_PLACES = "update places set name_key = null where erased_at is null", reads_all: ALL;
    FORGET_WALK_INS = "update walk_ins set name_key = null where erased_at is null", reads_all: ALL;
    FORGET_TYPED = "update registrations set institution_key = null", reads_all: ALL;

    ALLIANCES: (String, String) =
        "select slug, name from alliances where search_key is null order by slug limit $1";

    COURSES: (String, String) =
        "select slug, title from courses where search_key is null order by slug limit $1";

    STAFF: (String, String, String) =
        "select login, name, email from staff where search_key is null order by login limit $1";

    INSTITUTIONS: (String, String) =
        "select code, name from institutions where search_key is null order by code limit $1";

    PEOPLE: (Uuid, String, Option<String>, Option<String>) =
        "select id, name, email, phone from people where search_key is null order by id limit $1";

    VENUES: (String, String) =
        "select code, venue_name from sessions
         where venue_name is not null and venue_key is null order by code limit $1";

    TYPED: (Uuid, String) =
        "select id, institution_typed from registrations
         where institution_typed is not null and institution_key is null order by id limit $1";

    PLACES: (Uuid, String) =
        "select id, name from places where name_key is null and name is not null and erased_at is null
         order by session, id limit $1";

    WALK_INS: (Uuid, String) =
        "select id, name from walk_ins where name_key is null order by id limit $1";

    DONE: (Uuid, String, String) =
        "select id, name, email from course_attendances
         where person_key is null and erased_at is null order by id limit $1";

    KEY_DONE = "update course_attendances set person_key = $3 where id = $1 and name = $2";

    KEY_PLACE = "update places set name_key = $3 where id = $1 and name = $2";

    KEY_WALK_IN = "update walk_ins set name_key = $3 where id = $1 and name = $2";

    KEY_ALLIANCE =
        "update alliances set search_key = $3, sort_key = $4 where slug = $1 and name = $2";

    KEY_COURSE =
        "update courses set search_key = $3, sort_key = $4 where slug = $1 and title = $2";

    KEY_STAFF = "update staff set search_key = $3, sort_key = $4 where login = $1 and name = $2";

    KEY_INSTITUTION =
        "update institutions set search_key = $3, sort_key = $4 where code = $1 and name = $2";

    KEY_PERSON =
        "update people set name_key = $3, search_key = $4, sort_key = $5
         where id = $1 and name = $2";

    KEY_VENUE = "update sessions set venue_key = $3 where code = $1 and venue_name = $2";

    KEY_TYPED =
        "update registrations set institution_key = $3 where id = $1 and institution_typed = $2";
}

/// What somebody we know is found by: her name, her address, her number.
pub(super) fn person_key(name: &str, email: Option<&str>, phone: Option<&str>) -> String {
    let number = phone.map(phone_key);
    search_key([name].into_iter().chain(email).chain(number.as_deref()))
}

impl Store {
    /// Fills in the keys of names that have none; all of them when the rules changed since they were
    /// computed. Safe when several nodes do so at once, and goes on where it was cut short.
    ///
    /// # Errors
    /// [`StoreError`]; what was filled in before stays.
    pub async fn fill_keys(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if SET_RULES.run(&mut tx, [RULES]).await? > 0 {
            for forget in [FORGET_ALLIANCES, FORGET_COURSES, FORGET_STAFF, FORGET_INSTITUTIONS] {
                forget.run(&mut tx, ()).await?;
            }
            for forget in
                [FORGET_PEOPLE, FORGET_VENUES, FORGET_TYPED, FORGET_PLACES, FORGET_WALK_INS]
            {
                forget.run(&mut tx, ()).await?;
            }
        }
        tx.commit().await?;
        loop {
            let mut tx = self.begin().await?;
            let filled = fill_lists(&mut tx).await? + fill_rows(&mut tx).await?;
            tx.commit().await?;
            if filled == 0 {
                return Ok(());
            }
        }
    }
}

/// Fills in what is listed under its name; how many rows.
async fn fill_lists(tx: &mut Tx) -> Result<u64, StoreError> {
    let mut filled = 0;
    for (slug, name) in ALLIANCES.all(tx, [BATCH]).await? {
        let keys = (search_key([name.as_str()]), sort_key(&name));
        filled += KEY_ALLIANCE.run(tx, (slug, &name, keys.0, keys.1)).await?;
    }
    for (slug, title) in COURSES.all(tx, [BATCH]).await? {
        let keys = (search_key([title.as_str()]), sort_key(&title));
        filled += KEY_COURSE.run(tx, (slug, &title, keys.0, keys.1)).await?;
    }
    for (login, name, email) in STAFF.all(tx, [BATCH]).await? {
        let keys = (search_key([name.as_str(), &email, &login]), sort_key(&name));
        filled += KEY_STAFF.run(tx, (login, &name, keys.0, keys.1)).await?;
    }
    for (code, name) in INSTITUTIONS.all(tx, [BATCH]).await? {
        let keys = (search_key([name.as_str(), &code]), sort_key(&name));
        filled += KEY_INSTITUTION.run(tx, (code, &name, keys.0, keys.1)).await?;
    }
    Ok(filled)
}

/// Fills in people, places, venues, and institutions that leaders typed; how many rows.
async fn fill_rows(tx: &mut Tx) -> Result<u64, StoreError> {
    let mut filled = 0;
    for (id, name, email, phone) in PEOPLE.all(tx, [BATCH]).await? {
        let key = person_key(&name, email.as_deref(), phone.as_deref());
        filled += KEY_PERSON.run(tx, (id, &name, folded(&name), key, sort_key(&name))).await?;
    }
    for (code, venue) in VENUES.all(tx, [BATCH]).await? {
        filled += KEY_VENUE.run(tx, (code, &venue, folded(&venue))).await?;
    }
    for (id, name) in PLACES.all(tx, [BATCH]).await? {
        filled += KEY_PLACE.run(tx, (id, &name, folded(&name))).await?;
    }
    for (id, name) in WALK_INS.all(tx, [BATCH]).await? {
        filled += KEY_WALK_IN.run(tx, (id, &name, folded(&name))).await?;
    }
    for (id, name, email) in DONE.all(tx, [BATCH]).await? {
        let (her_name, email) = (Name::stored(&name), EmailAddress::stored(&email));
        let key = recognition_key(&her_name, Some(&email), None);
        filled += KEY_DONE.run(tx, (id, &name, key)).await?;
    }
    for (id, typed) in TYPED.all(tx, [BATCH]).await? {
        filled += KEY_TYPED.run(tx, (id, &typed, folded(&typed))).await?;
    }
    Ok(filled)
}
