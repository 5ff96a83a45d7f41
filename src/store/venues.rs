//! Venues, and which sessions are held at which.

use chrono::{DateTime, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    finding::sort_key,
    id::{AllianceSlug, SessionCode, SittingId, VenueId},
    page_words::SessionWords,
    sitting::DayPlace,
    text::Name,
    venue::{Venue, VenueContact},
};

row! {
    struct VenueRow {
        id: String,
        name: String,
        address: String,
        alliance: Option<String>,
        access_notes: Option<String>,
        directions: Option<String>,
        capacity: Option<i32>,
        contact_name: Option<String>,
        contact_phone: Option<String>,
        contact_email: Option<String>,
        cost: Option<String>,
        hire_notes: Option<String>,
        archived_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct VenueColumns<'a> {
        id: &'a str,
        name: &'a str,
        address: &'a str,
        alliance: Option<&'a str>,
        access_notes: Option<&'a str>,
        directions: Option<&'a str>,
        capacity: Option<i32>,
        contact_name: Option<&'a str>,
        contact_phone: Option<&'a str>,
        contact_email: Option<&'a str>,
        cost: Option<&'a str>,
        hire_notes: Option<&'a str>,
        archived_at: Option<DateTime<Utc>>,
    }
}

statements! {
    ALL: VenueRow = "select * from venues order by id";

    FIND: VenueRow = "select * from venues where id = $1";

    COUNT: i64 = "select count(*) from venues";

    INSERT(VenueColumns) = "insert into venues (:columns) values (:values)
         on conflict (id) do nothing";

    LOCK = "update venues set version = version + 1 where id = $1";

    UPDATE(VenueColumns) =
        "update venues set name = :name, address = :address, alliance = :alliance,
             access_notes = :access_notes, directions = :directions, capacity = :capacity,
             contact_name = :contact_name, contact_phone = :contact_phone,
             contact_email = :contact_email, cost = :cost, hire_notes = :hire_notes,
             archived_at = :archived_at where id = :id";

    SET_DAY_PLACE =
        "update sittings set place_name = $2, place_address = $3, place_venue_id = $4 where id = $1";

    POINT =
        "update sessions set venue_id = $2, directions = $3, access_words = $4 where code = $1";
}

impl VenueRow {
    fn read(self) -> Result<(Venue, Option<DateTime<Utc>>), StoreError> {
        let alliance = self.alliance.map(|slug| parse("venues", "alliance", &self.id, &slug));
        let venue = Venue {
            id: parse("venues", "id", &self.id, &self.id)?,
            name: self.name,
            address: self.address,
            alliance: alliance.transpose()?,
            access_notes: self.access_notes,
            directions: self.directions,
            capacity: self.capacity.map(count),
            contact: VenueContact {
                name: self.contact_name.map(|name| Name::stored(&name)),
                phone: self.contact_phone.map(|phone| PhoneNumber::stored(&phone)),
                email: self.contact_email.map(|email| EmailAddress::stored(&email)),
            },
            cost: self.cost,
            hire_notes: self.hire_notes,
        };
        Ok((venue, self.archived_at))
    }
}

/// All venues by name, each with since when it is archived: there are some hundreds.
pub async fn all(conn: &mut Conn) -> Result<Vec<(Venue, Option<DateTime<Utc>>)>, StoreError> {
    let rows = ALL.all(conn, ()).await?;
    let venues = rows.into_iter().map(VenueRow::read);
    let mut venues = venues.collect::<Result<Vec<_>, _>>()?;
    venues.sort_by_cached_key(|(venue, _)| sort_key(&venue.name));
    Ok(venues)
}

/// One venue, and since when it is archived.
pub async fn find(
    conn: &mut Conn,
    id: &VenueId,
) -> Result<Option<(Venue, Option<DateTime<Utc>>)>, StoreError> {
    FIND.optional(conn, [id.as_str()]).await?.map(VenueRow::read).transpose()
}

/// One venue, not to be changed by anybody else until the transaction ends.
pub async fn lock(
    tx: &mut Tx,
    id: &VenueId,
) -> Result<Option<(Venue, Option<DateTime<Utc>>)>, StoreError> {
    LOCK.run(tx, [id.as_str()]).await?;
    find(tx, id).await
}

/// How many venues there are, archived ones too.
pub async fn count_all(conn: &mut Conn) -> Result<i64, StoreError> {
    COUNT.value(conn, ()).await
}

/// Adds a venue, or leaves the one with its number as it is; `true` if it was new.
pub async fn insert(tx: &mut Tx, venue: &Venue) -> Result<bool, StoreError> {
    Ok(INSERT.run(tx, VenueColumns::of(venue, None)).await? == 1)
}

/// Writes a venue anew, and whether and since when it is archived.
pub async fn update(
    tx: &mut Tx,
    venue: &Venue,
    archived_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    UPDATE.run(tx, VenueColumns::of(venue, archived_at)).await?;
    Ok(())
}

/// Says at which venue of the list a session is held, with the words of its page that hang on it.
pub async fn point(
    tx: &mut Tx,
    session: &SessionCode,
    venue: Option<&VenueId>,
    words: &SessionWords,
) -> Result<(), StoreError> {
    let (directions, access) = (words.directions.as_deref(), words.access_words.as_deref());
    let venue = venue.map(VenueId::as_str);
    POINT.run(tx, (session.as_str(), venue, directions, access)).await?;
    Ok(())
}

/// Says where a day is held, if not where its session is.
pub async fn set_day_place(
    tx: &mut Tx,
    day: SittingId,
    place: Option<&DayPlace>,
) -> Result<(), StoreError> {
    let venue = place.and_then(|place| place.venue.as_ref().map(VenueId::as_str));
    let (name, address) =
        (place.map(|one| one.name.as_str()), place.map(|one| one.address.as_str()));
    SET_DAY_PLACE.run(tx, (day.uuid(), name, address, venue)).await?;
    Ok(())
}

impl<'a> VenueColumns<'a> {
    fn of(venue: &'a Venue, archived_at: Option<DateTime<Utc>>) -> Self {
        let contact = &venue.contact;
        Self {
            id: venue.id.as_str(),
            name: &venue.name,
            address: &venue.address,
            alliance: venue.alliance.as_ref().map(AllianceSlug::as_str),
            access_notes: venue.access_notes.as_deref(),
            directions: venue.directions.as_deref(),
            capacity: venue.capacity.map(column),
            contact_name: contact.name.as_ref().map(Name::as_str),
            contact_phone: contact.phone.as_ref().map(PhoneNumber::as_str),
            contact_email: contact.email.as_ref().map(EmailAddress::as_str),
            cost: venue.cost.as_deref(),
            hire_notes: venue.hire_notes.as_deref(),
            archived_at,
        }
    }
}
