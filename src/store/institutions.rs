//! Institutions.

use chrono::{DateTime, Utc};

use super::{Conn, Found, StoreError, Tx, Window, codec::parse, window::wanted};
use crate::domain::{
    finding::{search_key, sort_key},
    id::{AllianceSlug, InstitutionCode, StaffLogin},
    institution::{Institution, InstitutionKind},
};

row! {
    struct InstitutionRow {
        code: String,
        name: String,
        kind: String,
        alliance: String,
        membership: String,
        archived_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct InstitutionColumns<'a> {
        code: &'a str,
        name: &'a str,
        kind: &'a str,
        alliance: &'a str,
        membership: &'a str,
        archived_at: Option<DateTime<Utc>>,
        search_key: String,
        sort_key: Vec<u8>,
    }
}

/// What narrows the list, written once for it and for its length.
macro_rules! of_words {
    ($database:ident, $what:literal, $order:literal) => {
        concat!(
            "select ",
            $what,
            " from institutions i where i.merged_into is null and ",
            finds!($database, "$1" in "i.search_key"),
            " and (i.alliance in
                   (select a.alliance from staff_alliances a where a.login = $2) or $2 is null)",
            $order
        )
    };
}

/// What whoever books can choose from, written once for the list and for its length.
macro_rules! open_to_choice {
    ($database:ident, $what:literal, $order:literal) => {
        concat!(
            "select ",
            $what,
            " from institutions i where i.archived_at is null and ",
            finds!($database, "$1" in "i.search_key"),
            $order
        )
    };
}

statements! {
    OPEN_TO_CHOICE: InstitutionRow = {
        sqlite: open_to_choice!(sqlite, "*", " order by i.sort_key, i.code limit $2"),
        postgres: open_to_choice!(postgres, "*", " order by i.sort_key, i.code limit $2"),
    }, reads_all: "words are found anywhere in a name; there are some thousands";

    COUNT_OPEN_TO_CHOICE: i64 = {
        sqlite: open_to_choice!(sqlite, "count(*)", ""),
        postgres: open_to_choice!(postgres, "count(*)", ""),
    }, reads_all: "words are found anywhere in a name; there are some thousands";

    OF_ALLIANCE: InstitutionRow =
        "select * from institutions where alliance = $1 and archived_at is null
         order by sort_key, code limit $2";

    KINDS: (String, i64) =
        "select kind, count(*) from institutions where alliance = $1 and archived_at is null
         group by kind order by count(*) desc, kind";

    ALL: InstitutionRow =
        "select * from institutions where archived_at is null order by sort_key, code",
        reads_all: "whoever chooses one chooses from all";

    FIND: InstitutionRow =
        "select k.* from institutions i
         join institutions k on k.code = coalesce(i.merged_into, i.code) where i.code = $1";

    OPEN_TO_BOOKINGS: InstitutionRow =
        "select * from institutions where code = $1 and archived_at is null";

    ARCHIVED_AT: Option<DateTime<Utc>> = "select archived_at from institutions where code = $1";

    INSERT(InstitutionColumns) = "insert into institutions (:columns) values (:values)
         on conflict (code) do nothing";

    SEARCH: InstitutionRow = {
        sqlite: of_words!(
            sqlite,
            "*",
            " order by i.archived_at is not null, i.sort_key, i.code limit $3 offset $4"
        ),
        postgres: of_words!(
            postgres,
            "*",
            " order by i.archived_at is not null, i.sort_key, i.code limit $3 offset $4"
        ),
    }, reads_all: "words are found anywhere in a name; there are some thousands";

    COUNT_FOUND: i64 = {
        sqlite: of_words!(sqlite, "count(*)", ""),
        postgres: of_words!(postgres, "count(*)", ""),
    }, reads_all: "words are found anywhere in a name; there are some thousands";

    COUNT: i64 = "select count(*) from institutions",
        reads_all: "counts them; there are some thousands";

    LOCK = "update institutions set version = version + 1 where code = $1";

    REMOVE =
        "delete from institutions where code = $1
           and not exists (select 1 from registrations r where r.institution = $1)
           and not exists (select 1 from people h where h.institution = $1)
           and not exists (select 1 from pledges p where p.institution = $1)
           and not exists (select 1 from walk_ins w where w.institution_code = $1)
           and not exists (select 1 from office_notes n where n.institution = $1)
           and not exists (select 1 from personal_invitations v where v.institution = $1)
           and not exists (select 1 from nominations o where o.institution = $1)
           and not exists (select 1 from institutions i where i.merged_into = $1)";

    UPDATE(InstitutionColumns) =
        "update institutions set name = :name, kind = :kind, alliance = :alliance,
             membership = :membership, archived_at = :archived_at, search_key = :search_key,
             sort_key = :sort_key where code = :code";
}

impl InstitutionRow {
    fn read(self) -> Result<Institution, StoreError> {
        Ok(Institution {
            code: parse("institutions", "code", &self.code, &self.code)?,
            kind: parse("institutions", "kind", &self.code, &self.kind)?,
            alliance: parse("institutions", "alliance", &self.code, &self.alliance)?,
            membership: parse("institutions", "membership", &self.code, &self.membership)?,
            name: self.name,
        })
    }
}

