//! Sessions as the office looks for them, of whatever publication.

use chrono::{DateTime, Utc};

use super::{Conn, Found, StoreError, Window, codec::parse, sessions, window::pattern};
use crate::domain::{
    id::{AllianceSlug, StaffLogin},
    session::Session,
    vocabulary::words,
};

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

/// Where the sessions a filter lets through are found; what is read of them differs.
macro_rules! of_filter {
    ($read:literal, $order:literal) => {
        concat!(
            "select ",
            $read,
            " from sessions s
             join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
             join (select session, min(starts_at) as first, max(ends_at) as last
                   from sittings group by session) t on t.session = s.code
             where ($1 is null or lower(c.title || ' ' || a.name || ' ' || s.code || ' '
                    || coalesce(s.venue_name, 'online')) like $1 escape '!')
               and ($2 is null or s.alliance = $2)
               and ($3 is null or s.alliance in
                    (select x.alliance from staff_alliances x where x.login = $3))
               and ($4 = 'all' or ($4 = 'coming' and s.publication = 'published' and t.last > $5)
                    or ($4 = 'past' and s.publication = 'published' and t.last <= $5)
                    or $4 = s.publication)",
            $order
        )
    };
}

/// The sessions a filter lets through: by their first day, past ones latest first.
///
/// # Errors
/// [`StoreError`].
pub async fn search(
    conn: &mut Conn,
    filter: &SessionFilter,
    now: DateTime<Utc>,
    window: Window,
) -> Result<Found<Session>, StoreError> {
    const SOONEST: &str = of_filter!("s.code", " order by t.first, s.code limit $6 offset $7");
    const LATEST: &str = of_filter!("s.code", " order by t.first desc, s.code limit $6 offset $7");
    let pattern = pattern(&filter.words);
    let (words, alliance) =
        (pattern.as_deref(), filter.alliance.as_ref().map(AllianceSlug::as_str));
    let (within, stage) = (filter.within.as_ref().map(StaffLogin::as_str), filter.stage.as_str());
    let text = if filter.stage == Stage::Past { LATEST } else { SOONEST };
    let Window { limit, offset } = window;
    let codes =
        run!(values String, conn, text, words, alliance, within, stage, now, limit, offset)?;
    let text = of_filter!("count(*)", "");
    let total = run!(value i64, conn, text, words, alliance, within, stage, now)?;
    let mut items = Vec::with_capacity(codes.len());
    for code in codes {
        let code = parse("sessions", "code", &code, &code)?;
        items.extend(sessions::find(conn, &code).await?);
    }
    Ok(Found { items, total })
}
