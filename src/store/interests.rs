//! Who wants to be told when there is a date of a course, and who was.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::parse,
    own_data::{Moment, at},
};
use crate::{
    domain::{
        contact::EmailAddress,
        id::{AllianceSlug, CourseSlug, InterestId, PersonId, SessionCode},
        interest::{Interest, Reach},
        own_data::{Record, record},
        person::recognition_key,
        text::Name,
        wording,
    },
    token::TokenHash,
};

const TABLE: &str = "interests";

row! {
    struct InterestRow {
        id: Uuid,
        course: String,
        alliance: Option<String>,
        place: Option<String>,
        reach: String,
        name: String,
        email: String,
        asked_at: DateTime<Utc>,
        confirmed_at: Option<DateTime<Utc>>,
        ended_at: Option<DateTime<Utc>>,
    }
}

row! {
    struct HersRow {
        course: String,
        place: Option<String>,
        alliance: Option<String>,
        reach: String,
        name: String,
        email: String,
        asked_at: Moment,
        confirmed_at: Option<Moment>,
        ended_at: Option<Moment>,
    }
}

arguments! {
    struct NewInterest<'a> {
        id: Uuid,
        course: &'a str,
        alliance: Option<&'a str>,
        place: Option<&'a str>,
        reach: &'a str,
        person: Option<Uuid>,
        key: String,
        name: &'a str,
        email: &'a str,
        asked_at: DateTime<Utc>,
    }
}

/// Whether somebody who waits has not booked the course since she asked.
macro_rules! not_booked {
    () => {
        "not exists (select 1 from places p join sessions b on b.code = p.session
                     where p.person = coalesce(i.person, (select k.person from person_keys k where k.key = i.key))
                       and b.course = i.course and not p.superseded and p.changed_at >= i.asked_at
                       and p.state in ('requested', 'waiting', 'offered', 'confirmed'))"
    };
}

/// Whether an interest is somebody's.
macro_rules! of_person {
    () => {
        "id in (select a.id from interests a where a.person = $1
                union select b.id from person_keys k join interests b on b.key = k.key where k.person = $1)"
    };
}

statements! {
    INSERT(NewInterest) = "insert into interests (:columns) values (:values)";

    LIVE: InterestRow =
        "select * from interests where email = $1 and course = $2 and ended_at is null order by asked_at, id";

    EVERY: InterestRow =
        "select * from interests where confirmed_at is not null and ended_at is null order by asked_at, id",
        reads_all: "everything is written into files, which is seldom";

    BY_LINK: InterestRow =
        "select i.* from interests i
         where i.id = (select l.interest from interest_links l where l.token_hash = $1)";

    CONFIRM =
        "update interests set confirmed_at = $2 where id = $1 and confirmed_at is null and ended_at is null";

    END = "update interests set ended_at = $2 where id = $1 and ended_at is null";

    INSERT_LINK = "insert into interest_links (token_hash, interest, created_at) values ($1, $2, $3)";

    /// The link of a letter gets its secret when the letter leaves.
    COPY = {
        sqlite: "insert into interest_links (token_hash, interest, created_at)
            select unhex(j.value ->> 'token'), l.interest, l.created_at
            from json_each($1) j join interest_links l on l.token_hash = unhex(j.value ->> 'stand_in')",
        postgres: "insert into interest_links (token_hash, interest, created_at)
            select decode(j.token, 'hex'), l.interest, l.created_at
            from json_to_recordset($1::json) as j(stand_in text, token text)
            join interest_links l on l.token_hash = decode(j.stand_in, 'hex')",
    };

    /// Sessions that lists show and of which somebody may be told: new ones, and those whose next turn has come.
    DUE: String =
        "select s.code from sessions s left join session_listings l on l.session = s.code
         where s.code in (select t.session from sittings t where t.starts_at > $1)
           and s.publication = 'published' and s.admission = 'public'
           and (l.session is null or l.next_at <= $1)
         order by s.code";

    LISTED: DateTime<Utc> = "select listed_at from session_listings where session = $1";

    IS_DUE: i64 =
        "select count(*) from session_listings where session = $1 and next_at <= $2";

    LIST = "insert into session_listings (session, listed_at, next_at) values ($1, $2, $2)
        on conflict (session) do nothing";

    NEXT = "update session_listings set next_at = $2 where session = $1";

    /// Who is still to be told of a session, in the order in which they confirmed.
    UNTOLD: InterestRow = concat!(
        "select i.* from interests i
         where i.course = $1 and i.confirmed_at is not null and i.ended_at is null and i.confirmed_at <= $3
           and not exists (select 1 from interest_told d where d.interest = i.id and d.session = $2)
           and ", not_booked!(), "
         order by i.confirmed_at, i.id"
    );

    TOLD = "insert into interest_told (interest, session, said, told_at) values ($1, $2, $3, $4)";

    /// How many wait for a course, by where they are and how far they would go.
    DEMAND: (String, Option<String>, Option<String>, String, i64) = concat!(
        "select i.course, a.name, i.place, i.reach, count(*)
         from interests i left join alliances a on a.slug = i.alliance
         where i.confirmed_at is not null and i.ended_at is null and ", not_booked!(), "
         group by i.course, a.name, i.place, i.reach
         order by i.course, count(*) desc, a.name, i.place, i.reach"
    ), reads_all: "walks an index of those who wait";

    HERS: HersRow = concat!(
        "select course, place, alliance, reach, name, email, asked_at, confirmed_at, ended_at
         from interests where ", of_person!(), " order by asked_at, id"
    );

    FORGET = concat!("delete from interests where ", of_person!());
}