/// All institutions that are not archived, by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<Institution>, StoreError> {
    let rows = ALL.all(conn, ()).await?;
    rows.into_iter().map(InstitutionRow::read).collect()
}

/// An institution that bookings may name: one that is not archived.
pub async fn open_to_bookings(
    conn: &mut Conn,
    code: &str,
) -> Result<Option<Institution>, StoreError> {
    OPEN_TO_BOOKINGS.optional(conn, [code]).await?.map(InstitutionRow::read).transpose()
}

/// One institution; a merged one is the one it became part of.
pub async fn find(
    conn: &mut Conn,
    code: &InstitutionCode,
) -> Result<Option<Institution>, StoreError> {
    FIND.optional(conn, [code.as_str()]).await?.map(InstitutionRow::read).transpose()
}

/// One institution, not to be changed by anybody else until the transaction ends.
pub async fn lock(tx: &mut Tx, code: &InstitutionCode) -> Result<Option<Institution>, StoreError> {
    LOCK.run(tx, [code.as_str()]).await?;
    find(tx, code).await
}

/// Since when an institution is archived.
pub async fn archived_at(
    conn: &mut Conn,
    code: &InstitutionCode,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let found = ARCHIVED_AT.values(conn, [code.as_str()]).await?;
    Ok(found.into_iter().flatten().next())
}

/// Adds an institution, or leaves the one with its code as it is; `true` if it was new.
pub async fn insert(tx: &mut Tx, institution: &Institution) -> Result<bool, StoreError> {
    Ok(INSERT.run(tx, InstitutionColumns::of(institution, None)).await? == 1)
}

/// Institutions whose name or code has all `words`, by name, each with whether it is archived; with
/// `within`, of that organiser's alliances.
pub async fn search(
    conn: &mut Conn,
    words: &str,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Found<(Institution, bool)>, StoreError> {
    let (wanted, login) = (wanted(words)?, within.map(StaffLogin::as_str));
    let rows = SEARCH.all(conn, (&wanted, login, window.limit, window.offset)).await?;
    let total = COUNT_FOUND.value(conn, (&wanted, login)).await?;
    let read = |row: InstitutionRow| {
        let is_archived = row.archived_at.is_some();
        Ok((row.read()?, is_archived))
    };
    let items = rows.into_iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(Found { items, total })
}

/// Those that bookings may name, whose name or code has all `words`: the first of them, and how many there are.
pub async fn open_to_choice(
    conn: &mut Conn,
    words: &str,
    limit: i64,
) -> Result<Found<Institution>, StoreError> {
    let wanted = wanted(words)?;
    let rows = OPEN_TO_CHOICE.all(conn, (&wanted, limit)).await?;
    let total = COUNT_OPEN_TO_CHOICE.value(conn, [&wanted]).await?;
    let items = rows.into_iter().map(InstitutionRow::read).collect::<Result<_, StoreError>>()?;
    Ok(Found { items, total })
}

/// How many institutions of each kind belong to an alliance, most first.
pub async fn kinds(
    conn: &mut Conn,
    alliance: &AllianceSlug,
) -> Result<Vec<(InstitutionKind, u32)>, StoreError> {
    let rows = KINDS.all(conn, [alliance.as_str()]).await?;
    rows.into_iter()
        .map(|(kind, many)| {
            let kind = parse("institutions", "kind", alliance, &kind)?;
            Ok((kind, u32::try_from(many).unwrap_or(u32::MAX)))
        })
        .collect()
}

/// The first institutions of an alliance that bookings may name, by name.
pub async fn of_alliance(
    conn: &mut Conn,
    alliance: &AllianceSlug,
    limit: i64,
) -> Result<Vec<Institution>, StoreError> {
    let rows = OF_ALLIANCE.all(conn, (alliance.as_str(), limit)).await?;
    rows.into_iter().map(InstitutionRow::read).collect()
}

/// How many institutions there are, archived ones too.
pub async fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    COUNT.value(conn, ()).await
}

/// Takes an institution off the list on which nothing hangs; `false` where something does.
pub async fn remove(tx: &mut Tx, code: &InstitutionCode) -> Result<bool, StoreError> {
    Ok(REMOVE.run(tx, [code.as_str()]).await? == 1)
}

/// Writes an institution anew, and whether and since when it is archived.
pub async fn update(
    tx: &mut Tx,
    institution: &Institution,
    archived_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    UPDATE.run(tx, InstitutionColumns::of(institution, archived_at)).await?;
    Ok(())
}

impl<'a> InstitutionColumns<'a> {
    fn of(institution: &'a Institution, archived_at: Option<DateTime<Utc>>) -> Self {
        Self {
            code: institution.code.as_str(),
            name: institution.name.as_str(),
            kind: institution.kind.as_str(),
            alliance: institution.alliance.as_str(),
            membership: institution.membership.as_str(),
            archived_at,
            search_key: search_key([institution.name.as_str(), institution.code.as_str()]),
            sort_key: sort_key(&institution.name),
        }
    }
}
