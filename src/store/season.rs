//! The days of many sessions, for the wall of a season.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::{
    Conn, StoreError,
    codec::{count, parse},
};
use crate::domain::{
    id::{SessionCode, StaffLogin},
    season::SeasonDay,
    session::Trainer,
};

const TABLE: &str = "sessions";

row! {
    struct DayRow {
        session: String,
        number: i32,
        days: i64,
        course: String,
        title: String,
        alliance: String,
        alliance_name: String,
        venue: Option<String>,
        venue_id: Option<String>,
        publication: String,
        starts: NaiveDateTime,
        ends: NaiveDateTime,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
        capacity: i32,
        taken: i64,
    }
}

statements! {
    DAYS: DayRow =
        "select t.session, t.number,
             (select count(*) from sittings x where x.session = t.session) as days,
             s.course, c.title, s.alliance, a.name as alliance_name, coalesce(t.place_name, s.venue_name) as venue,
             case when t.place_name is null then s.venue_id else t.place_venue_id end as venue_id,
             s.publication, t.starts, t.ends, t.starts_at, t.ends_at, s.capacity,
             (select count(*) from places p where p.session = t.session
                  and p.state = 'confirmed' and not p.superseded) as taken
         from sittings t join sessions s on s.code = t.session
         join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
         where t.starts_at >= $1 and t.starts_at < $2
           and (s.alliance in
                (select x.alliance from staff_alliances x where x.login = $3) or $3 is null)
         order by t.starts_at, t.session, t.number";

    TRAINERS: (String, String, String) =
        "select t.session, t.login, s.name from session_trainers t join staff s using (login)
         where t.session in (select x.session from sittings x
                             where x.starts_at >= $1 and x.starts_at < $2)
         order by t.session, t.position";
}

/// The days that begin between two moments, in order; with `within`, of that organiser's alliances.
pub async fn days(
    conn: &mut Conn,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    within: Option<&StaffLogin>,
) -> Result<Vec<SeasonDay>, StoreError> {
    let mut trainers: HashMap<String, Vec<Trainer>> = HashMap::new();
    for (session, login, name) in TRAINERS.all(conn, (from, to)).await? {
        let login = parse("session_trainers", "login", &session, &login)?;
        trainers.entry(session).or_default().push(Trainer { login, name });
    }
    let rows = DAYS.all(conn, (from, to, within.map(StaffLogin::as_str))).await?;
    rows.into_iter().map(|row| read(row, &trainers)).collect()
}

fn read(row: DayRow, trainers: &HashMap<String, Vec<Trainer>>) -> Result<SeasonDay, StoreError> {
    let key = row.session;
    let session: SessionCode = parse(TABLE, "code", &key, &key)?;
    let venue = row.venue_id.map(|id| parse(TABLE, "venue_id", &key, &id));
    let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(SeasonDay {
        number: count(row.number),
        of: small(row.days),
        course: parse(TABLE, "course", &key, &row.course)?,
        title: row.title,
        alliance: parse(TABLE, "alliance", &key, &row.alliance)?,
        alliance_name: row.alliance_name,
        venue: row.venue,
        venue_id: venue.transpose()?,
        trainers: trainers.get(&key).cloned().unwrap_or_default(),
        standing: parse(TABLE, "publication", &key, &row.publication)?,
        starts: row.starts,
        ends: row.ends,
        span: (row.starts_at, row.ends_at),
        places: (count(row.capacity), small(row.taken)),
        session,
    })
}
