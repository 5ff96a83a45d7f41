//! What people came to, as a path counts it.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use uuid::Uuid;

use super::{
    Conn, StoreError,
    codec::{count, parse},
    path_records, rows,
};
use crate::domain::{
    id::PersonId,
    path::{AttendedSession, Learning, WrittenDown},
};

row! {
    /// A day somebody came to.
    struct DayRow {
        person: Uuid,
        course: String,
        title: String,
        worth: i32,
        session: String,
        number: i32,
        starts: NaiveDateTime,
        days: i64,
    }
}

row! {
    struct DoneRow {
        person: Uuid,
        course: String,
        title: String,
        worth: i32,
        attended_on: NaiveDate,
    }
}

statements! {
    ATTENDED: DayRow = {
        sqlite: "select p.person, s.course, c.title, c.learning_minutes as worth, s.code as session,
                t.number, t.starts,
                (select count(*) from sittings d where d.session = s.code) as days
            from places p join attendances a on a.place = p.id
            join sittings t on t.id = a.sitting
            join sessions s on s.code = t.session join courses c on c.slug = s.course
            where p.person in (select unhex(value) from json_each($1)) and a.presence = 'attended'",
        postgres: "select p.person, s.course, c.title, c.learning_minutes as worth, s.code as session,
                t.number, t.starts,
                (select count(*) from sittings d where d.session = s.code) as days
            from places p join attendances a on a.place = p.id
            join sittings t on t.id = a.sitting
            join sessions s on s.code = t.session join courses c on c.slug = s.course
            where p.person = any(array(select json_array_elements_text($1::json)::uuid))
              and a.presence = 'attended'",
    };

    WALKED_IN: DayRow = {
        sqlite: "select w.person, s.course, c.title, c.learning_minutes as worth, s.code as session,
                t.number, t.starts,
                (select count(*) from sittings d where d.session = s.code) as days
            from walk_ins w join sittings t on t.id = w.sitting
            join sessions s on s.code = t.session join courses c on c.slug = s.course
            where w.person in (select unhex(value) from json_each($1)) and w.removed_at is null",
        postgres: "select w.person, s.course, c.title, c.learning_minutes as worth, s.code as session,
                t.number, t.starts,
                (select count(*) from sittings d where d.session = s.code) as days
            from walk_ins w join sittings t on t.id = w.sitting
            join sessions s on s.code = t.session join courses c on c.slug = s.course
            where w.person = any(array(select json_array_elements_text($1::json)::uuid))
              and w.removed_at is null",
    };

    /// What the door remembered stands in the attendances themselves.
    WRITTEN_DOWN: DoneRow = {
        sqlite: "select k.person, a.course, c.title, c.learning_minutes as worth, a.attended_on
            from person_keys k join course_attendances a on a.person_key = k.key
            join courses c on c.slug = a.course
            where k.person in (select unhex(value) from json_each($1)) and a.source <> 'door'
              and a.person_key is not null and a.erased_at is null",
        postgres: "select k.person, a.course, c.title, c.learning_minutes as worth, a.attended_on
            from person_keys k join course_attendances a on a.person_key = k.key
            join courses c on c.slug = a.course
            where k.person = any(array(select json_array_elements_text($1::json)::uuid))
              and a.source <> 'door' and a.person_key is not null and a.erased_at is null",
    };
}

/// A day with its number and date, and the session it is of.
fn add_day(all: &mut HashMap<PersonId, Learning>, row: DayRow) -> Result<(), StoreError> {
    let id = row.person;
    let hers = all.entry(PersonId::new(id)).or_default();
    let (number, on) = (count(row.number), row.starts.date());
    if let Some(known) = hers.attended.iter_mut().find(|one| one.session.as_str() == row.session) {
        known.came.insert(number, on);
        return Ok(());
    }
    hers.attended.push(AttendedSession {
        course: parse("sessions", "course", &id, &row.course)?,
        title: row.title,
        worth: count(row.worth),
        session: parse("sessions", "code", &id, &row.session)?,
        days: usize::try_from(row.days).unwrap_or(0),
        came: BTreeMap::from([(number, on)]),
    });
    Ok(())
}

/// Everything these people did; whoever did nothing is not among them.
pub async fn of_people(
    conn: &mut Conn,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Learning>, StoreError> {
    let mut all: HashMap<PersonId, Learning> = HashMap::new();
    for some in people.chunks(500) {
        let ids = rows::json(&some.iter().map(|one| rows::key(one.uuid())).collect::<Vec<_>>())?;
        for row in ATTENDED.all(conn, [ids.as_str()]).await? {
            add_day(&mut all, row)?;
        }
        for row in WALKED_IN.all(conn, [ids.as_str()]).await? {
            add_day(&mut all, row)?;
        }
        add_written(conn, &ids, &mut all).await?;
        for record in path_records::of(conn, &ids).await? {
            all.entry(record.person).or_default().records.push(record);
        }
    }
    Ok(all)
}

/// Everything somebody did.
pub async fn of(conn: &mut Conn, person: PersonId) -> Result<Learning, StoreError> {
    Ok(of_people(conn, &[person]).await?.remove(&person).unwrap_or_default())
}

/// Courses that were written down as done.
async fn add_written(
    conn: &mut Conn,
    ids: &str,
    all: &mut HashMap<PersonId, Learning>,
) -> Result<(), StoreError> {
    for row in WRITTEN_DOWN.all(conn, [ids]).await? {
        all.entry(PersonId::new(row.person)).or_default().written.push(WrittenDown {
            course: parse("course_attendances", "course", &row.person, &row.course)?,
            title: row.title,
            worth: count(row.worth),
            on: row.attended_on,
        });
    }
    Ok(())
}
