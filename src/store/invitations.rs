//! What calendars were told.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    rows,
};
use crate::domain::{
    id::{InvitationId, PlaceId, SittingId},
    invitation::Invitation,
    text::Name,
};

const TABLE: &str = "invitations";

row! {
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
}

statements! {
    LIVE_OF: InvitationRow =
        "select i.* from invitations i join sittings t on t.id = i.sitting
         where i.place = $1 and not i.withdrawn order by t.number";

    ALL_OF: InvitationRow = "select * from invitations where place = $1 order by stamp, uid";

    BY_UID: InvitationRow = "select * from invitations where uid = $1";

    INSERT = {
        sqlite: "insert into invitations (id, place, sitting, uid, address, name, sequence,
                stamp, withdrawn)
            select unhex(value ->> 'id'), unhex(value ->> 'place'), unhex(value ->> 'sitting'),
                value ->> 'uid', value ->> 'address', value ->> 'name', value ->> 'sequence',
                value ->> 'stamp', value ->> 'withdrawn'
            from json_each($1)",
        postgres: "insert into invitations (id, place, sitting, uid, address, name, sequence,
                stamp, withdrawn)
            select id, place, sitting, uid, address, name, sequence, stamp, withdrawn
            from json_to_recordset($1::json) as new(id uuid, place uuid, sitting uuid, uid text,
                address text, name text, sequence integer, stamp timestamptz, withdrawn boolean)",
    };

    UPDATE =
        "update invitations set sequence = $2, stamp = $3, withdrawn = $4,
             answer = case when sequence = $2 then answer end
         where id = $1";

    /// What was answered stands, as the answer to this message.
    RENAME =
        "update invitations set name = $2, sequence = $3, stamp = $4,
             answered_sequence = case when answer is not null then cast($3 as integer) end
         where id = $1";
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
pub async fn live_of(conn: &mut Conn, place: PlaceId) -> Result<Vec<Invitation>, StoreError> {
    let rows = LIVE_OF.all(conn, [place.uuid()]).await?;
    // SQLite keeps the flag as an integer, which `not` reads as well.
    rows.into_iter().map(InvitationRow::read).collect()
}

/// Every invitation there ever was for a place.
pub async fn all_of(conn: &mut Conn, place: PlaceId) -> Result<Vec<Invitation>, StoreError> {
    let rows = ALL_OF.all(conn, [place.uuid()]).await?;
    rows.into_iter().map(InvitationRow::read).collect()
}

/// The invitation with this UID.
pub async fn by_uid(conn: &mut Conn, uid: &str) -> Result<Option<Invitation>, StoreError> {
    let row = BY_UID.optional(conn, [uid]).await?;
    row.map(InvitationRow::read).transpose()
}

/// An invitation to be added, with the columns of its row.
#[derive(Serialize)]
struct NewInvitation<'a> {
    id: String,
    place: String,
    sitting: String,
    uid: &'a str,
    address: &'a str,
    name: &'a str,
    sequence: i32,
    stamp: String,
    withdrawn: bool,
}

impl<'a> NewInvitation<'a> {
    fn of(invitation: &'a Invitation) -> Self {
        Self {
            id: rows::key(invitation.id.uuid()),
            place: rows::key(invitation.place.uuid()),
            sitting: rows::key(invitation.sitting.uuid()),
            uid: invitation.uid.as_str(),
            address: invitation.address.as_str(),
            name: invitation.name.as_str(),
            sequence: column(invitation.sequence),
            stamp: rows::moment(invitation.stamp),
            withdrawn: invitation.withdrawn,
        }
    }
}

/// Adds invitations.
pub async fn insert_all(tx: &mut Tx, invitations: &[Invitation]) -> Result<(), StoreError> {
    if invitations.is_empty() {
        return Ok(());
    }
    let new = rows::json(&invitations.iter().map(NewInvitation::of).collect::<Vec<_>>())?;
    INSERT.run(tx, [new]).await?;
    Ok(())
}

/// Writes the name, sequence and stamp of a message that tells of a better spelling.
pub async fn rename(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    let (id, name) = (invitation.id.uuid(), invitation.name.as_str());
    RENAME.run(tx, (id, name, column(invitation.sequence), invitation.stamp)).await?;
    Ok(())
}

/// Writes what the last message told: its sequence, its stamp, and whether it withdrew. A new
/// sequence asks anew, so what was answered to the one before is forgotten.
pub async fn update(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    let (id, sequence) = (invitation.id.uuid(), column(invitation.sequence));
    UPDATE.run(tx, (id, sequence, invitation.stamp, invitation.withdrawn)).await?;
    Ok(())
}