impl InterestRow {
    fn read(self) -> Result<Interest, StoreError> {
        let id = self.id;
        let alliance = self.alliance.as_deref().map(|slug| parse(TABLE, "alliance", &id, slug));
        Ok(Interest {
            id: InterestId::new(id),
            course: parse(TABLE, "course", &id, &self.course)?,
            alliance: alliance.transpose()?,
            place: self.place.as_deref().map(Name::stored),
            reach: parse(TABLE, "reach", &id, &self.reach)?,
            name: Name::stored(&self.name),
            email: EmailAddress::stored(&self.email),
            asked_at: self.asked_at,
            confirmed_at: self.confirmed_at,
            ended_at: self.ended_at,
        })
    }
}

/// Adds an interest; `person` is who she is, where she is recognised.
pub async fn insert(
    tx: &mut Tx,
    new: &Interest,
    person: Option<PersonId>,
) -> Result<(), StoreError> {
    let row = NewInterest {
        id: new.id.uuid(),
        course: new.course.as_str(),
        alliance: new.alliance.as_ref().map(AllianceSlug::as_str),
        place: new.place.as_ref().map(Name::as_str),
        reach: new.reach.as_str(),
        person: person.map(PersonId::uuid),
        key: recognition_key(&new.name, Some(&new.email), None),
        name: new.name.as_str(),
        email: new.email.as_str(),
        asked_at: new.asked_at,
    };
    INSERT.run(tx, row).await?;
    Ok(())
}

/// What an address wants to be told of a course, if anything.
pub async fn live(
    conn: &mut Conn,
    email: &EmailAddress,
    course: &CourseSlug,
) -> Result<Option<Interest>, StoreError> {
    let rows = LIVE.all(conn, (email.as_str(), course.as_str())).await?;
    rows.into_iter().next().map(InterestRow::read).transpose()
}

/// Which interest a link is about.
pub async fn by_link(conn: &mut Conn, hash: TokenHash) -> Result<Option<Interest>, StoreError> {
    BY_LINK.optional(conn, [&hash.0[..]]).await?.map(InterestRow::read).transpose()
}

/// Everybody who waits to be told, in the order in which they asked.
pub async fn every(conn: &mut Conn) -> Result<Vec<Interest>, StoreError> {
    EVERY.all(conn, ()).await?.into_iter().map(InterestRow::read).collect()
}

/// Adds a link to an interest.
pub async fn insert_link(
    tx: &mut Tx,
    hash: TokenHash,
    id: InterestId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    INSERT_LINK.run(tx, (&hash.0[..], id.uuid(), now)).await?;
    Ok(())
}

