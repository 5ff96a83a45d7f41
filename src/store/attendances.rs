//! Who has done which course: what prerequisites are checked against (B7).

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, rows, seated};
use crate::domain::{
    attendance::did_course,
    attendee::Attendee,
    contact::EmailAddress,
    course::CourseAttendance,
    finding::folded,
    id::{CourseSlug, InstitutionCode, PersonId},
    person::recognition_key,
    prerequisite::Done,
    text::Name,
};

row! {
    /// A place on a session of a course, with how many of its days were attended.
    struct SeenRow {
        id: Uuid,
        name: String,
        email: Option<String>,
        person: Option<Uuid>,
        institution: Option<String>,
        course: String,
        attended: i64,
        days: i64,
    }
}

arguments! {
    struct NewAttendance<'a> {
        id: Uuid,
        course: &'a str,
        name: &'a str,
        email: &'a str,
        attended_on: NaiveDate,
        source: &'a str,
        person_key: &'a str,
    }
}

statements! {
    HAS_ATTENDED: i64 = "select count(*) from course_attendances where email = $1 and course = $2";

    INSERT(NewAttendance) = "insert into course_attendances (:columns) values (:values)
         on conflict (course, email, name) do nothing";

    FORGET =
        "delete from course_attendances
         where course = $1 and email = $2 and name = $3 and attended_on = $4 and source = 'door'";

    /// By address or by name, as it was written down.
    WRITTEN_DOWN: (String, String, String) = {
        sqlite: "select a.course, a.name, a.email from course_attendances a
            where a.course in (select c.prerequisite from course_prerequisites c
                               where c.course = $1)
              and (a.email in (select value from json_each($2))
                   or lower(a.name) in (select lower(value) from json_each($3)))",
        postgres: "select a.course, a.name, a.email from course_attendances a
            where a.course in (select c.prerequisite from course_prerequisites c
                               where c.course = $1)
              and (a.email = any(array(select json_array_elements_text($2::json)))
                   or lower(a.name) = any(array(select lower(value) from
                                                json_array_elements_text($3::json))))",
    };

    /// Places of those we know, of their namesakes, and of whoever shares an address with them; with the days she
    /// was seen on, be it on another place of hers or without one.
    AT_THE_DOOR: SeenRow = {
        sqlite: "select p.id, p.name, p.email, p.person, r.institution, s.course,
                (select count(*) from sittings d where d.session = p.session and (
                    exists (select 1 from attendances a where a.place = p.id
                                and a.sitting = d.id and a.presence = 'attended')
                    or exists (select 1 from places o join attendances b on b.place = o.id
                               where o.person = p.person and o.session = p.session
                                 and b.sitting = d.id and b.presence = 'attended')
                    or exists (select 1 from walk_ins w where w.person = p.person
                                   and w.sitting = d.id and w.removed_at is null))) as attended,
                (select count(*) from sittings t where t.session = p.session) as days
            from places p join sessions s on s.code = p.session
            join registrations r on r.id = p.registration
            where p.id in (
                select q.id from places q where q.person in (
                    select unhex(value) from json_each($2)
                    union select h.id from people h where h.merged_into is null
                        and h.name_key in (select value from json_each($4))
                    union select i.id from people i where i.merged_into is null
                        and i.email in (select value from json_each($3)))
                union select u.id from places u where u.person is null and u.name is not null
                    and u.email in (select value from json_each($3)))
              and p.name is not null
              and s.course in (select c.prerequisite from course_prerequisites c
                               where c.course = $1)",
        postgres: "select p.id, p.name, p.email, p.person, r.institution, s.course,
                (select count(*) from sittings d where d.session = p.session and (
                    exists (select 1 from attendances a where a.place = p.id
                                and a.sitting = d.id and a.presence = 'attended')
                    or exists (select 1 from places o join attendances b on b.place = o.id
                               where o.person = p.person and o.session = p.session
                                 and b.sitting = d.id and b.presence = 'attended')
                    or exists (select 1 from walk_ins w where w.person = p.person
                                   and w.sitting = d.id and w.removed_at is null))) as attended,
                (select count(*) from sittings t where t.session = p.session) as days
            from places p join sessions s on s.code = p.session
            join registrations r on r.id = p.registration
            where p.id in (
                select q.id from places q where q.person in (
                    select g.id from people g
                    where g.id = any(array(select json_array_elements_text($2::json)::uuid))
                    union select h.id from people h where h.merged_into is null
                        and h.name_key = any(array(
                            select json_array_elements_text($4::json)))
                    union select i.id from people i where i.merged_into is null
                        and i.email = any(array(select json_array_elements_text($3::json))))
                union select u.id from places u where u.person is null and u.name is not null
                    and u.email = any(array(select json_array_elements_text($3::json))))
              and p.name is not null
              and s.course in (select c.prerequisite from course_prerequisites c
                               where c.course = $1)",
    };

    /// The same of those who came without a booking, as far as they are known.
    WALKED_IN: SeenRow = {
        sqlite: "select k.id, min(w.name) as name, min(w.email) as email, w.person,
                min(w.institution_code) as institution, s.course,
                count(distinct w.sitting) as attended,
                (select count(*) from sittings t where t.session = s.code) as days
            from people k join walk_ins w on w.person = k.id
            join sittings d on d.id = w.sitting join sessions s on s.code = d.session
            where w.removed_at is null
              and s.course in (select c.prerequisite from course_prerequisites c
                               where c.course = $1)
              and k.id in (
                    select unhex(value) from json_each($2)
                    union select h.id from people h where h.merged_into is null
                        and h.name_key in (select value from json_each($4))
                    union select i.id from people i where i.merged_into is null
                        and i.email in (select value from json_each($3)))
            group by k.id, w.person, s.code, s.course",
        postgres: "select k.id, min(w.name) as name, min(w.email) as email, w.person,
                min(w.institution_code) as institution, s.course,
                count(distinct w.sitting) as attended,
                (select count(*) from sittings t where t.session = s.code) as days
            from people k join walk_ins w on w.person = k.id
            join sittings d on d.id = w.sitting join sessions s on s.code = d.session
            where w.removed_at is null
              and s.course in (select c.prerequisite from course_prerequisites c
                               where c.course = $1)
              and k.id in (
                    select g.id from people g
                    where g.id = any(array(select json_array_elements_text($2::json)::uuid))
                    union select h.id from people h where h.merged_into is null
                        and h.name_key = any(array(
                            select json_array_elements_text($4::json)))
                    union select i.id from people i where i.merged_into is null
                        and i.email = any(array(select json_array_elements_text($3::json))))
            group by k.id, w.person, s.code, s.course",
    };
}

