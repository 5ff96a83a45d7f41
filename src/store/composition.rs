//! Who comes to a session while it can be booked: from which kinds of institution and alliances, and who for the
//! first time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, codec::parse, turnout_counts};
use crate::domain::{
    composition::Composition,
    id::{SessionCode, StaffLogin},
};

statements! {
    /// A first-timer is somebody we know who was never seen to come to anything else.
    OF_SESSION: (Option<String>, Option<String>, i64, i64, i64) =
        "select i.kind, a.name, count(*),
             sum(case when p.person is null then 1 else 0 end),
             sum(case when p.person is not null
                 and not exists (select 1 from places q join attendances t on t.place = q.id
                                 where q.person = p.person and q.session <> p.session
                                   and t.presence = 'attended')
                 and not exists (select 1 from walk_ins w join sittings d on d.id = w.sitting
                                 where w.person = p.person and d.session <> p.session
                                   and w.removed_at is null)
                 and not exists (select 1 from person_keys k
                                 join course_attendances c on c.person_key = k.key
                                 where k.person = p.person)
                 then 1 else 0 end)
         from places p join registrations r on r.id = p.registration
         left join institutions i on i.code = r.institution
         left join alliances a on a.slug = i.alliance
         where p.session = $1 and p.state = 'confirmed' and not p.superseded
         group by i.kind, a.name order by i.kind, a.name";
}

/// Who has a place on the sessions that begin between two moments, by kind of institution; with `within`, on
/// those of that organiser's alliances.
pub async fn between(
    conn: &mut Conn,
    window: (DateTime<Utc>, DateTime<Utc>),
    within: Option<&StaffLogin>,
) -> Result<Composition, StoreError> {
    let mut all = Composition::default();
    for (kind, people) in turnout_counts::kinds(conn, window, within).await? {
        let kind = kind.as_deref();
        let kind = kind.map(|kind| parse("institutions", "kind", &kind, kind)).transpose()?;
        all.add(kind, u32::try_from(people).unwrap_or(0));
    }
    Ok(all)
}

/// Who has a place on a session.
pub async fn of_session(conn: &mut Conn, session: &SessionCode) -> Result<Composition, StoreError> {
    let small = |number: i64| u32::try_from(number).unwrap_or(0);
    let mut all = Composition::default();
    let mut alliances: BTreeMap<String, u32> = BTreeMap::new();
    for (kind, alliance, people, unknown, first) in OF_SESSION.all(conn, [session.as_str()]).await?
    {
        let kind = kind.as_deref();
        let kind = kind.map(|kind| parse("institutions", "kind", session, kind)).transpose()?;
        all.add(kind, small(people));
        all.unknown += small(unknown);
        all.first_timers += small(first);
        let name = alliance.unwrap_or_else(|| "No alliance".to_owned());
        *alliances.entry(name).or_default() += small(people);
    }
    all.alliances = alliances.into_iter().collect();
    Ok(all)
}