/// Makes links that open what others do, from the JSON of [`super::links::copy`].
pub(super) async fn copy(tx: &mut Tx, copies: &str) -> Result<(), StoreError> {
    COPY.later(tx, [copies]).await
}

/// She confirms that she wants to be told.
pub async fn confirm(tx: &mut Tx, id: InterestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    CONFIRM.run(tx, (id.uuid(), now)).await?;
    Ok(())
}

/// She wants to be told no more.
pub async fn end(tx: &mut Tx, id: InterestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    END.run(tx, (id.uuid(), now)).await?;
    Ok(())
}

/// Sessions that lists show and of which somebody may have to be told now.
pub async fn due(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<SessionCode>, StoreError> {
    let codes = DUE.values(conn, [now]).await?;
    codes.iter().map(|code| parse("sessions", "code", code, code)).collect()
}

/// Since when lists show a session, as far as it was noticed: from now, if it was not. Nothing where the next turn
/// has not come.
pub async fn turn(
    tx: &mut Tx,
    code: &SessionCode,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    LIST.run(tx, (code.as_str(), now)).await?;
    if IS_DUE.value(tx, (code.as_str(), now)).await? == 0 {
        return Ok(None);
    }
    LISTED.optional_value(tx, [code.as_str()]).await
}

/// When the next are told of a session; never, when all are.
pub async fn set_next(
    tx: &mut Tx,
    code: &SessionCode,
    next: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    NEXT.run(tx, (code.as_str(), next)).await?;
    Ok(())
}

/// Who confirmed before a session was listed and is still to be told of it, in that order.
pub async fn untold(
    conn: &mut Conn,
    (course, session): (&CourseSlug, &SessionCode),
    listed_at: DateTime<Utc>,
) -> Result<Vec<Interest>, StoreError> {
    let rows = UNTOLD.all(conn, (course.as_str(), session.as_str(), listed_at)).await?;
    rows.into_iter().map(InterestRow::read).collect()
}

/// Notes that somebody was told of a session, and what (T1).
pub async fn told(
    tx: &mut Tx,
    (id, session): (InterestId, &SessionCode),
    said: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    TOLD.run(tx, (id.uuid(), session.as_str(), said, now)).await?;
    Ok(())
}

/// How many wait for a course who are somewhere and would go so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseDemand {
    /// The alliance they chose, by name, or the place they typed.
    pub place: Option<String>,
    /// How far they would go.
    pub reach: Reach,
    /// How many.
    pub people: usize,
}

impl CourseDemand {
    /// `5 people: Oxford Citizens, near there only`.
    pub fn words(&self) -> String {
        let people = wording::count(self.people, "person", "people");
        let place = self.place.as_deref().unwrap_or("no place said");
        format!("{people}: {place}, {}", self.reach.in_words())
    }
}

/// Who waits for each course, the most first.
pub async fn demand(conn: &mut Conn) -> Result<HashMap<CourseSlug, Vec<CourseDemand>>, StoreError> {
    let mut by_course: HashMap<CourseSlug, Vec<CourseDemand>> = HashMap::new();
    for (course, alliance, place, reach, people) in DEMAND.all(conn, ()).await? {
        let course_slug = parse(TABLE, "course", &course, &course)?;
        let one = CourseDemand {
            place: alliance.or(place),
            reach: parse(TABLE, "reach", &course, &reach)?,
            people: usize::try_from(people).unwrap_or(0),
        };
        by_course.entry(course_slug).or_default().push(one);
    }
    Ok(by_course)
}

/// What somebody wants to be told, for her to see.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let told = |row: HersRow| {
        record(vec![
            ("course", Some(row.course)),
            ("place", row.place),
            ("alliance", row.alliance),
            ("how_far", Some(row.reach)),
            ("name", Some(row.name)),
            ("email", Some(row.email)),
            ("asked_at", at(row.asked_at)),
            ("confirmed_at", row.confirmed_at.and_then(at)),
            ("ended_at", row.ended_at.and_then(at)),
        ])
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Forgets what somebody wanted to be told.
pub async fn forget_person(tx: &mut Tx, id: PersonId) -> Result<(), StoreError> {
    FORGET.run(tx, [id.uuid()]).await?;
    Ok(())
}
