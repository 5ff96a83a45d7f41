//! Addresses that spreadsheets read, by the hash of their token.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::{
    domain::id::{AllianceSlug, StaffLogin},
    token::TokenHash,
};

row! {
    struct SheetLinkRow {
        id: Uuid,
        made_by: String,
        alliance: Option<String>,
        with_names: bool,
        created_at: DateTime<Utc>,
        last_read: Option<NaiveDate>,
    }
}

arguments! {
    struct NewSheetLink<'a> {
        id: Uuid,
        token_hash: &'a [u8],
        made_by: &'a str,
        alliance: Option<&'a str>,
        with_names: bool,
        created_at: DateTime<Utc>,
    }
}

statements! {
    INSERT(NewSheetLink) = "insert into sheet_links (:columns) values (:values)";

    FIND: SheetLinkRow =
        "select id, made_by, alliance, with_names, created_at, last_read from sheet_links l
         where l.token_hash = $1 and l.revoked_at is null
           and not exists (select 1 from staff s
                           where s.login = l.made_by and s.disabled_at is not null)";

    OF_STAFF: SheetLinkRow =
        "select id, made_by, alliance, with_names, created_at, last_read from sheet_links
         where made_by = $1 and revoked_at is null order by created_at desc, id";

    OF_ALL: SheetLinkRow =
        "select id, made_by, alliance, with_names, created_at, last_read from sheet_links
         where revoked_at is null order by created_at desc, id";

    BY_ID: SheetLinkRow =
        "select id, made_by, alliance, with_names, created_at, last_read from sheet_links
         where id = $1 and revoked_at is null";

    REVOKE = "update sheet_links set revoked_at = $2 where id = $1 and revoked_at is null";

    NOTE_READ = "update sheet_links set last_read = $2 where id = $1";

    FORGET = "delete from sheet_links where revoked_at is not null";
}

/// An address that a spreadsheet reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLink {
    /// Its row.
    pub id: Uuid,
    /// Who made it: it shows what she may see.
    pub made_by: StaffLogin,
    /// The alliance it is about; `None` for all.
    pub alliance: Option<AllianceSlug>,
    /// Whether it shows who comes.
    pub with_names: bool,
    /// Since when it is there.
    pub created_at: DateTime<Utc>,
    /// The day it was last read.
    pub last_read: Option<NaiveDate>,
}

impl SheetLinkRow {
    fn read(self) -> Result<SheetLink, StoreError> {
        let id = self.id;
        let alliance = self.alliance.map(|slug| parse("sheet_links", "alliance", &id, &slug));
        Ok(SheetLink {
            id,
            made_by: parse("sheet_links", "made_by", &id, &self.made_by)?,
            alliance: alliance.transpose()?,
            with_names: self.with_names,
            created_at: self.created_at,
            last_read: self.last_read,
        })
    }
}

/// Adds an address.
pub async fn insert(tx: &mut Tx, hash: TokenHash, link: &SheetLink) -> Result<(), StoreError> {
    let new = NewSheetLink {
        id: link.id,
        token_hash: &hash.0[..],
        made_by: link.made_by.as_str(),
        alliance: link.alliance.as_ref().map(AllianceSlug::as_str),
        with_names: link.with_names,
        created_at: link.created_at,
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// What a token opens; nothing once it was ended, or the account was closed.
pub async fn find(conn: &mut Conn, hash: TokenHash) -> Result<Option<SheetLink>, StoreError> {
    FIND.optional(conn, [&hash.0[..]]).await?.map(SheetLinkRow::read).transpose()
}

/// One that was not ended.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<SheetLink>, StoreError> {
    BY_ID.optional(conn, [id]).await?.map(SheetLinkRow::read).transpose()
}

/// Those that were not ended, the latest first; with `of`, those somebody made.
pub async fn open(conn: &mut Conn, of: Option<&StaffLogin>) -> Result<Vec<SheetLink>, StoreError> {
    let rows = match of {
        Some(login) => OF_STAFF.all(conn, [login.as_str()]).await?,
        None => OF_ALL.all(conn, ()).await?,
    };
    rows.into_iter().map(SheetLinkRow::read).collect()
}

/// Ends an address; whether it was open.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(REVOKE.run(tx, (id, now)).await? == 1)
}

/// Notes that it was read on `day`.
pub async fn note_read(tx: &mut Tx, id: Uuid, day: NaiveDate) -> Result<(), StoreError> {
    NOTE_READ.run(tx, (id, day)).await?;
    Ok(())
}

/// Forgets those that were ended.
pub async fn forget(tx: &mut Tx) -> Result<u64, StoreError> {
    FORGET.run(tx, ()).await
}
