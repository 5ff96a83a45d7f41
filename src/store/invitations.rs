//! What calendars were told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    rows,
};
use crate::domain::{
    contact::EmailAddress,
    id::{InvitationId, PlaceId, RegistrationId, SessionCode, SittingId},
    invitation::{EventMark, Invitation},
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
        organizer: Option<String>,
        rendered: Option<String>,
        occasion: Option<String>,
        asked: i32,
        answer: Option<String>,
        counted: i32,
    }
}

row! {
    /// An invitation with the booking it belongs to.
    struct OfBooking {
        #[flatten]
        invitation: InvitationRow,
        registration: Uuid,
    }
}

/// How often feeds counted the day of an invitation.
macro_rules! of_feeds {
    () => {
        "coalesce((select t.sequence from sittings t where t.id = invitations.sitting),
            (select d.sequence from removed_days d where d.id = invitations.sitting),
            invitations.seen_sequence)"
    };
}

/// A message that tells what feeds have counted already is not counted once more.
macro_rules! counted {
    () => {
        concat!(
            "counted = invitations.counted
                + case when ",
            of_feeds!(),
            " > invitations.seen_sequence then 1 else 0 end,
             seen_sequence = ",
            of_feeds!(),
            ","
        )
    };
}

statements! {
    ALL_OF: InvitationRow = "select * from invitations where place = $1 order by stamp, uid";

    BY_UID: InvitationRow = "select * from invitations where uid = $1";

    LIVE_OF_REGISTRATIONS: OfBooking = {
        sqlite: "select i.*, p.registration from invitations i join places p on p.id = i.place
            where p.registration in (select unhex(value) from json_each($1)) and not i.withdrawn
            order by i.stamp, i.uid",
        postgres: "select i.*, p.registration from invitations i join places p on p.id = i.place
            where p.registration = any(array(select json_array_elements_text($1::json)::uuid))
              and not i.withdrawn
            order by i.stamp, i.uid",
    };

    LIVE_OF_SESSION: OfBooking =
        "select i.*, p.registration from invitations i join places p on p.id = i.place
         where p.session = $1 and not i.withdrawn order by i.stamp, i.uid";

    KEEP_ORGANIZER = "update invitations set organizer = $1 where organizer is null";

    INSERT = {
        sqlite: "insert into invitations (id, place, sitting, uid, address, name, sequence,
                stamp, withdrawn, organizer, rendered, occasion, asked, seen_sequence)
            select unhex(value ->> 'id'), unhex(value ->> 'place'), unhex(value ->> 'sitting'),
                value ->> 'uid', value ->> 'address', value ->> 'name', value ->> 'sequence',
                value ->> 'stamp', value ->> 'withdrawn', value ->> 'organizer',
                value ->> 'rendered', value ->> 'occasion', value ->> 'asked',
                coalesce((select t.sequence from sittings t
                          where t.id = unhex(value ->> 'sitting')), 0)
            from json_each($1)",
        postgres: "insert into invitations (id, place, sitting, uid, address, name, sequence,
                stamp, withdrawn, organizer, rendered, occasion, asked, seen_sequence)
            select id, place, sitting, uid, address, name, sequence, stamp, withdrawn, organizer,
                rendered, occasion, asked,
                coalesce((select t.sequence from sittings t where t.id = sitting), 0)
            from json_to_recordset($1::json) as new(id uuid, place uuid, sitting uuid, uid text,
                address text, name text, sequence integer, stamp timestamptz, withdrawn boolean,
                organizer text, rendered text, occasion text, asked integer)",
    };

    /// What was answered is forgotten where the question is a new one.
    UPDATE = {
        sqlite: concat!("update invitations set ", counted!(), "
                name = n.name, sequence = n.sequence, stamp = n.stamp, withdrawn = n.withdrawn, organizer = n.organizer, rendered = n.rendered,
                occasion = n.occasion, asked = n.asked,
                answer = case when n.asked = invitations.asked then invitations.answer end
            from (select unhex(value ->> 'id') as id, value ->> 'name' as name,
                    value ->> 'sequence' as sequence, value ->> 'stamp' as stamp,
                    value ->> 'withdrawn' as withdrawn, value ->> 'organizer' as organizer,
                    value ->> 'rendered' as rendered, value ->> 'occasion' as occasion,
                    value ->> 'asked' as asked
                  from json_each($1)) n
            where invitations.id = n.id"),
        postgres: concat!("update invitations set ", counted!(), "
                name = n.name, sequence = n.sequence, stamp = n.stamp, withdrawn = n.withdrawn, organizer = n.organizer, rendered = n.rendered,
                occasion = n.occasion, asked = n.asked,
                answer = case when n.asked = invitations.asked then invitations.answer end
            from json_to_recordset($1::json) as n(id uuid, name text, sequence integer,
                stamp timestamptz, withdrawn boolean, organizer text, rendered text,
                occasion text, asked integer)
            where invitations.id = n.id"),
    };
}

impl InvitationRow {
    fn read(self) -> Result<Invitation, StoreError> {
        Ok(Invitation {
            id: InvitationId::new(self.id),
            place: PlaceId::new(self.place),
            sitting: SittingId::new(self.sitting),
            uid: self.uid,
            address: EmailAddress::stored(&self.address),
            name: Name::stored(&self.name),
            sequence: count(self.sequence),
            stamp: self.stamp,
            withdrawn: self.withdrawn,
            organizer: self.organizer.as_deref().map(EmailAddress::stored),
            mark: self
                .rendered
                .zip(self.occasion)
                .map(|(rendered, occasion)| EventMark { rendered, occasion }),
            asked: count(self.asked),
            answer: self.answer.map(|word| parse(TABLE, "answer", &self.id, &word)).transpose()?,
            counted: count(self.counted),
        })
    }
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

/// An invitation with the columns of its row.
#[derive(Serialize)]
struct InvitationColumns<'a> {
    id: String,
    place: String,
    sitting: String,
    uid: &'a str,
    address: &'a str,
    name: &'a str,
    sequence: i32,
    stamp: String,
    withdrawn: bool,
    organizer: Option<&'a str>,
    rendered: Option<&'a str>,
    occasion: Option<&'a str>,
    asked: i32,
}

impl<'a> InvitationColumns<'a> {
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
            organizer: invitation.organizer.as_ref().map(EmailAddress::as_str),
            rendered: invitation.mark.as_ref().map(|mark| mark.rendered.as_str()),
            occasion: invitation.mark.as_ref().map(|mark| mark.occasion.as_str()),
            asked: column(invitation.asked),
        }
    }
}

