//! Sessions as the office looks for them, of whatever publication.

use chrono::{DateTime, Utc};

use super::{
    Conn, Found, StoreError, Window, catalogue, rows,
    session_days::DayRow,
    session_rows::{Parts, SessionRow, TrainerRow},
    window::wanted,
};
use crate::domain::{
    id::{AllianceSlug, StaffLogin},
    session::Session,
    vocabulary::words,
};

/// Where the sessions a filter lets through are found; what is read of them differs.
macro_rules! of_filter {
    ($database:ident, $read:literal, $order:literal) => {
        concat!(
            "select ",
            $read,
            " from sessions s
             join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
             join (select session, min(starts_at) as first, max(ends_at) as last
                   from sittings group by session) t on t.session = s.code
             where ",
            finds!($database, "$1" in
                "c.search_key || ' ' || a.search_key || ' ' || replace(lower(s.code), '-', '')
                 || ' ' || coalesce(s.venue_key, 'online')"),
            " and (s.alliance = $2 or $2 is null)
               and (s.alliance in
                    (select x.alliance from staff_alliances x where x.login = $3) or $3 is null)
               and ($4 = 'all' or ($4 = 'coming' and s.publication = 'published' and t.last > $5)
                    or ($4 = 'past' and s.publication = 'published' and t.last <= $5)
                    or $4 = s.publication)",
            $order
        )
    };
}

/// A session's row by its code, of which the end is left open.
macro_rules! whole {
    () => {
        "select s.*, (select count(*) from places p
                      where p.session = s.code and p.state = 'waiting') as waiting,
             (select e.booked from series e where e.id = s.series_id) as series_booked,
                     (select count(*) from help_offers h where h.session = s.code) > 0 as helps
         from sessions s where s.code "
    };
}

statements! {
    SOONEST: String = {
        sqlite: of_filter!(sqlite, "s.code", " order by t.first, s.code limit $6 offset $7"),
        postgres: of_filter!(postgres, "s.code", " order by t.first, s.code limit $6 offset $7"),
    }, reads_all: "words are found anywhere in a title";

    LATEST: String = {
        sqlite: of_filter!(sqlite, "s.code", " order by t.first desc, s.code limit $6 offset $7"),
        postgres:
            of_filter!(postgres, "s.code", " order by t.first desc, s.code limit $6 offset $7"),
    }, reads_all: "words are found anywhere in a title";

    OF_CODES: SessionRow = {
        sqlite: concat!(whole!(), "in (select value from json_each($1))"),
        postgres: concat!(whole!(), "= any(array(select json_array_elements_text($1::json)))"),
    };

    SITTINGS_OF_CODES: DayRow = {
        sqlite: "select * from sittings where session in (select value from json_each($1))
            order by session, number",
        postgres: "select * from sittings
            where session = any(array(select json_array_elements_text($1::json)))
            order by session, number",
    };

    TRAINERS_OF_CODES: TrainerRow = {
        sqlite: "select t.session, t.login, s.name from session_trainers t join staff s using (login)
            where t.session in (select value from json_each($1)) order by t.session, t.position",
        postgres: "select t.session, t.login, s.name from session_trainers t join staff s using (login)
            where t.session = any(array(select json_array_elements_text($1::json)))
            order by t.session, t.position",
    };

    COUNT: i64 = {
        sqlite: of_filter!(sqlite, "count(*)", ""),
        postgres: of_filter!(postgres, "count(*)", ""),
    }, reads_all: "words are found anywhere in a title";
}

/// Which sessions, by where they stand in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Published, and not over.
    #[default]
    Coming,
    /// Not published yet.
    Draft,
    /// Over.
    Past,
    /// Called off.
    Cancelled,
    /// All of them.
    All,
}

words!(Stage {
    Coming => "coming",
    Draft => "draft",
    Past => "past",
    Cancelled => "cancelled",
    All => "all",
});

/// Which sessions are looked for; every part narrows the list.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// In the title, the alliance, the venue or the code.
    pub words: String,
    /// Only this alliance's.
    pub alliance: Option<AllianceSlug>,
    /// Where they stand.
    pub stage: Stage,
    /// Only of this organiser's alliances.
    pub within: Option<StaffLogin>,
}

/// The sessions a filter lets through: by their first day, past ones latest first.
pub async fn search(
    conn: &mut Conn,
    filter: &SessionFilter,
    now: DateTime<Utc>,
    window: Window,
) -> Result<Found<Session>, StoreError> {
    let words = wanted(&filter.words)?;
    let (words, alliance) = (words.as_str(), filter.alliance.as_ref().map(AllianceSlug::as_str));
    let (within, stage) = (filter.within.as_ref().map(StaffLogin::as_str), filter.stage.as_str());
    let text = if filter.stage == Stage::Past { LATEST } else { SOONEST };
    let Window { limit, offset } = window;
    let codes = text.values(conn, (words, alliance, within, stage, now, limit, offset)).await?;
    let total = COUNT.value(conn, (words, alliance, within, stage, now)).await?;
    let items = of_codes(conn, &codes).await?;
    Ok(Found { items, total })
}

/// The sessions of these codes, in this order, in as many statements however many there are.
async fn of_codes(conn: &mut Conn, codes: &[String]) -> Result<Vec<Session>, StoreError> {
    let asked = rows::json(codes)?;
    let found = OF_CODES.all(conn, [asked.as_str()]).await?;
    let sittings = SITTINGS_OF_CODES.all(conn, [asked.as_str()]).await?;
    let trainers = TRAINERS_OF_CODES.all(conn, [asked.as_str()]).await?;
    let mut parts = Parts::of(sittings, trainers)?;
    for alliance in catalogue::alliances(conn).await? {
        parts.take(alliance);
    }
    for course in catalogue::courses(conn).await? {
        parts.take_course(course);
    }
    let found = found.into_iter().map(|row| parts.assemble(row));
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|one| codes.iter().position(|code| code == one.code.as_str()));
    Ok(found)
}
