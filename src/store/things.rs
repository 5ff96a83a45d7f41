//! How new what waits in the office is: the latest of each kind, so that what was done comes back with news only.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, codec::parse};
use crate::domain::{
    id::{AllianceSlug, CourseSlug, PersonId, SessionCode},
    text::Name,
};

#[cfg(test)]
const COUNTED: &str = "counts an index of such letters";

statements! {
    LAST_REQUESTED: (String, DateTime<Utc>) =
        "select p.session, max(p.changed_at) from places p
         where p.state = 'requested' and not p.superseded
           and p.session in (select t.session from sittings t where t.ends_at > $1)
         group by p.session";

    FAILED: (Option<String>, i64, DateTime<Utc>) =
        "select s.alliance, count(*), max(o.failed_at)
         from outbox o left join sessions s on s.code = o.session
         where o.failed_at is not null and o.sent_at is null and o.bounced_at is null
           and o.to_address <> 'removed@erased.invalid' and o.mended_at is null
         group by s.alliance",
        reads_all: COUNTED;

    RETURNED: (Option<String>, i64, DateTime<Utc>) =
        "select s.alliance, count(*), max(o.bounced_at)
         from outbox o left join sessions s on s.code = o.session
         where o.bounced_at > $1 and o.mended_at is null group by s.alliance";

    /// Whoever came to what comes before a course in an alliance, and has not asked for it since.
    COULD_COME: (Uuid, String, Option<String>) =
        "select e.id, e.name, i.name from people e left join institutions i on i.code = e.institution
         where e.id in (select p.person from sessions s join places p on p.session = s.code
                        join attendances a on a.place = p.id
                        where s.alliance = $2 and a.presence = 'attended'
                          and s.course in (select c.prerequisite from course_prerequisites c
                                           where c.course = $1))
           and e.merged_into is null and e.archived_at is null and e.erased_at is null
           and not exists (select 1 from places q join sessions x on x.code = q.session
                           where q.person = e.id and x.course = $1 and not q.superseded
                             and q.state in ('held', 'requested', 'waiting', 'offered', 'confirmed'))
         order by e.sort_key, e.id limit $3";

    COUNT_WHO_COULD: i64 =
        "select count(*) from people e
         where e.id in (select p.person from sessions s join places p on p.session = s.code
                        join attendances a on a.place = p.id
                        where s.alliance = $2 and a.presence = 'attended'
                          and s.course in (select c.prerequisite from course_prerequisites c
                                           where c.course = $1))
           and e.merged_into is null and e.archived_at is null and e.erased_at is null
           and not exists (select 1 from places q join sessions x on x.code = q.session
                           where q.person = e.id and x.course = $1 and not q.superseded
                             and q.state in ('held', 'requested', 'waiting', 'offered', 'confirmed'))";
}

/// When somebody last asked for places of each session that ends after `moment`.
pub async fn last_requested(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<HashMap<SessionCode, DateTime<Utc>>, StoreError> {
    let rows = LAST_REQUESTED.all(conn, [moment]).await?;
    rows.into_iter().map(|(code, at)| Ok((parse("places", "session", &code, &code)?, at))).collect()
}

/// Letters that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndeliveredLetters {
    /// About sessions of which alliance; none: about no session.
    pub alliance: Option<AllianceSlug>,
    /// How many.
    pub count: i64,
    /// When the last of them did.
    pub last: DateTime<Utc>,
}

type Row = (Option<String>, i64, DateTime<Utc>);

fn undelivered(rows: Vec<Row>) -> Result<Vec<UndeliveredLetters>, StoreError> {
    rows.into_iter()
        .map(|(slug, count, last)| {
            let slug = slug.as_deref();
            let alliance =
                slug.map(|slug| parse("sessions", "alliance", &slug, slug)).transpose()?;
            Ok(UndeliveredLetters { alliance, count, last })
        })
        .collect()
}

/// Letters that were given up, by alliance.
pub async fn failed(conn: &mut Conn) -> Result<Vec<UndeliveredLetters>, StoreError> {
    undelivered(FAILED.all(conn, ()).await?)
}

/// Letters that came back after `since`, by alliance.
pub async fn returned(
    conn: &mut Conn,
    since: DateTime<Utc>,
) -> Result<Vec<UndeliveredLetters>, StoreError> {
    undelivered(RETURNED.all(conn, [since]).await?)
}

/// Somebody who could be asked to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouldCome {
    /// Who.
    pub id: PersonId,
    /// Her name.
    pub name: Name,
    /// Where she comes from.
    pub institution: Option<String>,
}

/// Whoever came in an alliance to what comes before a course and has not asked for it since, by name.
pub async fn could_come(
    conn: &mut Conn,
    (course, alliance): (&CourseSlug, &AllianceSlug),
    most: i64,
) -> Result<Vec<CouldCome>, StoreError> {
    let rows = COULD_COME.all(conn, (course.as_str(), alliance.as_str(), most)).await?;
    let read = |(id, name, institution): (Uuid, String, Option<String>)| CouldCome {
        id: PersonId::new(id),
        name: Name::stored(&name),
        institution,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// How many those are.
pub async fn count_who_could(
    conn: &mut Conn,
    (course, alliance): (&CourseSlug, &AllianceSlug),
) -> Result<i64, StoreError> {
    COUNT_WHO_COULD.value(conn, (course.as_str(), alliance.as_str())).await
}