/// Adds invitations.
pub async fn insert_all(tx: &mut Tx, invitations: &[Invitation]) -> Result<(), StoreError> {
    if invitations.is_empty() {
        return Ok(());
    }
    let new = rows::json(&invitations.iter().map(InvitationColumns::of).collect::<Vec<_>>())?;
    INSERT.later(tx, [new]).await
}

/// Writes what the last messages told: their sequence, their stamp, what they said, and whether they
/// withdrew.
pub async fn update_all(tx: &mut Tx, invitations: &[Invitation]) -> Result<(), StoreError> {
    if invitations.is_empty() {
        return Ok(());
    }
    let told = rows::json(&invitations.iter().map(InvitationColumns::of).collect::<Vec<_>>())?;
    UPDATE.run(tx, [told]).await?;
    Ok(())
}

/// The invitations that calendars still hold, by booking.
pub type ByBooking = HashMap<RegistrationId, Vec<Invitation>>;

/// What calendars still hold of some bookings.
pub async fn live_of_registrations(
    conn: &mut Conn,
    registrations: &[RegistrationId],
) -> Result<ByBooking, StoreError> {
    let ids: Vec<_> = registrations.iter().map(|id| rows::key(id.uuid())).collect();
    by_booking(LIVE_OF_REGISTRATIONS.all(conn, [rows::json(&ids)?]).await?)
}

/// What calendars still hold of a session.
pub async fn live_of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<ByBooking, StoreError> {
    by_booking(LIVE_OF_SESSION.all(conn, [session.as_str()]).await?)
}

fn by_booking(rows: Vec<OfBooking>) -> Result<ByBooking, StoreError> {
    let mut found = ByBooking::new();
    for row in rows {
        let booking = RegistrationId::new(row.registration);
        found.entry(booking).or_default().push(row.invitation.read()?);
    }
    Ok(found)
}

/// Says who invited of the invitations from before that was kept; how many.
pub async fn keep_organizer(tx: &mut Tx, organizer: &EmailAddress) -> Result<u64, StoreError> {
    KEEP_ORGANIZER.run(tx, [organizer.as_str()]).await
}
