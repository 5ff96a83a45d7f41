//! Sessions as the office looks for them, of whatever publication.

use chrono::{DateTime, Utc};

use super::{Conn, Found, StoreError, Window, codec::parse, sessions, window::wanted};
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
    let mut items = Vec::with_capacity(codes.len());
    for code in codes {
        let code = parse("sessions", "code", &code, &code)?;
        items.extend(sessions::find(conn, &code).await?);
    }
    Ok(Found { items, total })
}