/// Whether somebody with this address has done a course.
pub async fn has_attended(
    conn: &mut Conn,
    email: &EmailAddress,
    course: &CourseSlug,
) -> Result<bool, StoreError> {
    let found = HAS_ATTENDED.value(conn, (email.as_str(), course.as_str())).await?;
    Ok(found > 0)
}

/// Remembers that somebody did a course; `false` if that was known. `source` says from where:
/// `door` or `import`.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    attendance: &CourseAttendance,
    source: &str,
) -> Result<bool, StoreError> {
    let key = recognition_key(&attendance.name, Some(&attendance.email), None);
    let new = NewAttendance {
        id,
        course: attendance.course.as_str(),
        name: attendance.name.as_str(),
        email: attendance.email.as_str(),
        attended_on: attendance.attended_on,
        source,
        person_key: &key,
    };
    let written = INSERT.run(tx, new).await?;
    Ok(written == 1)
}

/// Forgets what the door had remembered of somebody who, as it turned out, did not do the course.
pub async fn forget(tx: &mut Tx, attendance: &CourseAttendance) -> Result<(), StoreError> {
    let (course, email) = (attendance.course.as_str(), attendance.email.as_str());
    FORGET.run(tx, (course, email, attendance.name.as_str(), attendance.attended_on)).await?;
    Ok(())
}

/// Who did which of the courses that come before `course`, among the people of `known`, whoever is
/// called or addressed as one of `named`, and nobody else.
pub async fn done_before(
    conn: &mut Conn,
    course: &CourseSlug,
    named: &[&Attendee],
    known: &[(String, PersonId)],
) -> Result<Vec<Done>, StoreError> {
    let mut emails: Vec<String> = seated::addresses_of(conn, known).await?;
    emails.extend(named.iter().filter_map(|who| Some(who.email.as_ref()?.to_string())));
    let names: Vec<_> = named.iter().map(|who| who.name.as_str()).collect();
    let folded: Vec<_> = names.iter().map(|name| folded(name)).collect();
    let (emails, names, folded) = (rows::json(&emails)?, rows::json(&names)?, rows::json(&folded)?);
    let arguments = (course.as_str(), emails.as_str(), names.as_str());
    let mut done = Vec::new();
    for (course, name, email) in WRITTEN_DOWN.all(conn, arguments).await? {
        done.push(written_down(&course, &name, &email)?);
    }
    let keys: Vec<_> = done.iter().map(|one: &Done| one.key.clone()).collect();
    let people = if keys.is_empty() { Vec::new() } else { seated::known(conn, &keys).await? };
    for one in &mut done {
        let hers = people.iter().find(|(key, _)| *key == one.key);
        one.person = hers.map(|(_, person)| *person);
    }
    let ids: Vec<_> = known.iter().map(|(_, person)| rows::key(person.uuid())).collect();
    let ids = rows::json(&ids)?;
    let arguments = (course.as_str(), ids.as_str(), emails.as_str(), folded.as_str());
    let mut seen = AT_THE_DOOR.all(conn, arguments).await?;
    seen.extend(WALKED_IN.all(conn, arguments).await?);
    for row in seen {
        let count = |count: i64| usize::try_from(count).unwrap_or_default();
        if did_course(count(row.attended), count(row.days)) {
            done.push(row.read()?);
        }
    }
    Ok(done)
}

fn written_down(course: &str, name: &str, email: &str) -> Result<Done, StoreError> {
    let table = "course_attendances";
    let (name, email) = (Name::stored(name), EmailAddress::stored(email));
    Ok(Done {
        course: parse(table, "course", &course, course)?,
        key: recognition_key(&name, Some(&email), None),
        name,
        email: Some(email),
        person: None,
    })
}

impl SeenRow {
    fn read(self) -> Result<Done, StoreError> {
        let id = self.id;
        let name = Name::stored(&self.name);
        let email = self.email.as_deref().map(EmailAddress::stored);
        let institution: Option<InstitutionCode> = self
            .institution
            .map(|text| parse("registrations", "institution", &id, &text))
            .transpose()?;
        Ok(Done {
            course: parse("sessions", "course", &id, &self.course)?,
            key: recognition_key(&name, email.as_ref(), institution.as_ref()),
            name,
            email,
            person: self.person.map(PersonId::new),
        })
    }
}
