//! What calendars were told.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    id::{InvitationId, PlaceId, SittingId},
    invitation::Invitation,
    text::Name,
};

const TABLE: &str = "invitations";

#[derive(FromRow)]
struct InvitationRow {
    id: Uuid,
    place: Uuid,
    sitting: Uuid,
    uid: String,
    address: String,
    name: String,
    sequence: i32,
    stamp: DateTime<Utc>,
    withdrawn: bool,
}

impl InvitationRow {
    fn read(self) -> Result<Invitation, StoreError> {
        Ok(Invitation {
            id: InvitationId::new(self.id),
            place: PlaceId::new(self.place),
            sitting: SittingId::new(self.sitting),
            uid: self.uid,
            address: parse(TABLE, "address", &self.id, &self.address)?,
            name: Name::parse(&self.name).map_err(|_| StoreError::Corrupt {
                table: TABLE,
                column: "name",
                row: self.id.to_string(),
            })?,
            sequence: count(self.sequence),
            stamp: self.stamp,
            withdrawn: self.withdrawn,
        })
    }
}

/// The invitations of a place that calendars still hold.
///
/// # Errors
/// [`StoreError`].
pub async fn live_of(conn: &mut Conn, place: PlaceId) -> Result<Vec<Invitation>, StoreError> {
    let rows = run!(
        all InvitationRow, conn,
        "select i.* from invitations i join sittings t on t.id = i.sitting
         where i.place = $1 and not i.withdrawn order by t.number",
        place.uuid(),
    );
    // SQLite keeps the flag as an integer, which `not` reads as well.
    rows?.into_iter().map(InvitationRow::read).collect()
}

/// Every invitation there ever was for a place.
///
/// # Errors
/// [`StoreError`].
pub async fn all_of(conn: &mut Conn, place: PlaceId) -> Result<Vec<Invitation>, StoreError> {
    let text = "select * from invitations where place = $1 order by stamp, uid";
    let rows = run!(all InvitationRow, conn, text, place.uuid());
    rows?.into_iter().map(InvitationRow::read).collect()
}

/// The invitation with this UID.
///
/// # Errors
/// [`StoreError`].
pub async fn by_uid(conn: &mut Conn, uid: &str) -> Result<Option<Invitation>, StoreError> {
    let row = run!(opt InvitationRow, conn, "select * from invitations where uid = $1", uid)?;
    row.map(InvitationRow::read).transpose()
}

/// Adds an invitation.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "insert into invitations (id, place, sitting, uid, address, name, sequence, stamp,
             withdrawn) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        invitation.id.uuid(),
        invitation.place.uuid(),
        invitation.sitting.uuid(),
        invitation.uid.as_str(),
        invitation.address.as_str(),
        invitation.name.as_str(),
        column(invitation.sequence),
        invitation.stamp,
        invitation.withdrawn,
    )?;
    Ok(())
}

/// Writes what the last message told: its sequence, its stamp, and whether it withdrew. A new
/// sequence asks anew, so what was answered to the one before is forgotten.
///
/// # Errors
/// [`StoreError`].
pub async fn update(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update invitations set sequence = $2, stamp = $3, withdrawn = $4,
             answer = case when sequence = $2 then answer end
         where id = $1",
        invitation.id.uuid(),
        column(invitation.sequence),
        invitation.stamp,
        invitation.withdrawn,
    )?;
    Ok(())
}
