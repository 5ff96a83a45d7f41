//! Who had a place and who came, by session and institution: counted once for each session, and again after what
//! changes it.
//!
//! Triggers note each change of a place, an attendance, a booking's institution or a walk-in in
//! `turnout_uncounted`. Whoever reads counts such sessions herself, so that what she sees is true at any moment; it
//! is one statement, so that no session is counted in neither way or in both.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::id::{SessionCode, StaffLogin};

row! {
    /// One institution's people on one session; with no institution, those who came for themselves or for one that
    /// is not listed.
    pub(super) struct CountRow {
        session: String,
        institution: Option<String>,
        named: i64,
        attended: i64,
        walked_in: i64,
    }
}

/// The places of sessions, as their rows tell; `$from`, where `$of`, leads to `x.session`. `cross join` has SQLite keep
/// the order, so that it never begins with every place there is.
macro_rules! seated {
    ($from:literal, $of:literal) => {
        concat!(
            "select p.session as session, r.institution as institution, count(*) as named,
                 sum(case when exists (select 1 from attendances a where a.place = p.id
                     and a.presence = 'attended') then 1 else 0 end) as attended,
                 cast(0 as bigint) as walked_in
             from ",
            $from,
            " cross join places p cross join registrations r where ",
            $of,
            " and p.session = x.session and p.state = 'confirmed' and not p.superseded
               and r.id = p.registration
             group by p.session, r.institution"
        )
    };
}

/// Those who came to sessions without a booking: one person each, on however many days.
macro_rules! walked_in {
    ($from:literal, $of:literal) => {
        concat!(
            "select t.session as session, w.institution_code as institution, cast(0 as bigint) as named,
                 cast(0 as bigint) as attended,
                 count(distinct coalesce(w.name_key, w.name)) as walked_in
             from ",
            $from,
            " cross join sittings t cross join walk_ins w where ",
            $of,
            " and t.session = x.session and w.sitting = t.id and w.removed_at is null
             group by t.session, w.institution_code"
        )
    };
}

/// Every institution's part of each session that begins between `$1` and `$2`; where `$3` is a login, of that
/// organiser's alliances. `cross join` has SQLite begin with the sessions.
macro_rules! season {
    ($what:literal, $and:literal) => {
        concat!(
            "with season as (
                 select d.session from sittings d join sessions s on s.code = d.session
                 where d.number = 1 and d.starts_at >= $1 and d.starts_at < $2
                   and (s.alliance in
                        (select y.alliance from staff_alliances y where y.login = $3) or $3 is null)
             ), cells as (
                 select c.session, c.institution, c.named, c.attended, c.walked_in
                 from season x cross join turnout_counts c
                 where c.session = x.session and not exists (select 1 from turnout_uncounted u where u.session = x.session)
                 union all ",
            seated!("season x cross join turnout_uncounted u", "u.session = x.session"),
            " union all ",
            walked_in!("season x cross join turnout_uncounted u", "u.session = x.session"),
            ") select ",
            $what,
            " from cells n",
            $and
        )
    };
}

statements! {
    CELLS: CountRow =
        season!("n.session, n.institution, n.named, n.attended, n.walked_in", "");

    KINDS: (Option<String>, i64) =
        season!(
            "i.kind, cast(sum(n.named) as bigint)",
            " left join institutions i on i.code = n.institution where n.named > 0 group by i.kind"
        );

    UNCOUNTED: (String, i64) = "select session, changes from turnout_uncounted order by session limit $1";

    FORGET = "delete from turnout_counts where session = $1";

    COUNT = concat!(
        "insert into turnout_counts (session, institution, named, attended, walked_in)
         select n.session, n.institution, sum(n.named), sum(n.attended), sum(n.walked_in) from (",
        seated!("(select code as session from sessions where code = $1) x", "x.session = $1"),
        " union all ",
        walked_in!("(select code as session from sessions where code = $1) x", "x.session = $1"),
        ") n group by n.session, n.institution"
    );

    COUNTED = "delete from turnout_uncounted where session = $1 and changes = $2";

    /// For `doctor`: a session that is said to be counted and whose numbers are others.
    WRONG: String = concat!(
        "select n.session || ': ' || coalesce(n.institution, 'no institution') from (
             select session, institution, named, attended, walked_in from turnout_counts
             union all
             select m.session, m.institution, -m.named, -m.attended, -m.walked_in from (",
        seated!("(select code as session from sessions) x", "x.session is not null"),
        " union all ",
        walked_in!("(select code as session from sessions) x", "x.session is not null"),
        ") m) n where n.session not in (select u.session from turnout_uncounted u)
         group by n.session, n.institution
         having sum(n.named) <> 0 or sum(n.attended) <> 0 or sum(n.walked_in) <> 0"
    ), reads_all: "a rule is about every row there is";
}

impl CountRow {
    /// The session, the institution, and how many were named, of those came, and walked in.
    pub(super) fn parts(self) -> (String, Option<String>, [i64; 3]) {
        (self.session, self.institution, [self.named, self.attended, self.walked_in])
    }
}

/// Every institution's part of each session that begins between two moments; with `within`, of that organiser's
/// alliances.
pub(super) async fn cells(
    conn: &mut Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    within: Option<&StaffLogin>,
) -> Result<Vec<CountRow>, StoreError> {
    CELLS.all(conn, (from, until, within.map(StaffLogin::as_str))).await
}

/// How many people have a place on those sessions, by the kind of their institution.
pub(super) async fn kinds(
    conn: &mut Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    within: Option<&StaffLogin>,
) -> Result<Vec<(Option<String>, i64)>, StoreError> {
    KINDS.all(conn, (from, until, within.map(StaffLogin::as_str))).await
}

/// Some of the sessions that changed since they were counted, each with the number of its changes.
pub async fn uncounted(conn: &mut Conn, limit: i64) -> Result<Vec<(SessionCode, i64)>, StoreError> {
    let rows = UNCOUNTED.all(conn, [limit]).await?;
    let read = |(code, changes): (String, i64)| {
        Ok((parse("turnout_uncounted", "session", &code, &code)?, changes))
    };
    rows.into_iter().map(read).collect()
}

/// Counts a session anew; whether nothing changed since `changes` were read. If something did, whoever calls rolls
/// back, and the session stays uncounted.
pub async fn count(tx: &mut Tx, session: &SessionCode, changes: i64) -> Result<bool, StoreError> {
    FORGET.run(tx, [session.as_str()]).await?;
    COUNT.run(tx, [session.as_str()]).await?;
    Ok(COUNTED.run(tx, (session.as_str(), changes)).await? == 1)
}

/// What is counted and is not what the rows say.
pub(super) async fn wrong(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    WRONG.values(conn, ()).await
}
