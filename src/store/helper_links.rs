//! Links for helpers at a door, by the hash of their token.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::{
    domain::{
        helper_link::HelperLink,
        id::{HelperLinkId, SessionCode, SittingId, StaffLogin},
    },
    token::TokenHash,
};

const TABLE: &str = "helper_links";

row! {
    struct HelperLinkRow {
        id: Uuid,
        session: String,
        sitting: Uuid,
        walk_ins: bool,
        made_by: String,
        made_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
    }
}

statements! {
    INSERT =
        "insert into helper_links (id, token_hash, sitting, walk_ins, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6)";

    FIND: HelperLinkRow =
        "select h.id, t.session, h.sitting, h.walk_ins, h.made_by, h.made_at, h.ended_at
         from helper_links h join sittings t on t.id = h.sitting where h.token_hash = $1";

    OF_SESSION: HelperLinkRow =
        "select h.id, t.session, h.sitting, h.walk_ins, h.made_by, h.made_at, h.ended_at
         from sittings t join helper_links h on h.sitting = t.id
         where t.session = $1 order by t.number, h.made_at, h.id";

    END =
        "update helper_links set ended_at = $2, ended_by = $3
         where id = $1 and ended_at is null";

    SWEEP =
        "delete from helper_links where sitting in
             (select t.id from helper_links h join sittings t on t.id = h.sitting where t.ends_at <= $1)";
}

impl HelperLinkRow {
    fn read(self) -> Result<HelperLink, StoreError> {
        let id = self.id;
        Ok(HelperLink {
            id: HelperLinkId::new(id),
            session: parse(TABLE, "session", &id, &self.session)?,
            sitting: SittingId::new(self.sitting),
            walk_ins: self.walk_ins,
            made_by: parse(TABLE, "made_by", &id, &self.made_by)?,
            made_at: self.made_at,
            ended_at: self.ended_at,
        })
    }
}

/// Adds a link.
pub async fn insert(tx: &mut Tx, link: &HelperLink, hash: TokenHash) -> Result<(), StoreError> {
    let (id, sitting) = (link.id.uuid(), link.sitting.uuid());
    let (walk_ins, made_by) = (link.walk_ins, link.made_by.as_str());
    INSERT.run(tx, (id, &hash.0[..], sitting, walk_ins, made_by, link.made_at)).await?;
    Ok(())
}

/// The link of a token, whether it still opens anything or not.
pub async fn find(conn: &mut Conn, hash: TokenHash) -> Result<Option<HelperLink>, StoreError> {
    FIND.optional(conn, [&hash.0[..]]).await?.map(HelperLinkRow::read).transpose()
}

/// The links of a session's sittings, day by day.
pub async fn of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<HelperLink>, StoreError> {
    let rows = OF_SESSION.all(conn, [code.as_str()]).await?;
    rows.into_iter().map(HelperLinkRow::read).collect()
}

/// Ends a link; whether it had not ended before.
pub async fn end(
    tx: &mut Tx,
    id: HelperLinkId,
    by: &StaffLogin,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(END.run(tx, (id.uuid(), now, by.as_str())).await? == 1)
}

/// Forgets the links of sittings that were over before.
pub async fn sweep(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    SWEEP.run(tx, [before]).await
}
